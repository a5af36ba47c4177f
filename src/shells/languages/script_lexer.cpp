#include "shells/languages/script_lexer.hpp"

#include <charconv>
#include <string>

namespace ascribe::shells {
namespace {

/// The value of a digit of base 16, or 16.
unsigned digit_value(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    char small = static_cast<char>(c | 0x20);
    return small >= 'a' && small <= 'f' ? static_cast<unsigned>(small - 'a') + 10 : 16;
}

}  // namespace

Token& ScriptLexer::add(Kind kind, std::string_view text) {
    Token token;
    token.kind = kind;
    token.text = text;
    token.spaced = true;
    token.span = {where_.offset + static_cast<std::uint32_t>(begin_), static_cast<std::uint32_t>(at_ - begin_)};
    tokens_.push_back(token);
    return tokens_.back();
}

double ScriptLexer::take_number() {
    if (peek(0) == '0' && (peek(1) | 0x20) == 'x') {
        double value = 0;
        for (at_ += 2; digit_value(peek(0)) < 16 || (peek(0) == '_' && digit_value(peek(1)) < 16); ++at_)
            if (peek(0) != '_') value = value * 16 + digit_value(peek(0));
        return value;
    }
    std::string digits;
    auto take_digits = [&] {
        for (; is_digit(peek(0)) || (peek(0) == '_' && is_digit(peek(1))); ++at_)
            if (peek(0) != '_') digits += peek(0);
    };
    take_digits();
    if (peek(0) == '.' && is_digit(peek(1))) {
        digits += '.';
        ++at_;
        take_digits();
    }
    double value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

bool ScriptLexer::holds_list(std::string_view except) const {
    constexpr std::size_t kLongest = 4096;
    auto text = text_.substr(at_, kLongest);
    std::size_t depth = 0;
    bool commas = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '(' || text[i] == '[' || text[i] == '{') ++depth;
        if (text[i] == ')' || text[i] == ']' || text[i] == '}')
            if (depth-- == 0) return commas;
        if (depth == 0 && text.substr(i, except.size()) == except) return false;
        commas = commas || (depth == 0 && text[i] == ',');
    }
    return false;
}

}  // namespace ascribe::shells

#include "shells/languages/tokens.hpp"

#include <charconv>
#include <string>

namespace ascribe::shells {
namespace {

bool is_decimal(char c) { return c >= '0' && c <= '9'; }

/// The value of a digit of base 16, or 16.
unsigned digit_value(char c) {
    if (is_decimal(c)) return static_cast<unsigned>(c - '0');
    char small = static_cast<char>(c | 0x20);
    return small >= 'a' && small <= 'f' ? static_cast<unsigned>(small - 'a') + 10 : 16;
}

}  // namespace

double take_number(std::string_view text, std::size_t& at) {
    auto peek = [&](std::size_t ahead) { return at + ahead < text.size() ? text[at + ahead] : '\0'; };
    if (peek(0) == '0' && (peek(1) | 0x20) == 'x') {
        double value = 0;
        for (at += 2; digit_value(peek(0)) < 16 || (peek(0) == '_' && digit_value(peek(1)) < 16); ++at)
            if (peek(0) != '_') value = value * 16 + digit_value(peek(0));
        return value;
    }
    std::string digits;
    auto take_digits = [&] {
        for (; is_decimal(peek(0)) || (peek(0) == '_' && is_decimal(peek(1))); ++at)
            if (peek(0) != '_') digits += peek(0);
    };
    take_digits();
    if (peek(0) == '.' && is_decimal(peek(1))) {
        digits += '.';
        ++at;
        take_digits();
    }
    double value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

bool holds_list(std::string_view text, std::string_view except) {
    constexpr std::size_t kLongest = 4096;
    text = text.substr(0, kLongest);
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

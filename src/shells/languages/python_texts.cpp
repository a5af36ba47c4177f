// Texts of Python, and those with holes.
#include <algorithm>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "shells/languages/python_tokens.hpp"
#include "shells/page/decode.hpp"

namespace ascribe::shells {

std::size_t PythonLexer::hole_end(std::string_view value, std::size_t at) {
    std::size_t depth = 0;
    for (char quote = '\0'; at < value.size(); ++at) {
        char c = value[at];
        if (quote != '\0') {
            quote = c == quote ? '\0' : quote;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (depth == 0 && (c == '}' || c == ':' || (c == '!' && !value.substr(at + 1).starts_with('=')))) {
            break;
        } else {
            depth += c == '(' || c == '[' || c == '{';
            depth -= depth > 0 && (c == ')' || c == ']' || c == '}');
        }
    }
    return at;
}

std::string_view PythonLexer::unescaped(std::string_view text) {
    if (text.find('\\') == std::string_view::npos) return text;
    std::string out;
    auto digit = [](char c) {
        return is_digit(c) ? c - '0' : lower(c) >= 'a' && lower(c) <= 'f' ? lower(c) - 'a' + 10 : -1;
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 >= text.size()) {
            out += text[i];
            continue;
        }
        char c = text[++i];
        std::size_t most = c == 'x' ? 2 : c == 'u' ? 4 : 0;
        if (most > 0) {
            char32_t code = 0;
            std::size_t digits = 0;
            while (digits < most && i + 1 < text.size() && digit(text[i + 1]) >= 0) {
                code = code << 4 | static_cast<char32_t>(digit(text[++i]));
                ++digits;
            }
            append_utf8(out, code);
            continue;
        }
        constexpr std::string_view kFrom = "nrtvabf", kTo = "\n\r\t\v\a\b\f";
        auto at = kFrom.find(c);
        if (c != '\n') out += at == std::string_view::npos ? c : kTo[at];
    }
    return arena_.keep(out);
}

void PythonLexer::string(std::string_view prefix) {
    bool raw = prefix.find_first_of("rR") != std::string_view::npos,
         holes = prefix.find_first_of("fF") != std::string_view::npos;
    char quote = peek();
    bool triple = peek(1) == quote && peek(2) == quote;
    at_ += triple ? 3 : 1;
    auto from = at_;
    while (at_ < text_.size()) {
        if (text_[at_] == '\\') {
            at_ += 2;
            continue;
        }
        if (text_[at_] == quote && (!triple || (peek(1) == quote && peek(2) == quote))) break;
        if (line_ends() && !triple) break;
        ++at_;
    }
    at_ = std::min(at_, text_.size());
    auto value = text_.substr(from, at_ - from);
    at_ = std::min(text_.size(), at_ + (peek() == quote ? (triple ? 3 : 1) : 0));
    bool again = !tokens_.empty() && tokens_.back().kind == Kind::string && !fresh_;
    if (again) sign("+");
    if (holes && value.find('{') != std::string_view::npos) return formatted(value);
    add(Kind::string, raw ? value : unescaped(value));
}

void PythonLexer::formatted(std::string_view value) {
    constexpr std::size_t kDeepest = 8;
    auto begin = static_cast<std::size_t>(value.data() - text_.data());
    sign("(");
    for (std::size_t at = 0;;) {
        auto open = value.find('{', at);
        while (open != std::string_view::npos && value.substr(open + 1).starts_with('{'))
            open = value.find('{', open + 2);
        add(Kind::string, value.substr(at, open - at));
        if (open == std::string_view::npos) break;
        auto close = hole_end(value, open + 1);
        auto inner = value.substr(open + 1, close - open - 1);
        if (!trim(inner).empty() && nested_ < kDeepest) hole(begin + open + 1, begin + close);
        at = std::min(value.find('}', close), value.size() - 1) + 1;
        if (at >= value.size()) break;
        sign("+");
    }
    sign(")");
}

void PythonLexer::hole(std::size_t begin, std::size_t end) {
    auto text = std::exchange(text_, text_.substr(0, end));
    auto at = std::exchange(at_, begin);
    auto depth = std::exchange(depth_, depth_ + 1);
    ++nested_;
    sign("+");
    sign("(");
    while (at_ < end && tokens_.size() < kMostTokens) token();
    sign(")");
    --nested_;
    depth_ = depth;
    at_ = at;
    text_ = text;
}

}  // namespace ascribe::shells

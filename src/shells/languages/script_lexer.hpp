// What the lexers of Perl and Python share: a cursor over one script, and the tokens that come of it.
#pragma once

#include <cctype>
#include <string_view>
#include <vector>

#include "base/arena.hpp"
#include "shells/languages/tokens.hpp"

namespace ascribe::shells {

class ScriptLexer {
protected:
    using Kind = Token::Kind;

    /// `where` the text stands in its layer; texts that are made live in `arena`.
    ScriptLexer(std::string_view text, Span where, Arena& arena) : text_(text), where_(where), arena_(arena) {}

    static bool is_letter(char c) {
        return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || static_cast<unsigned char>(c) >= 0x80;
    }
    static bool is_digit(char c) { return c >= '0' && c <= '9'; }

    char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
    /// A token of what was read since `begin_`.
    Token& add(Kind kind, std::string_view text);
    void sign(std::string_view text) { add(Kind::sign, text); }
    /// The value of the number that begins here, which is read: 12, 1_000, 1.5, 0xff.
    double take_number();
    /// Whether the bracket that opens before here holds more than one value, within 4,096 bytes, and nowhere between
    /// them `except`, which tells that it is something else.
    bool holds_list(std::string_view except) const;

    std::string_view text_;
    Span where_;
    Arena& arena_;
    std::vector<Token> tokens_;
    std::size_t at_ = 0, begin_ = 0;
};

}  // namespace ascribe::shells

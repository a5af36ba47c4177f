// Visual Basic in tokens. A statement ends with its line, unless the line ends in " _" or (VB.NET) within brackets or
// behind an operator. https://learn.microsoft.com/dotnet/visual-basic/reference/language-specification/lexical-grammar
#include <cctype>
#include <charconv>
#include <string>

#include "base/text.hpp"
#include "shells/languages/tokens.hpp"
#include "shells/page/islands.hpp"

namespace ascribe::shells {
namespace {

bool is_letter(char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }

class Lexer {
public:
    Lexer(std::string_view text, Span where, bool dotnet, Arena& arena)
        : text_(text), where_(where), dotnet_(dotnet), arena_(arena) {}

    std::vector<Token> read(bool& cut) {
        tokens_.reserve(std::min(text_.size() / 2 + 8, kMostTokens + 1));  // growing would hold them twice
        while (at_ < text_.size() && tokens_.size() < kMostTokens) token();
        cut = at_ < text_.size();
        begin_ = at_ = text_.size();
        add(Token::Kind::end, {});
        return std::move(tokens_);
    }

private:
    char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

    Token& add(Token::Kind kind, std::string_view text) {
        Token token;
        token.kind = kind;
        token.spaced = spaced_;
        token.text = text;
        token.span = {where_.offset + static_cast<std::uint32_t>(begin_), static_cast<std::uint32_t>(at_ - begin_)};
        spaced_ = false;
        tokens_.push_back(token);
        return tokens_.back();
    }

    void token() {
        begin_ = at_;
        char c = text_[at_];
        if (c == '\n' || c == '\r') return line();
        if (c == kEchoMark || c == kEndMark) {
            ++at_;
            depth_ = 0;
            add(c == kEchoMark ? Token::Kind::echo : Token::Kind::end, {});
            return;
        }
        if (c == ' ' || c == '\t' || c == '\f' || c == '\v' || c == '\0') {
            ++at_;
            spaced_ = true;
            return;
        }
        if (c == '\'') return comment();
        if (c == '"') return string();
        if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
        if (c == '&' && is_based_number()) return based_number();
        if (c == '[') return bracketed();
        if (c == '#' && date()) return;
        if (c == '_' && continues()) return;
        if (is_letter(c)) return word();
        sign();
    }

    void line() {
        while (peek() == '\n' || peek() == '\r') ++at_;
        spaced_ = true;
        if (dotnet_ && goes_on()) return;
        if (tokens_.empty() || tokens_.back().kind == Token::Kind::line) return;
        add(Token::Kind::line, {});
    }
    /// VB.NET: a line within brackets or behind an operator or comma goes on.
    bool goes_on() const {
        if (depth_ > 0) return true;
        if (tokens_.empty() || tokens_.back().kind != Token::Kind::sign) return false;
        auto last = tokens_.back().text;
        return last != ")" && last != "}" && last != ":" && last != ">" && last != "=";
    }

    void comment() {
        while (at_ < text_.size() && peek() != '\n' && peek() != '\r' && peek() != kEndMark) ++at_;
        spaced_ = true;
    }

    /// " _" at the end of a line.
    bool continues() {
        auto next = at_ + 1;
        while (next < text_.size() && (text_[next] == ' ' || text_[next] == '\t')) ++next;
        if (next < text_.size() && text_[next] != '\n' && text_[next] != '\r') return false;
        if (next < text_.size() && text_[next] == '\r') ++next;
        if (next < text_.size() && text_[next] == '\n') ++next;
        at_ = next;
        spaced_ = true;
        return true;
    }

    void string() {
        auto from = ++at_;
        bool doubled = false;
        while (at_ < text_.size()) {
            if (text_[at_] == '"') {
                if (peek(1) != '"') break;
                doubled = true;
                at_ += 2;
                continue;
            }
            if (text_[at_] == '\n' || text_[at_] == kEndMark) break;
            ++at_;
        }
        auto value = text_.substr(from, at_ - from);
        if (peek() == '"') ++at_;
        if (dotnet_ && lower(peek()) == 'c' && !is_letter(peek(1))) ++at_;
        if (doubled) {
            std::string plain;
            for (std::size_t i = 0; i < value.size(); ++i) {
                plain += value[i];
                if (value[i] == '"') ++i;
            }
            value = arena_.keep(plain);
        }
        add(Token::Kind::string, value);
    }

    void number() {
        auto from = at_;
        while (is_digit(peek())) ++at_;
        if (peek() == '.' && is_digit(peek(1))) {
            ++at_;
            while (is_digit(peek())) ++at_;
        }
        if (lower(peek()) == 'e' && (is_digit(peek(1)) || ((peek(1) == '-' || peek(1) == '+') && is_digit(peek(2))))) {
            at_ += 2;
            while (is_digit(peek())) ++at_;
        }
        double value = 0;
        std::from_chars(text_.data() + from, text_.data() + at_, value);
        suffix();
        add(Token::Kind::number, {}).number = value;
    }
    /// &HFF, but not the name in "a"&header.
    bool is_based_number() const {
        if (peek(1) >= '0' && peek(1) <= '7') {  // &0141, where no operator may stand
            if (tokens_.empty()) return true;
            const auto& last = tokens_.back();
            return last.kind == Token::Kind::sign && last.text != ")" && last.text != "}";
        }
        if (lower(peek(1)) != 'h' && lower(peek(1)) != 'o') return false;
        std::size_t i = 2;
        while (std::isxdigit(static_cast<unsigned char>(peek(i))) != 0 && i < 20) ++i;
        return i > 2 && !is_letter(peek(i));
    }
    void based_number() {
        bool hex = lower(peek(1)) == 'h';
        double value = 0;
        for (at_ += is_digit(peek(1)) ? 1 : 2; std::isxdigit(static_cast<unsigned char>(peek())) != 0; ++at_) {
            char c = lower(peek());
            value = value * (hex ? 16 : 8) + (is_digit(c) ? c - '0' : c - 'a' + 10);
        }
        if (peek() == '&') ++at_;
        suffix();
        add(Token::Kind::number, {}).number = value;
    }
    void suffix() {
        if (dotnet_ && is_letter(peek()) && !is_letter(peek(1)) && !is_digit(peek(1))) ++at_;
        if (peek() == '!' || peek() == '#' || peek() == '@' || peek() == '%') ++at_;
    }

    void bracketed() {
        auto end = text_.substr(at_, 256).find(']');
        if (end == std::string_view::npos) {
            ++at_;
            add(Token::Kind::sign, text_.substr(begin_, 1));
            return;
        }
        at_ += end + 1;
        add(Token::Kind::word, folded(text_.substr(begin_ + 1, end - 1))).quoted = true;
    }

    bool date() {
        auto end = text_.substr(at_, 40).find('#', 1);
        if (end == std::string_view::npos || !is_digit(peek(1))) return false;
        at_ += end + 1;
        add(Token::Kind::string, text_.substr(begin_ + 1, end - 1));
        return true;
    }

    void word() {
        while (at_ < text_.size() && (is_letter(peek()) || is_digit(peek()))) ++at_;
        auto name = folded(text_.substr(begin_, at_ - begin_));
        if (name == "rem" && (tokens_.empty() || tokens_.back().kind == Token::Kind::line || tokens_.back().is(":")) &&
            (peek() == ' ' || peek() == '\t' || peek() == '\r' || peek() == '\n'))
            return comment();
        bool member = !tokens_.empty() && (tokens_.back().is(".") || tokens_.back().is("!"));
        auto& added = add(Token::Kind::word, name);
        added.quoted = member;  // x.end, x.next
        if (peek() == '$' || (peek() == '%' && peek(1) != '>')) ++at_;
    }

    std::string_view folded(std::string_view text) {
        for (char c : text)
            if (c != lower(c)) return arena_.keep(lower(text));
        return text;
    }

    void sign() {
        static constexpr std::string_view kPairs[] = {
            "<=", ">=", "<>", "=<", "=>", "><", ":=", "+=", "-=", "*=", "/=", "\\=", "&=", "^=", "<<", ">>"};
        auto rest = text_.substr(at_, 2);
        std::size_t size = 1;
        for (auto pair : kPairs)
            if (rest == pair) size = 2;
        if (!dotnet_ && size == 2 && rest[1] == '=' && rest[0] != '<' && rest[0] != '>') size = 1;
        if (!dotnet_ && (rest == "<<" || rest == ">>")) size = 1;
        at_ += size;
        auto text = text_.substr(begin_, size);
        if (text == "(" || text == "{") ++depth_;
        if ((text == ")" || text == "}") && depth_ > 0) --depth_;
        add(Token::Kind::sign, text);
    }

    std::string_view text_;
    Span where_;
    bool dotnet_;
    Arena& arena_;
    std::vector<Token> tokens_;
    std::size_t at_ = 0, begin_ = 0, depth_ = 0;
    bool spaced_ = false;
};

}  // namespace

std::vector<Token> basic_tokens(std::string_view text, Span where, bool dotnet, Arena& arena, bool& cut) {
    auto tokens = Lexer(text, where, dotnet, arena).read(cut);
    match_brackets(tokens);
    return tokens;
}

void match_brackets(std::vector<Token>& tokens) {
    std::vector<std::uint32_t> open;
    std::size_t braces = 0;
    for (std::uint32_t i = 0; i < tokens.size(); ++i) {
        auto& token = tokens[i];
        token.match = i;
        bool line = token.kind == Token::Kind::line;
        if (line || token.kind == Token::Kind::end || token.kind == Token::Kind::echo) {  // only blocks reach over it
            while (!open.empty() && (line || tokens[open.back()].text[0] != '{')) {
                braces -= tokens[open.back()].text[0] == '{';
                tokens[open.back()].match = i;
                open.pop_back();
            }
            continue;
        }
        if (token.kind != Token::Kind::sign || token.text.size() != 1) continue;
        char c = token.text[0];
        if (c == '(' || c == '[' || c == '{') {
            open.push_back(i);
            braces += c == '{';
            token.match = static_cast<std::uint32_t>(tokens.size() - 1);
        }
        char opens = c == ')' ? '(' : c == ']' ? '[' : c == '}' ? '{' : '\0';
        if (opens == '\0' || open.empty()) continue;
        // A closing bracket of another kind closes nothing, unless it is a brace: braces are the stronger ones.
        while (c == '}' && braces > 0 && tokens[open.back()].text[0] != '{') open.pop_back();
        if (open.empty() || tokens[open.back()].text[0] != opens) continue;
        tokens[open.back()].match = i;
        open.pop_back();
        braces -= c == '}';
    }
}

}  // namespace ascribe::shells

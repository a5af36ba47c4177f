// Tokens of languages with braces. A C# text with holes, $"a{x}b", becomes ("a"+(x)+"b"), so that nothing behind knows
// it. https://learn.microsoft.com/dotnet/csharp/language-reference/language-specification/lexical-structure
#include <algorithm>
#include <cctype>
#include <charconv>
#include <string>

#include "base/text.hpp"
#include "shells/languages/curly.hpp"
#include "shells/page/decode.hpp"
#include "shells/page/islands.hpp"

namespace ascribe::shells {
namespace {

bool is_letter(char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' ||
           static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; }
int hex_value(char c) { return is_digit(c) ? c - '0' : lower(c) - 'a' + 10; }

class Lexer {
public:
    Lexer(std::string_view text, Span where, const CurlyDialect& dialect, Arena& arena)
        : text_(text), where_(where), dialect_(dialect), arena_(arena) {}

    std::vector<Token> read(bool& cut) {
        tokens_.reserve(std::min(text_.size() / 2 + 8, kMostTokens + 1));  // growing would hold them twice
        while (at_ < text_.size() && tokens_.size() < kMostTokens) token();
        cut = at_ < text_.size();
        begin_ = at_ = text_.size();
        add(Token::Kind::end, {});
        return std::move(tokens_);
    }

private:
    struct Hole {
        std::size_t depth = 0;  // brackets open within it
        bool verbatim = false;
        char quote = '"';  // of a text with #holes# (CFScript)
    };

    char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

    Token& add(Token::Kind kind, std::string_view text) {
        Token token;
        token.kind = kind;
        token.spaced = spaced_;
        token.fresh = fresh_;
        token.text = text;
        token.span = {where_.offset + static_cast<std::uint32_t>(begin_), static_cast<std::uint32_t>(at_ - begin_)};
        spaced_ = fresh_ = false;
        tokens_.push_back(token);
        return tokens_.back();
    }

    void token() {
        begin_ = at_;
        char c = text_[at_];
        if (c == '\n' || c == '\r') {
            fresh_ = spaced_ = true;
            ++at_;
        } else if (c == ' ' || c == '\t' || c == '\f' || c == '\v' || c == '\0') {
            spaced_ = true;
            ++at_;
        } else if (c == kEchoMark || c == kEndMark) {
            ++at_;
            holes_.clear();
            add(c == kEchoMark ? Token::Kind::echo : Token::Kind::end, {});
        } else if (c == '/' && (peek(1) == '/' || peek(1) == '*')) {
            comment();
        } else if (c == '<' && dialect_.apostrophes && text_.substr(at_, 4) == "<!--") {
            line_comment();
        } else if (c == '#' && dialect_.verbatim && (fresh_ || tokens_.empty())) {
            directive();
        } else if ((c == '"' || c == '\'') && dialect_.hashes) {
            ++at_;
            punct("(");
            hashed(c);
        } else if (c == '#' && dialect_.hashes) {
            hash();
        } else if (c == '<' && dialect_.hashes && text_.substr(at_, 5) == "<!---") {
            at_ = behind_markup_comment(text_, at_);
        } else if (c == '"' && dialect_.typed && peek(1) == '"' && peek(2) == '"') {
            block();
        } else if (c == '"') {
            string('"');
        } else if (c == '\'') {
            string('\'');
        } else if (c == '`' && dialect_.apostrophes) {
            string('`');
        } else if (dialect_.verbatim && (c == '@' || c == '$') && prefixed()) {
        } else if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
            number();
        } else if (is_letter(c) || (c == '\\' && (peek(1) == 'u' || peek(1) == 'U'))) {
            word();
        } else if (c == '/' && dialect_.apostrophes && wants_regex() && regex()) {
        } else {
            sign();
        }
    }

    /// The line behind '#', without its end.
    std::string_view rest_of_line() const {
        auto rest = text_.substr(at_);
        constexpr char kEnds[] = {'\n', '\r', kEndMark};
        return rest.substr(0, rest.find_first_of({kEnds, sizeof kEnds}));
    }
    /// `#if` on a name that nobody defines: what follows is not compiled, whatever comments or texts seem to begin in
    /// it. https://learn.microsoft.com/dotnet/csharp/language-reference/preprocessor-directives
    void directive() {
        auto never = [this](std::string_view name) {
            bool plain = !name.empty() && std::ranges::all_of(name, [](char c) { return is_letter(c) || is_digit(c); });
            bool set = name == "true" || name == "DEBUG" || name == "TRACE";
            return plain && !set && text_.find("#define") == std::string_view::npos;
        };
        auto line = trim(rest_of_line().substr(1));
        bool skips = line.starts_with("if") && never(trim(line.substr(2)));
        line_comment();
        for (std::size_t depth = 1; skips && depth > 0 && at_ < text_.size();) {
            if (peek() == kEndMark) return;
            ++at_;
            while (at_ < text_.size() && (peek() == ' ' || peek() == '\t')) ++at_;
            if (peek() == '#') {
                line = trim(rest_of_line().substr(1));
                depth += line.starts_with("if");
                depth -= line.starts_with("endif") || (depth == 1 && line.starts_with("el"));
            }
            line_comment();
        }
    }
    /// A text between three quotes or more: C#'s, in which nothing is escaped, and Java's.
    void block() {
        std::size_t quotes = 3;
        while (dialect_.verbatim && peek(quotes) == '"') ++quotes;
        auto from = at_ + quotes;
        auto ending = text_.substr(at_, quotes);
        auto end = text_.find(ending, from);
        while (!dialect_.verbatim && end != std::string_view::npos && text_[end - 1] == '\\')
            end = text_.find(ending, end + 1);
        if (end == std::string_view::npos) return string('"');
        auto value = text_.substr(from, end - from);
        at_ = end + quotes;
        add(Token::Kind::string, dialect_.verbatim ? value : unescaped(value));
    }

    void line_comment() {
        while (at_ < text_.size() && peek() != '\n' && peek() != '\r' && peek() != kEndMark) ++at_;
        spaced_ = true;
    }
    void comment() {
        if (peek(1) == '/') return line_comment();
        auto end = find_comment_end(text_, at_ + 2);
        at_ = end == std::string_view::npos ? text_.size() : end + 2;
        spaced_ = true;
    }

    /// A text up to `quote`, its escapes undone. Ends at the latest with its line: what goes on was none.
    void string(char quote) {
        auto from = ++at_;
        bool escaped = false;
        while (at_ < text_.size() && text_[at_] != quote && text_[at_] != kEndMark &&
               (text_[at_] != '\n' || quote == '`' || dialect_.folded)) {
            if (text_[at_] == '\\' && !dialect_.folded && at_ + 1 < text_.size()) {
                escaped = true;
                ++at_;
                if (peek() == '\r' && peek(1) == '\n') ++at_;
            }
            ++at_;
        }
        at_ = std::min(at_, text_.size());
        auto value = text_.substr(from, at_ - from);
        if (peek() == quote) ++at_;
        if (escaped) value = unescaped(value);
        add(Token::Kind::string, value);
    }

    std::string_view unescaped(std::string_view text) {
        std::string out;
        out.reserve(text.size());
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] != '\\' || i + 1 >= text.size()) {
                out += text[i];
                continue;
            }
            char c = text[++i];
            switch (c) {
                case 'n': out += '\n'; break;
                case 'r': out += '\r'; break;
                case 't': out += '\t'; break;
                case 'b': out += '\b'; break;
                case 'f': out += '\f'; break;
                case 'v': out += '\v'; break;
                case '\r': i += i + 1 < text.size() && text[i + 1] == '\n'; break;
                case '\n': break;
                case 'x':
                case 'u':
                case 'U': coded(text, i, out); break;
                default:
                    if (c >= '0' && c <= '7')
                        octal(text, i, out);
                    else
                        out += c;
            }
        }
        return arena_.keep(out);
    }
    static void coded(std::string_view text, std::size_t& i, std::string& out) {
        std::size_t most = text[i] == 'x' ? 2 : text[i] == 'u' ? 4 : 8, digits = 0;
        char32_t code = 0;
        while (digits < most && i + 1 + digits < text.size() && is_hex(text[i + 1 + digits])) {
            code = code << 4 | static_cast<char32_t>(hex_value(text[i + 1 + digits]));
            ++digits;
        }
        if (digits == 0) {
            out += text[i];
            return;
        }
        i += digits;
        append_utf8(out, code & 0x1FFFFF);
    }
    static void octal(std::string_view text, std::size_t& i, std::string& out) {
        char32_t code = 0;
        std::size_t digits = 0;
        while (digits < 3 && i + digits < text.size() && text[i + digits] >= '0' && text[i + digits] <= '7' &&
               code < 32) {
            code = code << 3 | static_cast<char32_t>(text[i + digits] - '0');
            ++digits;
        }
        i += digits - 1;
        append_utf8(out, code & 0xFF);
    }

    /// @"...", $"...", $@"...", @name
    bool prefixed() {
        bool at = false, dollar = false;
        std::size_t size = 0;
        while (size < 2 && (peek(size) == '@' || peek(size) == '$')) {
            (peek(size) == '@' ? at : dollar) = true;
            ++size;
        }
        if (peek(size) == '"') {
            at_ += size + 1;
            if (dollar) {
                punct("(");
                interpolated(at);
            } else {
                verbatim();
            }
            return true;
        }
        if (!at || dollar || !is_letter(peek(1))) return false;
        ++at_;
        word();
        tokens_.back().quoted = true;
        return true;
    }
    void verbatim() {
        auto from = at_;
        bool doubled = false;
        while (at_ < text_.size() && (text_[at_] != '"' || peek(1) == '"')) {
            doubled = doubled || text_[at_] == '"';
            at_ += text_[at_] == '"' ? 2 : 1;
        }
        at_ = std::min(at_, text_.size());
        auto value = text_.substr(from, at_ - from);
        if (peek() == '"') ++at_;
        add(Token::Kind::string, doubled ? without_doubles(value, '"') : value);
    }
    std::string_view without_doubles(std::string_view text, char quote) {
        std::string plain;
        for (std::size_t i = 0; i < text.size(); ++i) {
            plain += text[i];
            if (text[i] == quote && i + 1 < text.size() && text[i + 1] == quote) ++i;
        }
        return arena_.keep(plain);
    }
    void punct(std::string_view text) { add(Token::Kind::sign, text); }

    /// A piece of text up to the next hole or the end of the whole.
    void interpolated(bool verbatim) {
        std::string piece;
        while (at_ < text_.size() && text_[at_] != kEndMark && (verbatim || text_[at_] != '\n')) {
            char c = text_[at_];
            if (c == '"' && !(verbatim && peek(1) == '"')) break;
            if (c == '{' && peek(1) != '{') break;
            bool pair = (c == '{' && peek(1) == '{') || (c == '}' && peek(1) == '}') || (c == '"' && verbatim);
            if (c == '\\' && !verbatim && at_ + 1 < text_.size()) piece += text_[at_++];
            piece += peek();
            at_ += pair ? 2 : 1;
        }
        add(Token::Kind::string, verbatim ? arena_.keep(piece) : unescaped(piece));
        begin_ = at_;
        if (peek() == '{') {
            ++at_;
            punct("+");
            punct("(");
            holes_.push_back({0, verbatim});
            if (holes_.size() > kMostNesting) holes_.clear();
            return;
        }
        if (peek() == '"') ++at_;
        punct(")");
    }
    /// A piece of a CFScript text: up to #, the quote or the end. Both are doubled when they mean themselves.
    void hashed(char quote) {
        std::string piece;
        while (at_ < text_.size()) {
            char c = text_[at_];
            if ((c == quote || c == '#') && peek(1) != c) break;
            piece += c;
            at_ += c == quote || c == '#' ? 2 : 1;
        }
        at_ = std::min(at_, text_.size());
        add(Token::Kind::string, arena_.keep(piece));
        begin_ = at_;
        bool hole = peek() == '#';
        if (at_ < text_.size()) ++at_;
        if (!hole || holes_.size() > kMostNesting) return punct(")");
        punct("&");
        punct("(");
        holes_.push_back({0, false, quote});
    }
    /// '#' outside of texts: #x# is x; or the end of a hole.
    void hash() {
        ++at_;
        if (holes_.empty()) return;
        auto quote = holes_.back().quote;
        holes_.pop_back();
        punct(")");
        punct("&");
        hashed(quote);
    }

    /// Within a hole: true when `c` ended it.
    bool hole_ends(char c) {
        if (holes_.empty() || dialect_.hashes) return false;
        auto& hole = holes_.back();
        if (c == '(' || c == '[' || c == '{') ++hole.depth;
        if (c == ')' || c == ']') hole.depth -= hole.depth > 0;
        if (c == '}' && hole.depth > 0) return --hole.depth, false;
        if (c == ':' && hole.depth == 0 && peek(1) != ':') {  // how the value is written
            constexpr char kEnds[] = {'}', '\n', '"', kEndMark};
            auto end = std::min(text_.find_first_of({kEnds, sizeof kEnds}, at_), text_.size());
            if (end == text_.size() || text_[end] != '}') return holes_.pop_back(), false;  // it was no hole
            at_ = end;
            c = '}';
        }
        if (c != '}') return false;
        bool verbatim = hole.verbatim;
        holes_.pop_back();
        ++at_;
        punct(")");
        punct("+");
        interpolated(verbatim);
        return true;
    }

    void number() {
        auto from = at_;
        double value = 0;
        if (peek() == '0' && lower(peek(1)) == 'x') {
            for (at_ += 2; is_hex(peek()) || peek() == '_'; ++at_)
                if (peek() != '_') value = value * 16 + hex_value(peek());
        } else if (peek() == '0' && lower(peek(1)) == 'b' && (peek(2) == '0' || peek(2) == '1')) {
            for (at_ += 2; peek() == '0' || peek() == '1' || peek() == '_'; ++at_)
                if (peek() != '_') value = value * 2 + (peek() - '0');
        } else {
            while (is_digit(peek()) || (peek() == '_' && is_digit(peek(1)))) ++at_;
            if (peek() == '.' && is_digit(peek(1)))
                for (++at_; is_digit(peek());) ++at_;
            if (lower(peek()) == 'e' &&
                (is_digit(peek(1)) || ((peek(1) == '-' || peek(1) == '+') && is_digit(peek(2)))))
                for (at_ += 2; is_digit(peek());) ++at_;
            std::from_chars(text_.data() + from, text_.data() + at_, value);
        }
        while (std::string_view("lLfFdDuUmM").find(peek()) != std::string_view::npos && peek() != '\0') ++at_;
        add(Token::Kind::number, {}).number = value;
    }

    void word() {
        auto from = at_;
        bool escaped = false;
        while (at_ < text_.size()) {
            if (is_letter(peek()) || is_digit(peek())) {
                ++at_;
            } else if (peek() == '\\' && (peek(1) == 'u' || peek(1) == 'U') && is_hex(peek(2))) {
                escaped = true;
                at_ += 2;
                while (is_hex(peek()) && at_ < text_.size()) ++at_;
            } else {
                break;
            }
        }
        if (at_ == from) return void(++at_);
        auto name = text_.substr(from, at_ - from);
        if (escaped) name = unescaped(name);
        if (dialect_.folded && lower(name) != name) name = arena_.keep(lower(name));
        bool member = !tokens_.empty() && (tokens_.back().is(".") || tokens_.back().is("?."));
        add(Token::Kind::word, name).quoted = member;
    }

    bool wants_regex() const {
        if (tokens_.empty()) return true;
        const auto& last = tokens_.back();
        if (last.kind == Token::Kind::sign)
            return last.text != ")" && last.text != "]" && last.text != "}" && last.text != "++" && last.text != "--";
        return last.kind == Token::Kind::echo || last.kind == Token::Kind::end || last.is_word("return") ||
               last.is_word("typeof");
    }
    bool regex() {
        bool set = false;
        auto end = at_ + 1;
        for (; end < text_.size() && end < at_ + 4096; ++end) {
            char c = text_[end];
            if (c == '\n' || c == kEndMark) return false;
            if (c == '\\') ++end;
            if (c == '[') set = true;
            if (c == ']') set = false;
            if (c == '/' && !set) break;
        }
        if (end >= text_.size() || text_[end] != '/') return false;
        auto value = text_.substr(at_ + 1, end - at_ - 1);
        at_ = end + 1;
        while (std::isalpha(static_cast<unsigned char>(peek())) != 0) ++at_;
        add(Token::Kind::string, value);
        return true;
    }

    void sign() {
        static constexpr std::string_view kSigns[] = {">>>=", "...", "?.", "::", "++", "--", "=>", "->"};
        if (hole_ends(peek())) return;
        auto rest = text_.substr(at_);
        std::size_t size = 1;
        for (auto each : kSigns)
            if (size == 1 && rest.starts_with(each)) size = each.size();
        if (const auto* symbol = c_symbol(text_, at_); symbol != nullptr) size = std::max(size, symbol->text.size());
        if (rest.starts_with("?.") && is_digit(peek(2))) size = 1;
        at_ += size;
        add(Token::Kind::sign, text_.substr(begin_, size));
    }

    std::string_view text_;
    Span where_;
    const CurlyDialect& dialect_;
    Arena& arena_;
    std::vector<Token> tokens_;
    std::vector<Hole> holes_;
    std::size_t at_ = 0, begin_ = 0;
    bool spaced_ = false, fresh_ = true;
};

}  // namespace

std::vector<Token> curly_tokens(std::string_view text, Span where, const CurlyDialect& dialect, Arena& arena,
                                bool& cut) {
    auto tokens = Lexer(text, where, dialect, arena).read(cut);
    match_brackets(tokens);
    return tokens;
}

}  // namespace ascribe::shells

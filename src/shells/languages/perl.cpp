// Perl, read as a language with braces: a lexer drops sigils, spells words and dots as the signs that mean the same,
// gives calls their brackets, and the grammar of curly.hpp does the rest. What a statement's modifier says (`f() if
// $x`) is read as a statement of its own: both are walked anyway. https://perldoc.perl.org/perlsyn,
// https://perldoc.perl.org/perlop#Quote-and-Quote-like-Operators
#include <algorithm>
#include <cctype>
#include <charconv>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "shells/languages/curly.hpp"
#include "shells/page/islands.hpp"

namespace ascribe::shells {
namespace {

constexpr CurlyDialect kDialect{.language = Language::perl, .request = "param"};

using Kind = Token::Kind;

constexpr std::size_t kMostShared = 500;

bool is_letter(char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\0' || c == kEchoMark || c == kEndMark;
}
char closing(char c) { return c == '(' ? ')' : c == '[' ? ']' : c == '{' ? '}' : c == '<' ? '>' : c; }

/// Functions that are mostly called without brackets.
bool takes_list(std::string_view name) {
    static constexpr std::string_view kNames[] = {
        "system",       "exec",     "eval",     "print",   "printf",  "open",    "die",     "unlink",  "chdir",
        "mkdir",        "rmdir",    "rename",   "opendir", "push",    "unshift", "chomp",   "chop",    "lc",
        "uc",           "ord",      "chr",      "hex",     "pack",    "unpack",  "join",    "split",   "sprintf",
        "close",        "readdir",  "kill",     "socket",  "connect", "bind",    "listen",  "accept",  "select",
        "binmode",      "sysread",  "syswrite", "read",    "utime",   "chmod",   "chown",   "symlink", "link",
        "exit",         "warn",     "reverse",  "sort",    "map",     "grep",    "keys",    "values",  "defined",
        "require",      "do",       "readlink", "stat",    "substr",  "index",   "oct",     "sleep",   "return_",
        "readpipe",     "truncate", "seek",     "send",    "recv",    "scalar",  "ucfirst", "lcfirst", "decode_base64",
        "uri_unescape", "shift",    "pop"};
    return std::ranges::find(kNames, name) != std::end(kNames);
}

class Lexer {
public:
    Lexer(std::string_view text, Span where, Arena& arena) : text_(text), where_(where), arena_(arena) {}

    std::vector<Token> read(bool& cut) {
        tokens_.reserve(std::min(text_.size() / 2 + 8, kMostTokens + 1));  // growing would hold them twice
        while (at_ < text_.size() && tokens_.size() < kMostTokens && !over_) token();
        cut = at_ < text_.size() && !over_;
        begin_ = at_ = text_.size();
        close_calls(0);
        add(Kind::end, {});
        return std::move(tokens_);
    }

    /// Variables that nobody declares: every function writes to the same ones.
    std::vector<std::string_view> shared() const {
        std::vector<std::string_view> names;
        for (auto name : seen_)
            if (!own_.contains(name) && name != "ENV" && name != "ARGV" && name != "STDIN") names.push_back(name);
        std::ranges::sort(names);
        if (names.size() > kMostShared) names.resize(kMostShared);
        return names;
    }

private:
    char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

    Token& add(Kind kind, std::string_view text) {
        Token token;
        token.kind = kind;
        token.text = text;
        token.spaced = true;
        token.span = {where_.offset + static_cast<std::uint32_t>(begin_), static_cast<std::uint32_t>(at_ - begin_)};
        tokens_.push_back(token);
        return tokens_.back();
    }
    void sign(std::string_view text) { add(Kind::sign, text); }
    bool last_is(std::string_view text) const { return !tokens_.empty() && tokens_.back().is(text); }

    /// Whether a value is complete: what may follow is an operator.
    bool behind_value() const {
        if (tokens_.empty()) return false;
        const auto& last = tokens_.back();
        if (last.kind == Kind::sign) return last.text == ")" || last.text == "]" || (last.text == "}" && !block_ended_);
        if (last.kind == Kind::word && !last.quoted) {
            static constexpr std::string_view kNo[] = {"return", "if",      "while", "function",
                                                       "else",   "foreach", "for",   "throw"};
            return std::ranges::find(kNo, last.text) == std::end(kNo);
        }
        return last.kind != Kind::end;
    }

    /// Brackets that were added to calls end with the statement or what encloses it.
    void close_calls(std::size_t depth) {
        while (!calls_.empty() && calls_.back() >= depth && (calls_.size() > floor())) {
            sign(")");
            calls_.pop_back();
        }
    }
    std::size_t floor() const { return floors_.empty() ? 0 : floors_.back(); }

    void token() {
        begin_ = at_;
        if (at_ == gives_at_ && gives_at_ > 0) {
            gives_at_ = 0;
            add(Kind::word, "return");
        }
        char c = text_[at_];
        if (c == '\n') {
            ++at_;
            if (skip_to_ > at_) at_ = std::min(skip_to_, text_.size());  // texts that began on this line
            skip_to_ = 0;
            if (peek() == '=' && is_letter(peek(1))) pod();
        } else if (is_space(c)) {
            ++at_;
        } else if (c == '#') {
            while (at_ < text_.size() && peek() != '\n') ++at_;
        } else if (c == '$' || c == '@') {
            variable();
        } else if ((c == '%' || c == '&') && !behind_value() &&
                   (is_letter(peek(1)) || peek(1) == '$' || peek(1) == '{')) {
            if (c == '&') {
                call_ = true;
                calls_now_ = at_ == 0 || text_[at_ - 1] != '\\';  // \&f only names it
            }
            ++at_;
            if (peek() == '$') ++at_;
        } else if (c == '"' || c == '`') {
            ++at_;
            quoted(c, c, true, c == '`');
        } else if (c == '\'') {
            ++at_;
            quoted(c, c, false, false);
        } else if (is_digit(c)) {
            number();
        } else if (is_letter(c)) {
            word();
        } else if (c == '/' && (binds_ || !behind_value())) {
            ++at_;
            pattern('/');
        } else if (c == '<' && !behind_value() && angle()) {
        } else {
            operation();
        }
    }

    void pod() {
        auto end = text_.find("\n=cut", at_);
        at_ = end == std::string_view::npos ? text_.size() : end + 5;
    }

    void variable() {
        char sigil = text_[at_];
        while (peek() == '$' || peek() == '@' || (peek() == '#' && sigil == '$' && at_ > begin_)) {
            ++at_;
            if (at_ - begin_ > 8) break;
        }
        if (peek() == '{') {  // ${name}, @{expression}
            ++at_;
            open("(", '{');
            return;
        }
        auto from = at_;
        if (is_letter(peek()) || peek() == ':') {
            // $main'x is $main::x
            while (is_letter(peek()) || is_digit(peek()) || (peek() == ':' && peek(1) == ':' && ++at_ > 0) ||
                   (peek() == '\'' && is_letter(peek(1))))
                ++at_;
        } else if (is_digit(peek())) {
            while (is_digit(peek())) ++at_;
        } else if (at_ < text_.size() && !is_space(peek())) {
            ++at_;  // $_, $!, $@
        }
        auto name = text_.substr(from, at_ - from);
        if (name.size() > 1 || (!name.empty() && name != "_" && is_letter(name.front())))
            (declares_ ? own_ : seen_).insert(name);
        add(Kind::word, name.empty() ? std::string_view("_") : name).quoted = true;
    }

    void number() {
        double value = 0;
        if (peek() == '0' && lower(peek(1)) == 'x') {
            for (at_ += 2; std::isxdigit(static_cast<unsigned char>(peek())) != 0; ++at_) {
                char c = lower(peek());
                value = value * 16 + (is_digit(c) ? c - '0' : c - 'a' + 10);
            }
        } else {
            auto from = at_;
            while (is_digit(peek()) || (peek() == '_' && is_digit(peek(1)))) ++at_;
            if (peek() == '.' && is_digit(peek(1)))
                for (++at_; is_digit(peek());) ++at_;
            std::from_chars(text_.data() + from, text_.data() + at_, value);
        }
        add(Kind::number, {}).number = value;
    }

    // Texts -----------------------------------------------------------------------------------------------------------
    /// Behind the opening quote: up to the closing one; `holes`: $x within counts. `runs`: it is a command.
    void quoted(char open_sign, char close_sign, bool holes, bool runs) {
        auto from = at_;
        std::size_t depth = 0;
        while (at_ < text_.size()) {
            char c = text_[at_];
            if (c == '\\') {
                at_ += 2;
                continue;
            }
            if (c == close_sign && depth == 0) break;
            if (c == open_sign && open_sign != close_sign) ++depth;
            if (c == close_sign) --depth;
            ++at_;
        }
        at_ = std::min(at_, text_.size());
        auto value = text_.substr(from, at_ - from);
        if (at_ < text_.size()) ++at_;
        if (runs) {
            add(Kind::word, "qx");
            sign("(");
        }
        if (holes)
            interpolated(value);
        else
            add(Kind::string, value);
        if (runs) sign(")");
    }

    void interpolated(std::string_view value) {
        if (value.find_first_of("$@\\") == std::string_view::npos) return void(add(Kind::string, value));
        sign("(");
        std::string piece;
        bool first = true;
        auto plus = [&] {
            if (!first) sign("#.");
            first = false;
        };
        auto flush = [&] {
            if (piece.empty()) return;
            plus();
            add(Kind::string, arena_.keep(piece));
            piece.clear();
        };
        for (std::size_t i = 0; i < value.size();) {
            char c = value[i];
            if (c == '\\' && i + 1 < value.size()) {
                i = escape(value, i + 1, piece);
                continue;
            }
            auto name = i + 1;
            if (auto end = hole_end(value, i); end > 0) {  // @{[ code ]}, ${\ code }
                flush();
                plus();
                nested(value.substr(i + 3, end - i - 3));
                i = std::min(value.find('}', end) + 1, value.size());
                continue;
            }
            bool brace = name < value.size() && value[name] == '{';
            if (brace) ++name;
            while (name < value.size() && value[name] == '$') ++name;
            auto stop = name;
            while (stop < value.size() && (is_letter(value[stop]) || is_digit(value[stop]))) ++stop;
            if ((c != '$' && c != '@') || stop == name) {
                piece += c;
                ++i;
                continue;
            }
            flush();
            plus();
            add(Kind::word, value.substr(name, stop - name)).quoted = true;
            i = brace && stop < value.size() && value[stop] == '}' ? stop + 1 : stop;
            subscripts(value, i);
        }
        flush();
        if (first) add(Kind::string, {});
        sign(")");
    }
    /// Where the code within a text ends that begins at `at`; 0 where there is none.
    static std::size_t hole_end(std::string_view value, std::size_t at) {
        auto begins = value.substr(at, 3);
        if (begins != "@{[" && begins != "${\\") return 0;
        auto end = value.find(begins == "@{[" ? "]}" : "}", at + 3);
        return end == std::string_view::npos ? 0 : end;
    }
    /// {key}, [1], ->{key} within a text
    void subscripts(std::string_view value, std::size_t& i) {
        for (int most = 0; most < 8; ++most) {
            auto at = i;
            if (value.substr(at, 2) == "->") at += 2;
            if (at >= value.size() || (value[at] != '{' && value[at] != '[')) return;
            auto end = value.find(value[at] == '{' ? '}' : ']', at);
            if (end == std::string_view::npos) return;
            auto key = value.substr(at + 1, end - at - 1);
            if (value[at] == '[' && (key.empty() || !(is_digit(key[0]) || key[0] == '$' || key[0] == '-'))) return;
            while (!key.empty() && (key.front() == '\'' || key.front() == '"')) key.remove_prefix(1);
            while (!key.empty() && (key.back() == '\'' || key.back() == '"')) key.remove_suffix(1);
            sign("[");
            bool variable = key.starts_with('$');
            if (variable)
                add(Kind::word, key.substr(1)).quoted = true;
            else
                add(Kind::string, key);
            sign("]");
            i = end + 1;
        }
    }
    static std::size_t escape(std::string_view value, std::size_t i, std::string& piece) {
        char c = value[i];
        if (c == 'x' && i + 1 < value.size()) {
            int code = 0, digits = 0;
            auto at = i + 1;
            if (value[at] == '{') ++at;
            while (at < value.size() && digits < 4 && std::isxdigit(static_cast<unsigned char>(value[at])) != 0) {
                char d = lower(value[at]);
                code = code * 16 + (is_digit(d) ? d - '0' : d - 'a' + 10);
                ++at, ++digits;
            }
            if (at < value.size() && value[at] == '}') ++at;
            piece += static_cast<char>(static_cast<unsigned char>(code & 0xFF));
            return at;
        }
        constexpr std::string_view kFrom = "nrta0e", kTo("\n\r\t\a\0\x1b", 6);
        auto at = kFrom.find(c);
        piece += at == std::string_view::npos ? c : kTo[at];
        return i + 1;
    }

    /// <<"EOF": the text is on the lines below.
    bool heredoc() {
        auto at = at_ + 2;
        if (at < text_.size() && text_[at] == '~') ++at;
        char quote = at < text_.size() ? text_[at] : '\0';
        bool marked = quote == '"' || quote == '\'';
        if (marked) ++at;
        auto stop = at;
        while (stop < text_.size() && (is_letter(text_[stop]) || is_digit(text_[stop]))) ++stop;
        if (stop == at || (marked && text_[stop < text_.size() ? stop : at] != quote)) return false;
        auto name = text_.substr(at, stop - at);
        auto line = text_.find('\n', std::max(stop, skip_to_));
        if (line == std::string_view::npos) return false;
        if (skip_to_ > stop) line = skip_to_ - 1;
        auto end = line + 1;
        while (end < text_.size()) {
            auto stop_line = std::min(text_.find('\n', end), text_.size());
            if (trim(text_.substr(end, stop_line - end)) == name) break;
            end = stop_line + 1;
        }
        end = std::min(end, text_.size());
        auto value = text_.substr(line + 1, end > line + 1 ? end - line - 1 : 0);
        at_ = stop + (marked ? 1 : 0);
        skip_to_ = std::min(text_.find('\n', end), text_.size());
        if (quote == '\'')
            add(Kind::string, value);
        else
            interpolated(value);
        return true;
    }

    /// qw(a b): a list of texts.
    void quoted_words(char close_sign) {
        auto end = std::min(text_.find(close_sign, at_), text_.size());
        auto words = text_.substr(at_, end - at_);
        at_ = std::min(end + 1, text_.size());
        sign("[");
        for (std::size_t i = 0; i < words.size() && tokens_.size() < kMostTokens;) {
            auto stop = i;
            while (stop < words.size() && !is_space(words[stop])) ++stop;
            if (stop > i) {
                if (!last_is("[")) sign(",");
                add(Kind::string, words.substr(i, stop - i));
            }
            i = stop + 1;
        }
        sign("]");
    }
    /// Whether the bracket that opens before here holds more than one value: a list.
    bool lists() const {
        constexpr std::size_t kLongest = 4096;
        auto text = text_.substr(at_, kLongest);
        std::size_t depth = 0;
        bool commas = false;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] == '(' || text[i] == '[' || text[i] == '{') ++depth;
            if (text[i] == ')' || text[i] == ']' || text[i] == '}')
                if (depth-- == 0) return commas;
            if (depth == 0 && text.substr(i, 2) == "=>") return false;
            commas = commas || (depth == 0 && text[i] == ',');
        }
        return false;
    }

    bool angle() {
        if (peek(1) == '<' && heredoc()) return true;
        auto end = text_.substr(at_, 64).find('>');
        if (end == std::string_view::npos) return false;
        auto inner = text_.substr(at_ + 1, end - 1);
        if (inner.find_first_of(" \n;") != std::string_view::npos) return false;
        at_ += end + 1;
        if (inner.starts_with('$')) inner.remove_prefix(1);
        add(Kind::word, "readline");
        sign("(");
        add(Kind::word, inner.empty() ? std::string_view("STDIN") : inner).quoted = true;
        sign(")");
        return true;
    }

    /// Whether a pattern or substitution follows that is written out: a method of what stands before it.
    bool binds_pattern() const {
        auto at = at_;
        while (at < text_.size() && is_space(text_[at])) ++at;
        auto stop = at;
        while (stop < text_.size() && is_letter(text_[stop])) ++stop;
        auto name = text_.substr(at, stop - at);
        bool sign = stop < text_.size() && !is_digit(text_[stop]) && !is_space(text_[stop]);
        return sign &&
               (name == "s" || name == "m" || name == "tr" || name == "y" || (name.empty() && text_[at] == '/'));
    }
    void begin_match() {
        binds_ = false;
        sign(".");
        add(Kind::word, "#match").quoted = true;
        sign("(");
    }
    /// A pattern up to `quote`, and its flags.
    void pattern(char quote) {
        auto close_sign = closing(quote);
        auto from = at_;
        std::size_t depth = 0;
        while (at_ < text_.size() && text_[at_] != '\n') {
            char c = text_[at_];
            if (c == '\\') {
                at_ += 2;
                continue;
            }
            if (c == close_sign && depth == 0) break;
            if (c == quote && quote != close_sign) ++depth;
            if (c == close_sign) --depth;
            ++at_;
        }
        at_ = std::min(at_, text_.size());
        auto value = text_.substr(from, at_ - from);
        if (at_ < text_.size()) ++at_;
        while (is_letter(peek())) ++at_;
        bool bound = binds_;
        if (bound) begin_match();
        bool splits = tokens_.size() > 1 && last_is("(") && tokens_[tokens_.size() - 2].is_word("split");
        add(Kind::string, value);
        if (bound) sign(")");
        auto next = at_;
        while (next < text_.size() && is_space(text_[next])) ++next;
        if (!splits || (next < text_.size() && text_[next] == ',')) return;
        sign(",");  // split /a/ alone takes $_ apart
        add(Kind::word, "_").quoted = true;
    }
    /// s/a/b/e, tr/a/b/: a method of what it is bound to.
    void replacement(char quote, bool substitutes) {
        auto close_sign = closing(quote);
        auto past = [&](char open_sign, char end_sign) {
            std::size_t depth = 0;
            auto from = at_;
            while (at_ < text_.size()) {
                char c = text_[at_];
                if (c == '\\') {
                    at_ += 2;
                    continue;
                }
                if (c == end_sign && depth == 0) break;
                if (c == open_sign && open_sign != end_sign) ++depth;
                if (c == end_sign) --depth;
                ++at_;
            }
            at_ = std::min(at_, text_.size());
            auto value = text_.substr(from, at_ - from);
            if (at_ < text_.size()) ++at_;
            return value;
        };
        auto from = past(quote, close_sign);
        if (quote != close_sign) {
            while (is_space(peek()) && at_ < text_.size()) ++at_;
            quote = peek();
            close_sign = closing(quote);
            if (at_ < text_.size()) ++at_;
        }
        auto value = past(quote, close_sign);
        std::size_t runs = 0;
        for (; is_letter(peek()); ++at_) runs += peek() == 'e';
        bool stands = !binds_ && !behind_value();  // of $_
        if (stands) add(Kind::word, "_").quoted = true;
        begin_match();
        add(Kind::string, from);
        if (substitutes) {
            sign(",");
            replaced_by(value, runs);
        }
        sign(")");
    }
    /// What a substitution puts in: a text, or code as often as its flags say, which sees what was matched.
    void replaced_by(std::string_view value, std::size_t runs) {
        if (runs == 0) return interpolated(value);
        sign("(");
        sign(")");
        sign("=>");
        sign("(");
        if (runs > 1) {
            add(Kind::word, "eval");
            sign("(");
        }
        nested(value);
        if (runs > 1) sign(")");
        sign(")");
    }

    /// Code within a text: what is in its brackets is read as any other.
    void nested(std::string_view code) {
        constexpr std::size_t kDeepest = 4;
        if (depth_ >= kDeepest) return void(add(Kind::string, code));
        auto from = begin_;
        bool inside = code.data() >= text_.data() && code.data() <= text_.data() + text_.size();
        if (inside) from = static_cast<std::size_t>(code.data() - text_.data());
        Lexer inner(code, {where_.offset + static_cast<std::uint32_t>(from), 0}, arena_);
        inner.depth_ = depth_ + 1;
        bool cut = false;
        auto tokens = inner.read(cut);
        tokens.pop_back();
        if (tokens_.size() + tokens.size() > kMostTokens) return void(add(Kind::string, code));
        seen_.insert(inner.seen_.begin(), inner.seen_.end());
        sign("(");
        tokens_.insert(tokens_.end(), tokens.begin(), tokens.end());
        if (tokens.empty()) add(Kind::string, {});
        sign(")");
    }

    // Words -----------------------------------------------------------------------------------------------------------
    void word() {
        auto from = at_;
        while (is_letter(peek()) || is_digit(peek()) ||
               (peek() == ':' && peek(1) == ':' && is_letter(peek(2)) && ++at_ > 0))
            ++at_;
        auto name = text_.substr(from, at_ - from);
        bool member = last_is(".");
        auto next = at_;
        while (next < text_.size() && is_space(text_[next])) ++next;
        char follows = next < text_.size() ? text_[next] : '\0';
        bool key = follows == '=' && next + 1 < text_.size() && text_[next + 1] == '>';
        bool subscript = last_is("[") && follows == '}' && !braces_.empty() && braces_.back() == '[';
        if (key || subscript) return void(add(Kind::string, name));
        if (member) return void(add(Kind::word, name).quoted = true);
        if (quote_like(name, next, follows)) return;
        struct Word {
            std::string_view name, sign;
        };
        static constexpr Word kWords[] = {{"and", "&&"}, {"or", "||"}, {"not", "!"}, {"eq", "=="},
                                          {"ne", "!="},  {"lt", "<"},  {"gt", ">"},  {"le", "<="},
                                          {"ge", ">="},  {"x", "*"},   {"cmp", "-"}, {"xor", "^"}};
        for (const auto& each : kWords)
            if (name == each.name && (name == "not" || behind_value())) {
                if (name == "and" || name == "or") close_calls(braces_.size());
                return sign(each.sign);
            }
        if (name == "__END__" || name == "__DATA__") return void(over_ = true);
        if (name == "my" || name == "local") declares_ = name == "my";
        if (name == "my" || name == "our" || name == "local" || name == "no" || name == "strict" || name == "warnings")
            return;
        if (name == "use" || name == "package") {
            auto end = std::min(text_.find(';', at_), text_.size());
            at_ = end;
            return;
        }
        if (name == "sub") return subroutine();
        bool modifier = name == "if" || name == "unless" || name == "while" || name == "until" || name == "for" ||
                        name == "foreach";
        if (modifier && behind_value() && !last_is(";")) {
            close_calls(braces_.size());
            return sign(";");
        }
        if (name == "unless") return head("if");
        if (name == "until") return head("while");
        if (name == "elsif") {
            add(Kind::word, "else");
            return head("if");
        }
        if (name == "for" || name == "foreach") return each(next, follows);
        if (name == "last" || name == "next" || name == "redo")
            return void(add(Kind::word, name == "last" ? "break" : "continue"));
        if (name == "if" || name == "while" || name == "else" || name == "return") return void(add(Kind::word, name));
        if ((name == "eval" || name == "do") && follows == '{') {
            if (!behind_value() && (tokens_.empty() || last_is(";") || last_is("{") || last_is("}")))
                add(Kind::word, "try");
            return;
        }
        bool file =
            name == "do" && (follows == '$' || follows == '"' || follows == '\'');  // no loop: it runs that file
        call(file ? "require" : name, next, follows);
    }

    void head(std::string_view name) { add(Kind::word, name); }

    void call(std::string_view name, std::size_t next, char follows) {
        if (auto at = name.rfind("::"); at != std::string_view::npos && !call_) name = name.substr(at + 2);
        bool bare = std::exchange(call_, false) && std::exchange(calls_now_, false) && follows != '(';
        add(Kind::word, name);
        if (bare) {  // &f; hands its own arguments on
            sign("(");
            sign(")");
            return;
        }
        bool takes_first = name == "shift" || name == "pop";
        bool alone = follows == ';' || follows == ')' || follows == '}' || follows == ',' || follows == '|';
        if (takes_first && alone && subs_ > 0) {  // of what a function was called with
            sign("(");
            add(Kind::word, "_").quoted = true;
            return sign(")");
        }
        bool operator_follows = follows == '=' || follows == ',' || follows == ')' || follows == ';' ||
                                follows == '}' || follows == '(' || follows == '-' || follows == '.' ||
                                follows == '?' || follows == ':' || follows == '\0' || follows == ']';
        if (!takes_list(name) || operator_follows) {
            if (takes_list(name) && (follows == ';' || follows == ')' || follows == '}')) {
                sign("(");
                sign(")");
            }
            return;
        }
        sign("(");
        calls_.push_back(braces_.size());
        bool lists = name == "map" || name == "grep" || name == "sort";
        if (lists && follows == '{') return block(next);
        bool prints = name == "print" || name == "printf" || name == "syswrite";
        if (!prints) return;
        // print HANDLE list, print {$handle} list
        auto stop = next;
        while (stop < text_.size() && (is_letter(text_[stop]) || is_digit(text_[stop]))) ++stop;
        bool handle = stop > next && std::isupper(static_cast<unsigned char>(text_[next])) != 0 &&
                      stop < text_.size() && text_[stop] == ' ';
        if (!handle) return;
        begin_ = next;
        at_ = stop;
        add(Kind::word, text_.substr(next, stop - next)).quoted = true;
        sign(",");
    }

    /// Where the last of several statements of the block begins that opens before here; 0 where there is only one.
    std::size_t last_statement() const {
        constexpr std::size_t kLongest = 4096;
        auto text = text_.substr(at_, kLongest);
        std::size_t depth = 0, last = 0;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] == '{') ++depth;
            if (text[i] == '}' && depth-- == 0) break;
            if (text[i] != ';' || depth > 0) continue;
            auto next = text.find_first_not_of(" \t\r\n", i + 1);
            if (next != std::string_view::npos && text[next] != '}') last = next;
        }
        return last;
    }
    /// map { e } list: (_) => (e), list. The last of several statements is what the block gives.
    void block(std::size_t next) {
        at_ = next + 1;
        auto last = last_statement();
        bool one = last == 0;
        if (!one) gives_at_ = at_ + last;
        if (!one) add(Kind::word, "function");
        sign("(");
        add(Kind::word, "_").quoted = true;
        sign(")");
        if (one) sign("=>");
        open(one ? "(" : "{", '{');
        blocks_.push_back(braces_.size());
    }

    bool quote_like(std::string_view name, std::size_t next, char follows) {
        bool known = name == "q" || name == "qq" || name == "qw" || name == "qx" || name == "m" || name == "qr" ||
                     name == "s" || name == "tr" || name == "y";
        if (!known || follows == '\0' || follows == ',' || follows == ';' || follows == ')' || is_letter(follows) ||
            is_digit(follows))
            return false;
        if (follows == '=' && (next > at_ || name.size() == 1)) return false;
        if (follows == '#' && next > at_) return false;
        at_ = next + 1;
        auto end = closing(follows);
        if (name == "m" || name == "qr")
            pattern(follows);
        else if (name == "s" || name == "tr" || name == "y")
            replacement(follows, name == "s");
        else if (name == "qw")
            quoted_words(end);
        else
            quoted(follows, end, name == "qq" || name == "qx", name == "qx");
        return true;
    }

    /// sub name {: what it is called with is the list _
    void subroutine() {
        ++subs_;
        add(Kind::word, "function");
        while (is_space(peek()) && at_ < text_.size()) ++at_;
        begin_ = at_;
        auto from = at_;
        while (is_letter(peek()) || is_digit(peek()) || peek() == ':') ++at_;
        if (at_ > from) add(Kind::word, text_.substr(from, at_ - from));
        while (at_ < text_.size() && peek() != '{' && peek() != ';' && at_ - from < 256) ++at_;
        sign("(");
        sign("...");
        add(Kind::word, "_").quoted = true;
        sign(")");
    }

    /// foreach my $x (list) {
    void each(std::size_t next, char follows) {
        auto at = next;
        if (text_.substr(at, 3) == "my ") at += 3;
        while (at < text_.size() && is_space(text_[at])) ++at;
        if (at >= text_.size() || text_[at] != '$' || follows == '(') {
            auto close = text_.substr(next, 4096).find(')'), semicolon = text_.substr(next, 4096).find(';');
            bool counts = follows == '(' && semicolon < close;
            add(Kind::word, counts ? "for" : "foreach");
            if (counts) return;
            if (follows != '(') return;
            at_ = next + 1;
            open("(", '(');
            add(Kind::word, "_").quoted = true;
            return void(add(Kind::word, "in"));
        }
        auto stop = ++at;
        while (stop < text_.size() && (is_letter(text_[stop]) || is_digit(text_[stop]))) ++stop;
        auto name = text_.substr(at, stop - at);
        add(Kind::word, "foreach");
        while (stop < text_.size() && is_space(text_[stop])) ++stop;
        at_ = stop;
        if (peek() != '(') return;
        ++at_;
        open("(", '(');
        add(Kind::word, name).quoted = true;
        add(Kind::word, "in");
    }

    // Signs -----------------------------------------------------------------------------------------------------------
    /// Opens a bracket that the script spells `spelt`; it reads as `as` here.
    void open(std::string_view as, char spelt) {
        sign(as);
        braces_.push_back(spelt == '{' ? as[0] : spelt);
        floors_.push_back(calls_.size());
    }
    void shut(char c) {
        close_calls(0);
        if (braces_.empty()) return sign(c == ')' ? ")" : c == ']' ? "]" : "}");
        char as = braces_.back();
        braces_.pop_back();
        floors_.pop_back();
        block_ended_ = as == '{';
        sign(as == '(' ? ")" : as == '[' ? "]" : "}");
        if (!blocks_.empty() && blocks_.back() == braces_.size() + 1) {
            blocks_.pop_back();
            sign(",");
        }
    }

    void operation() {
        static constexpr std::string_view kSigns[] = {
            "<=>", "**=", "||=", "&&=", "//=", "...", "->", "++", "--", "=~", "!~", "==", "!=", "<=", ">=", "&&", "||",
            "//",  "..",  "=>",  "+=",  "-=",  "*=",  "/=", ".=", "%=", "x=", "|=", "&=", "^=", "<<", ">>", "**", "::"};
        if (peek() == '<' && peek(1) == '<' && !behind_value() && heredoc()) return;
        auto rest = text_.substr(at_, 3);
        std::size_t size = 1;
        for (auto each : kSigns)
            if (size == 1 && rest.starts_with(each)) size = each.size();
        auto text = text_.substr(at_, size);
        bool value = behind_value();
        at_ += size;
        if (text == "{")
            return open(value && !last_is(")") && !tokens_.back().is_word("else") && !tokens_.back().is_word("try")
                            ? "["
                        : arrow_ ? "["
                                 : "{",
                        '{'),
                   void(arrow_ = false);
        if (text == "(" && last_is(",") && lists()) return open("[", '['), void(arrow_ = false);
        if (text == "[" || text == "(") return open(text, text[0]), void(arrow_ = false);
        if (text == ")" || text == "]" || text == "}") return shut(text[0]);
        arrow_ = false;
        block_ended_ = false;
        if (text == ";" || text == "=") declares_ = false;
        if (text == "->") {
            auto next = at_;
            while (next < text_.size() && is_space(text_[next])) ++next;
            arrow_ = next < text_.size() && (text_[next] == '{' || text_[next] == '[' || text_[next] == '(');
            if (!arrow_) sign(".");
            return;
        }
        if (text == ";") {
            close_calls(0);
            return sign(";");
        }
        if (text == ".") return sign("#.");
        if (text == ".=") return sign("#.=");
        if (text == "=~" || text == "!~") return binds_pattern() ? void(binds_ = true) : sign("==");
        if (text == "=>") return sign(",");
        if (text == "..") return sign(",");
        if (text == "<=>") return sign("-");
        if (text == "//") return sign("||");
        if (text == "//=") return sign("||=");
        if (text == "\\") return;
        if (text == "::") return sign(".");
        sign(text);
    }

    std::string_view text_;
    Span where_;
    Arena& arena_;
    std::vector<Token> tokens_;
    std::vector<char> braces_;         // how each open bracket reads
    std::vector<std::size_t> floors_;  // calls_.size() when it was opened
    std::vector<std::size_t> calls_;   // calls that were given a bracket: depth
    std::vector<std::size_t> blocks_;  // of map and its like: brackets that are open within
    std::size_t depth_ = 0;            // texts around that hold this one as code
    std::size_t at_ = 0, begin_ = 0, skip_to_ = 0;
    std::unordered_set<std::string_view> seen_, own_;  // variables, and those that are declared with my
    std::size_t gives_at_ = 0;                         // where a statement begins whose value its block gives
    std::size_t subs_ = 0;                             // functions so far
    bool declares_ = false;
    bool binds_ = false;  // "=~" stands before a pattern
    bool over_ = false, call_ = false, calls_now_ = false, arrow_ = false, block_ended_ = false;
};

Program compile_tokens(std::string_view text, Span where, bool code) {
    Assembler to(Language::perl);
    bool cut = false;
    Lexer lexer(text, where, to.program().arena);
    auto tokens = lexer.read(cut);
    for (auto name : code ? std::vector<std::string_view>{} : lexer.shared()) {
        to.step(Op::variable, {}, name);
        to.step(Op::unknown, {});
        to.assign({});
        to.step(Op::drop, {});
    }
    match_brackets(tokens);
    if (cut) to.cut();
    Curly curly(std::move(tokens), kDialect, to);
    if (code) curly.gives_value();
    curly.run();
    return to.finish();
}
Program compile(std::string_view text, Span where) { return compile_tokens(text, where, false); }
Program compile_code(std::string_view text, Span where) { return compile_tokens(text, where, true); }

}  // namespace

extern const FrontEnd kPerlFrontEnd;
const FrontEnd kPerlFrontEnd{Language::perl, "perl", "https://perldoc.perl.org/perlsyn", compile, false, compile_code};

}  // namespace ascribe::shells

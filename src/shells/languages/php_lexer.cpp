#include "shells/languages/php_lexer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <span>

#include "base/text.hpp"

namespace ascribe::shells {
namespace {

using Kind = PhpToken::Kind;

bool is_first(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(int c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Letters written as escapes in one string, from which on they are to hide it. Tests of encodings write one or two.
constexpr std::size_t kHiddenLetters = 3;
constexpr std::size_t kMostTag = 1024;  // bytes of <script language=php>, blanks among them

bool is_name(char c) { return is_first(c) || is_digit(c); }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f'; }
int hex(char c) {
    if (is_digit(c)) return c - '0';
    c = lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// Longest first.
constexpr std::string_view kSigns[] = {
    "<<<", "===", "!==", "<=>", "**=", "...", "<<=", ">>=", "?\?=", "?->", "&&", "||",
    "??",  "==",  "!=",  "<>",  "<=",  ">=",  "<<",  ">>",  "++",   "--",  "+=", "-=",
    "*=",  "/=",  ".=",  "%=",  "&=",  "|=",  "^=",  "**",  "->",   "=>",  "::", "|>"};
/// Most signs are one character: those with which a longer one begins.
constexpr auto kLongSigns = [] {
    std::array<bool, 256> begins{};
    for (auto sign : kSigns) begins[static_cast<unsigned char>(sign[0])] = true;
    return begins;
}();
constexpr std::string_view kCasts[] = {"int",    "integer", "float",  "double", "real",    "string",
                                       "binary", "array",   "object", "bool",   "boolean", "unset"};

std::size_t name_end(std::string_view text, std::size_t at) {
    while (at < text.size() && is_name(text[at])) ++at;
    return at;
}

void append_code_point(std::string& out, std::uint32_t code) {
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xc0 | (code >> 6));
        out += static_cast<char>(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        out += static_cast<char>(0xe0 | (code >> 12));
        out += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
        out += static_cast<char>(0x80 | (code & 0x3f));
    } else {
        out += static_cast<char>(0xf0 | ((code >> 18) & 7));
        out += static_cast<char>(0x80 | ((code >> 12) & 0x3f));
        out += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
        out += static_cast<char>(0x80 | (code & 0x3f));
    }
}

}  // namespace

PhpToken PhpLexer::token(Kind kind, std::size_t begin, std::string_view text) const {
    return {kind, text, {}, {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at_ - begin)}, 0};
}

PhpToken PhpLexer::next() {
    if (!peeked_) return read();
    peeked_ = false;
    return peek_;
}

const PhpToken& PhpLexer::peek() {
    if (!peeked_) {
        peek_ = read();
        peeked_ = true;
    }
    return peek_;
}

void PhpLexer::halt() {
    at_ = text_.size();
    modes_.resize(1);
    peeked_ = false;
}

bool PhpLexer::enter(Mode mode) {
    if (modes_.size() >= kMostNesting) {
        cut_ = true;
        return false;
    }
    modes_.push_back(mode);
    return true;
}

PhpToken PhpLexer::read() {
    for (;;) {
        auto& mode = modes_.back();
        if (mode.kind == Mode::Kind::code) return code();
        if (mode.kind != Mode::Kind::markup) return piece(mode);
        if (at_ >= text_.size()) return token(Kind::end, at_);
        auto found = markup();
        if (found.kind != Kind::end) return found;
    }
}

// Up to the next tag. Kind::end tells that code follows directly.
PhpToken PhpLexer::markup() {
    auto begin = at_;
    auto open = [&](std::size_t tag, std::size_t size, bool script) {
        at_ = tag;
        auto found = token(begin < tag ? Kind::markup : Kind::end, begin, text_.substr(begin, tag - begin));
        at_ += size;
        modes_.back() = {Mode::Kind::code, 0, text_.size(), 0};
        script_tag_ = script;
        return found;
    };
    for (auto tag = begin; (tag = text_.find('<', tag)) != std::string_view::npos; ++tag) {
        auto rest = text_.substr(tag);
        if (rest.starts_with("<?=")) {
            if (begin < tag) {
                at_ = tag;
                return token(Kind::markup, begin, text_.substr(begin, tag - begin));
            }
            open(tag, 3, false);
            return token(Kind::echo_tag, tag, "<?=");
        }
        if (rest.size() > 1 && rest[1] == '?') {
            if (starts_folded(rest.substr(2), "php") && (rest.size() == 5 || is_blank(rest[5])))
                return open(tag, 5, false);
            if (starts_folded(rest.substr(2), "xml") && !(rest.size() > 5 && is_name(rest[5]))) continue;
            return open(tag, 2, false);
        }
        if (!starts_folded(rest.substr(1), "script")) continue;
        auto head = rest.substr(0, std::min<std::size_t>(rest.size(), kMostTag));
        auto end = head.find('>');
        if (end == std::string_view::npos) continue;
        auto words = lower(head.substr(0, end));
        std::erase_if(words, [](char c) { return is_blank(c) || c == '"' || c == '\''; });
        if (words == "<scriptlanguage=php") return open(tag, end + 1, true);
    }
    at_ = text_.size();
    return token(Kind::markup, begin, text_.substr(begin));
}

// Blanks, comments and attributes. A comment of one line ends at ?> too.
void PhpLexer::pass_blanks() {
    for (;;) {
        while (is_blank(look())) ++at_;
        if (look() == '\0' && at_ < text_.size() && modes_.size() == 1) {  // NULs between words: an image's padding
            ++at_;
            continue;
        }
        auto rest = text_.substr(std::min(at_, text_.size()));
        if (rest.starts_with("/*")) {
            auto end = find_comment_end(text_, at_ + 2);
            at_ = end == std::string_view::npos ? text_.size() : end + 2;
        } else if (rest.starts_with("#[")) {
            // An attribute to PHP 8, a comment to those before. What opens and closes within its line is neither's
            // code.
            std::size_t depth = 0, end = at_ + 1;
            auto most = std::min(text_.size(), at_ + 4096);
            for (; end < most; ++end) {
                if (text_[end] == '[') ++depth;
                if (text_[end] == ']' && --depth == 0) break;
            }
            at_ = end < most ? end + 1 : std::min(text_.size(), text_.find('\n', at_));
        } else if (rest.starts_with("//") || rest.starts_with("#")) {
            while (at_ < text_.size() && text_[at_] != '\n' && text_[at_] != '\r') {
                if (text_[at_] == '?' && look(1) == '>') return;
                ++at_;
            }
        } else {
            return;
        }
    }
}

PhpToken PhpLexer::code() {
    pass_blanks();
    if (at_ >= text_.size()) return token(Kind::end, at_);
    auto begin = at_;
    char c = look();
    if ((c == '?' && look(1) == '>') || (script_tag_ && c == '<' && starts_folded(text_.substr(at_), "</script"))) {
        if (c == '?') {
            at_ += 2;
            if (look() == '\n')
                ++at_;
            else if (look() == '\r' && look(1) == '\n')
                at_ += 2;
        } else {
            at_ = std::min(text_.size(), text_.find('>', at_));
            if (at_ < text_.size()) ++at_;
        }
        modes_.resize(1);
        modes_.back() = {Mode::Kind::markup, 0, text_.size(), 0};
        script_tag_ = false;
        return token(Kind::close_tag, begin, ";");
    }
    if (c == '$' && is_first(look(1))) {
        at_ = name_end(text_, at_ + 1);
        return token(Kind::variable, begin, text_.substr(begin + 1, at_ - begin - 1));
    }
    if (is_first(c) || (c == '\\' && is_first(look(1)))) {
        if ((c == 'b' || c == 'B') && (look(1) == '"' || look(1) == '\'')) {
            ++at_;
            return quoted(at_);
        }
        ++at_;
        while (at_ < text_.size() && (is_name(text_[at_]) || (text_[at_] == '\\' && is_first(look(1))))) ++at_;
        return token(Kind::name, begin, text_.substr(begin, at_ - begin));
    }
    if (is_digit(c) || (c == '.' && is_digit(look(1)))) return number(begin);
    if (c == '"' || c == '\'' || c == '`') return quoted(begin);
    for (auto sign :
         kLongSigns[static_cast<unsigned char>(c)] ? std::span(kSigns) : std::span<const std::string_view>()) {
        if (sign[0] != c || !text_.substr(at_).starts_with(sign)) continue;
        if (sign == "<<<") return heredoc(begin);
        at_ += sign.size();
        return token(Kind::sign, begin, sign);
    }
    if (c == '(') {
        auto end = at_ + 1;
        while (end < text_.size() && (text_[end] == ' ' || text_[end] == '\t')) ++end;
        auto word = end;
        end = name_end(text_, std::min(end, text_.size()));
        auto type = text_.substr(std::min(word, text_.size()), end - word);
        while (end < text_.size() && (text_[end] == ' ' || text_[end] == '\t')) ++end;
        if (!type.empty() && type.size() <= 7 && end < text_.size() && text_[end] == ')') {
            for (auto name : kCasts) {
                if (!equals_folded(type, name)) continue;
                at_ = end + 1;
                return token(Kind::cast, begin, name);
            }
        }
    }
    ++at_;
    if (c == '{') ++modes_.back().braces;
    if (c == '}') {
        auto& mode = modes_.back();
        if (mode.braces > 0)
            --mode.braces;
        else if (modes_.size() > 1)
            modes_.pop_back();  // ends what "{$" began
    }
    return token(Kind::sign, begin, text_.substr(begin, 1));
}

PhpToken PhpLexer::number(std::size_t begin) {
    std::string digits;
    int base = 10;
    char second = lower(look(1));
    if (look() == '0' && (second == 'x' || second == 'b' || second == 'o')) {
        base = second == 'x' ? 16 : second == 'b' ? 2 : 8;
        at_ += 2;
    } else if (look() == '0' && (is_digit(look(1)) || look(1) == '_')) {
        base = 8;
    }
    bool real = false;
    while (at_ < text_.size()) {
        char c = text_[at_];
        if (c == '_') {
            ++at_;
            continue;
        }
        if (base == 16 ? hex(c) < 0 : !is_digit(c)) {
            if (base == 16 || base == 2) break;
            bool exponent =
                lower(c) == 'e' && (is_digit(look(1)) || ((look(1) == '-' || look(1) == '+') && is_digit(look(2))));
            if (c == '.' && !real && look(1) != '.' && (is_digit(look(1)) || base == 10)) {
            } else if (exponent) {
                digits += c;
                ++at_;
                c = text_[at_];
            } else {
                break;
            }
            real = true;
            base = 10;
        }
        digits += c;
        ++at_;
        if (digits.size() > 400) break;
    }
    auto found = token(Kind::number, begin);
    if (real || base == 10) {
        std::from_chars(digits.data(), digits.data() + digits.size(), found.number);
    } else {
        for (char c : digits) found.number = found.number * base + std::max(0, hex(c));
    }
    if (!std::isfinite(found.number)) found.number = 0;
    return found;
}

// A string in quotes: constant when nothing in it is interpolated, else the template is entered at its begin.
PhpToken PhpLexer::quoted(std::size_t begin) {
    char quote = look();
    auto from = ++at_;
    bool escaped = false;
    for (auto at = from;; ++at) {
        bool ends = at >= text_.size() || text_[at] == quote;
        if (ends) {
            auto raw = text_.substr(from, std::min(at, text_.size()) - from);
            at_ = std::min(at + 1, text_.size());
            if (quote == '`') {
                at_ = from;
                enter({Mode::Kind::backticks, 0, text_.size(), 0});
                return token(Kind::template_open, begin);
            }
            auto found = token(Kind::text, begin, escaped ? unescape(raw, quote) : raw);
            found.hidden = escaped && letters_ >= kHiddenLetters;
            return found;
        }
        char c = text_[at];
        if (c == '\\') {
            escaped = true;
            ++at;
        } else if (quote != '\'' && at + 1 < text_.size() &&
                   ((c == '$' && (is_first(text_[at + 1]) || text_[at + 1] == '{')) ||
                    (c == '{' && text_[at + 1] == '$'))) {
            if (!enter({quote == '`' ? Mode::Kind::backticks : Mode::Kind::quoted, 0, text_.size(), 0})) {
                at_ = text_.size();
                return token(Kind::end, at_);
            }
            return token(Kind::template_open, begin);
        }
    }
}

PhpToken PhpLexer::heredoc(std::size_t begin) {
    auto plain = [&](std::size_t size) {
        at_ = begin + size;
        return token(Kind::sign, begin, text_.substr(begin, size));
    };
    auto at = begin + 3;
    while (at < text_.size() && (text_[at] == ' ' || text_[at] == '\t')) ++at;
    char quote = at < text_.size() && (text_[at] == '\'' || text_[at] == '"') ? text_[at] : '\0';
    if (quote != '\0') ++at;
    auto label_begin = at;
    if (at >= text_.size() || !is_first(text_[at])) return plain(2);
    at = name_end(text_, at);
    auto label = text_.substr(label_begin, at - label_begin);
    if (quote != '\0') {
        if (at >= text_.size() || text_[at] != quote) return plain(2);
        ++at;
    }
    if (at < text_.size() && text_[at] == '\r') ++at;
    if (at < text_.size() && text_[at] == '\n')
        ++at;
    else if (at < text_.size() && text_[at - 1] != '\r')
        return plain(2);

    // The first line that begins with the label, blanks before it allowed.
    auto body = at;
    std::size_t line = body, end = text_.size(), after = text_.size();
    std::uint32_t indent = 0;
    while (line < text_.size()) {
        auto word = line;
        while (word < text_.size() && (text_[word] == ' ' || text_[word] == '\t')) ++word;
        if (text_.substr(word).starts_with(label) &&
            !(word + label.size() < text_.size() && is_name(text_[word + label.size()]))) {
            end = line;
            after = word + label.size();
            indent = static_cast<std::uint32_t>(word - line);
            break;
        }
        auto newline = text_.find('\n', line);
        if (newline == std::string_view::npos) break;
        line = newline + 1;
    }
    auto last = end;  // the line break before the label is not part of the text
    if (after != text_.size() || end != text_.size()) {
        if (last > body && text_[last - 1] == '\n') --last;
        if (last > body && text_[last - 1] == '\r') --last;
    }
    if (quote == '\'') {
        auto raw = text_.substr(body, last - body);
        at_ = after;
        return token(Kind::text, begin, indent == 0 ? raw : unescape(raw, '\0', indent));
    }
    at_ = body;
    if (!enter({Mode::Kind::heredoc, 0, last, after, indent})) {
        at_ = text_.size();
        return token(Kind::end, at_);
    }
    return token(Kind::template_open, begin);
}

// The next piece of a string that interpolates.
PhpToken PhpLexer::piece(Mode& mode) {
    auto begin = at_;
    char quote = mode.kind == Mode::Kind::quoted ? '"' : mode.kind == Mode::Kind::backticks ? '`' : '\0';
    auto end = std::min(mode.end, text_.size());
    auto at = begin;
    bool escaped = mode.indent > 0;
    auto interpolates = [&](std::size_t i) {
        if (i + 1 >= end) return false;
        return (text_[i] == '$' && (is_first(text_[i + 1]) || text_[i + 1] == '{')) ||
               (text_[i] == '{' && text_[i + 1] == '$');
    };
    while (at < end && (quote == '\0' || text_[at] != quote) && !interpolates(at)) {
        if (text_[at] == '\\' && at + 1 < end) {
            escaped = true;
            ++at;
        }
        ++at;
    }
    if (at > begin) {
        auto raw = text_.substr(begin, at - begin);
        at_ = at;
        auto found =
            token(Kind::piece, begin, escaped ? unescape(raw, quote == '\0' ? '\1' : quote, mode.indent) : raw);
        found.hidden = escaped && letters_ >= kHiddenLetters;
        return found;
    }
    if (at >= end || (quote != '\0' && text_[at] == quote)) {
        bool command = mode.kind == Mode::Kind::backticks;
        at_ = mode.kind == Mode::Kind::heredoc ? mode.after : std::min(at + 1, text_.size());
        modes_.pop_back();
        return token(Kind::template_close, begin, command ? "`" : "");
    }
    if (text_[at] == '{') {  // {$...}
        at_ = at + 1;
        if (!enter({Mode::Kind::code, 0, text_.size(), 0})) return token(Kind::piece, begin, "");
        return token(Kind::embed_open, begin);
    }
    if (text_[at + 1] == '{') {  // ${...}
        at_ = at + 2;
        if (!enter({Mode::Kind::code, 0, text_.size(), 0})) return token(Kind::piece, begin, "");
        return token(Kind::embed_dynamic, begin);
    }
    at_ = name_end(text_, at + 1);
    auto name = text_.substr(at + 1, at_ - at - 1);
    if (look() == '[') {
        auto close = text_.substr(at_, 256).find(']');
        if (close != std::string_view::npos && close > 1) {
            auto key = text_.substr(at_ + 1, close - 1);
            at_ += close + 1;
            auto found = token(Kind::piece_element, begin, name);
            found.key = key;
            return found;
        }
    }
    if ((look() == '-' && look(1) == '>' && is_first(look(2)))) {
        auto from = at_ + 2;
        at_ = name_end(text_, from);
        auto found = token(Kind::piece_member, begin, name);
        found.key = text_.substr(from, at_ - from);
        return found;
    }
    return token(Kind::piece_variable, begin, name);
}

// Escapes of a string in ' (quote '\''), of " and ` and heredocs, and a heredoc's indentation ('\0': nothing but that).
std::string_view PhpLexer::unescape(std::string_view raw, char quote, std::uint32_t indent) {
    std::string out;
    out.reserve(raw.size());
    letters_ = 0;
    bool line_start = indent > 0;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (line_start) {
            std::size_t blanks = 0;
            while (blanks < indent && i < raw.size() && (raw[i] == ' ' || raw[i] == '\t')) ++blanks, ++i;
            line_start = false;
            if (i >= raw.size()) break;
        }
        char c = raw[i];
        if (c == '\n' && indent > 0) line_start = true;
        if (c != '\\' || i + 1 >= raw.size() || quote == '\0') {
            out += c;
            continue;
        }
        char e = raw[++i];
        if (quote == '\'') {
            if (e != '\'' && e != '\\') out += '\\';
            out += e;
            continue;
        }
        switch (e) {
            case 'n': out += '\n'; break;
            case 't': out += '\t'; break;
            case 'r': out += '\r'; break;
            case 'v': out += '\v'; break;
            case 'e': out += '\x1b'; break;
            case 'f': out += '\f'; break;
            case '\\': out += '\\'; break;
            case '$': out += '$'; break;
            case 'x':
            case 'X': {
                int value = 0, digits = 0;
                while (digits < 2 && i + 1 < raw.size() && hex(raw[i + 1]) >= 0)
                    value = value * 16 + hex(raw[++i]), ++digits;
                if (digits == 0)
                    out += '\\', out += e;
                else
                    out += static_cast<char>(value), letters_ += is_letter(value) ? 1 : 0;
                break;
            }
            case 'u': {
                auto close = raw.substr(i, 16).find('}');
                if (i + 1 < raw.size() && raw[i + 1] == '{' && close != std::string_view::npos) {
                    std::uint32_t code = 0;
                    for (auto d : raw.substr(i + 2, close - 2))
                        code = (code << 4) | static_cast<std::uint32_t>(std::max(0, hex(d)));
                    append_code_point(out, code & 0x1fffff);
                    i += close;
                } else {
                    out += "\\u";
                }
                break;
            }
            default:
                if (e >= '0' && e <= '7') {
                    int value = e - '0';
                    for (int digits = 1; digits < 3 && i + 1 < raw.size() && raw[i + 1] >= '0' && raw[i + 1] <= '7';
                         ++digits)
                        value = value * 8 + (raw[++i] - '0');
                    out += static_cast<char>(value);
                    letters_ += is_letter(value) ? 1 : 0;
                } else {
                    if (e != quote) out += '\\';
                    out += e;
                }
        }
    }
    return arena_.keep(out);
}

}  // namespace ascribe::shells

// Texts of Perl: quotes of all kinds and what stands in them, here-documents, lists of words, patterns and what is put
// in their place.
#include <utility>

#include "base/text.hpp"
#include "shells/languages/perl_tokens.hpp"

namespace ascribe::shells {

std::string_view PerlLexer::delimited(char open_sign, char close_sign, bool in_line) {
    auto from = at_;
    std::size_t depth = 0;
    while (at_ < text_.size() && !(in_line && text_[at_] == '\n')) {
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
    auto text = text_.substr(from, at_ - from);
    if (at_ < text_.size()) ++at_;
    return text;
}

void PerlLexer::quoted(char open_sign, char close_sign, bool holes, bool runs) {
    auto value = delimited(open_sign, close_sign);
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

void PerlLexer::interpolated(std::string_view value) {
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

std::size_t PerlLexer::hole_end(std::string_view value, std::size_t at) {
    auto begins = value.substr(at, 3);
    if (begins != "@{[" && begins != "${\\") return 0;
    auto end = value.find(begins == "@{[" ? "]}" : "}", at + 3);
    return end == std::string_view::npos ? 0 : end;
}

void PerlLexer::subscripts(std::string_view value, std::size_t& i) {
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

std::size_t PerlLexer::escape(std::string_view value, std::size_t i, std::string& piece) {
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

bool PerlLexer::heredoc() {
    auto at = at_ + 2;
    if (at < text_.size() && text_[at] == '~') ++at;
    char quote = at < text_.size() ? text_[at] : '\0';
    bool marked = quote == '"' || quote == '\'' || quote == '`';
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
    if (quote == '`') {  // a command
        add(Kind::word, "qx");
        sign("(");
    }
    if (quote == '\'')
        add(Kind::string, value);
    else
        interpolated(value);
    if (quote == '`') sign(")");
    return true;
}

void PerlLexer::quoted_words(char close_sign) {
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

bool PerlLexer::angle() {
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

bool PerlLexer::binds_pattern() const {
    auto at = at_;
    while (at < text_.size() && is_space(text_[at])) ++at;
    auto stop = at;
    while (stop < text_.size() && is_letter(text_[stop])) ++stop;
    auto name = text_.substr(at, stop - at);
    bool sign = stop < text_.size() && !is_digit(text_[stop]) && !is_space(text_[stop]);
    return sign && (name == "s" || name == "m" || name == "tr" || name == "y" || (name.empty() && text_[at] == '/'));
}

bool PerlLexer::fills_list() const {
    constexpr std::size_t kLooked = 16;  // tokens
    for (auto i = tokens_.size(); i > begins_ + 1 && i + kLooked > tokens_.size(); --i)
        if (tokens_[i - 1].is("=")) return tokens_[i - 2].is(")");
    return false;
}

void PerlLexer::begin_match() {
    bool list = std::exchange(binds_, false) && fills_list();
    sign(".");
    add(Kind::word, list ? "#matches" : "#match").quoted = true;
    sign("(");
}

void PerlLexer::pattern(char quote) {
    auto value = delimited(quote, closing(quote), true);
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

void PerlLexer::replacement(char quote, bool substitutes) {
    auto close_sign = closing(quote);
    auto from = delimited(quote, close_sign);
    if (quote != close_sign) {
        while (is_space(peek()) && at_ < text_.size()) ++at_;
        quote = peek();
        close_sign = closing(quote);
        if (at_ < text_.size()) ++at_;
    }
    auto value = delimited(quote, close_sign);
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

void PerlLexer::replaced_by(std::string_view value, std::size_t runs) {
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

void PerlLexer::nested(std::string_view code) {
    constexpr std::size_t kDeepest = 4;
    if (depth_ >= kDeepest) return void(add(Kind::string, code));
    auto from = begin_;
    bool inside = code.data() >= text_.data() && code.data() <= text_.data() + text_.size();
    if (inside) from = static_cast<std::size_t>(code.data() - text_.data());
    PerlLexer inner(code, {where_.offset + static_cast<std::uint32_t>(from), 0}, arena_);
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

}  // namespace ascribe::shells

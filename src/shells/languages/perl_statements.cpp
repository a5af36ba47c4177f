// Statements of Perl that are read in another order than they are written in: modifiers behind, handles before what is
// printed, values that a function gives without saying so.
#include <algorithm>
#include <utility>

#include "shells/languages/perl_tokens.hpp"

namespace ascribe::shells {

void PerlLexer::modify(std::string_view name) {
    close_calls(braces_.size());
    end_statement();
    sign(";");
    modifier_ = {name, begins_, tokens_.size(), braces_.size()};
}

void PerlLexer::end_statement() {
    if (modifier_.name.empty() || modifier_.depth != braces_.size()) return;
    constexpr std::size_t kLongest = 4096;  // tokens; a longer statement is walked before its condition
    auto [name, statement, condition, depth] = std::exchange(modifier_, {});
    if (condition == tokens_.size() || condition <= statement + 1 || tokens_.size() - statement > kLongest) return;
    std::vector<Token> moved(tokens_.begin() + static_cast<std::ptrdiff_t>(condition), tokens_.end());
    std::vector<Token> body(tokens_.begin() + static_cast<std::ptrdiff_t>(statement),
                            tokens_.begin() + static_cast<std::ptrdiff_t>(condition));
    tokens_.resize(statement);
    bool each = name == "for" || name == "foreach", negated = name == "unless" || name == "until";
    add(Kind::word, each ? "foreach" : name == "while" || name == "until" ? "while" : "if");
    sign("(");
    if (each) add(Kind::word, "_").quoted = true;
    if (each) add(Kind::word, "in");
    if (negated) sign("!");
    if (negated) sign("(");
    tokens_.insert(tokens_.end(), moved.begin(), moved.end());
    if (negated) sign(")");
    sign(")");
    sign("{");
    tokens_.insert(tokens_.end(), body.begin(), body.end());  // with its semicolon
    sign("}");
    begins_ = tokens_.size();
    block_ended_ = true;
}

void PerlLexer::printed_to(std::size_t next) {
    bool braced = next < text_.size() && text_[next] == '{';
    auto from = next + (braced ? 1 : 0);
    while (from < text_.size() && braced && is_space(text_[from])) ++from;
    bool sigil = from < text_.size() && text_[from] == '$';
    if (sigil) ++from;
    auto stop = from;
    while (stop < text_.size() && (is_letter(text_[stop]) || is_digit(text_[stop]))) ++stop;
    auto handle = text_.substr(from, stop - from);
    while (stop < text_.size() && braced && is_space(text_[stop])) ++stop;
    if (handle.empty() || stop >= text_.size() || text_[stop] != (braced ? '}' : ' ')) return;
    if (braced) ++stop;
    // Of a name alone it is not certain: a value follows a handle, what calculates follows a number.
    auto value = text_.find_first_not_of(' ', stop);
    bool list = value != std::string_view::npos &&
                (is_letter(text_[value]) || std::string_view("$\"'@<`").find(text_[value]) != std::string_view::npos);
    bool bare = !braced && !sigil && std::isupper(static_cast<unsigned char>(handle.front())) != 0;
    if (!braced && !bare && !(sigil && list)) return;
    constexpr std::string_view kWords[] = {"if", "unless", "for", "foreach", "while", "and", "or",
                                           "x",  "eq",     "ne",  "cmp",     "lt",    "gt"};
    auto word = text_.substr(std::min(value, text_.size()));
    word = word.substr(0, word.find_first_of(" ("));
    if (!braced && std::ranges::find(kWords, word) != std::end(kWords)) return;
    begin_ = next;
    at_ = stop;
    tokens_.resize(tokens_.size() - 2);  // print(
    add(Kind::word, handle).quoted = true;
    sign(".");
    add(Kind::word, "#print").quoted = true;
    sign("(");
}

std::size_t PerlLexer::last_statement() const {
    constexpr std::size_t kLongest = 1024;
    auto text = text_.substr(at_, kLongest);
    std::size_t depth = 0, last = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '{') ++depth;
        if (text[i] == '}' && depth-- == 0) return last;
        if (text[i] != ';' || depth > 0) continue;
        auto next = text.find_first_not_of(" \t\r\n", i + 1);
        if (next != std::string_view::npos && text[next] != '}') last = next;
    }
    return std::string_view::npos;
}

void PerlLexer::gives_last() {
    auto block = at_++;
    auto last = last_statement();
    if (last != std::string_view::npos) last = text_.find_first_not_of(" \t\r\n", at_ + last);
    at_ = block;
    if (last == std::string_view::npos) return;
    auto stop = last;
    while (stop < text_.size() && (is_letter(text_[stop]) || is_digit(text_[stop]))) ++stop;
    auto word = text_.substr(last, stop - last);
    constexpr std::string_view kStatements[] = {"if",   "unless", "for", "foreach", "while", "until", "return", "my",
                                                "our",  "local",  "sub", "die",     "exit",  "print", "printf", "say",
                                                "next", "last",   "use", "no",      "else",  "elsif", "package"};
    bool value = text_[last] != '}' && text_[last] != '{' && text_[last] != '#';
    if (value && std::ranges::find(kStatements, word) == std::end(kStatements)) gives_at_ = last;
}

}  // namespace ascribe::shells

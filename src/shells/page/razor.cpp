// Razor: '@' begins code, which ends where its brackets do; within a block a line that begins with a tag is markup
// again.
#include <cctype>

#include "shells/page/unit_writer.hpp"

namespace ascribe::shells {
namespace {

constexpr std::size_t kMostNested = 32;  // blocks in markup in blocks

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

class Razor {
public:
    Razor(std::string_view page, UnitWriter& units) : page_(page), units_(units) {}

    void read() {
        while (at_ < page_.size()) {
            if (page_[at_] == '@')
                transition();
            else
                ++at_;
        }
    }

private:
    char peek(std::size_t ahead = 0) const { return at_ + ahead < page_.size() ? page_[at_ + ahead] : '\0'; }

    /// At an '@' of markup.
    void transition() {
        bool address = at_ > 0 && is_word(page_[at_ - 1]);
        char next = peek(1);
        if (address || next == '@') {
            at_ += 2;
        } else if (next == '*') {
            auto end = page_.find("*@", at_ + 2);
            at_ = end == std::string_view::npos ? page_.size() : end + 2;
        } else if (next == '{') {
            at_ += 2;
            block();
        } else if (next == '(') {
            auto begin = at_ + 2;
            at_ = begin;
            brackets(1);
            units_.echo(Language::csharp, begin, at_ > begin ? at_ - 1 : begin);
        } else if (is_word(next)) {
            word();
        } else {
            ++at_;
        }
    }

    void word() {
        auto begin = at_ + 1, end = begin;
        while (end < page_.size() && is_word(page_[end])) ++end;
        auto name = page_.substr(begin, end - begin);
        at_ = end;
        if (name == "functions" || name == "code" || name == "helper" || name == "section") {
            auto open = next_open();
            if (open == std::string_view::npos) return;
            at_ = open + 1;
            block();
        } else if (name == "if" || name == "for" || name == "foreach" || name == "while" || name == "switch" ||
                   name == "lock" || name == "try" || name == "do" || (name == "using" && sign_behind(end) == '(')) {
            statement(begin);
        } else if (name == "using" || name == "model" || name == "inherits" || name == "layout" || name == "page" ||
                   name == "inject" || name == "namespace" || name == "addTagHelper") {
            auto line = page_.find('\n', end);
            at_ = line == std::string_view::npos ? page_.size() : line;
        } else if (name == "await") {
            at_ = behind_blanks(end);
            expression(at_);
        } else {
            expression(begin);
        }
    }

    std::size_t behind_blanks(std::size_t at) const {
        while (at < page_.size() && std::isspace(static_cast<unsigned char>(page_[at])) != 0) ++at;
        return at;
    }
    char sign_behind(std::size_t at) const {
        at = behind_blanks(at);
        return at < page_.size() ? page_[at] : '\0';
    }
    /// Where the next block opens; looked for once, however many keywords stand before it.
    std::size_t next_open() {
        if (open_ < at_) open_ = page_.find('{', at_);
        return open_;
    }

    /// `@if (...) {`: the head is code, then the block, then what goes on with it: `else {`, `while (...);`.
    void statement(std::size_t begin) {
        for (;;) {
            auto open = next_open();
            if (open == std::string_view::npos) return;
            units_.code(Language::csharp, begin, open + 1);
            at_ = open + 1;
            block();
            units_.instead(Language::csharp, at_ > 0 ? at_ - 1 : 0, at_, "}");
            begin = behind_blanks(at_);
            auto end = begin;
            while (end < page_.size() && is_word(page_[end])) ++end;
            auto name = page_.substr(begin, end - begin);
            if (name != "else" && name != "catch" && name != "finally") return;
            at_ = end;
        }
    }

    /// `@a.b(c)[d].e`: names, dots and brackets without blanks.
    void expression(std::size_t begin) {
        while (at_ < page_.size()) {
            if (is_word(page_[at_]) || (page_[at_] == '.' && is_word(peek(1)))) {
                ++at_;
            } else if (page_[at_] == '(' || page_[at_] == '[') {
                ++at_;
                brackets(1);
            } else {
                break;
            }
        }
        units_.echo(Language::csharp, begin, at_);
    }

    /// Moves behind the bracket that closes the innermost of `depth`.
    void brackets(std::size_t depth) {
        while (at_ < page_.size() && depth > 0) {
            char c = page_[at_];
            if (quoted()) continue;
            depth += c == '(' || c == '[' || c == '{';
            depth -= c == ')' || c == ']' || c == '}';
            ++at_;
        }
    }

    /// Passes over a string or comment that begins here.
    bool quoted() {
        char c = page_[at_];
        if (c == '/' && peek(1) == '/') {
            auto end = page_.find('\n', at_);
            at_ = end == std::string_view::npos ? page_.size() : end;
            return true;
        }
        if (c == '/' && peek(1) == '*') {
            auto end = page_.find("*/", at_ + 2);
            at_ = end == std::string_view::npos ? page_.size() : end + 2;
            return true;
        }
        if (c != '"' && c != '\'') return false;
        bool verbatim =
            at_ > 0 && (page_[at_ - 1] == '@' || (page_[at_ - 1] == '$' && at_ > 1 && page_[at_ - 2] == '@'));
        for (++at_; at_ < page_.size() && page_[at_] != c; ++at_) {
            if (page_[at_] == '\\' && !verbatim) ++at_;
            if (at_ < page_.size() && page_[at_] == '\n' && !verbatim) break;
        }
        if (at_ < page_.size()) ++at_;
        return true;
    }

    /// Code up to the '}' that ends the block, and behind it; lines of markup in it are left out.
    void block() {
        auto begin = at_;
        std::size_t depth = 1;
        bool fresh = true;  // a statement may begin: a '<' elsewhere compares, or names types
        if (++nested_ > kMostNested) {
            --nested_;
            return;
        }
        while (at_ < page_.size()) {
            char c = page_[at_];
            if (fresh && ((c == '<' && (std::isalpha(static_cast<unsigned char>(peek(1))) != 0 || peek(1) == '/')) ||
                          (c == '@' && peek(1) == ':'))) {
                if (at_ > begin) units_.code(Language::csharp, begin, at_);
                markup_line();
                begin = at_;
                continue;
            }
            if (c != '/' && quoted()) {
                fresh = false;
                continue;
            }
            if (c == '/' && quoted()) continue;
            depth += c == '{';
            if (c == '}' && --depth == 0) break;
            bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
            fresh = c == '{' || c == '}' || c == ';' || c == ':' || (fresh && blank);
            ++at_;
        }
        --nested_;
        if (at_ > begin) units_.code(Language::csharp, begin, at_);
        if (at_ < page_.size()) ++at_;
    }

    void markup_line() {
        char before = '\0';  // the last sign that is no blank
        while (at_ < page_.size() && page_[at_] != '\n') {
            if (page_[at_] == '}' && before == '>') return;  // `{ <li>x</li> }`: the block ends on the same line
            if (page_[at_] != ' ' && page_[at_] != '\t') before = page_[at_];
            if (page_[at_] == '@' && peek(1) != ':')
                transition();
            else
                ++at_;
        }
    }

    std::string_view page_;
    UnitWriter& units_;
    std::size_t at_ = 0, open_ = 0, nested_ = 0;
};

}  // namespace

void read_razor(std::string_view page, UnitWriter& units) { Razor(page, units).read(); }

}  // namespace ascribe::shells

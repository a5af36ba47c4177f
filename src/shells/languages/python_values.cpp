// What Python spells in another order than languages with braces: conditions, comprehensions, slices, lambdas.
#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "shells/languages/python_tokens.hpp"

namespace ascribe::shells {

std::size_t PythonLexer::value_begin() const {
    constexpr std::size_t kLongest = 256;  // tokens: longer ones stay as they are
    std::size_t closed = 0, begin = tokens_.size();
    for (; begin > 0 && tokens_.size() - begin < kLongest; --begin) {
        const Token& before = tokens_[begin - 1];
        if (before.is(")") || before.is("]") || before.is("}")) {
            ++closed;
        } else if (before.is("(") || before.is("[") || before.is("{")) {
            if (closed == 0) break;
            --closed;
        } else if (closed == 0 && begins_value(before)) {
            break;
        }
    }
    return begin;
}

bool PythonLexer::begins_value(const Token& before) {
    constexpr std::string_view kBefore[] = {",", ":", ";", "=", "+=", "=>", "?"};
    return before.is_word("return") || std::ranges::any_of(kBefore, [&](auto each) { return before.is(each); });
}

void PythonLexer::resource() {
    while (peek() == ' ') ++at_;
    begin_ = at_;
    auto stop = at_;
    while (stop < text_.size() && (is_letter(text_[stop]) || is_digit(text_[stop]))) ++stop;
    auto name = text_.substr(at_, stop - at_);
    at_ = stop;
    if (name.empty() || with_at_ > tokens_.size() || tokens_.size() - with_at_ > 64) return;
    word(name);
    sign("=");
    auto from = tokens_.begin() + static_cast<std::ptrdiff_t>(with_at_);
    std::rotate(from, tokens_.end() - 2, tokens_.end());
}

void PythonLexer::condition() {
    auto begin = value_begin();
    if (conditions_.size() < kMostNesting) conditions_.push_back({begin, tokens_.size(), depth_});
}

bool PythonLexer::comprehension() {
    constexpr std::size_t kLongest = 128;  // bytes of the names
    auto names = text_.substr(at_, kLongest);
    auto end = names.find(" in ");
    if (end == std::string_view::npos) end = names.find(" in\n");
    if (end == std::string_view::npos) return false;
    names = names.substr(0, end);
    at_ += end + 4;
    if (in_comprehension()) return sign(","), true;
    auto begin = value_begin(), from = tokens_.size();
    bool list = begin > 0 && tokens_[begin - 1].is("[");
    word("#each");
    sign("(");
    sign("(");
    for (std::size_t i = 0; i < names.size();) {
        auto stop = i;
        while (stop < names.size() && (is_letter(names[stop]) || is_digit(names[stop]))) ++stop;
        if (stop > i) {
            if (!tokens_.back().is("(")) sign(",");
            word(names.substr(i, stop - i));
        }
        i = std::max(stop, i + 1);
    }
    sign(")");
    sign("=>");
    auto place = [&](std::size_t i) { return tokens_.begin() + static_cast<std::ptrdiff_t>(i); };
    std::rotate(place(begin), place(from), tokens_.end());
    sign(",");
    if (list) tokens_[begin - 1].text = "(";
    if (comprehensions_.size() < kMostNesting) comprehensions_.push_back({depth_, list});
    return true;
}

bool PythonLexer::otherwise() {
    while (!conditions_.empty() && conditions_.back().depth > depth_) conditions_.pop_back();
    if (conditions_.empty() || conditions_.back().depth != depth_) return false;
    auto open = conditions_.back();
    conditions_.pop_back();
    if (open.middle > tokens_.size() || tokens_.size() - open.middle > 256) return false;
    auto place = [&](std::size_t i) { return tokens_.begin() + static_cast<std::ptrdiff_t>(i); };
    sign("?");
    std::rotate(place(open.begin), place(open.middle), tokens_.end());
    sign(":");
    return true;
}

bool PythonLexer::slice() {
    if (tokens_.empty()) return false;
    const Token& of = tokens_.back();
    bool value = of.kind == Kind::word || of.kind == Kind::string || of.is(")") || of.is("]");
    constexpr std::size_t kLongest = 32;
    auto inner = text_.substr(at_ + 1, kLongest);
    inner = inner.substr(0, inner.find(']'));
    bool plain = std::ranges::all_of(inner, [](char c) { return is_digit(c) || c == ':' || c == '-' || c == ' '; });
    if (!value || !plain || at_ + 1 + inner.size() >= text_.size() || text_[at_ + 1 + inner.size()] != ']' ||
        inner.find(':') == std::string_view::npos)
        return false;
    at_ += inner.size() + 2;
    sign(".");
    add(Kind::word, "slice").quoted = true;
    sign("(");
    bool first = true;
    for (auto bound : split(inner, ':')) {
        if (!std::exchange(first, false)) sign(",");
        bound = trim(bound);
        double number = 0;
        auto [end, error] = std::from_chars(bound.data(), bound.data() + bound.size(), number);
        if (error == std::errc())
            add(Kind::number, {}).number = number;
        else
            word("null");
    }
    sign(")");
    return true;
}

void PythonLexer::lambda() {
    auto limit = std::min(text_.size(), at_ + 256);
    auto end = text_.substr(0, limit).find(':', at_);
    if (end == std::string_view::npos) return word("lambda");
    sign("(");
    while (at_ < end) {
        begin_ = at_;
        if (is_letter(peek())) {
            auto stop = at_;
            while (stop < end && (is_letter(text_[stop]) || is_digit(text_[stop]))) ++stop;
            auto text = text_.substr(at_, stop - at_);
            at_ = stop;
            word(text);
        } else {
            char c = peek();
            ++at_;
            if (c == ',') sign(",");
        }
    }
    at_ = end + 1;
    sign(")");
    sign("=>");
}

}  // namespace ascribe::shells

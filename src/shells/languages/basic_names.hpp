// Which of a script's names are functions and which variables, before its first statement is read.
#pragma once

#include <algorithm>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "shells/languages/basic_expressions.hpp"

namespace ascribe::shells::basic {

inline constexpr std::size_t kMostShared = 500;      // variables that functions share without declaring them
inline constexpr std::size_t kMostGrowing = 10'000;  // texts that grow from nothing

class BasicNames : protected BasicExpressions {
public:
    using BasicExpressions::BasicExpressions;

protected:
    /// Which names are functions and which variables: a(1) means different things.
    void survey() {
        bool fresh = true;
        std::size_t inside = 0;                       // the token that names the function at hand; 0 outside
        std::unordered_set<std::string_view> own;     // of that function
        std::unordered_set<std::string_view> shared;  // written in functions that do not declare it: it is everybody's
        for (std::size_t i = 0; i + 1 < tokens_.size(); ++i) {
            const auto& it = tokens_[i];
            if (it.kind == Kind::word && i + 1 < tokens_.size() && tokens_[i + 1].kind == Kind::word &&
                one_of(it.text, {"function", "sub", "property"}) && !it.quoted &&
                !tokens_[i - (i > 0)].is_word("end") && !tokens_[i - (i > 0)].is_word("exit")) {
                auto name = i + 1;
                if (one_of(tokens_[name].text, {"get", "let", "set"})) ++name;
                functions_.insert(tokens_[name].text);
                inside = name;
                own = {tokens_[name].text};
                parameters_of(name + 1, own);
                if (tokens_[i].is_word("function")) grow(inside, tokens_[name].text);
            } else if (fresh && it.kind == Kind::word && tokens_[i + 1].is("=")) {
                variables_.insert(it.text);
                if (inside == 0) declared_.insert(it.text);
                if (inside != 0 && !dotnet_ && !own.contains(it.text)) shared.insert(it.text);
                for (auto at = i + 2; at < i + 34 && at < tokens_.size() && !ends(tokens_[at]); ++at)
                    if (tokens_[at].text == it.text && tokens_[at].kind == Kind::word) grow(inside, it.text);
            } else if (it.is_word("end") && i + 1 < tokens_.size() &&
                       (tokens_[i + 1].is_word("function") || tokens_[i + 1].is_word("sub"))) {
                inside = 0;
            } else if (it.is_word("set") && i + 2 < tokens_.size() && tokens_[i + 2].is("=")) {
                variables_.insert(tokens_[i + 1].text);
            } else if (it.is_word("dim") || it.is_word("redim") || it.is_word("each") || it.is_word("for") ||
                       it.is_word("preserve")) {
                for (auto at = i + 1; at < tokens_.size() && tokens_[at].kind == Kind::word;) {
                    variables_.insert(tokens_[at].text);
                    if (inside == 0) declared_.insert(tokens_[at].text);
                    own.insert(tokens_[at].text);
                    if (tokens_[at + 1].is("(")) at = tokens_[at + 1].match;
                    if (at + 1 >= tokens_.size() || !tokens_[at + 1].is(",")) break;
                    at += 2;
                }
            }
            fresh = ends(it) || it.is_word("then") || it.is_word("else");
        }
        for (auto name : functions_) variables_.erase(name);
        std::ranges::sort(growing_, {}, [](const Growing& each) { return std::pair(each.inside, each.name); });
        std::vector<std::string_view> names;
        for (auto name : shared)
            if (!declared_.contains(name) && !functions_.contains(name)) names.push_back(name);
        std::ranges::sort(names);
        if (names.size() > kMostShared) names.resize(kMostShared);
        for (auto name : names) {
            to_.step(Op::variable, {}, name);
            to_.step(Op::unknown, {});
            assign({});
        }
        empty_growing(0, {});
    }
    /// x = x & "...": x is empty before, wherever it was not given a value.
    void grow(std::size_t inside, std::string_view name) {
        if (growing_.size() < kMostGrowing) growing_.push_back({inside, name});
    }
    void empty_growing(std::size_t inside, Span span) {
        auto [first, last] = std::ranges::equal_range(growing_, inside, {}, &Growing::inside);
        std::string_view before;
        for (auto each = first; each != last; ++each) {
            bool given = each->name == before;
            if (inside != 0) {
                for (const auto& parameter : to_.function().parameters) given = given || parameter.name == each->name;
                auto global = std::ranges::equal_range(growing_, std::size_t{0}, {}, &Growing::inside);
                for (const auto& other : global) given = given || other.name == each->name;
                given = given || (each->name != to_.function().name && declared_.contains(each->name));
            }
            before = each->name;
            if (given) continue;
            to_.step(Op::variable, span, each->name);
            to_.step(Op::nothing, span);
            assign(span);
        }
    }
    void parameters_of(std::size_t at, std::unordered_set<std::string_view>& own) {
        if (at >= tokens_.size() || !tokens_[at].is("(")) return;
        for (auto i = at + 1; i < tokens_[at].match && i < at + 1024; ++i)
            if (tokens_[i].kind == Kind::word &&
                (tokens_[i + 1].is(",") || tokens_[i + 1].is(")") || tokens_[i + 1].is_word("as")))
                variables_.insert(tokens_[i].text), own.insert(tokens_[i].text);
    }

    void assign(Span span, Operator what = Operator::none) {
        to_.assign(span, what);
        to_.step(Op::drop, span);
    }

private:
    struct Growing {
        std::size_t inside = 0;
        std::string_view name;
    };
    std::vector<Growing> growing_;                   // by place
    std::unordered_set<std::string_view> declared_;  // outside of functions
};

}  // namespace ascribe::shells::basic

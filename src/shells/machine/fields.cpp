#include "shells/machine/fields.hpp"

#include <algorithm>
#include <span>

#include "base/text.hpp"

namespace ascribe::shells {
namespace {

/// Fields noted of one text; a page has some dozens.
constexpr std::size_t kMostFields = 4096;
constexpr std::size_t kLongestName = 64;

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

/// The name that begins at `at`; "" when there is none.
std::string_view word_at(std::string_view text, std::size_t at) {
    auto end = at;
    while (end < text.size() && end - at < kLongestName && is_word(text[end])) ++end;
    return text.substr(at, end - at);
}

/// Whether the `=` at `at` follows the attribute "name".
bool follows_name(std::string_view text, std::size_t at) {
    while (at > 0 && text[at - 1] == ' ') --at;
    if (at < 5 || !equals_folded(text.substr(at - 4, 4), "name")) return false;
    char before = text[at - 5];
    return before == ' ' || before == '\n' || before == '\r' || before == '\t' || before == '"' || before == '\'';
}

}  // namespace

Fields fields_of(std::string_view text) {
    Fields fields;
    for (auto at = text.find('='); at != std::string_view::npos && fields.size() < kMostFields;
         at = text.find('=', at + 1)) {
        if (follows_name(text, at)) {
            auto begin = at + 1;
            while (begin < text.size() &&
                   (text[begin] == ' ' || text[begin] == '\\' || text[begin] == '"' || text[begin] == '\''))
                ++begin;
            if (auto name = word_at(text, begin); !name.empty()) fields.insert(name);
            continue;
        }
        auto begin = at;
        while (begin > 0 && at - begin < kLongestName && is_word(text[begin - 1])) --begin;
        if (begin == at || begin == 0) continue;
        if (text[begin - 1] == '?' || text[begin - 1] == '&') fields.insert(text.substr(begin, at - begin));
    }
    return fields;
}

Fields scoped_fields_of(std::string_view text) {
    Fields fields;
    for (auto at = text.find('.'); at != std::string_view::npos && fields.size() < kMostFields;
         at = text.find('.', at + 1)) {
        auto begin = at;
        while (begin > 0 && at - begin < kLongestName && is_word(text[begin - 1])) --begin;
        auto scope = text.substr(begin, at - begin);
        bool visitors = equals_folded(scope, "form") || equals_folded(scope, "url") || equals_folded(scope, "cookie");
        if (!visitors) continue;
        if (auto name = word_at(text, at + 1); !name.empty()) fields.insert(name);
    }
    return fields;
}

bool asks_by_name(std::string_view text) {
    constexpr std::string_view kNew[] = {"$_GET", "$_POST", "$_REQUEST", "$_FILES", "$_COOKIE"},
                               kOld[] = {"HTTP_GET_VARS", "HTTP_POST_VARS", "HTTP_POST_FILES"};
    auto any = [&](std::string_view begin, std::span<const std::string_view> names) {
        for (auto at = text.find(begin); at != std::string_view::npos; at = text.find(begin, at + 1))
            if (std::ranges::any_of(names, [&](auto name) { return text.substr(at).starts_with(name); })) return true;
        return false;
    };
    return any("$_", kNew) || any("HTTP_", kOld);
}

}  // namespace ascribe::shells

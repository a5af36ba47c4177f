// Entries by the names they are looked up by.
#include <algorithm>
#include <array>
#include <deque>
#include <string>
#include <unordered_map>

#include "base/text.hpp"
#include "detect/shells/library.hpp"

namespace ascribe::shells {
namespace {

using Table = std::unordered_map<std::string_view, const Entry*>;
constexpr std::size_t kLanguages = static_cast<std::size_t>(Language::none) + 1;

bool is_variable_of_php(Language language, std::string_view name) {
    return language == Language::php && name.starts_with('$');
}

struct Tables {
    std::array<Table, kLanguages> of;
    std::deque<std::string> names;

    // COM's and ASP's names fold even for JScript, and no library has two names that differ in case alone.
    Tables() {
        for (std::size_t i = 0; i < kLanguages; ++i) {
            auto each = static_cast<Language>(i);
            for (auto entries : library(each))
                for (const auto& entry : entries) {
                    bool as_is = is_variable_of_php(each, entry.name);
                    of[i].try_emplace(as_is ? entry.name : names.emplace_back(lower(entry.name)), &entry);
                }
        }
    }
};

const Tables& tables() {
    static const Tables all;
    return all;
}

}  // namespace

const Entry* find_entry(Language language, std::string_view name) {
    const auto& table = tables().of[static_cast<std::size_t>(language)];
    auto found = table.find(name);
    bool folds = !is_variable_of_php(language, name) && std::ranges::any_of(name, [](char c) { return c != lower(c); });
    if (found == table.end() && folds) found = table.find(lower(name));
    return found == table.end() ? nullptr : found->second;
}

}  // namespace ascribe::shells

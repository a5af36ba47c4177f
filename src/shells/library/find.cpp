// Entries by the names they are looked up by.
#include <algorithm>
#include <array>
#include <deque>
#include <string>

#include "base/text.hpp"
#include "shells/library/library.hpp"
#include "shells/machine/names.hpp"

namespace ascribe::shells {
namespace {

constexpr std::size_t kLanguages = static_cast<std::size_t>(Language::none) + 1;

bool is_variable_of_php(Language language, std::string_view name) {
    return language == Language::php && name.starts_with('$');
}

struct Table {
    NameMap<const Entry*> entries;
    std::size_t longest = 0;  // name
};

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
                    of[i].entries.try_emplace(as_is ? entry.name : names.emplace_back(lower(entry.name)), &entry);
                    of[i].longest = std::max(of[i].longest, entry.name.size());
                }
        }
    }
};

const Tables& tables() {
    static const Tables all;
    return all;
}

constexpr std::size_t kLongest = 96;  // name of an entry

}  // namespace

const Entry* find_entry(Language language, std::string_view name) { return find_entry(language, name, {}); }

const Entry* find_entry(Language language, std::string_view begin, std::string_view end) {
    const auto& table = tables().of[static_cast<std::size_t>(language)];
    auto size = begin.size() + end.size();
    if (size > std::min(table.longest, kLongest)) return nullptr;
    char buffer[kLongest];
    auto behind = std::ranges::copy(begin, buffer).out;
    std::ranges::copy(end, behind);
    std::string_view name(buffer, size);
    if (!is_variable_of_php(language, name)) std::ranges::transform(name, buffer, [](char c) { return lower(c); });
    auto found = table.entries.find(name);
    return found == table.entries.end() ? nullptr : found->second;
}

}  // namespace ascribe::shells

// What Python's import statements call by names of the script's own.
// https://docs.python.org/3/reference/simple_stmts.html#the-import-statement
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/text.hpp"

namespace ascribe::shells {

struct Imported {
    std::string_view name, module, member;  // `from module import member as name`; no member: the module itself
};

/// Those of a statement that begins at the begin of `text`; `end` becomes where it is over.
inline std::vector<Imported> read_imports(std::string_view text, std::size_t& end) {
    constexpr std::size_t kLongest = 4096;  // statement; of a longer one the rest is no names
    auto line = text.substr(0, std::min(text.find_first_of("\n;"), text.size()));
    if (auto open = line.find('('); open != std::string_view::npos)
        line = text.substr(0, std::min({text.substr(0, kLongest).find(')'), kLongest, text.size()}));
    end = line.size();
    std::string_view module;
    auto import = line.find("import");
    if (import == std::string_view::npos) return {};
    if (line.starts_with("from")) module = trim(line.substr(4, import - 4));
    std::vector<Imported> all;
    for (auto each : split(line.substr(import + 6), ',')) {
        each = trim(each);
        if (each.starts_with('(')) each = trim(each.substr(1));
        auto as = each.find(" as ");
        auto what = trim(each.substr(0, as));
        auto name = as == std::string_view::npos ? what : trim(each.substr(as + 4));
        bool plain = !what.empty() && what.find_first_of(" *()#\\\"'\n") == std::string_view::npos;
        if (!plain || name.find_first_of(" .()#\\\"'\n") != std::string_view::npos) continue;
        if (module.empty())
            all.push_back({name, what, {}});
        else
            all.push_back({name, module, what});
    }
    return all;
}

}  // namespace ascribe::shells

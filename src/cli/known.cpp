#include "cli/known.hpp"

#include <fmt/format.h>

#include <fstream>

#include "base/text.hpp"

namespace ascribe {

std::expected<Known, std::string> load_known(const std::string& path) {
    std::ifstream file(path);
    if (!file) return std::unexpected(fmt::format("{}: cannot be opened; give a readable text file to --known", path));
    Known known;
    std::string line;
    for (int number = 1; std::getline(file, line); ++number) {
        auto text = trim(std::string_view(line).substr(0, line.find('#')));
        if (text.empty()) continue;
        auto space = text.find(' ');
        auto kind = text.substr(0, space);
        auto value = space == std::string_view::npos ? std::string() : lower(trim(text.substr(space)));
        auto* into = kind == "address"      ? &known.addresses
                     : kind == "page"       ? &known.pages
                     : kind == "user-agent" ? &known.user_agents
                     : kind == "finding"    ? &known.findings
                                            : nullptr;
        if (into == nullptr || value.empty())
            return std::unexpected(fmt::format("{}:{}: expected 'address', 'page', 'user-agent' or 'finding' and a value, found '{}'", path, number, text));
        into->insert(kind == "finding" ? std::string(trim(text.substr(space))) : value);
    }
    return known;
}

}  // namespace ascribe

#include "detect/sigma/placeholders.hpp"

#include <fmt/format.h>
#include <vector>

#include "detect/sigma/yaml.hpp"

namespace ascribe::sigma {

std::expected<Placeholders, std::string> read_placeholders(std::string_view yaml, const std::string& file) {
    Placeholders placeholders;
    try {
        auto document = parse_yaml(std::string(yaml), nullptr);
        if (!document.is_map()) return std::unexpected(fmt::format("{}: not a map of names to lists of values", file));
        for (const auto& [name, given] : document.entries()) {
            auto values = given.is_list() ? given.items() : std::vector{given};
            for (const auto& value : values) {
                if (!name.is_scalar() || !value.is_scalar())
                    return std::unexpected(fmt::format("{}: not a map of names to lists of values", file));
                placeholders[name.scalar()].push_back(value.scalar());
            }
        }
    } catch (const std::exception& error) {
        return std::unexpected(fmt::format("{}: {}", file, error.what()));
    }
    return placeholders;
}

}  // namespace ascribe::sigma

#include "detect/sigma/placeholders.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

namespace ascribe::sigma {

std::expected<Placeholders, std::string> read_placeholders(std::string_view yaml, const std::string& file) {
    Placeholders placeholders;
    try {
        auto document = YAML::Load(std::string(yaml));
        if (!document.IsMap()) return std::unexpected(fmt::format("{}: not a map of names to lists of values", file));
        for (const auto& entry : document) {
            auto& values = placeholders[entry.first.as<std::string>()];
            if (entry.second.IsSequence())
                for (const auto& value : entry.second) values.push_back(value.as<std::string>());
            else
                values.push_back(entry.second.as<std::string>());
        }
    } catch (const std::exception& error) {
        return std::unexpected(fmt::format("{}: {}", file, error.what()));
    }
    return placeholders;
}

}  // namespace ascribe::sigma

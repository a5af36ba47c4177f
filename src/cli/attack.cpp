#include "cli/attack.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "attribute/attribute.hpp"
#include "base/result.hpp"
#include "intel/attack.hpp"
#include "intel/files.hpp"

namespace ascribe {

std::expected<std::string, std::string> contents_of(const std::string& path) {
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored))
        return std::unexpected(fmt::format("{}: is a folder; give a file", path));
    std::ifstream file(path, std::ios::binary);
    if (!file) return std::unexpected(fmt::format("{}: cannot be opened; give a file that can be read", path));
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (file.bad()) return std::unexpected(fmt::format("{}: cannot be read", path));
    return text;
}

std::expected<AttackKnowledge, std::string> attack_of(const Arguments& arguments) {
    auto path = arguments.value("--attack");
    if (!path) return load_attack(arguments.value("--intel").value_or(""));
    auto text = TRY(contents_of(*path));
    bool table = text.starts_with('#') || text.starts_with("version\t");
    return table ? read_attack_table(text, *path) : read_attack_bundle(text, *path);
}

std::expected<AttributionWeights, std::string> weights_of(const Arguments& arguments) {
    std::expected<IntelFiles, std::string> files = builtin_intel_files();
    if (auto folder = arguments.value("--intel")) files = read_intel_files(*folder);
    if (!files) return std::unexpected(files.error());
    auto at = files->find("attribution.tsv");
    if (at == files->end())
        return std::unexpected("intel/attribution.tsv: is missing; 'ascribe attribute --fit' makes it");
    return read_weights(at->second);
}

}  // namespace ascribe

#include "cli/attack.hpp"

#include "attribute/attribute.hpp"
#include "base/result.hpp"
#include "cli/files.hpp"
#include "intel/attack.hpp"
#include "intel/files.hpp"

namespace ascribe {

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

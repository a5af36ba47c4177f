#include "attribute/sector.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ascribe {
namespace {

/// Victims are chosen for many reasons, and statements of targets are as old and partial as their sources
/// (the guide of forgeability in docs/attribution.md).
constexpr double kForgeability = 0.1;

}  // namespace

std::optional<ExpertEvidence> sector_evidence(std::string_view sector, const AttackKnowledge& knowledge,
                                              const ActorNames& names) {
    double all = 0, its = 0;
    std::size_t groups = 0;
    auto targets = [&](const std::vector<TargetStatement>& stated) {
        return std::ranges::find(stated, sector, &TargetStatement::sector) != stated.end();
    };
    for (const auto& [id, stated] : names.targets) {
        if (!knowledge.group(id)) continue;
        all += static_cast<double>(stated.size());
        its += targets(stated) ? 1 : 0;
        ++groups;
    }
    if (its == 0) return {};
    double background = its / all;
    ExpertEvidence evidence{
        .item = "sector",
        .what =
            fmt::format("the victim is of {}; {} of {} groups whose targets are stated go for it", sector, its, groups),
        .forgeability = kForgeability,
        .otherwise = 1,
        .ratios = {},
        .findings = {},
        .tells_apart = false};
    for (const auto& [id, stated] : names.targets)
        if (auto group = knowledge.group(id)) {
            double own = ((targets(stated) ? 1 : 0) + background) / (static_cast<double>(stated.size()) + 1);
            evidence.ratios.emplace_back(*group, own / background);
        }
    return evidence;
}

}  // namespace ascribe

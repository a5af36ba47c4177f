// Whom the intruder went for. Others state of some groups which sectors they target; that a victim is of one makes
// those a little more probable, and nobody is named by it: every sector has many who go for it.
#pragma once

#include <optional>
#include <string_view>

#include "intel/names.hpp"
#include "model/attribution.hpp"

namespace ascribe {

/// How likely a group's victim is of that sector, over how likely anybody's is: the group's own stated sectors count as
/// one each, with one of background. Groups of which nothing is stated are neither more nor less probable. Nothing
/// where no group is stated to target it. `sector` is a word of kSectors.
std::optional<ExpertEvidence> sector_evidence(std::string_view sector, const AttackKnowledge& knowledge,
                                              const ActorNames& names);

}  // namespace ascribe

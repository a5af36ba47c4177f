// The same actor under the name that a vendor gives it. Names are edges, never merges: a name that ATT&CK lists as an
// alias says that somebody saw an overlap, not that two clusters are one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "intel/names.hpp"

namespace ascribe {

/// Those whose names can be shown, lower case: who gave a name by intel/names.tsv, and microsoft, crowdstrike, mandiant
/// and secureworks, whose manner of naming tells.
std::vector<std::string> naming_vendors(const ActorNames& names);
/// What intel/names.tsv states first, then ATT&CK's own.
std::vector<AliasEdge> aliases_of(const AttackKnowledge& knowledge, const ActorNames& names, const AttackGroup& group);
/// The vendor's name with ATT&CK's in brackets; ATT&CK's alone where the vendor has none.
std::string name_for(const AttackKnowledge& knowledge, const ActorNames& names, const AttackGroup& group,
                     std::string_view vendor);

}  // namespace ascribe

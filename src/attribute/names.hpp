// The same actor under the name that a vendor gives it. Names are edges, never merges: a name that ATT&CK lists as an
// alias says that somebody saw an overlap, not that two clusters are one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/attack.hpp"

namespace ascribe {

/// One name of a group, with who uses it and who says that it is the same.
struct AliasEdge {
    std::string name, vendor;  // "Silk Typhoon", "microsoft"; "" where the manner of naming tells nobody
    std::string source, date;  // "ATT&CK 18.1, G0125"; "" where the source does not date it
    std::string confidence;    // "stated" by the source as to the alias; the vendor is "inferred" from how it names
};

/// microsoft, crowdstrike, mandiant, secureworks: those whose manner of naming can be told.
const std::vector<std::string_view>& naming_vendors();
std::vector<AliasEdge> aliases_of(const AttackKnowledge& knowledge, const AttackGroup& group);
/// The vendor's name with ATT&CK's in brackets; ATT&CK's alone where the vendor has none.
std::string name_for(const AttackKnowledge& knowledge, const AttackGroup& group, std::string_view vendor);

}  // namespace ascribe

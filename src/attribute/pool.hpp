// Which intrusions are one intruder's. Joined over what is hard to share only: the body of a shell or its key, a host,
// an address within its time. Never over techniques: joining by those is right in half the cases (docs/attribution.md).
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "intel/incidents.hpp"
#include "model/attack.hpp"

namespace ascribe {

/// What one intrusion could share with another: "sha256:...", "key:...", "host:...", "address:...".
struct HardLinks {
    std::vector<std::string> links;
    std::optional<Day> day;  // of the intrusion
};

/// Leased servers change hands: an address seen this many days before or after speaks of nobody.
inline constexpr int kAddressDays = 180;

/// Sets of indices, each ascending, in the order of their first; what is joined with nothing is a set of one. An
/// address joins only two whose days are known and no further apart than kAddressDays. Near-linear; the order of input
/// means nothing.
std::vector<std::vector<std::size_t>> pools_of(const std::vector<HardLinks>& intrusions);

/// Incidents joined: ids with " + ", all items, the earliest day. The error names a link of no known kind.
std::expected<std::vector<ToldIncident>, std::string> pool_incidents(const std::vector<ToldIncident>& incidents);

/// Whether the whole Internet means the same by it: private and local addresses join nobody.
bool is_public_address(std::string_view address);

}  // namespace ascribe

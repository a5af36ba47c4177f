// Which vulnerabilities a server was open to, and when, from the builds and settings that evidence shows.
#pragma once

#include <vector>

#include "model/incident.hpp"
#include "model/intel.hpp"

namespace ascribe {

/// One Exposure for every vulnerability that concerns the server's product (all of them when no build is known), in
/// order of the window's opening. A build without times speaks of the moment the evidence was collected.
std::vector<Exposure> expose(const std::vector<BuildSeen>& builds, const std::vector<SettingSeen>& settings,
                             const Intel& intel);

}  // namespace ascribe

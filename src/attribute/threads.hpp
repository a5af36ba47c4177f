// Who each thread of activity may be. Threads, not servers: one server may hold several intruders, and what two did
// together describes nobody.
#pragma once

#include <string>
#include <vector>

#include "attribute/attribute.hpp"
#include "model/incident.hpp"
#include "model/intel.hpp"
#include "model/yardstick.hpp"

namespace ascribe {

struct TellOptions {
    std::vector<std::string> dropped = {};  // ids of findings to leave out: what if these were wrong?
    Scale scale = Scale::phia;
    std::string vendor = {};  // whose names are shown (attribute/names.hpp); "" for ATT&CK's
};

/// One for each thread of which techniques, software, timing or indicators are known, in the order of the threads.
std::vector<ThreadAttribution> attribute_threads(const Incident& incident, const Intel& intel, const View& view,
                                                 const AttributionWeights& weights, const TellOptions& options = {});

}  // namespace ascribe

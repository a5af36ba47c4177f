// From one server's findings and facts to its incident: clocks corrected, exposure, threads, timeline, coverage,
// verdict.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/incident.hpp"
#include "model/intel.hpp"
#include "model/stage.hpp"

namespace ascribe {

struct CorrelateOptions {
    std::optional<Time> from, until;  // --from/--to: narrow every window
    Known known;                      // what is the analyst's own
};

/// Pure: the same conclusion gives the same incident, whatever the order of findings in it.
Incident correlate(std::string server, Conclusion seen, const CorrelateOptions& options, const Intel& intel);

}  // namespace ascribe

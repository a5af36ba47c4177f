// One row that one rule matched: what `ascribe hunt` prints a line of.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "model/artefact.hpp"

namespace ascribe {

struct Sighting {
    std::string rule_id, title, level;  // level: informational .. critical
    std::vector<std::string> tags;
    bool scan = false;       // a probe by somebody, not an attack that may have worked
    Time time = kNoTime;     // as recorded
    std::string host, path;  // path: the artefact's
    Ref ref;
    std::uint64_t line = 0;                                   // 0: the format has no lines
    std::int64_t record_id = -1;                              // of events; -1: none
    std::vector<std::pair<std::string, std::string>> fields;  // matched, as the rule names them
    std::vector<std::string> group;                           // correlations: values of the group
    std::uint64_t count = 1;                                  // correlations: windows
};

/// What a hunt looked at and what it cost, beside the sightings.
struct HuntSummary {
    std::uint64_t rows = 0, read_by_rules = 0;    // rows of a kind some rule reads
    std::uint64_t sightings = 0, not_listed = 0;  // not_listed: beyond a part's limit; counted, never silent
    std::uint64_t marks_lost = 0;                 // events that correlations could not keep
    std::vector<std::uint64_t> judged, hits;      // by rule: how often its condition was evaluated, and held
};

}  // namespace ascribe

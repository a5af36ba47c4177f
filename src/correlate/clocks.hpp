// Contradictions between clocks in one artefact, and the correction that makes its times true UTC.
#pragma once

#include <map>
#include <vector>

#include "model/incident.hpp"

namespace ascribe {

/// What is said of clocks, and what is done about them.
struct ClockJudgement {
    std::vector<ClockNote> notes;
    std::map<ArtefactId, Ticks> corrections;  // to be added to raw times
};

/// A shipper that labels local time as UTC is off by the same multiple of 15 minutes (every time zone's offset is one)
/// on all rows, less the moment it takes to write a record. Other differences are stated and not corrected.
ClockJudgement judge_clocks(const std::vector<ClockSeen>& clocks);

/// Applies the corrections: sets `time` of every finding from `raw_time`, and moves the facts of corrected artefacts.
void correct(std::vector<Finding>& findings, Facts& facts, const std::map<ArtefactId, Ticks>& corrections);

}  // namespace ascribe

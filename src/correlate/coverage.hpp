// What the evidence can answer: per family of vulnerabilities and question, how much of the window a deciding source
// covers.
#pragma once

#include <optional>
#include <vector>

#include "correlate/platform.hpp"
#include "model/incident.hpp"
#include "model/intel.hpp"

namespace ascribe {

/// Open where nothing is told.
struct TimeWindow {
    std::optional<Time> from, until;
};

/// One Coverage for each family that the server was or may have been open to and each of the questions attempted, shell
/// and used. Families whose window opens after the evidence ends, or that were fixed before it opened, are left out;
/// where none remains, or the server is none of Exchange, the family is "any" and the window the evidence's own.
/// Nothing when no source has times.
std::vector<Coverage> cover(const std::vector<Exposure>& exposures, const Facts& facts, Platform platform,
                            const TimeWindow& narrowed, const Intel& intel);

/// What to collect for attempts, of all doors that some family lacks; "" when every family's attempts are answered.
std::string collect_for_attempts(const std::vector<Coverage>& coverage, const Facts& facts);

/// The last moment any source speaks of.
std::optional<Time> end_of_evidence(const Facts& facts);
/// Whether the source was being kept then: a record in that hour, or within kCoverageGap on both sides.
bool kept_around(const Facts& facts, Source source, Time time);
/// The source's hours, or nullptr when the evidence has none of it.
const SourceSeen* find_source(const Facts& facts, Source source);

}  // namespace ascribe

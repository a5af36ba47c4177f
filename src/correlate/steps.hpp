// The steps of correlate(), in the order it takes them. Each is pure: values in, values out. docs/verdict.md defines
// what they compute.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "correlate/correlate.hpp"
#include "model/incident.hpp"

namespace ascribe {

// known.cpp
/// Lowers to scan notes what the analyst declared their own.
void set_known_aside(std::vector<Finding>& findings, const Known& known);

// clocks.cpp
/// What the two clocks of each artefact say of each other; one note for each artefact whose clocks disagree.
std::vector<ClockNote> judge_clocks(const std::vector<ClockSeen>& clocks);
/// Puts findings and facts into true UTC. Raw times stay.
void correct_times(const std::vector<ClockNote>& notes, std::vector<Finding>& findings, Facts& facts);

// timeline.cpp
/// By time (unknown last), then id: the order everything later relies on.
void sort_findings(std::vector<Finding>& findings);
/// Every attempt and success as a step. Findings must be sorted.
std::vector<Step> tell_timeline(const std::vector<Finding>& findings, const std::vector<Thread>& threads);

// threads.cpp
/// Joins attempts and successes by hard links. Findings must be sorted.
std::vector<Thread> join_threads(const std::vector<Finding>& findings, const Intel& intel, const Known& known);

// coverage.cpp
/// The last moment any source speaks of; nothing when no source has times.
std::optional<Time> end_of_evidence(const Facts& facts);
/// For each family in question and each of attempted, shell and used: can the evidence answer?
std::vector<Coverage> judge_coverage(const std::vector<Exposure>& exposures, const Facts& facts,
                                     const CorrelateOptions& options, const Intel& intel);
/// Whether the source was being kept around that moment: a record at most kCoverageGap before and one after.
bool kept_around(const Facts& facts, Source source, Time time);
bool has_source(const Facts& facts, Source source);

// verdict.cpp
/// Everything before it concluded, the answers. `incident.verdict` is not read.
Verdict judge_verdict(const Incident& incident);

}  // namespace ascribe

// Who each thread of activity may be. Threads, not servers: one server may hold several intruders, and what two did
// together describes nobody.
#pragma once

#include <string>
#include <vector>

#include "attribute/attribute.hpp"
#include "model/case.hpp"
#include "model/incident.hpp"
#include "model/intel.hpp"
#include "model/yardstick.hpp"

namespace ascribe {

struct TellOptions {
    std::vector<std::string> dropped = {};  // ids of findings to leave out: what if these were wrong?
    Scale scale = Scale::phia;
    std::string vendor = {};            // whose names are shown (attribute/names.hpp); "" for ATT&CK's
    const ActorNames* names = nullptr;  // and what is stated of sponsors; nullptr: ATT&CK's names alone
    bool as_of_thread = false;          // leave out what was published from the thread's first day on
    std::string sector = {};            // of the victim, a word of kSectors; "" where it is not told
};

/// Threads that are attributed. Of a flood of addresses there are a hundred thousand, and each takes a millisecond.
inline constexpr std::size_t kThreadsAttributed = 1'000;

/// One for each thread of which techniques, software, timing or indicators are known, in the order of the threads; of
/// more threads than kThreadsAttributed, those that got furthest and have the most findings.
std::vector<ThreadAttribution> attribute_threads(const Incident& incident, const Intel& intel, const View& view,
                                                 const AttributionWeights& weights, const TellOptions& options = {});

/// One for each set of threads, of one server or several, that share something hard (attribute/pool.hpp): the body of a
/// shell, or a public address within its time. Judged as one intruder's, named "server/T1 + other/T2".
std::vector<ThreadAttribution> attribute_pools(const Case& opened, const Intel& intel, const View& view,
                                               const AttributionWeights& weights, const TellOptions& options = {});

}  // namespace ascribe

// Activity threads: one server may hold several intruders. Findings join over hard links only.
#pragma once

#include <vector>

#include "model/incident.hpp"
#include "model/intel.hpp"

namespace ascribe {

/// Joins attempts and successes that share a client address, a page of their own, a session or an account;
/// stock pages, service accounts and the analyst's own addresses link nobody. Traces without any of these (an SSRF
/// error, a cmdlet, a file written by the server) join the one thread active within kActiveNearby; where two are, they
/// stand alone. `findings` must be in order of time. Threads are numbered T1, T2 ... by first activity.
std::vector<Thread> join_threads(const std::vector<Finding>& findings, const Intel& intel, const Known& known);

inline constexpr Ticks kActiveNearby =
    std::chrono::minutes{10};  // the chain of 2021 took under a minute; operators pause

}  // namespace ascribe

// From findings, exposure and coverage to five answers, a state, and sentences that say not one word too many.
#pragma once

#include "model/incident.hpp"

namespace ascribe {

/// Reads everything of the incident but its verdict.
Verdict judge(const Incident& incident);

/// Above this the combined probability of the findings makes an answer "yes". One strong trace suffices (they stand at
/// 0.9 and more); an indicator of low confidence (at most 0.5) alone never does.
inline constexpr double kYesFrom = 0.75;
/// An attempt needs less: that somebody tried is claimed by their own requests.
inline constexpr double kAttemptFrom = 0.5;

}  // namespace ascribe

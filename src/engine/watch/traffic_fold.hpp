// Traffic as a fold, so that rows are counted where they are read: in the confined workers.
#pragma once

#include "model/stage.hpp"
#include "model/traffic.hpp"

namespace ascribe {

inline constexpr std::string_view kTrafficName = "top.traffic";

/// A detector that concludes nothing; its state is a Traffic.
Detector traffic_fold();
/// The Traffic in a state of that detector.
const Traffic& traffic_of(const std::any& state);

}  // namespace ascribe

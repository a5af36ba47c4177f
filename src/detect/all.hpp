// Every detector. Their order is the order of states between processes.
#pragma once

#include "model/stage.hpp"

namespace ascribe {

std::span<const Detector> detectors();

}  // namespace ascribe

// The day that a report appeared or an intrusion happened.
#pragma once

#include <chrono>

#include "base/time.hpp"
#include "model/attack.hpp"

namespace ascribe {

inline Day day_of(Time time) {
    return static_cast<Day>(std::chrono::floor<std::chrono::days>(time).time_since_epoch().count());
}

}  // namespace ascribe

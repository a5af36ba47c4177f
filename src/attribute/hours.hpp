// When an intruder was at work. Told, never counted: hours speak of a part of the world at most, are easily moved, and
// no public data say how well they tell actors apart.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "model/finding.hpp"

namespace ascribe {

struct WorkingHours {
    std::size_t events = 0;           // minutes in which something was done by hand
    int from = 0;                     // UTC hour at which the busiest kWorkingDay hours begin
    double within = 0, weekdays = 0;  // shares of the events in those hours; from Monday to Friday
};
inline constexpr int kWorkingDay = 9;
/// With fewer events than these, chance makes working days of anything.
inline constexpr std::size_t kLeastEvents = 50;

/// Of what was done after the intrusion worked: commands, persistence, hiding. Events of one minute count once, so that
/// a script's burst is one. Nothing with fewer than kLeastEvents.
std::optional<WorkingHours> working_hours(const std::vector<const Finding*>& findings);
std::string sentence_of(const WorkingHours& hours);

}  // namespace ascribe

#include "attribute/hours.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <set>

namespace ascribe {

std::optional<WorkingHours> working_hours(const std::vector<const Finding*>& findings) {
    std::set<std::chrono::sys_time<std::chrono::minutes>> minutes;
    for (const Finding* finding : findings) {
        bool by_hand = finding->question == Question::used || finding->question == Question::persistence ||
                       finding->question == Question::hiding;
        if (finding->level != Level::success || !by_hand) continue;
        for (const Time& moment : finding->moments) minutes.insert(std::chrono::floor<std::chrono::minutes>(moment));
        if (finding->moments.empty() && finding->time)
            minutes.insert(std::chrono::floor<std::chrono::minutes>(*finding->time));
    }
    if (minutes.size() < kLeastEvents) return {};
    std::array<std::size_t, 24> by_hour{};
    WorkingHours out{.events = minutes.size()};
    std::size_t weekdays = 0, best = 0;
    for (auto minute : minutes) {
        auto day = std::chrono::floor<std::chrono::days>(minute);
        ++by_hour[static_cast<std::size_t>(std::chrono::floor<std::chrono::hours>(minute - day).count())];
        auto iso = std::chrono::weekday(day).iso_encoding();
        weekdays += iso <= 5 ? 1 : 0;
    }
    for (int from = 0; from < 24; ++from) {
        std::size_t sum = 0;
        for (int hour = 0; hour < kWorkingDay; ++hour) sum += by_hour[static_cast<std::size_t>((from + hour) % 24)];
        if (sum > best) best = sum, out.from = from;
    }
    out.within = static_cast<double>(best) / static_cast<double>(out.events);
    out.weekdays = static_cast<double>(weekdays) / static_cast<double>(out.events);
    return out;
}

std::string sentence_of(const WorkingHours& hours) {
    return fmt::format(
        "By hand in {} minutes, {:.0f} % of them from {:02}:00 to {:02}:00 UTC and {:.0f} % from Monday to Friday; not "
        "counted.",
        hours.events, 100 * hours.within, hours.from, (hours.from + kWorkingDay) % 24, 100 * hours.weekdays);
}

}  // namespace ascribe

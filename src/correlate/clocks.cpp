#include "correlate/clocks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ascribe {
namespace {

constexpr std::uint64_t kRowsNeeded = 20;                // fewer rows could agree by chance
constexpr Ticks kZoneStep = std::chrono::minutes{15};    // every time zone's offset is a multiple of it (IANA tz)
constexpr Ticks kFurthestZone = std::chrono::hours{14};  // no place is further from UTC (IANA tz: Pacific/Kiritimati)
constexpr Ticks kWritingTime =
    std::chrono::minutes{5};  // an event's own time to its record's: 2.5 s in the lab trace,
                              // more under load; a third of the step, so it fits one zone only
constexpr Ticks kFurthestClock = std::chrono::days{366};
constexpr Ticks kSteady = std::chrono::seconds{10};  // two clocks that run apart by the same amount all the time
constexpr Ticks kSameClock = kWritingTime;           // smaller differences are latency, not contradiction

std::int64_t minutes(Ticks ticks) { return std::chrono::duration_cast<std::chrono::minutes>(ticks).count(); }

Ticks nearest_zone(Ticks offset) {
    auto steps = std::llround(static_cast<double>(offset.count()) / static_cast<double>(kZoneStep.count()));
    return kZoneStep * steps;
}

void shift(Time& time, Ticks by) {
    // A time that would leave the range stays: times in evidence are the intruder's to choose.
    if (time == kNoTime || (by > Ticks{} ? time > Time::max() - by : time < Time::min() - by)) return;
    time += by;
}

void shift(std::optional<Time>& time, Ticks by) {
    if (time) shift(*time, by);
}

bool is_within(Ticks offset, Ticks limit) { return offset >= -limit && offset <= limit; }

/// Which judgement a difference allows.
enum class Difference { none, zone, steady, contradiction };

Difference difference(const ClockSeen& seen, Ticks zone) {
    if (is_within(seen.least, kSameClock) && is_within(seen.most, kSameClock)) return Difference::none;
    if (seen.rows < kRowsNeeded) return Difference::contradiction;
    // A request is written down twice as it ends, by two writers in any order; an event's inner time is taken first and
    // the record written a moment later, so there inner - outer never exceeds the zone's offset.
    bool request = seen.inner == "HttpProxy";
    auto late = request ? kWritingTime : Ticks{std::chrono::seconds{1}};
    if (zone != Ticks{} && zone - seen.least <= kWritingTime && seen.most - zone <= late) return Difference::zone;
    // A clock years away is broken or forged: then no steadiness explains it.
    bool near = is_within(seen.least, kFurthestClock) && is_within(seen.most, kFurthestClock);
    return near && seen.most - seen.least <= kSteady ? Difference::steady : Difference::contradiction;
}

}  // namespace

ClockJudgement judge_clocks(const std::vector<ClockSeen>& clocks) {
    ClockJudgement judgement;
    auto ordered = clocks;
    std::ranges::sort(ordered, {}, &ClockSeen::artefact);
    for (const ClockSeen& seen : ordered) {
        if (seen.rows == 0) continue;
        bool on_earth =
            is_within(seen.least, kFurthestZone + kWritingTime) && is_within(seen.most, kFurthestZone + kWritingTime);
        Ticks zone = on_earth ? nearest_zone(seen.most) : Ticks{};
        auto judged = difference(seen, zone);
        if (judged == Difference::none) continue;
        ClockNote note;
        note.artefacts = {seen.artefact};
        note.rows = seen.rows;
        note.evidence = {seen.sample};
        if (judged == Difference::zone) {
            note.correction = zone;
            judgement.corrections[seen.artefact] = zone;
            note.statement = fmt::format(
                "all {} rows that carry {} place it {} minutes {} {}: the record's time is local time labelled UTC; "
                "times of this artefact are shown corrected by {:+} minutes",
                seen.rows, seen.inner, std::abs(minutes(zone)), zone > Ticks{} ? "after" : "before", seen.outer,
                minutes(zone));
        } else if (judged == Difference::steady) {
            note.statement = fmt::format(
                "{} differs from {} by {:+.1f} minutes over {} rows: two clocks apart; this evidence does not "
                "say which of them is right, so times are shown as recorded",
                seen.inner, seen.outer, static_cast<double>((seen.least + (seen.most - seen.least) / 2).count()) / 6e8,
                seen.rows);
        } else {
            note.statement = fmt::format(
                "{} differs from {} by {:+} to {:+} minutes over {} rows: the clocks contradict each other and no "
                "single correction explains it; times are shown as recorded",
                seen.inner, seen.outer, minutes(seen.least), minutes(seen.most), seen.rows);
        }
        judgement.notes.push_back(std::move(note));
    }
    return judgement;
}

void correct(std::vector<Finding>& findings, Facts& facts, const std::map<ArtefactId, Ticks>& corrections) {
    auto by = [&](const Ref& ref) {
        auto at = corrections.find(ref.artefact);
        return at == corrections.end() ? Ticks{} : at->second;
    };
    for (Finding& finding : findings) {
        if (finding.raw_time == kNoTime) finding.raw_time.reset();
        finding.time = finding.raw_time;
        if (finding.evidence.empty() || finding.clock != Clock::log) continue;
        auto correction = by(finding.evidence.front());
        shift(finding.time, correction);
        shift(finding.last, correction);
        for (Time& moment : finding.moments) shift(moment, correction);
    }
    for (BuildSeen& build : facts.builds) {
        shift(build.first, by(build.first_ref));
        shift(build.last, by(build.last_ref));
    }
    for (SourceSeen& source : facts.sources) {
        auto first = by(source.first_ref), last = by(source.last_ref);
        shift(source.first, first);
        shift(source.last, last);
        // Hours are merged over artefacts; they move only when both ends say so.
        if (first != last) continue;
        auto step = static_cast<Hour>(std::chrono::duration_cast<std::chrono::hours>(first).count());
        for (Hour& hour : source.hours) hour += step;
        for (DoorSeen& door : source.doors)
            for (Hour& hour : door.hours) hour += step;
    }
}

}  // namespace ascribe

// What the evidence could have shown. For each family of vulnerabilities in question and each of three questions: of
// the days on which the server stood open, on how many was a source kept that would show it? docs/verdict.md has the
// table.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "correlate/steps.hpp"

namespace ascribe {
namespace {

using std::chrono::hours;

constexpr std::size_t kGapsListed = 20;  // model/incident.hpp
constexpr std::int64_t kGapHours = std::chrono::duration_cast<hours>(kCoverageGap).count();
// The name of the question asked of a server whose every known hole was closed before the evidence begins.
constexpr std::string_view kAnyFamily = "any";

struct Window {
    std::string family;
    std::optional<Time> from, until;
};

// --- Which families, and from when to when ---

bool is_asked(const Exposure& exposure, const Intel& intel) {
    if (exposure.state == CveState::vulnerable) return true;
    // A hole closed by the cumulative update installed lies before this installation: nobody keeps logs of that time.
    if (exposure.state == CveState::fixed) return exposure.until > exposure.from && !exposure.before_installation;
    auto known = std::ranges::find(intel.vulnerabilities, exposure.cve, &Vulnerability::cve);
    return known != intel.vulnerabilities.end() && known->known_exploited;
}

/// The family's window: all windows of its vulnerabilities together. An empty `until` of any keeps it open.
std::map<std::string, Window> windows_of(const std::vector<Exposure>& exposures, const Intel& intel) {
    std::map<std::string, Window> windows;
    for (const Exposure& exposure : exposures) {
        if (!exposure.from || !is_asked(exposure, intel)) continue;
        auto [at, added] = windows.try_emplace(exposure.family, Window{exposure.family, exposure.from, exposure.until});
        Window& window = at->second;
        if (added) continue;
        window.from = std::min(window.from, exposure.from);
        window.until = window.until && exposure.until ? std::max(window.until, exposure.until) : std::nullopt;
    }
    return windows;
}

/// Cut to the evidence and to --from/--to; nothing when no time is left.
std::optional<Window> narrowed(Window window, std::optional<Time> end, const CorrelateOptions& options) {
    if (!window.until || (end && *end < *window.until)) window.until = end;
    if (options.from) window.from = std::max(*options.from, window.from.value_or(*options.from));
    if (options.until) window.until = std::min(*options.until, window.until.value_or(*options.until));
    if (window.from && window.until && *window.from >= *window.until) return {};
    return window;
}

std::optional<Time> begin_of_evidence(const Facts& facts) {
    std::optional<Time> begin;
    for (const SourceSeen& seen : facts.sources)
        if (seen.first && (!begin || *seen.first < *begin)) begin = seen.first;
    return begin;
}

// --- Which sources decide ---

std::vector<Source> deciding(Question question) {
    switch (question) {
        case Question::attempted: return {Source::http_proxy, Source::iis_front_end};
        case Question::used: return {Source::iis_front_end, Source::iis_back_end, Source::process_events};
        default: return {Source::web_root_listing, Source::compiled_files};
    }
}

std::vector<Source> present(Question question, const Facts& facts) {
    std::vector<Source> sources;
    for (Source source : deciding(question)) {
        // A listing without true times cannot tell a page of the intruder from one that always stood there.
        if (source == Source::web_root_listing && !has_source(facts, Source::file_times)) continue;
        if (has_source(facts, source)) sources.push_back(source);
    }
    return sources;
}

std::string what_to_collect(Question question, const Facts& facts) {
    switch (question) {
        case Question::attempted:
            return has_source(facts, Source::http_proxy) || has_source(facts, Source::iis_front_end)
                       ? "Collect the HttpProxy logs or the IIS logs of the front end (W3SVC1) for the missing days, "
                         "from backups if need be."
                       : "Collect Logging\\HttpProxy and the IIS logs of the front end (W3SVC1).";
        case Question::used:
            return "Collect the IIS logs of both sites (W3SVC1, W3SVC2) or process creation events (Security 4688, "
                   "Sysmon 1) for the missing days.";
        default:
            return has_source(facts, Source::web_root_listing)
                       ? "Collect the file times of the web folders (a disk image, or $MFT), or Temporary ASP.NET "
                         "Files."
                       : "Collect a listing of the web folders with file times, and Temporary ASP.NET Files.";
    }
}

// --- Counting ---

Hour hour_of(Time time) { return static_cast<Hour>(std::chrono::floor<hours>(time).time_since_epoch().count()); }
Time time_of(std::int64_t hour) { return Time{std::chrono::duration_cast<Ticks>(hours{hour})}; }
std::int64_t day_of(std::int64_t hour) { return hour >= 0 ? hour / 24 : (hour - 23) / 24; }

/// The hours of the window in which any of the sources has a record.
std::set<Hour> hours_of(const Facts& facts, const std::vector<Source>& sources, Hour first, Hour last) {
    std::set<Hour> covered;
    for (const SourceSeen& seen : facts.sources) {
        if (std::ranges::find(sources, seen.source) == sources.end()) continue;
        auto from = std::ranges::lower_bound(seen.hours, first), until = std::ranges::upper_bound(seen.hours, last);
        covered.insert(from, until);
    }
    return covered;
}

void count_hours(Coverage& coverage, const Facts& facts) {
    // The window is [from, until): an `until` on the hour does not ask for that hour.
    Hour first = hour_of(*coverage.from), last = hour_of(*coverage.until - Ticks{1});
    auto covered = hours_of(facts, coverage.sources, first, last);
    coverage.days = static_cast<int>(day_of(last) - day_of(first) + 1);
    std::int64_t before = std::int64_t{first} - 1, day = std::numeric_limits<std::int64_t>::min();
    auto gap = [&](std::int64_t next) {
        if (next - before - 1 > kGapHours)
            coverage.gaps.push_back(
                {std::max(time_of(before + 1), *coverage.from), std::min(time_of(next), *coverage.until)});
        before = next;
    };
    for (Hour hour : covered) {
        gap(hour);
        if (day_of(hour) != day) ++coverage.days_covered;
        day = day_of(hour);
    }
    gap(std::int64_t{last} + 1);
}

void count_whole(Coverage& coverage) {
    Hour first = hour_of(*coverage.from), last = hour_of(*coverage.until - Ticks{1});
    coverage.days = static_cast<int>(day_of(last) - day_of(first) + 1);
    // A listing shows what was left at any time of the window, so it covers all of it or nothing.
    if (coverage.sources.empty())
        coverage.gaps.push_back({*coverage.from, *coverage.until});
    else
        coverage.days_covered = coverage.days;
}

Coverage cover(const Window& window, Question question, const Facts& facts) {
    Coverage coverage;
    coverage.family = window.family;
    coverage.question = question;
    coverage.from = window.from;
    coverage.until = window.until;
    coverage.sources = present(question, facts);
    if (window.from && window.until) {
        question == Question::shell ? count_whole(coverage) : count_hours(coverage, facts);
        coverage.share = static_cast<double>(coverage.days_covered) / coverage.days;
        coverage.answered = coverage.share >= kCoverageShare && coverage.gaps.empty();
    }
    std::ranges::stable_sort(coverage.gaps, std::greater{}, [](const Gap& gap) { return gap.until - gap.from; });
    if (coverage.gaps.size() > kGapsListed) coverage.gaps.resize(kGapsListed);
    if (!coverage.answered) coverage.collect = what_to_collect(question, facts);
    return coverage;
}

}  // namespace

bool has_source(const Facts& facts, Source source) {
    return std::ranges::any_of(facts.sources,
                               [&](const SourceSeen& seen) { return seen.source == source && seen.records > 0; });
}

bool kept_around(const Facts& facts, Source source, Time time) {
    bool before = false, after = false;
    auto hour = std::int64_t{hour_of(time)};
    for (const SourceSeen& seen : facts.sources) {
        if (seen.source != source) continue;
        auto at = std::ranges::lower_bound(seen.hours, hour, {}, [](Hour kept) { return std::int64_t{kept}; });
        bool same = at != seen.hours.end() && *at == hour;
        after = after || same || (at != seen.hours.end() && *at - hour <= kGapHours);
        before = before || same || (at != seen.hours.begin() && hour - *std::prev(at) <= kGapHours);
    }
    return before && after;
}

std::optional<Time> end_of_evidence(const Facts& facts) {
    std::optional<Time> end;
    for (const SourceSeen& seen : facts.sources)
        if (seen.last && (!end || *seen.last > *end)) end = seen.last;
    return end;
}

std::vector<Coverage> judge_coverage(const std::vector<Exposure>& exposures, const Facts& facts,
                                     const CorrelateOptions& options, const Intel& intel) {
    auto end = end_of_evidence(facts);
    std::vector<Window> windows;
    for (auto& [family, window] : windows_of(exposures, intel))
        if (auto left = narrowed(std::move(window), end, options)) windows.push_back(std::move(*left));
    std::ranges::stable_sort(windows, {}, [](const Window& window) { return std::pair(window.from, window.family); });
    if (windows.empty()) {
        Window all{std::string(kAnyFamily), begin_of_evidence(facts), end};
        windows.push_back(narrowed(all, end, options).value_or(Window{std::string(kAnyFamily), options.from, {}}));
    }
    std::vector<Coverage> coverage;
    for (const Window& window : windows)
        for (Question question : {Question::attempted, Question::shell, Question::used})
            coverage.push_back(cover(window, question, facts));
    return coverage;
}

}  // namespace ascribe

#include "correlate/coverage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>

namespace ascribe {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;

constexpr std::size_t kGapsListed = 20;
constexpr std::string_view kAnyFamily = "any";  // the family asked about when no known hole was open

struct Deciding {
    Question question;
    std::vector<Source> sources;
    std::string_view collect;
};

/// Which sources decide a question (issue 2): attempts show in HttpProxy or the IIS front end, use in IIS or process
/// events.
const Deciding kTimed[] = {
    {Question::attempted,
     {Source::http_proxy, Source::iis_front_end},
     "HttpProxy logs (Logging\\HttpProxy) and IIS front-end logs (W3SVC1) of the missing days, also from backups"},
    {Question::used,
     {Source::iis_front_end, Source::iis_back_end, Source::process_events},
     "IIS logs (W3SVC1, W3SVC2) or process events (Security 4688, Sysmon 1) of the missing days, also from backups"},
};

Hour hour_of(Time time) { return static_cast<Hour>(floor<hours>(time).time_since_epoch().count()); }
Time time_of(Hour hour) { return Time{hours{hour}}; }

struct Family {
    std::string name;
    std::optional<Time> from, until;
};

/// A fix first seen after the window opened leaves open what was before it, unless the cumulative update installed had
/// it from its release: that window lies before this installation.
bool is_in_question(const Exposure& exposure) {
    if (exposure.state != CveState::fixed || exposure.open_in_window) return true;
    return exposure.until && *exposure.until > *exposure.from && !exposure.before_installation;
}

/// The families in question with their windows, in order of opening.
std::vector<Family> families(const std::vector<Exposure>& exposures, Time end, const Intel& intel) {
    std::set<std::string> exploited;
    for (const Vulnerability& vulnerability : intel.vulnerabilities)
        if (vulnerability.known_exploited) exploited.insert(vulnerability.cve);
    std::map<std::string, Family> by_name;
    for (const Exposure& exposure : exposures) {
        if (!exploited.contains(exposure.cve) || !exposure.from || *exposure.from >= end) continue;
        if (!is_in_question(exposure)) continue;
        Family& family = by_name[exposure.family];
        family.name = exposure.family;
        family.from = std::min(family.from.value_or(*exposure.from), *exposure.from);
        auto until = exposure.until.value_or(end);
        family.until = std::max(family.until.value_or(until), until);
    }
    std::vector<Family> list;
    list.reserve(by_name.size());
    for (auto& [name, family] : by_name) list.push_back(std::move(family));
    std::ranges::stable_sort(list, {}, [](const Family& family) { return *family.from; });
    return list;
}

std::optional<Time> begin_of_evidence(const Facts& facts) {
    std::optional<Time> begin;
    for (const SourceSeen& source : facts.sources)
        if (source.first) begin = std::min(begin.value_or(*source.first), *source.first);
    return begin;
}

/// All hours of the sources inside [from, until), ascending.
std::vector<Hour> hours_within(const Facts& facts, const std::vector<Source>& sources, Time from, Time until,
                               std::vector<Source>& present) {
    std::vector<Hour> merged;
    for (Source source : sources) {
        const SourceSeen* seen = find_source(facts, source);
        if (seen == nullptr || seen->hours.empty()) continue;
        auto begin = std::ranges::lower_bound(seen->hours, hour_of(from));
        auto end = std::ranges::lower_bound(seen->hours, hour_of(until) + (floor<hours>(until) < until ? 1 : 0));
        if (begin != end) present.push_back(source);
        merged.insert(merged.end(), begin, end);
    }
    std::ranges::sort(merged);
    merged.erase(std::ranges::unique(merged).begin(), merged.end());
    return merged;
}

int count_days(Time from, Time until) {
    return std::max(1, static_cast<int>((floor<days>(until - Ticks{1}) - floor<days>(from)).count()) + 1);
}

void measure(Coverage& coverage, const std::vector<Hour>& seen) {
    coverage.days = count_days(*coverage.from, *coverage.until);
    std::int64_t day_before = std::numeric_limits<std::int64_t>::min();
    int covered = 0;
    Time before = *coverage.from;
    for (Hour hour : seen) {
        std::int64_t day = hour >= 0 ? hour / 24 : (hour - 23) / 24;
        covered += day != day_before ? 1 : 0;
        day_before = day;
        if (time_of(hour) - before > kCoverageGap) coverage.gaps.push_back({before, time_of(hour)});
        before = std::max(before, time_of(hour + 1));
    }
    if (*coverage.until - before > kCoverageGap) coverage.gaps.push_back({before, *coverage.until});
    coverage.days_covered = std::min(coverage.days, covered);
    coverage.share = static_cast<double>(coverage.days_covered) / coverage.days;
    coverage.answered = coverage.share >= kCoverageShare && coverage.gaps.empty();
    std::ranges::stable_sort(coverage.gaps,
                             [](const Gap& a, const Gap& b) { return a.until - a.from > b.until - b.from; });
    if (coverage.gaps.size() > kGapsListed) coverage.gaps.resize(kGapsListed);
}

/// A shell left: a listing of the web folders speaks of the whole window when it has the files' times; compiled traces
/// speak of every page that ever ran, deleted ones too.
void measure_shell(Coverage& coverage, const Facts& facts) {
    coverage.days = count_days(*coverage.from, *coverage.until);
    bool listing = find_source(facts, Source::web_root_listing) && find_source(facts, Source::file_times);
    bool compiled = find_source(facts, Source::compiled_files);
    if (listing) coverage.sources.push_back(Source::web_root_listing);
    if (compiled) coverage.sources.push_back(Source::compiled_files);
    coverage.answered = listing || compiled;
    coverage.days_covered = coverage.answered ? coverage.days : 0;
    coverage.share = coverage.answered ? 1 : 0;
    if (!coverage.answered) coverage.gaps.push_back({*coverage.from, *coverage.until});
}

void cover_family(std::vector<Coverage>& list, const std::string& name, const Window& window, const Facts& facts) {
    for (const Deciding& deciding : kTimed) {
        Coverage coverage;
        coverage.family = name;
        coverage.question = deciding.question;
        coverage.from = window.from;
        coverage.until = window.until;
        measure(coverage, hours_within(facts, deciding.sources, *window.from, *window.until, coverage.sources));
        if (!coverage.answered) coverage.collect = deciding.collect;
        list.push_back(std::move(coverage));
    }
    Coverage shell;
    shell.family = name;
    shell.question = Question::shell;
    shell.from = window.from;
    shell.until = window.until;
    measure_shell(shell, facts);
    if (!shell.answered)
        shell.collect =
            "a listing of the web folders with creation and modification times, and the folder Temporary ASP.NET Files";
    list.push_back(std::move(shell));
}

}  // namespace

bool kept_around(const Facts& facts, Source source, Time time) {
    const SourceSeen* seen = find_source(facts, source);
    if (seen == nullptr) return false;
    const std::int64_t hour = hour_of(time), span = std::chrono::duration_cast<hours>(kCoverageGap).count();
    auto after = std::ranges::lower_bound(seen->hours, hour, {}, [](Hour kept) { return std::int64_t{kept}; });
    bool same = after != seen->hours.end() && *after == hour;
    bool later = after != seen->hours.end() && *after - hour <= span;
    bool earlier = after != seen->hours.begin() && hour - *std::prev(after) <= span;
    return same || (earlier && later);
}

const SourceSeen* find_source(const Facts& facts, Source source) {
    auto at = std::ranges::find(facts.sources, source, &SourceSeen::source);
    return at == facts.sources.end() ? nullptr : &*at;
}

std::optional<Time> end_of_evidence(const Facts& facts) {
    std::optional<Time> end;
    for (const SourceSeen& source : facts.sources)
        if (source.last) end = std::max(end.value_or(*source.last), *source.last);
    return end;
}

std::vector<Coverage> cover(const std::vector<Exposure>& exposures, const Facts& facts, const Window& narrowed,
                            const Intel& intel) {
    std::vector<Coverage> list;
    auto end = end_of_evidence(facts);
    if (!end) return list;
    auto within = [&](const Family& family) {
        Window window{family.from, std::min(*family.until, *end)};
        if (narrowed.from) window.from = std::max(*window.from, *narrowed.from);
        if (narrowed.until) window.until = std::min(*window.until, *narrowed.until);
        return window;
    };
    for (const Family& family : families(exposures, *end, intel)) {
        auto window = within(family);
        if (*window.from < *window.until) cover_family(list, family.name, window, facts);
    }
    if (!list.empty()) return list;
    // No known hole was open: the evidence itself is the window.
    Family any{std::string(kAnyFamily), begin_of_evidence(facts).value_or(*end), end};
    auto window = within(any);
    if (*window.from < *window.until) cover_family(list, any.name, window, facts);
    return list;
}

}  // namespace ascribe

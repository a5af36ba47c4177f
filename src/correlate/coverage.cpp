#include "correlate/coverage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <span>

namespace ascribe {
namespace {

using std::chrono::days;
using std::chrono::floor;

constexpr std::size_t kGapsListed = 20;
constexpr std::string_view kAnyFamily = "any";  // the family asked about when no known hole was open

/// The doors by which an attack of a family may come, so that a log of one protocol does not speak for another. A door
/// that answers only after signing in counts too: the credentials may have been stolen.
struct Entrances {
    std::string_view family;
    std::initializer_list<Door> doors;
};
constexpr Door kEveryDoor[] = {Door::owa, Door::ecp, Door::autodiscover, Door::ews, Door::powershell};
const Entrances kEntrances[] = {
    // X-BEResource goes to any file below /ecp, X-AnonResource-Backend below /owa/auth (facts PL-01, PL-05).
    {"ProxyLogon", {Door::owa, Door::ecp}},
    {"ProxyShell", {Door::autodiscover}},                // facts PS-01 and PS-02
    {"ProxyNotShell", {Door::owa, Door::autodiscover}},  // facts PN-01 and PN-02
    {"OWASSRF", {Door::owa}},                            // fact PN-02
    {"ProxyToken", {Door::ecp}},                         // CVE-2021-33766 asks /ecp
    {"static validationKey", {Door::ecp}},               // CVE-2020-0688 is an __VIEWSTATE of /ecp
    {"PrivExchange", {Door::ews}},                       // CVE-2018-8581 is a push subscription of EWS
    {"EWS autocomplete deserialisation", {Door::ews}},   // CVE-2020-17144
};

std::span<const Door> doors_of(std::string_view family) {
    for (const Entrances& entrances : kEntrances)
        if (entrances.family == family) return entrances.doors;
    return kEveryDoor;
}

Hour hour_of(Time time) { return static_cast<Hour>(floor<std::chrono::hours>(time).time_since_epoch().count()); }
Time time_of(Hour hour) { return Time{std::chrono::hours{hour}}; }

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

std::span<const Hour> hours_of(const Facts& facts, Source source) {
    const SourceSeen* seen = find_source(facts, source);
    return seen == nullptr ? std::span<const Hour>() : seen->hours;
}

const DoorSeen* find_door(const Facts& facts, Source source, Door door) {
    const SourceSeen* seen = find_source(facts, source);
    if (seen == nullptr) return nullptr;
    auto at = std::ranges::find(seen->doors, door, &DoorSeen::door);
    return at == seen->doors.end() ? nullptr : &*at;
}

std::span<const Hour> hours_of(const Facts& facts, Source source, Door door) {
    const DoorSeen* seen = find_door(facts, source, door);
    return seen == nullptr ? std::span<const Hour>() : seen->hours;
}

/// Hours in which a deciding source has records, ascending, of the window only.
class Hours {
public:
    explicit Hours(Coverage& coverage) : coverage_(coverage) {}

    void add(Source source, std::span<const Hour> hours) {
        Time until = *coverage_.until;
        auto begin = std::ranges::lower_bound(hours, hour_of(*coverage_.from));
        auto end = std::ranges::lower_bound(hours, hour_of(until) + (floor<std::chrono::hours>(until) < until ? 1 : 0));
        if (begin == end) return;
        if (std::ranges::find(coverage_.sources, source) == coverage_.sources.end())
            coverage_.sources.push_back(source);
        merged_.insert(merged_.end(), begin, end);
    }

    const std::vector<Hour>& merged() {
        std::ranges::sort(merged_);
        merged_.erase(std::ranges::unique(merged_).begin(), merged_.end());
        return merged_;
    }

private:
    Coverage& coverage_;
    std::vector<Hour> merged_;
};

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

std::string names_of(const std::vector<Door>& doors) {
    std::string text;
    for (Door door : doors) text += fmt::format("{}{}", text.empty() ? "" : ", ", to_string(door));
    return text;
}

std::string collect_of(const std::vector<Door>& missing) {
    if (missing.empty()) return {};
    return fmt::format(
        "HttpProxy logs (Logging\\HttpProxy: {}) or IIS front-end logs (W3SVC1) of the missing days, also from backups",
        names_of(missing));
}

/// An attempt shows in the front end's IIS log, or in HttpProxy's log of every door by which the family comes in: the
/// question is covered as well as the worst of its doors. Returns those that it is not covered by.
std::vector<Door> measure_doors(Coverage& coverage, const Facts& facts) {
    Coverage worst;
    std::vector<Door> missing;
    for (Door door : doors_of(coverage.family)) {
        Coverage by_door = coverage;
        Hours hours(by_door);
        hours.add(Source::http_proxy, hours_of(facts, Source::http_proxy, door));
        hours.add(Source::iis_front_end, hours_of(facts, Source::iis_front_end));
        measure(by_door, hours.merged());
        if (!by_door.answered) missing.push_back(door);
        auto rank = [](const Coverage& c) { return std::pair(c.answered, c.share); };
        if (worst.days == 0 || rank(by_door) < rank(worst)) worst = std::move(by_door);
    }
    coverage = std::move(worst);
    coverage.collect = collect_of(missing);
    return missing;
}

void measure_attempts(Coverage& coverage, const Facts& facts) { measure_doors(coverage, facts); }

/// Use of a page shows in the front end's IIS log or in process events. The back end's log does not decide: pages that
/// need no signing in are answered by the front end itself.
void measure_use(Coverage& coverage, const Facts& facts) {
    Hours hours(coverage);
    for (Source source : {Source::iis_front_end, Source::process_events}) hours.add(source, hours_of(facts, source));
    measure(coverage, hours.merged());
    if (!coverage.answered)
        coverage.collect =
            "IIS logs (W3SVC1) or process events (Security 4688, Sysmon 1) of the missing days, also from backups";
}

/// A shell left: a listing with the files' times speaks of the whole window, and so do compiled traces, even of pages
/// deleted since. A folder of which nothing is there was perhaps not collected: each must show at least what Exchange
/// itself left there. The site's own folder is not compiled unless it holds a page, so traces cannot be asked of it.
void measure_shell(Coverage& coverage, const Facts& facts) {
    auto speaks = [&](Source source, std::initializer_list<Door> doors, std::vector<Door>& missing) {
        for (Door door : doors)
            if (find_door(facts, source, door) == nullptr) missing.push_back(door);
        if (missing.size() < doors.size()) coverage.sources.push_back(source);
        return missing.empty();
    };
    std::vector<Door> unlisted, untraced;
    bool listed = speaks(Source::file_times, {Door::owa, Door::ecp, Door::site_root}, unlisted);
    bool traced = speaks(Source::compiled_files, {Door::owa, Door::ecp}, untraced);
    coverage.days = count_days(*coverage.from, *coverage.until);
    coverage.answered = listed || traced;
    coverage.days_covered = coverage.answered ? coverage.days : 0;
    coverage.share = coverage.answered ? 1 : 0;
    if (coverage.answered) return;
    coverage.gaps.push_back({*coverage.from, *coverage.until});
    coverage.collect = fmt::format(
        "a listing, with creation and modification times, of FrontEnd\\HttpProxy\\owa\\auth, "
        "FrontEnd\\HttpProxy\\ecp\\auth and inetpub\\wwwroot (missing: {}), or the whole folder Temporary ASP.NET "
        "Files",
        names_of(unlisted));
}

struct Measure {
    Question question;
    void (*measure)(Coverage& coverage, const Facts& facts);
};
constexpr Measure kOfExchange[] = {
    {Question::attempted, measure_attempts}, {Question::used, measure_use}, {Question::shell, measure_shell}};

constexpr Source kSiteLogs[] = {Source::iis_front_end, Source::iis_back_end, Source::access_log};

/// Attacks on other programs than Exchange are known by the user's rules only: no log can say that there was none.
void measure_site_attempts(Coverage& coverage, const Facts& facts) {
    Hours hours(coverage);
    for (Source source : kSiteLogs) hours.add(source, hours_of(facts, source));
    measure(coverage, hours.merged());
    coverage.answered = false;
}

void measure_site_use(Coverage& coverage, const Facts& facts) {
    Hours hours(coverage);
    for (Source source : kSiteLogs) hours.add(source, hours_of(facts, source));
    hours.add(Source::process_events, hours_of(facts, Source::process_events));
    measure(coverage, hours.merged());
    if (!coverage.answered) coverage.collect = "the web server's access logs of the missing days, also from backups";
}

/// Where another server's pages lie is not known, so no listing can be called whole.
void measure_site_shell(Coverage& coverage, const Facts&) {
    coverage.days = count_days(*coverage.from, *coverage.until);
    coverage.gaps.push_back({*coverage.from, *coverage.until});
    coverage.collect = "the web folders with their files' times, and read them with 'ascribe shells' too";
}

constexpr Measure kOfWebServer[] = {{Question::attempted, measure_site_attempts},
                                    {Question::used, measure_site_use},
                                    {Question::shell, measure_site_shell}};

void cover_family(std::vector<Coverage>& list, const std::string& name, const TimeWindow& window, const Facts& facts,
                  std::span<const Measure> measures) {
    for (const Measure& measure : measures) {
        Coverage coverage;
        coverage.family = name;
        coverage.question = measure.question;
        coverage.from = window.from;
        coverage.until = window.until;
        measure.measure(coverage, facts);
        list.push_back(std::move(coverage));
    }
}

}  // namespace

bool kept_around(const Facts& facts, Source source, Time time) {
    auto around = [time](std::span<const Hour> hours) {
        const std::int64_t hour = hour_of(time),
                           span = std::chrono::duration_cast<std::chrono::hours>(kCoverageGap).count();
        auto after = std::ranges::lower_bound(hours, hour, {}, [](Hour kept) { return std::int64_t{kept}; });
        bool same = after != hours.end() && *after == hour;
        bool later = after != hours.end() && *after - hour <= span;
        bool earlier = after != hours.begin() && hour - *std::prev(after) <= span;
        return same || (earlier && later);
    };
    if (source != Source::http_proxy) return around(hours_of(facts, source));
    return std::ranges::all_of(kEveryDoor, [&](Door door) { return around(hours_of(facts, source, door)); });
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

std::string collect_for_attempts(const std::vector<Coverage>& list, const Facts& facts) {
    std::set<Door> missing;
    for (Coverage coverage : list)
        if (coverage.question == Question::attempted && !coverage.answered)
            for (Door door : measure_doors(coverage, facts)) missing.insert(door);
    return collect_of({missing.begin(), missing.end()});
}

std::vector<Coverage> cover(const std::vector<Exposure>& exposures, const Facts& facts, Platform platform,
                            const TimeWindow& narrowed, const Intel& intel) {
    std::vector<Coverage> list;
    auto end = end_of_evidence(facts);
    if (!end) return list;
    auto within = [&](const Family& family) {
        TimeWindow window{family.from, std::min(*family.until, *end)};
        if (narrowed.from) window.from = std::max(*window.from, *narrowed.from);
        if (narrowed.until) window.until = std::min(*window.until, *narrowed.until);
        return window;
    };
    for (const Family& family : families(exposures, *end, intel)) {
        auto window = within(family);
        if (*window.from < *window.until) cover_family(list, family.name, window, facts, kOfExchange);
    }
    if (!list.empty()) return list;
    // No known hole was open: the evidence itself is the window.
    Family any{std::string(kAnyFamily), begin_of_evidence(facts).value_or(*end), end};
    auto window = within(any);
    auto measures = platform == Platform::web_server ? std::span(kOfWebServer) : std::span(kOfExchange);
    if (*window.from < *window.until) cover_family(list, any.name, window, facts, measures);
    return list;
}

}  // namespace ascribe

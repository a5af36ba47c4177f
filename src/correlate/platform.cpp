#include "correlate/platform.hpp"

#include <algorithm>

#include "correlate/coverage.hpp"

namespace ascribe {
namespace {

// Exchange's clients and its own probes come every hour; a site that answers whatever is asked, or scanners of it, show
// its folders now and then.
constexpr double kAnsweredShare = 0.2;
// An IIS log that short may be the first minutes of an Exchange server's. Other servers write no access logs for it.
constexpr std::uint64_t kIisRows = 1'000;

/// Sources that only Exchange writes.
constexpr Source kOwn[] = {
    Source::http_proxy,          Source::ecp,           Source::oab_generator,    Source::ews,
    Source::exchange_management, Source::file_versions, Source::message_tracking, Source::prior_check};

constexpr Source kWebLogs[] = {Source::iis_front_end, Source::iis_back_end, Source::access_log};

/// A folder of Exchange's among the files or the compiled pages.
bool has_its_folders(const Facts& facts) {
    return std::ranges::any_of(facts.sources, [](const SourceSeen& seen) {
        if (seen.source != Source::file_times && seen.source != Source::compiled_files) return false;
        return std::ranges::any_of(
            seen.doors, [](const DoorSeen& door) { return door.door == Door::owa || door.door == Door::ecp; });
    });
}

}  // namespace

Platform platform_of(const Facts& facts, std::span<const Finding> findings) {
    auto present = [&](Source source) { return find_source(facts, source) != nullptr; };
    bool its_attack_worked = std::ranges::any_of(findings, [](const Finding& finding) {
        return finding.level == Level::success && finding.detector.starts_with("exchange.");
    });
    if (!facts.builds.empty() || its_attack_worked || has_its_folders(facts) || std::ranges::any_of(kOwn, present))
        return Platform::exchange;
    std::size_t hours = 0, answered = 0;
    for (Source source : kWebLogs)
        if (const SourceSeen* seen = find_source(facts, source)) {
            hours += seen->hours.size();
            for (const DoorSeen& door : seen->doors) answered += door.hours.size();
        }
    if (answered > 0 && static_cast<double>(answered) >= kAnsweredShare * static_cast<double>(hours))
        return Platform::exchange;
    const SourceSeen *front = find_source(facts, Source::iis_front_end),
                     *back = find_source(facts, Source::iis_back_end);
    auto iis_rows = (front != nullptr ? front->records : 0) + (back != nullptr ? back->records : 0);
    bool enough = iis_rows == 0 ? present(Source::access_log) : iis_rows >= kIisRows;
    return enough ? Platform::web_server : Platform::unknown;
}

}  // namespace ascribe

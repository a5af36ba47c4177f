// What detectors conclude: findings (what was seen) and facts (what the evidence can show: builds, hours of logs,
// clocks).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/artefact.hpp"

namespace ascribe {

/// Three levels, kept apart everywhere: random probes by bots, stages of a known attack, and stages that worked.
enum class Level : std::uint8_t { scan, attempt, success };
enum class Severity : std::uint8_t { note, low, medium, high, critical };

/// Which question of the verdict a finding answers.
enum class Question : std::uint8_t {
    attempted,    // somebody tried a known attack
    exploited,    // it worked
    shell,        // a web shell or other foothold was left
    used,         // it was used: commands run, data read
    persistence,  // what survives the patch: accounts, tasks, delegation, modules
    hiding,       // what hides: cleared logs, gaps, deletions
};

/// Who wrote the time down; file times can be forged by the intruder, log times less easily.
enum class Clock : std::uint8_t { log, file_system, embedded, inferred };

std::string_view to_string(Level level);        // "scan", "attempt", "success"
std::string_view to_string(Severity severity);  // "note" .. "critical"
std::string_view to_string(Question question);
std::string_view to_string(Clock clock);  // "log", "file_system", "embedded", "inferred"

/// What a detector says it saw. Never without evidence.
struct Finding {
    std::string id;        // "F-" and 10 hex digits; stable across runs and containers; set by the engine
    std::string detector;  // "exchange.ssrf_target"
    Level level = Level::scan;
    Severity severity = Severity::note;
    Question question = Question::attempted;
    double probability = 0;        // that the statement is true, 0..1; its source stands beside the detector
    std::optional<Time> time;      // true UTC, after correlate corrected the clock; empty when unknown
    std::optional<Time> raw_time;  // as recorded
    std::optional<Time> last;      // of the latest row, where a log tells it; corrected like `time`
    std::vector<Time> moments;     // of the rows listed below, corrected like `time`, in no order; for joining
    Clock clock = Clock::log;
    std::string statement;  // one sentence, past tense, no adjectives; hostile text in it is not escaped yet
    std::vector<std::string> techniques;  // MITRE ATT&CK ids
    std::vector<std::string> cves;
    std::vector<std::string> software = {};  // ATT&CK ids of programs that were seen: S0020
    std::string indicator = {};              // "type:value", lower case, as Intel::indicator_index has it; "" for none
    std::vector<std::string> links = {};  // what two intruders hardly share, "key:..." of a shell (attribute/pool.hpp)
    std::vector<Ref> evidence;            // at least one, first the one that shows it best; at most kEvidenceListed
    std::uint64_t evidence_total = 0;     // rows that support it in all

    // What it is about, for joining: empty where it does not apply.
    std::string address;  // client address
    std::string page;     // page or file written, requested or run, as logged
    std::string account;
    std::string session;  // request or session id
};

/// Refs a finding lists; the rest is counted. Enough for every line of a real attack; a flood adds no knowledge.
inline constexpr std::size_t kEvidenceListed = 1'000;

/// A product build: 15.1.2106.2.
struct Build {
    std::array<std::uint32_t, 4> part{};
    friend auto operator<=>(const Build&, const Build&) = default;
};
std::optional<Build> parse_build(std::string_view text);  // four dotted numbers (leading zeros allowed), nothing else
std::string to_string(const Build& build);

/// A source of evidence, as coverage counts it. The names are those of the ablation test and the report.
enum class Source : std::uint8_t {
    http_proxy,
    ecp,
    oab_generator,
    ews,
    iis_front_end,
    iis_back_end,
    iis_errors,
    security,
    sysmon,
    application,
    system,
    exchange_management,
    powershell,
    message_tracking,
    web_root_listing,
    compiled_files,
    file_versions,
    configuration,
    process_events,
    file_times,
    antivirus,
    prior_check,
    access_log,
};
inline constexpr std::size_t kSources = static_cast<std::size_t>(Source::access_log) + 1;
std::string_view to_string(Source source);  // "http_proxy"
std::string_view describe(Source source);   // "HttpProxy logs"

struct BuildSeen {
    Build build;
    std::string source;               // pe_version, http_proxy, ecp, health_checker, setup_log, event
    std::optional<Time> first, last;  // when rows said so; empty for a file, which speaks of the time of collection
    Ref first_ref, last_ref;
};

/// A way into an Exchange server: the web application that answers a request or holds a page.
enum class Door : std::uint8_t { owa, ecp, autodiscover, ews, powershell, site_root, other };
inline constexpr std::size_t kDoors = static_cast<std::size_t>(Door::other) + 1;
std::string_view to_string(Door door);  // "owa"

/// Hours since 1970 in which a source has at least one record: what coverage counts.
using Hour = std::int32_t;
struct DoorSeen {
    Door door;
    std::vector<Hour> hours;  // ascending, unique; empty for files, which speak of the time of collection
};
struct SourceSeen {
    Source source;
    std::vector<Hour> hours;  // ascending, unique
    std::uint64_t records = 0;
    std::optional<Time> first, last;
    Ref first_ref, last_ref;
    std::vector<DoorSeen> doors =
        {};  // of HttpProxy, true file times, compiled traces; web logs: `other` for Exchange's
};

/// Two clocks in one artefact: what the record's own time and an inner time say of the same moment.
struct ClockSeen {
    ArtefactId artefact;
    std::string outer, inner;  // "shipper's @timestamp", "Sysmon UtcTime"
    Ticks least{}, most{};     // inner - outer, over all rows
    std::uint64_t rows = 0;
    Ref sample;
    std::optional<Time> sample_outer, sample_inner;
};

/// A line of configuration that bears on exposure: a rewrite rule, Extended Protection, an EEMS mitigation.
struct SettingSeen {
    std::string category, name, value, path;
    Ref ref;
};

/// A hash that the collector noted when it took the file.
struct HashSeen {
    std::string path, sha256;  // Windows path; hex
    Ref ref;
};

struct Facts {
    std::vector<BuildSeen> builds;
    std::vector<SourceSeen> sources;
    std::vector<ClockSeen> clocks;
    std::vector<SettingSeen> settings;
    std::vector<HashSeen> hashes;
    bool hashes_cut = false;  // the collector noted more than are kept
};

}  // namespace ascribe

// hiding.log_tampering: logs that were cleared or deleted, a clock that was set back, pages that were deleted or taken
// away by antivirus. Clearing and deleting also happen in administration, so alone they never say that a server was
// entered; a page that antivirus took out of a web folder does. (Facts DE-01, WS-06.)
#include <fmt/format.h>

#include "base/text.hpp"
#include "detect/events/fields.hpp"
#include "detect/exchange_paths.hpp"
#include "detect/hits.hpp"

namespace ascribe {
namespace {

// A domain member whose clock differs by more cannot log on with Kerberos (default of "Maximum tolerance for computer
// clock synchronization"), so time synchronisation never needs such a step once a server runs.
constexpr Ticks kClockStep = std::chrono::minutes{5};

constexpr std::size_t kLongestPath = 260;  // MAX_PATH; also keeps the search for pages in free text linear

Finding hiding(Severity severity, double probability, std::string technique, std::string statement) {
    Finding finding;
    finding.level = Level::attempt;
    finding.severity = severity;
    finding.question = Question::hiding;
    finding.probability = probability;
    finding.techniques = {std::move(technique)};
    finding.statement = std::move(statement);
    return finding;
}

std::optional<Hit> judge_clearing(const Row& row) {
    auto id = event_id(row);
    if (!equals_folded(row.text(WindowsEvent::provider), "Microsoft-Windows-Eventlog") || (id != 1102 && id != 104))
        return {};
    auto account = datum(row, "SubjectUserName");
    auto channel = id == 1102 ? std::string_view("Security") : datum(row, "Channel");
    auto finding = hiding(
        id == 1102 ? Severity::high : Severity::medium, 0.97, "T1070.001",  // Windows itself writes these two
        fmt::format("The event log {} was cleared{}.", channel, account.empty() ? "" : fmt::format(" by {}", account)));
    finding.account = account;
    return Hit{lower(fmt::format("cleared {} {} {}", channel, account, format_time(row.time))), std::move(finding)};
}

std::optional<Hit> judge_clock(const Row& row) {
    auto id = event_id(row);
    std::string_view before, after;
    if (is_security(row) && id == 4616) {
        before = datum(row, "PreviousTime");
        after = datum(row, "NewTime");
    } else if (is_event(row, "Microsoft-Windows-Kernel-General", 1)) {
        before = datum(row, "OldTime");
        after = datum(row, "NewTime");
    }
    auto old_time = parse_time(before), new_time = parse_time(after);
    if (!old_time || !new_time || *new_time > *old_time - kClockStep) return {};
    return Hit{fmt::format("clock {} {}", before, after),
               hiding(Severity::medium, 0.9, "T1070.006",
                      fmt::format("The clock was set back from {} to {}.", before, after))};
}

/// Web and Exchange logs and event logs: what an intruder's traces are in.
bool is_log(std::string_view path) {
    if (ends_folded(path, ".evtx")) return true;
    return ends_folded(path, ".log") &&
           (contains_folded(path, "\\inetpub\\logs\\LogFiles\\") || contains_folded(path, "\\Logging\\HttpProxy\\") ||
            contains_folded(path, "\\Logging\\CmdletInfra\\") || contains_folded(path, "\\Logging\\ECP\\") ||
            contains_folded(path, "\\System32\\LogFiles\\"));
}

/// Exchange and IIS delete their own logs after 30 days.
bool deletes_own_logs(std::string_view image) {
    return contains_folded(image, "\\Exchange Server\\") || ends_folded(image, "\\w3wp.exe") ||
           ends_folded(image, "\\noderunner.exe");
}

std::optional<Hit> judge_deletion(const Row& row) {
    auto id = event_id(row);
    if (!is_sysmon(row) || (id != 23 && id != 26)) return {};
    auto path = datum(row, "TargetFilename"), image = datum(row, "Image");
    if (is_log(path) && !deletes_own_logs(image))
        // 0.6: clean-up scripts of administrators delete old IIS logs as well.
        return Hit{
            lower(fmt::format("deleted {}", path)),
            hiding(Severity::medium, 0.6, "T1070.004", fmt::format("The log {} was deleted by {}.", path, image))};
    if (!is_server_executable(path) || !is_web_folder(path)) return {};
    // 0.7: updates of Exchange replace pages of their own; the page's name decides and correlate joins it to its
    // writing.
    auto finding = hiding(Severity::high, 0.7, "T1070.004", fmt::format("The page {} was deleted by {}.", path, image));
    finding.page = path;
    return Hit{lower(fmt::format("deleted {}", path)), std::move(finding)};
}

/// The path of a server-executable page in a web folder somewhere in free text, "" when there is none.
std::string_view page_in(std::string_view text) {
    for (std::size_t at = text.find(":\\"); at != std::string_view::npos; at = text.find(":\\", at + 1)) {
        if (at == 0) continue;
        auto path = text.substr(at - 1, kLongestPath);
        path = path.substr(0, path.find_first_of("\"'\r\n\t<>|*?;,", 3));
        // Free text goes on after the name: cut behind the extension.
        for (std::string_view type : {".aspx", ".ashx", ".asmx", ".asp"})
            if (auto found = lower(path).find(type); found != std::string::npos) {
                path = path.substr(0, found + type.size());
                if (is_server_executable(path) && is_web_folder(path)) return path;
                break;
            }
    }
    return {};
}

std::optional<Hit> judge_antivirus(std::string_view text) {
    auto page = page_in(text);
    if (page.empty()) return {};
    bool removed = false;
    for (std::string_view word : {"quarantin", "remov", "delet", "clean"}) removed |= contains_folded(text, word);
    // 0.85: antivirus names on script files are wrong at times (CSS-Exchange issue 311 shows the reverse, too).
    auto finding = hiding(Severity::critical, 0.85, "T1505.003",
                          fmt::format("Antivirus {} the page {}.", removed ? "removed" : "reported", page));
    finding.level = Level::success;
    finding.question = Question::shell;
    finding.page = page;
    return Hit{lower(fmt::format("antivirus {}", page)), std::move(finding)};
}

bool is_defender(const Row& row) {
    auto id = event_id(row);
    return equals_folded(row.text(WindowsEvent::provider), "Microsoft-Windows-Windows Defender") &&
           (id == 1116 || id == 1117);
}

std::optional<Hit> judge(const RecordBatch& batch, const Row& row, const Intel&) {
    if (batch.kind() == RecordKind::exchange_trace)
        return equals_folded(row.text(ExchangeTrace::log), "Antivirus")
                   ? judge_antivirus(row.text(ExchangeTrace::message))
                   : std::nullopt;
    if (is_defender(row)) {
        auto path = datum(row, "Path");
        return judge_antivirus(path.empty() ? row.text(WindowsEvent::message) : path);
    }
    auto hit = judge_clearing(row);
    if (!hit) hit = judge_clock(row);
    if (!hit) hit = judge_deletion(row);
    return hit;
}

constexpr RecordKind kReads[] = {RecordKind::windows_event, RecordKind::exchange_trace};

}  // namespace

extern const Detector kLogTampering =
    hit_detector<"hiding.log_tampering", judge>("Logs cleared or deleted, clocks set back, pages removed", kReads);

}  // namespace ascribe

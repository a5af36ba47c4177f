// exchange.management_command: what was done through the management shell, as MSExchange CmdletLogs events keep it: 1
// succeeded, 6 failed, 8 threw. The event holds the whole command, payload included. Removing and making a virtual
// directory anew is maintenance, except right after a script was put into its address: then it is the reset that writes
// the page. (Facts PL-09, PL-10, PS-04, O1-01.)
#include <fmt/format.h>

#include <map>
#include <set>

#include "base/text.hpp"
#include "detect/commands.hpp"
#include "detect/events/fields.hpp"
#include "detect/hits.hpp"

namespace ascribe {
namespace {

constexpr std::string_view kStaged = "staged", kReset = "reset", kOther = "other";  // first words of keys

struct Cmdlet {
    std::string_view name, parameters, user;
    bool failed = false;
};

std::optional<Cmdlet> cmdlet_of(const Row& row) {
    auto id = event_id(row);
    if (!equals_folded(row.text(WindowsEvent::provider), "MSExchange CmdletLogs") || (id != 1 && id != 6 && id != 8))
        return {};
    Cmdlet cmdlet;
    cmdlet.failed = id != 1;
    // "Cmdlet suceeded. Cmdlet X, parameters Y." (the spelling is Microsoft's); unrendered events keep X, Y and the
    // user as their first data.
    auto message = row.text(WindowsEvent::message);
    cmdlet.name = trim(between(message, ". Cmdlet ", ","));
    if (auto at = message.find(", parameters "); at != std::string_view::npos)
        cmdlet.parameters = message.substr(at + 13);
    if (cmdlet.name.empty()) {
        cmdlet.name = unnamed_datum(row, 0);
        cmdlet.parameters = unnamed_datum(row, 1);
    }
    cmdlet.user = unnamed_datum(row, 2);
    if (cmdlet.name.empty()) return {};
    return cmdlet;
}

/// CVE-2021-42321: a Get-App whose deserialisation ended in a failed cast.
std::optional<Hit> judge_cast(const Row& row) {
    auto id = event_id(row);
    if (!equals_folded(row.text(WindowsEvent::provider), "MSExchange CmdletLogs") || (id != 6 && id != 8)) return {};
    auto message = row.text(WindowsEvent::message);
    if (message.find("Get-App") == std::string_view::npos ||
        message.find("System.InvalidCastException") == std::string_view::npos)
        return {};
    Finding finding;
    finding.level = Level::success;
    finding.severity = Severity::high;
    finding.question = Question::exploited;
    finding.probability = 0.8;  // fact O1-01 (Sigma), rated high; a broken app manifest has not been seen to do this
    finding.techniques = {"T1190", "T1059"};
    finding.cves = {"CVE-2021-42321"};
    finding.statement = "Get-App failed to cast an object that it had deserialised.";
    return Hit{fmt::format("{} get-app", kOther), std::move(finding)};
}

std::optional<Hit> judge(const RecordBatch&, const Row& row, const Intel&) {
    if (auto hit = judge_cast(row)) return hit;
    auto cmdlet = cmdlet_of(row);
    if (!cmdlet) return {};
    if (is_directory_reset(cmdlet->name) && !cmdlet->failed) {
        Finding note;  // tells nothing alone: see conclude()
        note.statement = cmdlet->name;
        return Hit{fmt::format("{} {} {}", kReset, cmdlet->name, format_time(row.time)), std::move(note)};
    }
    auto finding = judge_command(cmdlet->name, cmdlet->parameters, cmdlet->user);
    if (!finding) return {};
    if (cmdlet->failed) {
        // What failed was tried, not done.
        if (finding->level == Level::success) finding->level = Level::attempt;
        if (finding->question == Question::exploited || finding->question == Question::shell)
            finding->question = Question::attempted;
        finding->statement += " The command failed.";
    }
    bool staged = !cmdlet->failed && ends_folded(cmdlet->name, "VirtualDirectory");
    return Hit{fmt::format("{} {} {} {}", staged ? kStaged : kOther, cmdlet->failed, cmdlet->name, cmdlet->parameters),
               std::move(*finding)};
}

using Resets = std::multimap<Time, const Group*>;

/// The reset that followed a change, nothing when there was none in time.
std::optional<Finding> reset_after(const Group& staged, const Resets& resets) {
    constexpr std::size_t kListed = 16;  // two commands make a reset; a flood of them says no more
    std::set<const Group*> matching;
    for (const HitRow& change : staged.kept)
        for (auto at = resets.lower_bound(change.time); at != resets.end() && matching.size() < kListed; ++at) {
            if (change.time == kNoTime || at->first - change.time > std::chrono::seconds{kResetSeconds}) break;
            matching.insert(at->second);
        }
    std::optional<Finding> written;
    for (const auto& [time, reset] : resets) {
        if (!matching.contains(reset)) continue;
        if (!written)
            written = finding_of(*reset);
        else
            add_evidence(*written, *reset);
    }
    if (!written) return {};
    auto when = written->raw_time;  // the page appears with the reset, not with the change, which is added as evidence
    add_evidence(*written, staged);
    settle(*written);
    written->raw_time = when;
    written->level = Level::success;
    written->severity = Severity::critical;
    written->question = Question::shell;
    written->probability = 0.95;  // fact PL-09: the reset writes the settings out as a file; PL-10 rates it very high
    written->techniques = {"T1505.003"};
    written->cves = staged.finding.cves;
    written->account = staged.finding.account;
    written->statement = fmt::format(
        "The virtual directory was reset within {} s of the change to its address, which writes the address to a file.",
        kResetSeconds);
    return written;
}

Conclusion conclude(const Hits& hits, const Intel&) {
    constexpr std::size_t kChanges = 1'000;  // changes looked up: a flood must not cost changes times resets
    Resets resets;
    for (const auto& [key, group] : hits.groups())
        if (key.key.starts_with(kReset) && group.first_time()) resets.emplace(*group.first_time(), &group);
    Conclusion conclusion;
    std::size_t changes = 0;
    for (const auto& [key, group] : hits.groups()) {
        if (key.key.starts_with(kReset)) continue;
        conclusion.findings.push_back(finding_of(group));
        if (!key.key.starts_with(kStaged) || ++changes > kChanges) continue;
        if (auto written = reset_after(group, resets)) conclusion.findings.push_back(std::move(*written));
    }
    return conclusion;
}

constexpr RecordKind kReads[] = {RecordKind::windows_event};

}  // namespace

extern const Detector kExchangeManagementCommand = hit_detector<"exchange.management_command", judge, conclude>(
    "Management commands that exploits and intruders use, as MSExchange Management events keep them", kReads);

}  // namespace ascribe

// exchange.ecp_virtual_directory: commands as the control panel (ECP Server log) and remote PowerShell (Rps_Cmdlet)
// kept them. The write half of ProxyLogon stands here in full: Set-OabVirtualDirectory with a page's script as its
// address (PL-08), then Remove- and New-OabVirtualDirectory within seconds, which writes the page (PL-09). Exports and
// rights that ProxyShell and intruders use are told as well (PS-04, PS-05).
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "detect/commands.hpp"
#include "detect/hits.hpp"

namespace ascribe {
namespace {

constexpr std::string_view kReset = "reset\n";

std::optional<Hit> judge(const RecordBatch& batch, const Row& row, const Intel&) {
    auto command = row.text(ExchangeCommand::command), parameters = row.text(ExchangeCommand::parameters);
    auto user = row.text(ExchangeCommand::user);
    // The server is part of every key: one log folder may hold several servers' logs.
    auto server =
        row.text(ExchangeCommand::server).empty() ? std::string_view(batch.host) : row.text(ExchangeCommand::server);
    if (auto finding = judge_command(command, parameters, user)) {
        auto key = fmt::format("{}\n{}\n{}\n{}", lower(server), lower(command), lower(user), lower(finding->page));
        return Hit{std::move(key), std::move(*finding)};
    }
    if (!is_directory_reset(command)) return {};
    Finding finding;  // a companion only: see conclude()
    finding.level = Level::scan;
    finding.account = user;
    finding.statement = command;
    auto minute = row.time == kNoTime ? 0 : row.time.time_since_epoch() / std::chrono::minutes(1);
    return Hit{fmt::format("{}{}\n{}\n{:012}", kReset, lower(server), lower(command), minute), std::move(finding)};
}

bool is_reset(const HitKey& key) { return key.key.starts_with(kReset); }

/// The server that a key begins with.
std::string server_of(std::string_view key) { return std::string(key.substr(0, key.find('\n'))); }

/// Rows of resets that came within kResetSeconds after a row of `change`, each once; both ascending.
std::vector<Ref> resets_after(const Group& change, const std::vector<HitRow>& resets) {
    std::vector<Ref> found;
    auto at = resets.begin();
    for (const HitRow& row : change.kept) {
        if (row.time == kNoTime) continue;
        at = std::max(at, std::ranges::lower_bound(resets, HitRow{.time = row.time, .ref = {}}));
        for (; at != resets.end() && at->time != kNoTime && at->time - row.time <= std::chrono::seconds(kResetSeconds);
             ++at) {
            if (found.size() >= kEvidenceListed) return found;
            found.push_back(at->ref);
        }
    }
    return found;
}

Conclusion conclude(const Hits& hits, const Intel&) {
    Conclusion conclusion;
    std::map<std::string, std::vector<HitRow>> resets;  // by server
    for (const auto& [key, group] : hits.groups())
        if (is_reset(key)) {
            auto& rows = resets[server_of(std::string_view(key.key).substr(kReset.size()))];
            rows.insert(rows.end(), group.kept.begin(), group.kept.end());
        }
    for (auto& [server, rows] : resets) std::ranges::sort(rows);
    for (const auto& [key, group] : hits.groups()) {
        if (is_reset(key)) continue;
        conclusion.findings.push_back(finding_of(group));
        bool staged = group.finding.level == Level::success && group.finding.question == Question::exploited;
        if (!staged) continue;
        auto after = resets_after(group, resets[server_of(key.key)]);
        if (after.empty()) continue;
        Finding written = finding_of(group);
        written.evidence.insert(written.evidence.begin(), after.begin(), after.end());
        written.evidence_total += after.size();
        settle(written);
        written.level = Level::success;
        written.severity = Severity::critical;
        written.question = Question::shell;
        written.probability = 0.97;  // PL-09: the reset is how the page gets written; very high with PL-08 before it
        written.techniques = {"T1505.003"};
        written.cves = {"CVE-2021-27065"};
        written.statement = fmt::format(
            "The virtual directory with the script was removed and made anew within {} seconds, which writes its text "
            "to a file.",
            kResetSeconds);
        conclusion.findings.push_back(std::move(written));
    }
    return conclusion;
}

constexpr RecordKind kReads[] = {RecordKind::exchange_command};

}  // namespace

extern const Detector kExchangeEcpVirtualDirectory = hit_detector<"exchange.ecp_virtual_directory", judge, conclude>(
    "Virtual directories that hold a page's script, and other telling commands, in ECP and PowerShell logs", kReads);

}  // namespace ascribe

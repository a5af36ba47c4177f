// exchange.owassrf: remote PowerShell through Outlook on the web, /owa/<mailbox>/powershell (CVE-2022-41080), which
// goes round the rewrite rule against ProxyNotShell and ends in the same deserialisation (CVE-2022-41082). No client
// builds such an address. The back end's own log, Rps_Http, shows callers with agents that are not Exchange's; mail
// tools do too, so these rows only stand beside such a request. (Facts PN-02, PN-03.)
#include <fmt/format.h>

#include "base/text.hpp"
#include "detect/exchange_paths.hpp"
#include "detect/hits.hpp"
#include "detect/web/request.hpp"

namespace ascribe {
namespace {

constexpr std::string_view kCompanion = "\ncaller";

/// /owa/user@domain/powershell, encoded or not.
bool is_powershell_through_owa(std::string_view stem) {
    if (!starts_folded(stem, "/owa/")) return false;
    auto path = normal_path(stem);
    auto at = path.find('@');
    return at != std::string::npos && path.find("/powershell", at) != std::string::npos;
}

/// Agents of Exchange itself (PN-02, PN-03).
bool is_own_agent(std::string_view agent) {
    return contains_folded(agent, "ClientInfo") || contains_folded(agent, "Microsoft WinRM Client") ||
           contains_folded(agent, "Microsoft+WinRM+Client") || contains_folded(agent, "Exchange BackEnd Probes") ||
           contains_folded(agent, "Exchange+BackEnd+Probes");
}

std::optional<Hit> judge(const RecordBatch& batch, const Row& row, const Intel&) {
    auto request = request_of(batch.kind(), row);
    Finding finding;
    finding.address = request.address;
    finding.account = request.user;
    finding.page = request.stem;
    finding.techniques = {"T1190"};
    finding.cves = {"CVE-2022-41080", "CVE-2022-41082"};
    auto who = address_words(request.address);
    if (is_powershell_through_owa(request.stem) && request.is_post()) {
        bool ran = request.status == 200 && !is_own_agent(request.agent);
        // PN-02: high. With Exchange's own agent the fact table does not call it success; the address stays forged.
        finding.level = ran ? Level::success : Level::attempt;
        finding.question = ran ? Question::exploited : Question::attempted;
        finding.severity = ran ? Severity::critical : request.succeeded() ? Severity::high : Severity::medium;
        finding.probability = ran ? 0.93 : 0.9;
        if (ran) finding.techniques.emplace_back("T1059.001");
        finding.statement =
            fmt::format("{} {} remote PowerShell through Outlook on the web{}, and the server answered {}.", who,
                        ran ? "used" : "asked for",
                        request.user.empty() ? "" : fmt::format(" signed in as {}", request.user), request.status);
        if (request.astray) tell_astray(finding);
        return Hit{fmt::format("{}\n{}", lower(request.address), request.status), std::move(finding)};
    }
    if (equals_folded(request.log, "RpsHttp") && request.status == 200) {
        auto caller = row.text(ExchangeRequest::client_info);
        if (caller.empty() || is_own_agent(caller)) return {};
        finding.statement = fmt::format("{} used remote PowerShell as {}.", who, caller);
        return Hit{fmt::format("{}{}", lower(request.address), kCompanion), std::move(finding)};
    }
    return {};
}

Conclusion conclude(const Hits& hits, const Intel&) {
    Conclusion conclusion;
    bool used = false;
    for (const auto& [key, group] : hits.groups()) used |= group.finding.level >= Level::attempt;
    if (!used) return conclusion;
    for (const auto& [key, group] : hits.groups()) {
        auto finding = finding_of(group);
        if (key.key.ends_with(kCompanion)) {
            finding.severity = Severity::medium;
            finding.probability = 0.5;  // PN-03: third-party tools look the same
        }
        conclusion.findings.push_back(std::move(finding));
    }
    return conclusion;
}

bool may_be_asked(std::string_view stem, const Intel&) { return is_powershell_through_owa(stem); }
bool is_powershell_log(std::string_view log, const Intel&) { return equals_folded(log, "RpsHttp"); }

constexpr RecordKind kReads[] = {RecordKind::http_request, RecordKind::exchange_request};

constexpr Interest kWants[] = {
    {RecordKind::http_request, HttpRequest::stem, may_be_asked},
    {RecordKind::exchange_request, ExchangeRequest::stem, may_be_asked},
    {RecordKind::exchange_request, ExchangeRequest::log, is_powershell_log},
};

}  // namespace

extern const Detector kExchangeOwassrf = hit_detector<"exchange.owassrf", judge, conclude>(
    "Remote PowerShell through Outlook on the web (CVE-2022-41080, CVE-2022-41082)", kReads, kWants);

}  // namespace ascribe

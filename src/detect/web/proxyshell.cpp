// exchange.proxyshell and exchange.proxynotshell: an address that begins as autodiscover.json and ends as another
// service. The front end strips what it takes for a mailbox name and sends the rest, still signed in as itself, to the
// back end (CVE-2021-34473; after its patch the same with a user's own sign-in, CVE-2022-41040). X-Rps-CAT in it names
// whom the PowerShell back end shall take the caller for (CVE-2021-34523). (Facts PS-01 to PS-03, PN-01; the ids of
// public probes for ProxyNotShell from the mitigation's pattern autodiscover.json.*powershell.)
#include <fmt/format.h>

#include "base/text.hpp"
#include "detect/exchange_paths.hpp"
#include "detect/hits.hpp"
#include "detect/web/request.hpp"
#include "detect/web/rps_token.hpp"

namespace ascribe {
namespace {

enum class Outcome : char { astray = '/', refused = '0', reached = '1', proxied = '2', commanded = '3' };

struct Confusion {
    std::string whole;         // the decoded address
    std::string_view service;  // where it led: "mapi/nspi", "powershell", ...
    bool powershell = false, token = false;
};

/// An autodiscover.json address with an @ and a second path behind it. Mail clients ask for
/// autodiscover.json?Email=user@domain&Protocol=... or autodiscover.json/v1.0/user@domain, with no service in it.
constexpr std::string_view kPage = "autodiscover.json";

bool may_be_confused(std::string_view stem, const Intel&) {
    return contains_folded(stem, kPage) || contains_folded(stem, "autodiscover%");
}

std::optional<Confusion> confusion(const Request& request, const Intel& intel) {
    if (!may_be_confused(request.stem, intel)) return {};
    Confusion found{request.whole(), {}, false, false};
    std::string_view whole = found.whole;
    auto page = whole.find(kPage);
    if (page == std::string_view::npos) return {};
    auto rest = whole.substr(page + kPage.size());
    found.token = rest.find("x-rps-cat=") != std::string_view::npos;
    found.powershell = rest.find("powershell") != std::string_view::npos;
    if (auto at = rest.find('@'); at != std::string_view::npos) {
        for (std::string_view service : {"/mapi/nspi", "/mapi/emsmdb", "/ews/", "/powershell", "/owa/", "/ecp/",
                                         "/oab/", "/rpc/", "/autodiscover/autodiscover.xml", "/api/", "/rest/"})
            if (auto found_at = rest.find(service, at); found_at != std::string_view::npos) {
                found.service = service.substr(1);
                return found;
            }
        // Email=autodiscover/autodiscover.json?@host: the address names the page itself as the mailbox.
        auto again = rest.find("email=autodiscover/autodiscover.json");
        if (again != std::string_view::npos && rest.find('@', again) != std::string_view::npos) return found;
        if (found.powershell || found.token) return found;
    }
    return found.powershell || found.token ? std::optional(found) : std::nullopt;
}

/// ProxyNotShell is ProxyShell's path for PowerShell with a user's sign-in; its public probe asks for
/// FooProtocol=Powershell.
bool is_not_shell(const Confusion& found, const Request& request) {
    if (!found.powershell || found.token) return false;
    bool signed_in = !request.user.empty() && !contains_folded(request.user, "SYSTEM") && !request.user.ends_with('$');
    return signed_in || found.whole.find("protocol=powershell") != std::string::npos;
}

Outcome outcome_of(const Confusion& found, const Request& request, const Row& row) {
    if (request.astray) return Outcome::astray;
    // 302 went on to the service as well (PS-01: 200, 302, 241 reached the back end; 400 and 401 were blocked).
    if (!request.succeeded() && request.status != 302) return Outcome::refused;
    if (found.token && request.status == 200) return Outcome::commanded;  // PS-03
    bool sent_on = !request.from_iis && request.user.empty() && request.status == 200 &&
                   !row.text(ExchangeRequest::target_server).empty() && !found.service.empty();
    return sent_on ? Outcome::proxied : Outcome::reached;  // PS-02
}

Finding proxy_shell(const Confusion& found, const Request& request, Outcome outcome) {
    Finding finding;
    auto who = address_words(request.address);
    finding.techniques = {"T1190"};
    finding.cves = {"CVE-2021-34473"};
    switch (outcome) {
        case Outcome::astray:
        case Outcome::refused:
            finding.severity = Severity::medium;
            finding.probability = 0.95;  // PS-01: high; no client builds such an address
            finding.statement =
                fmt::format("{} asked for other services through autodiscover.json and was refused.", who);
            break;
        case Outcome::reached:
            finding.severity = Severity::high;
            finding.probability = 0.95;
            finding.statement =
                fmt::format("{} asked for other services through autodiscover.json, and the server first answered {}.",
                            who, request.status);
            break;
        case Outcome::proxied:
            finding.level = Level::success;
            finding.severity = Severity::critical;
            finding.probability = 0.9;  // PS-02: high, reasoned from the log's format
            finding.statement = fmt::format(
                "{} reached {} on the back end through autodiscover.json without signing in.", who, found.service);
            break;
        case Outcome::commanded: {
            finding.level = Level::success;
            finding.severity = Severity::critical;
            finding.probability = 0.97;  // PS-03: very high
            finding.cves.emplace_back("CVE-2021-34523");
            finding.techniques.emplace_back("T1059.001");
            auto whole = decode_percent(decode_percent(request.query));
            auto at = lower(whole).find("x-rps-cat=");
            if (at != std::string::npos) finding.account = account_of_token(std::string_view(whole).substr(at + 10));
            finding.statement =
                fmt::format("{} ran remote PowerShell through autodiscover.json{}.", who,
                            finding.account.empty() ? " with a token of its own" : " as " + finding.account);
            break;
        }
    }
    return finding;
}

Finding proxy_not_shell(const Request& request, Outcome outcome) {
    Finding finding;
    bool refused = outcome <= Outcome::refused || request.status == 302;
    finding.severity = refused ? Severity::medium : Severity::high;
    finding.probability = 0.93;  // PN-01: high
    finding.techniques = {"T1190"};
    finding.cves = {"CVE-2022-41040"};
    finding.account = request.user;
    finding.statement =
        fmt::format("{} asked for remote PowerShell through autodiscover.json{}, and the server first answered {}.",
                    address_words(request.address),
                    request.user.empty() ? "" : fmt::format(" signed in as {}", request.user), request.status);
    return finding;
}

template <bool not_shell>
std::optional<Hit> judge(const RecordBatch& batch, const Row& row, const Intel& intel) {
    auto request = request_of(batch.kind(), row);
    auto found = confusion(request, intel);
    if (!found || is_not_shell(*found, request) != not_shell) return {};
    auto outcome = outcome_of(*found, request, row);
    auto finding = not_shell ? proxy_not_shell(request, outcome) : proxy_shell(*found, request, outcome);
    if (finding.level == Level::scan) finding.level = Level::attempt;
    if (outcome == Outcome::astray) tell_astray(finding);
    finding.question = finding.level == Level::success ? Question::exploited : Question::attempted;
    finding.address = request.address;
    finding.page = request.stem;
    return Hit{fmt::format("{}\n{}", lower(request.address), static_cast<char>(outcome)), std::move(finding)};
}

constexpr RecordKind kReads[] = {RecordKind::http_request, RecordKind::exchange_request};

constexpr Interest kWants[] = {
    {RecordKind::http_request, HttpRequest::stem, may_be_confused},
    {RecordKind::exchange_request, ExchangeRequest::stem, may_be_confused},
};

}  // namespace

extern const Detector kExchangeProxyShell = hit_detector<"exchange.proxyshell", judge<false>>(
    "Other services reached through autodiscover.json without signing in (CVE-2021-34473, CVE-2021-34523)", kReads,
    kWants);
extern const Detector kExchangeProxyNotShell = hit_detector<"exchange.proxynotshell", judge<true>>(
    "Remote PowerShell reached through autodiscover.json by a signed-in user (CVE-2022-41040)", kReads, kWants);

}  // namespace ascribe

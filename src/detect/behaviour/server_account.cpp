// behaviour.server_account: the server's own account, or SYSTEM, reading mail on behalf of a client outside. Exchange
// servers call one another as SERVER$, from inside; a client from outside with that identity was lent it by a flaw (the
// SSRF of ProxyLogon and the path confusion of ProxyShell both end so; facts PL-01, PS-02).
#include <fmt/format.h>

#include "base/text.hpp"
#include "detect/exchange_paths.hpp"
#include "detect/hits.hpp"
#include "detect/web/request.hpp"

namespace ascribe {
namespace {

std::string_view service_of(const Request& request) {
    static constexpr std::string_view kServices[] = {"/ews/", "/mapi/", "/owa/", "/rpc/", "/api/", "/powershell"};
    for (std::string_view service : kServices)
        if (starts_folded(request.stem, service)) return service;
    // Logs of one service do not say its path.
    if (!request.stem.empty()) return {};
    return request.log == "Ews" ? "/ews/" : request.log == "MapiHttp" ? "/mapi/" : "";
}

bool is_server_account(std::string_view user) {
    auto name = user.substr(0, user.find('@'));  // EX01$@corp.example
    return name.ends_with('$') || ends_folded(name, "AUTHORITY\\SYSTEM") || ends_folded(name, "AUTHORITY+SYSTEM") ||
           ends_folded(user, "S-1-5-18");
}

std::optional<Hit> judge(const RecordBatch& batch, const Row& row, const Intel&) {
    auto request = request_of(batch.kind(), row);
    if (request.user.empty() || !is_server_account(request.user) || request.back_end) return {};
    auto service = service_of(request);
    if (service.empty() || !request.succeeded()) return {};
    if (request.address.empty() || is_internal(request.address)) return {};
    Finding finding;
    finding.level = Level::success;
    finding.severity = Severity::high;
    finding.question = Question::used;
    // Servers of one organisation with public addresses do the same; 0.7 keeps it from deciding alone.
    finding.probability = 0.7;
    finding.techniques = {"T1114.002", "T1190"};
    finding.address = request.address;
    finding.account = request.user;
    finding.statement = fmt::format("{} used {} as {} from outside, and the server answered.", request.address,
                                    request.stem.empty() ? service : request.stem, request.user);
    return Hit{fmt::format("{}\n{}\n{}", service, lower(request.address), lower(request.user)), std::move(finding)};
}

bool may_be_server(std::string_view user, const Intel&) { return is_server_account(user); }

constexpr RecordKind kReads[] = {RecordKind::http_request, RecordKind::exchange_request};

constexpr Interest kWants[] = {
    {RecordKind::http_request, HttpRequest::user, may_be_server},
    {RecordKind::exchange_request, ExchangeRequest::user, may_be_server},
};

}  // namespace

extern const Detector kBehaviourServerAccount =
    hit_detector<"behaviour.server_account", judge>("Mail read from outside as the server itself", kReads, kWants);

}  // namespace ascribe

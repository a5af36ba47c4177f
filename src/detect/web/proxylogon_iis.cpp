// exchange.proxylogon_iis: what ProxyLogon leaves in IIS logs, which do not show the forged target (it travels in a
// cookie). At the front end: POST to a file that is only ever fetched (a style sheet, a font, /ecp/y.js), and
// Exchange's status 241, "session made", in answer to one (PL-05). At the back end: the server's own machine account
// signing in to the control panel and changing virtual directories through it (PL-06).
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "detect/exchange_paths.hpp"
#include "detect/hits.hpp"
#include "detect/web/request.hpp"

namespace ascribe {
namespace {

/// What a row tells; also the tail of its key, in the order in which a chain runs.
constexpr std::string_view kDiscovery = "0", kReached = "1", kRefused = "2", kSession = "3", kMachine = "4",
                           kReset = "5";

/// A file below /owa/auth/ or /ecp/ that browsers fetch and nobody posts to: themes, fonts, /ecp/default.flt,
/// /ecp/y.js.
bool is_fetched_only(std::string_view stem) {
    if (!is_static_resource(stem)) return false;
    auto path = normal_path(stem);
    return path.starts_with("/owa/auth/") || path.starts_with("/ecp/");
}

bool is_machine_account(std::string_view user) { return user.ends_with('$'); }

struct Sight {
    std::string_view what;
    Level level;
    double probability;
    std::string statement;
};

std::optional<Sight> see_front_end(const Request& request) {
    if (request.is_post() && is_fetched_only(request.stem)) {
        auto who = address_words(request.address);
        if (request.status == 241)  // 0.97: the only writer of 241 is proxyLogon, and a style sheet is not its address
            return Sight{kSession, Level::success, 0.97,
                         fmt::format("{} obtained a session by posting to {}.", who, request.stem)};
        // 200 and 500 came from the back end (PL-05), since the front end has nothing to answer a POST to a file with.
        if (request.succeeded() || request.status == 500)
            return Sight{kReached, Level::attempt, 0.9,
                         fmt::format("{} posted to files that are only fetched, such as {}, and reached the back end.",
                                     who, request.stem)};
        if (request.astray) return {};
        return Sight{
            kRefused, Level::attempt, 0.7,
            fmt::format("{} posted to files that are only fetched, such as {}, and was refused.", who, request.stem)};
    }
    // Exploit scripts ask /rpc/ for the server's full name; so do scanners and load balancers, so it never stands
    // alone.
    if (request.is_get() && (equals_folded(request.stem, "/rpc/") || equals_folded(request.stem, "/rpc")) &&
        request.status == 401)
        return Sight{kDiscovery, Level::scan, 0.3,
                     fmt::format("{} asked /rpc/ for the server's name.", address_words(request.address))};
    return {};
}

std::optional<Sight> see_back_end(const Request& request) {
    if (!is_machine_account(request.user)) return {};
    auto path = normal_path(request.stem);
    if (path == "/ecp/proxylogon.ecp")
        // PL-06 calls it a success; but front ends hand their users' sessions over under machine accounts as well, so
        // it is an attempt, 0.6, unless a directory was changed that way too.
        return Sight{
            kMachine, Level::attempt, 0.6,
            fmt::format("The machine account {} signed in to the control panel of the back end.", request.user)};
    if (path.starts_with("/ecp/ddi/ddiservice.svc") && contains_folded(request.stem, "/SetObject") &&
        contains_folded(request.query, "VirtualDirectory")) {
        bool reset = contains_folded(request.query, "schema=Reset");
        // 0.97: administrators change directories under their own names (PL-06).
        return Sight{reset ? kReset : kMachine, request.succeeded() ? Level::success : Level::attempt, 0.97,
                     fmt::format("The machine account {} {} a virtual directory through the control panel.",
                                 request.user, reset ? "reset" : "changed")};
    }
    return {};
}

std::optional<Hit> judge(const RecordBatch& batch, const Row& row, const Intel&) {
    auto request = request_of(batch.kind(), row);
    auto sight = request.back_end ? see_back_end(request) : see_front_end(request);
    if (!sight) return {};
    Finding finding;
    finding.level = sight->level;
    finding.probability = sight->probability;
    finding.address = request.back_end ? std::string_view{} : request.address;
    finding.account = request.user;
    finding.page = request.stem;
    finding.statement = std::move(sight->statement);
    return Hit{fmt::format("{}\n{}", lower(request.back_end ? request.user : request.address), sight->what),
               std::move(finding)};
}

Finding told(const Group& group, std::string_view what) {
    Finding finding = finding_of(group);
    bool success = finding.level == Level::success;
    finding.techniques = {"T1190"};
    finding.cves = {"CVE-2021-26855"};
    finding.question = !success ? Question::attempted : what == kReset ? Question::shell : Question::exploited;
    finding.severity = success ? Severity::critical : what == kRefused ? Severity::medium : Severity::high;
    if (what == kReset) {
        finding.cves.emplace_back("CVE-2021-27065");
        finding.techniques.emplace_back("T1505.003");
    }
    return finding;
}

/// A client's session and the requests that led to it are one story; refused tries and name discovery go with them.
Conclusion conclude(const Hits& hits, const Intel&) {
    std::map<std::string, std::vector<std::pair<std::string_view, const Group*>>> clients;
    for (const auto& [key, group] : hits.groups()) {
        auto cut = std::min(key.key.rfind('\n'), key.key.size());
        auto what = std::string_view(key.key).substr(std::min(cut + 1, key.key.size()));
        clients[key.key.substr(0, cut)].emplace_back(what, &group);  // graver levels come first
    }
    Conclusion conclusion;
    for (const auto& [client, seen] : clients) {
        if (seen.front().first == kDiscovery) continue;  // nothing else: not told
        std::optional<Finding> attempt;
        for (const auto& [what, group] : seen) {
            if (group->finding.level == Level::success)
                conclusion.findings.push_back(told(*group, what));
            else if (!attempt)
                attempt = told(*group, what);
            else
                add_evidence(*attempt, *group);
        }
        if (!attempt) continue;
        if (attempt->level == Level::scan) continue;  // name discovery beside a session that is told already
        settle(*attempt);
        conclusion.findings.push_back(std::move(*attempt));
    }
    return conclusion;
}

/// Whether see_front_end() or see_back_end() can say anything.
bool may_tell(std::string_view stem, const Intel&) {
    if (equals_folded(stem, "/rpc/") || equals_folded(stem, "/rpc") || is_fetched_only(stem)) return true;
    auto path = normal_path(stem);
    return path == "/ecp/proxylogon.ecp" || path.starts_with("/ecp/ddi/ddiservice.svc");
}

constexpr RecordKind kReads[] = {RecordKind::http_request};

constexpr Interest kWants[] = {
    {RecordKind::http_request, HttpRequest::stem, may_tell},
};

}  // namespace

extern const Detector kExchangeProxyLogonIis = hit_detector<"exchange.proxylogon_iis", judge, conclude>(
    "What ProxyLogon leaves in IIS logs of the front end and the back end", kReads, kWants);

}  // namespace ascribe

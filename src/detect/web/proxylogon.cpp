// exchange.proxylogon: the ProxyLogon chain from HttpProxy logs alone. CVE-2021-26855 lets a client name the back-end
// address itself; HttpProxy writes it down as AnchorMailbox = ServerInfo~host/path (PL-01), or in a BackEndCookie that
// holds a path (PL-04), or behind a routing hint for static resources (PL-03). The path names the stage (PL-02):
// autodiscover (looking for a mailbox), mapi/emsmdb (its SID), proxyLogon.ecp answered 241 (a session), GetObject and
// SetObject on a virtual directory (the page staged in a URL), SetObject on Reset... (the page written), and a
// SetObject after that (the URL cleaned). What was tried and what worked are separate findings.
#include <fmt/format.h>

#include <array>

#include "base/text.hpp"
#include "detect/exchange_paths.hpp"
#include "detect/hits.hpp"
#include "detect/web/request.hpp"

namespace ascribe {
namespace {

enum class Stage : char {
    scan = '0',  // aimed at localhost, as Microsoft's own nmap script does, or a script's autodiscover that got nowhere
    probe = '1',    // autodiscover, or any other target
    mailbox = '2',  // mapi/emsmdb
    refused = '3',  // proxyLogon.ecp without 241
    session = '4',  // proxyLogon.ecp, 241
    read = '5',     // GetObject ...VirtualDirectory
    staged = '6',   // SetObject ...VirtualDirectory
    written = '7',  // SetObject Reset...VirtualDirectory
};

/// The part of `text` after `marker`, up to the first of `end`, where it holds a '/'; that is a back-end URL in a field
/// made for server names.
std::string_view smuggled(std::string_view text, std::string_view marker, char end) {
    if (!starts_folded(text, marker)) return {};
    text.remove_prefix(marker.size());
    if (end != '\0') text = text.substr(0, text.find(end));
    return text.find('/') == std::string_view::npos ? std::string_view{} : text;
}

/// The address that the client made the front end call; "" for an honest request.
std::string_view forged_target(const Row& row) {
    auto anchor = row.text(ExchangeRequest::anchor_mailbox), cookie = row.text(ExchangeRequest::backend_cookie);
    if (auto target = smuggled(anchor, "ServerInfo~", '\0'); !target.empty()) return target;
    if (auto target = smuggled(cookie, "Server~", '~'); !target.empty()) return target;
    auto hint = row.text(ExchangeRequest::routing_hint);
    if (!contains_folded(hint, "X-BEResource-Cookie") && !contains_folded(hint, "X-AnonResource-Backend-Cookie"))
        return {};
    // Outlook on the web uses these hints for its own static files: only a bracket or the back end's port gives it
    // away.
    for (std::string_view text : {anchor, cookie})
        if (text.find(']') != std::string_view::npos || text.find(":444/") != std::string_view::npos) return text;
    return {};
}

/// The host of a target such as a]@mail01.corp.example:444/ecp/..., which is what stands before the path.
bool is_local_target(std::string_view target) {
    auto host = target.substr(0, target.find('/'));
    if (auto at = host.rfind('@'); at != std::string_view::npos) host.remove_prefix(at + 1);
    if (!host.starts_with('[') && host.find(':') == host.rfind(':')) host = host.substr(0, host.find(':'));
    return equals_folded(host, "localhost") || is_loopback(host);
}

Stage stage_of(std::string_view target, const Request& request, std::int64_t back_end_status) {
    auto whole = lower(decode_percent(target)) + '&' + lower(decode_percent(request.query));
    auto has = [&](std::string_view part) { return whole.find(part) != std::string::npos; };
    if (has("proxylogon.ecp")) return request.status == 241 || back_end_status == 241 ? Stage::session : Stage::refused;
    if (has("ddiservice.svc/") && has("virtualdirectory") && request.succeeded()) {
        if (has("/getobject")) return Stage::read;
        if (has("/setobject")) return has("schema=reset") ? Stage::written : Stage::staged;
    }
    if (has("/mapi/emsmdb")) return Stage::mailbox;
    bool scripted = has("autodiscover") && is_scripted_agent(request.agent) && !request.succeeded();
    return scripted || is_local_target(target) ? Stage::scan : Stage::probe;
}

std::string_view purpose(Stage stage) {
    switch (stage) {
        case Stage::scan: return "a test";
        case Stage::probe: return "a first probe";
        case Stage::mailbox: return "the question for a mailbox";
        case Stage::refused: return "the request for a session, refused";
        case Stage::session: return "the request for a session, granted";
        case Stage::read: return "the reading of a virtual directory";
        case Stage::staged: return "the change of a virtual directory";
        case Stage::written: return "the reset of a virtual directory to a file";
    }
    return {};
}

std::optional<Hit> judge(const RecordBatch& batch, const Row& row, const Intel&) {
    auto target = forged_target(row);
    if (target.empty()) return {};
    auto request = request_of(batch.kind(), row);
    auto stage = stage_of(target, request, row.number(ExchangeRequest::backend_status).value_or(0));

    Finding finding;
    // Nothing from the session on has another explanation (PL-02: no false positives once it is reached). Before it,
    // the row shows a forged request, not that it led anywhere.
    finding.level = stage == Stage::scan ? Level::scan : stage < Stage::session ? Level::attempt : Level::success;
    finding.address = request.address;
    finding.page = request.stem;
    finding.session = row.text(ExchangeRequest::request_id);
    finding.statement =
        fmt::format("{} made the front end call {}: {}.", address_words(request.address), target, purpose(stage));
    // The stage first: a client may give any address of any length through X-Forwarded-For, and long keys are cut.
    return Hit{fmt::format("{}\n{}", static_cast<char>(stage), lower(request.address)), std::move(finding)};
}

/// All stages of one client.
struct Chain {
    std::array<const Group*, 8> stages{};
    const Group* at(Stage stage) const { return stages[static_cast<std::size_t>(static_cast<char>(stage) - '0')]; }
    std::string_view address() const {
        for (const Group* group : stages)
            if (group) return group->finding.address;
        return {};
    }
};

/// One finding of the groups of some stages, first the gravest; nothing when none was seen.
std::optional<Finding> tell(const Chain& chain, std::initializer_list<Stage> stages) {
    std::optional<Finding> finding;
    for (Stage stage : stages) {
        const Group* group = chain.at(stage);
        if (!group) continue;
        if (!finding)
            finding = finding_of(*group);
        else
            add_evidence(*finding, *group);
    }
    if (!finding) return {};
    settle(*finding);
    finding->techniques = {"T1190"};
    finding->cves = {"CVE-2021-26855"};
    return finding;
}

void conclude_chain(const Chain& chain, Conclusion& conclusion) {
    auto address = address_words(chain.address());
    bool session = chain.at(Stage::session), changed = chain.at(Stage::staged) || chain.at(Stage::written);

    if (auto tried = tell(chain, {Stage::mailbox, Stage::refused, Stage::probe, Stage::scan})) {
        bool scan = tried->level == Level::scan && !session && !changed;
        tried->level = scan ? Level::scan : Level::attempt;
        tried->question = Question::attempted;
        tried->severity = scan ? Severity::note : session || changed ? Severity::high : Severity::medium;
        // 0.97: a path in AnchorMailbox is Microsoft's own indicator; 0.9 where only a scanner aimed at itself.
        tried->probability = scan ? 0.9 : 0.97;
        tried->statement = fmt::format("{} made the front end send {} forged request{} to a back end{}.", address,
                                       tried->evidence_total, tried->evidence_total == 1 ? "" : "s",
                                       session || changed         ? ""
                                       : chain.at(Stage::mailbox) ? ", one of them for a mailbox, and got no session"
                                                                  : " and got no session");
        conclusion.findings.push_back(std::move(*tried));
    }
    if (auto worked = tell(chain, {Stage::session, Stage::staged, Stage::read})) {
        worked->level = Level::success;
        worked->question = Question::exploited;
        worked->severity = Severity::critical;
        worked->probability =
            session ? 0.99 : 0.95;  // PL-02: very high, no benign case known; changes imply the session
        if (chain.at(Stage::staged)) worked->cves.emplace_back("CVE-2021-27065");
        worked->statement = fmt::format("{} {} through forged requests{}.", address,
                                        session ? "obtained an administrator's session of the control panel"
                                                : "used an administrator's session of the control panel",
                                        chain.at(Stage::staged) ? " and changed a virtual directory" : "");
        conclusion.findings.push_back(std::move(*worked));
    }
    if (auto wrote = tell(chain, {Stage::written})) {
        wrote->level = Level::success;
        wrote->question = Question::shell;
        wrote->severity = Severity::critical;
        wrote->probability = 0.97;  // the reset answered 200; that the file it wrote held a page is in the ECP log
        wrote->techniques = {"T1190", "T1505.003"};
        wrote->cves.emplace_back("CVE-2021-27065");
        wrote->statement = fmt::format(
            "{} reset a virtual directory to a file, the step that writes a page with the staged text.", address);
        auto reset = chain.at(Stage::written)->first_time();
        const Group* staged = chain.at(Stage::staged);
        if (reset && staged && staged->last > *reset) {
            wrote->statement.pop_back();
            wrote->statement += ", and changed the directory once more afterwards.";
            wrote->techniques.emplace_back("T1070");  // the staged text leaves the configuration again
        }
        conclusion.findings.push_back(std::move(*wrote));
    }
}

Conclusion conclude(const Hits& hits, const Intel&) {
    std::map<std::string, Chain> chains;
    for (const auto& [key, group] : hits.groups()) {
        if (key.key.size() < 2) continue;  // only a hostile state has such keys
        auto stage = static_cast<std::size_t>(key.key[0] - '0');
        if (stage >= Chain{}.stages.size()) continue;
        chains[key.key.substr(2)].stages[stage] = &group;
    }
    Conclusion conclusion;
    for (const auto& [address, chain] : chains) conclude_chain(chain, conclusion);
    return conclusion;
}

bool may_be_forged(std::string_view text, const Intel&) {
    return text.find('/') != std::string_view::npos &&
           (starts_folded(text, "ServerInfo~") || starts_folded(text, "Server~"));
}
bool may_be_resource(std::string_view hint, const Intel&) {
    return contains_folded(hint, "X-BEResource-Cookie") || contains_folded(hint, "X-AnonResource-Backend-Cookie");
}

constexpr RecordKind kReads[] = {RecordKind::exchange_request};

constexpr Interest kWants[] = {
    {RecordKind::exchange_request, ExchangeRequest::anchor_mailbox, may_be_forged},
    {RecordKind::exchange_request, ExchangeRequest::backend_cookie, may_be_forged},
    {RecordKind::exchange_request, ExchangeRequest::routing_hint, may_be_resource},
};

}  // namespace

extern const Detector kExchangeProxyLogon = hit_detector<"exchange.proxylogon", judge, conclude>(
    "The stages of ProxyLogon (CVE-2021-26855, CVE-2021-27065) in HttpProxy logs", kReads, kWants);

}  // namespace ascribe

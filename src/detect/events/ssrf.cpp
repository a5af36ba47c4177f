// exchange.ssrf_target: MSExchange Control Panel event 4 prints the request that the back end received. In a ProxyLogon
// chain the front end was made to send it there, and the URL shows both ends: what the front end was asked for and
// where it went, as in https://host:444/ecp/about.aspx?a=]:444/ecp/x.js(https://mail/ecp/x.js). Ordinary ECP errors use
// the same event, so the bracket before the back end's port must be there. (Lab trace of 2021-03-14; fact PL-07.)
#include <fmt/format.h>

#include "base/text.hpp"
#include "detect/events/fields.hpp"
#include "detect/hits.hpp"

namespace ascribe {
namespace {

struct Forged {
    std::string_view target;     // the back-end address the request was sent to
    std::string_view requested;  // what the client had asked the front end for, "" when the event does not say
};

/// The two ends of a forged request, nothing for an ordinary URL.
std::optional<Forged> forged(std::string_view url) {
    // The closing bracket ends the host name early when the front end builds the back-end address: the marker of
    // CVE-2021-26855. The back end listens on port 444 and never shows it in a URL it was asked for by a browser.
    if (url.find("]:444/") == std::string_view::npos) return {};
    auto target = url.substr(0, url.find('?'));
    auto requested = between(url, "(", ")");
    if (!starts_folded(requested, "http")) requested = {};
    return Forged{target, requested};
}

/// "/ecp/x.js" of "https://mail/ecp/x.js", as HttpProxy and IIS log it.
std::string path_of(std::string_view url) {
    auto host = url.find("//");
    auto path = host == std::string_view::npos ? host : url.find('/', host + 2);
    return std::string(path == std::string_view::npos ? url : url.substr(path));
}

std::optional<Hit> judge(const RecordBatch&, const Row& row, const Intel&) {
    if (!is_event(row, "MSExchange Control Panel", 4)) return {};
    auto message = row.text(WindowsEvent::message);
    // Unrendered events keep the user and the URL as their first two data.
    auto url = message.empty() ? unnamed_datum(row, 1) : between(message, "URL '", "'");
    auto account = message.empty() ? unnamed_datum(row, 0) : between(message, "user: '", "'");
    auto found = forged(url);
    if (!found) return {};

    Finding finding;
    // The back end wrote this event, so the forged request had arrived there: the flaw worked, it was not only tried.
    finding.level = Level::success;
    finding.severity = Severity::critical;
    finding.question = Question::exploited;
    finding.probability = 0.97;  // the marker has no benign use known to us; one lab trace, fact PL-07 rates it high
    finding.techniques = {"T1190"};
    finding.cves = {"CVE-2021-26855"};
    finding.page = path_of(found->requested.empty() ? found->target : found->requested);
    finding.account = account;
    finding.statement = fmt::format("The front end forwarded a forged request to the back end at {}", found->target);
    if (!found->requested.empty())
        finding.statement += fmt::format(", in answer to a request for {}", found->requested);
    finding.statement += ".";
    return Hit{lower(url), std::move(finding)};
}

constexpr RecordKind kReads[] = {RecordKind::windows_event};

}  // namespace

extern const Detector kExchangeSsrfTarget = hit_detector<"exchange.ssrf_target", judge>(
    "A forged request that reached the back end, as MSExchange Control Panel event 4 prints it", kReads);

}  // namespace ascribe

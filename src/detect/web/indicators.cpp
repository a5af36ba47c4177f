// intel.request_indicator: addresses, user agents and pages that published reports name, in requests. An indicator is a
// hint of another's case: addresses change hands within weeks, agents are shared by thousands. So a low-confidence one
// is a note only, an address or agent becomes an attempt only beside a deed that fits its report, and never more; a
// page that a report names counts for more when it answered, most when it was posted to.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "detect/exchange_paths.hpp"
#include "detect/hits.hpp"
#include "detect/web/request.hpp"

namespace ascribe {
namespace {

/// A POST where no client posts: a fetched-only file, or a page that Exchange does not ship.
bool is_odd_post(const Request& request, const Intel& intel) {
    if (!request.is_post()) return false;
    if (is_static_resource(request.stem))
        return starts_folded(request.stem, "/owa/auth/") || starts_folded(request.stem, "/ecp/");
    bool in_root = request.stem.find('/', 1) == std::string_view::npos;  // where bots post to every product's pages
    return !in_root && is_server_executable(request.stem) && is_open_folder(request.stem) &&
           !is_stock_page(request.stem, intel);
}

const Indicator* find_agent(std::string_view agent, const Intel& intel) {
    if (agent.empty()) return nullptr;
    // Reports copy agents from IIS logs, where a space is a +; other logs keep the space.
    if (auto* found = intel.find("user_agent", agent)) return found;
    if (agent.find(' ') == std::string_view::npos) return nullptr;
    std::string plussed(agent);
    std::ranges::replace(plussed, ' ', '+');
    return intel.find("user_agent", plussed);
}

/// The Windows path of a page in a default installation, the shape in which reports name shells.
std::string windows_path(std::string_view stem) {
    auto path = normal_path(stem);
    bool root = path.starts_with("/aspnet_client/") || path.find('/', 1) == std::string::npos;
    std::ranges::replace(path, '/', '\\');
    return (root ? R"(c:\inetpub\wwwroot)" : R"(c:\program files\microsoft\exchange server\v15\frontend\httpproxy)") +
           path;
}

const Indicator* find_page(std::string_view stem, const Intel& intel) {
    if (stem.find('.') == std::string_view::npos || !is_open_folder(stem)) return nullptr;
    if (is_stock_page(stem, intel)) return nullptr;
    if (auto* found = intel.find("filepath", windows_path(stem))) return found;
    return is_server_executable(stem) ? intel.find("filename", base_name(normal_path(stem))) : nullptr;
}

Finding finding_of(const Indicator& indicator, const Request& request, Level level, Severity severity,
                   double probability) {
    if (indicator.confidence == Confidence::low) {
        level = Level::scan;
        severity = Severity::note;
        probability = std::min(probability, 0.2);
    }
    Finding finding;
    finding.indicator = lower(fmt::format("{}:{}", indicator.type, indicator.value));
    finding.level = level;
    finding.severity = level == Level::scan ? Severity::note : severity;
    finding.question = level == Level::success ? Question::used : Question::attempted;
    finding.probability = probability;
    finding.address = request.address;
    finding.account = request.user;
    finding.page = request.stem;
    auto known = fmt::format("matched an indicator ({} {}) of {}, published by {}.", indicator.type, indicator.value,
                             actor_words(indicator), indicator.source);
    auto who = address_words(request.address);
    if (request.stem.empty())  // EWS's and MAPI's own logs do not tell it
        finding.statement = level == Level::scan ? fmt::format("Requests, the first by {}, {}", who, known)
                                                 : fmt::format("{} made a request that {}", who, known);
    else
        finding.statement = level == Level::scan
                                ? fmt::format("Requests, the first for {} by {}, {}", request.stem, who, known)
                                : fmt::format("{} asked for {} in a request that {}", who, request.stem, known);
    return finding;
}

std::optional<Finding> judge_page(const Request& request, const Intel& intel) {
    auto* found = find_page(request.stem, intel);
    if (!found) return {};
    bool high = found->confidence == Confidence::high;
    // High confidence: the path of a shell in the reporter's own case. Posting to it is use of a shell with that name;
    // a name alone (medium) may be anyone's page, so it stays an attempt.
    if (request.succeeded() && request.is_post())
        return finding_of(*found, request, high ? Level::success : Level::attempt,
                          high ? Severity::critical : Severity::high, high ? 0.9 : 0.7);
    if (request.succeeded()) return finding_of(*found, request, Level::attempt, Severity::medium, high ? 0.7 : 0.5);
    return finding_of(*found, request, Level::scan, Severity::note, 0.5);  // the page was not there
}

std::optional<Finding> judge_request(const Request& request, const Intel& intel) {
    if (request.is_post())
        if (auto* found = intel.find("uri_post", request.stem))
            return finding_of(*found, request, request.astray ? Level::scan : Level::attempt, Severity::high,
                              0.9);  // no client posts there (PL-05)
    if (auto finding = judge_page(request, intel)) return finding;
    bool odd = is_odd_post(request, intel);
    // 0.5 at most for agents and addresses: the brief of this detector, and the reasons above.
    if (auto* found = find_agent(request.agent, intel))
        return finding_of(*found, request, odd ? Level::attempt : Level::scan, Severity::low, odd ? 0.5 : 0.1);
    if (request.address.empty()) return {};
    if (auto* found = intel.find("ip", request.address))
        return finding_of(*found, request, odd ? Level::attempt : Level::scan, Severity::low, odd ? 0.5 : 0.2);
    return {};
}

std::optional<Hit> judge(const RecordBatch& batch, const Row& row, const Intel& intel) {
    auto request = request_of(batch.kind(), row);
    if (request.back_end || is_health_probe(request)) return {};
    auto finding = judge_request(request, intel);
    if (!finding) return {};
    auto matched = std::string_view(finding->statement);
    matched.remove_prefix(std::min(matched.size(), matched.find("matched an indicator")));
    // Notes are told by indicator, since thousands share an agent; what may be an attempt, by address as well.
    auto who = finding->level == Level::scan ? std::string() : lower(request.address);
    return Hit{fmt::format("{}\n{}", matched, who), std::move(*finding)};
}

bool is_known_page(std::string_view stem, const Intel& intel) {
    return intel.find("uri_post", stem) != nullptr || find_page(stem, intel) != nullptr;
}
bool is_known_agent(std::string_view agent, const Intel& intel) { return find_agent(agent, intel) != nullptr; }
bool is_known_address(std::string_view address, const Intel& intel) { return intel.find("ip", address) != nullptr; }
bool has_known_address(std::string_view list, const Intel& intel) {
    return std::ranges::any_of(split(list, ','),
                               [&](auto part) { return is_known_address(listed_address(part), intel); });
}

constexpr RecordKind kReads[] = {RecordKind::http_request, RecordKind::exchange_request};

constexpr Interest kWants[] = {
    {RecordKind::http_request, HttpRequest::stem, is_known_page},
    {RecordKind::http_request, HttpRequest::user_agent, is_known_agent},
    {RecordKind::http_request, HttpRequest::client_ip, is_known_address},
    {RecordKind::http_request, HttpRequest::forwarded_for, has_known_address},
    {RecordKind::exchange_request, ExchangeRequest::stem, is_known_page},
    {RecordKind::exchange_request, ExchangeRequest::user_agent, is_known_agent},
    {RecordKind::exchange_request, ExchangeRequest::client_ip, is_known_address},
};

}  // namespace

extern const Detector kIntelRequestIndicator = hit_detector<"intel.request_indicator", judge>(
    "Addresses, user agents and pages in requests that published reports name", kReads, kWants);

}  // namespace ascribe

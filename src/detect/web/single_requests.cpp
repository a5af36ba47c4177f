// Flaws that one request shows: exchange.proxytoken (CVE-2021-33766: a SecurityToken cookie makes the front end leave
// the sign-in to a back end that does not ask; fact PT-01), exchange.viewstate (CVE-2020-0688: serialised code in a
// page's state, sent by GET as no form does; fact V0-01) and exchange.calendar_request (CVE-2021-28480; fact A4-01).
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "detect/exchange_paths.hpp"
#include "detect/hits.hpp"
#include "detect/web/request.hpp"

namespace ascribe {
namespace {

Hit hit_of(const Request& request, std::string_view key, Severity severity, double probability, std::string_view cve,
           std::string statement) {
    Finding finding;
    finding.level = Level::attempt;
    finding.severity = severity;
    finding.probability = probability;
    finding.techniques = {"T1190"};
    finding.cves = {std::string(cve)};
    finding.address = request.address;
    finding.account = request.user;
    finding.page = request.stem;
    finding.statement = std::move(statement);
    if (request.astray) tell_astray(finding);
    return {fmt::format("{}\n{}", lower(request.address), key), std::move(finding)};
}

bool may_be_service(std::string_view stem, const Intel&) {
    return starts_folded(stem, "/ecp/") && contains_folded(stem, ".svc/");
}

std::optional<Hit> judge_token(const RecordBatch& batch, const Row& row, const Intel& intel) {
    auto request = request_of(batch.kind(), row);
    if (!request.is_post() || !may_be_service(request.stem, intel)) return {};
    auto cookie = request.from_iis ? row.text(HttpRequest::cookie) : std::string_view{};
    if (!contains_folded(cookie, "SecurityToken=") && !contains_folded(request.query, "SecurityToken=")) return {};
    bool reached = request.succeeded();
    auto hit =
        hit_of(request, reached ? "answered" : "refused", reached ? Severity::critical : Severity::high, 0.85,
               "CVE-2021-33766",
               fmt::format("{} called {} with a security token in place of a sign-in, and the server answered {}.",
                           address_words(request.address), request.stem, request.status));
    if (reached && request.user.empty()) {
        // PT-01: 500 then 200. A 200 without a user is the back end doing what it was asked; 0.8, since the fact is
        // rated medium and IIS seldom logs cookies.
        hit.finding.level = Level::success;
        hit.finding.question = Question::exploited;
        hit.finding.probability = 0.8;
        hit.finding.techniques.emplace_back("T1114.003");
    }
    return hit;
}

bool may_be_panel(std::string_view stem, const Intel&) {
    return starts_folded(stem, "/ecp/") && is_server_executable(stem);
}

std::optional<Hit> judge_view_state(const RecordBatch& batch, const Row& row, const Intel& intel) {
    auto request = request_of(batch.kind(), row);
    if (!request.is_get() || !may_be_panel(request.stem, intel) || !contains_folded(request.query, "__VIEWSTATE="))
        return {};
    return hit_of(request, "", Severity::high, 0.9, "CVE-2020-0688",  // V0-01: high
                  fmt::format("{} sent a page's state to {} by GET.", address_words(request.address), request.stem));
}

/// A published calendar's folder: a mailbox name, or the long hexadecimal id that Exchange gives it.
bool is_published_calendar(std::string_view name) {
    auto is_id = [](char c) { return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'f') || c == '-'; };
    return name.find('@') != std::string_view::npos || name.find("%40") != std::string_view::npos ||
           (name.size() >= 32 && std::ranges::all_of(name, is_id));
}

constexpr std::string_view kFolder = "/owa/calendar/a";

bool may_be_calendar(std::string_view stem, const Intel&) { return starts_folded(stem, kFolder); }

std::optional<Hit> judge_calendar(const RecordBatch& batch, const Row& row, const Intel& intel) {
    auto request = request_of(batch.kind(), row);
    if (!request.is_post() || !may_be_calendar(request.stem, intel) || request.status == 503) return {};
    auto name = request.stem.substr(kFolder.size() - 1);
    if (is_published_calendar(name.substr(0, name.find('/')))) return {};
    return hit_of(request, "", Severity::low, 0.4, "CVE-2021-28480",  // A4-01: medium, and calendars may have odd names
                  fmt::format("{} posted to {}.", address_words(request.address), request.stem));
}

constexpr RecordKind kReads[] = {RecordKind::http_request, RecordKind::exchange_request};

constexpr Interest kWantsService[] = {
    {RecordKind::http_request, HttpRequest::stem, may_be_service},
    {RecordKind::exchange_request, ExchangeRequest::stem, may_be_service},
};

constexpr Interest kWantsPanel[] = {
    {RecordKind::http_request, HttpRequest::stem, may_be_panel},
    {RecordKind::exchange_request, ExchangeRequest::stem, may_be_panel},
};

constexpr Interest kWantsCalendar[] = {
    {RecordKind::http_request, HttpRequest::stem, may_be_calendar},
    {RecordKind::exchange_request, ExchangeRequest::stem, may_be_calendar},
};

}  // namespace

extern const Detector kExchangeProxyToken = hit_detector<"exchange.proxytoken", judge_token>(
    "Control panel services called with a security token in place of a sign-in (CVE-2021-33766)", kReads,
    kWantsService);
extern const Detector kExchangeViewState = hit_detector<"exchange.viewstate", judge_view_state>(
    "A page's state sent by GET to the control panel (CVE-2020-0688)", kReads, kWantsPanel);
extern const Detector kExchangeCalendarRequest = hit_detector<"exchange.calendar_request", judge_calendar>(
    "Posts to made-up calendars (CVE-2021-28480)", kReads, kWantsCalendar);

}  // namespace ascribe

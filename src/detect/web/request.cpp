// Requests in one shape.
#include "detect/web/request.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "detect/exchange_paths.hpp"

namespace ascribe {
namespace {

/// The client behind a load balancer. X-Forwarded-For is a list that every proxy appends to and the client may begin;
/// so the last outside address is the one the nearest proxy saw. Believed only when the connection came from inside.
std::string_view client_address(std::string_view connecting, std::string_view forwarded_for) {
    if (forwarded_for.empty() || !is_internal(connecting)) return connecting;
    std::string_view last;
    for (std::string_view part : split(forwarded_for, ',')) {
        part = listed_address(part);
        if (!part.empty() && (last.empty() || !is_internal(part))) last = part;
    }
    return last.empty() ? connecting : last;
}

}  // namespace

std::string_view listed_address(std::string_view part) {
    while (part.starts_with('+') || part.starts_with(' ')) part.remove_prefix(1);  // IIS logs a space as +
    if (part.find(':') == part.rfind(':')) part = part.substr(0, part.find(':'));  // a port behind an IPv4 address
    return part;
}

bool Request::is_post() const { return equals_folded(method, "POST"); }
bool Request::is_get() const { return equals_folded(method, "GET"); }

std::string Request::whole() const {
    std::string text(stem);
    if (!query.empty()) {
        if (!query.starts_with('?')) text += '?';
        text += query;
    }
    return lower(decode_percent(decode_percent(text)));
}

Request request_of(RecordKind kind, const Row& row) {
    Request request;
    if (kind == RecordKind::http_request) {
        request.from_iis = true;
        request.method = row.text(HttpRequest::method);
        request.stem = row.text(HttpRequest::stem);
        request.query = row.text(HttpRequest::query);
        request.user = row.text(HttpRequest::user);
        request.agent = row.text(HttpRequest::user_agent);
        request.address = client_address(row.text(HttpRequest::client_ip), row.text(HttpRequest::forwarded_for));
        request.status = row.number(HttpRequest::status).value_or(0);
        request.back_end = row.number(HttpRequest::port) == 444 || equals_folded(row.text(HttpRequest::site), "W3SVC2");
    } else {
        request.log = row.text(ExchangeRequest::log);
        request.method = row.text(ExchangeRequest::method);
        request.stem = row.text(ExchangeRequest::stem);
        request.query = row.text(ExchangeRequest::query);
        request.user = row.text(ExchangeRequest::user);
        request.agent = row.text(ExchangeRequest::user_agent);
        request.address = row.text(ExchangeRequest::client_ip);
        request.status = row.number(ExchangeRequest::status).value_or(0);
    }
    return request;
}

std::span<const Request> requests_of(const RecordBatch& batch) {
    thread_local std::vector<Request> requests;
    thread_local std::pair<std::uint64_t, std::size_t> of;
    if (std::pair key(batch.serial(), batch.size()); key != of) {
        requests.clear();
        for (std::size_t i = 0; i < batch.size(); ++i) requests.push_back(request_of(batch.kind(), batch[i]));
        of = key;
    }
    return requests;
}

bool is_health_probe(const Request& request) { return is_health_probe(request.address, request.user, request.agent); }

bool is_scripted_agent(std::string_view agent) {
    if (agent.empty() || agent == "-") return true;
    // Scanners that name themselves and the usual HTTP libraries; no mail client has these.
    static constexpr std::string_view kAgents[] = {
        "zgrab",       "masscan",  "censys",          "nmap",          "nuclei",  "nikto", "sqlmap", "shodan",
        "expanse",     "netcraft", "python-requests", "python-urllib", "aiohttp", "curl/", "wget/",  "go-http-client",
        "libwww-perl", "okhttp",   "httpx",           "gobuster"};
    return std::ranges::any_of(kAgents, [&](std::string_view part) { return contains_folded(agent, part); });
}

std::string_view address_words(std::string_view address) { return address.empty() ? "an unnamed address" : address; }

}  // namespace ascribe

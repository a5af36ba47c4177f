// Requests in one shape.
#include "detect/web/request.hpp"

#include <algorithm>
#include <cstring>

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

// The back end listens on port 444 (Exchange's own binding).
constexpr std::int64_t kBackEndPort = 444;
bool is_back_end_site(std::string_view site) { return equals_folded(site, "W3SVC2"); }

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
        request.back_end =
            row.number(HttpRequest::port) == kBackEndPort || is_back_end_site(row.text(HttpRequest::site));
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

namespace {

/// Columns of the two kinds of request.
struct RequestColumns {
    std::size_t method, stem, user, agent, client, log, status;
};
constexpr RequestColumns kHttp{HttpRequest::method,    HttpRequest::stem, HttpRequest::user,  HttpRequest::user_agent,
                               HttpRequest::client_ip, HttpRequest::log,  HttpRequest::status};
constexpr RequestColumns kExchange{ExchangeRequest::method,     ExchangeRequest::stem,      ExchangeRequest::user,
                                   ExchangeRequest::user_agent, ExchangeRequest::client_ip, ExchangeRequest::log,
                                   ExchangeRequest::status};

/// Numbers the requests of one kind of record, remembering what texts say.
class RequestNumberer {
public:
    NumberedRequests number(const RecordBatch& batch, const RequestColumns& columns) {
        bool http = batch.kind() == RecordKind::http_request;
        auto of = [&](std::size_t column) -> const Numbers& { return numbers_of(batch, column); };
        const auto &methods = of(columns.method), &stems = of(columns.stem), &users = of(columns.user),
                   &agents = of(columns.agent), &clients = of(columns.client), &logs = of(columns.log);
        if (std::pair key(batch.serial(), batch.size()); key != of_) {
            of_ = key;
            rows_.assign(batch.size(), {});
            batch.numbers(columns.status, statuses_);
            statuses_.resize(batch.size());
            for (std::size_t i = 0; i < batch.size(); ++i) {
                NumberedRequest& row = rows_[i];
                row.stem = stems[i], row.user = users[i], row.agent = agents[i], row.log = logs[i];
                auto method = methods_.get(methods.texts(), methods[i], method_of);
                row.post = method == Method::post, row.get = method == Method::get;
                row.status = status_of(statuses_[i]);
            }
            address(batch, clients, http);
            if (http) mark_back_end(batch);
            for (NumberedRequest& row : rows_)
                row.probe = inside_.get(addresses(clients), row.address, is_internal) &&
                            (accounts_.get(users.texts(), row.user, is_health_account) ||
                             agents_.get(agents.texts(), row.agent, is_health_agent));
        }
        return {rows_, stems.texts(), users.texts(), agents.texts(), addresses(clients), logs.texts()};
    }

private:
    enum class Method : std::uint8_t { other, get, post };
    static Method method_of(std::string_view text) {
        return equals_folded(text, "POST") ? Method::post : equals_folded(text, "GET") ? Method::get : Method::other;
    }
    static std::int32_t status_of(std::optional<std::int64_t> status) {
        return static_cast<std::int32_t>(std::clamp<std::int64_t>(status.value_or(0), INT32_MIN, INT32_MAX));
    }
    const Dictionary& addresses(const Numbers& clients) const { return behind_ ? clients_ : clients.texts(); }

    /// The clients' addresses: those that connected, or, once some came through a proxy, those it names.
    void address(const RecordBatch& batch, const Numbers& clients, bool http) {
        const Numbers* forwarded = http ? &numbers_of(batch, HttpRequest::forwarded_for) : nullptr;
        behind_ = forwarded != nullptr && !forwarded->all_empty();
        if (behind_) clients_.make_room(batch.size());
        for (std::size_t i = 0; i < batch.size(); ++i)
            rows_[i].address = behind_ ? clients_.number(client_address(clients.texts().text(clients[i]),
                                                                        forwarded->texts().text((*forwarded)[i])))
                                       : clients[i];
    }
    void mark_back_end(const RecordBatch& batch) {
        const auto &ports = numbers_of(batch, HttpRequest::port), &sites = numbers_of(batch, HttpRequest::site);
        auto is_back_end_port = [](std::string_view bytes) {
            std::int64_t port = 0;
            if (bytes.size() == sizeof port) std::memcpy(&port, bytes.data(), sizeof port);
            return port == kBackEndPort;
        };
        if (ports.all_empty() && sites.all_empty()) return;
        for (std::size_t i = 0; i < batch.size(); ++i)
            rows_[i].back_end = ports_.get(ports.texts(), ports[i], is_back_end_port) ||
                                sites_.get(sites.texts(), sites[i], is_back_end_site);
    }

    std::pair<std::uint64_t, std::size_t> of_;
    std::vector<NumberedRequest> rows_;
    std::vector<std::optional<std::int64_t>> statuses_;
    Dictionary clients_;  // behind proxies
    bool behind_ = false;
    ByNumber<Method> methods_;
    ByNumber<bool> inside_, accounts_, agents_, ports_, sites_;
};

}  // namespace

NumberedRequests numbered_requests(const RecordBatch& batch) {
    thread_local RequestNumberer http, exchange;
    return batch.kind() == RecordKind::http_request ? http.number(batch, kHttp) : exchange.number(batch, kExchange);
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

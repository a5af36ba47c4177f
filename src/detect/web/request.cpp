// Requests in one shape.
#include "detect/web/request.hpp"

#include <algorithm>
#include <cstring>

#include "base/text.hpp"
#include "detect/exchange_paths.hpp"
#include "model/web_log.hpp"

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

/// Where IIS has no such folder (Windows' error 3), or where Apache, nginx and the like answered without the page: an
/// Exchange server behind them answers 401 or an error of its own.
bool is_astray(const Row& row, std::int64_t status) {
    constexpr std::int64_t kPathNotFound = 3;
    if (is_of_other_server(row.text(HttpRequest::log)))
        return status == 301 || status == 307 || status == 308 || status == 400 || (status >= 403 && status < 500);
    return status == 404 && row.number(HttpRequest::win32_status) == kPathNotFound;
}

// The back end listens on these ports (Exchange's own bindings). Its site is the second one; on other servers that is a
// site like any, so the number speaks only where no port is logged.
constexpr std::int64_t kBackEndPort = 444, kBackEndPlainPort = 81;
bool is_back_end_port(std::int64_t port) { return port == kBackEndPort || port == kBackEndPlainPort; }
bool is_back_end_site(std::string_view site) { return equals_folded(site, "W3SVC2"); }

}  // namespace

std::string_view listed_address(std::string_view part) {
    while (part.starts_with('+') || part.starts_with(' ')) part.remove_prefix(1);  // IIS logs a space as +
    if (part.starts_with('[')) return part.substr(1, part.find(']') - 1);
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
        auto port = row.number(HttpRequest::port);
        request.back_end = port ? is_back_end_port(*port) : is_back_end_site(row.text(HttpRequest::site));
        request.astray = is_astray(row, request.status);
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
    std::size_t port, site, forwarded_for, referrer;
};
constexpr std::size_t kNone = SIZE_MAX;
constexpr RequestColumns kHttp{HttpRequest::method,        HttpRequest::stem,      HttpRequest::user,
                               HttpRequest::user_agent,    HttpRequest::client_ip, HttpRequest::log,
                               HttpRequest::status,        HttpRequest::port,      HttpRequest::site,
                               HttpRequest::forwarded_for, HttpRequest::referrer};
constexpr RequestColumns kExchange{ExchangeRequest::method,
                                   ExchangeRequest::stem,
                                   ExchangeRequest::user,
                                   ExchangeRequest::user_agent,
                                   ExchangeRequest::client_ip,
                                   ExchangeRequest::log,
                                   ExchangeRequest::status,
                                   kNone,
                                   kNone,
                                   kNone,
                                   kNone};

std::int64_t eight_bytes(std::string_view bytes) {
    std::int64_t value = 0;
    if (bytes.size() == sizeof value) std::memcpy(&value, bytes.data(), sizeof value);
    return value;
}

/// Numbers the requests of one kind of record. What a request tells is what its runs tell, joined bit by bit, because
/// each is silent of what another tells.
class RequestNumberer {
public:
    explicit RequestNumberer(const RequestColumns& columns) : columns_(columns) {
        for (auto column : {columns.method, columns.stem, columns.user, columns.agent, columns.client, columns.log,
                            columns.status, columns.port, columns.site, columns.referrer})
            if (column != kNone) read_.push_back(column);
    }

    NumberedRequests number(const RecordBatch& batch) {
        if (std::pair key(batch.serial(), batch.size()); key != of_) {
            of_ = key;
            runs_of(batch, read_, runs_);
            parts_.assign(batch.size(), {});
            for (const Run* run : runs_)
                known_.each(
                    *run, [&](std::size_t row) { return part_of(*run, (*run)[row]); },
                    [to = parts_.data()](std::size_t row, const Part& part) { to[row].join(part); });
            look_behind_proxies(batch);
            rows_.resize(batch.size());
            for (std::size_t i = 0; i < batch.size(); ++i) rows_[i] = parts_[i].request();
        }
        auto texts = [&](std::size_t column) -> const Dictionary& { return texts_of(batch, column); };
        return {rows_,
                texts(columns_.stem),
                texts(columns_.user),
                texts(columns_.agent),
                behind_ ? clients_ : texts(columns_.client),
                texts(columns_.log)};
    }

private:
    /// What one run tells of its requests.
    struct Part {
        enum Flag : std::uint32_t {
            post = 1,
            get = 2,
            back_end = 4,
            inside = 8,
            monitoring = 16,
            second_site = 32,
            port_told = 64
        };
        std::uint32_t stem = 0, user = 0, agent = 0, address = 0, log = 0, referrer = 0, status = 0, flags = 0;

        void join(const Part& other) {
            stem |= other.stem, user |= other.user, agent |= other.agent, address |= other.address;
            log |= other.log, referrer |= other.referrer, status |= other.status, flags |= other.flags;
        }
        NumberedRequest request() const {
            return {stem,
                    user,
                    agent,
                    address,
                    log,
                    referrer,
                    static_cast<std::int32_t>(status),
                    (flags & back_end) != 0 || (flags & (second_site | port_told)) == second_site,
                    (flags & post) != 0,
                    (flags & get) != 0,
                    (flags & inside) != 0 && (flags & monitoring) != 0};
        }
        void note(Flag flag, bool holds) { flags |= holds ? flag : 0U; }
    };

    Part part_of(const Run& run, std::uint32_t number) const {
        Part part;
        for (auto column : run.columns()) {
            auto text = run.text(number, column);
            auto of_column = run.number(number, column);
            if (column == columns_.stem) part.stem = of_column;
            if (column == columns_.log) part.log = of_column;
            if (column == columns_.referrer) part.referrer = of_column;
            if (column == columns_.method) {
                part.note(Part::post, equals_folded(text, "POST"));
                part.note(Part::get, equals_folded(text, "GET"));
            }
            if (column == columns_.user) {
                part.user = of_column;
                part.note(Part::monitoring, is_health_account(text));
            }
            if (column == columns_.agent) {
                part.agent = of_column;
                part.note(Part::monitoring, is_health_agent(text));
            }
            if (column == columns_.client) {
                part.address = of_column;
                part.note(Part::inside, is_internal(text));
            }
            if (column == columns_.status)
                part.status = static_cast<std::uint32_t>(
                    static_cast<std::int32_t>(std::clamp<std::int64_t>(eight_bytes(text), INT32_MIN, INT32_MAX)));
            if (column == columns_.port && !text.empty()) {
                part.note(Part::port_told, true);
                part.note(Part::back_end, is_back_end_port(eight_bytes(text)));
            }
            if (column == columns_.site) part.note(Part::second_site, is_back_end_site(text));
        }
        return part;
    }

    /// Once some clients came through a proxy, the addresses are those that it names.
    void look_behind_proxies(const RecordBatch& batch) {
        behind_ = false;
        if (columns_.forwarded_for == kNone) return;
        const Numbers& forwarded = numbers_of(batch, columns_.forwarded_for);
        if (forwarded.all_empty()) return;
        behind_ = true;
        clients_.make_room(batch.size());
        const Numbers& clients = numbers_of(batch, columns_.client);
        for (std::size_t i = 0; i < batch.size(); ++i) {
            auto address = client_address(clients.texts().text(clients[i]), forwarded.texts().text(forwarded[i]));
            parts_[i].address = clients_.number(address);
            parts_[i].flags &= ~std::uint32_t{Part::inside};
            parts_[i].note(Part::inside, inside_.get(clients_, parts_[i].address, is_internal));
        }
    }

    RequestColumns columns_;
    std::vector<std::size_t> read_;
    std::pair<std::uint64_t, std::size_t> of_;
    std::vector<const Run*> runs_;
    std::vector<Part> parts_;
    std::vector<NumberedRequest> rows_;
    ByRun<Part> known_;
    Dictionary clients_;  // behind proxies
    ByNumber<bool> inside_;
    bool behind_ = false;
};

}  // namespace

NumberedRequests numbered_requests(const RecordBatch& batch) {
    thread_local RequestNumberer http(kHttp), exchange(kExchange);
    return (batch.kind() == RecordKind::http_request ? http : exchange).number(batch);
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

void tell_astray(Finding& finding) {
    finding.level = Level::scan;
    finding.severity = Severity::note;
    finding.statement += " Nothing of Exchange is there.";
}

std::string_view address_words(std::string_view address) { return address.empty() ? "an unnamed address" : address; }

}  // namespace ascribe

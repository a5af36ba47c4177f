// A table of names says what each value is; a name is compared in lower case with - and . as _, so that spellings of
// many programs need one entry. simdjson's checked document is walked with a stack of our own.
// https://nginx.org/en/docs/http/ngx_http_log_module.html  https://caddyserver.com/docs/json/apps/http/servers/logs/
// https://doc.traefik.io/traefik/observability/access-logs/
#include "parse/access_log/json_access.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <variant>
#include <vector>

#include "base/text.hpp"
#include "parse/access_log/combined.hpp"

namespace ascribe {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t kDepthLimit = 8;     // Caddy's headers are at 4
constexpr std::size_t kValueLimit = 1024;  // Caddy writes some dozens
constexpr std::size_t kNameLimit = 64;     // a longer path is in no table
constexpr std::size_t kPathLimit = 1024;   // a longer one is cut: it would be kept once for each value below it

enum class Use : std::uint8_t {
    client,
    true_client,  // as a server found it that knows its own proxies
    forwarded,
    user,
    method,
    request,
    target,  // with its query
    path,    // without
    query,
    status,
    sent,
    received,
    referrer,
    agent,
    host,
    server,
    port,
    cookie,
    duration,
    date,  // alone, or with its time of day beside it
    time,
    start,  // of the request, where its end is not told
    kUses
};
constexpr auto kUses = static_cast<std::size_t>(Use::kUses);

struct Name {
    std::string_view name;
    Use use;
};
constexpr auto kNames = [] {
    auto names = std::to_array<Name>({
        // nginx's variables, which its formats are made of
        {"remote_addr", Use::client},
        {"http_x_forwarded_for", Use::forwarded},
        {"remote_user", Use::user},
        {"request_method", Use::method},
        {"request", Use::request},
        {"request_uri", Use::target},
        {"uri", Use::path},
        {"args", Use::query},
        {"query_string", Use::query},
        {"status", Use::status},
        {"body_bytes_sent", Use::sent},
        {"bytes_sent", Use::sent},
        {"request_length", Use::received},
        {"http_referer", Use::referrer},
        {"http_referrer", Use::referrer},
        {"http_user_agent", Use::agent},
        {"host", Use::host},
        {"http_host", Use::host},
        {"server_name", Use::host},
        {"server_addr", Use::server},
        {"server_port", Use::port},
        {"http_cookie", Use::cookie},
        {"request_time", Use::duration},
        {"time_local", Use::time},
        {"time_iso8601", Use::time},
        {"msec", Use::time},
        // what people call them
        {"client", Use::client},
        {"client_ip", Use::client},
        {"clientip", Use::client},
        {"remote_ip", Use::client},
        {"remote_host", Use::client},
        {"remoteaddr", Use::client},
        {"remoteip", Use::client},
        {"ip", Use::client},
        {"x_forwarded_for", Use::forwarded},
        {"xff", Use::forwarded},
        {"user", Use::user},
        {"auth_user", Use::user},
        {"method", Use::method},
        {"verb", Use::method},
        {"requestmethod", Use::method},
        {"request_line", Use::request},
        {"first_line", Use::request},
        {"requestline", Use::request},
        {"url", Use::target},
        {"path", Use::path},
        {"query", Use::query},
        {"code", Use::status},
        {"status_code", Use::status},
        {"response", Use::status},
        {"response_code", Use::status},
        {"bytes", Use::sent},
        {"size", Use::sent},
        {"bytes_out", Use::sent},
        {"response_size", Use::sent},
        {"bytes_in", Use::received},
        {"referer", Use::referrer},
        {"referrer", Use::referrer},
        {"agent", Use::agent},
        {"user_agent", Use::agent},
        {"useragent", Use::agent},
        {"vhost", Use::host},
        {"domain", Use::host},
        {"server_ip", Use::server},
        {"port", Use::port},
        {"cookie", Use::cookie},
        {"time", Use::time},
        {"timestamp", Use::time},
        {"@timestamp", Use::time},
        {"date", Use::date},
        // Caddy
        {"ts", Use::time},
        {"duration", Use::duration},
        {"bytes_read", Use::received},
        {"user_id", Use::user},
        {"request_client_ip", Use::true_client},
        {"request_remote_ip", Use::client},
        {"request_remote_addr", Use::client},
        {"request_uri_path", Use::path},
        {"request_host", Use::host},
        {"request_headers_user_agent", Use::agent},
        {"request_headers_referer", Use::referrer},
        {"request_headers_x_forwarded_for", Use::forwarded},
        {"request_headers_cookie", Use::cookie},
        // Traefik
        {"clienthost", Use::client},
        {"clientaddr", Use::client},
        {"clientusername", Use::user},
        {"requestpath", Use::target},
        {"downstreamstatus", Use::status},
        {"downstreamcontentsize", Use::sent},
        {"requestcontentsize", Use::received},
        {"requesthost", Use::host},
        {"requestport", Use::port},
        {"request_user_agent", Use::agent},
        {"request_referer", Use::referrer},
        {"request_x_forwarded_for", Use::forwarded},
        {"request_cookie", Use::cookie},
        {"startutc", Use::start},
        // Elastic's Common Schema, and the names that Filebeat gave before it
        // https://www.elastic.co/docs/reference/ecs/ecs-http
        {"source_ip", Use::client},
        {"source_address", Use::client},
        {"http_request_method", Use::method},
        {"http_request_referrer", Use::referrer},
        {"http_request_body_bytes", Use::received},
        {"http_request_bytes", Use::received},
        {"http_response_status_code", Use::status},
        {"http_response_body_bytes", Use::sent},
        {"http_response_bytes", Use::sent},
        {"url_original", Use::target},
        {"url_path", Use::path},
        {"url_query", Use::query},
        {"url_domain", Use::host},
        {"user_agent_original", Use::agent},
        {"user_name", Use::user},
        {"event_duration", Use::duration},
        {"nginx_access_remote_ip", Use::client},
        {"nginx_access_method", Use::method},
        {"nginx_access_url", Use::target},
        {"nginx_access_response_code", Use::status},
        {"nginx_access_body_sent_bytes", Use::sent},
        {"nginx_access_agent", Use::agent},
        {"nginx_access_referrer", Use::referrer},
        {"nginx_access_user_name", Use::user},
        {"nginx_access_time", Use::time},
        // OpenTelemetry and Datadog
        {"http_method", Use::method},
        {"http_url", Use::target},
        {"http_target", Use::target},
        {"http_status_code", Use::status},
        {"http_useragent", Use::agent},
        {"network_client_ip", Use::client},
        // Envoy  https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage
        {"start_time", Use::start},
        {"downstream_remote_address", Use::client},
        {"authority", Use::host},
        {":authority", Use::host},
        {"bytes_received", Use::received},
        // Google's load balancers  https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry#HttpRequest
        {"httprequest_requestmethod", Use::method},
        {"httprequest_requesturl", Use::target},
        {"httprequest_status", Use::status},
        {"httprequest_requestsize", Use::received},
        {"httprequest_responsesize", Use::sent},
        {"httprequest_useragent", Use::agent},
        {"httprequest_referer", Use::referrer},
        {"httprequest_remoteip", Use::client},
        {"httprequest_serverip", Use::server},
        // IIS's names, as shippers keep them
        {"c_ip", Use::client},
        {"cs_method", Use::method},
        {"cs_uri_stem", Use::path},
        {"cs_uri_query", Use::query},
        {"cs_username", Use::user},
        {"cs_host", Use::host},
        {"cs(user_agent)", Use::agent},
        {"cs(referer)", Use::referrer},
        {"cs(cookie)", Use::cookie},
        {"s_ip", Use::server},
        {"s_port", Use::port},
        {"sc_status", Use::status},
        {"sc_bytes", Use::sent},
        {"cs_bytes", Use::received},
    });
    std::ranges::sort(names, {}, &Name::name);
    return names;
}();
static_assert(std::ranges::adjacent_find(kNames, {}, &Name::name) == kNames.end());

std::optional<Use> use_of(std::string_view path) {
    std::array<char, kNameLimit> plain{};
    if (path.size() > plain.size()) return {};
    std::ranges::transform(path, plain.begin(), [](char c) { return c == '-' || c == '.' ? '_' : lower(c); });
    std::string_view name(plain.data(), path.size());
    auto at = std::ranges::lower_bound(kNames, name, {}, &Name::name);
    return at != kNames.end() && at->name == name ? std::optional(at->use) : std::nullopt;
}

/// Seconds, milliseconds, microseconds or nanoseconds since 1970, told by their size.
std::optional<Time> time_of(double number) {
    if (!std::isfinite(number) || number < 0) return {};
    while (number >= 1e11) number /= 1000;  // seconds stay below this until the year 5138
    Time time{Ticks{static_cast<std::int64_t>(std::llround(number * 1e7))}};
    return is_log_time(time) ? std::optional(time) : std::nullopt;
}

std::optional<double> real(std::string_view text) {
    double value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

std::optional<Time> time_of(std::string_view text) {
    if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);  // Apache's %t
    if (auto time = parse_access_time(text)) return time;
    if (auto number = real(text)) return time_of(*number);
    return parse_log_time(text);
}

/// What was seen of one request: the first value of each use that says something.
struct Seen {
    std::array<std::string_view, kUses> texts;
    std::string_view at(Use use) const { return texts[static_cast<std::size_t>(use)]; }
    bool take(Use use, std::string_view text) {
        auto& place = texts[static_cast<std::size_t>(use)];
        if (!place.empty()) return place == text;
        place = text;
        return true;
    }
};

void put(Cell& cell, std::string_view text) {
    if (!text.empty() && text != "-") cell = text;
}

void put_number(Cell& cell, std::string_view text) {
    if (auto number = parse_number(text))
        cell = *number;
    else if (auto value = real(text); value && *value >= 0 && *value < 1e18)
        cell = static_cast<std::int64_t>(*value);
}

/// Fractions are seconds (nginx, Caddy); whole numbers are nanoseconds (Traefik).
void put_duration(Cell& cell, std::string_view text) {
    auto value = real(text);
    if (!value || *value < 0 || *value > 1e18) return;
    bool whole = text.find_first_of(".eE") == std::string_view::npos;
    cell = static_cast<std::int64_t>(whole && *value >= 1e3 ? *value / 1e6 : *value * 1e3);
}

/// The end of the request where it is told, else its start; a time of day belongs to the date beside it.
std::optional<Time> time_of(const Seen& seen, RecordBatch& batch) {
    constexpr std::size_t kDateSize = 10;
    auto date = seen.at(Use::date), time = seen.at(Use::time);
    if (date.size() == kDateSize && time.size() > 2 && time[2] == ':')
        return time_of(batch.keep(fmt::format("{} {}", date, time)));
    for (auto text : {time, date, seen.at(Use::start)})
        if (!text.empty()) return time_of(text);
    return {};
}

/// "https://www.example.org/a?b" as load balancers tell it: host and the rest.
std::pair<std::string_view, std::string_view> split_url(std::string_view text) {
    for (std::string_view scheme : {"https://", "http://"}) {
        if (!text.starts_with(scheme)) continue;
        text.remove_prefix(scheme.size());
        auto path = std::min(text.find('/'), text.size());
        return {text.substr(0, path), text.substr(path)};
    }
    return {{}, text};
}

/// An object or array being walked, and how much of the path is its own.
struct Frame {
    std::variant<std::pair<dom::object::iterator, dom::object::iterator>,
                 std::pair<dom::array::iterator, dom::array::iterator>>
        rest;
    std::size_t path = 0;
};

std::string_view text_of(dom::element value, RecordBatch& batch) {
    switch (value.type()) {
        case dom::element_type::STRING: return batch.keep(value.get_string().value_unsafe());
        case dom::element_type::INT64: return batch.keep(fmt::to_string(value.get_int64().value_unsafe()));
        case dom::element_type::UINT64: return batch.keep(fmt::to_string(value.get_uint64().value_unsafe()));
        case dom::element_type::DOUBLE: {
            auto text = fmt::format("{}", value.get_double().value_unsafe());
            if (text.find_first_of(".e") == std::string::npos) text += ".0";  // still a fraction to whoever asks
            return batch.keep(text);
        }
        case dom::element_type::BOOL: return value.get_bool().value_unsafe() ? "true" : "false";
        default: return {};
    }
}

Result<Time> fill(const Seen& seen, RecordBatch& batch, std::span<Cell> row) {
    auto request = seen.at(Use::request), target = seen.at(Use::target), path = seen.at(Use::path);
    if (target.empty()) std::swap(target, path);
    if ((request.empty() && target.empty()) || (seen.at(Use::status).empty() && seen.at(Use::client).empty()))
        return std::unexpected(Error{Fault::bad_value, "access_log.no_request", 0});
    if (!request.empty()) split_request(request, row);
    put(row[HttpRequest::method], seen.at(Use::method));
    auto [host, rest] = split_url(target);
    if (!target.empty()) split_target(rest, row);
    put(row[HttpRequest::host], host);
    auto query = seen.at(Use::query);
    if (query.starts_with('?')) query.remove_prefix(1);  // Apache's %q
    if (row[HttpRequest::query].index() == 0) put(row[HttpRequest::query], query);
    auto client = seen.at(Use::client), true_client = seen.at(Use::true_client);
    put(row[HttpRequest::client_ip], without_port(true_client.empty() ? client : true_client));
    if (!true_client.empty() && !client.empty() && client != true_client) batch.add_field("peer", client);
    if (!path.empty()) batch.add_field("path", path);
    put(row[HttpRequest::server_ip], seen.at(Use::server));
    for (auto [use, column] : {std::pair(Use::forwarded, HttpRequest::forwarded_for),
                               {Use::user, HttpRequest::user},
                               {Use::agent, HttpRequest::user_agent},
                               {Use::referrer, HttpRequest::referrer},
                               {Use::host, HttpRequest::host},
                               {Use::cookie, HttpRequest::cookie}})
        put(row[column], seen.at(use));
    for (auto [use, column] : {std::pair(Use::status, HttpRequest::status),
                               {Use::sent, HttpRequest::sent_bytes},
                               {Use::received, HttpRequest::received_bytes},
                               {Use::port, HttpRequest::port}})
        put_number(row[column], seen.at(use));
    put_duration(row[HttpRequest::time_taken_ms], seen.at(Use::duration));
    row[HttpRequest::log] = std::string_view("json");
    auto time = time_of(seen, batch);
    if (!time) return std::unexpected(Error{Fault::bad_value, "access_log.time", 0});
    return *time;
}

}  // namespace

/// nginx without escape=json writes \xhh into strings, which no JSON knows; just the lines with odd requests have it.
Result<dom::object> JsonAccess::parse(std::string_view line) {
    constexpr bool kCopyToPadded = true;  // the line ends where the map may end
    if (parser_.allocate(std::max(line.size() * 2, parser_.capacity()), kDepthLimit + 2) != simdjson::SUCCESS)
        return std::unexpected(Error{Fault::too_large, "access_log.memory", 0, line.size()});
    dom::object object;
    auto code = parser_.parse(line.data(), line.size(), kCopyToPadded).get(object);
    if (code == simdjson::SUCCESS) return object;
    repaired_.clear();
    for (std::size_t i = 0; i < line.size(); ++i) {
        repaired_ += line[i];
        if (line[i] != '\\' || i + 1 >= line.size()) continue;
        bool hex = line[i + 1] == 'x';
        repaired_ += hex ? std::string_view("u00") : line.substr(i + 1, 1);
        ++i;
    }
    if (code == simdjson::UTF8_ERROR) repaired_ = from_cp1252(repaired_);
    code = parser_.parse(repaired_.data(), repaired_.size(), kCopyToPadded).get(object);
    if (code == simdjson::SUCCESS) return object;
    auto fault = code == simdjson::DEPTH_ERROR       ? Fault::too_deep
                 : code == simdjson::UNCLOSED_STRING ? Fault::truncated
                                                     : Fault::bad_value;
    return std::unexpected(Error{fault, "access_log.json", 0, 0, line.size()});
}

Result<Time> JsonAccess::read(std::string_view line, RecordBatch& batch, std::span<Cell> row) {
    auto root = TRY(parse(line));
    Seen seen;
    std::size_t values = 0;
    path_.clear();
    std::vector<Frame> stack;
    stack.push_back({std::pair(root.begin(), root.end()), 0});
    while (!stack.empty()) {
        Frame& frame = stack.back();
        path_.resize(frame.path);
        dom::element value;
        bool more = std::visit([](auto& rest) { return rest.first != rest.second; }, frame.rest);
        if (!more) {
            stack.pop_back();
            continue;
        }
        if (auto* object = std::get_if<0>(&frame.rest)) {
            if (!path_.empty()) path_ += '.';
            path_ += object->first.key();
            value = object->first.value();
            ++object->first;
        } else {  // values of a list have the list's name
            value = *std::get<1>(frame.rest).first;
            ++std::get<1>(frame.rest).first;
        }
        if (++values > kValueLimit) return std::unexpected(Error{Fault::too_large, "access_log.values", 0});
        if (value.is_object() || value.is_array()) {
            if (stack.size() == kDepthLimit) return std::unexpected(Error{Fault::too_deep, "access_log.depth", 0});
            if (value.is_object()) {
                auto object = value.get_object().value_unsafe();
                stack.push_back({std::pair(object.begin(), object.end()), path_.size()});
            } else {
                auto array = value.get_array().value_unsafe();
                stack.push_back({std::pair(array.begin(), array.end()), path_.size()});
            }
            continue;
        }
        auto text = text_of(value, batch);
        if (text.empty() || text == "-") continue;
        if (auto use = use_of(path_); !use || !seen.take(*use, text))
            batch.add_field(batch.keep(std::string_view(path_).substr(0, kPathLimit)), text);
    }
    return fill(seen, batch, row);
}

std::optional<std::string_view> JsonAccess::wrapped(std::string_view line, RecordBatch& batch) {
    if (line.find("\"stream\"") == std::string_view::npos) return {};
    auto root = parse(line);
    std::string_view text, stream;
    if (!root || (*root)["log"].get(text) != simdjson::SUCCESS || (*root)["stream"].get(stream) != simdjson::SUCCESS)
        return {};
    return batch.keep(trim(text));
}

std::optional<std::string_view> JsonAccess::message(std::string_view line, RecordBatch& batch) {
    auto root = parse(line);
    if (!root) return {};
    for (std::string_view name : {"message", "log", "line", "MESSAGE"}) {  // Filebeat, Fluent Bit, Promtail, journald
        std::string_view text;
        if ((*root)[name].get(text) == simdjson::SUCCESS && text.find('"') != std::string_view::npos)
            return batch.keep(trim(text));
    }
    return {};
}

}  // namespace ascribe

// https://nginx.org/en/docs/http/ngx_http_log_module.html  https://caddyserver.com/docs/json/apps/http/servers/logs/
// https://doc.traefik.io/traefik/observability/access-logs/
#include "parse/access_log/named_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.hpp"
#include "model/web_log.hpp"
#include "parse/access_log/combined.hpp"
#include "parse/put.hpp"

namespace ascribe {
namespace {

using Use = RequestUse;

constexpr std::size_t kNameLimit = 64;  // a longer name is in no table

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
        {"username", Use::user},
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
        {"event_duration", Use::nanoseconds},
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
        // ModSecurity's audit log: of its second version, then of its third
        // https://github.com/owasp-modsecurity/ModSecurity/wiki/ModSecurity-2-Data-Formats
        {"transaction_time", Use::time},
        {"transaction_remote_address", Use::client},
        {"transaction_local_address", Use::server},
        {"transaction_local_port", Use::port},
        {"request_request_line", Use::request},
        {"response_status", Use::status},
        {"transaction_time_stamp", Use::time},
        {"transaction_client_ip", Use::client},
        {"transaction_host_ip", Use::server},
        {"transaction_host_port", Use::port},
        {"transaction_request_method", Use::method},
        {"transaction_request_uri", Use::target},
        {"transaction_request_headers_host", Use::host},
        {"transaction_request_headers_user_agent", Use::agent},
        {"transaction_request_headers_referer", Use::referrer},
        {"transaction_request_headers_cookie", Use::cookie},
        {"transaction_request_headers_x_forwarded_for", Use::forwarded},
        {"transaction_response_http_code", Use::status},
        // Zeek's http.log  https://docs.zeek.org/en/master/scripts/base/protocols/http/main.zeek.html
        {"id_orig_h", Use::client},
        {"id_resp_h", Use::server},
        {"id_resp_p", Use::port},
        {"request_body_len", Use::received},
        {"response_body_len", Use::sent},
        // Suricata's events of kind http  https://docs.suricata.io/en/latest/output/eve/eve-json-format.html
        {"dest_ip", Use::server},
        {"dest_port", Use::port},
        {"http_hostname", Use::host},
        {"http_http_method", Use::method},
        {"http_http_user_agent", Use::agent},
        {"http_http_refer", Use::referrer},
        {"http_xff", Use::forwarded},
        {"http_status", Use::status},
        {"http_length", Use::sent},
        // Amazon's web application firewall  https://docs.aws.amazon.com/waf/latest/developerguide/logging-fields.html
        {"httprequest_clientip", Use::client},
        {"httprequest_uri", Use::path},
        {"httprequest_args", Use::query},
        {"httprequest_httpmethod", Use::method},
        {"httprequest_headers_host", Use::host},
        {"httprequest_headers_user_agent", Use::agent},
        {"httprequest_headers_referer", Use::referrer},
        {"httprequest_headers_cookie", Use::cookie},
        {"httprequest_headers_x_forwarded_for", Use::forwarded},
        {"responsecodesent", Use::status},
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
        {"cs_uri_stem", Use::stem},
        {"cs_uri_query", Use::query},
        {"cs_username", Use::user},
        {"cs_host", Use::host},
        {"cs(user_agent)", Use::agent},
        {"cs(referer)", Use::referrer},
        {"cs(cookie)", Use::cookie},
        {"cs(host)", Use::host},
        {"s_sitename", Use::site},
        {"s_computername", Use::computer},
        {"sc_substatus", Use::substatus},
        {"sc_win32_status", Use::win32_status},
        {"time_taken", Use::duration},
        {"s_ip", Use::server},
        {"s_port", Use::port},
        {"sc_status", Use::status},
        {"sc_bytes", Use::sent},
        {"cs_bytes", Use::received},
        // the same in Splunk  https://docs.splunk.com/Documentation/AddOns/released/MSIIS
        {"_time", Use::time},
        {"cs_user_agent", Use::agent},
        {"cs_referer", Use::referrer},
        {"cs_cookie", Use::cookie},
        {"uri_path", Use::path},
        {"uri_query", Use::query},
        {"src_ip", Use::client},
        // and in Azure: W3CIISLog, AppServiceHTTPLogs
        // https://learn.microsoft.com/azure/azure-monitor/reference/tables/w3ciislog
        {"timegenerated", Use::time},
        {"timegenerated [utc]", Use::time},
        {"cip", Use::client},
        {"csmethod", Use::method},
        {"csuristem", Use::stem},
        {"csuriquery", Use::query},
        {"csusername", Use::user},
        {"cshost", Use::host},
        {"csuseragent", Use::agent},
        {"csreferer", Use::referrer},
        {"cscookie", Use::cookie},
        {"sip", Use::server},
        {"sport", Use::port},
        {"ssitename", Use::site},
        {"scomputername", Use::computer},
        {"computer", Use::computer},
        {"scstatus", Use::status},
        {"scsubstatus", Use::substatus},
        {"scwin32status", Use::win32_status},
        {"scbytes", Use::sent},
        {"csbytes", Use::received},
        {"timetaken", Use::duration},
        // Azure's gateways and front doors
        // https://learn.microsoft.com/azure/application-gateway/application-gateway-diagnostics
        {"httpmethod", Use::method},
        {"originalrequesturiwithargs", Use::target},
        {"requesturi", Use::target},
        {"requestquery", Use::query},
        {"httpstatus", Use::status},
        {"httpstatuscode", Use::status},
        {"receivedbytes", Use::received},
        {"requestbytes", Use::received},
        {"sentbytes", Use::sent},
        {"responsebytes", Use::sent},
        // Cloudflare  https://developers.cloudflare.com/logs/reference/log-fields/zone/http_requests/
        {"clientrequesthost", Use::host},
        {"clientrequestmethod", Use::method},
        {"clientrequesturi", Use::target},
        {"clientrequestuseragent", Use::agent},
        {"clientrequestreferer", Use::referrer},
        {"clientrequestbytes", Use::received},
        {"edgeresponsestatus", Use::status},
        {"edgeresponsebytes", Use::sent},
        {"edgeendtimestamp", Use::time},
        {"edgestarttimestamp", Use::start},
        // Amazon's load balancers, as Athena names their columns
        // https://docs.aws.amazon.com/athena/latest/ug/create-alb-access-logs-table.html
        {"request_verb", Use::method},
        {"request_url", Use::target},
        {"elb_status_code", Use::status},
        {"received_bytes", Use::received},
        {"sent_bytes", Use::sent},
    });
    std::ranges::sort(names, {}, &Name::name);
    return names;
}();
static_assert(std::ranges::adjacent_find(kNames, {}, &Name::name) == kNames.end());

// What search engines and clouds wrap a request in when they export it.
constexpr std::string_view kWrappers[] = {"_source_", "result_", "properties_"};

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

/// The number of up to `most` digits that `text` begins with, and what stands behind it; -1 where none does.
int take_number(std::string_view& text, std::size_t most) {
    std::size_t size = 0;
    int value = 0;
    for (; size < std::min(most, text.size()) && text[size] >= '0' && text[size] <= '9'; ++size)
        value = value * 10 + (text[size] - '0');
    text.remove_prefix(size);
    return size == 0 ? -1 : value;
}

bool take(std::string_view& text, std::string_view word) {
    if (!text.starts_with(word)) return false;
    text.remove_prefix(word.size());
    return true;
}

/// "Tue Mar  2 10:00:00 2021", of C's asctime: local time without a zone, taken as it stands.
std::optional<Time> unzoned_time(std::string_view text) {
    constexpr std::size_t kSize = 24;
    if (text.size() != kSize || text[3] != ' ' || text[7] != ' ' || text[10] != ' ' || text[19] != ' ') return {};
    std::string day(trim(text.substr(8, 2)));
    if (day.size() == 1) day.insert(0, 1, '0');
    return parse_access_time(
        fmt::format("{}/{}/{}:{} +0000", day, text.substr(4, 3), text.substr(20), text.substr(11, 8)));
}

/// As portals show it to people: Kibana's "Mar 2, 2021 @ 10:00:00.000", Azure's "3/2/2021, 10:00:00.000 AM".
std::optional<Time> shown_time(std::string_view text) {
    constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int month = 0, day = 0;
    auto name = kMonths.find(text.substr(0, 3));
    const bool named = text.size() > 3 && name != std::string_view::npos && name % 3 == 0 && text[3] == ' ';
    if (named) {
        text.remove_prefix(4);
        month = static_cast<int>(name / 3) + 1;
        day = take_number(text, 2);
        if (!take(text, ", ")) return {};
    } else {
        month = take_number(text, 2);
        if (!take(text, "/")) return {};
        day = take_number(text, 2);
        if (!take(text, "/")) return {};
    }
    auto year = take_number(text, 4);
    if (!take(text, named ? " @ " : ", ")) return {};
    auto hour = take_number(text, 2);
    if (!take(text, ":")) return {};
    auto minute = take_number(text, 2);
    if (!take(text, ":")) return {};
    auto second = take_number(text, 2);
    auto thousandths = take(text, ".") ? take_number(text, 3) : 0;
    if (!named) {  // of twelve hours, so that it is America's: elsewhere the day comes first
        if (hour < 1 || hour > 12 || (text != " AM" && text != " PM")) return {};
        hour = hour % 12 + (text == " PM" ? 12 : 0);
        text = {};
    }
    if (!text.empty() || thousandths < 0) return {};
    auto time = make_time(year, month, day, hour, minute, second, thousandths * Ticks::period::den / 1000);
    return time && is_log_time(*time) ? time : std::nullopt;
}

std::optional<Time> time_of(std::string_view text) {
    if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);  // Apache's %t
    if (auto time = parse_access_time(text)) return time;
    if (auto number = real(text)) return time_of(*number);
    if (auto time = shown_time(text)) return time;
    if (auto time = unzoned_time(text)) return time;
    return parse_log_time(text);
}

/// Whether it was a number.
bool put_number(Cell& cell, std::string_view text) {
    if (auto number = parse_number(text))
        cell = *number;
    else if (auto value = real(text); value && *value >= 0 && *value < 1e18)
        cell = static_cast<std::int64_t>(*value);
    return cell.index() != 0;
}

/// Fractions are seconds (nginx, Caddy, Azure's gateways), whole numbers milliseconds (IIS, Envoy).
void put_duration(Cell& cell, std::string_view text) {
    auto value = real(text);
    if (!value || *value < 0 || *value > 1e15) return;
    bool whole = text.find_first_of(".eE") == std::string_view::npos;
    cell = static_cast<std::int64_t>(whole ? *value : *value * 1e3);
}

void put_nanoseconds(Cell& cell, std::string_view text) {
    if (auto number = parse_number(text)) cell = *number / 1'000'000;
}

/// The end of the request where it is told, else its start; a time of day belongs to the date beside it.
std::optional<Time> time_of(const NamedRequest& seen, RecordBatch& batch) {
    constexpr std::size_t kDateSize = 10;
    auto date = seen.at(Use::date), time = seen.at(Use::time);
    if (date.size() >= kDateSize && time.size() > 2 && time[2] == ':')  // behind a date may stand midnight
        return time_of(batch.keep(fmt::format("{} {}", date.substr(0, kDateSize), time)));
    for (auto text : {time, date, seen.at(Use::start)})
        if (!text.empty()) return time_of(text);
    return {};
}

}  // namespace

std::optional<RequestUse> request_use_of(std::string_view path) {
    if (path == "Duration") return Use::nanoseconds;  // Traefik's, told from Caddy's and Envoy's by its capital
    std::array<char, kNameLimit> plain{};
    if (path.size() > plain.size()) return {};
    std::ranges::transform(path, plain.begin(), [](char c) { return c == '-' || c == '.' ? '_' : lower(c); });
    std::string_view name(plain.data(), path.size());
    for (auto wrapper : kWrappers)
        if (name.starts_with(wrapper)) name.remove_prefix(wrapper.size());
    auto at = std::ranges::lower_bound(kNames, name, {}, &Name::name);
    return at != kNames.end() && at->name == name ? std::optional(at->use) : std::nullopt;
}

Result<Time> fill_request(const NamedRequest& seen, std::string_view log, RecordBatch& batch, std::span<Cell> row) {
    auto request = seen.at(Use::request), target = seen.at(Use::target), path = seen.at(Use::path);
    auto stem = seen.at(Use::stem);
    if (path.empty()) path = stem;
    if (target.empty()) std::swap(target, path);
    if ((request.empty() && target.empty()) || (seen.at(Use::status).empty() && seen.at(Use::client).empty()))
        return std::unexpected(Error{Fault::bad_value, "access_log.no_request", 0});
    if (!request.empty()) split_request(request, row);
    put(row[HttpRequest::method], seen.at(Use::method));
    if (!target.empty()) split_target(target, row);
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
                               {Use::site, HttpRequest::site},
                               {Use::computer, HttpRequest::server},
                               {Use::cookie, HttpRequest::cookie}})
        put(row[column], seen.at(use));
    for (auto [use, column] : {std::pair(Use::status, HttpRequest::status),
                               {Use::substatus, HttpRequest::substatus},
                               {Use::win32_status, HttpRequest::win32_status},
                               {Use::sent, HttpRequest::sent_bytes},
                               {Use::received, HttpRequest::received_bytes},
                               {Use::port, HttpRequest::port}})
        if (auto text = seen.at(use); !put_number(row[column], text) && !text.empty())
            batch.add_field(record_schemas()[static_cast<std::size_t>(RecordKind::http_request)].columns[column].name,
                            text);
    put_duration(row[HttpRequest::time_taken_ms], seen.at(Use::duration));
    if (row[HttpRequest::time_taken_ms].index() == 0)
        put_nanoseconds(row[HttpRequest::time_taken_ms], seen.at(Use::nanoseconds));
    row[HttpRequest::log] = stem.empty() ? log : kIisExport;
    auto time = time_of(seen, batch);
    if (!time) return std::unexpected(Error{Fault::bad_value, "access_log.time", 0});
    return *time;
}

}  // namespace ascribe

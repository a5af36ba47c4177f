// https://nginx.org/en/docs/http/ngx_http_log_module.html  https://caddyserver.com/docs/json/apps/http/servers/logs/
// https://doc.traefik.io/traefik/observability/access-logs/
#include "parse/access_log/request_names.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

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

}  // namespace ascribe

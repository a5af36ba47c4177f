// [begin] "request" status flags (details termination "failure") received sent milliseconds upstream-milliseconds
// "forwarded for" "agent" "request id" "authority" "upstream" and, of Istio, (cluster local-address downstream-local
// downstream-remote name route): what stands in parentheses is Istio's. The words before the request and the numbers
// behind it have one shape each.
#include "parse/access_log/envoy.hpp"

#include <array>

#include "base/text.hpp"
#include "parse/access_log/combined.hpp"
#include "parse/access_log/rest.hpp"
#include "parse/put.hpp"

namespace ascribe {
namespace {

/// The text of the first bracket that is shaped as Envoy's time, before a quote: "2016-04-15T20:17:00.310Z".
std::string_view find_stamp(std::string_view line) {
    constexpr std::string_view kEnd = "Z] \"";
    auto end = line.find(kEnd);
    auto open = end == std::string_view::npos ? end : line.rfind('[', end);
    return open == std::string_view::npos ? std::string_view{} : line.substr(open + 1, end - open);
}

/// Three numbers behind the flags, past the words that Istio puts before them.
std::optional<std::array<std::int64_t, 3>> take_numbers(Rest& rest, std::string_view& details) {
    auto first = rest.word();
    if (!parse_number(first)) {
        details = first;
        rest.word();
        if (!rest.quoted()) return {};
        first = rest.word();
    }
    auto received = parse_number(first), sent = parse_number(rest.word()), taken = parse_number(rest.word());
    if (!received || !sent || !taken) return {};
    return std::array{*received, *sent, *taken};
}

}  // namespace

std::optional<Time> read_envoy(std::string_view line, RecordBatch& batch, std::span<Cell> row) {
    auto stamp = find_stamp(line);
    auto time = parse_log_time(stamp);
    if (!time) return {};
    auto open = static_cast<std::size_t>(stamp.data() - line.data()) - 1;
    Rest rest(line, open + stamp.size() + 2);
    auto request = rest.quoted();
    auto status = parse_number(rest.word());
    auto flags = rest.word();
    std::string_view details;
    auto numbers = take_numbers(rest, details);  // received, sent, milliseconds
    rest.word();                                 // those of the server behind
    auto forwarded = rest.quoted(), agent = rest.quoted(), id = rest.quoted(), host = rest.quoted();
    auto server = rest.quoted();
    if (!request || !status || flags.empty() || !numbers || !server) return {};
    bool is_longer = !trim(rest.left()).empty();
    std::array<std::string_view, 6> words;  // cluster, local, downstream's local and remote, name, route
    for (auto& word : words) word = rest.word();
    if (is_longer && words.back().empty()) return {};       // cut
    if (*request != "- - -") split_request(*request, row);  // nothing came
    if (*status > 0) row[HttpRequest::status] = *status;    // 0: the client went away
    row[HttpRequest::received_bytes] = (*numbers)[0];
    row[HttpRequest::sent_bytes] = (*numbers)[1];
    row[HttpRequest::time_taken_ms] = (*numbers)[2];
    // Envoy adds who connected behind the addresses that it was told.
    auto client = without_port(words[3]);
    if (client.empty() || client == "-") client = trim(forwarded->substr(forwarded->rfind(',') + 1));
    put(row[HttpRequest::client_ip], client);
    if (*forwarded != client) put(row[HttpRequest::forwarded_for], *forwarded);
    put(row[HttpRequest::user_agent], *agent);
    put(row[HttpRequest::host], *host);
    if (constexpr std::string_view kScheme = "tcp://"; server->starts_with(kScheme))
        server->remove_prefix(kScheme.size());
    put(row[HttpRequest::server_ip], without_port(*server));
    row[HttpRequest::log] = std::string_view("combined");
    if (auto prefix = trim(line.substr(0, open)); !prefix.empty()) batch.add_field("prefix", prefix);
    for (auto [name, text] : {std::pair("flags", flags), {"details", details}, {"request_id", *id}})
        if (!text.empty() && text != "-") batch.add_field(name, text);
    return time;
}

}  // namespace ascribe

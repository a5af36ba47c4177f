// [type] time balancer client:port target:port three-times status target-status received sent "request" "agent" and
// more: the words before the request have one shape each. Only the application load balancer tells the type.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
// https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/access-log-collection.html
#include "parse/access_log/amazon.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"
#include "parse/access_log/combined.hpp"
#include "parse/access_log/rest.hpp"
#include "parse/put.hpp"

namespace ascribe {
namespace {

constexpr std::string_view kTypes[] = {"http", "https", "h2", "grpcs", "ws", "wss"};

/// Seconds with a fraction; -1: never came to be.
std::optional<double> seconds(std::string_view text) {
    double value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    bool whole = error == std::errc{} && end == text.data() + text.size();
    return whole && value >= -1 && value < 1e6 ? std::optional(value) : std::nullopt;
}

bool is_number_or_none(std::string_view text) { return text == "-" || parse_number(text).has_value(); }

void put_number(Cell& cell, std::string_view text) {
    if (auto number = parse_number(text)) cell = *number;
}

}  // namespace

std::optional<Time> read_amazon(std::string_view line, RecordBatch& batch, std::span<Cell> row) {
    Rest rest(line, 0);
    auto stamp = rest.word();
    if (std::ranges::find(kTypes, stamp) != std::end(kTypes)) stamp = rest.word();
    auto time = stamp.ends_with('Z') ? parse_log_time(stamp) : std::nullopt;
    auto balancer = rest.word(), client = rest.word(), target = rest.word();
    double taken = 0;
    for (int i = 0; i < 3; ++i) {
        auto part = seconds(rest.word());
        if (!part) return {};
        taken = *part < 0 || taken < 0 ? -1 : taken + *part;
    }
    std::array<std::string_view, 4> numbers;  // status, target's status, received, sent
    for (auto& number : numbers)
        if (number = rest.word(); !is_number_or_none(number)) return {};
    auto request = rest.quoted();
    if (!time || !request || client.find(':') == std::string_view::npos) return {};
    put(row[HttpRequest::client_ip], without_port(client));
    put(row[HttpRequest::server_ip], without_port(target));
    split_request(*request, row);
    put_number(row[HttpRequest::status], numbers[0]);
    put_number(row[HttpRequest::received_bytes], numbers[2]);
    put_number(row[HttpRequest::sent_bytes], numbers[3]);
    if (taken >= 0) row[HttpRequest::time_taken_ms] = static_cast<std::int64_t>(taken * 1000);
    row[HttpRequest::log] = std::string_view("common");
    if (auto agent = rest.quoted()) {
        row[HttpRequest::log] = std::string_view("combined");
        put(row[HttpRequest::user_agent], *agent);
    }
    batch.add_field("load_balancer", balancer);
    if (auto extra = trim(rest.left()); !extra.empty()) batch.add_field("extra", extra);
    return time;
}

}  // namespace ascribe

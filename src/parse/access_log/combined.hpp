// One line of an access log in Apache's or nginx's common, combined or vhost_combined format.
#pragma once

#include <span>
#include <string_view>
#include <utility>

#include "base/result.hpp"
#include "model/record.hpp"

namespace ascribe {

/// Reads the line into the cells of the batch's last row and returns the request's time. What follows the user agent is
/// an address list (nginx's default format) or the named field "extra". Errors carry the offset within the line.
Result<Time> read_combined(std::string_view line, RecordBatch& batch, std::span<Cell> row);

/// "02/Mar/2021:10:00:00 +0100" as UTC.
std::optional<Time> parse_access_time(std::string_view text);

/// "GET /a?b HTTP/1.1" into method, stem and query. What is no request (a TLS handshake, "-") has no method and stands
/// whole in the stem, for it was asked all the same.
void split_request(std::string_view text, std::span<Cell> row);
/// "https://www.example.org/a?b", as proxies ask and load balancers tell it: host and the rest; no host where it has
/// none.
std::pair<std::string_view, std::string_view> split_url(std::string_view text);
/// "/a?b" into stem and query, with a host before it into host.
void split_target(std::string_view text, std::span<Cell> row);

/// "192.0.2.1:4711" and "[2001:db8::1]:4711" without the port.
std::string_view without_port(std::string_view address);

}  // namespace ascribe

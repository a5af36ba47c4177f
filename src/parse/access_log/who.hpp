// What stands before the time in a line of an access log: what another program wrote before it, virtual host, client,
// user.
#pragma once

#include <span>
#include <string_view>

#include "base/result.hpp"
#include "model/record.hpp"

namespace ascribe {

/// How much stands before the line proper where syslog or a container's runtime wrote it down: "Mar  3 04:00:00 web1
/// nginx: ", "<190>1 2021-03-03T04:00:00Z web1 nginx - - - ", "2021-03-03T04:00:00.0Z stdout F ", "web-1  | ". A client
/// told by its name is followed by "-", so that a user, whose name a client chooses, cannot pass for such words.
std::size_t prefix_size(std::string_view text);

/// "[vhost[:port]] client ident user", where only the user may have spaces, or an address with less behind it. Where
/// X-Forwarded-For stands before the client or in its place, the last address is the client's.
Result<void> read_who(std::string_view text, std::span<Cell> row);

/// "203.0.113.7, 10.0.0.2", as X-Forwarded-For has it.
bool is_address_list(std::string_view text);

}  // namespace ascribe

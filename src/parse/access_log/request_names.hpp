// What programs call the parts of a request: one table says what each name means. A name is compared in lower case with
// - and . as _, so that spellings of many programs need one entry.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ascribe {

/// What a value tells of a request.
enum class RequestUse : std::uint8_t {
    client,
    true_client,  // as a server found it that knows its own proxies
    forwarded,
    user,
    method,
    request,
    target,  // with its query
    path,    // without
    stem,    // IIS's name for it: an IIS wrote the row
    query,
    status,
    substatus,
    win32_status,
    sent,
    received,
    referrer,
    agent,
    host,
    server,
    site,
    computer,
    port,
    cookie,
    duration,  // milliseconds as a whole number; a fraction is seconds
    nanoseconds,
    date,  // alone, or with its time of day beside it
    time,
    start,  // of the request, where its end is not told
    kUses
};
inline constexpr auto kRequestUses = static_cast<std::size_t>(RequestUse::kUses);

/// What a name means; nothing where no program we know calls anything so.
std::optional<RequestUse> request_use_of(std::string_view name);

}  // namespace ascribe

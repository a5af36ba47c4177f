// A request told by names: of a JSON object's values, of a CSV file's columns. One table says what each name means; a
// name is compared in lower case with - and . as _, so that spellings of many programs need one entry.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/result.hpp"
#include "model/record.hpp"

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

/// What was seen of one request: the first value of each use that says something.
struct NamedRequest {
    std::array<std::string_view, kRequestUses> texts;
    std::string_view at(RequestUse use) const { return texts[static_cast<std::size_t>(use)]; }
    bool take(RequestUse use, std::string_view text) {
        auto& place = texts[static_cast<std::size_t>(use)];
        if (!place.empty()) return place == text;
        place = text;
        return true;
    }
};

/// Puts what was seen into the cells of the batch's last row and returns the request's time. `log` is how it was told.
Result<Time> fill_request(const NamedRequest& seen, std::string_view log, RecordBatch& batch, std::span<Cell> row);

}  // namespace ascribe

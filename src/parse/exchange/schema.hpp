// Which Exchange log a line of column names belongs to, and what its columns become.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/record.hpp"

namespace ascribe {

enum class ExchangeLog : std::uint8_t { http_proxy, ews, rps_http, mapi_http, ecp, rps_cmdlet, oab_generator, message_tracking, other };

struct ExchangeSchema {
    ExchangeLog log = ExchangeLog::other;
    std::string_view name;                    // "HttpProxy", as records say it
    RecordKind kind = RecordKind::exchange_trace;
    std::vector<std::string> columns;         // as written
    std::vector<std::size_t> target;          // column of the record, or kNamed
    std::size_t time = SIZE_MAX, host = SIZE_MAX;
    std::size_t version[4] = {SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX};
    std::size_t build = SIZE_MAX;             // the record's build column, to be made of the four version columns
};
inline constexpr std::size_t kNamed = SIZE_MAX;

/// The schema of a line of names, "#Fields: a,b" or "a,b" or "\"a\",\"b\""; nothing when it is not one of Exchange's.
/// `log_type` is the text after #Log-type:, which tells logs with the same columns apart.
std::optional<ExchangeSchema> read_schema(std::string_view line, std::string_view log_type);

}  // namespace ascribe

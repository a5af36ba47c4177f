// Which Exchange log a line of column names belongs to, and what its columns become. Columns are known by name, never
// by position, except where a log was pasted without its names.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/record.hpp"

namespace ascribe {

enum class ExchangeLog : std::uint8_t {
    http_proxy,
    ews,
    rps_http,
    mapi_http,
    ecp,
    rps_cmdlet,
    oab_generator,
    message_tracking,
    log_age,
    other
};

struct ExchangeSchema {
    ExchangeLog log = ExchangeLog::other;
    std::string name;  // "HttpProxy", as records say it
    RecordKind kind = RecordKind::exchange_trace;
    std::vector<std::string> columns;  // as written
    std::vector<std::size_t> target;   // column of the record; kNamed: a named field; kElsewhere: time or build
    std::size_t time = SIZE_MAX, host = SIZE_MAX;
    std::size_t version[4] = {SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX};
    std::size_t build = SIZE_MAX;  // the record's build column, to be made of the four version columns
    char separator = ',';          // of cells
    bool open_ended = false;       // rows may have more cells than there are columns
};
inline constexpr std::size_t kNamed = SIZE_MAX, kElsewhere = SIZE_MAX - 1;

/// The schema of a line of names, "#Fields: a,b" or "a,b" or "\"a\",\"b\""; nothing when it is not one of Exchange's.
/// `log_type` is the text after #Log-type:, which tells logs with the same columns apart.
std::optional<ExchangeSchema> read_schema(std::string_view line, std::string_view log_type);

/// The line of names that a row pasted without one must have had, told from the shape of its cells; "" when it has no
/// shape we know. Such rows often have more cells than the line names: what stands further right differs from build to
/// build.
std::string_view guess_names(std::string_view row);

}  // namespace ascribe

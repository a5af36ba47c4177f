// Words of the column `log` of HttpRequest that more than their parser must know.
#pragma once

#include <string_view>

namespace ascribe {

/// Of an IIS log's rows that somebody exported or shipped.
inline constexpr std::string_view kIisExport = "IIS export";
/// Of IIS's comma-separated logs, whose times are of a zone that stands nowhere.
inline constexpr std::string_view kIisNative = "IIS native";
/// Of another log's rows that somebody exported as a table.
inline constexpr std::string_view kTable = "csv";

/// Whether the row is of another program than IIS: Apache, nginx, a load balancer.
inline bool is_of_other_server(std::string_view log) {
    return !log.empty() && log != "HTTPERR" && log != kIisExport && log != kIisNative;
}

/// Whether the rows prove no hours of logging: what was left out on the way is not known, or not when they were.
inline bool proves_no_hours(std::string_view log) { return log == kIisExport || log == kIisNative || log == kTable; }

}  // namespace ascribe

// Words of the column `log` of HttpRequest that more than their parser must know.
#pragma once

#include <string_view>

namespace ascribe {

/// Of an IIS log's rows that somebody exported or shipped.
inline constexpr std::string_view kIisExport = "IIS export";
/// Of another log's rows that somebody exported as a table.
inline constexpr std::string_view kTable = "csv";

/// Whether what was left out on the way is not known, so that the rows prove no hours of logging.
inline bool is_export(std::string_view log) { return log == kIisExport || log == kTable; }

/// Whether the row is of another program than IIS: Apache, nginx, a load balancer.
inline bool is_of_other_server(std::string_view log) { return !log.empty() && log != "HTTPERR" && log != kIisExport; }

}  // namespace ascribe

// One line of HAProxy's HTTP log (option httplog), as syslog or a file has it.
// https://docs.haproxy.org/2.8/configuration.html#8.2.3
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "base/time.hpp"
#include "model/record.hpp"

namespace ascribe {

/// Reads the line into the cells of the batch's last row and returns the request's time, nothing where the line has
/// another shape. HAProxy writes the local time of its machine without the zone: it is taken as it stands.
std::optional<Time> read_haproxy(std::string_view line, RecordBatch& batch, std::span<Cell> row);

}  // namespace ascribe

// A row of an IIS log that stands among other words, as syslog and log shippers carry it.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "model/record.hpp"

namespace ascribe {

/// Reads the row into the cells of the batch's last row and returns its time; what stands before it is the named field
/// "prefix". Nothing where no row is in the line, or none of the shapes that IIS has without being told otherwise.
std::optional<Time> read_lone_iis_row(std::string_view line, RecordBatch& batch, std::span<Cell> row);

}  // namespace ascribe

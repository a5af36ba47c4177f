// One line of what Amazon's load balancers log of HTTP.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "model/record.hpp"

namespace ascribe {

/// Reads the line of an application or classic load balancer into the cells of the batch's last row and returns the
/// time of the answer; nothing when it is none.
std::optional<Time> read_amazon(std::string_view line, RecordBatch& batch, std::span<Cell> row);

}  // namespace ascribe

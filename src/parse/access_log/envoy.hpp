// One line of Envoy's default access log, and of Istio's, which tells more in the same order.
// https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#default-format-string
// https://istio.io/latest/docs/tasks/observability/logs/access-log/
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "base/time.hpp"
#include "model/record.hpp"

namespace ascribe {

/// Reads the line into the cells of the batch's last row and returns the time at which the request began, nothing where
/// the line has another shape.
std::optional<Time> read_envoy(std::string_view line, RecordBatch& batch, std::span<Cell> row);

}  // namespace ascribe

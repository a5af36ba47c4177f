// `--known FILE`: the analyst's own list of what must not alarm.
#pragma once

#include <expected>
#include <string>

#include "model/intel.hpp"

namespace ascribe {

/// One entry a line: "address 10.0.0.5", "page /owa/auth/ours.aspx", "finding F-0123456789";
/// "#" begins a comment. The error names the line.
std::expected<Known, std::string> load_known(const std::string& path);

}  // namespace ascribe

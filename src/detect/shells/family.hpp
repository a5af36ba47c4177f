// Which known kind of shell a script is built like. A shape is told by flows, capabilities and signals, never by names:
// whoever renames everything keeps it. What the kinds do is public knowledge; its source stands with each shape.
#pragma once

#include <string_view>

#include "detect/shells/analysis.hpp"

namespace ascribe::shells {

/// The first shape that fits, "" when none does.
std::string_view family_of(const Analysis& analysis);

}  // namespace ascribe::shells

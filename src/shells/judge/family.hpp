// Which known kind of shell a script is built like. A shape is told by flows, capabilities and signals, never by names:
// whoever renames everything keeps it. What the kinds do is public knowledge; its source stands with each shape.
#pragma once

#include <string_view>

#include "shells/analysis.hpp"

namespace ascribe::shells {

/// The first shape that fits, "" when none does.
std::string_view family_of(const Analysis& analysis);

/// An administrator's tool: databases are queried, or files managed, as a visitor says, behind a log-in; nothing is
/// hidden, and nothing a visitor sends is run as code or as a command. Whether it is there by the administrator's will,
/// the file cannot tell.
bool is_tool(const Analysis& analysis);

}  // namespace ascribe::shells

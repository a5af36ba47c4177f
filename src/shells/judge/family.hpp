// Which known kind of shell a script is built like. A shape is told by flows, capabilities and signals, never by names:
// whoever renames everything keeps it. What the kinds do is public knowledge; its source stands with each shape.
#pragma once

#include <string_view>

#include "shells/analysis.hpp"

namespace ascribe::shells {

/// The first shape that fits, "" when none does.
std::string_view family_of(const Analysis& analysis);

/// Whether something was seen that intruders' scripts do and hardly any other: what else the model knows may raise
/// suspicion, never more. Queries with a visitor's values in them are everybody's; queries that a visitor sends whole
/// are not.
bool is_grounded(const Analysis& analysis);

/// Whether a visitor, another server or a text that was hidden says what is run, loaded, read or written.
bool is_driven(const Analysis& analysis);

/// An administrator's tool: databases are queried, or files managed, as a visitor says, behind a log-in; nothing is
/// hidden, and nothing a visitor sends is run as code or as a command. Whether it is there by the administrator's will,
/// the file cannot tell.
bool is_tool(const Analysis& analysis);

}  // namespace ascribe::shells

// A server's configuration as a hiding place: web.config may hand any name to a script engine, itself included, and
// may be served though the server hides it. https://learn.microsoft.com/iis/configuration/system.webserver/handlers/,
// https://learn.microsoft.com/iis/configuration/system.webserver/security/requestfiltering/
#pragma once

#include <string_view>
#include <vector>

#include "shells/analysis.hpp"

namespace ascribe::shells {

/// Whether a file of that name is a configuration that a folder may bring along.
bool is_configuration(std::string_view path);

/// "config.script_handler": a name that no script has is run as one; "config.unhidden": what the server refuses to hand
/// out is handed out.
std::vector<Signal> signals_of_configuration(std::string_view text);

}  // namespace ascribe::shells

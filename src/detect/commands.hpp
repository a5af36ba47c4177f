// What a management command tells, whichever log kept it: ECP Server, Rps_Cmdlet or the MSExchange Management events.
#pragma once

#include <optional>
#include <string_view>

#include "model/finding.hpp"

namespace ascribe {

/// A finding of this one command, without evidence and time; nothing for ordinary work. `parameters` is everything
/// after the name, in any notation; `user` may be "". The statement names the command and what gave it away, not the
/// payload.
std::optional<Finding> judge_command(std::string_view command, std::string_view parameters, std::string_view user);

/// Remove-OabVirtualDirectory and New-OabVirtualDirectory (or another virtual directory): together, right after a
/// staged URL, they are the reset that writes the page (PL-09). Alone they are maintenance.
bool is_directory_reset(std::string_view command);
/// How long after the change the reset still belongs to it: 10 s in PL-09, widened for slow servers.
inline constexpr int kResetSeconds = 60;

}  // namespace ascribe

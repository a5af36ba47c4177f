// What `investigate`, `demo` and `exposure` share.
#pragma once

#include <expected>
#include <string>

#include "cli/command.hpp"
#include "engine/dump.hpp"
#include "engine/hunt.hpp"
#include "model/case.hpp"
#include "model/intel.hpp"

namespace ascribe {

/// The reference data that --intel names, or the built-in.
std::expected<Intel, std::string> intel_of(const Arguments& arguments);
/// Evidence, workers, isolation, passwords and limits of a hunt, as the arguments say.
std::expected<HuntOptions, std::string> hunt_options(const Arguments& arguments);
/// The same of a dump, and its span of time.
std::expected<DumpOptions, std::string> dump_options(const Arguments& arguments);
/// Investigates what the arguments name; an Exit when that failed, with the reason already on stderr.
std::expected<Case, Exit> investigate_as_told(const Arguments& arguments);
/// Saves and prints the case as the arguments say; returns the exit code it earned.
Exit show_case(const Case& investigated, const Arguments& arguments);
/// 4 over 1 over 3 over 0.
Exit exit_for(const Case& investigated, std::string_view fail_on);

}  // namespace ascribe

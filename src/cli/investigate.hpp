// What the commands that read evidence share.
#pragma once

#include <expected>
#include <optional>
#include <string>

#include "cli/command.hpp"
#include "engine/evidence_run.hpp"
#include "model/case.hpp"
#include "model/intel.hpp"

namespace ascribe {

/// Of "scan", "attempt" and "success".
Level level_named(std::string_view name);
/// The reference data that --intel names, or the built-in.
std::expected<Intel, std::string> intel_of(const Arguments& arguments);
/// What is told of the evidence and of how to read it: workers, isolation, passwords, limits.
std::expected<EvidenceOptions, std::string> evidence_of(const Arguments& arguments);
/// A whole number from 1 to `most`, or 0 where the option is not given.
std::expected<std::int64_t, std::string> number_of(const Arguments& arguments, std::string_view flag,
                                                   std::int64_t most);
/// The UTC time that an option gives, or nothing.
std::expected<std::optional<Time>, std::string> time_of(const Arguments& arguments, std::string_view flag);
/// Investigates what the arguments name; an Exit when that failed, with the reason already on stderr.
std::expected<Case, Exit> investigate_as_told(const Arguments& arguments);
/// Saves and prints the case as the arguments say; returns the exit code it earned.
Exit show_case(const Case& investigated, const Arguments& arguments);
/// 4 over 1 over 3 over 0.
Exit exit_for(const Case& investigated, std::string_view fail_on);

}  // namespace ascribe

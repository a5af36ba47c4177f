// Options that several commands share, so that they are called and explained alike.
#pragma once

#include "cli/command.hpp"

namespace ascribe::options {

inline constexpr Option kPasswordFile{"--password-file", "", "FILE", "Passwords for encrypted archives, one a line",
                                      ""};
inline constexpr Option kMaxOutput{
    "--max-output", "", "GIB",
    "Most that archives may unpack to; the larger of 64 and 200 times the input unless given", ""};
inline constexpr Option kWorkers{
    "--workers", "-j", "N", "Worker processes; one for each core unless given. The result does not depend on it", ""};
inline constexpr Option kIsolation{"--isolation", "", "LEVEL", "full, or none for debugging only", "full none"};
inline constexpr Option kIntel{"--intel", "", "DIR", "Reference data to use instead of the built-in", ""};

// Sigma rules.
inline constexpr Option kExclude{"--exclude", "", "FILE", "Ids of rules to leave out, one a line", ""};
inline constexpr Option kMapping{"--mapping", "", "FILE", "More log sources and field names; see docs/sigma.md", ""};
inline constexpr Option kPlaceholders{"--placeholders", "", "FILE",
                                      "Values of placeholders for expand: a map of name to list, YAML or JSON", ""};
inline constexpr Option kNoCache{"--no-cache", "", "",
                                 "Neither use nor write ~/.cache/ascribe, where compiled rules are kept", ""};

}  // namespace ascribe::options

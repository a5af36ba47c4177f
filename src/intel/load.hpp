// Loads and checks the reference data of /intel into model types. The data is compiled into the executable; a directory
// of the same shape replaces it.
#pragma once

#include <string>

#include <expected>

#include "model/case.hpp"
#include "model/intel.hpp"

namespace ascribe {

/// The data compiled in. Checked by tests, so it cannot fail.
Intel builtin_intel();
/// The same from a directory. The error's sentence names the file, the place and what to do.
std::expected<Intel, std::string> load_intel(const std::string& directory);
/// Age and warning for reports: a warning once the data is older than kIntelStaleDays at `now`.
IntelNote intel_note(const Intel& intel, Time now);
inline constexpr int kIntelStaleDays = 90;  // issue 2

}  // namespace ascribe

// The bytes behind a claim.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "model/case.hpp"

namespace ascribe {

/// What the id stands for and the raw bytes behind it, safe for a terminal. Ids: a finding's "F-...", a vulnerability's
/// "CVE-...", a thread's "T1", "clock:1", "coverage:FAMILY:QUESTION", a damage's "D1". The error's sentence lists what
/// there is.
std::expected<std::string, std::string> why(const Case& investigated, std::string_view id);

}  // namespace ascribe

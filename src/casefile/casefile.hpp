// A case on disk: one SQLite file that holds the verdict, every finding and the bytes behind it, so that it can be read
// and questioned after the evidence has moved.
#pragma once

#include <expected>
#include <string>

#include "model/case.hpp"

namespace ascribe {

/// Whether save_case() could write there now: asked before the evidence is read, which may take hours.
std::expected<void, std::string> can_save_case(const std::string& path);
/// Writes the case to `path` (a temporary file beside it, then rename: no half-written case is ever seen).
std::expected<void, std::string> save_case(const Case&, const std::string& path);
/// Reads it back whole: equal to what was saved, whatever the file (it may be hostile too).
std::expected<Case, std::string> load_case(const std::string& path);

}  // namespace ascribe

// Walks a folder of evidence without following links, in byte order of names, so that every run sees the same list.
#pragma once

#include <expected>
#include <functional>
#include <string>

#include "evidence/opener.hpp"

namespace ascribe {

/// Calls `visit` for every entry below `root` (regular files with an open read-only descriptor that the visitor owns,
/// -1 for links, devices and FIFOs, which are recorded and not opened). Entry.path is relative to root. Files that
/// cannot be opened and folders without rights go to `refuse` with the reason. `root` itself may be a link or a single
/// file. The error's sentence says what could not be opened at all and why.
std::expected<void, std::string> walk(const std::string& root,
                                      const std::function<void(const Entry&, int descriptor)>& visit,
                                      const std::function<void(const Entry&, int error_number)>& refuse);

}  // namespace ascribe

// One script from bytes to flows: decoded, cut into its languages, compiled to steps, run on what is known. No verdict;
// that is examine.hpp's.
#pragma once

#include <string_view>

#include "shells/analysis.hpp"
#include "shells/machine/machine.hpp"

namespace ascribe::shells {

/// Never fails: what cannot be read or costs too much is named in Analysis::limits. `path` only decides where the
/// content does not.
Analysis analyse(std::string_view path, std::string_view bytes, const Budget& budget = {});

}  // namespace ascribe::shells

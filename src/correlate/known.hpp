// What the analyst declared their own.
#pragma once

#include <vector>

#include "model/finding.hpp"
#include "model/intel.hpp"

namespace ascribe {

/// Lowers to scan notes what is known: kept, shown, and no alarm.
void accept_known(std::vector<Finding>& findings, const Known& known);

}  // namespace ascribe

// Does the evidence still match what its collector sealed?
#pragma once

#include "model/case.hpp"

namespace ascribe {

/// Compares every hash a collector noted (Facts) with the artefact's own. Each mismatch becomes damage; true when any.
bool check_custody(Case& investigated);

}  // namespace ascribe

// Whether one build contains the fix of one vulnerability.
#pragma once

#include <cstdint>
#include <string>

#include "model/intel.hpp"

namespace ascribe {

enum class Fix : std::uint8_t {
    not_affected,  // the vulnerability is none of this product
    missing,
    by_update,  // a security update of this cumulative update has it
    by_base,    // the cumulative update had it from its release
    cannot_tell,
};

struct FixOf {
    Fix fix = Fix::cannot_tell;
    std::string reason;  // a clause: "build 15.1.2106.2 is older than 15.1.2106.13, the first fixed build of CU18"
};

/// The build decides alone here; whether a build *can* decide (Vulnerability::build_decides) is the caller's business.
FixOf fix_in(const Build& build, const Vulnerability& vulnerability, const Intel& intel);

}  // namespace ascribe

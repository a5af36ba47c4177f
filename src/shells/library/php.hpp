// PHP's tables, by what their functions are about.
#pragma once

#include <span>

#include "shells/library/library.hpp"

namespace ascribe::shells {

extern const std::span<const Entry> kPhpArrays, kPhpEncodings, kPhpFormats, kPhpIterators, kPhpObjects, kPhpPatterns,
    kPhpScript, kPhpSets, kPhpSystem, kPhpText;

}  // namespace ascribe::shells

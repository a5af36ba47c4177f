// PHP's tables, by what their functions are about.
#pragma once

#include <span>
#include <string_view>

#include "shells/library/library.hpp"

namespace ascribe::shells {

/// What __FILE__ is taken for: where a script lies is not known to it here.
inline constexpr std::string_view kOwnFile = "/script.php";

extern const std::span<const Entry> kPhpArrays, kPhpConstants, kPhpEncodings, kPhpFormats, kPhpIterators, kPhpObjects,
    kPhpPatterns, kPhpScript, kPhpSets, kPhpSystem, kPhpText;

}  // namespace ascribe::shells

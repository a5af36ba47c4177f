// PHP's tables, by what their functions are about.
#pragma once

#include <span>
#include <string_view>

#include "shells/library/library.hpp"

namespace ascribe::shells {

/// As type_as_declared, for the types of PHP.
std::string_view php_type(std::string_view declared);

/// What __FILE__ is taken for: where a script lies is not known to it here.
inline constexpr std::string_view kOwnFile = "/script.php";

extern const std::span<const Entry> kPhpAddresses, kPhpArrays, kPhpConstants, kPhpEncodings, kPhpFiles, kPhpFormats,
    kPhpFrameworks, kPhpIterators, kPhpObjects, kPhpPatterns, kPhpScript, kPhpServices, kPhpSets, kPhpSystem, kPhpText,
    kPhpWordpress, kPhpWriters;

/// Whether a server would run a file of that name, or read it as a setting of its own.
bool ends_as_script(std::string_view path);

}  // namespace ascribe::shells

// Values for placeholders, as the user lists them: a map of name to list in YAML or JSON.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "detect/sigma/rule.hpp"

namespace ascribe::sigma {

/// The error names the file and what is wrong.
std::expected<Placeholders, std::string> read_placeholders(std::string_view yaml, const std::string& file);

}  // namespace ascribe::sigma

#pragma once

#include <string_view>

#include "shells/program.hpp"

namespace ascribe::shells {

/// A whole file, with its markup and tags.
Program compile_php(std::string_view text, Span where);
/// What eval runs: code without a tag.
Program compile_php_code(std::string_view text, Span where);

}  // namespace ascribe::shells

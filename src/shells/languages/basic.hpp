// The front end for the Basic family: VBScript and VB.NET, one grammar with two temperaments.
#pragma once

#include "shells/languages/front_end.hpp"

namespace ascribe::shells {

Program compile_basic(std::string_view text, Span where, Language language);
/// Text that is evaluated: the value of its last expression is what it gives.
Program compile_basic_code(std::string_view text, Span where, Language language);

}  // namespace ascribe::shells

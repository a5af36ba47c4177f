// A case as bytes, made of the field list.
#pragma once

#include <string>

#include "base/result.hpp"
#include "model/case.hpp"

namespace ascribe {

/// The case without its citations.
std::string pack(const Case& investigated);
/// The same back; every count, text and enumeration is checked, because a case file may be hostile.
Result<Case> unpack(std::string_view bytes);

}  // namespace ascribe

// The condition of a rule: "selection and not 1 of filter_*".
#pragma once

#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "detect/sigma/rule.hpp"

namespace ascribe::sigma {

/// The root's index in `nodes`; `names` are the searches already there. The error is a sentence.
std::expected<std::uint32_t, std::string> parse_condition(std::string_view text,
                                                          const std::map<std::string, std::uint32_t>& names,
                                                          std::vector<Node>& nodes);

}  // namespace ascribe::sigma

// From "CommandLine|contains|all: [...]" to an Item: the modifiers of the specification, in chains.
// https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-appendix-modifiers.md
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "detect/sigma/rule.hpp"

namespace ascribe::sigma {

/// A value as YAML has it: nothing, or text (numbers and booleans as text too).
using Scalar = std::optional<std::string>;

/// `key` is the field with its modifiers. The error is a sentence that names the modifier.
std::expected<Item, std::string> make_item(std::string_view key, const std::vector<Scalar>& values,
                                           const Placeholders& placeholders);

/// Whether a field's text, or the part of its time, is what a value says that no pattern of text or other field
/// decides.
bool is_met(const Value& value, TimePart part, std::string_view text);

/// 12, -1.5 or 0x1F; nothing for anything else.
std::optional<double> number_in(std::string_view text);
/// The value of a part of a time, UTC: hour 0..23, day of the month 1..31, ISO week 1..53; nothing when it is no time.
std::optional<double> time_part(std::string_view text, TimePart part);

}  // namespace ascribe::sigma

// Texts made by a format, as several languages have them.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "shells/machine/value.hpp"

namespace ascribe::shells {

/// A number's digits, in small letters. base: from 2 to 36
std::string in_base(double number, int base);

/// printf of C, with PHP's positions (%2$s); nothing where a value is not constant.
/// https://www.php.net/manual/en/function.sprintf.php
std::optional<std::string> printed(std::string_view format, std::span<const Value> values);

/// {0}, {}, {name}: Python's str.format; how a value is to look is passed over. `named`: the value of a name, null when
/// there is none. https://docs.python.org/3/library/string.html#formatstrings
std::optional<std::string> braced(std::string_view format, std::span<const Value> values,
                                  const std::function<const Value*(std::string_view)>& named);

}  // namespace ascribe::shells

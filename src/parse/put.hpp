// A value of a text log goes into its column.
#pragma once

#include <string_view>

#include "model/record.hpp"

namespace ascribe {

/// Unless it is empty or "-", which is how web servers write that they have none.
inline void put(Cell& cell, std::string_view text) {
    if (!text.empty() && text != "-") cell = text;
}

}  // namespace ascribe

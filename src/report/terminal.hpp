// The verdict on a terminal: the sentence first, then the block of facts. 80 columns; words and shapes besides colour.
#pragma once

#include <string>

#include "model/case.hpp"

namespace ascribe {

enum class Colour : bool { off, on };
enum class Bars : bool { off, on };  // Unicode bars; off when output is not a terminal

std::string write_terminal(const Case&, Colour, Bars);

}  // namespace ascribe

// Every parser, in the order in which ties of `claim` are won.
#pragma once

#include "model/stage.hpp"

namespace ascribe {

std::span<const Parser> parsers();

}  // namespace ascribe

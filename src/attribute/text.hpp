// The answer for a thread as a page for an analyst: three propositions (one intruder, which actor, who is behind it),
// the actors, the matrix of evidence in decibans, what carries the answer and what would change it.
#pragma once

#include <string>

#include "model/attribution.hpp"
#include "model/yardstick.hpp"

namespace ascribe {

/// For a terminal, with words of that scale; evidence text is made visible.
std::string page_of(const ThreadAttribution& answer, Scale scale);

}  // namespace ascribe

// What settles it whatever the platform: the lists hold too few shells of CFML, Perl and Python to learn it there.
#pragma once

#include <optional>
#include <string_view>

#include "shells/analysis.hpp"

namespace ascribe::shells {

struct Decisive {
    std::string_view sentence;   // for a person
    std::optional<Place> place;  // where it shows
};

/// The first that holds; nothing when none does. judge.cpp adds to the score for it, and script/train-shells the same.
std::optional<Decisive> decisive_of(const Analysis& analysis);

}  // namespace ascribe::shells

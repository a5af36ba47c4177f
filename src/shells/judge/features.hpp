// What the model sees of a script: named numbers, each a property of what the script does, how it hides it and what it
// is made of. None is a name, a text or a hash of any known file. The vector is sparse: what is absent is zero.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shells/analysis.hpp"

namespace ascribe::shells {

struct Feature {
    std::string name;  // "flow.code.visitor"
    double value = 0;
    std::optional<Place> place;  // where it shows first
};

/// Ascending by name, each name once.
std::vector<Feature> features_of(const Analysis& analysis);

/// A sentence for a person about the feature called `name` with this value.
std::string describe(std::string_view name, double value);

}  // namespace ascribe::shells

// Whether a loop gets anywhere: what places hold that is known, as sums.
#pragma once

#include <cstdint>

#include "shells/machine/value.hpp"

namespace ascribe::shells {

/// A value replaced by another changes both sums by the difference, so that what a round of a loop did and undid again
/// is no change. Unknown values count nothing: a loop that goes on storing them learns nothing.
struct Ledger {
    std::uint64_t values = 0;  // of a hash of each value
    std::int64_t bytes = 0;    // of texts, and one for each other value

    void add(const Value& value);
    void remove(const Value& value);
    /// `within`: an item of a list or a letter of a text. A loop may replace one after the other by another text: each
    /// counts a byte.
    void replace(const Value& before, const Value& after, bool within);

    friend Ledger operator+(const Ledger& a, const Ledger& b) {
        return {.values = a.values + b.values, .bytes = a.bytes + b.bytes};
    }
};

}  // namespace ascribe::shells

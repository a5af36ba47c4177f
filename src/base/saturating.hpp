// Sums of counts that other processes sent. A worker may be in the intruder's hands and say any number; a sum that no
// log reaches stays at the top instead of beginning anew at nothing.
#pragma once

#include <concepts>
#include <limits>
#include <type_traits>

namespace ascribe {

template <std::unsigned_integral Count>
constexpr void add_up(Count& sum, std::type_identity_t<Count> more) {
    constexpr auto kMost = std::numeric_limits<Count>::max();
    sum = more > kMost - sum ? kMost : static_cast<Count>(sum + more);
}

}  // namespace ascribe

// Words for probabilities: the UK Professional Head of Intelligence Assessment yardstick (gov.uk, 24 March 2025).
#pragma once

#include <string_view>

namespace ascribe {

/// The published bands leave gaps on purpose; a machine's number in a gap takes the word of the nearer band, so the
/// edges are the gaps' midpoints: 7.5, 22.5, 37.5, 52.5, 77.5, 92.5 %.
constexpr std::string_view yardstick(double probability) {
    return probability < 0.075   ? "a remote chance"
           : probability < 0.225 ? "highly unlikely"
           : probability < 0.375 ? "unlikely"
           : probability < 0.525 ? "a realistic possibility"
           : probability < 0.775 ? "likely"
           : probability < 0.925 ? "highly likely"
                                 : "almost certain";
}

}  // namespace ascribe

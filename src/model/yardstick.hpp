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

/// The words of the US Intelligence Community Directive 203 (first row of its table). The two scales are never mixed.
constexpr std::string_view icd203(double probability) {
    return probability < 0.05   ? "almost no chance"
           : probability < 0.20 ? "very unlikely"
           : probability < 0.45 ? "unlikely"
           : probability < 0.55 ? "a roughly even chance"
           : probability < 0.80 ? "likely"
           : probability < 0.95 ? "very likely"
                                : "almost certain";
}

enum class Scale : unsigned char { phia, icd203 };
constexpr std::string_view word_of(Scale scale, double probability) {
    return scale == Scale::phia ? yardstick(probability) : icd203(probability);
}
/// The most that is said of an actor on evidence that many actors share, and the probability above which it caps.
constexpr double kNamedFrom = 0.525;
constexpr std::string_view at_most(Scale scale) {
    return scale == Scale::phia ? "a realistic possibility" : "a roughly even chance";
}

}  // namespace ascribe

// From what the logs tell of a page to the probability that it is a shell: a sum of weighted features (features.def).
#pragma once

#include <array>
#include <bitset>
#include <string_view>
#include <vector>

#include "detect/behaviour/features.def"
#include "detect/behaviour/pages.hpp"

namespace ascribe::behaviour {

enum class Feature : std::uint8_t {
#define ASCRIBE_NAME(name, way, used, fetched, unsized, words) name,
    ASCRIBE_FEATURES(ASCRIBE_NAME)
#undef ASCRIBE_NAME
};

/// What a page is judged by: its uses; its looks, when nobody used it; these without the sizes of answers, which the
/// log does not tell.
enum class By : std::uint8_t { used, fetched, unsized };

struct FeatureText {
    std::string_view name;
    std::array<double, 3> weights;  // in the order of By
    std::string_view words;
};
/// In the order of Feature.
std::span<const FeatureText> feature_texts();
inline constexpr std::size_t kFeatures = 0
#define ASCRIBE_COUNT(name, way, used, fetched, unsized, words) +1
    ASCRIBE_FEATURES(ASCRIBE_COUNT)
#undef ASCRIBE_COUNT
    ;
using Features = std::bitset<kFeatures>;

struct JudgedPage {
    std::string_view key, path;  // key: with the site, where the log names one
    const Page* page = nullptr;
    const Doings* doings = nullptr;  // what it is judged by: its uses, or its looks when it has none
    const Misses* misses = nullptr;  // nullptr: never refused
    By by = By::used;
    Features seen;
    double probability = 0;
};

double weight_of(std::size_t feature, By by);
/// What the features seen make of the odds, before any limit.
double probability_of(const Features& seen, By by);

/// Every page that was used, or looked at again and again and never used, and is not the public's, by key. `pages` must
/// be settled and outlive the result.
std::vector<JudgedPage> judge_pages(const Pages& pages);

}  // namespace ascribe::behaviour

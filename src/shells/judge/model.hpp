// The verdict's arithmetic: boosted decision trees over features, trained in the open by script/train-shells, kept as
// data in intel/shells/model.tsv and evaluated here. Their sum is log odds; each feature's share of it is what the sum
// moves by at the nodes that ask for it, so that the shares and the bias add up to the sum exactly.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shells/judge/features.hpp"

namespace ascribe::shells {

struct Share {
    std::size_t feature;  // index in Model::features
    double weight;        // log odds
};

class Model {
public:
    /// Reads model.tsv; the error is a sentence.
    static std::expected<Model, std::string> read(std::string_view text);

    struct Score {
        double raw = 0;          // log odds before calibration
        double probability = 0;  // calibrated on files that the trees had not seen
        std::vector<Share> shares;
    };
    Score score(std::span<const Feature> features) const;
    /// The probability that goes with a raw score.
    double calibrated(double raw) const;
    std::span<const std::string> features() const { return features_; }
    /// The score of a script of which nothing is known.
    double bias() const { return bias_; }
    /// At or above these raw scores a script of the platform is called so. They differ because budgets of false alarms
    /// and what is usual do.
    struct Thresholds {
        double malicious = 1e3, suspicious = 1e3;
    };
    Thresholds thresholds(Platform platform) const { return thresholds_[static_cast<std::size_t>(platform)]; }

private:
    struct Node {
        std::int32_t feature = -1;  // -1: a leaf
        double threshold = 0;       // left where value <= threshold
        std::uint32_t left = 0, right = 0;
        double value = 0;  // log odds, mean of the training files that came here
    };
    struct Knot {
        double raw, probability;
    };
    std::vector<std::string> features_;
    std::vector<std::vector<Node>> trees_;
    std::vector<Knot> knots_;  // ascending; linear between
    std::array<Thresholds, static_cast<std::size_t>(Platform::unknown) + 1> thresholds_{};
    double bias_ = 0;
};

/// The model compiled in.
const Model& builtin_model();

}  // namespace ascribe::shells

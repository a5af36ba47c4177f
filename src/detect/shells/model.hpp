// The verdict's arithmetic: boosted decision trees over features, trained in the open by script/train-shells, kept as
// data in intel/shells/model.tsv and evaluated here. Their sum is log odds; each feature's share of it is what the sum
// moves by at the nodes that ask for it, so that the shares and the bias add up to the sum exactly.
#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "detect/shells/features.hpp"

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
    std::span<const std::string> features() const { return features_; }
    double bias() const { return bias_; }
    /// At or above these probabilities a script is called so.
    double malicious() const { return malicious_; }
    double suspicious() const { return suspicious_; }

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
    double calibrated(double raw) const;

    std::vector<std::string> features_;
    std::vector<std::vector<Node>> trees_;
    std::vector<Knot> knots_;  // ascending; linear between
    double bias_ = 0, malicious_ = 1, suspicious_ = 1;
};

/// The model compiled in.
const Model& builtin_model();

}  // namespace ascribe::shells

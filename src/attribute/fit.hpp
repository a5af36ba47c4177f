// Weights from examples: conditional logit (one choice among many, with terms for each), fitted by Newton's method. The
// loss is convex, so the result does not depend on a seed; the same examples give the same bits.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace ascribe {

struct Choice {
    std::vector<double> terms;   // a row of `width` for each alternative
    std::vector<char> possible;  // by alternative
    std::size_t chosen = 0;
    double weight = 1;
};

/// `penalty`: of the squared weights, in units in which every term has the same mean size.
std::vector<double> fit(std::span<const Choice* const> choices, std::size_t width, double penalty);

/// Probability of each alternative, those not possible zero.
std::vector<double> probabilities(const Choice& choice, std::span<const double> weights);

}  // namespace ascribe

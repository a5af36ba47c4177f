#include "attribute/fit.hpp"

#include <algorithm>
#include <cmath>

namespace ascribe {
namespace {

/// Enough for convergence from zero, which takes about a dozen.
constexpr int kSteps = 60;
constexpr double kEnough = 1e-10;

/// Solves a x = b for a symmetric positive definite a (Cholesky); b becomes x.
void solve(std::vector<double> a, std::vector<double>& b) {
    std::size_t n = b.size();
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j <= i; ++j) {
            double sum = a[i * n + j];
            for (std::size_t k = 0; k < j; ++k) sum -= a[i * n + k] * a[j * n + k];
            a[i * n + j] = i == j ? std::sqrt(std::max(sum, 1e-12)) : sum / a[j * n + j];
        }
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t k = 0; k < i; ++k) b[i] -= a[i * n + k] * b[k];
        b[i] /= a[i * n + i];
    }
    for (std::size_t i = n; i-- > 0;) {
        for (std::size_t k = i + 1; k < n; ++k) b[i] -= a[k * n + i] * b[k];
        b[i] /= a[i * n + i];
    }
}

struct Slope {
    double loss = 0;
    std::vector<double> gradient, curvature;
};

Slope slope_at(std::span<const Choice* const> choices, std::span<const double> scaled, std::span<const double> sizes,
               double penalty, bool whole) {
    std::size_t n = scaled.size();
    std::vector<double> weights(n);
    for (std::size_t k = 0; k < n; ++k) weights[k] = scaled[k] / sizes[k];
    Slope slope{.loss = 0, .gradient = std::vector<double>(n), .curvature = std::vector<double>(whole ? n * n : 0)};
    double total = 0;
    std::vector<double> mean(n);
    for (const Choice* choice : choices) {
        auto p = probabilities(*choice, weights);
        total += choice->weight;
        slope.loss -= choice->weight * std::log(std::max(p[choice->chosen], 1e-300));
        if (!whole) continue;
        std::ranges::fill(mean, 0);
        for (std::size_t a = 0; a < p.size(); ++a) {
            if (choice->possible[a] == 0) continue;
            const double* row = &choice->terms[a * n];
            for (std::size_t k = 0; k < n; ++k) {
                double term = row[k] / sizes[k];
                mean[k] += p[a] * term;
                slope.gradient[k] += choice->weight * (p[a] - (a == choice->chosen ? 1 : 0)) * term;
                for (std::size_t l = 0; l <= k; ++l)
                    slope.curvature[k * n + l] += choice->weight * p[a] * term * row[l] / sizes[l];
            }
        }
        for (std::size_t k = 0; k < n; ++k)
            for (std::size_t l = 0; l <= k; ++l) slope.curvature[k * n + l] -= choice->weight * mean[k] * mean[l];
    }
    slope.loss /= total;
    for (std::size_t k = 0; k < n; ++k) {
        slope.loss += penalty / 2 * scaled[k] * scaled[k];
        if (!whole) continue;
        slope.gradient[k] = slope.gradient[k] / total + penalty * scaled[k];
        for (std::size_t l = 0; l <= k; ++l) slope.curvature[k * n + l] /= total;
        slope.curvature[k * n + k] += penalty + 1e-6;
    }
    return slope;
}

}  // namespace

std::vector<double> probabilities(const Choice& choice, std::span<const double> weights) {
    std::vector<double> p(choice.possible.size());
    double most = -1e300, sum = 0;
    for (std::size_t a = 0; a < p.size(); ++a) {
        if (choice.possible[a] == 0) continue;
        for (std::size_t k = 0; k < weights.size(); ++k) p[a] += choice.terms[a * weights.size() + k] * weights[k];
        most = std::max(most, p[a]);
    }
    for (std::size_t a = 0; a < p.size(); ++a) {
        p[a] = choice.possible[a] == 0 ? 0 : std::exp(p[a] - most);
        sum += p[a];
    }
    for (double& one : p) one /= sum;
    return p;
}

std::vector<double> fit(std::span<const Choice* const> choices, std::size_t width, double penalty) {
    std::vector<double> sizes(width, 1e-9), weights(width);
    double rows = 0;
    for (const Choice* choice : choices)
        for (std::size_t a = 0; a < choice->possible.size(); ++a) {
            if (choice->possible[a] == 0) continue;
            ++rows;
            for (std::size_t k = 0; k < width; ++k) sizes[k] += std::abs(choice->terms[a * width + k]);
        }
    for (double& size : sizes) size = size / std::max(rows, 1.0) + 1e-9;
    for (int step = 0; step < kSteps; ++step) {
        auto slope = slope_at(choices, weights, sizes, penalty, true);
        auto direction = slope.gradient;
        solve(slope.curvature, direction);
        double length = 1, gained = 0;
        for (; length > 1e-7; length /= 2) {
            auto tried = weights;
            for (std::size_t k = 0; k < width; ++k) tried[k] -= length * direction[k];
            gained = slope.loss - slope_at(choices, tried, sizes, penalty, false).loss;
            if (gained < 0) continue;
            weights = std::move(tried);
            break;
        }
        if (length <= 1e-7 || gained < kEnough) break;
    }
    for (std::size_t k = 0; k < width; ++k) weights[k] /= sizes[k];
    return weights;
}

}  // namespace ascribe

#include "attribute/evaluate.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <set>
#include <thread>

#include "attribute/fit.hpp"
#include "attribute/terms.hpp"
#include "model/yardstick.hpp"

namespace ascribe {
namespace {

constexpr std::size_t kFolds = 5;
/// Chosen on the four splits together among 0.003, 0.01, 0.02 and 0.03; all are within noise of each other.
constexpr double kPenalty = 0.02;
/// Of the simpler model that is compared with: log ratios, cosine and report count, as published for this data.
constexpr double kBaselinePenalty = 0.001;
/// Share of incidents whose actor is taken to be unknown, as in the guide's open-set measurement.
constexpr double kUnknownShare = 0.3;
constexpr int kHalfYear = 180;
constexpr int kResamples = 1000;
/// A group must have this many items left to be an answer that could be found.
constexpr int kLeastProfile = 3;

/// The baseline's terms: log ratios of four kinds of items, three of them damped too, report count, cosine.
constexpr std::size_t kBaselineTerms = 9;

std::vector<bool> visible_for(const AttackKnowledge& knowledge, const Example& example, Split split, bool drop_group) {
    std::vector<bool> visible(knowledge.accounts.size(), true);
    for (std::size_t i = 0; i < visible.size(); ++i) {
        const AttackAccount& account = knowledge.accounts[i];
        const AttackReport& report = knowledge.reports[account.report];
        bool hide = report.key == example.report || (drop_group && account.group == example.group);
        if (split != Split::own_report) {
            Day day = example.observation.day.value();
            if (split == Split::own_half_year)
                hide =
                    hide || (account.group == example.group && report.day && std::abs(*report.day - day) <= kHalfYear);
            else
                hide = hide || !report.day || *report.day >= day - (split == Split::earlier_gap ? kHalfYear : 0);
        }
        visible[i] = !hide;
    }
    return visible;
}

/// Terms of the baseline from the same view: see attribute/terms.cpp for what the ratios are.
std::vector<double> baseline_terms(const View& view, const Observation& observation) {
    const AttackKnowledge& knowledge = view.knowledge();
    std::size_t groups = knowledge.groups.size();
    std::vector<double> out(groups * kBaselineTerms);
    std::set<std::string_view> parents;
    double software = 0, norm = 0;
    for (auto item : observation.items) {
        if (knowledge.items[item].sub_technique()) parents.insert(knowledge.items[item].parent());
        software += knowledge.items[item].software() ? 1 : 0;
        norm += view.rarity(item) * view.rarity(item);
    }
    double damping = std::sqrt(static_cast<double>(std::max<std::size_t>(observation.items.size(), 1)));
    for (std::size_t group = 0; group < groups; ++group) {
        double* row = &out[group * kBaselineTerms];
        double weight = view.group_weight(group);
        for (auto index : observation.items) {
            const AttackItem& item = knowledge.items[index];
            double background = std::min((view.count(index) + 0.5) / (view.total_weight() + 1), 0.95);
            double ratio =
                std::log(std::min((view.count(group, index) + background) / (weight + 1), 0.98) / background);
            std::size_t kind = item.software() ? 3 : item.sub_technique() ? 1 : parents.contains(item.id) ? 2 : 0;
            row[kind] += ratio;
            if (view.count(group, index) > 0) row[8] += view.rarity(index) * view.rarity(index);
        }
        row[4] = std::log(weight + 0.25);
        row[5] = row[0] / damping;
        row[6] = row[1] / damping;
        row[7] = row[3] / std::sqrt(std::max(software, 1.0));
        row[8] /= std::max(view.group_norm(group), 1e-9) * std::max(std::sqrt(norm), 1e-9);
    }
    return out;
}

/// One example seen from one view, ready to be fitted. The last alternative is "other".
struct Case {
    std::size_t group = 0;
    Choice ours, baseline;
};
constexpr std::size_t kWidth = kTerms + kOtherTerms;

Case make_case(const View& view, const Example& example, bool drop_group) {
    std::size_t groups = view.knowledge().groups.size();
    Comparison comparison(view, example.observation);
    Case out{.group = example.group, .ours = {}, .baseline = {}};
    out.ours.terms.resize((groups + 1) * kWidth);
    for (std::size_t group = 0; group < groups; ++group) {
        out.ours.possible.push_back(comparison.alive(group) ? 1 : 0);
        std::ranges::copy(comparison.terms()[group],
                          out.ours.terms.begin() + static_cast<std::ptrdiff_t>(group * kWidth));
    }
    std::ranges::copy(comparison.other(),
                      out.ours.terms.begin() + static_cast<std::ptrdiff_t>(groups * kWidth + kTerms));
    out.ours.chosen = drop_group ? groups : example.group;
    if (!drop_group) {
        out.baseline.terms = baseline_terms(view, example.observation);
        out.baseline.possible = out.ours.possible;
        out.baseline.chosen = example.group;
    }
    out.ours.possible.push_back(1);
    return out;
}

/// All examples from all views, and once more with their group taken out of the knowledge, in the same order.
struct Cases {
    std::array<std::vector<Case>, kSplits> known, dropped;
};
/// How much each view counts in the fit: the plain question twice as much as the three harder ones together, which all
/// are the same incidents again.
constexpr std::array<double, kSplits> kViewWeights = {6, 1, 1, 1};

Cases cases_of(const AttackKnowledge& knowledge, const std::vector<Example>& examples) {
    Cases out;
    for (std::size_t i = 0; i < kSplits; ++i)
        for (const Example& example : examples) {
            auto split = static_cast<Split>(i);
            if (split != Split::own_report && !example.observation.day) continue;
            View view(knowledge, visible_for(knowledge, example, split, false));
            if (view.profile(example.group) < kLeastProfile) continue;
            out.known[i].push_back(make_case(view, example, false));
            View less(knowledge, visible_for(knowledge, example, split, true));
            out.dropped[i].push_back(make_case(less, example, true));
        }
    for (std::size_t i = 0; i < kSplits; ++i) {
        double each = kViewWeights[i] / static_cast<double>(std::max<std::size_t>(out.known[i].size(), 1));
        for (Case& one : out.known[i]) one.ours.weight = (1 - kUnknownShare) * each;
        for (Case& one : out.dropped[i]) one.ours.weight = kUnknownShare * each;
    }
    return out;
}

using Predictions = std::vector<std::vector<double>>;

/// The fold of each group, so that all of a group's incidents are in the same.
std::vector<std::size_t> folds_of(const AttackKnowledge& knowledge) {
    std::vector<std::size_t> folds(knowledge.groups.size());
    for (std::size_t i = 0; i < folds.size(); ++i) folds[i] = i % kFolds;
    std::mt19937 random(3);
    for (std::size_t i = folds.size(); i > 1; --i) std::swap(folds[i - 1], folds[random() % i]);
    return folds;
}

std::vector<double> fit_all(const Cases& cases, const std::vector<std::size_t>& folds, std::size_t but) {
    std::vector<const Choice*> choices;
    auto take = [&](const std::vector<Case>& list) {
        for (const Case& each : list)
            if (folds[each.group] != but) choices.push_back(&each.ours);
    };
    for (const auto& known : cases.known) take(known);
    for (const auto& dropped : cases.dropped) take(dropped);
    return fit(choices, kWidth, kPenalty);
}

/// Every case judged with weights fitted to the other folds' groups: one set of weights for all views, as shipped.
struct Judged {
    std::array<Predictions, kSplits> known;
    Predictions dropped;
};

Judged judge_all(const Cases& cases, const std::vector<std::size_t>& folds) {
    Judged out;
    std::array<std::vector<double>, kFolds> weights;
    {
        std::vector<std::jthread> pool;
        for (std::size_t fold = 0; fold < kFolds; ++fold)
            pool.emplace_back([&, fold] { weights[fold] = fit_all(cases, folds, fold); });
    }
    for (std::size_t i = 0; i < kSplits; ++i)
        for (const Case& each : cases.known[i])
            out.known[i].push_back(probabilities(each.ours, weights[folds[each.group]]));
    for (const Case& each : cases.dropped[0])
        out.dropped.push_back(probabilities(each.ours, weights[folds[each.group]]));
    return out;
}

/// The baseline has weights of its own for each view.
Predictions judge_baseline(const std::vector<Case>& cases, const std::vector<std::size_t>& folds) {
    Predictions out(cases.size());
    for (std::size_t fold = 0; fold < kFolds; ++fold) {
        std::vector<const Choice*> others;
        for (const Case& each : cases)
            if (folds[each.group] != fold) others.push_back(&each.baseline);
        if (others.empty()) continue;
        auto weights = fit(others, kBaselineTerms, kBaselinePenalty);
        for (std::size_t i = 0; i < cases.size(); ++i)
            if (folds[cases[i].group] == fold) out[i] = probabilities(cases[i].baseline, weights);
    }
    return out;
}

/// Among known actors only: what remains when "other" is ruled out.
Predictions closed(Predictions open) {
    for (auto& p : open) {
        double rest = 1 - p.back();
        p.pop_back();
        for (double& each : p) each /= std::max(rest, 1e-12);
    }
    return open;
}

double loss_of(const std::vector<double>& p, std::size_t chosen) { return -std::log(std::max(p[chosen], 1e-12)); }

Accuracy accuracy_of(const Predictions& predictions, const std::vector<Case>& cases) {
    Accuracy out{.incidents = cases.size()};
    std::array<double, 10> count{}, sum{}, hits{};
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const auto& p = predictions[i];
        auto own = p[cases[i].group];
        auto better = std::ranges::count_if(p, [&](double each) { return each > own; });
        out.top1 += better < 1 ? 1 : 0;
        out.top3 += better < 3 ? 1 : 0;
        out.top10 += better < 10 ? 1 : 0;
        out.log_loss += loss_of(p, cases[i].group);
        double squares = std::inner_product(p.begin(), p.end(), p.begin(), 0.0);
        out.brier += squares - 2 * own + 1;
        double top = *std::ranges::max_element(p);
        auto bin = std::min<std::size_t>(static_cast<std::size_t>(top * 10), 9);
        count[bin] += 1;
        sum[bin] += top;
        hits[bin] += better < 1 ? 1 : 0;
    }
    auto n = static_cast<double>(std::max<std::size_t>(cases.size(), 1));
    for (double* value : {&out.top1, &out.top3, &out.top10, &out.log_loss, &out.brier}) *value /= n;
    for (std::size_t bin = 0; bin < count.size(); ++bin) out.calibration_error += std::abs(hits[bin] - sum[bin]) / n;
    return out;
}

/// Wilson's interval for a share, 95 %.
void wilson(double right, double all, double& from, double& to) {
    if (all == 0) return;
    constexpr double z = 1.96;
    double share = right / all, scale = 1 + z * z / all;
    double middle = (share + z * z / (2 * all)) / scale;
    double half = z * std::sqrt(share * (1 - share) / all + z * z / (4 * all * all)) / scale;
    from = middle - half;
    to = middle + half;
}

std::vector<Band> bands_of(const Predictions& predictions, const std::vector<Case>& cases) {
    std::vector<Band> bands;
    for (double middle : {0.03, 0.15, 0.3, 0.45, 0.65, 0.85, 0.97}) bands.push_back({.word = yardstick(middle)});
    for (std::size_t i = 0; i < cases.size(); ++i) {
        auto top = std::ranges::max_element(predictions[i]);
        auto band = std::ranges::find(bands, yardstick(*top), &Band::word);
        ++band->incidents;
        band->mean += *top;
        if (static_cast<std::size_t>(top - predictions[i].begin()) == cases[i].group) ++band->right;
    }
    for (Band& band : bands) {
        if (band.incidents > 0) band.mean /= static_cast<double>(band.incidents);
        wilson(static_cast<double>(band.right), static_cast<double>(band.incidents), band.from, band.to);
    }
    return bands;
}

SplitResult evaluate_split(Split split, const std::vector<Case>& cases, const Predictions& open,
                           const std::vector<std::size_t>& folds) {
    SplitResult out{.split = split, .ours = {}, .baseline = {}, .bands = {}};
    auto our = closed(open);
    auto its = judge_baseline(cases, folds);
    out.ours = accuracy_of(our, cases);
    out.baseline = accuracy_of(its, cases);
    out.bands = bands_of(our, cases);
    std::vector<double> gains;
    std::mt19937 random(7);
    for (int sample = 0; sample < kResamples && !cases.empty(); ++sample) {
        double gain = 0;
        for (std::size_t k = 0; k < cases.size(); ++k) {
            auto i = random() % cases.size();
            gain += loss_of(its[i], cases[i].group) - loss_of(our[i], cases[i].group);
        }
        gains.push_back(gain / static_cast<double>(cases.size()));
    }
    std::ranges::sort(gains);
    if (!gains.empty()) out.gain_from = gains[kResamples / 40], out.gain_to = gains[kResamples - 1 - kResamples / 40];
    return out;
}

void evaluate_open(const std::vector<Case>& cases, const Predictions& known, const Predictions& dropped,
                   Evaluation& out) {
    std::size_t n = cases.size();
    double above = 0;
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t k = 0; k < n; ++k) {
            double with = known[i].back(), taken_out = dropped[k].back();
            above += taken_out > with ? 1 : taken_out == with ? 0.5 : 0;
        }
    out.other_auroc = n == 0 ? 0 : above / static_cast<double>(n * n);
    auto best = [](const std::vector<double>& p) { return std::max_element(p.begin(), p.end() - 1); };
    for (double threshold : {0.525, 0.775, 0.925}) {
        Naming naming{.threshold = threshold, .known = n};
        for (std::size_t i = 0; i < n; ++i) {
            auto top = best(known[i]);
            if (*top >= threshold) {
                ++naming.named;
                naming.right += static_cast<std::size_t>(top - known[i].begin()) == cases[i].group ? 1 : 0;
            }
            naming.unknown_named += *best(dropped[i]) >= threshold ? 1 : 0;
        }
        double right = static_cast<double>(naming.right) * (1 - kUnknownShare);
        double all = static_cast<double>(naming.named) * (1 - kUnknownShare) +
                     static_cast<double>(naming.unknown_named) * kUnknownShare;
        naming.precision = all == 0 ? 0 : right / all;
        wilson(right, all, naming.from, naming.to);
        out.naming.push_back(naming);
    }
}

}  // namespace

std::string_view to_string(Split split) {
    switch (split) {
        case Split::own_report: return "own report hidden";
        case Split::own_half_year: return "own reports within 180 days hidden";
        case Split::earlier: return "only earlier reports";
        case Split::earlier_gap: return "only reports 180 days earlier";
    }
    return "";
}

Evaluation evaluate(const AttackKnowledge& knowledge, const std::vector<Example>& examples) {
    Evaluation out;
    auto cases = cases_of(knowledge, examples);
    auto folds = folds_of(knowledge);
    auto judged = judge_all(cases, folds);
    for (std::size_t i = 0; i < kSplits; ++i)
        out.splits.push_back(evaluate_split(static_cast<Split>(i), cases.known[i], judged.known[i], folds));
    evaluate_open(cases.known[0], judged.known[0], judged.dropped, out);
    return out;
}

AttributionWeights fit_weights(const AttackKnowledge& knowledge, const std::vector<Example>& examples) {
    auto all = fit_all(cases_of(knowledge, examples), folds_of(knowledge), kFolds);
    return {{all.begin(), all.begin() + kTerms}, {all.begin() + kTerms, all.end()}};
}

}  // namespace ascribe

// How good attribution is, measured as it must be: every incident is judged from what would have been known without its
// own report, with weights fitted to other groups' incidents only.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "attribute/view.hpp"
#include "model/attribution.hpp"

namespace ascribe {

/// An incident whose actor is known.
struct Example {
    Observation observation;
    std::uint32_t group = 0;
    std::string report;  // report_key of where it was told
};

/// What is hidden besides the incident's own report.
enum class Split : std::uint8_t {
    own_report,     // nothing
    own_half_year,  // the actor's reports within 180 days
    earlier,        // everything not published before
    earlier_gap,    // everything not published 180 days before
};
inline constexpr std::size_t kSplits = 4;
std::string_view to_string(Split split);

/// Figures of one model on one split.
struct Accuracy {
    std::size_t incidents = 0;
    double top1 = 0, top3 = 0, top10 = 0;  // share with the actor among the first
    double log_loss = 0, brier = 0, calibration_error = 0;
};

/// Of first hypotheses whose probability has a word: how often they were right.
struct Band {
    std::string_view word;
    std::size_t incidents = 0, right = 0;
    double mean = 0, from = 0, to = 0;  // mean probability; Wilson interval, 95 %, of the share that was right
};

/// Our accuracy and the baseline's where the knowledge is without the reports that a split hides.
struct SplitResult {
    Split split;
    Accuracy ours, baseline;
    double gain_from = 0, gain_to = 0;  // 95 % interval of the baseline's log-loss minus ours, paired bootstrap
    std::vector<Band> bands;
};

/// Naming at a threshold, where three of ten incidents are by actors that the knowledge does not have.
struct Naming {
    double threshold = 0;
    std::size_t known = 0, named = 0, right = 0, unknown_named = 0;
    double precision = 0, from = 0, to = 0;
};

/// Accuracy by split, and how well actors that nobody knows are told from those that are.
struct Evaluation {
    std::vector<SplitResult> splits;
    double other_auroc = 0;
    std::vector<Naming> naming;
};

/// Each example judged without its own report, and again without its group. The same for any machine.
Evaluation evaluate(const AttackKnowledge& knowledge, const std::vector<Example>& examples);

/// Weights fitted to all examples, known and with their group taken out of the knowledge.
AttributionWeights fit_weights(const AttackKnowledge& knowledge, const std::vector<Example>& examples);

/// Items that an example must state to be judged: fewer say nothing.
inline constexpr std::size_t kLeastItems = 3;

}  // namespace ascribe

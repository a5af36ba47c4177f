// Who may have done it: scores of all groups and of "other", as probabilities, with the sum behind the first.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "attribute/view.hpp"
#include "intel/names.hpp"
#include "model/attribution.hpp"

namespace ascribe {

/// The weights in intel/attribution.tsv: a name and a number a line. The error names the line.
std::expected<AttributionWeights, std::string> read_weights(std::string_view table);
/// Such a table; the remark is its first line.
std::string write_weights(const AttributionWeights& weights, std::string_view remark);

/// Who is known, what they are called, and how evidence is weighed.
struct AttributionModel {
    AttackKnowledge knowledge;
    AttributionWeights weights;
    ActorNames names;
};
/// attack.tsv, attribution.tsv and names.tsv of that folder; the built-in of each where the folder has none or "" is
/// given.
std::expected<AttributionModel, std::string> load_attribution(const std::string& intel_directory);

/// An observation of these ids (case folded, repeats allowed): parents of sub-techniques are added, ids that the
/// knowledge does not have are listed.
Observation observe(const AttackKnowledge& knowledge, std::string id, const std::vector<std::string>& ids,
                    std::optional<Day> day);

/// What `evidence` adds to a group's score, in nats, at most kExpertCap either way; `doubt` multiplies forgeability.
double expert_nats(const ExpertEvidence& evidence, std::uint32_t group, double doubt = 1);
inline constexpr double kExpertCap = 2.995732273553991;  // ln 20: no judgement may outweigh more until it is measured

/// Probability of one group, with forgeability multiplied by `doubt`.
double probability_of(const View& view, const Observation& observation, const AttributionWeights& weights,
                      std::uint32_t group, double doubt = 1);
/// The observation without the items and expert evidence of these names; parents go with their sub-techniques unless
/// observed by themselves too.
Observation without(const AttackKnowledge& knowledge, const Observation& observation,
                    const std::vector<std::string>& names);

/// Deterministic; under a millisecond for 172 groups and 40 items.
Attribution attribute(const View& view, const Observation& observation, const AttributionWeights& weights);

/// The sum behind the score of any group, in the observation's order: items, expert evidence, and last the
/// kKnownBeforehand lines that no evidence of the case supports.
std::vector<LedgerLine> ledger_of(const View& view, const Observation& observation, const AttributionWeights& weights,
                                  std::uint32_t group);
inline constexpr std::ptrdiff_t kKnownBeforehand = 2;

}  // namespace ascribe

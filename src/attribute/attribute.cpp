#include "attribute/attribute.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "attribute/terms.hpp"
#include "base/result.hpp"
#include "base/text.hpp"
#include "intel/attack.hpp"
#include "intel/files.hpp"
#include "model/yardstick.hpp"

namespace ascribe {
namespace {

/// Software that more groups use than these says little of who it was (guide: commodity is three users and more).
constexpr int kFewUsers = 2;

double score_of(const Terms& terms, const AttributionWeights& weights) {
    double score = 0;
    for (std::size_t i = 0; i < kTerms; ++i) score += terms[i] * weights.terms[i];
    return score;
}

void to_probabilities(Attribution& out) {
    double most = out.other_score;
    for (const Hypothesis& each : out.hypotheses) most = std::max(most, each.score);
    double sum = std::exp(out.other_score - most);
    for (const Hypothesis& each : out.hypotheses) sum += std::exp(each.score - most);
    for (Hypothesis& each : out.hypotheses) each.probability = std::exp(each.score - most) / sum;
    out.other = std::exp(out.other_score - most) / sum;
}

Attribution score(const Comparison& comparison, const View& view, const Observation& observation,
                  const AttributionWeights& weights, double doubt = 1) {
    Attribution out;
    auto other = comparison.other();
    out.other_score = 0;
    for (std::size_t i = 0; i < kOtherTerms; ++i) out.other_score += other[i] * weights.other[i];
    for (std::uint32_t group = 0; group < view.knowledge().groups.size(); ++group) {
        double sum = score_of(comparison.terms()[group], weights);
        for (const ExpertEvidence& evidence : observation.expert) sum += expert_nats(evidence, group, doubt);
        out.hypotheses.push_back({group, sum, 0});
    }
    to_probabilities(out);
    std::ranges::stable_sort(out.hypotheses, std::ranges::greater{}, &Hypothesis::probability);
    return out;
}

/// In the order of the observation; what is known beforehand comes last.
std::vector<LedgerLine> lines_of(const Comparison& comparison, const View& view, const Observation& observation,
                                 const AttributionWeights& weights, std::uint32_t group) {
    std::vector<LedgerLine> lines;
    auto parts = comparison.by_item(group);
    const AttackKnowledge& knowledge = view.knowledge();
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const AttackItem& item = knowledge.items[observation.items[i]];
        int users = view.groups_using(observation.items[i]);
        lines.push_back(
            {item.id,
             fmt::format("{}: {} by this actor, by {} in all", item.name,
                         view.count(group, observation.items[i]) > 0 ? "used" : "not known to be used", users),
             score_of(parts[i], weights)});
    }
    for (const ExpertEvidence& evidence : observation.expert)
        lines.push_back({evidence.item, evidence.what, expert_nats(evidence, group)});
    auto known = [&](Term term, std::string_view what) {
        auto i = static_cast<std::size_t>(term);
        lines.push_back(
            {std::string(to_string(term)), std::string(what), comparison.terms()[group][i] * weights.terms[i]});
    };
    known(Term::activity, "how much was reported of this actor around that time");
    known(Term::outside, "how far outside the years in which it was reported");
    return lines;
}

/// Strongest first, what is known beforehand last.
void sort_lines(std::vector<LedgerLine>& lines) {
    std::stable_sort(lines.begin(), lines.end() - kKnownBeforehand,
                     [](const LedgerLine& a, const LedgerLine& b) { return std::abs(a.nats) > std::abs(b.nats); });
}

/// How far the first hypothesis can be trusted, which is another question than how probable it is: a sentence on it has
/// no word of probability.
void judge(Attribution& out, const View& view, const Observation& observation, const AttributionWeights& weights) {
    const AttackKnowledge& knowledge = view.knowledge();
    auto leader = out.hypotheses.front();
    double before = leader.probability;
    // Items that tell actors apart: software that few use, this actor among them.
    bool diagnostic = std::ranges::any_of(observation.items, [&](auto item) {
        return knowledge.items[item].software() && view.groups_using(item) <= kFewUsers &&
               view.count(leader.group, item) > 0;
    });
    auto end = out.ledger.end() - kKnownBeforehand;
    auto top = std::ranges::max_element(out.ledger.begin(), end, {}, &LedgerLine::nats);
    if (top != end && top->nats > 0) {
        out.strongest = top->item;
        out.without_strongest =
            probability_of(view, without(knowledge, observation, {top->item}), weights, leader.group);
    }
    for (const ExpertEvidence& evidence : observation.expert)
        diagnostic = diagnostic || (evidence.tells_apart && expert_nats(evidence, leader.group) > 0);
    out.diagnostic = diagnostic;
    if (!diagnostic) {
        out.confidence_reason = "nothing observed is rare enough to tell this actor from others";
    } else if (yardstick(before) != yardstick(out.without_strongest)) {
        out.confidence_reason = fmt::format("it hangs on {} alone", out.strongest);
    } else {
        out.confidence = Soundness::moderate;
        out.confidence_reason = observation.expert.empty()
                                    ? "techniques and software alone were judged, without infrastructure or timing"
                                    : "the weights of timing and indicators are judgements, not measurements";
    }
}

}  // namespace

std::expected<AttributionWeights, std::string> read_weights(std::string_view table) {
    AttributionWeights weights{std::vector<double>(kTerms), std::vector<double>(kOtherTerms)};
    std::set<std::string_view> seen;
    std::size_t number = 0;
    for (auto line : split(table, '\n')) {
        ++number;
        if (line.empty() || line.starts_with('#')) continue;
        auto cells = split(line, '\t');
        double value = 0;
        bool good =
            cells.size() == 2 && std::from_chars(cells[1].data(), cells[1].data() + cells[1].size(), value).ptr ==
                                     cells[1].data() + cells[1].size();
        double* place = nullptr;
        for (std::size_t i = 0; i < kTerms && good; ++i)
            if (cells[0] == to_string(static_cast<Term>(i))) place = &weights.terms[i];
        for (std::size_t i = 0; i < kOtherTerms && good; ++i)
            if (cells[0] == to_string(static_cast<OtherTerm>(i))) place = &weights.other[i];
        if (place == nullptr || !std::isfinite(value) || !seen.insert(cells[0]).second)
            return std::unexpected(fmt::format("attribution.tsv: line {}: no term and its weight", number));
        *place = value;
    }
    if (seen.size() != kTerms + kOtherTerms) return std::unexpected("attribution.tsv: a term is missing");
    return weights;
}

std::string write_weights(const AttributionWeights& weights, std::string_view remark) {
    std::string out = fmt::format("# {}\n", remark);
    for (std::size_t i = 0; i < kTerms; ++i)
        out += fmt::format("{}\t{:.6f}\n", to_string(static_cast<Term>(i)), weights.terms[i]);
    for (std::size_t i = 0; i < kOtherTerms; ++i)
        out += fmt::format("{}\t{:.6f}\n", to_string(static_cast<OtherTerm>(i)), weights.other[i]);
    return out;
}

std::expected<AttributionModel, std::string> load_attribution(const std::string& intel_directory) {
    auto files = builtin_intel_files();
    std::string origin = "builtin";
    if (!intel_directory.empty()) {
        auto given = TRY(read_intel_files(intel_directory));
        if (given.contains("attack.tsv")) origin = intel_directory;
        for (const char* name : {"attack.tsv", "attribution.tsv"})
            if (auto at = given.find(name); at != given.end()) files[name] = std::move(at->second);
    }
    AttributionModel model;
    model.knowledge = TRY(read_attack_table(files["attack.tsv"], origin));
    model.weights = TRY(read_weights(files["attribution.tsv"]));
    model.names = TRY(load_names(intel_directory));
    return model;
}

Observation observe(const AttackKnowledge& knowledge, std::string id, const std::vector<std::string>& ids,
                    std::optional<Day> day) {
    Observation out{.id = std::move(id), .items = {}, .day = day, .unknown = {}};
    std::set<std::uint32_t> items;
    for (const std::string& each : ids) {
        auto item = knowledge.item(each);
        if (!item) {
            out.unknown.push_back(each);
            continue;
        }
        items.insert(*item);
        if (auto parent = knowledge.item(knowledge.items[*item].parent())) items.insert(*parent);
    }
    out.items.assign(items.begin(), items.end());
    return out;
}

double expert_nats(const ExpertEvidence& evidence, std::uint32_t group, double doubt) {
    double ratio = evidence.otherwise, forged = std::min(evidence.forgeability * doubt, 1.0);
    for (const auto& [listed, its] : evidence.ratios)
        if (listed == group) ratio = its;
    return std::clamp(std::log((1 - forged) * ratio + forged), -kExpertCap, kExpertCap);
}

double probability_of(const View& view, const Observation& observation, const AttributionWeights& weights,
                      std::uint32_t group, double doubt) {
    auto out = score(Comparison(view, observation), view, observation, weights, doubt);
    auto at = std::ranges::find(out.hypotheses, group, &Hypothesis::group);
    return at == out.hypotheses.end() ? 0 : at->probability;
}

Observation without(const AttackKnowledge& knowledge, const Observation& observation,
                    const std::vector<std::string>& names) {
    auto out = observation;
    auto named = [&](std::string_view name) { return std::ranges::find(names, name) != names.end(); };
    std::erase_if(out.expert, [&](const ExpertEvidence& evidence) { return named(evidence.item); });
    std::set<std::string_view> orphans;  // parents of what goes
    for (auto item : observation.items)
        if (named(knowledge.items[item].id)) orphans.insert(knowledge.items[item].parent());
    for (auto item : observation.items)
        if (!named(knowledge.items[item].id) && knowledge.items[item].sub_technique())
            orphans.erase(knowledge.items[item].parent());
    std::erase_if(out.items, [&](auto item) {
        const std::string& id = knowledge.items[item].id;
        return named(id) || orphans.contains(id);
    });
    return out;
}

Attribution attribute(const View& view, const Observation& observation, const AttributionWeights& weights) {
    Comparison comparison(view, observation);
    auto out = score(comparison, view, observation, weights);
    if (out.hypotheses.empty()) return out;
    out.ledger = lines_of(comparison, view, observation, weights, out.hypotheses.front().group);
    sort_lines(out.ledger);
    judge(out, view, observation, weights);
    return out;
}

std::vector<LedgerLine> ledger_of(const View& view, const Observation& observation, const AttributionWeights& weights,
                                  std::uint32_t group) {
    return lines_of(Comparison(view, observation), view, observation, weights, group);
}

}  // namespace ascribe

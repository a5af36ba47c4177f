// Who may have done it: probabilities over all known actors and "other", with the arithmetic behind them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/attack.hpp"

namespace ascribe {

/// Evidence outside ATT&CK's counts: when it was done, whose indicators matched. Its ratios are judgements, not
/// measurements, so each is discounted by how easily it is forged or shared, and capped (docs/attribution.md).
struct ExpertEvidence {
    std::string item, what;                                // "timing", "indicator sha256"; in words
    double forgeability = 0;                               // 0..1: chance that it would look the same whoever did it
    double otherwise = 1;                                  // P(evidence | a group not listed) / P(evidence)
    std::vector<std::pair<std::uint32_t, double>> ratios;  // the same by group
    std::vector<std::string> findings;                     // that say so
    bool tells_apart = true;                               // false: too common to name anybody by it
};

/// What was observed of one intruder, in ATT&CK's terms.
struct Observation {
    std::string id;
    std::vector<std::uint32_t>
        items;               // indices of AttackKnowledge::items, ascending, with the parents of sub-techniques
    std::optional<Day> day;  // of the intrusion; actors last reported long before or after are less likely
    std::vector<std::string> unknown;  // ids given that the knowledge does not have
    std::vector<ExpertEvidence> expert = {};
};

/// One line of the sum that is a hypothesis' score, in nats (natural logarithm of a likelihood ratio).
struct LedgerLine {
    std::string item;  // "T1505.003", "S0020"; "activity", "outside" for what is known beforehand
    std::string what;  // in words
    double nats = 0;
};

struct Hypothesis {
    std::uint32_t group = 0;
    double score = 0, probability = 0;
};

enum class Soundness : std::uint8_t { low, moderate, high };
std::string_view to_string(Soundness soundness);  // "Low", "Moderate", "High"

/// What the sums of a hypothesis' score are multiplied with, fitted to incidents whose actor is known.
struct AttributionWeights {
    std::vector<double> terms;  // by attribute/terms.hpp's Term
    std::vector<double> other;
};

/// The answer for one observation. Probabilities of all hypotheses and `other` sum to one.
struct Attribution {
    std::vector<Hypothesis> hypotheses;  // every group, most probable first, then by id
    double other = 1, other_score = 0;   // an actor that the knowledge does not have
    std::vector<LedgerLine> ledger;      // of the first hypothesis; its sum is the score
    bool diagnostic = false;             // something observed tells the first hypothesis from others
    Soundness confidence = Soundness::low;
    std::string confidence_reason;  // why not higher
    std::string strongest;          // the item without which the first hypothesis loses most; "" for none
    double without_strongest = 0;   // its probability then
};

/// One of the most probable actors of a thread.
struct ActorChance {
    std::string id = {}, name = {};  // "G0125"; the name that the user's vendor gives it
    double probability = 0;
    double score = 0;          // in nats: the sum of its column of EvidenceLine::nats
    std::string sponsor = {};  // imported with its source, never computed; "" for not stated
};

/// One item of evidence against the most probable actors: a line of the matrix of competing hypotheses.
struct EvidenceLine {
    std::string item = {}, what = {};        // "T1505.003", "timing", "activity"; in words
    std::vector<double> nats = {};           // by ThreadAttribution::actors
    double without = 0;                      // the first actor's probability without this item
    std::vector<std::string> findings = {};  // ids of those that say so; none for what is known beforehand
};

/// Who a thread of activity may be, ready to be told.
struct ThreadAttribution {
    std::string thread = {};  // "T1"
    bool named = false;       // the first actor is at least likely, on evidence that tells actors apart
    std::string sentence = {}, confidence = {};  // likelihood and confidence never share a sentence
    Soundness soundness = Soundness::low;
    std::vector<ActorChance> actors = {};  // the most probable ones, at most kActorsTold
    double other = 1;                      // an actor that is not known here
    std::vector<EvidenceLine> evidence = {};
    std::string carried_by = {};  // the item without which the first actor loses most; "" for none
    std::string against = {};     // the item that speaks most against it; "" where none weighs a deciban
    double if_planted = 0;        // its probability were all evidence that can be forged twice as likely forged
    std::vector<std::string> change = {};   // the fewest items whose removal changes its word; empty: more than three
    std::vector<std::string> unknown = {};  // ids of findings that the knowledge does not have
    std::string knowledge = {};             // "ATT&CK 18.1"
};
inline constexpr std::size_t kActorsTold = 5;

/// "37 %", with "over 99 %" and "under 1 %" at the ends: nobody is certain.
std::string percent(double probability);

}  // namespace ascribe

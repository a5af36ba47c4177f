// Who may have done it: probabilities over all known actors and "other", with the arithmetic behind them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/attack.hpp"

namespace ascribe {

/// What was observed of one intruder, in ATT&CK's terms.
struct Observation {
    std::string id;
    std::vector<std::uint32_t>
        items;               // indices of AttackKnowledge::items, ascending, with the parents of sub-techniques
    std::optional<Day> day;  // of the intrusion; actors last reported long before or after are less likely
    std::vector<std::string> unknown;  // ids given that the knowledge does not have
};

/// One line of the sum that is a hypothesis' score, in nats (natural logarithm of a likelihood ratio).
struct LedgerLine {
    std::string item;  // "T1505.003", "S0020"; "reports", "recency" for what is known beforehand
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
    Soundness confidence = Soundness::low;
    std::string confidence_reason;  // why not higher
    std::string strongest;          // the item without which the first hypothesis loses most; "" for none
    double without_strongest = 0;   // its probability then
};

}  // namespace ascribe

// What `ascribe attribute` prints: answers as JSON lines or for people, and how accurate they are.
#pragma once

#include <string>
#include <string_view>

#include "attribute/attribute.hpp"
#include "attribute/evaluate.hpp"
#include "intel/names.hpp"
#include "model/incident.hpp"
#include "model/yardstick.hpp"

namespace ascribe {

/// {"id","hypotheses","other","word","named","confidence","ledger",...}, one line.
std::string json_line(const AttackKnowledge& knowledge, const Observation& observation, const Attribution& answer);
/// For people: the answer, its arithmetic in decibans, and what would change it.
void print_answer(const AttackKnowledge& knowledge, const Observation& observation, const Attribution& answer,
                  Scale scale, const ActorNames& names, std::string_view vendor);
/// The hours at which each thread's intruder worked, where they can be told.
void print_working_hours(const Incident& incident);
/// Accuracy by split, and what the words and thresholds are worth.
void print_evaluation(const Evaluation& evaluation);

}  // namespace ascribe

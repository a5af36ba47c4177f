// What ATT&CK knows, as the command line names it.
#pragma once

#include <expected>
#include <string>

#include "cli/command.hpp"
#include "model/attack.hpp"
#include "model/attribution.hpp"

namespace ascribe {

/// Of --attack BUNDLE or TABLE, else of --intel DIR, else what is compiled in.
std::expected<AttackKnowledge, std::string> attack_of(const Arguments& arguments);
/// The weights of --intel DIR, else those compiled in.
std::expected<AttributionWeights, std::string> weights_of(const Arguments& arguments);

}  // namespace ascribe

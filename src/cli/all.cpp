#include "cli/command.hpp"

namespace ascribe {

extern const Command kInvestigate, kHunt, kEvents, kShells, kTop, kWatch, kRules, kExposure, kAttribute, kIntel,
    kReport, kWhy, kDemo, kCompletions, kManual;

std::span<const Command> commands() {
    static const Command all[] = {kInvestigate, kHunt,  kEvents, kShells, kTop,  kWatch,       kRules, kExposure,
                                  kAttribute,   kIntel, kReport, kWhy,    kDemo, kCompletions, kManual};
    return all;
}

}  // namespace ascribe

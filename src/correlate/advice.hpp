// What to do now, by situation.
#pragma once

#include <string>
#include <vector>

#include "model/incident.hpp"

namespace ascribe {

/// Sentences, most urgent first. Reads the verdict's state and answers, and the incident's findings and coverage.
std::vector<std::string> advise(const Incident& incident, const Verdict& verdict);

}  // namespace ascribe

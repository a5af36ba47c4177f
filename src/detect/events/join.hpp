// One deed told twice: Security and Sysmon both see a process start or a file written. Their rows are grouped apart, so
// that each keeps its own words, and joined when the findings are made.
#pragma once

#include "detect/hits.hpp"

namespace ascribe {

/// A key of `subject` (what was done) as `teller` saw it.
std::string told_by(std::string_view teller, std::string_view subject);

/// One finding a subject, in the words of the most probable telling, with the evidence of all.
Conclusion conclude_joined(const Hits& hits, const Intel& intel);

}  // namespace ascribe

// The other pipeline: evidence -> artefacts -> records -> what each rule hit, row by row, in order of artefact and
// offset.
#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <string>

#include "detect/all.hpp"
#include "detect/sigma/rule_set.hpp"
#include "engine/evidence_run.hpp"
#include "model/sighting.hpp"
#include "parse/all.hpp"

namespace ascribe {

struct HuntOptions : EvidenceOptions {
    std::shared_ptr<const sigma::RuleSet> rules;  // null: coded detectors only
    bool coded = true;                            // coded detectors too
    std::span<const Parser> parsers = ascribe::parsers();
};

struct HuntResult : EvidenceRead {
    HuntSummary summary;
};

/// Calls `sighted` for every hit as soon as all before it are known, then for correlations, then for the coded
/// detectors' findings, a call for each row of evidence. The same calls for any number of workers. The error is a
/// sentence.
std::expected<HuntResult, std::string> hunt(const HuntOptions& options, const Intel& intel,
                                            const std::function<void(const Sighting&)>& sighted);

}  // namespace ascribe

// The pipeline: the only code that knows every stage. evidence -> artefacts -> records -> findings -> incident ->
// who it was.
#pragma once

#include <expected>
#include <string>

#include "attribute/attribute.hpp"
#include "correlate/correlate.hpp"
#include "detect/all.hpp"
#include "engine/evidence_run.hpp"
#include "parse/all.hpp"

namespace ascribe {

struct InvestigateOptions : EvidenceOptions {
    CorrelateOptions correlate;
    const AttributionModel* model = nullptr;  // who is known and how evidence is weighed; nullptr: the built-in
    std::string version, command_line;
    // Tests bring their own stages; the product uses all of them.
    std::span<const Parser> parsers = ascribe::parsers();
    std::span<const Detector> detectors = ascribe::detectors();
};

/// What the user must be told when nothing could be investigated: a sentence.
using Refusal = std::string;

/// Reads the evidence and concludes. Everything of the case but `run` is the same for any number of workers, any locale
/// and any time zone. Bad evidence never fails the call: it is damage in the case.
std::expected<Case, Refusal> investigate(const InvestigateOptions& options, const Intel& intel);

}  // namespace ascribe

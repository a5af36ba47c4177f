// The pipeline for scripts: evidence -> artefacts -> a verdict each, in order of artefact.
#pragma once

#include <expected>
#include <functional>
#include <string>

#include "engine/evidence_run.hpp"
#include "engine/examiner.hpp"

namespace ascribe {

struct ScanOptions : EvidenceOptions {
    ScriptScan what;
};

struct ScanResult : EvidenceRead {
    std::uint64_t files = 0, bytes = 0;  // read to their end
};

/// Limits of one file. The analyser keeps its own, much lower, and says so; these end what fails to.
inline constexpr Limits kScriptLimits{.data_bytes = 1ull << 30, .cpu_seconds = 40, .wall_seconds = 90};

/// Calls `examined` for every file that is no container, as soon as all before it are known; the same calls for any
/// number of workers. The error is a sentence.
std::expected<ScanResult, std::string> scan_scripts(
    const ScanOptions& options, const Intel& intel,
    const std::function<void(const Artefact&, const ExaminedScript&)>& examined);

}  // namespace ascribe

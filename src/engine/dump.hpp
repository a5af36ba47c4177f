// The shortest pipeline: evidence -> artefacts -> records -> lines, in order of artefact and offset.
#pragma once

#include <expected>
#include <functional>
#include <string>

#include "engine/dumper.hpp"
#include "engine/evidence_run.hpp"
#include "parse/all.hpp"

namespace ascribe {

struct DumpOptions : EvidenceOptions {
    Dump what;
    std::span<const Parser> parsers = ascribe::parsers();
};

struct DumpResult : EvidenceRead {
    std::uint64_t rows = 0, written = 0;  // of the kind asked for: read, and written
    std::uint64_t not_written = 0;        // wanted, and beyond a part's limit
    std::uint64_t conditions_named = 0;   // bits of the first 64 conditions whose field some record had
};

/// Calls `write` with whole lines as soon as all before them are known; the same lines for any number of workers. The
/// error is a sentence.
std::expected<DumpResult, std::string> dump(const DumpOptions& options, const Intel& intel,
                                            const std::function<void(std::string_view)>& write);

}  // namespace ascribe

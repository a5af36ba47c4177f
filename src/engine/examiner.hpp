// Scripts read and judged in a worker: what was concluded of a file goes back with the reply.
#pragma once

#include <string>

#include "base/hash.hpp"
#include "detect/shells/examine.hpp"
#include "detect/shells/saved.hpp"
#include "engine/job.hpp"

namespace ascribe {

/// How to read scripts.
struct ScriptScan {
    shells::Depth depth = shells::Depth::filtered;
    shells::Detail detail = shells::Detail::listing;
};

/// A script as the parent gets it.
struct ExaminedScript {
    Digest digest{};  // of files that are not benign, and where an explanation is wanted
    bool hashed = false;
    shells::Analysis analysis;
};

/// Examines the artefact, unless it is a later segment of one, and adds the result to the reply.
void examine_script(const Job& job, const Bytes& bytes, const ScriptScan& scan, Reply& reply);

Result<ExaminedScript> load_examined(Reader& in);

}  // namespace ascribe

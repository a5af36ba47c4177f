// Scripts read and judged in a worker: what was concluded of a file goes back with the reply.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/hash.hpp"
#include "engine/job.hpp"
#include "shells/examine.hpp"
#include "shells/judge/features.hpp"
#include "shells/saved.hpp"
#include "shells/yara.hpp"

namespace ascribe {

/// How to read scripts.
struct ScriptScan {
    shells::Depth depth = shells::Depth::filtered;
    shells::Detail detail = shells::Detail::listing;
    bool features = false;                           // tell what the model sees
    std::shared_ptr<const shells::YaraRules> rules;  // the user's own, or null
    bool rules_on_all = false;                       // else on what the prefilter selects
};

/// A script as the parent gets it.
struct ExaminedScript {
    Digest digest{};  // of files that are not benign, and where an explanation is wanted
    bool hashed = false;
    shells::Analysis analysis;
    std::vector<std::string> rules;         // of the user's that hit
    std::vector<shells::Feature> features;  // where asked for; without places
};

/// Examines the artefact, unless it is a later segment of one, and adds the result to the reply.
/// A page of a known Exchange build, byte for byte, is benign whatever it does.
void examine_script(const Job& job, const Bytes& bytes, const ScriptScan& scan, const Intel& intel, Reply& reply);

Result<ExaminedScript> load_examined(Reader& in);

}  // namespace ascribe

// A worker process: takes a job and a descriptor, reads that part of the artefact, folds the rows into fresh detector
// states and sends them back. It keeps nothing between jobs, so its death costs one part.
#pragma once

#include <span>

#include "detect/sigma/rule_set.hpp"
#include "engine/channel.hpp"
#include "engine/dumper.hpp"
#include "engine/examiner.hpp"
#include "engine/isolation.hpp"
#include "engine/job.hpp"

namespace ascribe {

/// What a worker inherits from the parent at fork: constant tables and the reference data.
struct Stages {
    std::span<const Parser> parsers;
    std::span<const Detector> detectors;
    const Intel& intel;
    const sigma::RuleSet* rules = nullptr;  // hunts: every row is judged by them too
    const Dump* dump = nullptr;             // dumps: rows become lines
    const ScriptScan* scan = nullptr;       // scans of scripts: every file that is no container is judged as one
};

/// Runs one job in this process. The heart of a worker, and all of it when tests call it directly.
Reply run_job(const Job& job, int descriptor, const Stages& stages);

/// A worker's life: confine, say hello with the isolation level reached, then one reply for each job until the parent
/// goes.
[[noreturn]] void live_as_worker(Channel parent, const Stages& stages, Isolation isolation, const Limits& limits);

}  // namespace ascribe

// What the four pipelines (investigate, hunt, dump, scan) share: what they are told of their evidence, how it is read
// from its first byte to its last, and what they tell of it at the end.
#pragma once

#include <atomic>
#include <expected>
#include <string>
#include <vector>

#include "engine/intake.hpp"

namespace ascribe {

/// What every pipeline is told; each adds what it asks of the evidence.
struct EvidenceOptions {
    std::vector<std::string> evidence;  // folders, files, archives, "-"
    int workers = 0;                    // 0: one for each core
    IntakeOptions intake;
    const std::atomic<bool>* stop = nullptr;  // set to stop early
};

/// What every pipeline tells of the evidence that it read.
struct EvidenceRead {
    std::vector<Damage> damage;
    std::vector<Artefact> artefacts;
    std::vector<Accounting> accounting;
    std::string isolation;
};

/// The workers, forked: before the first byte of evidence is open and while this process has no threads.
Pool fork_workers(const EvidenceOptions& options, const Stages& stages);
/// Takes every argument and waits until all of it is read or the pool is stopped. The error is a sentence.
std::expected<void, std::string> read_all(const std::vector<std::string>& evidence, Intake& intake);
/// Moves the books of a run that keeps no case to where its caller finds them.
void keep_books(Case&& books, const Pool& pool, EvidenceRead& into);

/// Notes of damage that kept a file or a part of one from being read: refused by the system, lost with a worker, or in
/// an archive that cannot be decoded. A bad line is none of them.
std::size_t count_unread(const std::vector<Damage>& damage);

}  // namespace ascribe

#include "engine/evidence_run.hpp"

#include <algorithm>
#include <thread>

namespace ascribe {
namespace {

const std::atomic<bool> kNeverStop = false;

}  // namespace

Pool fork_workers(const EvidenceOptions& options, const Stages& stages) {
    auto workers = options.workers > 0 ? options.workers : static_cast<int>(std::thread::hardware_concurrency());
    return Pool(std::max(1, workers), stages, options.intake.isolation, options.intake.limits,
                options.stop != nullptr ? *options.stop : kNeverStop);
}

std::expected<void, std::string> read_all(const std::vector<std::string>& evidence, Intake& intake) {
    for (const std::string& argument : evidence)
        if (auto taken = intake.take(argument); !taken) return taken;
    intake.finish();
    return {};
}

void keep_books(Case&& books, const Pool& pool, EvidenceRead& into) {
    into.damage = std::move(books.damage);
    into.artefacts = std::move(books.artefacts);
    into.accounting = std::move(books.accounting);
    into.isolation = pool.isolation();
}

std::size_t count_unread(const std::vector<Damage>& damage) {
    return static_cast<std::size_t>(std::ranges::count_if(damage, [](const Damage& one) {
        bool refused = one.fault == Fault::io || one.fault == Fault::encrypted;
        bool lost = one.fault == Fault::crashed || one.fault == Fault::timed_out;
        return refused || lost || one.what.starts_with("archive");
    }));
}

}  // namespace ascribe

#include "engine/investigate.hpp"

#include <algorithm>

#include "attribute/threads.hpp"
#include "engine/custody.hpp"
#include "intel/load.hpp"

namespace ascribe {
namespace {

Time now() { return std::chrono::time_point_cast<Ticks>(std::chrono::system_clock::now()); }

/// Who each thread of each incident may be.
std::expected<void, Refusal> attribute_all(Case& investigated, const AttributionModel* model, const Intel& intel) {
    bool nobody = std::ranges::all_of(investigated.incidents, [](const auto& one) { return one.threads.empty(); });
    if (nobody) return {};
    AttributionModel own;
    if (model == nullptr) own = TRY(load_attribution(""));
    const AttributionModel& used = model == nullptr ? own : *model;
    View view(used.knowledge);
    for (Incident& incident : investigated.incidents)
        incident.attributions = attribute_threads(incident, intel, view, used.weights, {.names = &used.names});
    return {};
}

}  // namespace

std::expected<Case, Refusal> investigate(const InvestigateOptions& options, const Intel& intel) {
    Case result;
    result.run = {.version = options.version, .command_line = options.command_line, .started = now()};
    result.evidence = options.evidence;
    result.intel = intel_note(intel, result.run.started);

    Stages stages{options.parsers, options.detectors, intel};
    Pool pool = fork_workers(options, stages);
    result.run.workers = static_cast<int>(pool.workers());

    // evidence -> artefacts -> records -> detector states
    Ledger ledger(stages);
    Intake intake(pool, ledger, options.intake);
    if (auto read = read_all(options.evidence, intake); !read) return std::unexpected(read.error());
    ledger.observe_files();
    result.run.isolation = pool.isolation();
    if (pool.stopped()) return std::unexpected("interrupted: nothing was concluded; run the same command again");

    // detector states -> findings -> incidents, one a server
    for (ServerConclusion& server : ledger.conclude()) {
        Incident incident = correlate(server.server, std::move(server.conclusion), options.correlate, intel);
        incident.names = std::move(server.names);
        result.incidents.push_back(std::move(incident));
    }
    if (auto attributed = attribute_all(result, options.model, intel); !attributed)
        return std::unexpected(attributed.error());
    ledger.close_into(result);
    result.integrity_failed = check_custody(result);
    result.run.finished = now();
    return result;
}

}  // namespace ascribe

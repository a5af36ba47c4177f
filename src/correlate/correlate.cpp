// Reads as the list of its steps.
#include "correlate/correlate.hpp"

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "correlate/clocks.hpp"
#include "correlate/coverage.hpp"
#include "correlate/exposure.hpp"
#include "correlate/threads.hpp"
#include "correlate/verdict.hpp"

namespace ascribe {
namespace {

/// What the analyst says is theirs becomes a note: kept, shown, and no alarm.
void accept_known(std::vector<Finding>& findings, const Known& known) {
    for (Finding& finding : findings) {
        bool accepted = known.findings.contains(finding.id) || known.addresses.contains(lower(finding.address)) ||
                        known.pages.contains(lower(finding.page)) ||
                        known.pages.contains(lower(base_name(finding.page)));
        if (!accepted) continue;
        finding.level = Level::scan;
        finding.severity = Severity::note;
    }
}

void order(std::vector<Finding>& findings) {
    std::ranges::stable_sort(findings, [](const Finding& a, const Finding& b) {
        return std::tuple(a.time.value_or(Time::max()), std::string_view(a.id)) <
               std::tuple(b.time.value_or(Time::max()), std::string_view(b.id));
    });
}

std::vector<Step> timeline_of(const std::vector<Finding>& findings, const std::vector<Thread>& threads) {
    std::map<std::string_view, std::string_view> thread_of;
    for (const Thread& thread : threads)
        for (const std::string& id : thread.findings) thread_of[id] = thread.id;
    std::vector<Step> steps;
    for (const Finding& finding : findings) {
        if (finding.level == Level::scan || !finding.time) continue;
        auto thread = thread_of.find(finding.id);
        steps.push_back({finding.time, finding.raw_time, finding.clock, finding.id,
                         std::string(thread == thread_of.end() ? "" : thread->second)});
    }
    return steps;
}

}  // namespace

Incident correlate(std::string server, Conclusion seen, const CorrelateOptions& options, const Intel& intel) {
    Incident incident;
    incident.server = std::move(server);
    incident.findings = std::move(seen.findings);
    incident.facts = std::move(seen.facts);
    accept_known(incident.findings, options.known);

    auto clocks = judge_clocks(incident.facts.clocks);
    correct(incident.findings, incident.facts, clocks.corrections);
    incident.clocks = std::move(clocks.notes);
    order(incident.findings);

    incident.exposures = expose(incident.facts.builds, incident.facts.settings, intel);
    incident.threads = join_threads(incident.findings);
    incident.timeline = timeline_of(incident.findings, incident.threads);
    incident.coverage = cover(incident.exposures, incident.facts, {options.from, options.until}, intel);
    incident.verdict = judge(incident);
    return incident;
}

}  // namespace ascribe

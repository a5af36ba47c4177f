// Reads as the list of its steps.
#include "correlate/correlate.hpp"

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "correlate/clocks.hpp"
#include "correlate/coverage.hpp"
#include "correlate/exposure.hpp"
#include "correlate/known.hpp"
#include "correlate/platform.hpp"
#include "correlate/threads.hpp"
#include "correlate/verdict.hpp"

namespace ascribe {
namespace {

/// A file's version speaks of the time of collection, which is at the earliest the end of the evidence.
std::vector<BuildSeen> dated(std::vector<BuildSeen> builds, std::optional<Time> collected) {
    for (BuildSeen& seen : builds) {
        if (!seen.first) seen.first = collected;
        if (!seen.last) seen.last = collected;
    }
    return builds;
}

/// Of Exchange's vulnerabilities: none concerns a server that is none of Exchange, all may where nothing tells.
std::vector<Exposure> exposures_of(const Facts& facts, Platform platform, const Intel& intel) {
    if (platform == Platform::web_server) return {};
    auto exposures = expose(dated(facts.builds, end_of_evidence(facts)), facts.settings, intel);
    if (platform == Platform::unknown)
        for (Exposure& exposure : exposures)
            exposure.reason = "Nothing in the evidence tells whether this is an Exchange server.";
    return exposures;
}

/// Every server gets probes for Exchange's holes. Where there is no Exchange, and none of them worked, they are notes.
void set_aside_probes(std::vector<Finding>& findings) {
    for (Finding& finding : findings) {
        if (finding.level != Level::attempt || !finding.detector.starts_with("exchange.")) continue;
        finding.level = Level::scan;
        finding.severity = Severity::note;
        finding.statement += " This is no Exchange server.";
    }
}

void order(std::vector<Finding>& findings) {
    std::ranges::stable_sort(findings, [](const Finding& a, const Finding& b) {
        return std::tuple(a.time.value_or(Time::max()), std::string_view(a.id)) <
               std::tuple(b.time.value_or(Time::max()), std::string_view(b.id));
    });
}

/// A page that the log says was used like a web shell, and whose file is one: each explains the other. 0.9: that the
/// requests were its owner's tests of it is the rest.
void confirm_pages(std::vector<Finding>& findings) {
    constexpr double kConfirmed = 0.9, kSure = 0.75;
    std::vector<std::string> shells;
    for (const Finding& finding : findings) {
        bool sure = finding.level == Level::success && finding.probability >= kSure;
        if (finding.detector != "files.shell_source" || !sure || finding.page.empty()) continue;
        std::ranges::replace(shells.emplace_back(lower(finding.page)), '\\', '/');
    }
    for (Finding& finding : findings) {
        if (finding.detector != "behaviour.page" || finding.level != Level::success || finding.page.empty()) continue;
        auto page = lower(finding.page);
        if (std::ranges::none_of(shells, [&](const std::string& file) { return file.ends_with(page); })) continue;
        finding.probability = std::max(finding.probability, kConfirmed);
        finding.statement += " The file itself is a web shell.";
    }
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
    confirm_pages(incident.findings);

    auto clocks = judge_clocks(incident.facts.clocks);
    correct(incident.findings, incident.facts, clocks.corrections);
    incident.clocks = std::move(clocks.notes);
    order(incident.findings);

    auto platform = platform_of(incident.facts, incident.findings);
    if (platform == Platform::web_server) set_aside_probes(incident.findings);
    incident.exposures = exposures_of(incident.facts, platform, intel);
    incident.threads = join_threads(incident.findings, intel, options.known);
    incident.timeline = timeline_of(incident.findings, incident.threads);
    incident.coverage = cover(incident.exposures, incident.facts, platform, {options.from, options.until}, intel);
    incident.verdict = judge(incident);
    return incident;
}

}  // namespace ascribe

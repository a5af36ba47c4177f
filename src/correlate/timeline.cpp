// The order of events, in true UTC, each step with the raw time and the clock that wrote it.
#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "correlate/steps.hpp"

namespace ascribe {

void sort_findings(std::vector<Finding>& findings) {
    auto place = [](const Finding& finding) {
        return std::tuple(!finding.time, finding.time.value_or(kNoTime), std::string_view(finding.id),
                          std::string_view(finding.detector),
                          finding.evidence.empty() ? Ref{} : finding.evidence.front(),
                          std::string_view(finding.statement));
    };
    std::ranges::stable_sort(findings, {}, place);
}

std::vector<Step> tell_timeline(const std::vector<Finding>& findings, const std::vector<Thread>& threads) {
    std::unordered_map<std::string_view, std::string_view> thread_of;
    for (const Thread& thread : threads)
        for (const std::string& finding : thread.findings) thread_of.emplace(finding, thread.id);

    std::vector<Step> steps;
    for (const Finding& finding : findings) {
        if (finding.level == Level::scan) continue;
        auto thread = thread_of.find(finding.id);
        steps.push_back({finding.time, finding.raw_time, finding.clock, finding.id,
                         thread == thread_of.end() ? std::string() : std::string(thread->second)});
    }
    return steps;
}

}  // namespace ascribe

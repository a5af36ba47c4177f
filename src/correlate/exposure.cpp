// From builds seen over time to one state for each vulnerability. The window opens with the first known exploitation,
// else with disclosure, and closes when a fixed build is first seen. A vulnerable build always weighs more than a fixed
// one of the same time: of two statements that contradict each other the one that costs more is believed.
#include "correlate/exposure.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "correlate/fixes.hpp"

namespace ascribe {
namespace {

/// A build without times speaks of the time of collection, later than every log.
Time begin_of(const BuildSeen& seen) { return seen.first.value_or(Time::max()); }
Time end_of(const BuildSeen& seen) { return seen.last.value_or(Time::max()); }

struct Judged {
    const BuildSeen* seen;
    FixOf of;
};

/// What all builds together say of one vulnerability.
struct Builds {
    std::vector<Judged> missing, fixed, unclear;
    bool affected = false;

    const Judged* last_missing() const {
        auto last = std::ranges::max_element(missing, {}, [](const Judged& judged) { return end_of(*judged.seen); });
        return last == missing.end() ? nullptr : &*last;
    }
    /// The first fixed build after `after`, so that a change back and forth does not close the window too early.
    const Judged* first_fixed(Time after) const {
        const Judged* first = nullptr;
        for (const Judged& judged : fixed)
            if (begin_of(*judged.seen) > after && (!first || begin_of(*judged.seen) < begin_of(*first->seen)))
                first = &judged;
        return first;
    }
};

Builds judge(const std::vector<BuildSeen>& builds, const Vulnerability& vulnerability, const Intel& intel) {
    Builds all;
    for (const BuildSeen& seen : builds) {
        auto of = fix_in(seen.build, vulnerability, intel);
        if (of.fix == Fix::not_affected) continue;
        all.affected = true;
        auto& group = of.fix == Fix::missing ? all.missing : of.fix == Fix::cannot_tell ? all.unclear : all.fixed;
        group.push_back({&seen, std::move(of)});
    }
    return all;
}

/// The setting that mitigates: a rewrite rule or mitigation known by that name, unless it says that it is off.
const SettingSeen* mitigation_in(const std::vector<SettingSeen>& settings, const Vulnerability& vulnerability) {
    for (const SettingSeen& setting : settings) {
        bool off = std::ranges::any_of(std::initializer_list<std::string_view>{"blocked", "disabled", "false"},
                                       [&](std::string_view word) { return equals_folded(trim(setting.value), word); });
        if (off || (setting.category != "rewrite_rule" && setting.category != "mitigation")) continue;
        for (const std::string& name : vulnerability.mitigations)
            if (!name.empty() && (contains_folded(setting.name, name) || equals_folded(setting.value, name)))
                return &setting;
    }
    return nullptr;
}

std::string capitalised(std::string text) {
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 32);
    return text;
}

void cite(Exposure& exposure, const Ref& ref) {
    if (std::ranges::find(exposure.evidence, ref) == exposure.evidence.end()) exposure.evidence.push_back(ref);
}

void close_window(Exposure& exposure, const Judged& fixed, std::string_view clause) {
    cite(exposure, fixed.seen->first_ref);
    exposure.until = fixed.seen->first;
    // A build without a time, such as a file's version, does not say when the fix came.
    if (!exposure.until) return;
    exposure.reason += fmt::format("{}{} was first seen on {}", clause, to_string(fixed.seen->build),
                                   format_time_prose(*exposure.until));
}

void tell_missing(Exposure& exposure, const Builds& builds, const SettingSeen* mitigation) {
    const Judged& last = *builds.last_missing();
    exposure.state = CveState::vulnerable;
    exposure.reason = capitalised(last.of.reason);
    cite(exposure, last.seen->last_ref);
    if (const Judged* fixed = builds.first_fixed(end_of(*last.seen))) {
        close_window(exposure, *fixed, "; ");
        exposure.state = CveState::fixed;  // in the end; open_in_window tells that it was open before
    }
    exposure.reason += '.';
    exposure.open_in_window = exposure.from && end_of(*last.seen) > *exposure.from;
    bool contradicted = std::ranges::any_of(
        builds.fixed, [&](const Judged& fixed) { return begin_of(*fixed.seen) <= end_of(*last.seen); });
    if (contradicted) exposure.reason += " Sources disagree: a fixed build was seen before that.";
    if (mitigation && exposure.state == CveState::vulnerable) {
        exposure.state = CveState::mitigated;
        exposure.open_in_window = false;  // perhaps it was: nothing says when the setting was made
        exposure.reason += fmt::format(" The setting '{}' mitigates; since when is not recorded.", mitigation->name);
        cite(exposure, mitigation->ref);
    }
}

void tell_fixed(Exposure& exposure, const Builds& builds, const Vulnerability& vulnerability) {
    const Judged& first =
        *std::ranges::min_element(builds.fixed, {}, [](const Judged& judged) { return begin_of(*judged.seen); });
    exposure.state = CveState::fixed;
    exposure.reason = capitalised(first.of.reason);
    close_window(exposure, first, "; ");
    exposure.reason += '.';
    exposure.before_installation = first.of.fix == Fix::by_base;
    if (!vulnerability.build_decides) {
        exposure.state = CveState::cannot_tell;
        exposure.until.reset();
        exposure.before_installation = false;
        exposure.reason += fmt::format(" The build alone does not prove the fix{}.",
                                       vulnerability.condition.empty() ? "" : ": " + vulnerability.condition);
    }
}

std::optional<Exposure> expose_to(const Vulnerability& vulnerability, const std::vector<BuildSeen>& seen,
                                  const std::vector<SettingSeen>& settings, const Intel& intel) {
    Exposure exposure;
    exposure.cve = vulnerability.cve;
    exposure.family = vulnerability.family;
    exposure.from = vulnerability.window_opens();

    auto builds = judge(seen, vulnerability, intel);
    if (!seen.empty() && !builds.affected) return {};
    if (!builds.missing.empty()) {
        tell_missing(exposure, builds, mitigation_in(settings, vulnerability));
    } else if (!builds.unclear.empty()) {
        exposure.reason = capitalised(builds.unclear.front().of.reason) + '.';
        cite(exposure, builds.unclear.front().seen->first_ref);
    } else if (!builds.fixed.empty()) {
        tell_fixed(exposure, builds, vulnerability);
    } else {
        exposure.reason = "No evidence names the build.";
    }
    return exposure;
}

}  // namespace

std::vector<Exposure> expose(const std::vector<BuildSeen>& builds, const std::vector<SettingSeen>& settings,
                             const Intel& intel) {
    auto place = [](const BuildSeen& seen) {
        return std::tuple(begin_of(seen), end_of(seen), seen.build, std::string_view(seen.source), seen.first_ref,
                          seen.last_ref);
    };
    auto sorted = builds;
    std::ranges::sort(sorted, {}, place);
    auto rules = settings;
    std::ranges::sort(rules, {},
                      [](const SettingSeen& s) { return std::tie(s.category, s.name, s.value, s.path, s.ref); });

    std::vector<Exposure> exposures;
    for (const Vulnerability& vulnerability : intel.vulnerabilities)
        if (auto exposure = expose_to(vulnerability, sorted, rules, intel)) exposures.push_back(std::move(*exposure));
    return exposures;
}

}  // namespace ascribe

// `ascribe exposure`: which vulnerabilities a server was open to, from when to when, and what says so.
#include "correlate/exposure.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/investigate.hpp"
#include "cli/options.hpp"

namespace ascribe {
namespace {

std::string day_or(const std::optional<Time>& time, std::string_view otherwise) {
    return time ? format_day(*time) : std::string(otherwise);
}

void print_table(const std::vector<Exposure>& exposures) {
    fmt::print("  {:<15} {:<12} {:<11} {:<12} {}\n", "CVE", "state", "open from", "until", "why");
    for (const Exposure& exposure : exposures)
        fmt::print(
            "  {:<15} {:<12} {:<11} {:<12} {}\n", exposure.cve, in_words(exposure.state),
            exposure.before_installation ? "-" : day_or(exposure.from, "-"),
            exposure.state == CveState::vulnerable ? day_or(exposure.until, "still open") : day_or(exposure.until, "-"),
            visible(exposure.reason));
}

Exit exposure_of_build(const std::string& text, const Arguments& arguments) {
    auto build = parse_build(text);
    if (!build) return fail(Exit::usage, fmt::format("--build needs four numbers such as 15.1.2106.2, not '{}'", text));
    auto intel = intel_of(arguments);
    if (!intel) return fail(Exit::usage, intel.error());
    auto exposures = expose({{.build = *build, .source = "given"}}, {}, *intel);
    fmt::print("Build {}\n", to_string(*build));
    print_table(exposures);
    bool vulnerable = std::ranges::any_of(exposures, [](const Exposure& e) { return e.state == CveState::vulnerable; });
    bool unsure = std::ranges::any_of(exposures, [](const Exposure& e) { return e.state == CveState::cannot_tell; });
    return vulnerable ? Exit::findings : unsure ? Exit::insufficient : Exit::clean;
}

Exit run(const Arguments& arguments) {
    if (arguments.has("--build") && !arguments.positional.empty())
        return misused("exposure", "exposure needs evidence or --build, not both");
    if (auto build = arguments.value("--build")) return exposure_of_build(*build, arguments);
    if (arguments.positional.empty()) return misused("exposure", "exposure needs evidence or --build");
    auto investigated = investigate_as_told(arguments);
    if (!investigated) return investigated.error();
    bool vulnerable = false, unsure = investigated->incidents.empty();
    if (unsure)
        tell(
            "nothing in this evidence speaks of a server; give its logs or bin\\ExSetup.exe, or --build where the "
            "build is known");
    for (const Incident& incident : investigated->incidents) {
        fmt::print("Server {}\n", visible(incident.server));
        print_table(incident.exposures);
        for (const Exposure& exposure : incident.exposures) {
            vulnerable = vulnerable || exposure.state == CveState::vulnerable;
            unsure = unsure || exposure.state == CveState::cannot_tell;
        }
    }
    if (investigated->integrity_failed)
        return fail(Exit::integrity,
                    "evidence does not match the hashes its collector noted; 'ascribe investigate' names the files");
    return vulnerable ? Exit::findings : unsure ? Exit::insufficient : Exit::clean;
}

constexpr Option kOptions[] = {
    {"--build", "", "BUILD", "Judge this build instead of evidence"},
    options::kPasswordFile,
    {"--workers", "-j", "N", "Worker processes; one for each core unless given"},
    options::kIntel,
    {"--quiet", "-q", "", "No progress on stderr"},
};
constexpr std::string_view kExamples[] = {"ascribe exposure --build 15.1.2106.2", "ascribe exposure EXCH01-triage.zip"};

}  // namespace

extern const Command kExposure;
const Command kExposure{"exposure",
                        "Which vulnerabilities the server was open to, and when",
                        "EVIDENCE... | --build BUILD",
                        "Exit code 1: vulnerable to at least one; 3: cannot tell for at least one; 0: fixed or "
                        "mitigated; 4: evidence integrity failed.",
                        kOptions,
                        kExamples,
                        0,
                        -1,
                        run};

}  // namespace ascribe

// exchange.unified_messaging: CVE-2021-26857, deserialisation in the Unified Messaging service, which runs as SYSTEM. A
// cast that fails is the trace of a tried payload; a child process or a program or page written by UMWorkerProcess.exe
// is the payload at work. (Facts PL-17, PL-18, PL-19.)
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "detect/events/fields.hpp"
#include "detect/events/processes.hpp"
#include "detect/hits.hpp"

namespace ascribe {
namespace {

// What Unified Messaging writes in normal work is audio, logs and cleanup.bin; these it never writes (narrower than the
// Sigma rule, which lists what is allowed and alarms on recorded prompts).
constexpr std::string_view kPrograms[] = {".asax", ".ashx", ".asmx", ".asp", ".aspx", ".bat", ".cmd", ".dll",
                                          ".exe",  ".hta",  ".js",   ".jsp", ".php",  ".ps1", ".vbs"};
static_assert(std::ranges::is_sorted(kPrograms));

Finding finding_of(Level level, double probability, std::string statement) {
    Finding finding;
    finding.level = level;
    finding.severity = level == Level::success ? Severity::critical : Severity::medium;
    finding.question = level == Level::success ? Question::exploited : Question::attempted;
    finding.probability = probability;
    finding.cves = {"CVE-2021-26857"};
    finding.techniques = {"T1190", "T1068"};
    finding.statement = std::move(statement);
    return finding;
}

std::optional<Hit> judge(const RecordBatch&, const Row& row, const Intel&) {
    if (equals_folded(row.text(WindowsEvent::provider), "MSExchange Unified Messaging") &&
        row.number(WindowsEvent::level).value_or(2) == 2 &&
        row.text(WindowsEvent::message).find("System.InvalidCastException") != std::string_view::npos)
        // 0.8: Microsoft published this as the sign of an attempt; the exception alone does not say whether it worked.
        return Hit{"cast", finding_of(Level::attempt, 0.8,
                                      "Unified Messaging failed to cast an object that it had deserialised.")};
    if (auto process = created_process(row); process && equals_folded(process->parent_name(), "UMWorkerProcess.exe")) {
        auto name = lower(process->name());
        if (name == "wermgr.exe" || name == "werfault.exe" || name == "conhost.exe") return {};
        auto command = process->command_line.empty() ? process->image : process->command_line;
        return Hit{lower(command),
                   finding_of(Level::success, 0.95, fmt::format("UMWorkerProcess.exe started {}.", command))};
    }
    if (is_sysmon(row) && event_id(row) == 11 && equals_folded(base_name(datum(row, "Image")), "UMWorkerProcess.exe")) {
        auto path = datum(row, "TargetFilename");
        if (!std::ranges::binary_search(kPrograms, lower(extension(path)))) return {};
        auto finding = finding_of(Level::success, 0.95, fmt::format("UMWorkerProcess.exe wrote {}.", path));
        finding.page = path;
        return Hit{lower(path), std::move(finding)};
    }
    return {};
}

constexpr RecordKind kReads[] = {RecordKind::windows_event};

}  // namespace

extern const Detector kExchangeUnifiedMessaging =
    hit_detector<"exchange.unified_messaging", judge>("Exploitation of the Unified Messaging service", kReads);

}  // namespace ascribe

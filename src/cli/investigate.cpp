// `ascribe investigate`: evidence in, verdict out.
#include "engine/investigate.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "base/text.hpp"
#include "casefile/casefile.hpp"
#include "cli/command.hpp"
#include "cli/investigate.hpp"
#include "cli/known.hpp"
#include "cli/options.hpp"
#include "cli/progress.hpp"
#include "cli/rules.hpp"
#include "cli/screen.hpp"
#include "cli/stop.hpp"
#include "intel/load.hpp"
#include "report/all.hpp"
#include "report/terminal.hpp"

namespace ascribe {
namespace {

constexpr std::int64_t kMostWorkers = 256;             // each is a process that holds the reference data
constexpr std::int64_t kMostOutput = INT64_MAX >> 30;  // GiB that 64 bits can count as bytes

std::expected<std::vector<std::string>, std::string> passwords_of(const Arguments& arguments) {
    std::vector<std::string> passwords;
    if (auto path = arguments.value("--password-file")) {
        std::ifstream file(*path);
        if (!file)
            return std::unexpected(
                fmt::format("{}: cannot be opened; give a text file with one password a line", *path));
        for (std::string line; std::getline(file, line);) {
            if (line.ends_with('\r')) line.pop_back();
            if (!line.empty()) passwords.push_back(line);
        }
        if (file.bad())
            return std::unexpected(fmt::format("{}: cannot be read; give a text file with one password a line", *path));
    }
    return passwords;
}

std::expected<InvestigateOptions, std::string> options_of(const Arguments& arguments) {
    InvestigateOptions options{TRY(evidence_of(arguments))};
    options.version = version();
    options.command_line = arguments.command_line;
    options.correlate.from = TRY(time_of(arguments, "--from"));
    options.correlate.until = TRY(time_of(arguments, "--to"));
    if (options.correlate.from && options.correlate.until && *options.correlate.from >= *options.correlate.until)
        return std::unexpected("--from needs a time before that of --to");
    if (auto path = arguments.value("--known")) options.correlate.known = TRY(load_known(*path));
    return options;
}

/// The rules of --rules, for the detector of their hits.
std::expected<void, std::string> take_rules(const Arguments& arguments, Intel& intel) {
    if (!arguments.has("--rules")) {
        for (auto flag : {"--min-level", "--exclude", "--mapping", "--placeholders"})
            if (arguments.has(flag)) return std::unexpected(fmt::format("{} means nothing without --rules", flag));
        return {};
    }
    intel.rules = TRY(rules_of(arguments));
    if (!arguments.has("--quiet")) tell_refused(*intel.rules);
    return {};
}

}  // namespace

Level level_named(std::string_view name) {
    return name == "scan" ? Level::scan : name == "success" ? Level::success : Level::attempt;
}

std::expected<std::int64_t, std::string> number_of(const Arguments& arguments, std::string_view flag,
                                                   std::int64_t most) {
    auto text = arguments.value(flag);
    if (!text) return 0;
    auto number = parse_number(*text);
    if (!number || *number < 1 || *number > most)
        return std::unexpected(fmt::format("{} needs a whole number from 1 to {}, not '{}'", flag, most, *text));
    return *number;
}

std::expected<Intel, std::string> intel_of(const Arguments& arguments) {
    if (auto directory = arguments.value("--intel")) return load_intel(*directory);
    return builtin_intel();
}

std::expected<std::optional<Time>, std::string> time_of(const Arguments& arguments, std::string_view flag) {
    auto text = arguments.value(flag);
    if (!text) return std::nullopt;
    auto time = parse_time(*text);
    if (!time)
        return std::unexpected(fmt::format(
            "{} needs a UTC date or time such as 2021-02-28 or 2021-03-02T04:00:00Z, not '{}'", flag, *text));
    return time;
}

std::expected<EvidenceOptions, std::string> evidence_of(const Arguments& arguments) {
    EvidenceOptions options;
    options.evidence = arguments.positional;
    options.workers = static_cast<int>(TRY(number_of(arguments, "--workers", kMostWorkers)));
    options.intake.open.passwords = TRY(passwords_of(arguments));
    auto gigabytes = TRY(number_of(arguments, "--max-output", kMostOutput));
    options.intake.max_output = static_cast<std::uint64_t>(gigabytes) << 30;
    options.intake.isolation = arguments.value("--isolation") == "none" ? Isolation::none : Isolation::full;
    return options;
}

Exit exit_for(const Case& investigated, std::string_view fail_on) {
    if (investigated.integrity_failed) return Exit::integrity;
    bool insufficient = investigated.incidents.empty();
    for (const Incident& incident : investigated.incidents) {
        for (const Finding& finding : incident.findings)
            if (finding.level >= level_named(fail_on)) return Exit::findings;
        insufficient = insufficient || incident.verdict.state == State::insufficient;
    }
    return insufficient ? Exit::insufficient : Exit::clean;
}

std::expected<Case, Exit> investigate_as_told(const Arguments& arguments) {
    auto options = options_of(arguments);
    if (!options) return std::unexpected(fail(Exit::usage, options.error()));
    auto intel = intel_of(arguments);
    if (!intel) return std::unexpected(fail(Exit::usage, intel.error()));
    if (auto taken = take_rules(arguments, *intel); !taken) return std::unexpected(fail(Exit::usage, taken.error()));
    if (auto path = arguments.value("--output"))
        if (auto can = can_save_case(*path); !can) return std::unexpected(fail(Exit::usage, can.error()));
    auto model = load_attribution(arguments.value("--intel").value_or(""));
    if (!model) return std::unexpected(fail(Exit::usage, model.error()));
    options->model = &*model;
    auto& interrupted = stop_on_signals();
    options->stop = &interrupted;
    ProgressLine line(isatty(STDERR_FILENO) == 1);
    if (!arguments.has("--quiet")) options->intake.progress = [&](const Progress& progress) { line.show(progress); };
    auto investigated = investigate(*options, *intel);
    line.clear();
    if (!investigated)
        return std::unexpected(fail(interrupted ? Exit::interrupted : Exit::usage, investigated.error()));
    return std::move(*investigated);
}

Exit show_case(const Case& investigated, const Arguments& arguments) {
    std::expected<void, std::string> saved;
    if (auto path = arguments.value("--output")) saved = save_case(investigated, *path);
    if (arguments.has("--json")) {
        fmt::print("{}", find_exporter("json")->write(investigated));
    } else {
        bool terminal = isatty(STDOUT_FILENO) == 1;
        const char* kind = std::getenv("TERM");
        bool plain = wants_no_colour() || kind == nullptr || std::string_view(kind) == "dumb";
        auto colour = terminal && !plain ? Colour::on : Colour::off;
        fmt::print("{}", write_terminal(investigated, colour, terminal ? Bars::on : Bars::off));
    }
    if (!saved) return fail(Exit::usage, saved.error());  // after the verdict, which is not lost with the file
    return exit_for(investigated, arguments.value("--fail-on").value_or("attempt"));
}

namespace {

Exit run(const Arguments& arguments) {
    auto investigated = investigate_as_told(arguments);
    return investigated ? show_case(*investigated, arguments) : investigated.error();
}

constexpr Option kOptions[] = {
    {"--output", "-o", "CASE", "Write the case file (SQLite): it keeps the bytes behind every finding"},
    {"--json", "", "", "Print one JSON object (docs/case.schema.json) instead of the verdict block"},
    {"--fail-on", "", "LEVEL", "Lowest level of finding that makes exit code 1; attempt unless given",
     "scan attempt success"},
    {"--from", "", "TIME", "Look at the exposure window from this UTC time on"},
    {"--to", "", "TIME", "Look at the exposure window up to this UTC time"},
    {"--known", "", "FILE",
     "Own scanners, custom pages and accepted findings, which must not alarm; one a line: address IP, page PATH or "
     "finding ID"},
    {"--rules", "", "PATH",
     "Sigma rules whose hits become findings: a file or a folder of them; may be given again. docs/sigma.md"},
    {"--min-level", "", "LEVEL", "Of these rules, the least level used", "informational low medium high critical"},
    options::kExclude,
    options::kMapping,
    options::kPlaceholders,
    options::kNoCache,
    options::kPasswordFile,
    options::kMaxOutput,
    options::kWorkers,
    options::kIsolation,
    options::kIntel,
    {"--quiet", "-q", "", "No progress on stderr"},
};
constexpr std::string_view kExamples[] = {
    "ascribe investigate EXCH01-triage.zip",
    "ascribe investigate /mnt/collection -o case.ascribe --known ours.txt",
    "ascribe investigate EXCH01-triage.zip --rules sigma/rules --min-level high",
    "zstdcat events.jsonl.zst | ascribe investigate - --json",
};

}  // namespace

extern const Command kInvestigate;
const Command kInvestigate{"investigate",
                           "Read evidence and give the verdict: exposed, attempted, exploited, web shell left, used",
                           "EVIDENCE... [options]",
                           "EVIDENCE is a folder, a log, a KAPE, Velociraptor or CyLR collection, an archive (zip, 7z, "
                           "tar, gz, zst), or - for standard input; several may be given. "
                           "Nothing is written to the evidence and nothing is executed from it.",
                           kOptions,
                           kExamples,
                           1,
                           -1,
                           run};

}  // namespace ascribe

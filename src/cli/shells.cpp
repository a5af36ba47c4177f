// `ascribe shells`: every script below a folder or in an archive read, understood and judged; `ascribe shells explain`:
// why, layer by layer.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <unordered_set>

#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/investigate.hpp"
#include "cli/options.hpp"
#include "cli/progress.hpp"
#include "cli/shells/print.hpp"
#include "cli/stop.hpp"

namespace ascribe {
namespace {

using ScriptVerdict = shells::Verdict;

enum class Form { table, jsonl, sarif };

std::expected<Form, std::string> form_of(const Arguments& arguments) {
    if (arguments.has("--jsonl") && arguments.has("--sarif"))
        return std::unexpected("--jsonl and --sarif exclude each other; give one of them");
    return arguments.has("--jsonl") ? Form::jsonl : arguments.has("--sarif") ? Form::sarif : Form::table;
}

/// Lower-case hashes, one a line before anything else, as sha256sum and --write-baseline write them.
std::expected<std::unordered_set<std::string>, std::string> baseline_of(const Arguments& arguments) {
    std::unordered_set<std::string> accepted;
    auto path = arguments.value("--baseline");
    if (!path) return accepted;
    std::ifstream file(*path);
    if (!file) return std::unexpected(fmt::format("{}: cannot be opened; --write-baseline makes such a file", *path));
    constexpr std::size_t kDigits = 64;
    std::size_t number = 0;
    for (std::string line; std::getline(file, line);) {
        ++number;
        if (line.empty() || line.front() == '#') continue;
        auto hash = lower(std::string_view(line).substr(0, kDigits));
        bool well = hash.size() == kDigits && hash.find_first_not_of("0123456789abcdef") == std::string::npos &&
                    (line.size() == kDigits || line[kDigits] == ' ' || line[kDigits] == '\r');
        if (!well)
            return std::unexpected(fmt::format("{} line {}: begins with no SHA-256 of 64 digits", *path, number));
        accepted.insert(hash);
    }
    if (file.bad()) return std::unexpected(fmt::format("{}: cannot be read", *path));
    return accepted;
}

std::expected<void, std::string> write_baseline(const std::string& path, const std::vector<ScriptFound>& found) {
    std::string text =
        "# Files that `ascribe shells --baseline` accepts, by SHA-256. Look at each before you keep it.\n";
    for (const ScriptFound& file : found)
        if (!file.digest.empty()) text += fmt::format("{}  {}\n", file.digest, visible(file.path));
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out << text;
    out.close();
    if (!out) return std::unexpected(fmt::format("{}: cannot be written: {}", path, std::strerror(errno)));
    return {};
}

/// Asked before anything is judged: an answer must have a place to go.
std::expected<void, std::string> can_write_baseline(const Arguments& arguments) {
    auto path = arguments.value("--write-baseline");
    if (!path || std::ofstream(*path, std::ios::binary | std::ios::app)) return {};
    return std::unexpected(
        fmt::format("{}: cannot be written: {}; give another path to --write-baseline", *path, std::strerror(errno)));
}

ScriptVerdict verdict_named(std::string_view name) {
    for (auto verdict : {ScriptVerdict::suspicious, ScriptVerdict::dual_use})
        if (to_string(verdict) == name) return verdict;
    return ScriptVerdict::malicious;
}

void tell_damage(const ScanResult& result) {
    constexpr std::size_t kTold = 100;
    for (std::size_t i = 0; i < std::min(result.damage.size(), kTold); ++i) {
        const Damage& damage = result.damage[i];
        auto path = damage.artefact.value < result.artefacts.size() ? result.artefacts[damage.artefact.value].path : "";
        tell(fmt::format("{}: {}: {}", path, damage.what, to_string(damage.fault)));
    }
    if (result.damage.size() > kTold) tell(fmt::format("{} more notes of damage", result.damage.size() - kTold));
}

std::expected<ScanOptions, std::string> scan_options(const Arguments& arguments) {
    ScanOptions options{TRY(evidence_of(arguments))};
    options.intake.limits = kScriptLimits;
    options.what.depth = arguments.has("--all") ? shells::Depth::all : shells::Depth::filtered;
    if (auto paths = arguments.values.find("--yara"); paths != arguments.values.end())
        options.what.rules = TRY(shells::YaraRules::read(paths->second));
    options.what.rules_on_all = arguments.has("--yara-all");
    if (options.what.rules_on_all && !options.what.rules)
        return std::unexpected("--yara-all means nothing without --yara");
    options.what.features = arguments.has("--features");
    options.stop = &stop_on_signals();
    return options;
}

/// Rules that do not work are named, never silently skipped.
void tell_rules(const shells::YaraRules& rules) {
    for (const auto& note : rules.notes())
        tell(fmt::format("{} line {}: {}{}", note.file, note.line, note.text,
                         note.refused ? "; this file's rules are not used" : ""));
    tell(fmt::format("{} YARA rules; {} expressions without an upper bound, of which libyara looks {} bytes ahead",
                     rules.count(), rules.windowed(), shells::YaraRules::kWindow));
}

Exit explain(const Arguments& arguments, ScanOptions options, const Intel* intel) {
    if (arguments.positional.size() != 2)
        return fail(Exit::usage, "explain needs one file: ascribe shells explain FILE");
    options.evidence = {arguments.positional[1]};
    options.what = {.depth = shells::Depth::all, .detail = shells::Detail::explanation};
    auto worst = ScriptVerdict::benign;
    auto result = scan_scripts(options, *intel, [&](const Artefact& artefact, const ExaminedScript& script) {
        worst = std::max(worst, script.analysis.verdict);
        auto text = arguments.has("--jsonl") ? explain_script_json(artefact.path, script)
                                             : explain_script(artefact.path, script);
        std::fwrite(text.data(), 1, text.size(), stdout);
    });
    if (!result) return fail(*options.stop ? Exit::interrupted : Exit::usage, result.error());
    if (!arguments.has("--quiet")) tell_damage(*result);
    if (result->files == 0) return Exit::insufficient;
    return worst >= verdict_named(arguments.value("--fail-on").value_or("malicious")) ? Exit::findings : Exit::clean;
}

Exit run(const Arguments& arguments) {
    auto options = scan_options(arguments);
    if (!options) return fail(Exit::usage, options.error());
    auto form = form_of(arguments);
    if (!form) return fail(Exit::usage, form.error());
    auto intel = intel_of(arguments);
    if (!intel) return fail(Exit::usage, intel.error());
    auto accepted = baseline_of(arguments);
    if (!accepted) return fail(Exit::usage, accepted.error());
    if (auto can = can_write_baseline(arguments); !can) return fail(Exit::usage, can.error());
    if (options->what.rules && !arguments.has("--quiet")) tell_rules(*options->what.rules);
    if (arguments.positional.front() == "explain") return explain(arguments, std::move(*options), &*intel);
    ProgressLine line(isatty(STDERR_FILENO) == 1);
    bool quiet = arguments.has("--quiet");
    if (!quiet) options->intake.progress = [&](const Progress& progress) { line.show(progress); };

    bool broken = false;
    auto put = [&](const std::string& text) {
        if (!broken && std::fwrite(text.data(), 1, text.size(), stdout) != text.size())
            broken = stop_on_signals() = true;  // nobody reads any more
    };
    auto least = verdict_named(arguments.value("--fail-on").value_or("malicious"));
    std::vector<ScriptFound> found;
    bool alarming = false;
    auto result = scan_scripts(*options, *intel, [&](const Artefact& artefact, const ExaminedScript& script) {
        auto digest = script.hashed ? to_hex(script.digest) : std::string();
        bool known = accepted->contains(digest);
        if (arguments.has("--features")) return put(script_features_json(artefact.path, script));
        if (*form == Form::jsonl) put(script_json(artefact.path, script, known));
        if (script.analysis.verdict == ScriptVerdict::benign) return;
        alarming = alarming || (!known && script.analysis.verdict >= least);
        found.push_back({artefact.path, digest, known, script.analysis, script.rules});
    });
    line.clear();
    if (!result) return fail(*options->stop ? Exit::interrupted : Exit::usage, result.error());
    if (*form == Form::sarif) put(scripts_sarif(found, version()));
    if (*form == Form::table && !arguments.has("--features")) put(scripts_table(found, *result));
    if (!quiet) tell_damage(*result);
    if (auto path = arguments.value("--write-baseline"))
        if (auto written = write_baseline(*path, found); !written) return fail(Exit::usage, written.error());
    if (alarming) return Exit::findings;
    return result->files > 0 && count_unread(result->damage) == 0 ? Exit::clean : Exit::insufficient;
}

constexpr Option kOptions[] = {
    {"--jsonl", "", "",
     "A JSON object a line for every file read: path, verdict, score, language, reasons. With explain: one object"},
    {"--sarif", "", "", "One SARIF 2.1.0 log of everything that is not benign"},
    {"--fail-on", "", "VERDICT", "Mildest verdict that makes exit code 1; malicious unless given",
     "suspicious dual_use malicious"},
    {"--baseline", "", "FILE",
     "Files to accept: their SHA-256, one a line, as sha256sum and --write-baseline write it"},
    {"--write-baseline", "", "FILE", "Write such a file of everything that is not benign"},
    {"--all", "", "", "Analyse every file, also those that the prefilter says cannot hold a shell"},
    {"--yara", "", "PATH",
     "YARA rules to run too: a file, or a folder of .yar, .yara and .rule files; may be given again. What they hit is "
     "at least suspicious"},
    {"--yara-all", "", "", "Run them on every file, not only on what the prefilter selects"},
    {"--features", "", "", "What the model sees of every file, a JSON object a line, for script/train-shells"},
    options::kPasswordFile,
    options::kMaxOutput,
    options::kWorkers,
    options::kIsolation,
    {"--intel", "", "DIR", "Reference data to use instead of the built-in; of it, stock pages"},
    {"--quiet", "-q", "", "No progress and damage on stderr"},
};
constexpr std::string_view kExamples[] = {
    "ascribe shells /var/www",
    "ascribe shells webroot.zip --jsonl > verdicts.jsonl",
    "ascribe shells . --baseline .ascribe-baseline --sarif > shells.sarif",
    "ascribe shells explain upload/img.php",
};

}  // namespace

extern const Command kShells;
const Command kShells{
    "shells",
    "Find web shells: what scripts do, through whatever disguise",
    "PATH... [options]  or  explain FILE [options]",
    "PATH is a folder, a file, an archive, or - for standard input. PHP, ASP, ASP.NET, JSP, CFML, Perl "
    "and Python are read and unfolded, never run; data is followed from the request to where it does "
    "harm. explain shows one file layer by layer and what each reason adds to the verdict. Exit "
    "code 3: nothing malicious was found, and nothing was read or not all of it.",
    kOptions,
    kExamples,
    1,
    -1,
    run,
    "explain"};

}  // namespace ascribe

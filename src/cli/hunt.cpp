// `ascribe hunt`: every row that a rule or a coded detector hits, as tables, CSV or JSON lines.
#include "engine/hunt.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/investigate.hpp"
#include "cli/options.hpp"
#include "cli/progress.hpp"
#include "cli/rules.hpp"
#include "cli/stop.hpp"
#include "report/reading.hpp"
#include "report/sightings.hpp"

namespace ascribe {
namespace {

enum class Form { table, csv, jsonl };

Form form_of(const Arguments& arguments) {
    if (arguments.has("--jsonl")) return Form::jsonl;
    return arguments.has("--csv") ? Form::csv : Form::table;
}

void print_costs(const sigma::RuleSet& rules, const HuntSummary& summary) {
    std::vector<std::size_t> order(rules.rules().size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::stable_sort(order, std::greater{}, [&](std::size_t rule) { return summary.judged[rule]; });
    fmt::print("\nDearest rules: rows whose condition was evaluated, hits, title\n");
    for (std::size_t i = 0; i < order.size() && i < 20 && summary.judged[order[i]] > 0; ++i)
        fmt::print("{:>13} {:>9}  {}\n", summary.judged[order[i]], summary.hits[order[i]],
                   visible(rules.rules()[order[i]].title, 100));
}

/// How often each kind of damage was met, the most frequent first, up to five.
std::vector<std::string> damage_reasons(const std::vector<Damage>& damage) {
    constexpr std::size_t kReasons = 5;
    std::map<std::string, std::size_t> counts;
    for (const Damage& one : damage) ++counts[fmt::format("{} ({})", one.what, to_string(one.fault))];
    std::vector<std::pair<std::string, std::size_t>> order(counts.begin(), counts.end());
    std::ranges::stable_sort(order, std::greater{}, [](const auto& one) { return one.second; });
    std::vector<std::string> told;
    for (const auto& [reason, count] : order)
        if (told.size() < kReasons) told.push_back(fmt::format("{} x {}", count, reason));
    return told;
}

/// What was read and what was not. Beside hits that a program reads it goes to stderr: no line is lost in silence.
void print_evidence(const HuntResult& result, std::FILE* to) {
    std::uint64_t bad = 0;
    for (const Accounting& account : result.accounting) bad += account.bad;
    Reading reading(result.artefacts);
    auto counted = [](std::uint64_t count, std::string_view one) {
        return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s");
    };
    auto damage = result.damage.empty() ? "no damage" : counted(result.damage.size(), "note") + " of damage";
    fmt::print(to, "Evidence      {}, {} of kinds not read, {}, {}; isolation {}\n",
               counted(result.artefacts.size(), "file"), reading.unread(), counted(bad, "bad line"), damage,
               result.isolation);
    for (const auto& reason : damage_reasons(result.damage)) fmt::print(to, "              {}\n", visible(reason, 200));
    if (auto logs = reading.unread_logs(); !logs.empty()) fmt::print(to, "Not read      {}\n", logs);
}

void print_end(const HuntResult& result, const sigma::RuleSet* rules, const Arguments& arguments) {
    const HuntSummary& summary = result.summary;
    auto only = arguments.value("--only").value_or("");
    if (summary.rows == 0)
        fmt::print("Nothing was read: no file is of a kind that is known here\n");
    else if (summary.sightings == 0)
        fmt::print("Nothing was found{}\n", count_unread(result.damage) > 0 ? " in what could be read" : "");
    if (rules != nullptr) {
        std::size_t hit = 0;
        for (auto count : summary.hits) hit += count > 0 ? 1 : 0;
        fmt::print("\nRules         {} loaded, {} of them for log sources known here, {} refused, {} hit\n",
                   rules->rules().size(), rules->active(), rules->refusals().size(), hit);
        fmt::print("Coverage      {} of {} events were of a kind some rule reads{}\n", summary.read_by_rules,
                   summary.rows, only == "sigma" ? "" : "; the coded detectors looked at all of them");
        if (arguments.has("--cost")) print_costs(*rules, summary);
    }
    if (summary.not_listed > 0)
        fmt::print("Not listed    {} hits beyond the limit of a part: a rule that matches nearly everything\n",
                   summary.not_listed);
    if (summary.marks_lost > 0)
        fmt::print("Correlations  {} events were beyond the limit and not counted\n", summary.marks_lost);
    print_evidence(result, stdout);
}

Exit run(const Arguments& arguments) {
    auto evidence = evidence_of(arguments);
    if (!evidence) return fail(Exit::usage, evidence.error());
    HuntOptions options{std::move(*evidence)};
    auto intel = intel_of(arguments);
    if (!intel) return fail(Exit::usage, intel.error());
    auto only = arguments.value("--only").value_or("");
    if (only != "coded") {
        auto rules = rules_of(arguments);
        if (!rules) return fail(Exit::usage, rules.error());
        options.rules = std::move(*rules);
        if (!arguments.has("--quiet")) tell_refused(*options.rules);
    }
    options.coded = only != "sigma";
    auto& interrupted = stop_on_signals();
    options.stop = &interrupted;
    options.intake.hash = !arguments.has("--no-hash");
    ProgressLine line(isatty(STDERR_FILENO) == 1);
    if (!arguments.has("--quiet")) options.intake.progress = [&](const Progress& progress) { line.show(progress); };

    auto form = form_of(arguments);
    SightingTables tables;
    bool broken = false, alert = false;
    auto put = [&](const std::string& text) {
        if (!broken && std::fwrite(text.data(), 1, text.size(), stdout) != text.size())
            broken = interrupted = true;  // nobody reads any more
    };
    if (form == Form::csv) put(sighting_csv_head());
    auto least = sigma::level_rank(arguments.value("--min-level").value_or("informational"));
    auto result = hunt(options, *intel, [&](const Sighting& sighting) {
        if (sigma::level_rank(sighting.level) < least) return;
        alert = alert || !sighting.scan;
        if (form == Form::table) tables.add(sighting);
        if (form == Form::jsonl) put(sighting_json(sighting));
        if (form == Form::csv) put(sighting_csv(sighting));
    });
    line.clear();
    if (!result) return fail(interrupted ? Exit::interrupted : Exit::usage, result.error());
    if (form == Form::table) {
        put(tables.text());
        print_end(*result, options.rules.get(), arguments);
    } else if (!arguments.has("--quiet")) {
        print_evidence(*result, stderr);
    }
    if (alert) return Exit::findings;
    const HuntSummary& summary = result->summary;
    bool read = options.coded ? summary.rows > 0 : summary.read_by_rules > 0;
    return read && count_unread(result->damage) == 0 ? Exit::clean : Exit::insufficient;
}

constexpr Option kOptions[] = {
    {"--rules", "", "PATH", "Sigma rules: a file or a folder of them; may be given again. Ascribe's own unless given"},
    {"--only", "", "KIND", "Only Sigma rules, or only coded detectors", "sigma coded"},
    {"--min-level", "", "LEVEL", "Least level shown", "informational low medium high critical"},
    {"--status", "", "STATUS", "Only rules of this status; may be given again",
     "stable test experimental deprecated unsupported"},
    options::kExclude,
    options::kMapping,
    options::kPlaceholders,
    options::kNoCache,
    {"--jsonl", "", "", "A JSON object a line for every hit, in order of file and offset"},
    {"--csv", "", "", "A row for every hit"},
    {"--cost", "", "", "Which rules were evaluated how often"},
    {"--no-hash", "", "", "Take no hashes: faster, but nothing then proves which bytes were read"},
    options::kPasswordFile,
    options::kMaxOutput,
    options::kWorkers,
    options::kIsolation,
    options::kIntel,
    {"--quiet", "-q", "", "No progress, no refused rules and no counts on stderr"},
};
constexpr std::string_view kExamples[] = {
    "ascribe hunt EXCH01-triage.zip --rules sigma/rules",
    "ascribe hunt Security.evtx --rules sigma/rules --min-level high --jsonl",
    "ascribe hunt logs/ --only coded --csv",
};

}  // namespace

extern const Command kHunt;
const Command kHunt{
    "hunt",
    "Every row that a Sigma rule or a coded detector hits",
    "EVIDENCE... [options]",
    "EVIDENCE is what investigate takes. A hit leads to its bytes: path, offset, size, line or record. "
    "Nothing is concluded: investigate gives the verdict. Exit code 1: a hit above informational; 3: no "
    "such hit, and nothing was read or not all of it.",
    kOptions,
    kExamples,
    1,
    -1,
    run};

}  // namespace ascribe

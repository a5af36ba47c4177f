// `ascribe events`: every Windows event as a line of JSON, XML or CSV. What could not be read is told on stderr, by
// place and reason.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/investigate.hpp"
#include "cli/options.hpp"
#include "cli/progress.hpp"
#include "cli/stop.hpp"
#include "engine/dump.hpp"

namespace ascribe {
namespace {

/// Damage of one file told line by line; the rest is counted. One broken log must not bury the others.
constexpr std::size_t kTold = 100;

std::expected<Dump, std::string> dump_of(const Arguments& arguments) {
    Dump what;
    int forms = 0;
    for (auto [flag, form] : {std::pair{"--jsonl", RowForm::jsonl}, {"--xml", RowForm::xml}, {"--csv", RowForm::csv}})
        if (arguments.has(flag)) {
            what.form = form;
            ++forms;
        }
    if (forms > 1) return std::unexpected("--jsonl, --xml and --csv exclude each other; give one of them");
    auto kind = arguments.value("--kind").value_or("windows_event");
    what.kind = std::ranges::find(record_schemas(), std::string_view(kind), &RecordSchema::name)->kind;
    if (what.form == RowForm::xml && what.kind != RecordKind::windows_event && what.kind != RecordKind::recovered_event)
        return std::unexpected("--xml is for Windows events; give --jsonl or --csv for other records");
    if (auto given = arguments.values.find("--where"); given != arguments.values.end())
        for (const std::string& text : given->second) {
            auto condition = TRY(read_condition(text, what.kind));
            what.filter.conditions.push_back(std::move(condition));
        }
    what.filter.from = TRY(time_of(arguments, "--from"));
    what.filter.until = TRY(time_of(arguments, "--to"));
    if (what.filter.from && what.filter.until && *what.filter.from >= *what.filter.until)
        return std::unexpected("--from needs a time before that of --to");
    return what;
}

std::string_view path_of(const DumpResult& result, ArtefactId id) {
    return id.value < result.artefacts.size() ? std::string_view(result.artefacts[id.value].path) : "";
}

/// In order of file and offset.
void tell_damage(const DumpResult& result) {
    for (std::size_t i = 0, told = 0; i < result.damage.size(); ++i) {
        const Damage& damage = result.damage[i];
        auto path = visible(path_of(result, damage.artefact));
        if (++told <= kTold)
            fmt::print(stderr, "ascribe: {} at offset {}: {}: {}\n", path, damage.offset, visible(damage.what, 400),
                       to_string(damage.fault));
        bool last = i + 1 == result.damage.size() || result.damage[i + 1].artefact != damage.artefact;
        if (last && told > kTold) fmt::print(stderr, "ascribe: {}: {} more notes of damage\n", path, told - kTold);
        if (last) told = 0;
    }
}

void tell_end(const DumpResult& result, RecordKind what) {
    auto kind = record_schemas()[static_cast<std::size_t>(what)].name;
    std::uint64_t bad = 0, other = 0, recovered = 0;
    for (const Accounting& account : result.accounting) {
        bad += account.bad;
        other += account.records;
        recovered += account.recovered;
    }
    if (what != RecordKind::recovered_event) other -= std::min(other, result.rows);
    fmt::print(stderr,
               "ascribe: {} files, {} of {} records of kind {} written, {} of other kinds, {} bad, {} notes of "
               "damage, {} recovered from slack{}; isolation {}\n",
               result.artefacts.size(), result.written, result.rows, kind, other, bad, result.damage.size(), recovered,
               recovered > 0 && what != RecordKind::recovered_event ? " (--kind recovered_event)" : "",
               result.isolation);
}

/// A mistyped name must not look like a search without a find.
void tell_unnamed(const DumpResult& result, const Dump& what) {
    const auto& conditions = what.filter.conditions;
    for (std::size_t i = 0; i < conditions.size() && i < 64; ++i) {
        if ((result.conditions_named >> i & 1) != 0) continue;
        std::vector<std::string_view> columns;
        for (const auto& column : record_schemas()[static_cast<std::size_t>(what.kind)].columns)
            columns.push_back(column.name);
        fmt::print(stderr,
                   "ascribe: --where: none of the {} records has a field named '{}'; a field is a column ({}) or the "
                   "name of a datum\n",
                   result.rows, visible(conditions[i].field, 100), fmt::join(columns, ", "));
    }
}

Exit run(const Arguments& arguments) {
    auto evidence = evidence_of(arguments);
    if (!evidence) return fail(Exit::usage, evidence.error());
    auto what = dump_of(arguments);
    if (!what) return fail(Exit::usage, what.error());
    DumpOptions options{std::move(*evidence), std::move(*what)};
    auto& interrupted = stop_on_signals();
    options.stop = &interrupted;
    ProgressLine line(isatty(STDERR_FILENO) == 1);
    bool quiet = arguments.has("--quiet");
    if (!quiet) options.intake.progress = [&](const Progress& progress) { line.show(progress); };

    int fault = 0;
    auto put = [&](std::string_view text) {
        if (fault != 0 || text.empty() || std::fwrite(text.data(), 1, text.size(), stdout) == text.size()) return;
        fault = errno;
        interrupted = true;  // nobody reads any more
    };
    const Dump& dumped = options.what;
    put(RowLines::head(dumped.kind, dumped.form));
    auto result = dump(options, Intel{}, put);
    if (result) put(RowLines::foot(dumped.form));
    line.clear();
    if (fault != 0)
        return fail(Exit::usage, fmt::format("standard output cannot be written: {}; what was printed is in order and "
                                             "incomplete",
                                             std::strerror(fault)));
    if (!result) return fail(interrupted ? Exit::interrupted : Exit::usage, result.error());
    if (!quiet) {
        tell_damage(*result);
        tell_end(*result, dumped.kind);
    }
    if (result->rows > 0) tell_unnamed(*result, dumped);
    if (result->not_written > 0)
        fmt::print(stderr, "ascribe: {} records were not written: a part of a log may give {} MiB of lines\n",
                   result->not_written, kDumpBytes >> 20);
    return result->rows > 0 && result->not_written == 0 ? Exit::clean : Exit::insufficient;
}

constexpr Option kOptions[] = {
    {"--jsonl", "", "", "A JSON object a line, ASCII only; the form unless another is given"},
    {"--xml", "", "", "An Event element a line, below one Events element"},
    {"--csv", "", "", "A row an event; its data as JSON in the last column"},
    {"--where", "", "CONDITION",
     "Only events of which this holds: FIELD=VALUE, FIELD!=VALUE or FIELD~PART, without case. FIELD is a column "
     "(event_id or EventID, channel, ...) or the name of a datum; several conditions must all hold"},
    {"--from", "", "TIME", "Only events from this UTC time on"},
    {"--to", "", "TIME", "Only events before this UTC time"},
    {"--kind", "", "KIND", "Records of another kind than Windows events; docs/records.md tells their columns",
     "windows_event recovered_event http_request exchange_request exchange_command exchange_trace mail_event"},
    options::kPasswordFile,
    options::kMaxOutput,
    options::kWorkers,
    options::kIsolation,
    {"--quiet", "-q", "", "No progress, damage and counts on stderr"},
};
constexpr std::string_view kExamples[] = {
    "ascribe events Security.evtx > security.jsonl",
    "ascribe events logs/ --where event_id=4688 --where CommandLine~whoami",
    "ascribe events Security.evtx --kind recovered_event > overwritten.jsonl",
    "ascribe events triage.zip --csv --from 2021-02-28 --to 2021-03-15 > events.csv",
};

}  // namespace

extern const Command kEvents;
const Command kEvents{"events",
                      "Every Windows event as a line of JSON, XML or CSV",
                      "EVIDENCE... [options]",
                      "EVIDENCE is what investigate takes. Events of EVTX files and of log shippers' JSON come out "
                      "alike, in order of file and offset, each with the path, offset and size of its bytes. Every "
                      "record is written or told on stderr with its offset and the reason. Exit code 3: there was no "
                      "event.",
                      kOptions,
                      kExamples,
                      1,
                      -1,
                      run};

}  // namespace ascribe

// `ascribe attribute`: who may have done it, for the threads of a case and for incidents told as lists of techniques
// and software.
#include "attribute/attribute.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <thread>

#include "attribute/evaluate.hpp"
#include "attribute/names.hpp"
#include "attribute/pool.hpp"
#include "attribute/sector.hpp"
#include "attribute/text.hpp"
#include "attribute/threads.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "casefile/casefile.hpp"
#include "cli/attack.hpp"
#include "cli/attribute/print.hpp"
#include "cli/files.hpp"
#include "cli/investigate.hpp"
#include "cli/options.hpp"
#include "intel/day.hpp"
#include "intel/incidents.hpp"
#include "model/yardstick.hpp"
#include "report/all.hpp"

namespace ascribe {
namespace {

/// What was known when: everything, what was published before a day, or before each intrusion's own day.
struct AsOf {
    bool own = false;
    std::optional<Day> day;
};

std::expected<AsOf, std::string> as_of_told(const Arguments& arguments) {
    auto text = arguments.value("--as-of");
    if (!text) return AsOf{};
    if (*text == "incident") return AsOf{.own = true, .day = {}};
    auto time = parse_time(*text);
    if (!time)
        return std::unexpected(fmt::format("--as-of: '{}' is neither 'incident' nor a date such as 2021-03-02", *text));
    return AsOf{.own = false, .day = day_of(*time)};
}

View view_of(const AttackKnowledge& knowledge, const AsOf& as_of, std::optional<Day> own) {
    auto day = as_of.own ? own : as_of.day;
    return day ? View(knowledge, known_before(knowledge, *day)) : View(knowledge);
}

Observation observation_of(const AttackKnowledge& knowledge, const ActorNames& names, const ToldIncident& incident) {
    auto out = observe(knowledge, incident.id, incident.items, incident.day);
    if (!incident.sector.empty())
        if (auto evidence = sector_evidence(incident.sector, knowledge, names))
            out.expert.push_back(std::move(*evidence));
    return out;
}

/// In order, by that many threads: each takes every n-th block, so the output does not depend on how many there are.
void answer_all(const AttackKnowledge& knowledge, const ActorNames& names, const AttributionWeights& weights,
                const std::vector<ToldIncident>& incidents, std::size_t threads, const AsOf& as_of) {
    constexpr std::size_t kBlock = 256;
    View view = view_of(knowledge, as_of, {});
    for (std::size_t begin = 0; begin < incidents.size(); begin += kBlock * threads) {
        std::vector<std::string> lines(threads);
        auto work = [&](std::size_t thread) {
            std::size_t from = begin + thread * kBlock, to = std::min(from + kBlock, incidents.size());
            for (std::size_t i = from; i < to; ++i) {
                auto observation = observation_of(knowledge, names, incidents[i]);
                auto answer = as_of.own ? attribute(view_of(knowledge, as_of, incidents[i].day), observation, weights)
                                        : attribute(view, observation, weights);
                lines[thread] += json_line(knowledge, observation, answer);
            }
        };
        {
            std::vector<std::jthread> pool;
            for (std::size_t thread = 1; thread < threads; ++thread) pool.emplace_back(work, thread);
            work(0);
        }
        for (const std::string& text : lines) std::fwrite(text.data(), 1, text.size(), stdout);
    }
}

std::expected<std::size_t, std::string> threads_of(const Arguments& arguments) {
    constexpr std::int64_t kMost = 256;
    auto number = TRY(number_of(arguments, "--workers", kMost));
    return number > 0 ? static_cast<std::size_t>(number) : std::max(1U, std::thread::hardware_concurrency());
}

Scale scale_of(const Arguments& arguments) {
    return arguments.value("--words") == "icd203" ? Scale::icd203 : Scale::phia;
}

/// Ids of --what-if "drop F-0123456789 F-...".
std::expected<std::vector<std::string>, std::string> dropped_of(const Arguments& arguments, const Case& opened) {
    std::vector<std::string> dropped;
    auto text = arguments.value("--what-if");
    if (!text) return dropped;
    auto words = split(*text, ' ');
    if (words.empty() || words[0] != "drop" || words.size() < 2)
        return std::unexpected("--what-if needs 'drop' and ids of findings, such as \"drop F-0123456789\"");
    for (std::size_t i = 1; i < words.size(); ++i) {
        bool known = std::ranges::any_of(opened.incidents, [&](const Incident& incident) {
            return std::ranges::find(incident.findings, words[i], &Finding::id) != incident.findings.end();
        });
        if (!known) return std::unexpected(fmt::format("--what-if: there is no finding '{}' in this case", words[i]));
        dropped.emplace_back(words[i]);
    }
    return dropped;
}

Exit attribute_case(const Arguments& arguments, const AttackKnowledge& knowledge, const ActorNames& names,
                    const AttributionWeights& weights) {
    auto opened = load_case(arguments.positional[0]);
    if (!opened) return fail(Exit::usage, opened.error());
    auto intel = intel_of(arguments);
    if (!intel) return fail(Exit::usage, intel.error());
    auto dropped = dropped_of(arguments, *opened);
    if (!dropped) return fail(Exit::usage, dropped.error());
    auto as_of = as_of_told(arguments);
    if (!as_of) return fail(Exit::usage, as_of.error());
    TellOptions options{.dropped = *dropped,
                        .scale = scale_of(arguments),
                        .vendor = std::string(arguments.value("--names").value_or("")),
                        .names = &names,
                        .as_of_thread = as_of->own,
                        .sector = std::string(arguments.value("--sector").value_or(""))};
    View view = view_of(knowledge, *as_of, {});
    std::size_t told = 0;
    for (Incident& incident : opened->incidents) {
        incident.attributions = attribute_threads(incident, *intel, view, weights, options);
        if (!arguments.has("--json")) fmt::print("Server {}\n\n", visible(incident.server));
        for (const ThreadAttribution& each : incident.attributions) {
            if (!arguments.has("--json")) fmt::print("{}", page_of(each, options.scale));
            ++told;
        }
        if (!arguments.has("--json")) print_working_hours(incident);
    }
    auto pools = attribute_pools(*opened, *intel, view, weights, options);
    if (!pools.empty() && !arguments.has("--json"))
        fmt::print("Threads that share a shell's body or key, a host or an address\n\n");
    for (const ThreadAttribution& each : pools)
        if (!arguments.has("--json")) fmt::print("{}", page_of(each, options.scale));
    if (arguments.has("--json"))
        fmt::print("{}", find_exporter("json")->write(*opened));
    else if (told == 0)
        fmt::print("Nothing in this case speaks of who it was.\n");
    return Exit::clean;
}

bool is_case(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::array<char, 15> head{};
    return file.read(head.data(), head.size()) && std::string_view(head.data(), head.size()) == "SQLite format 3";
}

std::expected<std::vector<Example>, std::string> examples_of(const AttackKnowledge& knowledge,
                                                             const std::vector<ToldIncident>& incidents) {
    std::vector<Example> examples;
    for (const ToldIncident& incident : incidents) {
        auto group = knowledge.group(incident.group);
        if (!group)
            return std::unexpected(fmt::format("incident {}: there is no group '{}' in {}", incident.id, incident.group,
                                               knowledge.origin));
        if (incident.items.size() < kLeastItems) continue;
        examples.push_back({observe(knowledge, incident.id, incident.items, incident.day), *group, incident.report});
    }
    return examples;
}

std::vector<std::string> listed(const Arguments& arguments, std::string_view flag) {
    std::vector<std::string> out;
    if (auto value = arguments.value(flag))
        for (auto part : split(*value, ','))
            if (!trim(part).empty()) out.emplace_back(trim(part));
    return out;
}

/// What the command line itself tells.
std::expected<ToldIncident, std::string> incident_told(const Arguments& arguments) {
    ToldIncident incident;
    incident.items = listed(arguments, "--techniques");
    std::ranges::move(listed(arguments, "--software"), std::back_inserter(incident.items));
    if (auto date = arguments.value("--date")) {
        auto time = parse_time(*date);
        if (!time) return std::unexpected(fmt::format("--date: '{}' is no date such as 2021-03-02", *date));
        incident.day = day_of(*time);
    }
    incident.sector = arguments.value("--sector").value_or("");
    return incident;
}

Exit attribute_told(const Arguments& arguments, const AttackKnowledge& knowledge, const ActorNames& names,
                    const AttributionWeights& weights) {
    auto incident = incident_told(arguments);
    if (!incident) return fail(Exit::usage, incident.error());
    auto observation = observation_of(knowledge, names, *incident);
    if (!observation.unknown.empty())
        return fail(Exit::usage, fmt::format("{} is no technique or software of ATT&CK {}; ids look like T1505.003 and "
                                             "S0020",
                                             observation.unknown.front(), knowledge.version));
    auto as_of = as_of_told(arguments);
    if (!as_of) return fail(Exit::usage, as_of.error());
    auto answer = attribute(view_of(knowledge, *as_of, incident->day), observation, weights);
    if (arguments.has("--json"))
        fmt::print("{}", json_line(knowledge, observation, answer));
    else
        print_answer(knowledge, observation, answer, scale_of(arguments), names,
                     arguments.value("--names").value_or(""));
    return Exit::clean;
}

/// --evaluate and --fit, of incidents whose group is told.
Exit measure(const Arguments& arguments, const AttackKnowledge& knowledge, const std::vector<ToldIncident>& incidents) {
    auto examples = examples_of(knowledge, incidents);
    if (!examples) return fail(Exit::usage, examples.error());
    if (arguments.has("--fit"))
        fmt::print("{}", write_weights(fit_weights(knowledge, *examples),
                                       fmt::format("Made by `ascribe attribute --fit`: {} incidents, ATT&CK {}",
                                                   examples->size(), knowledge.version)));
    else
        print_evaluation(evaluate(knowledge, *examples));
    return Exit::clean;
}

/// A JSON line for each incident of a file.
Exit attribute_incidents(const Arguments& arguments, const AttackKnowledge& knowledge, const ActorNames& names,
                         const AttributionWeights& weights, std::vector<ToldIncident> incidents) {
    auto threads = threads_of(arguments);
    if (!threads) return fail(Exit::usage, threads.error());
    auto as_of = as_of_told(arguments);
    if (!as_of) return fail(Exit::usage, as_of.error());
    if (arguments.has("--pool")) {
        auto pooled = pool_incidents(incidents);
        if (!pooled) return fail(Exit::usage, pooled.error());
        incidents = std::move(*pooled);
    }
    if (auto sector = arguments.value("--sector"))
        for (ToldIncident& incident : incidents)
            if (incident.sector.empty()) incident.sector = *sector;
    answer_all(knowledge, names, weights, incidents, *threads, *as_of);
    return Exit::clean;
}

Exit run(const Arguments& arguments) {
    bool measuring = arguments.has("--evaluate") || arguments.has("--fit");
    bool is_told = arguments.has("--techniques") || arguments.has("--software");
    if (is_told && (!arguments.positional.empty() || measuring))
        return fail(Exit::usage, "--techniques and --software stand for an incident; give no file with them");
    if (!is_told && arguments.positional.empty())
        return misused("attribute", "attribute needs a case, a file of incidents, or --techniques and --software");
    auto knowledge = attack_of(arguments);
    if (!knowledge) return fail(Exit::usage, knowledge.error());
    auto names = load_names(std::string(arguments.value("--intel").value_or("")));
    if (!names) return fail(Exit::usage, names.error());
    if (auto vendor = arguments.value("--names")) {
        auto vendors = naming_vendors(*names);
        if (std::ranges::find(vendors, lower(*vendor)) == vendors.end())
            return fail(Exit::usage, fmt::format("--names: nobody called '{}' names actors here; there are {}", *vendor,
                                                 fmt::join(vendors, ", ")));
    }
    AttributionWeights weights;
    if (!measuring) {
        auto read = weights_of(arguments);
        if (!read) return fail(Exit::usage, read.error());
        weights = std::move(*read);
    }
    if (is_told) return attribute_told(arguments, *knowledge, *names, weights);
    const std::string& path = arguments.positional[0];
    if (is_case(path)) {
        if (measuring) return fail(Exit::usage, "--evaluate and --fit need a file of incidents, not a case");
        return attribute_case(arguments, *knowledge, *names, weights);
    }
    auto text = contents_of(path);
    if (!text) return fail(Exit::usage, text.error());
    auto incidents = read_incidents(*text, path);
    if (!incidents) return fail(Exit::usage, incidents.error());
    if (measuring) return measure(arguments, *knowledge, *incidents);
    return attribute_incidents(arguments, *knowledge, *names, weights, std::move(*incidents));
}

constexpr Option kOptions[] = {
    {"--techniques", "", "LIST", "Ids of techniques seen, separated by commas"},
    {"--software", "", "LIST", "Ids of software seen, separated by commas"},
    {"--date", "", "DAY", "When it was: actors reported around that day are more likely"},
    {"--sector", "", "SECTOR",
     "The victim's: groups stated to go for it are a little more likely. For a file: of those that do not tell theirs",
     kSectors},
    {"--what-if", "", "CHANGE", "For a case: \"drop F-0123456789 F-...\" judges without these findings"},
    {"--words", "", "SCALE", "Words for probabilities: phia (UK) unless given, or icd203 (US)", "phia icd203"},
    {"--names", "", "VENDOR", "Show a vendor's names for actors: microsoft, crowdstrike, mandiant, eset ..."},
    {"--as-of", "", "DAY", "Use only what was published before that day; 'incident': before each one's own day"},
    {"--pool", "", "", "For incidents: judge those that share a link of \"links\" as one intruder's"},
    {"--attack", "", "BUNDLE", "An ATT&CK STIX 2.1 bundle, or a table that intel import made, instead of the built-in"},
    {"--json", "", "", "One JSON object instead of text; a file of incidents always gives JSON lines"},
    {"--workers", "-j", "N",
     "Threads for a file of incidents; one for each core unless given. The result does not depend on it"},
    {"--evaluate", "", "", "Measure accuracy on incidents whose group is told"},
    {"--fit", "", "", "Print weights fitted to incidents whose group is told, as intel/attribution.tsv"},
    options::kIntel,
};
constexpr std::string_view kExamples[] = {
    "ascribe attribute case.ascribe",
    "ascribe attribute case.ascribe --what-if \"drop F-0123456789\" --names microsoft",
    "ascribe attribute --techniques T1190,T1505.003,T1003.001 --software S0020",
    "ascribe attribute incidents.json --attack enterprise-attack.json",
    "ascribe attribute incidents.json --pool --as-of incident",
    "ascribe attribute --evaluate incidents.json --attack enterprise-attack.json",
};

}  // namespace

extern const Command kAttribute;
const Command kAttribute{"attribute",
                         "Who may have done it: probabilities over all known actors and \"other\"",
                         "CASE | INCIDENTS.json | --techniques LIST [options]",
                         "Every probability is a sum of what was observed, shown as a ledger; \"other\" stands for an "
                         "actor that the knowledge does not have. Probability and confidence are two things: the "
                         "second says how sound the ground is. docs/attribution.md tells how it works and how good "
                         "it is.",
                         kOptions,
                         kExamples,
                         0,
                         1,
                         run};

}  // namespace ascribe

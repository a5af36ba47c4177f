// `ascribe attribute`: who may have done it, for the threads of a case and for incidents told as lists of techniques
// and software.
#include "attribute/attribute.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <thread>

#include "attribute/evaluate.hpp"
#include "attribute/hours.hpp"
#include "attribute/names.hpp"
#include "attribute/pool.hpp"
#include "attribute/sector.hpp"
#include "attribute/text.hpp"
#include "attribute/threads.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "casefile/casefile.hpp"
#include "cli/attack.hpp"
#include "cli/investigate.hpp"
#include "cli/options.hpp"
#include "intel/incidents.hpp"
#include "model/yardstick.hpp"
#include "report/all.hpp"
#include "report/pen.hpp"

namespace ascribe {
namespace {

std::string quoted(std::string_view text) {
    std::string out(text.size() * Pen::kJson + Pen::kSlack, '\0');
    Pen pen(out.data());
    pen.json(text);
    out.resize(static_cast<std::size_t>(pen.at() - out.data()));
    return '"' + out + '"';
}

std::string json_line(const AttackKnowledge& knowledge, const Observation& observation, const Attribution& answer) {
    std::string out = fmt::format("{{\"id\":{},\"hypotheses\":[", quoted(observation.id));
    for (std::size_t i = 0; i < answer.hypotheses.size(); ++i)
        out += fmt::format("{}{{\"actor\":{},\"p\":{}}}", i > 0 ? "," : "",
                           quoted(knowledge.groups[answer.hypotheses[i].group].id), answer.hypotheses[i].probability);
    double best = answer.hypotheses.empty() ? 0 : answer.hypotheses.front().probability;
    out += fmt::format(
        "],\"other\":{},\"word\":{},\"named\":{},\"confidence\":{},\"confidence_reason\":{},\"score\":{},\"ledger\":[",
        answer.other, quoted(yardstick(best)), best >= kNamedFrom && answer.diagnostic,
        quoted(to_string(answer.confidence)), quoted(answer.confidence_reason),
        answer.hypotheses.empty() ? 0 : answer.hypotheses.front().score);
    for (std::size_t i = 0; i < answer.ledger.size(); ++i)
        out += fmt::format("{}{{\"item\":{},\"what\":{},\"nats\":{}}}", i > 0 ? "," : "", quoted(answer.ledger[i].item),
                           quoted(answer.ledger[i].what), answer.ledger[i].nats);
    out += "]";
    if (!observation.unknown.empty()) {
        out += ",\"unknown\":[";
        for (std::size_t i = 0; i < observation.unknown.size(); ++i)
            out += (i > 0 ? "," : "") + quoted(observation.unknown[i]);
        out += "]";
    }
    return out + "}\n";
}

/// For people: the answer, its arithmetic in decibans, and what would change it.
void print_answer(const AttackKnowledge& knowledge, const Observation& observation, const Attribution& answer,
                  Scale scale, const ActorNames& names, std::string_view vendor) {
    if (!observation.id.empty()) fmt::print("Incident {}\n", visible(observation.id, 80));
    const AttackGroup& leader = knowledge.groups[answer.hypotheses.front().group];
    double best = answer.hypotheses.front().probability;
    if (best < kNamedFrom || answer.diagnostic)
        fmt::print("It is {} that this was {} ({}).\n", word_of(scale, best), visible(leader.name), leader.id);
    else
        fmt::print(
            "Nobody is named: {} ({}) fits best, but by habits that many share, so that it was they is at most {}.\n",
            visible(leader.name), leader.id, at_most(scale));
    fmt::print("Confidence in this assessment is {}: {}.\n\n", lower(to_string(answer.confidence)),
               answer.confidence_reason);
    fmt::print("  {:<6} {:<34} {:>10}  {}\n", "id", "actor", "p", "in words");
    for (std::size_t i = 0; i < answer.hypotheses.size() && i < 5; ++i) {
        const AttackGroup& group = knowledge.groups[answer.hypotheses[i].group];
        double p = answer.hypotheses[i].probability;
        fmt::print("  {:<6} {:<34} {:>10}  {}\n", group.id, visible(name_for(knowledge, names, group, vendor), 34),
                   percent(p), word_of(scale, p));
    }
    fmt::print("  {:<6} {:<34} {:>10}  {}\n\n", "", "an actor that is not known here", percent(answer.other),
               word_of(scale, answer.other));
    constexpr double kDecibans = 4.342944819;  // 10 / ln 10
    fmt::print("Why {} comes first (decibans; ten make it ten times as likely):\n", visible(leader.name));
    for (const LedgerLine& line : answer.ledger)
        fmt::print("  {:>+7.1f}  {:<10} {}\n", line.nats * kDecibans, line.item, visible(line.what, 100));
    fmt::print("  {:>+7.1f}  sum\n", answer.hypotheses.front().score * kDecibans);
    if (!answer.strongest.empty())
        fmt::print("\nWithout {} it would be {} ({}).\n", answer.strongest, word_of(scale, answer.without_strongest),
                   percent(answer.without_strongest));
    for (const std::string& id : observation.unknown)
        tell(fmt::format("{} is not known to {} {}; it was left out", id, knowledge.origin, knowledge.version));
}

/// What was known when: everything, what was published before a day, or before each intrusion's own day.
struct AsOf {
    bool own = false;
    std::optional<Day> day;
};

std::expected<AsOf, std::string> as_of_of(const Arguments& arguments) {
    auto text = arguments.value("--as-of");
    if (!text) return AsOf{};
    if (*text == "incident") return AsOf{.own = true, .day = {}};
    auto time = parse_time(*text);
    if (!time)
        return std::unexpected(fmt::format("--as-of: '{}' is neither 'incident' nor a date such as 2021-03-02", *text));
    return AsOf{.own = false,
                .day = static_cast<Day>(std::chrono::floor<std::chrono::days>(*time).time_since_epoch().count())};
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
    auto text = arguments.value("--workers");
    if (!text) return std::max(1U, std::thread::hardware_concurrency());
    auto number = parse_number(*text);
    if (!number || *number < 1 || *number > kMost)
        return std::unexpected(fmt::format("--workers needs a whole number from 1 to {}, not '{}'", kMost, *text));
    return static_cast<std::size_t>(*number);
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

void print_hours(const Incident& incident) {
    for (const Thread& thread : incident.threads) {
        std::vector<const Finding*> findings;
        for (const Finding& finding : incident.findings)
            if (std::ranges::find(thread.findings, finding.id) != thread.findings.end()) findings.push_back(&finding);
        if (auto hours = working_hours(findings)) fmt::print("{}: {}\n\n", thread.id, sentence_of(*hours));
    }
}

Exit attribute_case(const Arguments& arguments, const AttackKnowledge& knowledge, const ActorNames& names,
                    const AttributionWeights& weights) {
    auto opened = load_case(arguments.positional[0]);
    if (!opened) return fail(Exit::usage, opened.error());
    auto intel = intel_of(arguments);
    if (!intel) return fail(Exit::usage, intel.error());
    auto dropped = dropped_of(arguments, *opened);
    if (!dropped) return fail(Exit::usage, dropped.error());
    auto as_of = as_of_of(arguments);
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
        if (!arguments.has("--json")) print_hours(incident);
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

void print_accuracy(std::string_view name, const Accuracy& a) {
    fmt::print("  {:<10} {:>4} {:>7.1f} {:>7.1f} {:>7.1f} {:>9.3f} {:>7.3f} {:>6.3f}\n", name, a.incidents,
               100 * a.top1 / 1, 100 * a.top3, 100 * a.top10, a.log_loss, a.brier, a.calibration_error);
}

void print_evaluation(const Evaluation& evaluation) {
    for (const SplitResult& split : evaluation.splits) {
        fmt::print("{}\n  {:<10} {:>4} {:>7} {:>7} {:>7} {:>9} {:>7} {:>6}\n", to_string(split.split), "model", "n",
                   "top-1 %", "top-3", "top-10", "log-loss", "Brier", "ECE");
        print_accuracy("Ascribe", split.ours);
        print_accuracy("baseline", split.baseline);
        fmt::print("  log-loss gained, 95 % by paired bootstrap: {:.3f} to {:.3f}\n", split.gain_from, split.gain_to);
        fmt::print("  {:<24} {:>4} {:>7} {:>6}  {}\n", "word of the first", "n", "mean p", "right", "95 %");
        for (const Band& band : split.bands)
            if (band.incidents > 0)
                fmt::print("  {:<24} {:>4} {:>7.2f} {:>6.2f}  {:.2f} to {:.2f}\n", band.word, band.incidents, band.mean,
                           static_cast<double>(band.right) / static_cast<double>(band.incidents), band.from, band.to);
        fmt::print("\n");
    }
    fmt::print("unknown actors (each incident again with its group taken out of the knowledge, 3 of 10)\n");
    fmt::print("  AUROC of P(other) {:.3f}\n", evaluation.other_auroc);
    fmt::print("  {:<14} {:>8} {:>8} {:>15} {:>10}  {}\n", "named from p", "named %", "right %", "unknown named %",
               "precision", "95 %");
    for (const Naming& naming : evaluation.naming) {
        auto n = static_cast<double>(std::max<std::size_t>(naming.known, 1));
        fmt::print("  {:<14} {:>8.1f} {:>8.1f} {:>15.1f} {:>10.3f}  {:.3f} to {:.3f}\n", naming.threshold,
                   100 * static_cast<double>(naming.named) / n, 100 * static_cast<double>(naming.right) / n,
                   100 * static_cast<double>(naming.unknown_named) / n, naming.precision, naming.from, naming.to);
    }
}

std::vector<std::string> listed(const Arguments& arguments, std::string_view flag) {
    std::vector<std::string> out;
    if (auto value = arguments.value(flag))
        for (auto part : split(*value, ','))
            if (!trim(part).empty()) out.emplace_back(trim(part));
    return out;
}

/// What the command line itself tells.
std::expected<ToldIncident, std::string> told(const Arguments& arguments) {
    ToldIncident incident;
    incident.items = listed(arguments, "--techniques");
    std::ranges::move(listed(arguments, "--software"), std::back_inserter(incident.items));
    if (auto date = arguments.value("--date")) {
        auto time = parse_time(*date);
        if (!time) return std::unexpected(fmt::format("--date: '{}' is no date such as 2021-03-02", *date));
        incident.day = static_cast<Day>(std::chrono::floor<std::chrono::days>(*time).time_since_epoch().count());
    }
    incident.sector = arguments.value("--sector").value_or("");
    return incident;
}

Exit attribute_told(const Arguments& arguments, const AttackKnowledge& knowledge, const ActorNames& names,
                    const AttributionWeights& weights) {
    auto incident = told(arguments);
    if (!incident) return fail(Exit::usage, incident.error());
    auto observation = observation_of(knowledge, names, *incident);
    if (!observation.unknown.empty())
        return fail(Exit::usage, fmt::format("{} is no technique or software of ATT&CK {}; ids look like T1505.003 and "
                                             "S0020",
                                             observation.unknown.front(), knowledge.version));
    auto as_of = as_of_of(arguments);
    if (!as_of) return fail(Exit::usage, as_of.error());
    auto answer = attribute(view_of(knowledge, *as_of, incident->day), observation, weights);
    if (arguments.has("--json"))
        fmt::print("{}", json_line(knowledge, observation, answer));
    else
        print_answer(knowledge, observation, answer, scale_of(arguments), names,
                     arguments.value("--names").value_or(""));
    return Exit::clean;
}

Exit run(const Arguments& arguments) {
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
    bool measuring = arguments.has("--evaluate") || arguments.has("--fit");
    AttributionWeights weights;
    if (!measuring) {
        auto read = weights_of(arguments);
        if (!read) return fail(Exit::usage, read.error());
        weights = std::move(*read);
    }
    if (arguments.has("--techniques") || arguments.has("--software")) {
        if (!arguments.positional.empty() || measuring)
            return fail(Exit::usage, "--techniques and --software stand for an incident; give no file with them");
        return attribute_told(arguments, *knowledge, *names, weights);
    }
    if (arguments.positional.size() != 1)
        return fail(Exit::usage,
                    "attribute needs a case, a file of incidents, or --techniques and --software\nTry 'ascribe "
                    "attribute --help'.");
    if (is_case(arguments.positional[0])) {
        if (measuring) return fail(Exit::usage, "--evaluate and --fit need a file of incidents, not a case");
        return attribute_case(arguments, *knowledge, *names, weights);
    }
    auto text = contents_of(arguments.positional[0]);
    if (!text) return fail(Exit::usage, text.error());
    auto incidents = read_incidents(*text, arguments.positional[0]);
    if (!incidents) return fail(Exit::usage, incidents.error());
    if (measuring) {
        auto examples = examples_of(*knowledge, *incidents);
        if (!examples) return fail(Exit::usage, examples.error());
        if (arguments.has("--fit"))
            fmt::print("{}", write_weights(fit_weights(*knowledge, *examples),
                                           fmt::format("Made by `ascribe attribute --fit`: {} incidents, ATT&CK {}",
                                                       examples->size(), knowledge->version)));
        else
            print_evaluation(evaluate(*knowledge, *examples));
        return Exit::clean;
    }
    auto threads = threads_of(arguments);
    if (!threads) return fail(Exit::usage, threads.error());
    auto as_of = as_of_of(arguments);
    if (!as_of) return fail(Exit::usage, as_of.error());
    if (arguments.has("--pool")) {
        incidents = pool_incidents(*incidents);
        if (!incidents) return fail(Exit::usage, incidents.error());
    }
    if (auto sector = arguments.value("--sector"))
        for (ToldIncident& incident : *incidents)
            if (incident.sector.empty()) incident.sector = *sector;
    answer_all(*knowledge, *names, weights, *incidents, *threads, *as_of);
    return Exit::clean;
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

#include "cli/attribute/print.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "attribute/hours.hpp"
#include "attribute/names.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "model/decibans.hpp"
#include "model/yardstick.hpp"
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

void print_accuracy(std::string_view name, const Accuracy& a) {
    fmt::print("  {:<10} {:>4} {:>7.1f} {:>7.1f} {:>7.1f} {:>9.3f} {:>7.3f} {:>6.3f}\n", name, a.incidents,
               100 * a.top1, 100 * a.top3, 100 * a.top10, a.log_loss, a.brier, a.calibration_error);
}

}  // namespace

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

void print_working_hours(const Incident& incident) {
    for (const Thread& thread : incident.threads) {
        std::vector<const Finding*> findings;
        for (const Finding& finding : incident.findings)
            if (std::ranges::find(thread.findings, finding.id) != thread.findings.end()) findings.push_back(&finding);
        if (auto hours = working_hours(findings)) fmt::print("{}: {}\n\n", thread.id, sentence_of(*hours));
    }
}

}  // namespace ascribe

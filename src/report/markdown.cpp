// A case as Markdown, for tickets and wikis. Every evidence text is escaped for Markdown and HTML both.
#include <fmt/format.h>

#include "model/decibans.hpp"
#include "model/stage.hpp"
#include "model/yardstick.hpp"
#include "report/escape.hpp"
#include "report/reading.hpp"

namespace ascribe {
namespace {

std::string day(const std::optional<Time>& time) { return time ? format_day(*time) : "-"; }
std::string moment(const std::optional<Time>& time) { return time && *time != kNoTime ? format_time(*time) : "-"; }

std::string row(std::initializer_list<std::string> cells) {
    std::string out = "|";
    for (const std::string& cell : cells) out += " " + cell + " |";
    return out + "\n";
}

std::string head(std::initializer_list<std::string> cells) {
    std::string rule = "|";
    for (std::size_t i = 0; i < cells.size(); ++i) rule += " --- |";
    return row(cells) + rule + "\n";
}

std::string joined(const std::vector<std::string>& list) {
    std::string out;
    for (const std::string& item : list) out += (out.empty() ? "" : ", ") + escape_markdown(item);
    return out;
}

std::string first_ref(const Case& investigated, const Finding& finding) {
    if (finding.evidence.empty()) return "-";
    const Ref& ref = finding.evidence.front();
    const Artefact* artefact = investigated.artefact(ref.artefact);
    return fmt::format("{} @ {}", escape_markdown(artefact ? artefact->path : "?"), ref.offset);
}

std::string decibans(const std::vector<double>& by_actor) {
    std::string out;
    for (double each : by_actor) out += fmt::format("{}{:+.1f}", out.empty() ? "" : " / ", each * kDecibans);
    return out;
}

void write_attribution(const ThreadAttribution& attributed, std::string& out) {
    out += fmt::format("\n### Who: thread {}\n\n{}\n\n{}\n\n", escape_markdown(attributed.thread),
                       escape_markdown(attributed.sentence), escape_markdown(attributed.confidence));
    out += head({"Actor", "Id", "Probability", "In words", "Sponsor, as others state it"});
    for (const ActorChance& actor : attributed.actors)
        out += row({escape_markdown(actor.name), escape_markdown(actor.id), percent(actor.probability),
                    std::string(yardstick(actor.probability)), escape_markdown(actor.sponsor)});
    out +=
        row({"an actor not known here", "", percent(attributed.other), std::string(yardstick(attributed.other)), ""});
    out += "\n" + head({"Item", "Decibans, by actor in the order above", "First actor without it", "What", "Findings"});
    for (const EvidenceLine& line : attributed.evidence)
        out += row({escape_markdown(line.item), decibans(line.nats), percent(line.without), escape_markdown(line.what),
                    joined(line.findings)});
    out += fmt::format("\nCarried by {}. Most against it: {}. If what can be planted was: {}.{}\n",
                       attributed.carried_by.empty() ? "nothing alone" : escape_markdown(attributed.carried_by),
                       attributed.against.empty() ? "nothing" : escape_markdown(attributed.against),
                       percent(attributed.if_planted),
                       attributed.change.empty() ? "" : " Its word changes without " + joined(attributed.change) + ".");
}

void write_incident(const Case& investigated, const Incident& incident, std::string& out) {
    const Verdict& verdict = incident.verdict;
    out += fmt::format("## Server {}\n\n**{}**\n\n{}\n\n{}\n\n", escape_markdown(incident.server),
                       escape_markdown(verdict.sentence), escape_markdown(verdict.likelihood),
                       escape_markdown(verdict.confidence));
    out += head({"Question", "Answer", "Findings"});
    for (const auto& [name, judgement] : {std::pair{"exposed", &verdict.exposed},
                                          {"attempted", &verdict.attempted},
                                          {"exploited", &verdict.exploited},
                                          {"web shell left", &verdict.shell},
                                          {"used", &verdict.used}})
        out += row({name, std::string(to_string(judgement->answer)), joined(judgement->findings)});
    if (!verdict.actions.empty()) out += "\n### What to do now\n\n";
    for (std::size_t i = 0; i < verdict.actions.size(); ++i)
        out += fmt::format("{}. {}\n", i + 1, escape_markdown(verdict.actions[i]));
    out += "\n### Findings\n\n" + head({"Id", "Time (UTC)", "Recorded", "Level", "Statement", "First evidence"});
    for (const Finding& finding : incident.findings)
        out += row({escape_markdown(finding.id), moment(finding.time), moment(finding.raw_time),
                    std::string(to_string(finding.level)), escape_markdown(finding.statement),
                    first_ref(investigated, finding)});
    out += "\n### Threads\n\n" + head({"Thread", "First", "Last", "Addresses", "Pages", "Findings"});
    for (const Thread& thread : incident.threads)
        out += row({escape_markdown(thread.id), moment(thread.first), moment(thread.last), joined(thread.addresses),
                    joined(thread.pages), joined(thread.findings)});
    for (const ThreadAttribution& attributed : incident.attributions) write_attribution(attributed, out);
    out += "\n### Exposure\n\n";
    if (incident.exposures.empty())
        out +=
            "Nothing in this evidence is of an Exchange server; other programs' vulnerabilities are not known here.\n";
    else
        out += head({"CVE", "Family", "State", "From", "Until", "Why"});
    for (const Exposure& exposure : incident.exposures)
        out += row({escape_markdown(exposure.cve), escape_markdown(exposure.family),
                    std::string(in_words(exposure.state)), exposure.before_installation ? "" : day(exposure.from),
                    day(exposure.until), escape_markdown(exposure.reason)});
    out += "\n### Coverage\n\n" + head({"Family", "Question", "Days covered", "Answered", "Collect next"});
    for (const Coverage& coverage : incident.coverage)
        out += row({escape_markdown(coverage.family), std::string(to_string(coverage.question)),
                    fmt::format("{} of {}", coverage.days_covered, coverage.days), coverage.answered ? "yes" : "no",
                    escape_markdown(coverage.collect)});
    for (const ClockNote& note : incident.clocks) out += "\nClock: " + escape_markdown(note.statement) + "\n";
    out += "\n";
}

std::string write(const Case& investigated) {
    std::string out = "# Ascribe report\n\n";
    if (investigated.integrity_failed)
        out += "**Evidence does not match the hashes its collector noted; see Damage.**\n\n";
    for (const Incident& incident : investigated.incidents) write_incident(investigated, incident, out);
    out += "## Evidence\n\n" + head({"File", "Bytes", "Read as", "SHA-256"});
    Reading reading(investigated.artefacts);
    for (const Artefact& artefact : investigated.artefacts)
        out += row({escape_markdown(artefact.path), std::to_string(artefact.size),
                    escape_markdown(reading.word(artefact)), artefact.sha256 ? to_hex(*artefact.sha256) : "-"});
    out += "\n## Damage\n\n" + head({"Id", "File", "What", "Fault", "Offset"});
    for (std::size_t i = 0; i < investigated.damage.size(); ++i) {
        const Damage& damage = investigated.damage[i];
        const Artefact* artefact = investigated.artefact(damage.artefact);
        out += row({fmt::format("D{}", i + 1), escape_markdown(artefact ? artefact->path : "?"),
                    escape_markdown(damage.what), std::string(to_string(damage.fault)), std::to_string(damage.offset)});
    }
    out += fmt::format("\nReference data {} of {}, {} days old. {}\n", escape_markdown(investigated.intel.name),
                       escape_markdown(investigated.intel.version), investigated.intel.age_days,
                       escape_markdown(investigated.intel.warning));
    return out;
}

}  // namespace

extern const Exporter kMarkdownExporter;
const Exporter kMarkdownExporter{"md", "Markdown for tickets and wikis", ".md", write};

}  // namespace ascribe

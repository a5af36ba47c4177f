// A case as one self-contained page: no script, no outside resource, a strict content policy, print-friendly. Every
// string goes through escape_html.
#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <map>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "model/decibans.hpp"
#include "model/stage.hpp"
#include "report/escape.hpp"
#include "report/html_charts.hpp"
#include "report/html_style.hpp"
#include "report/reading.hpp"

namespace ascribe {
namespace {

constexpr std::size_t kQuoteShown = 2'048;  // bytes of a row shown; the case file has the rest
constexpr std::size_t kRefsShown = 6;       // rows shown for a finding
constexpr std::size_t kDamageShown = 200;
constexpr std::size_t kArtefactsShown = 2'000;

std::string base64(const Digest& digest) {
    unsigned char out[48];
    auto size =
        EVP_EncodeBlock(out, reinterpret_cast<const unsigned char*>(digest.data()), static_cast<int>(digest.size()));
    return {reinterpret_cast<const char*>(out), static_cast<std::size_t>(size)};
}

std::string moment(const std::optional<Time>& time) { return time && *time != kNoTime ? format_time(*time) : "–"; }
std::string day(const std::optional<Time>& time, std::string_view otherwise) {
    return time ? format_day(*time) : std::string(otherwise);
}

class Page {
public:
    explicit Page(const Case& investigated) : case_(investigated) {}

    std::string write() {
        head();
        if (case_.integrity_failed)
            out_ +=
                "<section class=\"verdict\"><h1 class=\"bad\">Evidence does not match the hashes its collector noted; "
                "see Damage.</h1></section>";
        for (; server_ < case_.incidents.size(); ++server_) write(case_.incidents[server_]);
        if (case_.incidents.empty())
            out_ +=
                "<section><h1 class=\"insufficient_evidence\">INSUFFICIENT EVIDENCE: cannot say.</h1><p>Nothing in "
                "this evidence speaks of a server.</p></section>";
        books();
        method();
        return out_ + "</main></body></html>\n";
    }

private:
    template <class... T>
    void put(fmt::format_string<T...> form, T&&... values) {
        out_ += fmt::format(form, std::forward<T>(values)...);
    }
    static std::string safe(std::string_view text) { return escape_html(text); }

    /// Where the page speaks of an id: every server may have a "T1", and the same bytes give the same finding.
    std::string anchor(std::string_view id) const {
        return server_ == 0 ? safe(id) : safe(fmt::format("{}-of-server-{}", id, server_ + 1));
    }

    /// The servers that it is of, for a browser's tabs and bookmarks; the first few of many.
    std::string title() const {
        constexpr std::size_t kNamed = 3, kNameShown = 60;
        std::string names;
        for (std::size_t i = 0; i < case_.incidents.size() && i < kNamed; ++i)
            names += (i ? ", " : ": ") + visible(case_.incidents[i].server, kNameShown);
        return "Ascribe report" + names + (case_.incidents.size() > kNamed ? " and more" : "");
    }

    void head() {
        put("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta "
            "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{}'\">"
            "<meta name=\"viewport\" content=\"width=device-width\"><title>{}</title><style>{}</style></head>"
            "<body><main>\n{}",
            base64(sha256(kStyle)), safe(title()), kStyle, chart_patterns());
    }

    void table_head(std::initializer_list<std::string_view> names) {
        out_ += "<table><thead><tr>";
        for (auto name : names) put("<th scope=\"col\">{}</th>", name);
        out_ += "</tr></thead><tbody>\n";
    }

    void links(const std::vector<std::string>& ids) {
        for (std::size_t i = 0; i < ids.size() && i < 12; ++i)
            put("{}<a href=\"#{}\">{}</a>", i ? " " : "", anchor(ids[i]), safe(ids[i]));
        if (ids.size() > 12) put(" and {} more", ids.size() - 12);
    }

    void write(const Incident& incident) {
        const Verdict& verdict = incident.verdict;
        put("<section class=\"verdict {}\"><p class=\"server\">Server {}</p><h1>{}</h1>", to_string(verdict.state),
            safe(incident.server), safe(verdict.sentence));
        if (!verdict.likelihood.empty()) put("<p>{}</p>", safe(verdict.likelihood));
        if (!verdict.confidence.empty()) put("<p>{}</p>", safe(verdict.confidence));
        out_ += "</section>\n<section><h2>The five questions</h2>";
        table_head({"Question", "Answer", "What says so"});
        for (const auto& [name, judgement] : {std::pair{"Was it exposed?", &verdict.exposed},
                                              {"Was an attack tried?", &verdict.attempted},
                                              {"Did it work?", &verdict.exploited},
                                              {"Was a web shell left?", &verdict.shell},
                                              {"Was it used?", &verdict.used}}) {
            put("<tr><td>{}</td><td class=\"answer {}\">{}</td><td>", name, to_string(judgement->answer),
                judgement->answer == Answer::unknown ? "cannot say" : std::string(to_string(judgement->answer)));
            links(judgement->findings);
            out_ += "</td></tr>";
        }
        out_ += "</tbody></table></section>\n";
        if (!verdict.actions.empty()) {
            out_ += "<section><h2>What to do now</h2><ol>";
            for (const std::string& action : verdict.actions) put("<li>{}</li>", safe(action));
            out_ += "</ol></section>\n";
        }
        timeline(incident);
        exposure(incident);
        coverage(incident);
        threads(incident);
        for (const ThreadAttribution& attributed : incident.attributions) attribution(attributed);
        findings(incident);
    }

    void timeline(const Incident& incident) {
        if (incident.timeline.empty()) return;
        put("<section><h2>Timeline, true UTC</h2>{}", draw_timeline(incident));
        table_head({"UTC", "As recorded", "Clock", "Thread", "What"});
        std::map<std::string_view, const Finding*> known;
        for (const Finding& finding : incident.findings) known.try_emplace(finding.id, &finding);
        for (const Step& step : incident.timeline) {
            auto finding = known.find(step.finding);
            put("<tr><td class=\"time\">{}</td><td class=\"time\">{}</td><td>{}</td><td>{}</td><td><a "
                "href=\"#{}\">{}</a></td></tr>",
                moment(step.time), step.raw_time == step.time ? "same" : moment(step.raw_time), to_string(step.clock),
                safe(step.thread), anchor(step.finding),
                finding == known.end() ? safe(step.finding) : safe(finding->second->statement));
        }
        out_ += "</tbody></table>";
        for (const ClockNote& note : incident.clocks) put("<p class=\"note\">Clock: {}.</p>", safe(note.statement));
        out_ += "</section>\n";
    }

    void exposure(const Incident& incident) {
        if (incident.exposures.empty() && incident.coverage.empty()) return;
        put("<section><h2>Exposure</h2>{}", draw_exposure(incident));
        if (incident.exposures.empty()) {
            out_ +=
                "<p>Nothing in this evidence is of an Exchange server; other programs' vulnerabilities are not known "
                "here.</p></section>\n";
            return;
        }
        table_head({"Vulnerability", "State", "Open from", "Until", "Why"});
        for (const Exposure& exposure : incident.exposures)
            put("<tr id=\"{}\"><td>{} <small>{}</small></td><td "
                "class=\"{}\">{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                anchor(exposure.cve), safe(exposure.cve), safe(exposure.family), to_string(exposure.state),
                in_words(exposure.state), exposure.before_installation ? "–" : day(exposure.from, "–"),
                day(exposure.until, exposure.open_in_window ? "end of evidence" : "–"), safe(exposure.reason));
        out_ += "</tbody></table></section>\n";
    }

    void coverage(const Incident& incident) {
        put("<section><h2>Coverage: what this evidence can answer</h2>{}", draw_coverage(incident));
        if (incident.coverage.empty()) {
            out_ += "<p>No window of a known attack lies inside this evidence.</p></section>\n";
            return;
        }
        table_head({"Attack", "Question", "Days covered", "Answer possible", "Collect next"});
        for (const Coverage& coverage : incident.coverage)
            put("<tr><td>{}</td><td>{}</td><td>{} of {}</td><td>{}</td><td>{}</td></tr>", safe(coverage.family),
                to_string(coverage.question), coverage.days_covered, coverage.days, coverage.answered ? "yes" : "no",
                safe(coverage.collect));
        out_ += "</tbody></table><p class=\"note\">Hatched: no source that could decide the question.</p></section>\n";
    }

    void threads(const Incident& incident) {
        if (incident.threads.empty()) return;
        out_ += "<section><h2>Activity threads</h2>";
        table_head({"Thread", "First", "Last", "Addresses", "Pages", "Findings"});
        auto list = [&](const std::vector<std::string>& items) {
            for (std::size_t i = 0; i < items.size() && i < 8; ++i) put("{}{}", i ? ", " : "", safe(items[i]));
            if (items.size() > 8) put(" and {} more", items.size() - 8);
        };
        for (const Thread& thread : incident.threads) {
            put("<tr id=\"{}\"><td>{}</td><td class=\"time\">{}</td><td class=\"time\">{}</td><td>", anchor(thread.id),
                safe(thread.id), moment(thread.first), moment(thread.last));
            list(thread.addresses);
            out_ += "</td><td>";
            list(thread.pages);
            out_ += "</td><td>";
            links(thread.findings);
            out_ += "</td></tr>";
        }
        out_ += "</tbody></table></section>\n";
    }

    void attribution(const ThreadAttribution& attributed) {
        put("<section><h2>Who: thread {}</h2><p><b>{}</b></p><p>{}</p>{}", safe(attributed.thread),
            safe(attributed.sentence), safe(attributed.confidence), draw_ladder(attributed));
        out_ += "<table><thead><tr><th>Evidence, what tells actors apart first</th>";
        for (const ActorChance& actor : attributed.actors) put("<th>{}</th>", safe(actor.name));
        out_ += "<th>First without it</th><th>Findings</th></tr></thead><tbody>";
        for (const EvidenceLine& line : attributed.evidence) {
            put("<tr><td><code>{}</code> {}</td>", safe(line.item), safe(line.what));
            for (double nats : line.nats) put("<td class=\"{}\">{:+.1f}</td>", stance(nats), nats * kDecibans);
            put("<td>{}</td><td>", percent(line.without));
            links(line.findings);
            out_ += "</td></tr>";
        }
        out_ += "<tr><td>Sum</td>";
        for (const ActorChance& actor : attributed.actors) put("<td>{:+.1f}</td>", actor.score * kDecibans);
        out_ +=
            "<td></td><td></td></tr></tbody></table><p class=\"note\">Decibans: ten make an actor ten times as "
            "likely. ";
        put("Carried by {}. Most against the first: {}. Were all that can be planted planted: {}. {} {}.</p>",
            attributed.carried_by.empty() ? "nothing alone" : safe(attributed.carried_by),
            attributed.against.empty() ? "nothing" : safe(attributed.against), percent(attributed.if_planted),
            attributed.change.empty() ? "No three items change its word;" : "Its word changes without the strongest;",
            safe(attributed.knowledge));
        for (const ActorChance& actor : attributed.actors)
            if (!actor.sponsor.empty())
                put("<p class=\"note\">{}, stated by others and not computed here: {}.</p>", safe(actor.name),
                    safe(actor.sponsor));
        out_ += "</section>\n";
    }

    /// The five marks of a matrix of competing hypotheses, by likelihood ratio: 3 and 1.25 each way.
    static std::string_view stance(double nats) {
        return nats > 1.1 ? "pro2" : nats > 0.22 ? "pro" : nats < -1.1 ? "con2" : nats < -0.22 ? "con" : "neutral";
    }

    void findings(const Incident& incident) {
        out_ += "<section><h2>Findings and their bytes</h2>";
        if (incident.findings.empty()) out_ += "<p>None.</p>";
        for (const Finding& finding : incident.findings) {
            put("<article id=\"{}\"><h3>{}</h3><p class=\"facts\"><b class=\"{}\">{}</b> · {} · {} · probability "
                "{:.2f} · {} · <code>{}</code></p>",
                anchor(finding.id), safe(finding.statement), to_string(finding.level), to_string(finding.level),
                to_string(finding.question), to_string(finding.severity), finding.probability, moment(finding.time),
                safe(finding.id));
            if (!finding.cves.empty() || !finding.techniques.empty()) {
                out_ += "<p class=\"facts\">";
                for (const std::string& cve : finding.cves) put("{} ", safe(cve));
                for (const std::string& technique : finding.techniques) put("ATT&amp;CK {} ", safe(technique));
                out_ += "</p>";
            }
            for (std::size_t i = 0; i < finding.evidence.size() && i < kRefsShown; ++i) quote(finding.evidence[i]);
            auto total = std::max<std::uint64_t>(finding.evidence_total, finding.evidence.size());
            if (total > kRefsShown)
                put("<p class=\"note\">and {} more rows; <code>ascribe why {} CASE</code> prints them.</p>",
                    total - kRefsShown, safe(finding.id));
            out_ += "</article>\n";
        }
        out_ += "</section>\n";
    }

    void quote(const Ref& ref) {
        const Artefact* artefact = case_.artefact(ref.artefact);
        auto at = case_.citations.find(ref);
        put("<p class=\"ref\">{} · offset {} · {} bytes", artefact ? safe(artefact->path) : "?", ref.offset, ref.size);
        if (at != case_.citations.end() && at->second.line > 0) put(" · line {}", at->second.line);
        out_ += "</p>";
        if (at == case_.citations.end()) return;
        put("<pre>{}</pre>", safe(std::string_view(at->second.bytes).substr(0, kQuoteShown)));
        if (at->second.bytes.size() > kQuoteShown)
            put("<p class=\"note\">{} of {} bytes shown.</p>", kQuoteShown, ref.size);
    }

    void books() {
        out_ += "<section><h2>Evidence</h2>";
        std::uint64_t records = 0, recovered = 0, bad = 0;
        for (const Accounting& account : case_.accounting) {
            records += account.records;
            recovered += account.recovered;
            bad += account.bad;
        }
        put("<p>{} files; {} records read, {} bad lines, each listed with its reason; {} older events recovered from "
            "slack.{}</p>",
            case_.artefacts.size(), records, bad, recovered,
            case_.integrity_failed ? " <b>Evidence does not match the hashes its collector noted.</b>" : "");
        Reading reading(case_.artefacts);
        table_head({"File", "On the server", "Bytes", "Read as", "SHA-256"});
        for (std::size_t i = 0; i < case_.artefacts.size() && i < kArtefactsShown; ++i) {
            const Artefact& artefact = case_.artefacts[i];
            put("<tr><td>{}</td><td>{}</td><td class=\"number\">{}</td><td>{}</td><td class=\"hash\">{}</td></tr>",
                safe(artefact.path), safe(artefact.windows_path), artefact.size, safe(reading.word(artefact)),
                artefact.sha256 ? to_hex(*artefact.sha256) : "–");
        }
        out_ += "</tbody></table>";
        if (case_.artefacts.size() > kArtefactsShown)
            put("<p class=\"note\">and {} more; the case file lists all.</p>",
                case_.artefacts.size() - kArtefactsShown);
        out_ += "</section>\n<section><h2>Damage</h2>";
        if (case_.damage.empty()) out_ += "<p>None.</p>";
        if (!case_.damage.empty()) {
            table_head({"Id", "File", "What", "Fault", "Offset"});
            for (std::size_t i = 0; i < case_.damage.size() && i < kDamageShown; ++i) {
                const Damage& damage = case_.damage[i];
                const Artefact* artefact = case_.artefact(damage.artefact);
                put("<tr><td>D{}</td><td>{}</td><td>{}</td><td>{}</td><td class=\"number\">{}</td></tr>", i + 1,
                    artefact ? safe(artefact->path) : "–", safe(damage.what), to_string(damage.fault), damage.offset);
            }
            out_ += "</tbody></table>";
            if (case_.damage.size() > kDamageShown)
                put("<p class=\"note\">and {} more; the case file lists all.</p>", case_.damage.size() - kDamageShown);
        }
        out_ += "</section>\n";
    }

    void method() {
        out_ +=
            "<section><h2>Method</h2><p>Likelihood is worded by the yardstick of the UK Professional Head of "
            "Intelligence Assessment; confidence is a separate judgement of how well the evidence supports it.</p>";
        table_head({"Word", "Probability"});
        for (const auto& [word, band] : {std::pair{"remote chance", "0–5 %"},
                                         {"highly unlikely", "10–20 %"},
                                         {"unlikely", "25–35 %"},
                                         {"realistic possibility", "40–50 %"},
                                         {"likely", "55–75 %"},
                                         {"highly likely", "80–90 %"},
                                         {"almost certain", "95–100 %"}})
            put("<tr><td>{}</td><td>{}</td></tr>", word, band);
        put("</tbody></table><p class=\"note\">Ascribe {}, reference data {} of {} ({} days old){}{}. Isolation {}. "
            "Command: <code>{}</code></p></section>\n",
            safe(case_.run.version), safe(case_.intel.name), safe(case_.intel.version), case_.intel.age_days,
            case_.intel.warning.empty() ? "" : ": ", safe(case_.intel.warning), safe(case_.run.isolation),
            safe(case_.run.command_line));
    }

    const Case& case_;
    std::size_t server_ = 0;  // the incident being written
    std::string out_;
};

std::string write(const Case& investigated) { return Page(investigated).write(); }

}  // namespace

extern const Exporter kHtmlExporter;
const Exporter kHtmlExporter{"html", "one self-contained page without script", ".html", write};

}  // namespace ascribe

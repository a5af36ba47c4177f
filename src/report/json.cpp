// A case as one JSON object, "ascribe.case/1"; docs/case.schema.json is its contract. Everything but "run" is the same
// for the same evidence. Bytes that are not UTF-8 become U+FFFD; `ascribe why` shows them as they are.
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "model/stage.hpp"
#include "model/yardstick.hpp"
#include "report/escape.hpp"

namespace ascribe {
namespace {

using Json = nlohmann::ordered_json;

Json text(std::string_view value) { return valid_utf8(value); }
Json when(const std::optional<Time>& time) {
    return time && *time != kNoTime ? Json(format_time(*time)) : Json(nullptr);
}
Json rounded(double value) { return std::round(value * 1e4) / 1e4; }
Json texts(const std::vector<std::string>& list) {
    Json array = Json::array();
    for (const auto& item : list) array.push_back(text(item));
    return array;
}

class Writing {
public:
    explicit Writing(const Case& investigated) : case_(investigated) {}

    Json all() const {
        Json out{{"schema", "ascribe.case/1"}, {"run", run()}, {"evidence", texts(case_.evidence)}};
        for (const char* list :
             {"servers", "findings", "exposures", "threads", "attributions", "timeline", "clocks", "coverage"})
            out[list] = Json::array();
        for (const Incident& incident : case_.incidents) add(incident, out);
        out["accounting"] = accounting();
        out["damage"] = damage();
        out["artefacts"] = artefacts();
        out["intel"] = {{"name", text(case_.intel.name)},
                        {"version", text(case_.intel.version)},
                        {"as_of", when(case_.intel.as_of)},
                        {"age_days", case_.intel.age_days},
                        {"warning", text(case_.intel.warning)}};
        out["integrity_failed"] = case_.integrity_failed;
        return out;
    }

private:
    Json run() const {
        const RunHeader& run = case_.run;
        return {{"version", run.version}, {"command_line", text(run.command_line)}, {"isolation", run.isolation},
                {"workers", run.workers}, {"started", when(run.started)},           {"finished", when(run.finished)}};
    }

    Json path(ArtefactId id) const {
        const Artefact* artefact = case_.artefact(id);
        return artefact ? text(artefact->path) : Json(nullptr);
    }

    Json refs(const std::vector<Ref>& list) const {
        Json array = Json::array();
        for (const Ref& ref : list) {
            auto quote = case_.citations.find(ref);
            bool lined = quote != case_.citations.end() && quote->second.line > 0;
            array.push_back({{"path", path(ref.artefact)},
                             {"offset", ref.offset},
                             {"size", ref.size},
                             {"line", lined ? Json(quote->second.line) : Json(nullptr)}});
        }
        return array;
    }

    static Json answer(const Judgement& judgement) {
        return {{"state", to_string(judgement.answer)}, {"findings", texts(judgement.findings)}};
    }

    void add(const Incident& incident, Json& out) const {
        const Verdict& v = incident.verdict;
        Json server = text(incident.server);
        out["servers"].push_back({{"name", server},
                                  {"names", texts(incident.names)},
                                  {"verdict",
                                   {{"state", to_string(v.state)},
                                    {"sentence", text(v.sentence)},
                                    {"likelihood", text(v.likelihood)},
                                    {"confidence", text(v.confidence)},
                                    {"coverage", rounded(v.coverage)},
                                    {"covered_from", when(v.covered_from)},
                                    {"covered_until", when(v.covered_until)},
                                    {"exposed", answer(v.exposed)},
                                    {"attempted", answer(v.attempted)},
                                    {"exploited", answer(v.exploited)},
                                    {"shell", answer(v.shell)},
                                    {"used", answer(v.used)},
                                    {"actions", texts(v.actions)}}}});
        for (const Finding& f : incident.findings) out["findings"].push_back(finding(server, f));
        for (const Exposure& e : incident.exposures)
            out["exposures"].push_back({{"server", server},
                                        {"cve", text(e.cve)},
                                        {"family", text(e.family)},
                                        {"state", to_string(e.state)},
                                        {"open_in_window", e.open_in_window},
                                        {"from", when(e.from)},
                                        {"until", when(e.until)},
                                        {"reason", text(e.reason)},
                                        {"evidence", refs(e.evidence)}});
        for (const Thread& t : incident.threads)
            out["threads"].push_back({{"server", server},
                                      {"id", t.id},
                                      {"first", when(t.first)},
                                      {"last", when(t.last)},
                                      {"addresses", texts(t.addresses)},
                                      {"pages", texts(t.pages)},
                                      {"accounts", texts(t.accounts)},
                                      {"findings", texts(t.findings)}});
        for (const ThreadAttribution& a : incident.attributions) out["attributions"].push_back(attribution(server, a));
        for (const Step& s : incident.timeline)
            out["timeline"].push_back({{"server", server},
                                       {"time", when(s.time)},
                                       {"raw_time", when(s.raw_time)},
                                       {"clock", to_string(s.clock)},
                                       {"finding", s.finding},
                                       {"thread", s.thread}});
        for (const ClockNote& c : incident.clocks) {
            Json artefacts = Json::array();
            for (auto id : c.artefacts) artefacts.push_back(path(id));
            out["clocks"].push_back(
                {{"server", server},
                 {"statement", text(c.statement)},
                 {"artefacts", artefacts},
                 {"correction_minutes", std::chrono::duration_cast<std::chrono::minutes>(c.correction).count()},
                 {"rows", c.rows},
                 {"evidence", refs(c.evidence)}});
        }
        for (const Coverage& c : incident.coverage) out["coverage"].push_back(coverage(server, c));
    }

    static Json attribution(const Json& server, const ThreadAttribution& a) {
        Json actors = Json::array(), evidence = Json::array();
        for (const ActorChance& actor : a.actors)
            actors.push_back({{"actor", text(actor.id)},
                              {"name", text(actor.name)},
                              {"p", actor.probability},
                              {"word", yardstick(actor.probability)},
                              {"score", actor.score},
                              {"sponsor_as_stated", text(actor.sponsor)}});
        for (const EvidenceLine& line : a.evidence)
            evidence.push_back({{"item", text(line.item)},
                                {"what", text(line.what)},
                                {"nats", line.nats},
                                {"p_without", line.without},
                                {"findings", texts(line.findings)}});
        return {{"server", server},
                {"thread", text(a.thread)},
                {"named", a.named},
                {"sentence", text(a.sentence)},
                {"confidence", to_string(a.soundness)},
                {"confidence_sentence", text(a.confidence)},
                {"actors", actors},
                {"other", a.other},
                {"evidence", evidence},
                {"carried_by", text(a.carried_by)},
                {"against", text(a.against)},
                {"p_if_planted", a.if_planted},
                {"smallest_change", texts(a.change)},
                {"unknown_ids", texts(a.unknown)},
                {"knowledge", text(a.knowledge)}};
    }

    Json finding(const Json& server, const Finding& f) const {
        return {{"id", f.id},
                {"server", server},
                {"detector", f.detector},
                {"level", to_string(f.level)},
                {"severity", to_string(f.severity)},
                {"probability", rounded(f.probability)},
                {"question", to_string(f.question)},
                {"time", when(f.time)},
                {"raw_time", when(f.raw_time)},
                {"last", when(f.last)},
                {"clock", to_string(f.clock)},
                {"statement", text(f.statement)},
                {"techniques", texts(f.techniques)},
                {"software", texts(f.software)},
                {"indicator", text(f.indicator)},
                {"links", texts(f.links)},
                {"cves", texts(f.cves)},
                {"evidence", refs(f.evidence)},
                {"evidence_total", std::max<std::uint64_t>(f.evidence_total, f.evidence.size())},
                {"address", text(f.address)},
                {"page", text(f.page)},
                {"account", text(f.account)},
                {"session", text(f.session)}};
    }

    static Json coverage(const Json& server, const Coverage& c) {
        Json sources = Json::array(), gaps = Json::array();
        for (auto source : c.sources) sources.push_back(to_string(source));
        for (const Gap& gap : c.gaps) gaps.push_back({{"from", when(gap.from)}, {"until", when(gap.until)}});
        return {{"server", server},
                {"family", text(c.family)},
                {"question", to_string(c.question)},
                {"from", when(c.from)},
                {"until", when(c.until)},
                {"days", c.days},
                {"days_covered", c.days_covered},
                {"share", rounded(c.share)},
                {"answered", c.answered},
                {"sources", sources},
                {"gaps", gaps},
                {"collect", text(c.collect)}};
    }

    Json accounting() const {
        Json array = Json::array();
        for (const Accounting& a : case_.accounting)
            array.push_back({{"path", path(a.artefact)},
                             {"records", a.records},
                             {"recovered", a.recovered},
                             {"bad", a.bad},
                             {"directives", a.directives},
                             {"scanned", a.scanned}});
        return array;
    }

    Json damage() const {
        Json array = Json::array();
        for (const Damage& d : case_.damage)
            array.push_back({{"path", path(d.artefact)},
                             {"fault", to_string(d.fault)},
                             {"what", text(d.what)},
                             {"offset", d.offset},
                             {"need", d.need},
                             {"have", d.have}});
        return array;
    }

    Json artefacts() const {
        Json array = Json::array();
        for (const Artefact& a : case_.artefacts)
            array.push_back({{"path", text(a.path)},
                             {"windows_path", text(a.windows_path)},
                             {"sha256", a.sha256 ? Json(to_hex(*a.sha256)) : Json(nullptr)},
                             {"size", a.size},
                             {"parser", a.parser},
                             {"layout", a.layout},
                             {"group", text(a.group)}});
        return array;
    }

    const Case& case_;
};

// A case file that others wrote may hold anything where we write plain words, so the writer does not throw for it.
std::string write(const Case& investigated) {
    return Writing(investigated).all().dump(1, ' ', true, Json::error_handler_t::replace) + "\n";
}

}  // namespace

extern const Exporter kJsonExporter;
const Exporter kJsonExporter{"json", "one JSON object, schema ascribe.case/1", ".json", write};

}  // namespace ascribe

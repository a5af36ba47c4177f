#include "engine/hunt.hpp"

#include <utility>

#include "base/text.hpp"
#include "engine/hunter.hpp"
#include "engine/in_order.hpp"

namespace ascribe {
namespace {

/// Tells the hits of parts in order, and counts what all of them cost.
class HitsInOrder : public PartObserver {
public:
    HitsInOrder(const HuntOptions& options, const Ledger& ledger, const std::function<void(const Sighting&)>& sighted)
        : rules_(*options.rules), ledger_(ledger), sighted_(sighted), correlator_(rules_) {
        summary_.judged.resize(rules_.rules().size());
        summary_.hits.resize(rules_.rules().size());
    }

    void part(ArtefactId artefact, std::uint64_t begin, std::uint64_t end, Reply& reply) override {
        summary_.rows += reply.records;
        summary_.read_by_rules += reply.read_by_rules;
        summary_.not_listed += reply.hits_not_listed;
        for (const RuleCost& cost : reply.judged)
            if (cost.rule < summary_.judged.size()) {
                summary_.judged[cost.rule] += cost.judged;
                summary_.hits[cost.rule] += cost.held;
            }
        order_.add(artefact, {.begin = begin,
                              .end = end,
                              .lines = reply.lines,
                              .bytes = std::exchange(reply.hits, {}),
                              .file = {},
                              .size = 0});
    }
    void closed(ArtefactId artefact) override { order_.close(artefact); }

    HuntSummary finish() {
        order_.finish();
        for (const sigma::Alert& alert : correlator_.conclude()) tell(alert);
        summary_.marks_lost = correlator_.overflow();
        return std::move(summary_);
    }

private:
    void tell(ArtefactId artefact, std::string_view hits, std::uint64_t lines_before) {
        Reader in(as_bytes(hits));
        for (RuleHit hit; next_hit(in, rules_.rules().size(), hit);) tell(artefact, hit, lines_before);
    }

    Sighting describe(std::uint32_t rule) const {
        const sigma::Rule& read = rules_.rules()[rule];
        Sighting sighting;
        sighting.rule_id = read.id;
        sighting.title = read.title;
        sighting.level = read.level.empty() ? "medium" : read.level;
        sighting.tags = read.tags;
        return sighting;
    }

    void tell(ArtefactId artefact, RuleHit& hit, std::uint64_t lines_before) {
        Ref ref{artefact, hit.size, hit.offset};
        if (hit.counted) {
            sigma::Mark mark{.rule = hit.rule, .time = hit.time, .ref = ref, .fields = {}};
            for (auto& [name, value] : hit.correlated) mark.fields.emplace(std::move(name), std::move(value));
            correlator_.add(std::move(mark));
        }
        if (rules_.rules()[hit.rule].silent) return;
        auto sighting = describe(hit.rule);
        sighting.scan = hit.scan;
        sighting.time = hit.time;
        sighting.host = std::move(hit.host);
        sighting.path = ledger_.path(artefact);
        sighting.ref = ref;
        sighting.line = hit.line > 0 ? hit.line + lines_before : 0;
        sighting.record_id = hit.record_id;
        sighting.fields = std::move(hit.fields);
        ++summary_.sightings;
        sighted_(sighting);
    }

    void tell(const sigma::Alert& alert) {
        auto sighting = describe(alert.rule);
        sighting.time = alert.first;
        sighting.ref = alert.evidence.front();
        sighting.path = ledger_.path(sighting.ref.artefact);
        sighting.group = alert.group;
        sighting.count = alert.windows;
        ++summary_.sightings;
        sighted_(sighting);
    }

    const sigma::RuleSet& rules_;
    const Ledger& ledger_;
    const std::function<void(const Sighting&)>& sighted_;
    sigma::Correlator correlator_;
    HuntSummary summary_;
    InOrder order_{[this](ArtefactId artefact, std::string_view hits, std::uint64_t lines_before) {
        tell(artefact, hits, lines_before);
    }};
};

std::string_view level_of(Severity severity) {
    switch (severity) {
        case Severity::note: return "informational";
        case Severity::low: return "low";
        case Severity::medium: return "medium";
        case Severity::high: return "high";
        case Severity::critical: break;
    }
    return "critical";
}

/// What the coded detectors found, a sighting for each row they rest on.
void tell_findings(const std::vector<ServerConclusion>& servers, const Case& books,
                   const std::function<void(const Sighting&)>& sighted, HuntSummary& summary) {
    for (const ServerConclusion& server : servers)
        for (const Finding& finding : server.conclusion.findings)
            for (const Ref& ref : finding.evidence) {
                Sighting sighting;
                sighting.rule_id = finding.detector;
                sighting.title = finding.statement;
                sighting.level = level_of(finding.severity);
                for (const auto& technique : finding.techniques) sighting.tags.push_back("attack." + lower(technique));
                for (const auto& cve : finding.cves) sighting.tags.push_back("cve." + lower(cve).substr(4));
                sighting.scan = finding.level == Level::scan;
                sighting.time = finding.time.value_or(kNoTime);
                sighting.host = server.server;
                sighting.ref = ref;
                sighting.path = books.artefacts[ref.artefact.value].path;
                if (auto at = books.citations.find(ref); at != books.citations.end()) {
                    sighting.line = at->second.line;
                    if (at->second.time != kNoTime) sighting.time = at->second.time;
                }
                ++summary.sightings;
                sighted(sighting);
            }
}

}  // namespace

std::expected<HuntResult, std::string> hunt(const HuntOptions& options, const Intel& intel,
                                            const std::function<void(const Sighting&)>& sighted) {
    Stages stages{options.parsers, options.coded ? detectors() : std::span<const Detector>{}, intel,
                  options.rules.get()};
    Pool pool = fork_workers(options, stages);
    Ledger ledger(stages);
    IntakeOptions intake_options = options.intake;
    std::unique_ptr<HitsInOrder> order;
    if (options.rules) order = std::make_unique<HitsInOrder>(options, ledger, sighted);
    intake_options.observer = order.get();
    Intake intake(pool, ledger, intake_options);
    if (auto read = read_all(options.evidence, intake); !read) return std::unexpected(read.error());
    if (options.coded) ledger.observe_files();
    if (pool.stopped()) return std::unexpected("interrupted: what was printed is in order and incomplete");

    HuntResult result;
    if (order) result.summary = order->finish();
    auto servers = options.coded ? ledger.conclude() : std::vector<ServerConclusion>{};
    Case books;
    for (ServerConclusion& server : servers) {  // incidents only to have their refs' lines counted
        Incident incident;
        incident.findings = server.conclusion.findings;
        books.incidents.push_back(std::move(incident));
    }
    ledger.close_into(books);
    tell_findings(servers, books, sighted, result.summary);
    keep_books(std::move(books), pool, result);
    if (!order)  // nobody counted on the way
        for (const Accounting& account : result.accounting) result.summary.rows += account.records;
    return result;
}

}  // namespace ascribe

#include "engine/hunt.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <deque>
#include <thread>

#include "base/text.hpp"
#include "engine/hunter.hpp"

namespace ascribe {
namespace {

/// Hits that wait for their turn in memory; more of them wait in a file without a name.
constexpr std::size_t kWaiting = 64 << 20;

const std::atomic<bool> kNeverStop = false;

/// Parts come in any order and leave in order of artefact and offset: the front artefact's as they follow on each
/// other, all others' when their turn comes.
class InOrder : public PartObserver {
public:
    InOrder(const HuntOptions& options, const Ledger& ledger, const std::function<void(const Sighting&)>& sighted)
        : rules_(*options.rules), ledger_(ledger), sighted_(sighted), correlator_(rules_) {
        summary_.judged.resize(rules_.rules().size());
        summary_.hits.resize(rules_.rules().size());
    }
    ~InOrder() override {
        if (spill_ >= 0) close(spill_);
    }
    InOrder(const InOrder&) = delete;
    InOrder& operator=(const InOrder&) = delete;

    void part(ArtefactId artefact, std::uint64_t begin, std::uint64_t end, Reply& reply) override {
        summary_.rows += reply.records;
        summary_.read_by_rules += reply.read_by_rules;
        summary_.not_listed += reply.hits_not_listed;
        for (const RuleCost& cost : reply.judged)
            if (cost.rule < summary_.judged.size()) {
                summary_.judged[cost.rule] += cost.judged;
                summary_.hits[cost.rule] += cost.held;
            }
        if (begin == end && reply.hits.empty()) return;
        Piece piece{.end = end, .lines = reply.lines, .hits = std::move(reply.hits), .spilled_at = 0, .spilled = 0};
        reply.hits.clear();
        if (waiting_ + piece.hits.size() > kWaiting) spill(piece);
        waiting_ += piece.hits.size();
        artefacts_[artefact].pieces[begin] = std::move(piece);
        release(false);
    }
    void closed(ArtefactId artefact) override {
        artefacts_[artefact].closed = true;
        release(false);
    }

    HuntSummary finish() {
        release(true);
        for (const sigma::Alert& alert : correlator_.conclude()) tell(alert);
        summary_.marks_lost = correlator_.overflow();
        return std::move(summary_);
    }

private:
    struct Piece {
        std::uint64_t end = 0, lines = 0;
        std::string hits;
        std::uint64_t spilled_at = 0, spilled = 0;
    };
    struct Waiting {
        std::map<std::uint64_t, Piece> pieces;  // by where they begin
        std::uint64_t next = 0, lines = 0;
        bool closed = false;
    };

    void spill(Piece& piece) {
        if (spill_ < 0) spill_ = memfd_or_file();
        if (spill_ < 0) return;  // nowhere to write: it stays in memory
        auto written = pwrite(spill_, piece.hits.data(), piece.hits.size(), static_cast<off_t>(spilled_));
        if (written != static_cast<ssize_t>(piece.hits.size())) return;
        piece.spilled_at = spilled_;
        piece.spilled = piece.hits.size();
        spilled_ += piece.spilled;
        piece.hits = {};
    }
    static int memfd_or_file() {
        const char* folder = std::getenv("TMPDIR");
        return open(folder != nullptr ? folder : "/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    }

    void release(bool all) {
        while (!artefacts_.empty()) {
            auto at = all ? artefacts_.begin() : artefacts_.find(front_);
            if (at == artefacts_.end()) return;
            front_ = at->first;
            Waiting& waiting = at->second;
            while (!waiting.pieces.empty()) {
                auto first = waiting.pieces.begin();
                if (first->first > waiting.next && !waiting.closed && !all) return;  // a part before it is missing
                tell(at->first, first->second, waiting.lines);
                waiting.lines += first->second.lines;
                waiting.next = std::max(waiting.next, first->second.end);
                waiting_ -= first->second.hits.size();
                waiting.pieces.erase(first);
            }
            if (!waiting.closed && !all) return;
            artefacts_.erase(at);
            front_ = ArtefactId{front_.value + 1};
        }
    }

    void tell(ArtefactId artefact, const Piece& piece, std::uint64_t lines_before) {
        std::string back;
        if (piece.spilled > 0) {
            back.resize(piece.spilled);
            if (pread(spill_, back.data(), back.size(), static_cast<off_t>(piece.spilled_at)) !=
                static_cast<ssize_t>(back.size()))
                back.clear();
        }
        Reader in(as_bytes(piece.spilled > 0 ? back : piece.hits));
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
    std::map<ArtefactId, Waiting> artefacts_;
    ArtefactId front_{0};
    std::size_t waiting_ = 0;
    std::uint64_t spilled_ = 0;
    int spill_ = -1;
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
                if (auto at = books.citations.find(ref); at != books.citations.end()) sighting.line = at->second.line;
                ++summary.sightings;
                sighted(sighting);
            }
}

}  // namespace

std::expected<HuntResult, std::string> hunt(const HuntOptions& options, const Intel& intel,
                                            const std::function<void(const Sighting&)>& sighted) {
    Stages stages{options.parsers, options.coded ? detectors() : std::span<const Detector>{}, intel,
                  options.rules.get()};
    auto workers =
        options.workers > 0 ? options.workers : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    Pool pool(workers, stages, options.intake.isolation, options.intake.limits,
              options.stop != nullptr ? *options.stop : kNeverStop);
    Ledger ledger(stages);
    IntakeOptions intake_options = options.intake;
    std::unique_ptr<InOrder> order;
    if (options.rules) order = std::make_unique<InOrder>(options, ledger, sighted);
    intake_options.observer = order.get();
    Intake intake(pool, ledger, intake_options);
    for (const std::string& argument : options.evidence)
        if (auto taken = intake.take(argument); !taken) return std::unexpected(taken.error());
    intake.finish();
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
    result.damage = std::move(books.damage);
    result.artefacts = std::move(books.artefacts);
    result.accounting = std::move(books.accounting);
    result.isolation = pool.isolation();
    return result;
}

}  // namespace ascribe

// web.scan_note: what every server on the internet gets: probes by bots for other products' files, or by scanners that
// say their name. Noted, because an intruder's first look may be among them, and kept apart from attempts, because none
// of it tells of one. One note an address, the busiest first.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/saturating.hpp"
#include "base/text.hpp"
#include "detect/behaviour/sample.hpp"
#include "detect/facts/fold.hpp"
#include "detect/hits.hpp"
#include "detect/web/request.hpp"

namespace ascribe {
namespace {

// Addresses listed one by one; a server sees thousands a day, and a list of them helps nobody.
constexpr std::size_t kScanNotes = 25;
// Addresses kept; of more, an even sample.
constexpr std::size_t kProbers = 100'000;
constexpr int kNotModified = 304;  // RFC 9110 section 15.4.5: there, and known to the client

/// Paths of other products that bots ask every server for (seen in the logs of any public server; Sigma's web rules).
bool is_foreign_path(std::string_view stem) {
    static constexpr std::string_view kFolders[] = {
        "/.env",     "/.git/",        "/wp-login", "/wp-admin",       "/wp-content", "/xmlrpc.php",
        "/cgi-bin/", "/remote/login", "/dana-na/", "/Telerik.Web.UI", "/solr/",      "/phpmyadmin",
        "/boaform",  "/actuator",     "/HNAP1",    "/vendor/",        "/console/",   "/manager/html",
        "/.aws/",    "/struts",       "/jenkins",  "/eval-stdin"};
    for (auto at = stem.find('/'); at != std::string_view::npos; at = stem.find('/', at + 1))
        if (std::ranges::any_of(kFolders, [&](auto folder) { return starts_folded(stem.substr(at), folder); }))
            return true;
    return contains_folded(stem, "phpunit");
}

/// What is kept of one address. A server on the internet meets tens of thousands of them, each with a probe or two, so
/// it is little.
struct Prober {
    std::uint64_t rows = 0;
    Time last = kNoTime;
    std::vector<Mark> earliest;  // ascending, at most kScanHitsPerKey
    std::string page;            // of the earliest

    /// True when the row is among the earliest.
    bool keep(const Mark& mark, std::string_view of) {
        auto at = std::ranges::lower_bound(earliest, mark);
        if ((at != earliest.end() && *at == mark) || (at == earliest.end() && earliest.size() == kScanHitsPerKey))
            return false;
        if (at == earliest.begin()) page = of;
        earliest.insert(at, mark);
        if (earliest.size() > kScanHitsPerKey) earliest.pop_back();
        return true;
    }
    void merge(const Prober& other) {
        add_up(rows, other.rows);
        last = std::max(last, other.last);
        for (const Mark& mark : other.earliest) keep(mark, other.page);
    }
    void save(Writer& out) const {
        out.little(rows);
        save_time(out, last);
        out.text(page);
        out.count(earliest.size());
        for (const Mark& mark : earliest) {
            save_time(out, mark.time);
            save_ref(out, mark.ref);
        }
    }
    static Result<Prober> load(Reader& in) {
        Prober prober;
        prober.rows = TRY(in.little<std::uint64_t>("prober.rows"));
        prober.last = TRY(load_time(in));
        auto page = TRY(in.text("prober.page"));
        auto count = TRY(in.count("prober.earliest"));
        if (count == 0 || count > kScanHitsPerKey || page.size() > kHitText)
            return std::unexpected(Error{Fault::bad_value, "prober.earliest", in.offset(), count, kScanHitsPerKey});
        for (std::uint32_t i = 0; i < count; ++i) {
            Mark mark;
            mark.time = TRY(load_time(in));
            mark.ref = TRY(load_ref(in));
            prober.keep(mark, page);
        }
        return prober;
    }
};

class ScanNotes {
public:
    void observe(const RecordBatch& batch, const Intel& intel) {
        std::vector<std::uint32_t> all(batch.size());
        std::iota(all.begin(), all.end(), 0U);
        observe(batch, all, intel);
    }
    void observe(const RecordBatch& batch, std::span<const std::uint32_t> rows, const Intel&) {
        if (rows.empty()) return;
        auto requests = numbered_requests(batch);
        for (auto i : rows) {
            const NumberedRequest& numbered = requests.rows[i];
            // A signed-in script is somebody's job, and Exchange's own requests to itself have no agent either.
            if (numbered.user != 0 || numbered.back_end) continue;
            Row row = batch[i];
            auto stem = row.text(HttpRequest::stem);
            // What the server has is no other product's: whoever posts to a blog's xmlrpc.php is its reader.
            bool foreign = !numbered.succeeded() && numbered.status != kNotModified &&
                           foreign_.get(requests.stems, numbered.stem, is_foreign_path);
            if (!foreign && !is_named(row, numbered)) continue;
            Prober& prober = probers_[lower(requests.addresses.text(numbered.address))];
            ++prober.rows;
            prober.last = std::max(prober.last, row.time);
            if (prober.keep({row.time, row.ref}, stem.substr(0, kHitText))) batch.cite(row);
        }
    }
    void merge(const ScanNotes& other) { probers_.merge(other.probers_); }

    Conclusion conclude(const Intel&) const {
        auto probers = probers_.kept();
        std::ranges::sort(probers, {}, [](const auto* entry) { return std::string_view(entry->key); });
        std::ranges::stable_sort(probers, std::greater{}, [](const auto* entry) { return entry->value.rows; });
        Conclusion conclusion;
        for (std::size_t i = 0; i < std::min(probers.size(), kScanNotes); ++i) {
            const auto& [hash, address, prober] = *probers[i];
            auto& finding = conclusion.findings.emplace_back(note());
            finding.address = address;
            finding.page = prober.page;
            add(finding, prober);
            finding.statement =
                fmt::format("{} sent {} request{} as bots and scripts do, such as {}.", address_words(address),
                            prober.rows, prober.rows == 1 ? "" : "s", prober.page);
        }
        if (probers.size() <= kScanNotes) return conclusion;
        auto& rest = conclusion.findings.emplace_back(note());
        for (const auto* entry : std::span(probers).subspan(kScanNotes)) add(rest, entry->value);
        bool cut = probers_.cut();  // then addresses are estimated, and requests those of the sample
        rest.statement =
            fmt::format("{}{} more addresses sent {}{} requests as bots and scripts do.", cut ? "About " : "",
                        probers_.distinct() - kScanNotes, cut ? "at least " : "", rest.evidence_total);
        return conclusion;
    }

    void save(Writer& out) const { probers_.save(out); }
    static Result<ScanNotes> load(Reader& in) {
        ScanNotes notes;
        notes.probers_ = TRY(Probers::load(in));
        return notes;
    }

private:
    /// A script that posts, or that names a mailbox in an address, is another detector's business.
    static bool is_named(const Row& row, const NumberedRequest& request) {
        auto agent = row.text(HttpRequest::user_agent);
        return !agent.empty() && is_scripted_agent(agent) && !request.post &&
               row.text(HttpRequest::query).find('@') == std::string_view::npos;
    }
    static Finding note() {
        Finding finding;
        finding.detector = "web.scan_note";
        finding.level = Level::scan;
        finding.severity = Severity::note;
        finding.question = Question::attempted;
        finding.probability = 0.9;  // a health check of the owner's with a script is the rest
        finding.techniques = {"T1595"};
        return finding;
    }
    /// Adds an address's rows to a finding: those of who came before are listed first.
    static void add(Finding& finding, const Prober& prober) {
        for (const Mark& mark : prober.earliest) {
            if (finding.evidence.size() < kEvidenceListed) finding.evidence.push_back(mark.ref);
            if (mark.time == kNoTime) continue;
            auto at = std::ranges::lower_bound(finding.moments, mark.time);
            if (at == finding.moments.end() && finding.moments.size() == kEvidenceListed) continue;
            if (at == finding.moments.end() || *at != mark.time) finding.moments.insert(at, mark.time);
            if (finding.moments.size() > kEvidenceListed) finding.moments.pop_back();
        }
        if (!finding.moments.empty()) finding.raw_time = finding.time = finding.moments.front();
        if (prober.last != kNoTime) finding.last = std::max(finding.last.value_or(prober.last), prober.last);
        finding.evidence_total += prober.rows;
    }

    using Probers = behaviour::Sample<Prober, kProbers>;
    Probers probers_;
    ByNumber<bool> foreign_;
};

bool may_be_probe(std::string_view stem, const Intel&) { return is_foreign_path(stem); }
bool may_be_script(std::string_view agent, const Intel&) { return is_scripted_agent(agent); }

constexpr RecordKind kReads[] = {RecordKind::http_request};

constexpr Interest kWants[] = {
    {RecordKind::http_request, HttpRequest::stem, may_be_probe},
    {RecordKind::http_request, HttpRequest::user_agent, may_be_script},
};

}  // namespace

extern const Detector kWebScanNote =
    fold_of<ScanNotes>("web.scan_note", "Random probes by bots, by address", kReads, kWants);

}  // namespace ascribe

// behaviour.enumeration: one address that asked for the settings of many mailboxes, or for many address books, without
// signing in: names are tried so before passwords are, and the SSRF chains need one that exists (facts PL-04, PS-01).
// A note: services that set up telephones do the same for their customers.
#include <fmt/format.h>

#include <algorithm>

#include "base/saturating.hpp"
#include "base/text.hpp"
#include "detect/behaviour/sample.hpp"
#include "detect/exchange_paths.hpp"
#include "detect/facts/fold.hpp"
#include "detect/web/request.hpp"

namespace ascribe {
namespace {

using behaviour::Sample;

constexpr std::size_t kAddresses = 4'096;  // that asked at all; beyond, an even sample
constexpr std::size_t kNames = 64;         // of one address; beyond, their number is estimated (to about an eighth)
constexpr std::uint64_t kMany = 20;        // mailboxes of one address: an office behind one address signs in
constexpr std::size_t kRows = 20;          // cited for one address, the earliest
constexpr std::size_t kTold = 25;          // findings of one server

struct Seen {
    void merge(const Seen&) {}
    void save(Writer&) const {}
    static Result<Seen> load(Reader&) { return Seen{}; }
};

struct Asker {
    std::uint64_t rows = 0;
    Time last = kNoTime;
    Sample<Seen, kNames> names;
    std::vector<Mark> earliest;  // ascending

    /// True when the row is among the earliest.
    bool keep(const Mark& mark) {
        auto at = std::ranges::lower_bound(earliest, mark);
        if ((at != earliest.end() && *at == mark) || (at == earliest.end() && earliest.size() == kRows)) return false;
        earliest.insert(at, mark);
        if (earliest.size() > kRows) earliest.pop_back();
        return true;
    }
    void merge(const Asker& other) {
        add_up(rows, other.rows);
        last = std::max(last, other.last);
        names.merge(other.names);
        for (const Mark& mark : other.earliest) keep(mark);
    }
    void save(Writer& out) const {
        out.little(rows);
        save_time(out, last);
        names.save(out);
        out.count(earliest.size());
        for (const Mark& mark : earliest) {
            save_time(out, mark.time);
            save_ref(out, mark.ref);
        }
    }
    static Result<Asker> load(Reader& in) {
        Asker asker;
        asker.rows = TRY(in.little<std::uint64_t>("asker.rows"));
        asker.last = TRY(load_time(in));
        asker.names = TRY((Sample<Seen, kNames>::load(in)));
        auto count = TRY(in.count("asker.earliest"));
        if (count > kRows) return std::unexpected(Error{Fault::too_large, "asker.earliest", in.offset(), count, kRows});
        for (std::uint32_t i = 0; i < count; ++i) {
            Mark mark;
            mark.time = TRY(load_time(in));
            mark.ref = TRY(load_ref(in));
            asker.keep(mark);
        }
        return asker;
    }
};

bool is_settings(std::string_view stem) {
    return starts_folded(stem, "/autodiscover/") || starts_folded(stem, "/oab/");
}

/// The mailbox or address book that the request names: the word around an @, or the id behind /oab/.
std::string asked_for(const Request& request) {
    auto whole = request.whole();
    if (starts_folded(request.stem, "/oab/")) {
        auto id = std::string_view(whole).substr(5);
        id = id.substr(0, id.find('/'));
        return id.size() >= 32 ? std::string(id) : std::string();
    }
    auto at = whole.find('@');
    if (at == std::string::npos) return {};
    constexpr std::string_view kEnds = "/?&=;,\"' ";
    auto begin = whole.find_last_of(kEnds, at);
    auto end = whole.find_first_of(kEnds, at);
    begin = begin == std::string::npos ? 0 : begin + 1;
    return whole.substr(begin, (end == std::string::npos ? whole.size() : end) - begin);
}

class Enumeration {
public:
    void observe(const RecordBatch& batch, const Intel&) {
        auto requests = numbered_requests(batch);
        for (std::size_t i = 0; i < batch.size(); ++i) {
            const NumberedRequest& numbered = requests.rows[i];
            if (numbered.user != 0 || numbered.back_end) continue;
            if (!settings_.get(requests.stems, numbered.stem, is_settings)) continue;
            if (inside_.get(requests.addresses, numbered.address, is_internal)) continue;
            Row row = batch[i];
            if (row.time == kNoTime) continue;
            auto request = request_of(batch.kind(), row);
            auto name = asked_for(request);
            if (name.empty()) continue;
            Asker& asker = askers_[request.address];
            ++asker.rows;
            asker.last = std::max(asker.last, row.time);
            asker.names[name];
            if (asker.keep({row.time, row.ref})) batch.cite(row);
        }
    }
    void merge(const Enumeration& other) { askers_.merge(other.askers_); }

    Conclusion conclude(const Intel&) const {
        auto kept = askers_.kept();
        std::erase_if(kept, [](const auto* asker) {
            const Asker& seen = asker->value;
            return seen.names.distinct() < kMany || seen.earliest.empty();  // no finding without evidence
        });
        std::ranges::stable_sort(kept, std::greater{}, [](const auto* asker) { return asker->value.rows; });
        if (kept.size() > kTold) kept.resize(kTold);
        Conclusion conclusion;
        for (const auto* entry : kept) {
            const Asker& asker = entry->value;
            Finding finding;
            finding.detector = "behaviour.enumeration";
            finding.level = Level::scan;
            finding.severity = Severity::low;
            finding.question = Question::attempted;
            finding.probability = 0.6;  // telephone services are the rest
            finding.raw_time = finding.time = asker.earliest.front().time;
            finding.last = asker.last;
            finding.techniques = {"T1087.003"};
            finding.address = entry->key;
            finding.statement =
                fmt::format("{} asked for {}{} mailboxes or address books without signing in, in {} requests.",
                            entry->key, asker.names.cut() ? "about " : "", asker.names.distinct(), asker.rows);
            for (const Mark& mark : asker.earliest) finding.evidence.push_back(mark.ref);
            finding.evidence_total = asker.rows;
            conclusion.findings.push_back(std::move(finding));
        }
        return conclusion;
    }

    void save(Writer& out) const { askers_.save(out); }
    static Result<Enumeration> load(Reader& in) {
        Enumeration enumeration;
        enumeration.askers_ = TRY((Sample<Asker, kAddresses>::load(in)));
        return enumeration;
    }

private:
    Sample<Asker, kAddresses> askers_;
    ByNumber<bool> settings_, inside_;
};

constexpr RecordKind kReads[] = {RecordKind::http_request, RecordKind::exchange_request};

}  // namespace

extern const Detector kBehaviourEnumeration =
    fold_of<Enumeration>("behaviour.enumeration", "Addresses that asked for the settings of many mailboxes", kReads);

}  // namespace ascribe

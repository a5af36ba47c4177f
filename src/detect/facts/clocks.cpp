// facts.clocks: the record's own time against a time inside it. Sysmon writes UtcTime into every event; a shipper that
// labels local time as UTC shows as the same difference on every row (in the lab trace of March 2021: 300 minutes, less
// at most 2.5 s, on all 4,679 Sysmon events).
#include <map>

#include "base/saturating.hpp"
#include "base/text.hpp"
#include "detect/events/fields.hpp"
#include "detect/facts/fold.hpp"

namespace ascribe {
namespace {

// One entry an artefact with Sysmon events. The lowest ids are kept, so that any order of merges keeps the same ones.
constexpr std::size_t kMaxArtefacts = 65'536;

struct Difference {
    Ticks least = Ticks::max(), most = Ticks::min();
    std::uint64_t rows = 0;
    Ref sample;  // the first row, by place
    Time outer = kNoTime, inner = kNoTime;

    void merge(const Difference& other) {
        if (other.rows == 0) return;
        if (rows == 0 || other.sample < sample) {
            sample = other.sample;
            outer = other.outer;
            inner = other.inner;
        }
        least = std::min(least, other.least);
        most = std::max(most, other.most);
        add_up(rows, other.rows);
    }
};

class Clocks {
public:
    void observe(const RecordBatch& batch, const Intel&) {
        Difference seen;
        std::size_t sample_row = 0;
        for (std::size_t i = 0; i < batch.size(); ++i) {
            Row row = batch[i];
            if (row.time == kNoTime || !is_sysmon(row)) continue;
            auto inner = parse_time(row.field("UtcTime"));
            if (!inner) continue;
            if (seen.rows == 0 || row.ref < seen.sample) sample_row = i;
            seen.merge({*inner - row.time, *inner - row.time, 1, row.ref, row.time, *inner});
        }
        if (seen.rows == 0) return;
        auto& kept = differences_[batch.artefact()];
        if (kept.rows == 0 || seen.sample < kept.sample) batch.cite(batch[sample_row]);
        kept.merge(seen);
        trim();
    }

    void merge(const Clocks& other) {
        for (const auto& [artefact, difference] : other.differences_) differences_[artefact].merge(difference);
        trim();
    }

    Conclusion conclude(const Intel&) const {
        Conclusion conclusion;
        for (const auto& [artefact, seen] : differences_)
            conclusion.facts.clocks.push_back({artefact, "record time", "Sysmon UtcTime", seen.least, seen.most,
                                               seen.rows, seen.sample, seen.outer, seen.inner});
        return conclusion;
    }

    void save(Writer& out) const {
        out.count(differences_.size());
        for (const auto& [artefact, seen] : differences_) {
            out.little(artefact.value);
            out.little(seen.least.count());
            out.little(seen.most.count());
            out.little(seen.rows);
            save_ref(out, seen.sample);
            save_time(out, seen.outer);
            save_time(out, seen.inner);
        }
    }

    static Result<Clocks> load(Reader& in) {
        Clocks clocks;
        auto count = TRY(in.count("clocks.count"));
        if (count > kMaxArtefacts)
            return std::unexpected(Error{Fault::too_large, "clocks.count", in.offset(), count, kMaxArtefacts});
        for (std::uint32_t i = 0; i < count; ++i) {
            ArtefactId artefact{TRY(in.little<std::uint32_t>("clocks.artefact"))};
            Difference seen;
            seen.least = Ticks{TRY(in.little<std::int64_t>("clocks.least"))};
            seen.most = Ticks{TRY(in.little<std::int64_t>("clocks.most"))};
            seen.rows = TRY(in.little<std::uint64_t>("clocks.rows"));
            seen.sample = TRY(load_ref(in));
            seen.outer = TRY(load_time(in));
            seen.inner = TRY(load_time(in));
            if (seen.least > seen.most || seen.rows == 0)
                return std::unexpected(Error{Fault::bad_value, "clocks.least", in.offset()});
            if (!clocks.differences_.emplace(artefact, seen).second)
                return std::unexpected(Error{Fault::repeated, "clocks.artefact", in.offset()});
        }
        return clocks;
    }

private:
    void trim() {
        while (differences_.size() > kMaxArtefacts) differences_.erase(std::prev(differences_.end()));
    }

    std::map<ArtefactId, Difference> differences_;
};

constexpr RecordKind kReads[] = {RecordKind::windows_event};

}  // namespace

extern const Detector kFactsClocks =
    fold_of<Clocks>("facts.clocks", "The record's own time against the time written inside it", kReads);

}  // namespace ascribe

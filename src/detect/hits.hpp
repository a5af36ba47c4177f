// The common fold of detectors that judge row by row: a row that tells something becomes a Hit, hits with the same key
// become one Group, a group becomes one finding. A detector's file then holds its judge() (what one row tells),
// sometimes its own conclude() (what groups tell together, such as the stages of a chain), and one line:
//
//     extern const Detector kExchangeSsrf = hit_detector<"exchange.ssrf_target", judge>("About ...", kReads);
//
// What a state holds depends on the set of rows only, never on their order or on how states were merged: counts are
// exact, a group speaks with its earliest row, and the smallest rows by (time, place) are listed.
#pragma once

#include <algorithm>
#include <compare>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/stage.hpp"

namespace ascribe {

/// One row's worth of a finding. `key` says which rows tell the same: the same key and level, the same finding.
struct Hit {
    std::string key;
    Finding finding;  // evidence, counts, detector and (unless judge() knew better) raw_time are filled in by the fold
};

/// A row in a group. Rows without a time come last.
struct HitRow {
    Time time = kNoTime;
    Ref ref;
    bool logged = true;  // a log tells the time; times of files are no moments of activity: copying sets them
    friend bool operator==(const HitRow&, const HitRow&) = default;
    friend std::strong_ordering operator<=>(const HitRow& a, const HitRow& b) {
        if ((a.time == kNoTime) != (b.time == kNoTime)) return (a.time == kNoTime) <=> (b.time == kNoTime);
        if (a.time != b.time) return a.time < b.time ? std::strong_ordering::less : std::strong_ordering::greater;
        return a.ref <=> b.ref;
    }
};

struct Group {
    Finding finding;           // as judged from the earliest row
    std::uint64_t rows = 0;    // exact
    Time last = kNoTime;       // time of the latest logged row
    std::vector<HitRow> kept;  // ascending, the earliest ones; see kHitsPerKey

    std::optional<Time> first_time() const {
        return kept.empty() || kept.front().time == kNoTime ? std::nullopt : std::optional(kept.front().time);
    }
};

/// Groups a state keeps. More different findings than this are a flood, which is counted and said, not listed. The
/// graver level is kept first, so that scan notes can never push an attack out.
inline constexpr std::size_t kKeys = 100'000;
/// Rows a group lists; as many as a finding may list.
inline constexpr std::size_t kHitsPerKey = kEvidenceListed;
/// Rows a group of scan notes lists: a bot's probes are all alike.
inline constexpr std::size_t kScanHitsPerKey = 20;
/// A longer key, statement or name is cut: long enough for every path and command we have seen, and payloads are
/// quoted by `why` from the row itself.
inline constexpr std::size_t kHitText = 4'096;

/// A group's place: level first (success before attempt before scan), then key.
struct HitKey {
    Level level;
    std::string key;
    friend bool operator==(const HitKey&, const HitKey&) = default;
    friend std::strong_ordering operator<=>(const HitKey& a, const HitKey& b) {
        if (a.level != b.level) return b.level <=> a.level;
        return a.key <=> b.key;
    }
};
using Groups = std::map<HitKey, Group>;

/// The state of a row-by-row detector.
class Hits {
public:
    void add(Hit hit, const Row& row, const RecordBatch& batch);
    void merge(const Hits& other);
    const Groups& groups() const { return groups_; }
    /// Rows that told something but whose group was one too many: exact.
    std::uint64_t overflow() const;
    void save(Writer& out) const;
    static Result<Hits> load(Reader& in);

private:
    void trim();
    Groups groups_;
    std::uint64_t rows_ = 0;  // all hits ever added, kept or not
};

/// The group's finding: its own words, evidence, time and count.
Finding finding_of(const Group& group);
/// Adds the rows of `group` to a finding made of several groups. Call settle() once all are in.
void add_evidence(Finding& finding, const Group& group);
/// Takes rows named twice out of the evidence and cuts it to kEvidenceListed; what came first stays first.
void settle(Finding& finding);

/// One finding a group.
Conclusion conclude_each(const Hits& hits, const Intel& intel);

/// Names every finding's detector and gives it a time, and says how many rows the limit left out.
Conclusion name_findings(Conclusion conclusion, std::string_view detector, std::uint64_t overflow);

/// A text as a template argument.
template <std::size_t N>
struct DetectorName {
    char text[N];
    constexpr DetectorName(const char (&name)[N]) { std::copy_n(name, N, text); }
    constexpr std::string_view view() const { return {text, N - 1}; }
};

using Judge = std::optional<Hit> (*)(const RecordBatch&, const Row&, const Intel&);
using Conclude = Conclusion (*)(const Hits&, const Intel&);

/// A Detector that judges row by row, of the kinds it reads; where `wants` is given, only rows that have one of those.
template <DetectorName name, Judge judge, Conclude conclude = conclude_each>
constexpr Detector hit_detector(std::string_view about, std::span<const RecordKind> reads,
                                std::span<const Interest> wants = {}) {
    return {
        name.view(),
        about,
        reads,
        [] { return std::any(Hits{}); },
        [](std::any& state, const RecordBatch& batch, const Intel& intel) {
            auto& hits = std::any_cast<Hits&>(state);
            for (std::size_t i = 0; i < batch.size(); ++i) {
                Row row = batch[i];
                if (auto hit = judge(batch, row, intel)) hits.add(std::move(*hit), row, batch);
            }
        },
        [](std::any& state, const std::any& other) {
            std::any_cast<Hits&>(state).merge(std::any_cast<const Hits&>(other));
        },
        [](const std::any& state, const Intel& intel) {
            const auto& hits = std::any_cast<const Hits&>(state);
            return name_findings(conclude(hits, intel), name.view(), hits.overflow());
        },
        [](const std::any& state, Writer& out) { std::any_cast<const Hits&>(state).save(out); },
        [](Reader& in) -> Result<std::any> {
            Hits hits = TRY(Hits::load(in));
            return std::any(std::move(hits));
        },
        wants,
        [](std::any& state, const RecordBatch& batch, std::span<const std::uint32_t> rows, const Intel& intel) {
            auto& hits = std::any_cast<Hits&>(state);
            for (auto i : rows) {
                Row row = batch[i];
                if (auto hit = judge(batch, row, intel)) hits.add(std::move(*hit), row, batch);
            }
        },
    };
}

}  // namespace ascribe

// The fold of hits: order-free groups, and their way across process borders.
#include "detect/hits.hpp"

#include <fmt/format.h>

#include <bit>
#include <set>

#include "base/saturating.hpp"
#include "detect/facts/fold.hpp"

namespace ascribe {
namespace {

// Techniques or CVEs of one finding; the longest list in the product has six.
constexpr std::size_t kLabels = 32;

void cut(std::string& text) {
    if (text.size() <= kHitText) return;
    text.resize(kHitText);
    text += "...";
}

std::size_t limit_of(const Group& group) { return group.finding.level == Level::scan ? kScanHitsPerKey : kHitsPerKey; }

void keep(Group& group, const HitRow& row) {
    auto at = std::ranges::lower_bound(group.kept, row);
    if (at != group.kept.end() && *at == row) return;
    group.kept.insert(at, row);
    if (group.kept.size() > limit_of(group)) group.kept.pop_back();
}

/// True when the list has room for `row` or the row sorts before its last.
bool would_keep(const Group& group, const HitRow& row) {
    return group.kept.size() < limit_of(group) || row < group.kept.back();
}

template <class Enum>
Result<Enum> load_enum(Reader& in, Enum last, std::string_view what) {
    auto offset = in.offset();
    auto value = TRY(in.little<std::uint8_t>(what));
    if (value > static_cast<std::uint8_t>(last)) return std::unexpected(Error{Fault::bad_value, what, offset, value});
    return static_cast<Enum>(value);
}

Result<std::string> load_text(Reader& in, std::string_view what) {
    auto offset = in.offset();
    auto text = TRY(in.text(what));
    // keep() and cut() never make a longer one: three more bytes are the dots.
    if (text.size() > kHitText + 3)
        return std::unexpected(Error{Fault::too_large, what, offset, text.size(), kHitText});
    return std::string(text);
}

void save_labels(Writer& out, const std::vector<std::string>& labels) {
    out.count(std::min(labels.size(), kLabels));
    for (std::size_t i = 0; i < labels.size() && i < kLabels; ++i) out.text(labels[i]);
}

Result<std::vector<std::string>> load_labels(Reader& in) {
    auto offset = in.offset();
    auto count = TRY(in.count("hits.labels"));
    if (count > kLabels) return std::unexpected(Error{Fault::too_large, "hits.labels", offset, count, kLabels});
    std::vector<std::string> labels;
    for (std::uint32_t i = 0; i < count; ++i) {
        auto label = TRY(load_text(in, "hits.label"));
        labels.push_back(std::move(label));
    }
    return labels;
}

void save_finding(Writer& out, const Finding& finding) {
    out.little(static_cast<std::uint8_t>(finding.severity));
    out.little(static_cast<std::uint8_t>(finding.question));
    out.little(static_cast<std::uint8_t>(finding.clock));
    out.little(std::bit_cast<std::uint64_t>(finding.probability));
    for (const auto* text :
         {&finding.statement, &finding.address, &finding.page, &finding.account, &finding.session, &finding.indicator})
        out.text(*text);
    save_labels(out, finding.techniques);
    save_labels(out, finding.cves);
    save_labels(out, finding.software);
    save_labels(out, finding.links);
}

Result<Finding> load_finding(Reader& in) {
    Finding finding;
    finding.severity = TRY(load_enum(in, Severity::critical, "hits.severity"));
    finding.question = TRY(load_enum(in, Question::hiding, "hits.question"));
    finding.clock = TRY(load_enum(in, Clock::inferred, "hits.clock"));
    auto offset = in.offset();
    finding.probability = std::bit_cast<double>(TRY(in.little<std::uint64_t>("hits.probability")));
    if (!(finding.probability >= 0 && finding.probability <= 1))  // refuses NaN too
        return std::unexpected(Error{Fault::bad_value, "hits.probability", offset});
    for (auto* text :
         {&finding.statement, &finding.address, &finding.page, &finding.account, &finding.session, &finding.indicator})
        *text = TRY(load_text(in, "hits.text"));
    finding.techniques = TRY(load_labels(in));
    finding.cves = TRY(load_labels(in));
    finding.software = TRY(load_labels(in));
    finding.links = TRY(load_labels(in));
    return finding;
}

void save_group(Writer& out, const Group& group) {
    out.little(group.rows);
    save_time(out, group.last);
    save_finding(out, group.finding);
    out.count(group.kept.size());
    for (const HitRow& row : group.kept) {
        save_time(out, row.time);
        save_ref(out, row.ref);
        out.little(static_cast<std::uint8_t>(row.logged));
    }
}

Result<Group> load_group(Reader& in) {
    Group group;
    auto offset = in.offset();
    group.rows = TRY(in.little<std::uint64_t>("hits.rows"));
    group.last = TRY(load_time(in));
    group.finding = TRY(load_finding(in));
    auto count = TRY(in.count("hits.kept"));
    // A group without a row would be a finding without evidence.
    if (count == 0 || count > kHitsPerKey || count > group.rows)
        return std::unexpected(Error{Fault::bad_value, "hits.kept", offset, count, kHitsPerKey});
    for (std::uint32_t i = 0; i < count; ++i) {
        HitRow row;
        row.time = TRY(load_time(in));
        row.ref = TRY(load_ref(in));
        row.logged = TRY(in.little<std::uint8_t>("hits.logged")) != 0;
        if (!group.kept.empty() && !(group.kept.back() < row))
            return std::unexpected(Error{Fault::bad_value, "hits.order", in.offset()});
        group.kept.push_back(row);
    }
    return group;
}

void list_rows(Finding& finding, const Group& group) {
    for (const HitRow& row : group.kept) {
        finding.evidence.push_back(row.ref);
        if (row.logged && row.time != kNoTime) finding.moments.push_back(row.time);
    }
    if (group.last != kNoTime && (!finding.last || *finding.last < group.last)) finding.last = group.last;
}

}  // namespace

void Hits::add(Hit hit, const Row& row, const RecordBatch& batch) {
    ++rows_;
    cut(hit.key);
    for (auto* text :
         {&hit.finding.statement, &hit.finding.address, &hit.finding.page, &hit.finding.account, &hit.finding.session})
        cut(*text);
    HitKey key{hit.finding.level, std::move(hit.key)};
    auto at = groups_.find(key);
    if (at == groups_.end()) {
        if (groups_.size() >= kKeys && std::prev(groups_.end())->first < key) return;  // one too many: counted above
        at = groups_.try_emplace(std::move(key)).first;
    }
    Group& group = at->second;
    HitRow place{hit.finding.raw_time.value_or(row.time), row.ref, hit.finding.clock == Clock::log};
    ++group.rows;
    if (place.logged) group.last = std::max(group.last, place.time);
    if (would_keep(group, place)) {
        if (group.kept.empty() || place < group.kept.front()) group.finding = std::move(hit.finding);
        batch.cite(row);
        keep(group, place);
    }
    trim();
}

void Hits::merge(const Hits& other) {
    add_up(rows_, other.rows_);
    for (const auto& [key, group] : other.groups_) {
        auto [at, added] = groups_.try_emplace(key, group);
        if (added) continue;
        Group& mine = at->second;
        if (group.kept.front() < mine.kept.front()) mine.finding = group.finding;
        add_up(mine.rows, group.rows);
        mine.last = std::max(mine.last, group.last);
        for (const HitRow& row : group.kept)
            if (would_keep(mine, row)) keep(mine, row);
    }
    trim();
}

std::uint64_t Hits::overflow() const {
    std::uint64_t kept = 0;
    for (const auto& [key, group] : groups_) kept += group.rows;
    return rows_ - std::min(kept, rows_);
}

// The greatest keys go. A group that any part dropped has kKeys smaller ones in the whole too, so it is dropped there
// as well: what stays is complete, in any order of merges.
void Hits::trim() {
    while (groups_.size() > kKeys) groups_.erase(std::prev(groups_.end()));
}

void Hits::save(Writer& out) const {
    out.little(rows_);
    out.count(groups_.size());
    for (const auto& [key, group] : groups_) {
        out.little(static_cast<std::uint8_t>(key.level));
        out.text(key.key);
        save_group(out, group);
    }
}

Result<Hits> Hits::load(Reader& in) {
    Hits hits;
    hits.rows_ = TRY(in.little<std::uint64_t>("hits.all_rows"));
    auto count = TRY(in.count("hits.count"));
    if (count > kKeys) return std::unexpected(Error{Fault::too_large, "hits.count", in.offset(), count, kKeys});
    for (std::uint32_t i = 0; i < count; ++i) {
        HitKey key;
        key.level = TRY(load_enum(in, Level::success, "hits.level"));
        key.key = TRY(load_text(in, "hits.key"));
        auto group = TRY(load_group(in));
        group.finding.level = key.level;
        if (group.kept.size() > limit_of(group))
            return std::unexpected(
                Error{Fault::bad_value, "hits.kept", in.offset(), group.kept.size(), limit_of(group)});
        if (!hits.groups_.empty() && !(std::prev(hits.groups_.end())->first < key))
            return std::unexpected(Error{Fault::bad_value, "hits.key_order", in.offset()});
        hits.groups_.emplace_hint(hits.groups_.end(), std::move(key), std::move(group));
    }
    return hits;
}

Finding finding_of(const Group& group) {
    Finding finding = group.finding;
    finding.raw_time = group.first_time();
    finding.evidence.clear();
    list_rows(finding, group);
    finding.evidence_total = group.rows;
    return finding;
}

void add_evidence(Finding& finding, const Group& group) {
    auto first = group.first_time();
    if (first && (!finding.raw_time || *first < *finding.raw_time)) finding.raw_time = first;
    list_rows(finding, group);
    add_up(finding.evidence_total, group.rows);
}

void settle(Finding& finding) {
    std::set<Ref> seen;
    std::erase_if(finding.evidence, [&](const Ref& ref) { return !seen.insert(ref).second; });
    if (finding.evidence.size() > kEvidenceListed) finding.evidence.resize(kEvidenceListed);
    std::ranges::sort(finding.moments);
    finding.moments.erase(std::ranges::unique(finding.moments).begin(), finding.moments.end());
    if (finding.moments.size() > kEvidenceListed) finding.moments.resize(kEvidenceListed);
}

Conclusion conclude_each(const Hits& hits, const Intel&) {
    Conclusion conclusion;
    for (const auto& [key, group] : hits.groups()) conclusion.findings.push_back(finding_of(group));
    return conclusion;
}

Conclusion name_findings(Conclusion conclusion, std::string_view detector, std::uint64_t overflow) {
    for (Finding& finding : conclusion.findings) {
        finding.detector = detector;
        finding.time = finding.raw_time;  // until correlate has looked at the clocks
    }
    if (overflow > 0 && !conclusion.findings.empty())
        conclusion.findings.back().statement +=
            fmt::format(" ({} more rows of this detector were beyond its limit of {} groups.)", overflow, kKeys);
    return conclusion;
}

}  // namespace ascribe

// Order-free first and last rows, and their way across process borders.
#include "detect/facts/fold.hpp"

#include <algorithm>
#include <utility>

#include "base/saturating.hpp"

namespace ascribe {
namespace {

thread_local RefsSaved* listener = nullptr;

}  // namespace

RefsSaved::RefsSaved() { listener = this; }
RefsSaved::~RefsSaved() { listener = nullptr; }

std::vector<Ref> RefsSaved::take() {
    std::ranges::sort(refs_);
    refs_.erase(std::ranges::unique(refs_).begin(), refs_.end());
    return std::exchange(refs_, {});
}

bool Extent::extended_by(const Mark& mark) const {
    return rows == 0 || is_earlier(mark, first) || is_later(mark, last);
}

void Extent::add(const Mark& mark, std::uint64_t count) {
    if (rows == 0 || is_earlier(mark, first)) first = mark;
    if (rows == 0 || is_later(mark, last)) last = mark;
    add_up(rows, count);
}

void Extent::merge(const Extent& other) {
    if (other.rows == 0) return;
    add(other.first, other.rows);
    add(other.last, 0);
}

void Extent::save(Writer& out) const {
    out.little(rows);
    for (const Mark& mark : {first, last}) {
        save_time(out, mark.time);
        save_ref(out, mark.ref);
    }
}

Result<Extent> Extent::load(Reader& in) {
    Extent extent;
    extent.rows = TRY(in.little<std::uint64_t>("extent.rows"));
    for (Mark* mark : {&extent.first, &extent.last}) {
        mark->time = TRY(load_time(in));
        mark->ref = TRY(load_ref(in));
    }
    return extent;
}

void BatchExtent::add_rows(const RecordBatch& batch, std::size_t begin, std::size_t end, bool timeless) {
    auto mark = [&](std::size_t i) { return Mark{timeless ? kNoTime : batch.time(i), batch.ref(i)}; };
    // Of rows that follow one another, as those of a log mostly do, the ends are enough.
    auto in_order = [&](std::size_t i) {
        return batch.time(i - 1) <= batch.time(i) && batch.ref(i - 1) < batch.ref(i);
    };
    bool follow = !timeless && batch.time(begin) != kNoTime;
    for (std::size_t i = begin + 1; follow && i < end; ++i) follow = in_order(i);
    if (!follow) {
        for (std::size_t i = begin; i < end; ++i) add(mark(i), i);
        return;
    }
    add(mark(begin), begin);
    if (end - begin == 1) return;
    add(mark(end - 1), end - 1);
    extent.rows += end - begin - 2;
}

void BatchExtent::fold_into(Extent& to, const RecordBatch& batch) const {
    if (extent.rows == 0) return;
    if (to.extended_by(extent.first)) batch.cite(batch[first_row]);
    if (to.extended_by(extent.last)) batch.cite(batch[last_row]);
    to.merge(extent);
}

void save_ref(Writer& out, const Ref& ref) {
    if (listener != nullptr) listener->refs_.push_back(ref);
    out.little(ref.artefact.value);
    out.little(ref.size);
    out.little(ref.offset);
}

Result<Ref> load_ref(Reader& in) {
    Ref ref;
    ref.artefact.value = TRY(in.little<std::uint32_t>("ref.artefact"));
    ref.size = TRY(in.little<std::uint32_t>("ref.size"));
    ref.offset = TRY(in.little<std::uint64_t>("ref.offset"));
    return ref;
}

void save_time(Writer& out, Time time) { out.little(time.time_since_epoch().count()); }

Result<Time> load_time(Reader& in) {
    static const Time kEarliest = *make_time(1601, 1, 1), kLatest = *make_time(9999, 12, 31, 23, 59, 59, 9'999'999);
    auto offset = in.offset();
    auto ticks = TRY(in.little<std::int64_t>("time"));
    Time time{Ticks{ticks}};
    if (time != kNoTime && (time < kEarliest || time > kLatest))
        return std::unexpected(Error{Fault::bad_value, "time", offset});
    return time;
}

}  // namespace ascribe

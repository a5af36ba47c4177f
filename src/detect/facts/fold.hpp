// What the fact detectors share: a state type with a handful of members becomes a Detector, and the first and last row
// seen are kept in a way that no order of rows or merges can change.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "model/stage.hpp"

namespace ascribe {

/// A Detector made of `State`: observe(batch, intel), merge(other), conclude(intel), save(writer) and static
/// load(reader).
/// Where `wants` is given, the State has observe(batch, rows, intel) and is shown only those rows.
template <class State>
constexpr Detector fold_of(std::string_view name, std::string_view about, std::span<const RecordKind> reads,
                           std::span<const Interest> wants = {}) {
    return {
        name,
        about,
        reads,
        [] { return std::any(State{}); },
        [](std::any& state, const RecordBatch& batch, const Intel& intel) {
            std::any_cast<State&>(state).observe(batch, intel);
        },
        [](std::any& state, const std::any& other) {
            std::any_cast<State&>(state).merge(std::any_cast<const State&>(other));
        },
        [](const std::any& state, const Intel& intel) { return std::any_cast<const State&>(state).conclude(intel); },
        [](const std::any& state, Writer& out) { std::any_cast<const State&>(state).save(out); },
        [](Reader& in) -> Result<std::any> {
            State state = TRY(State::load(in));
            return std::any(std::move(state));
        },
        wants,
        [](std::any& state, const RecordBatch& batch, [[maybe_unused]] std::span<const std::uint32_t> rows,
           const Intel& intel) {
            if constexpr (requires { std::any_cast<State&>(state).observe(batch, rows, intel); })
                std::any_cast<State&>(state).observe(batch, rows, intel);
            else
                std::any_cast<State&>(state).observe(batch, intel);
        },
    };
}

/// A row as a fact remembers it.
struct Mark {
    Time time = kNoTime;
    Ref ref;
    friend auto operator<=>(const Mark&, const Mark&) = default;
};

/// The first and the last of some rows, by time, then by place. A row without a time only stands in where no row has
/// one.
struct Extent {
    std::uint64_t rows = 0;
    Mark first, last;  // of no meaning while rows is 0

    // A row without a time sorts behind every row with one at both ends: kNoTime is the least of times.
    static bool is_earlier(const Mark& a, const Mark& b) {
        bool a_known = a.time != kNoTime, b_known = b.time != kNoTime;
        return a_known != b_known ? a_known : a < b;
    }
    static bool is_later(const Mark& a, const Mark& b) { return a > b; }

    /// True when `mark` would change `first` or `last`: the moment to cite it.
    bool extended_by(const Mark& mark) const;
    void add(const Mark& mark, std::uint64_t count = 1);
    void merge(const Extent& other);
    void save(Writer& out) const;
    static Result<Extent> load(Reader& in);

    std::optional<Time> first_time() const { return known(first.time); }
    std::optional<Time> last_time() const { return known(last.time); }

private:
    static std::optional<Time> known(Time time) { return time == kNoTime ? std::nullopt : std::optional(time); }
};

/// The first and last row of a batch for one fact, and how many there were: a batch's rows are compared first and at
/// most two of them cited, because citing copies their bytes.
struct BatchExtent {
    Extent extent;
    std::size_t first_row = 0, last_row = 0;

    void add(const Mark& mark, std::size_t index) {
        bool is_first = extent.rows++ == 0;
        if (is_first || Extent::is_earlier(mark, extent.first)) {
            extent.first = mark;
            first_row = index;
        }
        if (is_first || Extent::is_later(mark, extent.last)) {
            extent.last = mark;
            last_row = index;
        }
    }
    /// The same of rows of a batch, whose times are not told where they are `timeless`.
    void add_rows(const RecordBatch& batch, std::size_t begin, std::size_t end, bool timeless);
    /// Adds the batch's rows to `to` and cites those that became its ends.
    void fold_into(Extent& to, const RecordBatch& batch) const;
};

/// Every state saves its refs by this, so that who saves it can learn what rows it holds (RefsSaved).
void save_ref(Writer& out, const Ref& ref);
/// While it lives, what save_ref() saves in this thread is noted.
class RefsSaved {
public:
    RefsSaved();
    ~RefsSaved();
    RefsSaved(const RefsSaved&) = delete;
    RefsSaved& operator=(const RefsSaved&) = delete;
    /// Ascending, each once.
    std::vector<Ref> take();

private:
    friend void save_ref(Writer& out, const Ref& ref);
    std::vector<Ref> refs_;
};
Result<Ref> load_ref(Reader& in);
void save_time(Writer& out, Time time);
/// kNoTime or a time that a calendar has (years 1601 to 9999); anything else is refused.
Result<Time> load_time(Reader& in);

}  // namespace ascribe

// Records: what parsers make of bytes and detectors read. A batch holds rows of one kind from one artefact; its text
// points into the artefact's bytes or the batch's arena, so a row lives as long as its batch.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/arena.hpp"
#include "base/bytes.hpp"
#include "base/time.hpp"
#include "model/artefact.hpp"
#include "model/records.def"

namespace ascribe {

enum class RecordKind : std::uint8_t {
#define ASCRIBE_KIND(Type, kind, sentence) kind,
    ASCRIBE_RECORDS(ASCRIBE_KIND)
#undef ASCRIBE_KIND
};

enum class ColumnType : std::uint8_t { text, number };

struct ColumnSchema {
    std::string_view name;
    ColumnType type;
    std::string_view about;
};

struct RecordSchema {
    RecordKind kind;
    std::string_view name, about;
    std::span<const ColumnSchema> columns;
};

// struct HttpRequest { enum Column { site, server, ... }; } and so on: row.text(HttpRequest::stem).
#define ASCRIBE_ENUMERATOR(name, type, sentence) name,
#define ASCRIBE_TYPE(Type, record_kind, sentence)                                          \
    struct Type {                                                                          \
        static constexpr RecordKind kind = RecordKind::record_kind;                        \
        enum Column : std::size_t { ASCRIBE_COLUMNS_##Type(ASCRIBE_ENUMERATOR) kColumns }; \
    };
ASCRIBE_RECORDS(ASCRIBE_TYPE)
#undef ASCRIBE_TYPE
#undef ASCRIBE_ENUMERATOR

/// Every kind of record with its columns, in the order of RecordKind.
std::span<const RecordSchema> record_schemas();

/// Empty, a number, or text.
using Cell = std::variant<std::monostate, std::int64_t, std::string_view>;

/// A value known by name only: event data, custom log columns.
struct Field {
    std::string_view name;
    Cell value;
};

/// How the cells of a line that was cut at its separators fill the columns of its kind.
struct LineLayout {
    static constexpr std::uint16_t kNone = 0xFFFF;
    struct Column {
        std::uint16_t place = kNone;  // which cell of the line
        bool is_number = false;
        friend bool operator==(const Column&, const Column&) = default;
    };
    std::vector<Column> columns;  // all of the kind
    std::uint16_t last = 0;       // the last cell's place
    friend bool operator==(const LineLayout&, const LineLayout&) = default;
};

/// Lines cut in one pass: where each cell ends, one line's cells after the other's. The entry before a line's first is
/// the end of the line before it.
struct CutLines {
    std::shared_ptr<const LineLayout> layout;
    const char* origin = nullptr;  // what ends count from
    std::unique_ptr<std::uint32_t[]> ends;
};

/// A cell of a line whose first cell's end is at `first`; "-", which stands for nothing in such logs, is "".
inline std::string_view cell_of(const CutLines& lines, std::size_t place, bool is_last, std::size_t first,
                                std::string_view line) {
    const auto* ends = lines.ends.get() + first + place;
    const char* begin = place == 0 ? line.data() : lines.origin + ends[-1] + 1;
    const char* end = is_last ? line.data() + line.size() : lines.origin + ends[0];
    auto size = static_cast<std::size_t>(end - begin);
    return {begin, size == 1 && *begin == '-' ? 0 : size};
}

/// As number_in(), for texts that are not just some digits.
std::optional<std::int64_t> long_number_in(std::string_view text);
/// The number that a text is all of; most are ports and answers, of a few digits.
inline std::optional<std::int64_t> number_in(std::string_view text) {
    std::uint32_t value = 0;
    if (text.empty() || text.size() > 9) return long_number_in(text);
    for (char c : text) {
        auto digit = static_cast<std::uint32_t>(c - '0');
        if (digit > 9) return long_number_in(text);
        value = value * 10 + digit;
    }
    return value;
}

/// A row's cells: as a parser filled them, or still in their line and read when asked for.
class Cells {
public:
    Cells() = default;
    Cells(std::span<const Cell> made) : made_(made.data()), size_(made.size()) {}
    Cells(std::size_t columns, const CutLines& lines, std::size_t first, std::string_view line)
        : size_(columns), lines_(&lines), first_(first), line_(line) {}

    std::size_t size() const { return size_; }
    Cell operator[](std::size_t column) const;
    std::string_view text(std::size_t column) const {
        if (lines_ != nullptr) return lines_->layout->columns[column].is_number ? std::string_view{} : cut(column);
        auto* value = std::get_if<std::string_view>(&made_[column]);
        return value ? *value : std::string_view{};
    }
    std::optional<std::int64_t> number(std::size_t column) const {
        if (lines_ != nullptr) return cut_number(column);
        auto* value = std::get_if<std::int64_t>(&made_[column]);
        return value ? std::optional(*value) : std::nullopt;
    }

    class Iterator {
    public:
        Iterator(const Cells& cells, std::size_t at) : cells_(&cells), at_(at) {}
        Cell operator*() const { return (*cells_)[at_]; }
        Iterator& operator++() {
            ++at_;
            return *this;
        }
        bool operator==(const Iterator& other) const { return at_ == other.at_; }

    private:
        const Cells* cells_;
        std::size_t at_;
    };
    Iterator begin() const { return {*this, 0}; }
    Iterator end() const { return {*this, size_}; }

private:
    std::string_view cut(std::size_t column) const {
        auto place = lines_->layout->columns[column].place;
        if (place == LineLayout::kNone) return {};
        return cell_of(*lines_, place, place == lines_->layout->last, first_, line_);
    }
    std::optional<std::int64_t> cut_number(std::size_t column) const {
        return lines_->layout->columns[column].is_number ? number_in(cut(column)) : std::nullopt;
    }

    const Cell* made_ = nullptr;
    std::size_t size_ = 0;
    const CutLines* lines_ = nullptr;
    std::size_t first_ = 0;
    std::string_view line_;
};

struct Row {
    Time time;           // as recorded; kNoTime when the record has none
    Ref ref;             // the record's bytes
    std::uint32_t line;  // 1-based in the part it came from; 0 where the format has no lines
    Cells cells;
    std::span<const Field> fields;

    /// The column's text, "" when empty.
    std::string_view text(std::size_t column) const { return cells.text(column); }
    std::optional<std::int64_t> number(std::size_t column) const { return cells.number(column); }
    /// The named field's text, "" when there is none. Names compare exactly, as event data names do.
    std::string_view field(std::string_view name) const {
        for (const Field& field : fields)
            if (field.name == name)
                if (auto* value = std::get_if<std::string_view>(&field.value)) return *value;
        return {};
    }
};

/// The bytes behind a claim, kept from the moment a detector cites them, so that `ascribe why` works without the
/// evidence.
struct Citation {
    std::uint32_t line = 0;  // within the part until the engine adds the lines before it; 0: no line
    std::string bytes;       // at most kQuoteLimit; the Ref has the full size
    Time time = kNoTime;     // the row's, as recorded; not kept in case files
};
using Citations = std::map<Ref, Citation>;

/// A quote longer than this is cut. Large enough for every event we have seen (Exchange errors run to 32 KiB).
inline constexpr std::size_t kQuoteLimit = 64 << 10;

class RecordBatch {
public:
    /// About this many rows make a batch: small enough for the cache, large enough to pay for the calls.
    static constexpr std::size_t kRows = 512;

    /// `source` is the bytes that refs of this batch count from: offset `base` of the artefact is source[0].
    RecordBatch(RecordKind kind, ArtefactId artefact, Bytes source, std::uint64_t base = 0);

    RecordKind kind() const { return kind_; }
    /// Another for every batch of this process: by it, what was worked out of a batch is known again.
    std::uint64_t serial() const { return serial_; }
    ArtefactId artefact() const { return artefact_; }
    std::size_t size() const { return rows_.size(); }
    Row operator[](std::size_t row) const;
    /// One column of all rows, as Row::text() and Row::number() tell it: in one go, which costs a fraction. Nothing at
    /// all where the lines that the rows are cut from have no such column.
    void texts(std::size_t column, std::vector<std::string_view>& out) const;
    void numbers(std::size_t column, std::vector<std::optional<std::int64_t>>& out) const;
    /// How the rows that were cut from lines lie in these; nullptr when none was.
    const LineLayout* layout() const { return lines_ != nullptr ? lines_->layout.get() : nullptr; }
    /// Whether every row was.
    bool is_all_cut() const { return lines_ != nullptr && cells_.empty(); }
    /// What stands in each row's line from one cell to another, when every row was cut: take(row, text).
    template <class Take>
    void each_span(std::size_t first_place, std::size_t last_place, Take take) const;
    /// Of one row, what no cell has to be read for.
    Time time(std::size_t row) const { return rows_[row].time; }
    Ref ref(std::size_t row) const { return {artefact_, rows_[row].size, rows_[row].offset}; }

    /// Adds a row whose cells are all empty and returns them to be filled.
    std::span<Cell> append(Time time, std::uint64_t offset, std::uint32_t size, std::uint32_t line = 0);
    /// Adds a row whose cells stay where they are, in its line: `first` is the place of its first cell's end in `ends`.
    void append_cut(Time time, std::uint64_t offset, std::uint32_t size, std::uint32_t line, std::size_t first) {
        if (rows_.empty()) rows_.reserve(kRows);
        auto fields = static_cast<std::uint32_t>(fields_.size());
        rows_.push_back({time, offset, size, line, fields, fields, static_cast<std::uint32_t>(first), true});
    }
    /// The cut lines that rows of append_cut are in.
    void cut_from(std::shared_ptr<const CutLines> lines) { lines_ = std::move(lines); }
    /// The last row's time, where it is known only once the row was read.
    void set_time(Time time) { rows_.back().time = time; }
    /// Takes the last row back.
    void drop_last();
    /// Adds a named field to the last row.
    template <class Value>
    void add_field(std::string_view name, Value&& value) {
        fields_.emplace_back(name, std::forward<Value>(value));  // in place: a Cell copied through the stack stalls
        rows_.back().fields_end = static_cast<std::uint32_t>(fields_.size());
    }
    /// Copies decoded text into the batch, where it lives as long as the rows.
    std::string_view keep(std::string_view text) { return arena_.keep(text); }
    /// Where decoders write text of the rows in place.
    Arena& arena() { return arena_; }
    const Arena& arena() const { return arena_; }
    /// True when every text of every row lies in the arena, so that one look at it tells what no row can hold.
    bool keeps_all_texts = false;
    /// Keeps alive what names of fields point into, where that is neither the artefact nor the arena.
    void hold(const std::shared_ptr<const void>& owner) {
        if (held_.empty() || held_.back() != owner) held_.push_back(owner);
    }
    /// What all names of fields point into, so that while it lives equal places are equal names; nullptr where they lie
    /// in the arena or the artefact, or in more than one such place.
    std::shared_ptr<const void> owner_of_names() const { return held_.size() == 1 ? held_.front() : nullptr; }

    /// The server these rows speak of, as they name it; "" when they do not. Rows of another server start another
    /// batch.
    std::string host;

    /// Notes the row's bytes as evidence and returns its Ref. Detectors call this for every row they may cite.
    Ref cite(const Row& row) const;
    const Citations& citations() const { return *citations_; }
    /// Where cite() notes: one table for a whole job.
    void cite_into(std::shared_ptr<Citations> citations) { citations_ = std::move(citations); }

private:
    struct Place {
        Time time;
        std::uint64_t offset;
        std::uint32_t size, line;
        std::uint32_t fields_begin, fields_end;
        std::uint32_t cells;  // place of its first cell, or of that cell's end
        bool is_cut;
    };
    std::string_view line_of(const Place& place) const {
        return {source_.text().data() + (place.offset - base_), place.size};
    }
    RecordKind kind_;
    ArtefactId artefact_;
    std::uint64_t serial_;
    std::size_t columns_;
    Bytes source_;
    std::uint64_t base_;
    Arena arena_;
    std::vector<std::shared_ptr<const void>> held_;
    std::vector<Place> rows_;
    std::vector<Cell> cells_;
    std::vector<Field> fields_;
    std::shared_ptr<const CutLines> lines_;
    std::shared_ptr<Citations> citations_ = std::make_shared<Citations>();
};

inline Row RecordBatch::operator[](std::size_t row) const {
    const Place& place = rows_[row];
    auto fields = std::span(fields_).subspan(place.fields_begin, place.fields_end - place.fields_begin);
    Ref ref{artefact_, place.size, place.offset};
    if (!place.is_cut) return {place.time, ref, place.line, std::span(cells_).subspan(place.cells, columns_), fields};
    return {place.time, ref, place.line, Cells(columns_, *lines_, place.cells, line_of(place)), fields};
}

template <class Take>
void RecordBatch::each_span(std::size_t first_place, std::size_t last_place, Take take) const {
    const auto& lines = *lines_;
    bool to_the_end = last_place == lines.layout->last;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        const Place& place = rows_[i];
        const auto* ends = lines.ends.get() + place.cells;
        const char* line = source_.text().data() + (place.offset - base_);
        const char* begin = first_place == 0 ? line : lines.origin + ends[first_place - 1] + 1;
        const char* end = to_the_end ? line + place.size : lines.origin + ends[last_place];
        take(i, std::string_view(begin, static_cast<std::size_t>(end - begin)));
    }
}

}  // namespace ascribe

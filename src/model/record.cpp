#include "model/record.hpp"

#include <algorithm>
#include <atomic>
#include <charconv>

namespace ascribe {
namespace {

#define ASCRIBE_COLUMN(name, type, sentence) ColumnSchema{#name, ColumnType::type, sentence},
#define ASCRIBE_TABLE(Type, kind, sentence) \
    constexpr ColumnSchema k##Type##Columns[] = {ASCRIBE_COLUMNS_##Type(ASCRIBE_COLUMN)};
ASCRIBE_RECORDS(ASCRIBE_TABLE)
#undef ASCRIBE_TABLE
#undef ASCRIBE_COLUMN

constexpr RecordSchema kSchemas[] = {
#define ASCRIBE_SCHEMA(Type, kind, sentence) {RecordKind::kind, #kind, sentence, k##Type##Columns},
    ASCRIBE_RECORDS(ASCRIBE_SCHEMA)
#undef ASCRIBE_SCHEMA
};

}  // namespace

std::span<const RecordSchema> record_schemas() { return kSchemas; }

Cell Cells::operator[](std::size_t column) const {
    if (lines_ == nullptr) return made_[column];
    if (lines_->layout->columns[column].is_number) {
        auto number = cut_number(column);
        return number ? Cell(*number) : Cell();
    }
    auto text = cut(column);
    return text.empty() ? Cell() : Cell(text);
}

std::optional<std::int64_t> long_number_in(std::string_view text) {
    std::int64_t value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

RecordBatch::RecordBatch(RecordKind kind, ArtefactId artefact, Bytes source, std::uint64_t base)
    : kind_(kind),
      artefact_(artefact),
      serial_([] {
          static std::atomic<std::uint64_t> last = 0;
          return ++last;
      }()),
      columns_(kSchemas[static_cast<std::size_t>(kind)].columns.size()),
      source_(std::move(source)),
      base_(base) {}

std::span<Cell> RecordBatch::append(Time time, std::uint64_t offset, std::uint32_t size, std::uint32_t line) {
    // By now it shows what a full batch will take: growing step by step would copy it several times over.
    if (constexpr std::size_t kSeen = 16; rows_.size() == kSeen) {
        rows_.reserve(kRows);
        cells_.reserve(kRows * columns_);
        fields_.reserve(fields_.size() / kSeen * kRows * 5 / 4);
    }
    auto fields = static_cast<std::uint32_t>(fields_.size());
    rows_.push_back({time, offset, size, line, fields, fields, static_cast<std::uint32_t>(cells_.size()), false});
    cells_.resize(cells_.size() + columns_);
    return std::span(cells_).last(columns_);
}

void RecordBatch::texts(std::size_t column, std::vector<std::string_view>& out) const {
    out.clear();
    const auto* layout = lines_ != nullptr ? lines_->layout.get() : nullptr;
    auto cut = layout != nullptr ? layout->columns[column] : LineLayout::Column();
    bool has_text = cut.place != LineLayout::kNone && !cut.is_number;
    if (!has_text && cells_.empty()) return;
    out.resize(rows_.size());
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        const Place& place = rows_[i];
        if (!place.is_cut) {
            if (auto* text = std::get_if<std::string_view>(&cells_[place.cells + column])) out[i] = *text;
        } else if (has_text) {
            out[i] = cell_of(*lines_, cut.place, cut.place == layout->last, place.cells, line_of(place));
        }
    }
}

void RecordBatch::numbers(std::size_t column, std::vector<std::optional<std::int64_t>>& out) const {
    out.clear();
    const auto* layout = lines_ != nullptr ? lines_->layout.get() : nullptr;
    auto cut = layout != nullptr ? layout->columns[column] : LineLayout::Column();
    bool has_number = cut.place != LineLayout::kNone && cut.is_number;
    if (!has_number && cells_.empty()) return;
    out.resize(rows_.size());
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        const Place& place = rows_[i];
        if (!place.is_cut) {
            if (auto* number = std::get_if<std::int64_t>(&cells_[place.cells + column])) out[i] = *number;
        } else if (has_number) {
            out[i] = number_in(cell_of(*lines_, cut.place, cut.place == layout->last, place.cells, line_of(place)));
        }
    }
}

void RecordBatch::drop_last() {
    fields_.resize(rows_.back().fields_begin);
    if (!rows_.back().is_cut) cells_.resize(cells_.size() - columns_);
    rows_.pop_back();
}

Ref RecordBatch::cite(const Row& row) const {
    // Rows are mostly cited in their order: then the place is at the end, and needs no search.
    auto before = citations_->size();
    auto hint = before == 0 || std::prev(citations_->end())->first < row.ref ? citations_->end()
                                                                             : citations_->lower_bound(row.ref);
    auto at = citations_->try_emplace(hint, row.ref);
    if (citations_->size() > before) {
        auto source = source_.text();
        auto from = std::min<std::uint64_t>(row.ref.offset - std::min(row.ref.offset, base_), source.size());
        at->second = {row.line, std::string(source.substr(from, std::min<std::size_t>(row.ref.size, kQuoteLimit))),
                      row.time};
    }
    return row.ref;
}

}  // namespace ascribe

#include "model/record.hpp"

#include <algorithm>

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

RecordBatch::RecordBatch(RecordKind kind, ArtefactId artefact, Bytes source, std::uint64_t base)
    : kind_(kind),
      artefact_(artefact),
      columns_(kSchemas[static_cast<std::size_t>(kind)].columns.size()),
      source_(std::move(source)),
      base_(base) {}

Row RecordBatch::operator[](std::size_t row) const {
    const Place& place = rows_[row];
    return {place.time, Ref{artefact_, place.size, place.offset}, place.line,
            std::span(cells_).subspan(row * columns_, columns_),
            std::span(fields_).subspan(place.fields_begin, place.fields_end - place.fields_begin)};
}

std::span<Cell> RecordBatch::append(Time time, std::uint64_t offset, std::uint32_t size, std::uint32_t line) {
    rows_.push_back({time, offset, size, line, fields_.size(), fields_.size()});
    cells_.resize(cells_.size() + columns_);
    return std::span(cells_).last(columns_);
}

void RecordBatch::drop_last() {
    fields_.resize(rows_.back().fields_begin);
    cells_.resize(cells_.size() - columns_);
    rows_.pop_back();
}

Ref RecordBatch::cite(const Row& row) const {
    auto [at, added] = citations_->try_emplace(row.ref);
    if (added) {
        auto source = source_.text();
        auto from = std::min<std::uint64_t>(row.ref.offset - std::min(row.ref.offset, base_), source.size());
        at->second = {row.line, std::string(source.substr(from, std::min<std::size_t>(row.ref.size, kQuoteLimit)))};
    }
    return row.ref;
}

}  // namespace ascribe

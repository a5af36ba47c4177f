#include "engine/dumper.hpp"

namespace ascribe {
namespace {

/// Written at once: small enough to stay in the second-level cache, large enough to pay for the call.
constexpr std::size_t kFlush = 256 << 10;
/// A buffer that one long row made larger than this is given back.
constexpr std::size_t kKept = 4 << 20;

}  // namespace

void Dumper::observe(const RecordBatch& batch, Reply& reply) {
    if (batch.kind() != what_.kind) return;
    reply.rows_of_kind += batch.size();
    for (std::size_t i = 0; i < batch.size(); ++i) {
        Row row = batch[i];
        note_names(row);
        if (!what_.filter.wants(row)) continue;
        lines_.append(row, buffer_);
        ++rows_;
        if (buffer_.size() >= kFlush) flush(reply);
    }
}

void Dumper::note_names(const Row& row) {
    const auto& conditions = what_.filter.conditions;
    for (std::size_t i = 0; i < conditions.size() && i < 64; ++i)
        if (auto bit = std::uint64_t{1} << i; (named_ & bit) == 0 && conditions[i].is_named_in(row)) named_ |= bit;
}

void Dumper::flush(Reply& reply) {
    if (buffer_.empty()) return;
    bool written = file_.size() + buffer_.size() <= kDumpBytes && file_.write(buffer_);
    (written ? reply.rows_dumped : reply.rows_not_dumped) += rows_;
    rows_ = 0;
    buffer_.clear();
    if (buffer_.capacity() > kKept) buffer_ = {};
}

void Dumper::finish(Reply& reply) {
    flush(reply);
    reply.lines_bytes = file_.size();
    reply.conditions_named = named_;
}

}  // namespace ascribe

// Rows as lines, made in the worker that read them: they go back beside the part's reply in a memory file, so neither
// process holds more than a few of them. While the parent keeps the lines of one part, the next part's get a new file.
#pragma once

#include <string>

#include "engine/job.hpp"
#include "engine/memory_file.hpp"
#include "engine/row_filter.hpp"
#include "report/row_lines.hpp"

namespace ascribe {

/// What to dump, and how.
struct Dump {
    RecordKind kind = RecordKind::windows_event;
    RowForm form = RowForm::jsonl;
    RowFilter filter;
};

/// Bytes of lines one part may send. A part of a log gives some 20 MiB; a hundred times as much is text that was made
/// to grow, and is counted.
inline constexpr std::uint64_t kDumpBytes = 512 << 20;
/// A memory file that grew beyond this is not used again: its pages would never be given back.
inline constexpr std::uint64_t kReused = 64 << 20;

class Dumper {
public:
    /// `path`: of the artefact, as the evidence names it.
    Dumper(const Dump& what, std::string_view path, MemoryFile& file)
        : what_(what), lines_(what.kind, what.form, path), file_(file) {}
    void observe(const RecordBatch& batch, Reply& reply);
    /// Writes what is left; the reply then says how much there is.
    void finish(Reply& reply);

private:
    void flush(Reply& reply);
    void note_names(const Row& row);

    const Dump& what_;
    std::uint64_t named_ = 0;  // bits of the conditions whose field a row had
    RowLines lines_;
    std::string buffer_;
    std::uint64_t rows_ = 0;  // in the buffer
    MemoryFile& file_;
};

}  // namespace ascribe

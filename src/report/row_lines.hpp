// Rows as lines for programs: JSON, XML or CSV, one line a row. Written where the row was read, so this is the one
// writer of reports that must keep pace with the parsers: no allocation a row, no library's objects.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/record.hpp"

namespace ascribe {

enum class RowForm : std::uint8_t { jsonl, xml, csv };

/// Writes rows of one kind from one artefact. Columns of a kind stand by their names in the order of its schema; what
/// is known by name only stands under "data" (XML: EventData), a name met twice as an array; then comes where the bytes
/// are.
class RowLines {
public:
    /// `path`: of the artefact, as the evidence names it. XML is for Windows events.
    RowLines(RecordKind kind, RowForm form, std::string_view path);

    /// What stands before the first line and behind the last, of a whole document.
    static std::string head(RecordKind kind, RowForm form);
    static std::string foot(RowForm form);

    /// Appends the row's line to `out`.
    void append(const Row& row, std::string& out);

private:
    bool find_repeats(std::span<const Field> fields);
    std::size_t most(const Row& row, std::size_t factor) const;
    char* json(const Row& row, char* at);
    char* json_data(std::span<const Field> fields, char* at);
    char* xml(const Row& row, char* at);
    char* csv(const Row& row, char* at);

    RowForm form_;
    std::span<const ColumnSchema> columns_;
    std::vector<std::string> keys_;  // by column, as they stand in a line
    std::string place_;              // the path, as it stands in a line
    // For rows where a name is there twice: fields in order of name, and of each the next of its name.
    static constexpr std::uint32_t kNone = UINT32_MAX;
    std::vector<std::uint32_t> order_, next_;
    std::vector<bool> is_told_;  // fields that are told with another one, or were told before
    std::string data_;           // CSV: a row's data as JSON
};

}  // namespace ascribe

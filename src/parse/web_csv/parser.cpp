// Web logs that somebody exported as CSV: Log Parser's and PowerShell's exports of IIS logs, search results of Splunk,
// Kibana and Azure, and Zeek's http.log, whose cells are never quoted. The first line names the columns, in any of the
// spellings that JSON access logs have; rows become the HttpRequest rows that the logs themselves do. A line is a
// record: a quoted line break is not followed.
// https://www.rfc-editor.org/rfc/rfc4180
#include <algorithm>

#include "base/text.hpp"
#include "model/web_log.hpp"
#include "parse/access_log/named_request.hpp"
#include "parse/csv.hpp"
#include "parse/lines.hpp"

namespace ascribe {
namespace {

using Use = RequestUse;

constexpr std::size_t kNamesLimit = 64 << 10;  // bytes of the line of names; Log Parser's takes 400

/// What the line of names says of each column.
struct Columns {
    std::vector<std::string_view> names;
    std::vector<std::optional<Use>> uses;
    std::size_t host = SIZE_MAX;  // the column of the server's name
    char separator = ',';
    bool is_quoted = true;  // cells may be

    bool has(std::initializer_list<Use> any) const {
        return std::ranges::any_of(any,
                                   [&](Use use) { return std::ranges::find(uses, std::optional(use)) != uses.end(); });
    }
    /// Whether rows can tell requests. Lists of addresses and of pages, of which there are many kinds, cannot.
    bool are_of_requests() const {
        return has({Use::target, Use::path, Use::stem, Use::request}) && has({Use::time, Use::date, Use::start}) &&
               has({Use::method, Use::request, Use::client}) && has({Use::status, Use::stem});
    }
};

char separator_of(std::string_view names) {
    return names.find('\t') != std::string_view::npos ? '\t' : csv_separator(names);
}

/// What stands before Zeek's names, and what its cells without a value say.
constexpr std::string_view kZeekNames = "#fields\t", kZeekNone = "(empty)";

/// The cells of a row; of one with another number of columns at least that number.
void split_row(std::string_view line, const Columns& columns, CsvCells& out) {
    if (columns.is_quoted) return split_csv(line, out, columns.separator);
    out.doubled.clear();
    out.cells.clear();
    out.count = 1 + static_cast<std::size_t>(std::ranges::count(line, columns.separator));
    if (out.count <= kCsvColumnLimit) out.cells = split(line, columns.separator);
}

Columns read_columns(std::string_view line) {
    Columns columns;
    columns.is_quoted = !line.starts_with(kZeekNames);
    if (!columns.is_quoted) line.remove_prefix(kZeekNames.size());
    CsvCells csv;
    columns.separator = separator_of(line);
    split_row(line, columns, csv);
    for (auto name : csv.cells) {
        name = trim(name);
        auto use = request_use_of(name);
        if (use == Use::computer && columns.host == SIZE_MAX) columns.host = columns.names.size();
        columns.names.push_back(name);
        columns.uses.push_back(use);
    }
    return columns;
}

/// Lines that PowerShell, Excel and Zeek write before the names.
bool is_before_names(std::string_view line) { return line.starts_with('#') || starts_folded(line, "sep="); }

std::string_view names_of(std::span<const std::byte> head) {
    constexpr std::size_t kLines = 8;  // Zeek writes six before them
    for (auto line : head_lines(head, kLines))
        if (!is_before_names(line) || line.starts_with(kZeekNames))
            return line.size() <= kNamesLimit ? line : std::string_view{};
    return {};
}

/// The line of names in force where the part begins: that of the log's beginning. Of a streamed log, it stands in the
/// first segment that has more than what is written before it.
std::string names_in_force(const Part& part) {
    if (!part.header.empty()) return part.header;
    return std::string(names_of(as_bytes(part.whole.text().substr(0, kHeadBytes))));
}

class Reading {
public:
    Reading(const Part& part, Sink& sink)
        : names_(names_in_force(part)), columns_(read_columns(names_)), batcher_(part, sink), sink_(sink) {}
    ~Reading() { sink_.directives(directives_); }
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

    void take(const Line& line) {
        if (line.text == names_ || is_before_names(line.text)) {  // files joined together repeat them
            ++directives_;
            return;
        }
        split_row(line.text, columns_, csv_);
        if (csv_.count != columns_.names.size() || csv_.count > kCsvColumnLimit)
            return sink_.bad({Fault::bad_value, "web_csv.columns", line.offset, columns_.names.size(), csv_.count});
        auto host = columns_.host < csv_.cells.size() ? csv_.cells[columns_.host] : std::string_view{};
        auto& batch = batcher_.batch(RecordKind::http_request, host == "-" ? std::string_view{} : host);
        auto row = batch.append(kNoTime, line.offset, static_cast<std::uint32_t>(line.text.size()), line.number);
        for (auto i : csv_.doubled) csv_.cells[i] = batch.keep(undoubled(csv_.cells[i]));
        NamedRequest seen;
        for (std::size_t i = 0; i < csv_.cells.size(); ++i) {
            auto cell = trim(csv_.cells[i]);
            if (cell.empty() || cell == "-" || (!columns_.is_quoted && cell == kZeekNone)) continue;
            if (auto use = columns_.uses[i]; !use || !seen.take(*use, cell))
                batch.add_field(batch.keep(columns_.names[i]), cell);
        }
        auto time = fill_request(seen, kTable, batch, row);
        if (time) return batch.set_time(*time);
        batch.drop_last();
        auto error = time.error();
        error.offset = line.offset;
        sink_.bad(error);
    }

private:
    const std::string names_;
    const Columns columns_;
    CsvCells csv_;
    Batcher batcher_;
    Sink& sink_;
    std::uint64_t directives_ = 0;
};

int claim(std::string_view, std::span<const std::byte> head) {
    return read_columns(names_of(head)).are_of_requests() ? 80 : 0;
}

void parse(const Part& part, Sink& sink) {
    Reading reading(part, sink);
    for_each_line(part, sink, [&](const Line& line) { reading.take(line); });
}

}  // namespace

extern const Parser kWebCsvParser;
const Parser kWebCsvParser{"web_csv",
                           "web logs exported as CSV: of IIS, of search engines, of clouds",
                           "https://www.rfc-editor.org/rfc/rfc4180",
                           claim,
                           parse,
                           kTextUnit,
                           0,
                           names_in_force};

}  // namespace ascribe

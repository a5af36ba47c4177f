// Listings as CSV: KAPE's CopyLog, and Get-ChildItem | Export-Csv. Columns by name. Times are taken only from columns
// that say UTC. PowerShell writes them in the collecting machine's culture, where 3/4/2021 may be either day: the order
// is told from a date in the listing that can be only one of both, and without any the times stay notes.
// https://ericzimmerman.github.io/KapeDocs/
// https://learn.microsoft.com/powershell/module/microsoft.powershell.utility/export-csv
#include <array>

#include "parse/csv.hpp"
#include "parse/listing/entry.hpp"

namespace ascribe {
namespace {

enum class Column { path, size, created, modified, sha256, note, count };
constexpr std::pair<std::string_view, Column> kNames[] = {
    {"SourceFile", Column::path},
    {"FullName", Column::path},
    {"OSPath", Column::path},
    {"FileSize", Column::size},
    {"Length", Column::size},
    {"Size", Column::size},
    {"CreatedOnUtc", Column::created},
    {"CreationTimeUtc", Column::created},
    {"CreatedOn UTC", Column::created},
    {"ModifiedOnUtc", Column::modified},
    {"LastWriteTimeUtc", Column::modified},
    {"ModifiedOn UTC", Column::modified},
    {"SourceFileSha256", Column::sha256},
    {"SHA256", Column::sha256},
    {"SourceFileSha1", Column::note},
    {"CreationTime", Column::note},
    {"LastWriteTime", Column::note},
    {"Attributes", Column::note},
};

enum class DateOrder { unknown, month_first, day_first };

/// Three numbers with a separator at the start of `text`, and what follows them.
struct Date {
    std::array<int, 3> parts{};
    char separator = 0;
    std::string_view rest;
};
std::optional<Date> date_in(std::string_view text) {
    Date date;
    for (std::size_t i = 0; i < 3; ++i) {
        auto end = std::min(text.find_first_not_of("0123456789"), text.size());
        auto number = parse_number(text.substr(0, end));
        if (end == 0 || end > 4 || !number) return {};
        date.parts[i] = static_cast<int>(*number);
        text.remove_prefix(end);
        if (i == 2) break;
        if (text.empty() || (text[0] != '/' && text[0] != '.' && text[0] != '-')) return {};
        date.separator = text[0];
        text.remove_prefix(1);
    }
    date.rest = trim(text);
    return date;
}

/// "1:40:11 AM" or "13:40:11"; nothing for anything else.
std::optional<std::chrono::seconds> clock_in(std::string_view text) {
    bool morning = ends_folded(text, "AM"), evening = ends_folded(text, "PM");
    if (morning || evening) text = trim(text.substr(0, text.size() - 2));
    auto parts = split(text, ':');
    if (parts.size() < 2 || parts.size() > 3) return {};
    std::array<std::int64_t, 3> numbers{};
    for (std::size_t i = 0; i < parts.size(); ++i) {
        auto number = parse_number(parts[i]);
        if (!number || *number > 59) return {};
        numbers[i] = *number;
    }
    if (numbers[0] > (morning || evening ? 12 : 23)) return {};
    if (morning || evening) numbers[0] = numbers[0] % 12 + (evening ? 12 : 0);
    return std::chrono::seconds(numbers[0] * 3600 + numbers[1] * 60 + numbers[2]);
}

/// What a date says of the order of day and month. Dots are used only where the day comes first.
DateOrder order_of(std::string_view text) {
    auto date = date_in(trim(text));
    if (!date || date->parts[0] > 31) return DateOrder::unknown;
    if (date->parts[0] > 12 || date->separator == '.') return DateOrder::day_first;
    if (date->parts[1] > 12) return DateOrder::month_first;
    return DateOrder::unknown;
}

std::optional<Time> time_in(std::string_view text, DateOrder order) {
    text = trim(text);
    if (auto time = parse_time(text)) return time;
    auto date = date_in(text);
    if (!date || order == DateOrder::unknown || date->parts[0] > 31) return {};
    auto clock = clock_in(date->rest);
    auto [first, second, year] = date->parts;
    auto day = order == DateOrder::day_first ? make_time(year, second, first) : make_time(year, first, second);
    return day && clock ? std::optional(*day + *clock) : std::nullopt;
}

class Reading {
public:
    Reading(const Part& part, Sink& sink) : batcher_(part, sink), sink_(sink) {
        if (part.base != 0) names(part.header.substr(0, part.header.find('\n')));
    }
    ~Reading() { sink_.directives(directives_); }
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

    /// First pass: the order of day and month.
    void look(const TextLine& line) {
        if (order_ != DateOrder::unknown || begins_listing(line.text)) return;
        split_csv(line.text, csv_);
        for (std::size_t i = 0; i < csv_.cells.size() && i < columns_.size(); ++i)
            if (columns_[i] == Column::created || columns_[i] == Column::modified)
                if (order_ == DateOrder::unknown) order_ = order_of(csv_.cells[i]);
    }

    void take(const TextLine& line) {
        if (begins_listing(line.text)) {
            ++directives_;
            return;
        }
        split_csv(line.text, csv_);
        if (columns_.empty() || csv_.count != columns_.size())
            return sink_.bad({Fault::bad_value, "listing.csv.columns", line.offset, columns_.size(), csv_.count});
        ListedFile file{.path = "", .origin = origin_};
        for (std::size_t i = 0; i < columns_.size(); ++i) fill(file, i, csv_.cells[i]);
        if (file.path.empty()) return sink_.bad({Fault::bad_value, "listing.csv.path", line.offset});
        add_listed(batcher_, line, file);
    }

private:
    bool begins_listing(std::string_view line) { return line.starts_with('#') || names(line); }

    /// Whether the line names the columns; if so they hold from here on.
    bool names(std::string_view line) {
        split_csv(line, csv_);
        std::vector<Column> columns;
        bool path = false, other = false, kape = false;
        for (auto cell : csv_.cells) {
            auto column = Column::count;
            for (const auto& [name, known] : kNames)
                if (equals_folded(trim(cell), name)) column = known;
            path |= column == Column::path;
            other |= column != Column::path && column != Column::count;
            kape |= equals_folded(cell, "DestinationFile") || equals_folded(cell, "SourceFileSha1");
            columns.push_back(column);
        }
        if (!path || !other || csv_.count > kCsvColumnLimit) return false;
        columns_ = std::move(columns);
        names_.clear();
        for (auto cell : csv_.cells) names_.emplace_back(trim(cell));
        origin_ = kape ? "kape" : "listing";
        return true;
    }

    void fill(ListedFile& file, std::size_t i, std::string_view cell) {
        switch (columns_[i]) {
            case Column::path: file.path = cell; break;
            case Column::size: file.size = parse_number(trim(cell)); break;
            case Column::sha256: file.sha256 = trim(cell); break;
            case Column::created: file.created = time_or_note(file, i, cell); break;
            case Column::modified: file.modified = time_or_note(file, i, cell); break;
            case Column::note: file.notes.emplace_back(names_[i], cell); break;
            case Column::count: break;
        }
    }

    std::optional<Time> time_or_note(ListedFile& file, std::size_t i, std::string_view cell) {
        auto time = time_in(cell, order_);
        if (!time) file.notes.emplace_back(names_[i], cell);
        return time;
    }

    CsvCells csv_;
    std::vector<Column> columns_;
    std::vector<std::string> names_;
    std::string_view origin_ = "listing";
    DateOrder order_ = DateOrder::unknown;
    Batcher batcher_;
    Sink& sink_;
    std::uint64_t directives_ = 0;
};

/// For the first pass, which only looks.
struct NoSink : Sink {
    void batch(RecordBatch) override {}
    void bad(const Error&) override {}
    void damage(const Error&) override {}
    void directives(std::uint64_t) override {}
    void lines(std::uint64_t) override {}
};

}  // namespace

bool is_csv_listing(std::string_view head) {
    for (auto line : head_lines(as_bytes(head), 3)) {
        if (line.starts_with('#')) continue;
        CsvCells csv;
        split_csv(line, csv);
        bool path = false, other = false;
        for (auto cell : csv.cells)
            for (const auto& [name, column] : kNames)
                if (equals_folded(trim(cell), name)) (column == Column::path ? path : other) = true;
        return path && other;
    }
    return false;
}

void read_csv_listing(const Part& part, Sink& sink) {
    Reading reading(part, sink);
    NoSink none;
    for_each_text_line(part, none, [&](const TextLine& line) { reading.look(line); });
    for_each_text_line(part, sink, [&](const TextLine& line) { reading.take(line); });
}

}  // namespace ascribe

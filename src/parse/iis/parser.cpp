// IIS W3C extended logs and HTTP.sys error logs. Columns come from the #Fields line in force, which may change midway;
// a row with another number of columns is bad, never guessed at. Times are UTC seconds at the end of a request. Cells
// point into the artefact: nothing is copied or allocated for a row, and bytes that are not UTF-8 stay as they are.
//
// Nearly all lines are plain rows. They are cut a block at a time (parse/cut_block.hpp), and their cells stay in the
// line until somebody asks. A line that is anything else (a directive, too many spaces, NULs, a time out of range) is
// taken one by one; both ways say the same of a row, which a test holds them to.
// https://learn.microsoft.com/windows/win32/http/w3c-logging  https://www.w3.org/TR/WD-logfile.html
#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <map>

#include "base/text.hpp"
#include "parse/cut_block.hpp"
#include "parse/iis/fields.hpp"
#include "parse/lines.hpp"

namespace ascribe {
namespace {

using Use = W3cField::Use;

/// Two digits, or something above 99.
unsigned two(std::string_view text, std::size_t at) {
    auto high = static_cast<unsigned>(text[at] - '0'), low = static_cast<unsigned>(text[at + 1] - '0');
    return high > 9 || low > 9 ? 100 : high * 10 + low;
}

/// The time of day of "HH:MM:SS", with fractions ignored; nothing when it is not that.
std::optional<std::chrono::seconds> time_of_day(std::string_view text) {
    if (text.size() < 8 || text[2] != ':' || text[5] != ':') return {};
    auto hour = two(text, 0), minute = two(text, 3), second = two(text, 6);
    if (hour > 23 || minute > 59 || second > 60) return {};  // 60: a leap second
    return std::chrono::seconds(hour * 3600 + minute * 60 + second);
}

/// Dates and times repeat from row to row, so the last one read is remembered.
template <class What, std::size_t kSize>
class Last {
public:
    /// What `read` makes of the text; of one of another size it is asked every time.
    template <class Read>
    std::optional<What> get(std::string_view text, Read read) {
        if (text.size() != kSize) return read(text);
        if (std::memcmp(text.data(), last_.data(), kSize) != 0) {
            text.copy(last_.data(), kSize);
            what_ = read(text);
        }
        return what_;
    }

private:
    std::array<char, kSize> last_{};
    std::optional<What> what_;
};

class Clock {
public:
    std::optional<Time> day(std::string_view text) {
        return days_.get(
            text, [](std::string_view date) { return date.size() == kDate ? parse_log_time(date) : std::nullopt; });
    }
    std::optional<std::chrono::seconds> time(std::string_view text) { return times_.get(text, time_of_day); }

private:
    static constexpr std::size_t kDate = std::string_view("2021-03-03").size(),
                                 kTime = std::string_view("05:06:07").size();
    Last<Time, kDate> days_;
    Last<std::chrono::seconds, kTime> times_;
};

/// Where the cells of a row stand in its line; nullptr where one is made from another, as in HTTPERR logs.
std::shared_ptr<const LineLayout> layout_of(const W3cFields& fields) {
    if (!fields.log.empty() || fields.is_quoted || fields.fields.empty()) return nullptr;
    auto layout = std::make_shared<LineLayout>();
    layout->columns.resize(HttpRequest::kColumns);
    layout->last = static_cast<std::uint16_t>(fields.fields.size() - 1);
    for (std::size_t i = 0; i < fields.fields.size(); ++i) {
        const auto& field = fields.fields[i];
        if (field.use == Use::uri) return nullptr;
        if (field.use != Use::text && field.use != Use::number) continue;
        auto& column = layout->columns[field.column];
        if (column.place != LineLayout::kNone)
            return nullptr;  // one column twice: which one speaks differs from row to row
        column = {static_cast<std::uint16_t>(i), field.use == Use::number};
    }
    return layout;
}

class Reading {
public:
    Reading(const Part& part, Sink& sink)
        : part_(part), in_force_(w3c_directives(part)), batcher_(part, sink), sink_(sink) {
        if (!in_force_.fields.empty()) adopt(in_force_.fields);
        date_from(in_force_.date);
    }
    ~Reading() { sink_.directives(directives_); }
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

    void read() {
        LineWalk walk(part_, sink_, [this](const Line& line) { take(line); });
        while (!walk.done())
            if (layout_ == nullptr || !take_block(walk)) walk.step();
        walk.finish();
    }

private:
    void take(const Line& line) {
        if (line.text.starts_with('#')) return directive(line.text);
        if (fields_.fields.empty()) return sink_.bad({Fault::bad_value, "w3c.no_fields", line.offset});
        auto expected = fields_.fields.size();
        auto count = split(line.text);
        if (count != expected) return sink_.bad({Fault::bad_value, "w3c.columns", line.offset, expected, count});
        auto day = clock_.day(fields_.date < count ? cells_[fields_.date] : log_date_);
        auto time = fields_.time < count ? clock_.time(cells_[fields_.time]) : std::nullopt;
        if (!day || !time) return sink_.bad({Fault::bad_value, "w3c.time", line.offset});
        row(line, *day + *time);
    }

    /// The cells of a line that is no plain row; how many they are.
    std::size_t split(std::string_view line) {
        auto expected = fields_.fields.size();
        if (fields_.is_quoted) return split_w3c_words(line, cells_.data(), cells_.size());
        auto count = split_w3c(line, cells_.data(), cells_.size());
        // A cell of no characters is never written; two spaces are one (seen before user names).
        if (count > expected && count <= cells_.size())
            count = static_cast<std::size_t>(
                std::remove(cells_.begin(), cells_.begin() + static_cast<std::ptrdiff_t>(count), "") - cells_.begin());
        if (count == expected || line.find_first_of("\t\"") == std::string_view::npos) return count;
        return split_w3c_words(line, cells_.data(), cells_.size());  // other servers write tabs and quotes
    }

    void directive(std::string_view line) {
        ++directives_;
        if (line.starts_with("#Fields:")) adopt(line);
        date_from(line);
    }

    void adopt(std::string_view line) {
        fields_ = read_w3c_fields(line);
        layout_ = layout_of(fields_);
        names_.clear();
    }

    /// Takes the lines of a block, plain rows at once; false when the line at hand does not end in it.
    template <class Walk>
    bool take_block(Walk& walk) {
        CutBlock block(part_.whole.text(), walk.at(), ' ');
        if (!block.has_lines()) return false;
        batcher_.flush();
        cut_ = std::make_shared<CutLines>(layout_, block.origin(), block.take_ends());
        const auto layout = layout_;
        block.walk(
            walk, [&](const CutLine& line) { return cut_row(block, line); },
            [&] { return layout == layout_; });  // else cut by fields that hold no more
        batcher_.flush();
        cut_.reset();
        return true;
    }

    /// A row whose cells stay in its line; false when it is not so plain as that.
    bool cut_row(const CutBlock& block, const CutLine& line) {
        if (line.cells != fields_.fields.size()) return false;
        if (line.text.empty() || line.text.back() == ' ') return false;  // the last cell is no cell
        auto day = clock_.day(fields_.date != SIZE_MAX ? block.cell(line, fields_.date) : std::string_view(log_date_));
        auto time = fields_.time != SIZE_MAX ? clock_.time(block.cell(line, fields_.time)) : std::nullopt;
        if (!day || !time) return false;
        auto host = fields_.server != SIZE_MAX ? block.cell(line, fields_.server) : std::string_view{};
        auto& batch = batcher_.batch(RecordKind::http_request, host == "-" ? std::string_view{} : host);
        if (batch.size() == 0) {
            batch.cut_from(cut_);
            names_.clear();
        }
        auto offset = part_.base + static_cast<std::uint64_t>(line.text.data() - part_.whole.text().data());
        batch.append_cut(*day + *time, offset, static_cast<std::uint32_t>(line.text.size()), line.number, line.first);
        for (auto i : fields_.named)
            if (auto text = block.cell(line, i); !text.empty() && text != "-") batch.add_field(name_in(batch, i), text);
        return true;
    }

    void date_from(std::string_view line) {
        if (line.starts_with("#Date:")) log_date_ = trim(line.substr(6)).substr(0, 10);
    }

    void row(const Line& line, Time time) {
        auto host = fields_.server < cells_.size() ? cells_[fields_.server] : std::string_view{};
        auto& batch = batcher_.batch(RecordKind::http_request, host == "-" ? std::string_view{} : host);
        if (batch.size() == 0) {
            batch.cut_from(cut_);
            names_.clear();
        }
        auto row = batch.append(time, line.offset, static_cast<std::uint32_t>(line.text.size()), line.number);
        for (std::size_t i = 0; i < fields_.fields.size(); ++i) {
            const auto& [name, use, column] = fields_.fields[i];
            auto cell = cells_[i];
            if (cell.empty() || cell == "-") continue;
            switch (use) {
                case Use::date:
                case Use::time: break;
                case Use::text: row[column] = cell; break;
                case Use::number: number(row[column], cell); break;
                case Use::uri: uri(row, cell); break;
                case Use::named: batch.add_field(name_in(batch, i), cell); break;
            }
        }
        if (!fields_.log.empty()) row[HttpRequest::log] = fields_.log;
    }

    static void number(Cell& to, std::string_view cell) {
        std::int64_t value = 0;
        auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
        if (error == std::errc{} && end == cell.data() + cell.size()) to = value;
    }

    static void uri(std::span<Cell> row, std::string_view cell) {
        auto query = cell.find('?');
        row[HttpRequest::stem] = cell.substr(0, query);
        if (query != std::string_view::npos) row[HttpRequest::query] = cell.substr(query + 1);
    }

    /// The name of a field, kept once in every batch: a field line handed over from an earlier segment lives no longer
    /// than we.
    std::string_view name_in(RecordBatch& batch, std::size_t i) {
        auto [at, added] = names_.try_emplace(fields_.fields[i].name);
        if (added) at->second = batch.keep(at->first);
        return at->second;
    }

    const Part& part_;
    W3cDirectives in_force_;
    W3cFields fields_;
    std::shared_ptr<const LineLayout> layout_;  // nullptr: such rows are not cut
    std::shared_ptr<const CutLines> cut_;       // the block at hand
    std::string log_date_;                      // from #Date, for logs without a date column
    Clock clock_;
    std::array<std::string_view, kW3cColumnLimit> cells_;
    std::map<std::string_view, std::string_view> names_;
    Batcher batcher_;
    Sink& sink_;
    std::uint64_t directives_ = 0;
};

int claim(std::string_view, std::span<const std::byte> head) {
    // A log that was cut in its middle begins with rows; an archive with a log in it, whose bytes look alike, is surer.
    constexpr int kHeader = 95, kLaterHeader = 75;
    bool first = true;
    for (auto line : head_lines(head, 64)) {
        if (line.starts_with("#Fields:")) {
            for (std::string_view own : {"cs-method", "cs-uri", "c-ip", "s-reason"})
                if (contains_folded(line, own) && contains_folded(line, "time")) return first ? kHeader : kLaterHeader;
            return 0;
        }
        if (line.starts_with("#Software: Microsoft Internet Information Services") ||
            line.starts_with("#Software: Microsoft HTTP API"))
            return first ? 90 : kLaterHeader;
        first = first && line.starts_with('#');
    }
    return guess_w3c_fields(head) ? 70 : 0;  // a log pasted without its header
}

void parse(const Part& part, Sink& sink) {
    Reading reading(part, sink);
    reading.read();
}

std::string header(const Part& part) {
    auto in_force = w3c_directives(part);
    return in_force.date + '\n' + in_force.fields;
}

}  // namespace

extern const Parser kIisParser;
const Parser kIisParser{"iis",
                        "IIS W3C extended and HTTPERR logs",
                        "https://learn.microsoft.com/windows/win32/http/w3c-logging",
                        claim,
                        parse,
                        kTextUnit,
                        0,
                        header};

}  // namespace ascribe

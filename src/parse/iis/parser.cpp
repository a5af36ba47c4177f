// IIS W3C extended logs and HTTP.sys error logs. Columns come from the #Fields line in force, which may change midway;
// a row with another number of columns is bad, never guessed at. Times are UTC seconds at the end of a request. Cells
// point into the artefact: nothing is copied or allocated for a row, and bytes that are not UTF-8 stay as they are.
// https://learn.microsoft.com/windows/win32/http/w3c-logging  https://www.w3.org/TR/WD-logfile.html
#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "base/text.hpp"
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

/// Dates repeat from row to row, so the last one read is remembered.
class Dates {
public:
    std::optional<Time> day(std::string_view text) {
        if (text != last_) {
            last_ = text;
            time_ = text.size() == 10 ? parse_log_time(text) : std::nullopt;
        }
        return time_;
    }

private:
    std::string last_;
    std::optional<Time> time_;
};

class Reading {
public:
    Reading(const Part& part, Sink& sink) : in_force_(w3c_directives(part)), batcher_(part, sink), sink_(sink) {
        if (!in_force_.fields.empty()) fields_ = read_w3c_fields(in_force_.fields);
        date_from(in_force_.date);
    }
    ~Reading() { sink_.directives(directives_); }
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

    void take(const Line& line) {
        if (line.text.starts_with('#')) return directive(line.text);
        if (fields_.fields.empty()) return sink_.bad({Fault::bad_value, "w3c.no_fields", line.offset});
        auto expected = fields_.fields.size();
        auto count = split_w3c(line.text, cells_.data(), cells_.size());
        // A cell of no characters is never written; two spaces are one (seen before user names).
        if (count > expected && count <= cells_.size())
            count = static_cast<std::size_t>(
                std::remove(cells_.begin(), cells_.begin() + static_cast<std::ptrdiff_t>(count), "") - cells_.begin());
        if (count != expected) return sink_.bad({Fault::bad_value, "w3c.columns", line.offset, expected, count});
        auto day = dates_.day(fields_.date < count ? cells_[fields_.date] : log_date_);
        auto time = fields_.time < count ? time_of_day(cells_[fields_.time]) : std::nullopt;
        if (!day || !time) return sink_.bad({Fault::bad_value, "w3c.time", line.offset});
        row(line, *day + *time);
    }

private:
    void directive(std::string_view line) {
        ++directives_;
        if (line.starts_with("#Fields:")) fields_ = read_w3c_fields(line);
        date_from(line);
    }

    void date_from(std::string_view line) {
        if (line.starts_with("#Date:")) log_date_ = trim(line.substr(6)).substr(0, 10);
    }

    void row(const Line& line, Time time) {
        auto host = fields_.server < cells_.size() ? cells_[fields_.server] : std::string_view{};
        auto& batch = batcher_.batch(RecordKind::http_request, host == "-" ? std::string_view{} : host);
        auto row = batch.append(time, line.offset, static_cast<std::uint32_t>(line.text.size()), line.number);
        if (batch.size() == 1) names_.clear();
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
        if (fields_.errors) batch.add_field("log", std::string_view("HTTPERR"));
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

    W3cDirectives in_force_;
    W3cFields fields_;
    std::string log_date_;  // from #Date, for logs without a date column
    Dates dates_;
    std::array<std::string_view, kW3cColumnLimit> cells_;
    std::map<std::string_view, std::string_view> names_;
    Batcher batcher_;
    Sink& sink_;
    std::uint64_t directives_ = 0;
};

int claim(std::string_view, std::span<const std::byte> head) {
    for (auto line : head_lines(head, 64)) {
        if (line.starts_with("#Fields:")) {
            for (std::string_view own : {"cs-method", "cs-uri", "c-ip", "s-reason"})
                if (contains_folded(line, own) && contains_folded(line, "time")) return 95;
            return 0;
        }
        if (line.starts_with("#Software: Microsoft Internet Information Services") ||
            line.starts_with("#Software: Microsoft HTTP API"))
            return 90;
        if (line.starts_with('#')) continue;
        if (guess_w3c_fields(line)) return 70;  // a log pasted without its header
        break;
    }
    return 0;
}

void parse(const Part& part, Sink& sink) {
    Reading reading(part, sink);
    for_each_line(part, sink, [&](const Line& line) { reading.take(line); });
}

std::string header(std::string_view bytes, std::string_view before) {
    auto part = part_after(bytes);
    part.header = before;
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

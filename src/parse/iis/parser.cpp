// IIS W3C extended logs and HTTP.sys error logs. Columns come from the #Fields line in force, which may change midway; a row
// with another number of columns is bad, never guessed at. Times are UTC seconds at the end of a request.
// https://learn.microsoft.com/windows/win32/http/w3c-logging  https://www.w3.org/TR/WD-logfile.html
#include <array>
#include <charconv>

#include "base/text.hpp"
#include "parse/lines.hpp"

namespace ascribe {
namespace {

constexpr std::size_t kColumnLimit = 256;  // IIS offers 22 standard fields; custom ones are few

/// What a field of the log becomes: a column of HttpRequest, part of the time, or a named field.
enum class Use : std::uint8_t { column, date, time, named };

struct Mapped {
    std::string_view name;
    Use use = Use::named;
    std::size_t column = 0;
};

constexpr std::pair<std::string_view, HttpRequest::Column> kColumns[] = {
    {"s-sitename", HttpRequest::site},          {"s-computername", HttpRequest::server},  {"s-ip", HttpRequest::server_ip},
    {"cs-method", HttpRequest::method},         {"cs-uri-stem", HttpRequest::stem},       {"cs-uri-query", HttpRequest::query},
    {"cs-uri", HttpRequest::stem},              {"s-port", HttpRequest::port},            {"cs-username", HttpRequest::user},
    {"c-ip", HttpRequest::client_ip},           {"x-forwarded-for", HttpRequest::forwarded_for},
    {"cs(user-agent)", HttpRequest::user_agent}, {"cs(cookie)", HttpRequest::cookie},     {"cs(referer)", HttpRequest::referrer},
    {"cs-host", HttpRequest::host},             {"sc-status", HttpRequest::status},       {"sc-substatus", HttpRequest::substatus},
    {"sc-win32-status", HttpRequest::win32_status}, {"sc-bytes", HttpRequest::sent_bytes}, {"cs-bytes", HttpRequest::received_bytes},
    {"time-taken", HttpRequest::time_taken_ms}, {"s-siteid", HttpRequest::site},
};

struct Header {
    std::vector<Mapped> fields;
    bool errors = false;  // an HTTPERR log
};

Header read_header(std::string_view line) {
    Header header;
    line.remove_prefix(std::min(line.size(), std::string_view("#Fields:").size()));
    for (auto name : split(trim(line), ' ')) {
        if (name.empty()) continue;
        if (header.fields.size() == kColumnLimit) break;
        Mapped mapped{name};
        if (equals_folded(name, "date")) mapped.use = Use::date;
        if (equals_folded(name, "time")) mapped.use = Use::time;
        if (equals_folded(name, "s-reason")) header.errors = true;
        for (const auto& [known, column] : kColumns)
            if (equals_folded(name, known)) mapped = {name, Use::column, column};
        header.fields.push_back(mapped);
    }
    return header;
}

constexpr std::string_view kDefaultFields =  // IIS 8.5 and later, as shipped: the shape of a log pasted without its header
    "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus "
    "sc-win32-status time-taken";

bool is_date(std::string_view text) { return text.size() == 10 && text[4] == '-' && text[7] == '-'; }
bool is_time(std::string_view text) { return text.size() >= 8 && text[2] == ':' && text[5] == ':'; }

int two(std::string_view text, std::size_t at) {
    auto high = text[at] - '0', low = text[at + 1] - '0';
    return high < 0 || high > 9 || low < 0 || low > 9 ? -1 : high * 10 + low;
}

/// Seconds into the day of "HH:MM:SS"; -1 when it is not that.
int seconds_of(std::string_view text) {
    if (!is_time(text)) return -1;
    int hour = two(text, 0), minute = two(text, 3), second = two(text, 6);
    return hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60 ? -1 : hour * 3600 + minute * 60 + second;
}

/// Dates repeat from line to line, so the last one is remembered.
class Dates {
public:
    std::optional<Time> day(std::string_view text) {
        if (text == last_) return time_;
        time_ = is_date(text) ? parse_time(text) : std::nullopt;
        last_ = text;
        return time_;
    }

private:
    std::string_view last_;
    std::optional<Time> time_;
};

class Reading {
public:
    Reading(const Part& part, Sink& sink) : batcher_(part, sink), sink_(sink) {
        auto in_force = part.begin > part.base ? line_before(part, "#Fields:") : std::string_view{};
        if (in_force.empty()) in_force = part.header;
        if (in_force.empty() && part.begin > 0) in_force = kDefaultFields;
        if (!in_force.empty()) header_ = read_header(in_force);
        auto date = part.begin > part.base ? line_before(part, "#Date:") : std::string_view{};
        if (date.size() > 6) log_date_ = trim(date.substr(6)).substr(0, 10);
    }

    void take(const Line& line) {
        if (line.text.starts_with('#')) return directive(line);
        if (header_.fields.empty()) header_ = read_header(kDefaultFields);
        std::array<std::string_view, kColumnLimit> cells;
        auto count = split_into(line.text, cells);
        if (count != header_.fields.size())
            return sink_.bad({Fault::bad_value, "w3c.columns", line.offset, header_.fields.size(), count});
        std::string_view date = log_date_, time;
        std::string_view host;
        for (std::size_t i = 0; i < count; ++i) {
            const Mapped& field = header_.fields[i];
            if (field.use == Use::date) date = cells[i];
            if (field.use == Use::time) time = cells[i];
            if (field.use == Use::column && field.column == HttpRequest::server && cells[i] != "-") host = cells[i];
        }
        auto day = dates_.day(date);
        auto second = seconds_of(time);
        if (!day || second < 0) return sink_.bad({Fault::bad_value, "w3c.time", line.offset, 0, 0});
        auto& batch = batcher_.batch(RecordKind::http_request, host);
        auto row = batch.append(*day + std::chrono::seconds(second), line.offset, static_cast<std::uint32_t>(line.text.size()), line.number);
        for (std::size_t i = 0; i < count; ++i) fill(batch, row, header_.fields[i], cells[i]);
        if (header_.errors) batch.add_field("log", std::string_view("HTTPERR"));
    }

    ~Reading() { sink_.directives(directives_); }
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

private:
    void directive(const Line& line) {
        ++directives_;
        if (line.text.starts_with("#Fields:")) header_ = read_header(line.text);
        if (line.text.starts_with("#Date:")) log_date_ = trim(line.text.substr(6)).substr(0, 10);
    }

    /// Cells at single spaces; returns how many there are, which may exceed the array's size.
    static std::size_t split_into(std::string_view text, std::array<std::string_view, kColumnLimit>& cells) {
        std::size_t count = 0;
        while (true) {
            auto* space = static_cast<const char*>(std::memchr(text.data(), ' ', text.size()));
            auto size = space != nullptr ? static_cast<std::size_t>(space - text.data()) : text.size();
            if (count < kColumnLimit) cells[count] = text.substr(0, size);
            ++count;
            if (space == nullptr) break;
            text.remove_prefix(size + 1);
            if (text.empty()) break;  // a trailing space ends the line, it begins no cell
        }
        return count;
    }

    static void fill(RecordBatch& batch, std::span<Cell> row, const Mapped& field, std::string_view cell) {
        if (cell == "-" || cell.empty() || field.use == Use::date || field.use == Use::time) return;
        if (field.use == Use::named) return batch.add_field(field.name, cell);
        static constexpr auto columns = std::to_array<bool>({
#define ASCRIBE_IS_NUMBER(name, type, sentence) ColumnType::type == ColumnType::number,
            ASCRIBE_COLUMNS_HttpRequest(ASCRIBE_IS_NUMBER)
#undef ASCRIBE_IS_NUMBER
        });
        if (!columns[field.column]) {
            row[field.column] = cell;
            return;
        }
        std::int64_t number = 0;
        auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
        if (error == std::errc{} && end == cell.data() + cell.size()) row[field.column] = number;
    }

    Header header_;
    std::string_view log_date_;
    Dates dates_;
    Batcher batcher_;
    Sink& sink_;
    std::uint64_t directives_ = 0;
};

int claim(std::string_view, std::span<const std::byte> head) {
    for (auto line : head_lines(head, 64)) {
        if (line.starts_with("#Fields:") && contains_folded(line, "time") &&
            (contains_folded(line, "cs-method") || contains_folded(line, "c-ip") || contains_folded(line, "s-reason") || contains_folded(line, "cs-uri")))
            return 95;
        if (line.starts_with("#Software: Microsoft Internet Information Services") || line.starts_with("#Software: Microsoft HTTP API")) return 90;
        if (line.starts_with('#')) continue;
        auto cells = split(line, ' ');
        if (cells.size() == 15 && is_date(cells[0]) && is_time(cells[1])) return 70;  // a log pasted without its header
        break;
    }
    return 0;
}

void parse(const Part& part, Sink& sink) {
    Reading reading(part, sink);
    for_each_line(part, sink, [&](const Line& line) { reading.take(line); });
}

/// The last #Fields line, for members that come in segments.
std::string header(std::string_view bytes, std::string_view before) {
    Part part{};
    part.whole = Bytes(as_bytes(bytes), nullptr);
    part.begin = bytes.size();
    auto last = line_before(part, "#Fields:");
    return std::string(last.empty() ? before : last);
}

}  // namespace

extern const Parser kIisParser;
const Parser kIisParser{"iis", "IIS W3C extended and HTTPERR logs", "https://learn.microsoft.com/windows/win32/http/w3c-logging", claim, parse, kTextUnit, 0, header};

}  // namespace ascribe

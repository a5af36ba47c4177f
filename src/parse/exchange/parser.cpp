// Exchange's CSV logs by their own field line: HttpProxy (with a bare first row or #Fields, 2013 to 2019, and the
// subsets that analysts export with PowerShell), ECP Server, EWS, Rps_Http, Rps_Cmdlet, OABGenerator, message tracking.
// Columns are found by name, never by position.
// https://learn.microsoft.com/exchange/mail-flow/transport-logs/message-tracking for the common head.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/text.hpp"
#include "parse/csv.hpp"
#include "parse/cut_block.hpp"
#include "parse/exchange/ecp_data.hpp"
#include "parse/exchange/schema.hpp"
#include "parse/lines.hpp"

namespace ascribe {
namespace {

/// "Set-OabVirtualDirectory.ExternalUrl='x'" is the cmdlet and, after the first dot or space, its parameters.
std::pair<std::string_view, std::string_view> split_command(std::string_view text) {
    auto end = text.find_first_of(". ");
    return {text.substr(0, end), end == std::string_view::npos ? std::string_view{} : text.substr(end + 1)};
}

/// A name of up to seven letters as a number, so that it is told apart from others in one go; 0 for any longer one.
constexpr std::uint64_t short_name(std::string_view name) {
    if (name.size() > 7) return 0;
    std::uint64_t number = name.size();
    for (char c : name) number = number << 8 | static_cast<unsigned char>(c);
    return number;
}

/// Times of rows one after the other. Up to the minute, most are those of the row before.
class RowTimes {
public:
    std::optional<Time> parse(std::string_view text) {
        if (minute_.empty() || !text.starts_with(minute_)) return begin(text);
        auto rest = text.substr(minute_.size());
        return rest.size() == 7 && rest[2] == '.' && rest[6] == 'Z' ? near(rest) : parse_log_time(text);
    }

private:
    std::optional<Time> begin(std::string_view text) {
        minute_ = text.substr(0, std::string_view("2021-03-02T12:34:").size());
        auto time = parse_log_time(minute_ + "00Z");
        if (time)
            begin_ = *time;
        else
            minute_.clear();
        return parse_log_time(text);
    }
    /// "56.789Z".
    std::optional<Time> near(std::string_view rest) const {
        auto digit = [&](std::size_t at) { return static_cast<unsigned>(rest[at] - '0'); };
        for (std::size_t at : {0U, 1U, 3U, 4U, 5U})
            if (digit(at) > 9) return {};
        auto seconds = digit(0) * 10 + digit(1), thousandths = digit(3) * 100 + digit(4) * 10 + digit(5);
        return seconds < 60 ? std::optional(begin_ + std::chrono::milliseconds(seconds * 1000 + thousandths))
                            : parse_log_time(minute_ + std::string(rest));
    }

    std::string minute_;  // as it stands in the rows; "": there is none
    Time begin_ = kNoTime;
};

/// Rows begin with a time.
bool begins_with_digit(std::string_view text) {
    if (text.starts_with('"')) text.remove_prefix(1);
    return !text.empty() && text[0] >= '0' && text[0] <= '9';
}

constexpr std::string_view kLogType = "#Log-type:", kFields = "#Fields:";

/// Whether the line that ends at `end`, with its line end, has a directive in it.
bool directive_line(std::string_view text, std::size_t end) {
    if (end < 2 || text[end - 1] != '\n') return false;
    auto begin = text.rfind('\n', end - 2);
    begin = begin == std::string_view::npos ? 0 : begin + 1;
    auto line = text.substr(begin, end - begin);
    for (auto mark = line.find('#'); mark != std::string_view::npos; mark = line.find('#', mark + 1))
        if (begins_piece(text, begin + mark)) return true;
    return false;
}

/// What is in force where a part begins: the line of names, the log type that held when the names came, and the one
/// that holds now; and whether the line before is a directive, which names may follow.
struct InForce {
    std::string names, type_of_names, type;
    bool behind_directive = false;

    explicit InForce(const Part& part) : asked_(part_line(part)) {
        bool has_type = false, names_have_type = false;
        if (part.begin > part.base)
            directives_before(part, [&](std::string_view line) {
                if (names.empty()) names = names_after(line, part);
                if (names.empty() && line.starts_with(kFields)) names = line;
                if (!line.starts_with(kLogType)) return false;
                auto value = trim(line.substr(kLogType.size()));
                if (!std::exchange(has_type, true)) type = value;
                names_have_type = !names.empty();
                if (names_have_type) type_of_names = value;
                return names_have_type;
            });
        inherit(part, has_type, names_have_type);
        if (part.begin > part.base)
            behind_directive = directive_line(part.whole.text(), static_cast<std::size_t>(part.begin - part.base));
        if (names.empty() && part.base == 0) names = first_names(part.whole.text());
    }

    /// As a streamed segment hands it to the next.
    std::string text() const {
        return fmt::format("{} {}\n{}\n{} {}{}", kLogType, type_of_names, names, kLogType, type,
                           behind_directive ? "\n#" : "");
    }

private:
    std::size_t asked_;  // where the directive begins behind which names were looked for last

    /// Where the first line that begins in the part does, in the part's bytes.
    static std::size_t part_line(const Part& part) {
        return static_cast<std::size_t>(std::min<std::uint64_t>(first_line(part) - part.base, part.whole.size()));
    }

    void inherit(const Part& part, bool has_type, bool names_have_type) {
        auto lines = split(part.header, '\n');
        if (lines.size() != 3 && lines.size() != 4) return;
        behind_directive = lines.size() == 4;
        if (names.empty() && behind_directive) names = names_at(0, part);
        auto before = trim(lines[0].substr(kLogType.size())), now = trim(lines[2].substr(kLogType.size()));
        if (names.empty()) {
            names = lines[1];
            type_of_names = before;
        } else if (!names_have_type) {
            type_of_names = now;
        }
        if (!has_type) type = now;
    }

    /// A bare line of names directly after the line that the directive `line` is in, beginning before the part. Asked
    /// of the last directive first: where one line has many, behind the last of them only.
    std::string_view names_after(std::string_view line, const Part& part) {
        auto text = part.whole.text();
        auto begin = static_cast<std::size_t>(line.data() - text.data());
        auto end = text.substr(0, asked_).find('\n', begin);
        asked_ = begin;
        return end == std::string_view::npos ? std::string_view{} : names_at(end + 1, part);
    }

    /// A bare line of names at `at`, which must begin before the part.
    static std::string_view names_at(std::size_t at, const Part& part) {
        auto text = part.whole.text();
        if (at >= part_line(part)) return {};
        auto line = piece_at(text, at);
        return !line.starts_with('#') && !begins_with_digit(line) && read_schema(line, "") ? line : std::string_view{};
    }

    /// A log that begins with a bare line of names, or with rows whose shape tells them.
    static std::string_view first_names(std::string_view text) {
        for (auto line : head_lines(as_bytes(text.substr(0, kHeadBytes)), 16)) {
            if (line.starts_with('#')) continue;
            return read_schema(line, "") ? line : guess_names(line);
        }
        return {};
    }
};

class Reading {
public:
    Reading(const Part& part, Sink& sink) : part_(part), in_force_(part), batcher_(part, sink), sink_(sink) {
        if (!in_force_.names.empty()) adopt(read_schema(in_force_.names, in_force_.type_of_names));
    }
    ~Reading() { sink_.directives(directives_); }
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

    void read() {
        LineWalk walk(part_, sink_, [this](const Line& line) { take(line); });
        while (!walk.done())
            if (!schema_ || !take_block(walk)) walk.step();
        walk.finish();
    }

private:
    void take(const Line& line) {
        if (line.text.starts_with('#')) return directive(line.text);
        if (!begins_with_digit(line.text) && bare_names(line)) return;
        if (!schema_) return sink_.bad({Fault::bad_value, "exchange.no_field_line", line.offset});
        split_csv(line.text, csv_, schema_->separator);
        row(line);
    }

    /// Takes the lines of a block; rows without quoted cells, which are nearly all, are cut already.
    template <class Walk>
    bool take_block(Walk& walk) {
        CutBlock block(part_.whole.text(), walk.at(), schema_->separator);
        if (!block.has_lines()) return false;
        auto plain = [&](const CutLine& line) {
            if (line.text.empty() || line.text[0] < '0' || line.text[0] > '9' || line.cells > kCsvColumnLimit)
                return false;
            csv_.cells.resize(line.cells);
            csv_.doubled.clear();
            csv_.count = line.cells;
            for (std::size_t i = 0; i < line.cells; ++i) {
                csv_.cells[i] = block.cell(line, i);
                if (csv_.cells[i].starts_with('"')) return false;
            }
            auto offset = part_.base + static_cast<std::uint64_t>(line.text.data() - part_.whole.text().data());
            row({line.text, offset, line.number});
            return true;
        };
        block.walk(walk, plain,
                   [&, separator = schema_->separator] { return schema_ && schema_->separator == separator; });
        return true;
    }

    /// A bare line of names: PowerShell exports and HttpProxy files begin with one, and files joined together repeat
    /// it. New names further on hold only right behind a directive, where parts that begin later find them too.
    bool bare_names(const Line& line) {
        auto schema = read_schema(line.text, in_force_.type);
        if (!schema) return false;
        bool repeated = schema_ && schema->columns == schema_->columns;
        bool segment = !schema_ && part_.base > 0;  // segments begin anywhere
        if (follows_directive(line) || segment)
            adopt(std::move(schema));
        else if (!repeated) {
            sink_.bad({Fault::bad_value, "exchange.names_midway", line.offset});
            return true;
        }
        ++directives_;
        return true;
    }

    /// Whether `line` begins right behind a line with a directive in it, which may lie in the part before.
    bool follows_directive(const Line& line) const {
        auto at = static_cast<std::size_t>(line.offset - part_.base);
        return at == 0 ? in_force_.behind_directive : directive_line(part_.whole.text(), at);
    }

    void directive(std::string_view line) {
        ++directives_;
        if (line.starts_with(kLogType)) in_force_.type = trim(line.substr(kLogType.size()));
        if (line.starts_with(kFields)) adopt(read_schema(line, in_force_.type));
    }

    /// Rows under names that are not Exchange's are bad until better names come.
    void adopt(std::optional<ExchangeSchema> schema) {
        schema_ = std::move(schema);
        if (schema_) columns_ = record_schemas()[static_cast<std::size_t>(schema_->kind)].columns;
        names_.clear();
    }

    void row(const Line& line) {
        const ExchangeSchema& schema = *schema_;
        auto expected = schema.columns.size();
        if (csv_.count != expected && !(schema.open_ended && csv_.count > expected))
            return sink_.bad({Fault::bad_value, "exchange.columns", line.offset, expected, csv_.count});
        if (csv_.count > kCsvColumnLimit && !schema.open_ended)
            return sink_.bad({Fault::too_large, "exchange.columns", line.offset, kCsvColumnLimit, csv_.count});
        auto& cells = csv_.cells;
        auto time = schema.time < cells.size() ? times_.parse(trim(cells[schema.time])) : std::nullopt;
        if (!time && schema.time != SIZE_MAX) return sink_.bad({Fault::bad_value, "exchange.time", line.offset});
        auto host = schema.host < cells.size() ? cells[schema.host] : std::string_view{};
        auto& batch = batcher_.batch(schema.kind, host);

        auto record = batch.append(time.value_or(kNoTime), line.offset, static_cast<std::uint32_t>(line.text.size()),
                                   line.number);
        if (batch.size() == 1 || names_.empty()) keep_names(batch);
        auto from = schema.log == ExchangeLog::log_age ? 0 : expected - 1;
        rest_ = from < cells.size() ? line.text.substr(static_cast<std::size_t>(cells[from].data() - line.text.data()))
                                    : std::string_view{};
        for (auto i : csv_.doubled) cells[i] = batch.keep(undoubled(cells[i]));
        if (schema.kind == RecordKind::exchange_trace) return trace(line, record, host);
        if (schema.log == ExchangeLog::log_age) return log_age(record, batch);
        if (schema.kind == RecordKind::exchange_request) record[ExchangeRequest::log] = names_.back();
        if (schema.kind == RecordKind::exchange_command) record[ExchangeCommand::log] = names_.back();
        fill(batch, record);
        if (schema.log == ExchangeLog::ecp) ecp(record, batch);
    }

    void trace(const Line& line, std::span<Cell> record, std::string_view host) {
        record[ExchangeTrace::log] = names_.back();
        record[ExchangeTrace::message] = line.text;
        if (!host.empty()) record[ExchangeTrace::server] = host;
    }

    /// How far back each log went when the check was made, one column a log.
    void log_age(std::span<Cell> record, RecordBatch& batch) {
        record[Setting::category] = std::string_view("prior_check");
        record[Setting::name] = std::string_view("log age in days");
        record[Setting::value] = rest_;
        for (std::size_t i = 0; i < csv_.cells.size(); ++i) batch.add_field(names_[i], csv_.cells[i]);
    }

    /// Names live as long as the batch; the last is the log's own.
    void keep_names(RecordBatch& batch) {
        names_.clear();
        for (const std::string& name : schema_->columns) names_.push_back(batch.keep(name));
        names_.push_back(batch.keep(schema_->name));
        build_parts_ = {};
        build_ = {};
    }

    void fill(RecordBatch& batch, std::span<Cell> record) {
        const ExchangeSchema& schema = *schema_;
        auto count = std::min(csv_.cells.size(), schema.columns.size());
        for (std::size_t i = 0; i < count; ++i) {
            auto cell = csv_.cells[i];
            auto target = schema.target[i];
            if (cell.empty() || target == kElsewhere) continue;
            if (target != kNamed)
                put(record, target, cell);
            else if (schema.log != ExchangeLog::ecp)
                batch.add_field(names_[i], cell);
        }
        if (schema.build != SIZE_MAX) build(batch, record[schema.build]);
    }

    /// The build that wrote the row. It hardly ever changes, so it is joined only when it does.
    void build(RecordBatch& batch, Cell& to) {
        std::array<std::string_view, 4> parts;
        for (std::size_t i = 0; i < parts.size(); ++i) parts[i] = csv_.cells[schema_->version[i]];
        if (parts != build_parts_) {
            auto joined = fmt::format("{}.{}.{}.{}", trim(parts[0]), trim(parts[1]), trim(parts[2]), trim(parts[3]));
            build_ = parse_build(joined) ? batch.keep(joined) : std::string_view{};
            build_parts_ = parts;
        }
        if (!build_.empty()) to = build_;
    }

    void put(std::span<Cell> record, std::size_t column, std::string_view cell) const {
        if (columns_[column].type == ColumnType::text) {
            record[column] = cell;
            return;
        }
        std::int64_t number = 0;
        auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
        if (error == std::errc{} && end == cell.data() + cell.size()) record[column] = number;
    }

    /// The pairs of EventData. It is the rest of the line: commas in it are not always quoted.
    void ecp(std::span<Cell> record, RecordBatch& batch) {
        auto data = csv_.count > schema_->columns.size() ? rest_ : csv_.cells[schema_->columns.size() - 1];
        split_ecp_data(data, pairs_);
        for (const auto& [key, value] : pairs_) {
            if (value.empty()) continue;
            switch (short_name(key)) {
                case short_name("CMD"): {
                    auto [command, parameters] = split_command(value);
                    record[ExchangeCommand::command] = command;
                    if (!parameters.empty()) record[ExchangeCommand::parameters] = parameters;
                    break;
                }
                case short_name("SID"): record[ExchangeCommand::user] = value; break;
                case short_name("URL"): record[ExchangeCommand::url] = value; break;
                case short_name("EX"): record[ExchangeCommand::error] = value; break;
                case short_name("BLD"): record[ExchangeCommand::build] = value; break;
                default: batch.add_field(key.empty() ? std::string_view("EventData") : key, value);
            }
        }
    }

    const Part& part_;
    InForce in_force_;
    std::optional<ExchangeSchema> schema_;
    std::span<const ColumnSchema> columns_;  // of the schema's kind
    CsvCells csv_;
    EcpPairs pairs_;
    RowTimes times_;
    std::string_view rest_;                        // the line from its last named cell on
    std::vector<std::string_view> names_;          // in the arena of the batch
    std::array<std::string_view, 4> build_parts_;  // of the last row
    std::string_view build_;                       // in the arena of the batch
    Batcher batcher_;
    Sink& sink_;
    std::uint64_t directives_ = 0;
};

int claim(std::string_view, std::span<const std::byte> head) {
    std::string_view log_type;
    for (auto line : head_lines(head, 16)) {
        if (line.starts_with("#Log-type:")) log_type = trim(line.substr(10));
        if (line.starts_with("#Fields:")) return read_schema(line, log_type) ? 90 : 0;
        if (line.starts_with('#')) continue;
        if (read_schema(line, log_type)) return 85;
        return guess_names(line).empty() ? 0 : 70;
    }
    return 0;
}

void parse(const Part& part, Sink& sink) {
    Reading reading(part, sink);
    reading.read();
}

std::string header(const Part& part) { return InForce(part).text(); }

}  // namespace

extern const Parser kExchangeParser;
const Parser kExchangeParser{"exchange",
                             "Exchange CSV logs: HttpProxy, ECP, EWS, PowerShell, OABGenerator, message tracking",
                             "https://learn.microsoft.com/exchange/mail-flow/transport-logs/message-tracking",
                             claim,
                             parse,
                             kTextUnit,
                             0,
                             header};

}  // namespace ascribe

// Exchange's CSV logs by their own field line: HttpProxy (with a bare first row or #Fields, 2013 to 2019, and the subsets that
// analysts export with PowerShell), ECP Server, EWS, Rps_Http, Rps_Cmdlet, OABGenerator, message tracking. Columns are found by
// name, never by position. https://learn.microsoft.com/exchange/mail-flow/transport-logs/message-tracking for the common head.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>

#include "base/text.hpp"
#include "parse/exchange/csv.hpp"
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

bool looks_like_time(std::string_view text) { return parse_time(text).has_value(); }

class Reading {
public:
    Reading(const Part& part, Sink& sink) : batcher_(part, sink), sink_(sink) {
        auto type = line_before(part, "#Log-type:");
        log_type_ = type.substr(std::min<std::size_t>(type.size(), 10));
        auto fields = part.begin > part.base ? line_before(part, "#Fields:") : std::string_view{};
        if (fields.empty()) fields = part.header;
        if (fields.empty() && part.begin > 0) fields = first_header(part);
        if (!fields.empty()) schema_ = read_schema(fields, log_type_);
    }
    ~Reading() { sink_.directives(directives_); }
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

    void take(const Line& line) {
        if (line.text.starts_with('#')) return directive(line);
        // A bare header row: PowerShell exports and HttpProxy files begin with one, and files joined together repeat it.
        if ((!schema_ || line.text.find("AnchorMailbox,") != std::string_view::npos || line.number <= 3) && !begins_with_time(line.text))
            if (auto schema = read_schema(line.text, log_type_)) {
                adopt(std::move(*schema));
                ++directives_;
                return;
            }
        if (!schema_) schema_ = guess(line.text);
        if (!schema_) return sink_.bad({Fault::bad_value, "exchange.no_field_line", line.offset});
        row(line);
    }

private:
    /// The first header among the first lines of the artefact, for parts further on.
    static std::string_view first_header(const Part& part) {
        for (auto line : head_lines(part.whole.view().first(std::min(part.whole.size(), kHeadBytes)), 8))
            if (!line.starts_with('#') && read_schema(line, "")) return line;
        return {};
    }

    static bool begins_with_time(std::string_view text) {
        if (text.starts_with('"')) text.remove_prefix(1);
        return text.size() > 4 && text[0] >= '0' && text[0] <= '9' && text[4] == '-';
    }

    /// A pasted extract without its header, recognised by shape: ECP rows have four cells and S: pairs.
    static std::optional<ExchangeSchema> guess(std::string_view text) {
        if (begins_with_time(text) && text.find("S:") != std::string_view::npos && text.find("S:CMD=") != std::string_view::npos)
            return read_schema("TimeStamp,ServerName,EventId,EventData", "");
        return {};
    }

    void directive(const Line& line) {
        ++directives_;
        if (line.text.starts_with("#Log-type:")) log_type_ = line.text.substr(10);
        if (!line.text.starts_with("#Fields:")) return;
        if (auto schema = read_schema(line.text, log_type_)) adopt(std::move(*schema));
    }

    void adopt(ExchangeSchema&& schema) {
        schema_ = std::move(schema);
        names_.clear();
    }

    void row(const Line& line) {
        const ExchangeSchema& schema = *schema_;
        // Which batch a row joins depends on its host, so the line is split before the batch is known; cells with doubled
        // quotes are kept here until then.
        kept_.clear();
        auto count = split_csv(line.text, cells_, [&](const std::string& text) -> std::string_view { return *kept_.emplace_back(std::make_unique<std::string>(text)); });
        bool free_text = schema.log == ExchangeLog::oab_generator || schema.log == ExchangeLog::other || schema.log == ExchangeLog::ecp;
        if (count != schema.columns.size() && !(free_text && count > schema.columns.size()))
            return sink_.bad({Fault::bad_value, "exchange.columns", line.offset, schema.columns.size(), count});
        auto time = schema.time < cells_.size() ? parse_time(trim(cells_[schema.time])) : std::nullopt;
        if (!time && schema.time != SIZE_MAX) return sink_.bad({Fault::bad_value, "exchange.time", line.offset});
        auto host = schema.host < cells_.size() ? cells_[schema.host] : std::string_view{};
        auto& batch = batcher_.batch(schema.kind, host);
        auto record = batch.append(time.value_or(kNoTime), line.offset, static_cast<std::uint32_t>(line.text.size()), line.number);
        for (const auto& text : kept_)  // move them to where the row lives
            for (auto& cell : cells_)
                if (cell.data() == text->data()) cell = batch.keep(cell);
        switch (schema.kind) {
            case RecordKind::exchange_request: record[ExchangeRequest::log] = schema.name; break;
            case RecordKind::exchange_command: record[ExchangeCommand::log] = schema.name; break;
            case RecordKind::exchange_trace: trace(line, record, host); break;
            default: break;
        }
        if (schema.kind != RecordKind::exchange_trace) fill(batch, record);
        if (schema.log == ExchangeLog::ecp) ecp(line, record, batch);
    }

    void trace(const Line& line, std::span<Cell> record, std::string_view host) {
        record[ExchangeTrace::log] = schema_->name;
        record[ExchangeTrace::message] = line.text;
        if (!host.empty()) record[ExchangeTrace::server] = host;
    }

    void fill(RecordBatch& batch, std::span<Cell> record) {
        const ExchangeSchema& schema = *schema_;
        if (batch.size() == 1 || names_.empty()) {  // names must live as long as the batch
            names_.clear();
            for (const std::string& name : schema.columns) names_.push_back(batch.keep(name));
        }
        for (std::size_t i = 0; i < cells_.size() && i < schema.columns.size(); ++i) {
            auto cell = cells_[i];
            if (cell.empty() || i == schema.time) continue;
            if (schema.target[i] == kNamed) {
                bool version = std::ranges::find(schema.version, i) != std::end(schema.version);
                if (!version && schema.log != ExchangeLog::ecp) batch.add_field(names_[i], cell);
                continue;
            }
            put(schema.kind, record, schema.target[i], cell);
        }
        if (schema.build == SIZE_MAX || schema.version[3] >= cells_.size()) return;
        std::string build;
        for (auto index : schema.version) build += (build.empty() ? "" : ".") + std::string(index < cells_.size() ? trim(cells_[index]) : "");
        if (parse_build(build)) record[schema.build] = batch.keep(build);
    }

    static void put(RecordKind kind, std::span<Cell> record, std::size_t column, std::string_view cell) {
        if (record_schemas()[static_cast<std::size_t>(kind)].columns[column].type == ColumnType::text) {
            record[column] = cell;
            return;
        }
        std::int64_t number = 0;
        auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
        if (error == std::errc{} && end == cell.data() + cell.size()) record[column] = number;
    }

    /// The pairs of EventData. It is the rest of the line: commas in it are not always quoted.
    void ecp(const Line& line, std::span<Cell> record, RecordBatch& batch) {
        auto at = schema_->columns.size() - 1;
        auto data = at < cells_.size() ? cells_[at] : std::string_view{};
        if (cells_.size() > schema_->columns.size() && !data.empty() && data.data() >= line.text.data() && data.data() < line.text.data() + line.text.size())
            data = line.text.substr(static_cast<std::size_t>(data.data() - line.text.data()));
        for (const auto& [key, value] : split_ecp_data(data)) {
            if (key == "CMD") {
                auto [command, parameters] = split_command(value);
                record[ExchangeCommand::command] = command;
                if (!parameters.empty()) record[ExchangeCommand::parameters] = parameters;
            } else if (key == "SID") {
                record[ExchangeCommand::user] = value;
            } else if (key == "URL") {
                record[ExchangeCommand::url] = value;
            } else if (key == "EX") {
                record[ExchangeCommand::error] = value;
            } else if (key == "BLD") {
                record[ExchangeCommand::build] = value;
            } else if (!key.empty()) {
                batch.add_field(key, value);
            }
        }
    }

    std::optional<ExchangeSchema> schema_;
    std::string_view log_type_;
    std::vector<std::string_view> cells_, names_;
    std::vector<std::unique_ptr<std::string>> kept_;
    Batcher batcher_;
    Sink& sink_;
    std::uint64_t directives_ = 0;
};

int claim(std::string_view, std::span<const std::byte> head) {
    std::string_view log_type;
    for (auto line : head_lines(head, 16)) {
        if (line.starts_with("#Log-type:")) log_type = line.substr(10);
        if (line.starts_with("#Fields:")) return read_schema(line, log_type) ? 90 : 0;
        if (line.starts_with("#TYPE ") || line.starts_with("#Software: Microsoft Exchange")) continue;
        if (line.starts_with('#')) continue;
        if (read_schema(line, log_type)) return 85;
        auto first = line.substr(0, line.find(','));
        return looks_like_time(first) && line.find("S:CMD=") != std::string_view::npos ? 70 : 0;
    }
    return 0;
}

void parse(const Part& part, Sink& sink) {
    Reading reading(part, sink);
    for_each_line(part, sink, [&](const Line& line) { reading.take(line); });
}

/// The field line in force at the end of a segment: the last #Fields line, else the bare first row.
std::string header(std::string_view bytes, std::string_view before) {
    Part part{};
    part.whole = Bytes(as_bytes(bytes), nullptr);
    part.begin = bytes.size();
    auto last = line_before(part, "#Fields:");
    if (!last.empty()) return std::string(last);
    if (!before.empty()) return std::string(before);
    for (auto line : head_lines(as_bytes(bytes.substr(0, kHeadBytes)), 8))
        if (!line.starts_with('#') && read_schema(line, "")) return std::string(line);
    return {};
}

}  // namespace

extern const Parser kExchangeParser;
const Parser kExchangeParser{"exchange", "Exchange CSV logs: HttpProxy, ECP, EWS, PowerShell, OABGenerator, message tracking",
                             "https://learn.microsoft.com/exchange/mail-flow/transport-logs/message-tracking", claim, parse, kTextUnit, 0, header};

}  // namespace ascribe

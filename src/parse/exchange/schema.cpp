#include "parse/exchange/schema.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "parse/csv.hpp"

namespace ascribe {
namespace {

struct ColumnName {
    std::string_view name;
    std::size_t column;
};

// Names as Exchange writes them (2013 to 2019); what is not listed becomes a named field.
constexpr ColumnName kRequest[] = {
    {"Protocol", ExchangeRequest::protocol},
    {"RequestId", ExchangeRequest::request_id},
    {"ServerHostName", ExchangeRequest::server},
    {"Method", ExchangeRequest::method},
    {"UrlHost", ExchangeRequest::url_host},
    {"UrlStem", ExchangeRequest::stem},
    {"UrlQuery", ExchangeRequest::query},
    {"ProtocolAction", ExchangeRequest::action},
    {"AuthenticatedUser", ExchangeRequest::user},
    {"AnchorMailbox", ExchangeRequest::anchor_mailbox},
    {"ClientIpAddress", ExchangeRequest::client_ip},
    {"UserAgent", ExchangeRequest::user_agent},
    {"HttpStatus", ExchangeRequest::status},
    {"BackEndStatus", ExchangeRequest::backend_status},
    {"ErrorCode", ExchangeRequest::error_code},
    {"TargetServer", ExchangeRequest::target_server},
    {"RoutingHint", ExchangeRequest::routing_hint},
    {"BackEndCookie", ExchangeRequest::backend_cookie},
    {"ClientInfo", ExchangeRequest::client_info},
    {"GenericInfo", ExchangeRequest::generic_info},
    {"GenericErrors", ExchangeRequest::generic_errors},
    {"SoapAction", ExchangeRequest::action},
    {"ClientIP", ExchangeRequest::client_ip},
    {"HttpStatusCode", ExchangeRequest::status},
    {"RequestType", ExchangeRequest::action},
    {"AuthenticatedUserEmail", ExchangeRequest::user},
    {"Action", ExchangeRequest::action},
};
constexpr ColumnName kCommand[] = {
    {"ServerHostName", ExchangeCommand::server}, {"ServerName", ExchangeCommand::server},
    {"EventId", ExchangeCommand::event},         {"Cmdlet", ExchangeCommand::command},
    {"Parameters", ExchangeCommand::parameters}, {"AuthenticatedUser", ExchangeCommand::user},
    {"GenericErrors", ExchangeCommand::error},   {"UserName", ExchangeCommand::user},
};
constexpr ColumnName kMail[] = {
    {"server-hostname", MailEvent::server},  {"event-id", MailEvent::event},
    {"source", MailEvent::source},           {"client-ip", MailEvent::client_ip},
    {"sender-address", MailEvent::sender},   {"recipient-address", MailEvent::recipients},
    {"message-subject", MailEvent::subject}, {"message-id", MailEvent::message_id},
    {"total-bytes", MailEvent::total_bytes},
};

struct Known {
    ExchangeLog log;
    std::string_view name;
    RecordKind kind;
    std::string_view needs[3];  // columns that only this log has, or that with log_type decide
    std::string_view log_type;  // part of #Log-type, "" when columns decide
    std::span<const ColumnName> columns;
    std::size_t build;
};
constexpr Known kKnown[] = {
    {ExchangeLog::ecp,
     "EcpServer",
     RecordKind::exchange_command,
     {"EventData", "EventId", ""},
     "",
     kCommand,
     ExchangeCommand::build},
    {ExchangeLog::rps_cmdlet,
     "RpsCmdlet",
     RecordKind::exchange_command,
     {"Cmdlet", "Parameters", ""},
     "",
     kCommand,
     ExchangeCommand::build},
    {ExchangeLog::message_tracking,
     "MessageTracking",
     RecordKind::mail_event,
     {"event-id", "recipient-address", ""},
     "",
     kMail,
     SIZE_MAX},
    {ExchangeLog::ews,
     "Ews",
     RecordKind::exchange_request,
     {"RequestId", "SoapAction", ""},
     "",
     kRequest,
     ExchangeRequest::build},
    {ExchangeLog::rps_http,
     "RpsHttp",
     RecordKind::exchange_request,
     {"ClientInfo", "UrlStem", ""},
     "",
     kRequest,
     ExchangeRequest::build},
    {ExchangeLog::mapi_http,
     "MapiHttp",
     RecordKind::exchange_request,
     {"MapiRequestId", "", ""},
     "",
     kRequest,
     ExchangeRequest::build},
    {ExchangeLog::http_proxy,
     "HttpProxy",
     RecordKind::exchange_request,
     {"AnchorMailbox", "", ""},
     "",
     kRequest,
     ExchangeRequest::build},
    {ExchangeLog::http_proxy,
     "HttpProxy",
     RecordKind::exchange_request,
     {"UrlStem", "RoutingHint", ""},
     "",
     kRequest,
     ExchangeRequest::build},
    {ExchangeLog::http_proxy,
     "HttpProxy",
     RecordKind::exchange_request,
     {"UrlStem", "HttpStatus", "ClientIpAddress"},
     "",
     kRequest,
     ExchangeRequest::build},
    // Written by Test-ProxyLogon as -LogAgeDays.csv: how many days each log goes back.
    {ExchangeLog::log_age, "LogAgeDays", RecordKind::setting, {"EcpProxy", "OwaProxy", "MapiProxy"}, "", {}, SIZE_MAX},
    {ExchangeLog::oab_generator,
     "OabGenerator",
     RecordKind::exchange_trace,
     {"", "", ""},
     "OABGenerator",
     {},
     SIZE_MAX},
    {ExchangeLog::oab_generator,
     "OabGenerator",
     RecordKind::exchange_trace,
     {"", "", ""},
     "OAB Generator",
     {},
     SIZE_MAX},
};

bool has(const std::vector<std::string>& columns, std::string_view name) {
    return name.empty() ||
           std::ranges::any_of(columns, [&](const std::string& column) { return equals_folded(column, name); });
}

std::size_t index_of(const std::vector<std::string>& columns, std::initializer_list<std::string_view> names) {
    for (auto name : names)
        for (std::size_t i = 0; i < columns.size(); ++i)
            if (equals_folded(columns[i], name)) return i;
    return SIZE_MAX;
}

void map_columns(ExchangeSchema& schema, std::span<const ColumnName> names) {
    schema.target.assign(schema.columns.size(), kNamed);
    for (std::size_t i = 0; i < schema.columns.size(); ++i)
        for (const auto& [name, column] : names)
            if (equals_folded(schema.columns[i], name)) schema.target[i] = column;
    schema.time = index_of(schema.columns, {"DateTime", "TimeStamp", "date-time", "Date"});
    schema.host = index_of(schema.columns, {"ServerHostName", "ServerName", "server-hostname", "Server"});
    std::size_t i = 0;
    for (std::string_view part : {"MajorVersion", "MinorVersion", "BuildVersion", "RevisionVersion"})
        schema.version[i++] = index_of(schema.columns, {part});
    if (std::ranges::max(schema.version) == SIZE_MAX) schema.build = SIZE_MAX;
    if (schema.build != SIZE_MAX)
        for (auto place : schema.version) schema.target[place] = kElsewhere;
    if (schema.time != SIZE_MAX) schema.target[schema.time] = kElsewhere;
}

/// A field list written twice in one line (seen in message tracking) counts once.
void drop_repetition(std::vector<std::string>& columns) {
    auto half = columns.size() / 2;
    if (columns.size() % 2 == 0 && half > 1 &&
        std::equal(columns.begin(), columns.begin() + static_cast<std::ptrdiff_t>(half),
                   columns.begin() + static_cast<std::ptrdiff_t>(half)))
        columns.resize(half);
}

constexpr std::size_t kNamesLimit = 64 << 10;  // bytes of a line of names; HttpProxy's 81 names take 2 KiB

// Columns that stayed in their places from Exchange 2013 to 2019 (2013 without UrlHost), for rows without their names.
constexpr std::string_view kProxyNames =
    "DateTime,RequestId,MajorVersion,MinorVersion,BuildVersion,RevisionVersion,ClientRequestId,Protocol,UrlHost,"
    "UrlStem,"
    "ProtocolAction,AuthenticationType,IsAuthenticated,AuthenticatedUser,Organization,AnchorMailbox,UserAgent,"
    "ClientIpAddress,ServerHostName,HttpStatus,BackEndStatus,ErrorCode,Method,ProxyAction,TargetServer,"
    "TargetServerVersion,RoutingType,RoutingHint,BackEndCookie";
constexpr std::string_view kProxyNames2013 =
    "DateTime,RequestId,MajorVersion,MinorVersion,BuildVersion,RevisionVersion,ClientRequestId,Protocol,UrlStem,"
    "ProtocolAction,AuthenticationType,IsAuthenticated,AuthenticatedUser,Organization,AnchorMailbox,UserAgent,"
    "ClientIpAddress,ServerHostName,HttpStatus,BackEndStatus,ErrorCode,Method,ProxyAction,TargetServer,"
    "TargetServerVersion,RoutingHint,BackEndCookie";
constexpr std::string_view kMailNames =
    "date-time,client-ip,client-hostname,server-ip,server-hostname,source-context,connector-id,source,event-id,"
    "internal-message-id,message-id,network-message-id,recipient-address,recipient-status,total-bytes,recipient-count,"
    "related-recipient-address,reference,message-subject,sender-address";
constexpr std::string_view kEcpNames = "TimeStamp,ServerName,EventId,EventData";
constexpr std::string_view kGuesses[] = {kProxyNames, kProxyNames2013, kMailNames, kEcpNames};

bool is_guid(std::string_view text) {
    return text.size() == 36 && text[8] == '-' && text[13] == '-' && text[23] == '-';
}

bool is_upper(std::string_view text) {
    return text.size() > 2 && text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string_view::npos;
}

}  // namespace

std::string_view guess_names(std::string_view row) {
    if (row.size() > kNamesLimit * 16) return {};
    CsvCells csv;
    split_csv(row, csv);
    const auto& cells = csv.cells;
    if (cells.size() < 4 || !parse_time(trim(cells[0]))) return {};
    if (cells[3].starts_with("S:") || cells[2].starts_with("ECP.")) return kEcpNames;
    bool proxy = cells.size() >= 27 && is_guid(cells[1]) && parse_number(cells[2]) && parse_number(cells[5]);
    if (proxy && cells[8].starts_with('/') && (cells[18].empty() || parse_number(cells[18]))) return kProxyNames2013;
    if (proxy && cells.size() >= 29 && cells[9].starts_with('/') && (cells[19].empty() || parse_number(cells[19])))
        return kProxyNames;
    if (cells.size() >= 20 && is_upper(cells[7]) && is_upper(cells[8])) return kMailNames;
    return {};
}

std::optional<ExchangeSchema> read_schema(std::string_view line, std::string_view log_type) {
    bool marked = line.starts_with("#Fields:");
    if (marked) line = trim(line.substr(8));
    if (line.size() > kNamesLimit) return {};
    CsvCells csv;
    ExchangeSchema schema;
    schema.separator = csv_separator(line);
    split_csv(line, csv, schema.separator);
    for (auto cell : csv.cells) {
        cell = trim(cell);
        // Names are single words: otherwise this is a row, not a header.
        if (!marked && (cell.empty() || cell.find_first_of(" \t:;<>=\"") != std::string_view::npos)) return {};
        schema.columns.emplace_back(cell);
    }
    drop_repetition(schema.columns);
    if (schema.columns.size() < 2) return {};
    for (const Known& known : kKnown) {
        bool named = !known.needs[0].empty();
        bool fits = std::ranges::all_of(known.needs, [&](std::string_view name) { return has(schema.columns, name); });
        if (!named) fits = marked && !log_type.empty() && contains_folded(log_type, known.log_type);
        if (!fits) continue;
        schema.log = known.log;
        schema.name = known.name;
        schema.kind = known.kind;
        schema.build = known.build;
        // An unquoted comma in free text makes one cell more; the text is the last column, so nothing shifts.
        schema.open_ended = known.log == ExchangeLog::ecp || known.log == ExchangeLog::oab_generator ||
                            std::ranges::find(kGuesses, line) != std::end(kGuesses);
        if (known.log == ExchangeLog::ecp && contains_folded(log_type, "Activity")) schema.name = "EcpActivity";
        map_columns(schema, known.columns);
        return schema;
    }
    if (!marked || log_type.empty()) return {};
    schema.name = trim(log_type);
    schema.open_ended = true;  // free text of unknown width: the line itself is the message
    map_columns(schema, {});
    return schema;
}

}  // namespace ascribe

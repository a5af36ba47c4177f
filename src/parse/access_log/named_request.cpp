#include "parse/access_log/named_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.hpp"
#include "model/web_log.hpp"
#include "parse/access_log/combined.hpp"
#include "parse/put.hpp"

namespace ascribe {
namespace {

using Use = RequestUse;

/// Seconds, milliseconds, microseconds or nanoseconds since 1970, told by their size.
std::optional<Time> time_of(double number) {
    if (!std::isfinite(number) || number < 0) return {};
    while (number >= 1e11) number /= 1000;  // seconds stay below this until the year 5138
    Time time{Ticks{static_cast<std::int64_t>(std::llround(number * 1e7))}};
    return is_log_time(time) ? std::optional(time) : std::nullopt;
}

std::optional<double> real(std::string_view text) {
    double value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

/// The number of up to `most` digits that `text` begins with, and what stands behind it; -1 where none does.
int take_number(std::string_view& text, std::size_t most) {
    std::size_t size = 0;
    int value = 0;
    for (; size < std::min(most, text.size()) && text[size] >= '0' && text[size] <= '9'; ++size)
        value = value * 10 + (text[size] - '0');
    text.remove_prefix(size);
    return size == 0 ? -1 : value;
}

bool take(std::string_view& text, std::string_view word) {
    if (!text.starts_with(word)) return false;
    text.remove_prefix(word.size());
    return true;
}

/// "Tue Mar  2 10:00:00 2021", of C's asctime: local time without a zone, taken as it stands.
std::optional<Time> unzoned_time(std::string_view text) {
    constexpr std::size_t kSize = 24;
    if (text.size() != kSize || text[3] != ' ' || text[7] != ' ' || text[10] != ' ' || text[19] != ' ') return {};
    std::string day(trim(text.substr(8, 2)));
    if (day.size() == 1) day.insert(0, 1, '0');
    return parse_access_time(
        fmt::format("{}/{}/{}:{} +0000", day, text.substr(4, 3), text.substr(20), text.substr(11, 8)));
}

/// As portals show it to people: Kibana's "Mar 2, 2021 @ 10:00:00.000", Azure's "3/2/2021, 10:00:00.000 AM".
std::optional<Time> shown_time(std::string_view text) {
    constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int month = 0, day = 0;
    auto name = kMonths.find(text.substr(0, 3));
    const bool named = text.size() > 3 && name != std::string_view::npos && name % 3 == 0 && text[3] == ' ';
    if (named) {
        text.remove_prefix(4);
        month = static_cast<int>(name / 3) + 1;
        day = take_number(text, 2);
        if (!take(text, ", ")) return {};
    } else {
        month = take_number(text, 2);
        if (!take(text, "/")) return {};
        day = take_number(text, 2);
        if (!take(text, "/")) return {};
    }
    auto year = take_number(text, 4);
    if (!take(text, named ? " @ " : ", ")) return {};
    auto hour = take_number(text, 2);
    if (!take(text, ":")) return {};
    auto minute = take_number(text, 2);
    if (!take(text, ":")) return {};
    auto second = take_number(text, 2);
    auto thousandths = take(text, ".") ? take_number(text, 3) : 0;
    if (!named) {  // of twelve hours, so that it is America's: elsewhere the day comes first
        if (hour < 1 || hour > 12 || (text != " AM" && text != " PM")) return {};
        hour = hour % 12 + (text == " PM" ? 12 : 0);
        text = {};
    }
    if (!text.empty() || thousandths < 0) return {};
    auto time = make_time(year, month, day, hour, minute, second, thousandths * Ticks::period::den / 1000);
    return time && is_log_time(*time) ? time : std::nullopt;
}

std::optional<Time> time_of(std::string_view text) {
    if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);  // Apache's %t
    if (auto time = parse_access_time(text)) return time;
    if (auto number = real(text)) return time_of(*number);
    if (auto time = shown_time(text)) return time;
    if (auto time = unzoned_time(text)) return time;
    return parse_log_time(text);
}

/// Whether it was a number.
bool put_number(Cell& cell, std::string_view text) {
    if (auto number = parse_number(text))
        cell = *number;
    else if (auto value = real(text); value && *value >= 0 && *value < 1e18)
        cell = static_cast<std::int64_t>(*value);
    return cell.index() != 0;
}

/// Fractions are seconds (nginx, Caddy, Azure's gateways), whole numbers milliseconds (IIS, Envoy).
void put_duration(Cell& cell, std::string_view text) {
    auto value = real(text);
    if (!value || *value < 0 || *value > 1e15) return;
    bool whole = text.find_first_of(".eE") == std::string_view::npos;
    cell = static_cast<std::int64_t>(whole ? *value : *value * 1e3);
}

void put_nanoseconds(Cell& cell, std::string_view text) {
    if (auto number = parse_number(text)) cell = *number / 1'000'000;
}

/// The end of the request where it is told, else its start; a time of day belongs to the date beside it.
std::optional<Time> time_of(const NamedRequest& seen, RecordBatch& batch) {
    constexpr std::size_t kDateSize = 10;
    auto date = seen.at(Use::date), time = seen.at(Use::time);
    if (date.size() >= kDateSize && time.size() > 2 && time[2] == ':')  // behind a date may stand midnight
        return time_of(batch.keep(fmt::format("{} {}", date.substr(0, kDateSize), time)));
    for (auto text : {time, date, seen.at(Use::start)})
        if (!text.empty()) return time_of(text);
    return {};
}

}  // namespace

Result<Time> fill_request(const NamedRequest& seen, std::string_view log, RecordBatch& batch, std::span<Cell> row) {
    auto request = seen.at(Use::request), target = seen.at(Use::target), path = seen.at(Use::path);
    auto stem = seen.at(Use::stem);
    if (path.empty()) path = stem;
    if (target.empty()) std::swap(target, path);
    if ((request.empty() && target.empty()) || (seen.at(Use::status).empty() && seen.at(Use::client).empty()))
        return std::unexpected(Error{Fault::bad_value, "access_log.no_request", 0});
    if (!request.empty()) split_request(request, row);
    put(row[HttpRequest::method], seen.at(Use::method));
    if (!target.empty()) split_target(target, row);
    auto query = seen.at(Use::query);
    if (query.starts_with('?')) query.remove_prefix(1);  // Apache's %q
    if (row[HttpRequest::query].index() == 0) put(row[HttpRequest::query], query);
    auto client = seen.at(Use::client), true_client = seen.at(Use::true_client);
    put(row[HttpRequest::client_ip], without_port(true_client.empty() ? client : true_client));
    if (!true_client.empty() && !client.empty() && client != true_client) batch.add_field("peer", client);
    if (!path.empty()) batch.add_field("path", path);
    put(row[HttpRequest::server_ip], seen.at(Use::server));
    for (auto [use, column] : {std::pair(Use::forwarded, HttpRequest::forwarded_for),
                               {Use::user, HttpRequest::user},
                               {Use::agent, HttpRequest::user_agent},
                               {Use::referrer, HttpRequest::referrer},
                               {Use::host, HttpRequest::host},
                               {Use::site, HttpRequest::site},
                               {Use::computer, HttpRequest::server},
                               {Use::cookie, HttpRequest::cookie}})
        put(row[column], seen.at(use));
    for (auto [use, column] : {std::pair(Use::status, HttpRequest::status),
                               {Use::substatus, HttpRequest::substatus},
                               {Use::win32_status, HttpRequest::win32_status},
                               {Use::sent, HttpRequest::sent_bytes},
                               {Use::received, HttpRequest::received_bytes},
                               {Use::port, HttpRequest::port}})
        if (auto text = seen.at(use); !put_number(row[column], text) && !text.empty())
            batch.add_field(record_schemas()[static_cast<std::size_t>(RecordKind::http_request)].columns[column].name,
                            text);
    put_duration(row[HttpRequest::time_taken_ms], seen.at(Use::duration));
    if (row[HttpRequest::time_taken_ms].index() == 0)
        put_nanoseconds(row[HttpRequest::time_taken_ms], seen.at(Use::nanoseconds));
    row[HttpRequest::log] = stem.empty() ? log : kIisExport;
    auto time = time_of(seen, batch);
    if (!time) return std::unexpected(Error{Fault::bad_value, "access_log.time", 0});
    return *time;
}

}  // namespace ascribe

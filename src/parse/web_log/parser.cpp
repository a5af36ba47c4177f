// IIS's own comma-separated logs ("IIS log file format"): fixed columns, no header, local times whose zone stands
// nowhere. Rows are judged as IIS's, but prove no hours of logging, which may be others than they say.
// https://learn.microsoft.com/windows/win32/http/iis-logging
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "model/web_log.hpp"
#include "parse/lines.hpp"
#include "parse/put.hpp"

namespace ascribe {
namespace {

enum Place : std::size_t {
    client,
    user,
    date,
    time_of_day,
    site,
    computer,
    server,
    taken,
    received,
    sent,
    status,
    win32_status,
    method,
    target,
    parameters,
    kPlaces
};
using Cells = std::array<std::string_view, kPlaces>;

/// 192.0.2.1, CORP\alice, 3/2/2021, 10:00:00, W3SVC1, EX01, 10.0.0.5, 15, 300, 1234, 200, 0, GET, /owa/, -,
/// Returns how many cells there are; a comma without a space behind it is part of one.
std::size_t split_native(std::string_view line, Cells& cells) {
    line = trim(line);
    if (line.ends_with(',')) line.remove_suffix(1);
    std::size_t count = 0;
    while (true) {
        auto comma = line.find(", ");
        if (count < kPlaces) cells[count] = line.substr(0, comma);
        ++count;
        if (comma == std::string_view::npos) return count;
        line.remove_prefix(comma + 2);
    }
}

/// Up to three numbers with `separator` between them; -1 where there is none.
std::array<int, 3> numbers(std::string_view text, char separator) {
    std::array<int, 3> all{-1, -1, -1};
    std::size_t i = 0;
    for (auto part : split(text, separator))
        if (auto number = parse_number(part); i < all.size() && number && *number < 10'000)
            all[i++] = static_cast<int>(*number);
        else
            return {-1, -1, -1};
    return all;
}

/// Month, day and year, of which two digits may stand alone.
std::optional<Time> time_in(const Cells& cells) {
    auto [month, day, year] = numbers(cells[date], '/');
    auto [hour, minute, second] = numbers(cells[time_of_day], ':');
    if (month < 0 || day < 0 || year < 0 || hour < 0 || minute < 0 || second < 0) return {};
    constexpr int kCentury = 100, kFirst = 90;  // logs of this kind began in the nineties
    if (year < kCentury) year += year >= kFirst ? 1900 : 2000;
    auto time = make_time(year, month, day, hour, minute, second);
    return time && is_log_time(*time) ? time : std::nullopt;
}

bool is_native(std::string_view line) {
    Cells cells;
    return split_native(line, cells) == kPlaces && cells[site].starts_with("W3SVC") && time_in(cells) &&
           parse_number(cells[status]);
}

void fill(const Cells& cells, std::span<Cell> row) {
    for (auto [place, column] : {std::pair(client, HttpRequest::client_ip),
                                 {user, HttpRequest::user},
                                 {site, HttpRequest::site},
                                 {computer, HttpRequest::server},
                                 {server, HttpRequest::server_ip},
                                 {method, HttpRequest::method},
                                 {target, HttpRequest::stem},
                                 {parameters, HttpRequest::query}})
        put(row[column], cells[place]);
    for (auto [place, column] : {std::pair(taken, HttpRequest::time_taken_ms),
                                 {received, HttpRequest::received_bytes},
                                 {sent, HttpRequest::sent_bytes},
                                 {status, HttpRequest::status},
                                 {win32_status, HttpRequest::win32_status}})
        if (auto number = parse_number(cells[place])) row[column] = *number;
    row[HttpRequest::log] = kIisNative;
}

int claim(std::string_view, std::span<const std::byte> head) {
    constexpr std::size_t kLines = 2;  // the first may be the end of a row
    return std::ranges::any_of(head_lines(head, kLines), is_native) ? 60 : 0;
}

void parse(const Part& part, Sink& sink) {
    Batcher batcher(part, sink);
    for_each_line(part, sink, [&](const Line& line) {
        Cells cells;
        if (auto count = split_native(line.text, cells); count != kPlaces)
            return sink.bad({Fault::bad_value, "web_log.columns", line.offset, kPlaces, count});
        auto time = time_in(cells);
        if (!time) return sink.bad({Fault::bad_value, "web_log.time", line.offset});
        auto& batch = batcher.batch(RecordKind::http_request, cells[computer] == "-" ? "" : cells[computer]);
        fill(cells, batch.append(*time, line.offset, static_cast<std::uint32_t>(line.text.size()), line.number));
    });
}

}  // namespace

extern const Parser kWebLogParser;
const Parser kWebLogParser{"web_log",
                           "IIS's own comma-separated logs",
                           "https://learn.microsoft.com/windows/win32/http/iis-logging",
                           claim,
                           parse,
                           kTextUnit};

}  // namespace ascribe

// Fields from left to right; the bracket of the time tells what stands before it. Apache escapes quotes, backslashes
// and control characters in what the client sent (\", \xhh), nginx too (\x22): a quoted text ends at a quote that is
// not escaped and has a space or nothing behind it.
#include "parse/access_log/combined.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"
#include "parse/access_log/amazon.hpp"
#include "parse/access_log/envoy.hpp"
#include "parse/access_log/haproxy.hpp"
#include "parse/access_log/rest.hpp"
#include "parse/access_log/who.hpp"
#include "parse/iis/lone_row.hpp"
#include "parse/put.hpp"

namespace ascribe {
namespace {

constexpr std::size_t kTimeSize = 26;       // 02/Mar/2021:10:00:00 +0100
constexpr std::size_t kSecondsSize = 20;    // 02/Mar/2021:10:00:00
constexpr std::size_t kMostStampSize = 40;  // 02/Mar/2021:10:00:00.123456789 +0100, 2021-03-02T10:00:00.123456789+01:00

Error bad(std::string_view what, std::size_t at) { return {Fault::bad_value, what, at}; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_status(std::string_view word) { return word == "-" || (word.size() == 3 && parse_number(word).has_value()); }

/// The text of the first bracket that is shaped as a time; its place is its data's.
std::string_view find_stamp(std::string_view line) {
    for (auto open = line.find('['); open != std::string_view::npos; open = line.find('[', open + 1)) {
        auto text = line.substr(open + 1, kMostStampSize);
        auto close = text.find(']');
        if (close == std::string_view::npos || close < kSecondsSize - 1) continue;
        text = text.substr(0, close);
        bool named = text.size() >= kTimeSize && text[2] == '/' && text[6] == '/' && text[11] == ':';
        bool numbered = text[4] == '-' && text[7] == '-' && text[10] == 'T';
        if (named || numbered) return text;
    }
    return {};
}

/// Either spelling, with or without parts of a second; ISO 8601 must tell its zone, as the other one does.
std::optional<Time> stamp_time(std::string_view text) {
    if (text.size() == kTimeSize) return parse_access_time(text);
    if (text[4] == '-') {
        bool zoned = text.ends_with('Z') || text.find_first_of("+-", kSecondsSize - 1) != std::string_view::npos;
        return zoned ? parse_log_time(text) : std::nullopt;
    }
    std::array<char, kTimeSize> plain{};  // the parts of the second left out
    auto zone = text.size() - (kTimeSize - kSecondsSize);
    if (text[kSecondsSize] != '.' || !std::all_of(text.begin() + kSecondsSize + 1, text.begin() + zone, is_digit))
        return {};
    text.copy(plain.data(), kSecondsSize);
    text.substr(zone).copy(plain.data() + kSecondsSize, kTimeSize - kSecondsSize);
    auto time = parse_access_time({plain.data(), plain.size()});
    if (!time) return {};
    std::int64_t ticks = 0, unit = Ticks::period::den / 10;
    for (auto digit = kSecondsSize + 1; digit < zone && unit > 0; ++digit, unit /= 10)
        ticks += (text[digit] - '0') * unit;
    return *time + Ticks{ticks};
}

void put_number(Cell& cell, std::string_view text) {
    if (auto number = parse_number(text)) cell = *number;
}

int hex(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/// The bytes that the client sent, kept in the batch where an escape makes them others than those of the line.
std::string_view unescaped(std::string_view text, RecordBatch& batch) {
    if (text.find('\\') == std::string_view::npos) return text;
    constexpr std::string_view kNames = "nrtvfb", kBytes = "\n\r\t\v\f\b";
    char* out = batch.arena().room(text.size());
    std::size_t size = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '\\' && i + 1 < text.size()) {
            char next = text[i + 1];
            if (next == 'x' && i + 3 < text.size() && hex(text[i + 2]) >= 0 && hex(text[i + 3]) >= 0) {
                c = static_cast<char>(hex(text[i + 2]) * 16 + hex(text[i + 3]));
                i += 3;
            } else if (next == '"' || next == '\\') {
                c = next;
                ++i;
            } else if (auto name = kNames.find(next); name != std::string_view::npos) {
                c = kBytes[name];
                ++i;
            }
        }
        out[size++] = c;
    }
    return batch.arena().kept(size);
}

/// Host and status where administrators put them before the request, as words or between quotes; the rest is extra.
struct Between {
    std::string_view host, status;
};

Between read_between(Rest& rest) {
    Between between;
    auto take = [&](std::string_view text) {
        if (between.status.empty() && text != "-" && is_status(text))
            between.status = text;
        else if (between.host.empty() && text != "-")
            between.host = text;
    };
    for (rest.skip_space(); !rest.done() && !rest.is_quote(); rest.skip_space()) take(rest.word());
    Rest request = rest;
    auto text = request.quoted();
    request.skip_space();
    if (text && text->find(' ') == std::string_view::npos && request.is_quote() &&
        Rest(request).quoted_before(is_status)) {
        take(*text);
        rest = request;
    }
    return between;
}

/// The words before the next quote or the end, such as times and sizes.
std::string_view read_words(Rest& rest) {
    rest.skip_space();
    auto begin = rest.left();
    while (!rest.done() && !rest.is_quote()) {
        rest.word();
        rest.skip_space();
    }
    return trim(begin.substr(0, begin.size() - rest.left().size()));
}

void read_extra(Rest& rest, RecordBatch& batch, std::span<Cell> row) {
    Rest ahead = rest;
    if (auto list = ahead.quoted(); list && (*list == "-" || is_address_list(*list))) {
        put(row[HttpRequest::forwarded_for], *list);
        rest = ahead;
    }
    if (auto extra = trim(rest.left()); !extra.empty()) batch.add_field("extra", extra);
}

/// mod_ssl's own log of requests, without a status: [time] client protocol cipher "request" size.
/// https://httpd.apache.org/docs/2.4/mod/mod_ssl.html#logformats
Result<Time> read_ssl_request(Time time, Rest rest, RecordBatch& batch, std::span<Cell> row) {
    auto client = rest.word(), protocol = rest.word(), cipher = rest.word();
    if (client.empty() || protocol.find_first_of("\"/:") != std::string_view::npos || cipher.starts_with('"'))
        return std::unexpected(bad("access_log.time", 0));  // no shape of ours begins with a time
    auto request = rest.quoted();
    if (!request) return std::unexpected(bad("access_log.request", rest.at()));
    auto size = rest.word();
    if ((size != "-" && !parse_number(size)) || !trim(rest.left()).empty())
        return std::unexpected(bad("access_log.size", rest.at()));
    put(row[HttpRequest::client_ip], client);
    split_request(unescaped(*request, batch), row);
    put_number(row[HttpRequest::sent_bytes], size);
    row[HttpRequest::log] = std::string_view("common");
    if (protocol != "-") batch.add_field("tls_protocol", protocol);
    if (cipher != "-") batch.add_field("tls_cipher", cipher);
    return time;
}

}  // namespace

std::optional<Time> parse_access_time(std::string_view text) {
    constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
    if (text.size() != kTimeSize || text[2] != '/' || text[6] != '/' || text[11] != ':' || text[14] != ':' ||
        text[17] != ':' || text[20] != ' ')
        return {};
    auto month = kMonths.find(text.substr(3, 3));
    if (month == std::string_view::npos || month % 3 != 0) return {};
    auto number = [&](std::size_t at, std::size_t size) {
        int value = 0;
        auto* end = text.data() + at + size;
        return std::from_chars(text.data() + at, end, value).ptr == end ? value : -1;
    };
    auto time = make_time(number(7, 4), static_cast<int>(month / 3) + 1, number(0, 2), number(12, 2), number(15, 2),
                          number(18, 2));
    auto hours = number(22, 2), minutes = number(24, 2);
    bool zone = (text[21] == '+' || text[21] == '-') && hours >= 0 && hours <= 14 && minutes >= 0 && minutes < 60;
    if (!time || !zone) return {};
    auto offset = std::chrono::minutes(hours * 60 + minutes);
    auto utc = text[21] == '+' ? *time - offset : *time + offset;
    return is_log_time(utc) ? std::optional(utc) : std::nullopt;
}

std::string_view without_port(std::string_view address) {
    if (address.starts_with('[')) return address.substr(1, address.find(']') - 1);
    auto colon = address.find(':');
    return colon != std::string_view::npos && colon == address.rfind(':') ? address.substr(0, colon) : address;
}

std::pair<std::string_view, std::string_view> split_url(std::string_view text) {
    for (std::string_view scheme : {"https://", "http://"}) {
        if (!starts_folded(text, scheme)) continue;
        text.remove_prefix(scheme.size());
        auto path = std::min(text.find_first_of("/?"), text.size());
        return {text.substr(0, path), text.substr(path)};
    }
    return {{}, text};
}

void split_target(std::string_view text, std::span<Cell> row) {
    if (auto [host, path] = split_url(text); !host.empty()) {
        if (row[HttpRequest::host].index() == 0) put(row[HttpRequest::host], without_port(host));
        text = path.empty() ? "/" : path;
    }
    auto query = text.find('?');
    put(row[HttpRequest::stem], text.substr(0, query));
    if (query != std::string_view::npos) put(row[HttpRequest::query], text.substr(query + 1));
}

void split_request(std::string_view text, std::span<Cell> row) {
    auto space = text.find(' ');
    auto method = text.substr(0, space);
    bool word = !method.empty() && method.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_-abcdefghijklmnopqrstuvwxyz") ==
                                       std::string_view::npos;
    if (space == std::string_view::npos || !word) return put(row[HttpRequest::stem], text);
    put(row[HttpRequest::method], method);
    auto target = text.substr(space + 1);
    if (auto last = target.rfind(' '); last != std::string_view::npos && target.substr(last + 1).starts_with("HTTP/"))
        target = target.substr(0, last);
    split_target(target, row);
}

Result<Time> read_combined(std::string_view line, RecordBatch& batch, std::span<Cell> row) {
    auto stamp = find_stamp(line);
    if (stamp.empty()) {
        auto time = read_haproxy(line, batch, row);
        if (!time) time = read_amazon(line, batch, row);
        if (!time) time = read_lone_iis_row(line, batch, row);
        return time ? Result<Time>(*time) : std::unexpected(bad("access_log.time", 0));
    }
    auto open = static_cast<std::size_t>(stamp.data() - line.data()) - 1;
    if (stamp.ends_with('Z'))
        if (auto time = read_envoy(line, batch, row)) return *time;
    auto time = stamp_time(stamp);
    if (!time) return std::unexpected(bad("access_log.time", open));
    if (open == 0) return read_ssl_request(*time, Rest(line, stamp.size() + 2), batch, row);
    auto who = trim(line.substr(0, open));
    auto prefix = prefix_size(who);
    TRY(read_who(who.substr(prefix), row));

    Rest rest(line, open + 1 + stamp.size() + 1);
    auto between = read_between(rest);
    auto request = between.status.empty() ? rest.quoted_before(is_status) : rest.quoted();
    if (!request) request = rest.quoted();
    if (!request) return std::unexpected(bad("access_log.request", rest.at()));
    auto status = between.status.empty() ? rest.word() : between.status;
    if (!is_status(status)) return std::unexpected(bad("access_log.status", rest.at()));
    auto size = rest.word();
    if (size != "-" && !parse_number(size)) return std::unexpected(bad("access_log.size", rest.at()));
    if (prefix > 0) batch.add_field("prefix", trim(who.substr(0, prefix)));
    split_request(unescaped(*request, batch), row);
    put_number(row[HttpRequest::status], status);
    put_number(row[HttpRequest::sent_bytes], size);
    if (row[HttpRequest::host].index() == 0) put(row[HttpRequest::host], between.host);
    row[HttpRequest::log] = std::string_view("common");
    if (auto words = read_words(rest); !words.empty()) batch.add_field("extra", words);
    if (rest.done()) return *time;

    auto referrer = rest.quoted(), agent = referrer ? rest.quoted() : std::nullopt;
    if (!agent) return std::unexpected(bad("access_log.agent", rest.at()));
    row[HttpRequest::log] = std::string_view("combined");
    put(row[HttpRequest::referrer], unescaped(*referrer, batch));
    put(row[HttpRequest::user_agent], unescaped(*agent, batch));
    read_extra(rest, batch, row);
    return *time;
}

}  // namespace ascribe

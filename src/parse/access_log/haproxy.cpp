// client:port [accept date] frontend backend/server Tq/Tw/Tc/Tr/Tt status bytes cookie cookie termination conns queues
// {captured} {captured} "request": the words from the front end to the sizes have one shape each, so that no other
// program's line passes for one.
#include "parse/access_log/haproxy.hpp"

#include <algorithm>
#include <string>

#include "base/text.hpp"
#include "parse/access_log/combined.hpp"
#include "parse/access_log/rest.hpp"
#include "parse/put.hpp"

namespace ascribe {
namespace {

constexpr std::size_t kSecondsSize = 20;  // 06/Feb/2009:12:14:14
constexpr std::size_t kStampSize = 24;    // 06/Feb/2009:12:14:14.655

/// The text of the first bracket that is shaped as HAProxy's time.
std::string_view find_stamp(std::string_view line) {
    for (auto open = line.find(" ["); open != std::string_view::npos; open = line.find(" [", open + 1)) {
        auto text = line.substr(open + 2, kStampSize + 1);
        if (text.size() == kStampSize + 1 && text[2] == '/' && text[6] == '/' && text[kSecondsSize] == '.' &&
            text[kStampSize] == ']')
            return text.substr(0, kStampSize);
    }
    return {};
}

std::optional<Time> stamp_time(std::string_view text) {
    auto time = parse_access_time(std::string(text.substr(0, kSecondsSize)) + " +0000");
    auto thousandths = parse_number(text.substr(kSecondsSize + 1));
    if (!time || !thousandths || *thousandths < 0) return {};
    return *time + std::chrono::milliseconds(*thousandths);
}

/// A number, with a + before it where the line was written before the end (option logasap); -1: never came to be.
std::optional<std::int64_t> number_of(std::string_view text) {
    if (text == "-1") return -1;
    return parse_number(text.substr(text.starts_with('+') ? 1 : 0));
}

/// The last of the five times "0/0/1/2/+3", the whole one, in milliseconds.
std::optional<std::int64_t> time_taken(std::string_view text) {
    constexpr std::ptrdiff_t kSlashes = 4;
    if (std::ranges::count(text, '/') != kSlashes || text.find_first_not_of("0123456789/+-") != std::string_view::npos)
        return {};
    return number_of(text.substr(text.rfind('/') + 1));
}

}  // namespace

std::optional<Time> read_haproxy(std::string_view line, RecordBatch& batch, std::span<Cell> row) {
    auto stamp = find_stamp(line);
    auto time = stamp.empty() ? std::nullopt : stamp_time(stamp);
    if (!time) return {};
    auto before = trim(line.substr(0, static_cast<std::size_t>(stamp.data() - line.data()) - 1));
    auto client = before.substr(before.rfind(' ') + 1);
    auto port = client.rfind(':');
    if (port == std::string_view::npos || !parse_number(client.substr(port + 1))) return {};
    Rest rest(line, static_cast<std::size_t>(stamp.data() - line.data()) + kStampSize + 1);
    auto begin = trim(rest.left());
    rest.word();  // front end
    auto server = rest.word(), times = rest.word(), status = rest.word(), size = rest.word();
    auto taken = time_taken(times), number = number_of(status), bytes = number_of(size);
    if (server.find('/') == std::string_view::npos || !taken || !number || !bytes) return {};
    while (!rest.done() && !rest.is_quote()) {  // cookies, how it ended, connections, captured headers
        rest.word();
        rest.skip_space();
    }
    auto between = rest.left();
    auto request = rest.quoted();
    if (!request) return {};
    auto extra = trim(begin.substr(0, begin.size() - std::min(begin.size(), between.size())));
    put(row[HttpRequest::client_ip], client.substr(0, port));
    split_request(*request, row);
    if (*number > 0) row[HttpRequest::status] = *number;
    if (*bytes >= 0) row[HttpRequest::sent_bytes] = *bytes;
    if (*taken >= 0) row[HttpRequest::time_taken_ms] = *taken;
    row[HttpRequest::log] = std::string_view("common");
    if (auto prefix = trim(before.substr(0, before.size() - client.size())); !prefix.empty())
        batch.add_field("prefix", prefix);
    batch.add_field("extra", extra);
    return time;
}

}  // namespace ascribe

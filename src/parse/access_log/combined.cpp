// Fields from left to right; the bracket of the time tells what stands before it. Apache escapes quotes, backslashes
// and control characters in what the client sent (\", \xhh), nginx too (\x22): a quoted text ends at a quote that is
// not escaped and has a space or nothing behind it.
#include "parse/access_log/combined.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"

namespace ascribe {
namespace {

constexpr std::size_t kTimeSize = 26;  // 02/Mar/2021:10:00:00 +0100

bool is_time_at(std::string_view line, std::size_t at) {
    return line.size() > at + kTimeSize && line[at + kTimeSize] == ']' && line[at + 2] == '/' && line[at + 6] == '/' &&
           line[at + 11] == ':' && line[at + 20] == ' ';
}

Error bad(std::string_view what, std::size_t at) { return {Fault::bad_value, what, at}; }

void put(Cell& cell, std::string_view text) {
    if (!text.empty() && text != "-") cell = text;
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

/// A cursor over what stands behind the time.
class Rest {
public:
    Rest(std::string_view line, std::size_t at) : line_(line), at_(at) {}
    bool done() const { return at_ >= line_.size(); }
    std::size_t at() const { return at_; }
    std::string_view left() const { return line_.substr(std::min(at_, line_.size())); }
    void skip_space() {
        while (!done() && line_[at_] == ' ') ++at_;
    }
    std::string_view word() {
        skip_space();
        auto begin = std::min(at_, line_.size());
        at_ = std::min(line_.find(' ', begin), line_.size());
        return line_.substr(begin, at_ - begin);
    }
    /// The text between quotes; nothing when there is none or it never ends, and the cursor stays.
    std::optional<std::string_view> quoted() {
        skip_space();
        if (done() || line_[at_] != '"') return {};
        for (auto end = line_.find('"', at_ + 1); end != std::string_view::npos; end = line_.find('"', end + 1)) {
            std::size_t slashes = 0;
            while (line_[end - 1 - slashes] == '\\') ++slashes;
            if (slashes % 2 == 1 || (end + 1 < line_.size() && line_[end + 1] != ' ')) continue;
            auto text = line_.substr(at_ + 1, end - at_ - 1);
            at_ = end + 1;
            return text;
        }
        return {};
    }

private:
    std::string_view line_;
    std::size_t at_;
};

bool is_address(std::string_view text) {
    return text.find_first_of(".:") != std::string_view::npos &&
           text.find_first_not_of("0123456789abcdefABCDEF.:") == std::string_view::npos;
}

/// "203.0.113.7, 10.0.0.2", as X-Forwarded-For has it.
bool is_address_list(std::string_view text) {
    return !text.empty() && std::ranges::all_of(split(text, ','), [](auto one) { return is_address(trim(one)); });
}

bool is_port(std::string_view text) { return text.size() <= 5 && parse_number(text).has_value(); }

/// An address in full, and no time of day.
bool is_whole_address(std::string_view text) {
    if (text.find_first_not_of("0123456789.") == std::string_view::npos) return std::ranges::count(text, '.') == 3;
    return is_address(text) && (std::ranges::count(text, ':') > 2 || text.find("::") != std::string_view::npos);
}

/// How much stands before the line proper where syslog or a container's runtime wrote it down: "Mar  3 04:00:00 web1
/// nginx: ", "2021-03-03T04:00:00.0Z stdout F ". A client told by its name is followed by "-", so that a user, whose
/// name a client chooses, cannot pass for such words.
std::size_t prefix_size(std::string_view text) {
    constexpr std::size_t kMostWords = 8;
    auto word_at = [text](std::size_t at) { return text.substr(at, std::min(text.find(' ', at), text.size()) - at); };
    auto first = word_at(0);
    if (is_address(first)) return 0;
    bool stamped = first.size() >= 20 && first[4] == '-' && first[10] == 'T';  // RFC 3339
    std::string_view before;
    std::size_t words = 0;
    for (std::size_t at = 0; at < text.size() && words < kMostWords;) {
        auto word = word_at(at);
        if (word == "-") return 0;
        bool introduced = stamped ? words > 0 : words > 1 && before.ends_with(':');
        if (introduced && is_whole_address(word)) return at;
        if (!word.empty()) before = word, ++words;
        at += word.size() + 1;
    }
    return 0;
}

/// "[vhost[:port]] client ident user", where only the user may have spaces.
Result<void> read_who(std::string_view text, std::span<Cell> row) {
    std::array<std::string_view, 4> words;
    std::size_t count = 0;
    for (auto left = text; !left.empty() && count < words.size(); ++count) {
        auto space = std::min(left.find(' '), left.size());
        words[count] = left.substr(0, space);
        left.remove_prefix(std::min(space + 1, left.size()));
    }
    if (count < 3 || words[0].empty()) return std::unexpected(bad("access_log.client", 0));
    std::size_t client = 0;
    auto colon = words[0].rfind(':');
    bool has_port = colon != std::string_view::npos && is_port(words[0].substr(colon + 1)) &&
                    (words[0].starts_with('[') || words[0].find(':') == colon);
    if (count == 4 && (has_port || (!is_address(words[0]) && is_address(words[1])))) {
        client = 1;
        put(row[HttpRequest::host], has_port ? words[0].substr(0, colon) : words[0]);
        if (has_port) put_number(row[HttpRequest::port], words[0].substr(colon + 1));
    }
    put(row[HttpRequest::client_ip], words[client]);
    auto user = static_cast<std::size_t>(words[client + 2].data() - text.data());
    put(row[HttpRequest::user], text.substr(user));
    return {};
}

void read_extra(Rest& rest, RecordBatch& batch, std::span<Cell> row) {
    Rest ahead = rest;
    if (auto list = ahead.quoted(); list && (*list == "-" || is_address_list(*list))) {
        put(row[HttpRequest::forwarded_for], *list);
        rest = ahead;
    }
    if (auto extra = trim(rest.left()); !extra.empty()) batch.add_field("extra", extra);
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

void split_target(std::string_view text, std::span<Cell> row) {
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
    row[HttpRequest::method] = method;
    auto target = text.substr(space + 1);
    if (auto last = target.rfind(' '); last != std::string_view::npos && target.substr(last + 1).starts_with("HTTP/"))
        target = target.substr(0, last);
    split_target(target, row);
}

Result<Time> read_combined(std::string_view line, RecordBatch& batch, std::span<Cell> row) {
    auto open = line.find('[');
    while (open != std::string_view::npos && !is_time_at(line, open + 1)) open = line.find('[', open + 1);
    if (open == std::string_view::npos || open == 0) return std::unexpected(bad("access_log.time", 0));
    auto time = parse_access_time(line.substr(open + 1, kTimeSize));
    if (!time) return std::unexpected(bad("access_log.time", open));
    auto who = trim(line.substr(0, open));
    auto prefix = prefix_size(who);
    TRY(read_who(who.substr(prefix), row));

    Rest rest(line, open + 1 + kTimeSize + 1);
    auto request = rest.quoted();
    if (!request) return std::unexpected(bad("access_log.request", rest.at()));
    auto status = rest.word();
    if (status != "-" && (status.size() != 3 || !parse_number(status)))
        return std::unexpected(bad("access_log.status", rest.at()));
    auto size = rest.word();
    if (size != "-" && !parse_number(size)) return std::unexpected(bad("access_log.size", rest.at()));
    if (prefix > 0) batch.add_field("prefix", trim(who.substr(0, prefix)));
    split_request(unescaped(*request, batch), row);
    put_number(row[HttpRequest::status], status);
    put_number(row[HttpRequest::sent_bytes], size);
    row[HttpRequest::log] = std::string_view("common");
    rest.skip_space();
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

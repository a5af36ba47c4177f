// Where the words before an access log's time end, and which of them is who.
#include "parse/access_log/who.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "parse/put.hpp"

namespace ascribe {
namespace {

bool is_address(std::string_view text) {
    return text.find_first_of(".:") != std::string_view::npos &&
           text.find_first_not_of("0123456789abcdefABCDEF.:") == std::string_view::npos;
}

bool is_port(std::string_view text) { return text.size() <= 5 && parse_number(text).has_value(); }

/// An address in full, and no time of day.
bool is_whole_address(std::string_view text) {
    if (text.find_first_not_of("0123456789.") == std::string_view::npos) return std::ranges::count(text, '.') == 3;
    return is_address(text) && (std::ranges::count(text, ':') > 2 || text.find("::") != std::string_view::npos);
}

bool is_list(std::string_view text) { return std::ranges::all_of(split(text, ','), is_whole_address); }

/// How much of the text is a list of addresses, as where X-Forwarded-For stands before or in place of the client.
std::size_t list_size(std::string_view text) {
    std::size_t size = 0;
    while (size < text.size()) {
        auto end = std::min(text.find(' ', size), text.size());
        auto word = text.substr(size, end - size);
        if (word.ends_with(',')) word.remove_suffix(1);
        if (!is_list(word)) break;
        size = std::min(end + 1, text.size());
    }
    return size;
}

/// "203.0.113.7, 10.0.0.2 10.0.0.3": the last one is whom the server spoke to, the others are what it was told.
void read_clients(std::string_view list, std::span<Cell> row) {
    auto last = list.find_last_of(", ");
    put(row[HttpRequest::client_ip], last == std::string_view::npos ? list : list.substr(last + 1));
    if (last == std::string_view::npos) return;
    row[HttpRequest::forwarded_for] = list.substr(0, list.find_last_not_of(", ", last) + 1);
}

}  // namespace

bool is_address_list(std::string_view text) {
    return !text.empty() && std::ranges::all_of(split(text, ','), [](auto one) { return is_address(trim(one)); });
}

std::size_t prefix_size(std::string_view text) {
    constexpr std::size_t kMostWords = 8;
    auto word_at = [text](std::size_t at) { return text.substr(at, std::min(text.find(' ', at), text.size()) - at); };
    auto first = word_at(0);
    if (is_address(first)) return 0;
    bool numbered = first.starts_with('<') && first.find('>') != std::string_view::npos;  // RFC 5424: <190>1 TIME
    auto second = numbered ? word_at(std::min(first.size() + 1, text.size())) : first;
    bool stamped = second.size() >= 20 && second[4] == '-' && second[10] == 'T';  // RFC 3339
    std::string_view before;
    std::size_t words = 0;
    for (std::size_t at = 0; at < text.size() && words < kMostWords;) {
        auto word = word_at(at);
        if (word == "-" && !stamped) return 0;
        bool introduced = stamped ? words > 0 : (words > 1 && before.ends_with(':')) || (words == 2 && before == "|");
        if (introduced && is_whole_address(word)) return at;
        if (!word.empty()) before = word, ++words;
        at += word.size() + 1;
    }
    return 0;
}

Result<void> read_who(std::string_view text, std::span<Cell> row) {
    auto size = list_size(text);
    if (auto list = trim(text.substr(0, size));
        size < text.size() && list.find_first_of(", ") != std::string_view::npos) {
        read_clients(list, row);
        auto words = text.substr(size);  // ident user
        if (auto space = words.find(' '); space != std::string_view::npos)
            put(row[HttpRequest::user], words.substr(space + 1));
        return {};
    }
    std::array<std::string_view, 4> words;
    std::size_t count = 0;
    for (auto left = text; !left.empty() && count < words.size(); ++count) {
        auto space = std::min(left.find(' '), left.size());
        words[count] = left.substr(0, space);
        left.remove_prefix(std::min(space + 1, left.size()));
    }
    if (count == 0 || (count < 3 && !is_whole_address(words[0])))  // so few words may be any program's
        return std::unexpected(Error{Fault::bad_value, "access_log.client", 0});
    std::size_t client = 0;
    auto colon = words[0].rfind(':');
    bool has_port = colon != std::string_view::npos && is_port(words[0].substr(colon + 1)) &&
                    (words[0].starts_with('[') || words[0].find(':') == colon);
    if (count == 4 && (has_port || (!is_address(words[0]) && is_address(words[1])))) {
        client = 1;
        put(row[HttpRequest::host], has_port ? words[0].substr(0, colon) : words[0]);
        if (has_port) row[HttpRequest::port] = *parse_number(words[0].substr(colon + 1));
    }
    put(row[HttpRequest::client_ip], words[client]);
    auto last = std::min(client + 2, count - 1);
    if (last == client) return {};
    put(row[HttpRequest::user], text.substr(static_cast<std::size_t>(words[last].data() - text.data())));
    return {};
}

}  // namespace ascribe

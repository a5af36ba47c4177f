// Field names: https://learn.microsoft.com/windows/win32/http/w3c-logging
// HTTPERR:
// https://learn.microsoft.com/troubleshoot/developer/webapps/aspnet/site-behavior-performance/error-logging-http-apis
#include "parse/iis/fields.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "base/text.hpp"
#include "parse/lines.hpp"

namespace ascribe {
namespace {

struct Known {
    std::string_view name;
    HttpRequest::Column column;
};
constexpr Known kKnown[] = {
    {"s-sitename", HttpRequest::site},
    {"s-siteid", HttpRequest::site},
    {"s-computername", HttpRequest::server},
    {"s-ip", HttpRequest::server_ip},
    {"cs-method", HttpRequest::method},
    {"cs-uri-stem", HttpRequest::stem},
    {"cs-uri-query", HttpRequest::query},
    {"s-port", HttpRequest::port},
    {"cs-username", HttpRequest::user},
    {"c-ip", HttpRequest::client_ip},
    {"x-forwarded-for", HttpRequest::forwarded_for},
    {"cs(x-forwarded-for)", HttpRequest::forwarded_for},
    {"cs(user-agent)", HttpRequest::user_agent},
    {"cs(cookie)", HttpRequest::cookie},
    {"cs(referer)", HttpRequest::referrer},
    {"cs-host", HttpRequest::host},
    {"cs(host)", HttpRequest::host},
    {"sc-status", HttpRequest::status},
    {"sc-substatus", HttpRequest::substatus},
    {"sc-win32-status", HttpRequest::win32_status},
    {"sc-bytes", HttpRequest::sent_bytes},
    {"cs-bytes", HttpRequest::received_bytes},
    {"time-taken", HttpRequest::time_taken_ms},
    {"timetakenms", HttpRequest::time_taken_ms},
};

// What load balancers and content networks call the client's address. Read as X-Forwarded-For where that is not logged.
constexpr std::string_view kForwarded[] = {"x-real-ip",          "cs(x-real-ip)",       "true-client-ip",
                                           "cs(true-client-ip)", "x-client-ip",         "cs(cf-connecting-ip)",
                                           "cf-connecting-ip",   "cs(x-client-ip)",     "originalip",
                                           "x-azure-clientip",   "cs(x-azure-clientip)"};

// Of IIS Advanced Logging's own names, which standard logging does not offer; that module quotes texts.
constexpr std::string_view kAdvanced[] = {"BeginRequest-UTC", "EndRequest-UTC", "TimeTakenMS", "s-contentpath"};

bool is_any(std::span<const std::string_view> names, std::string_view name) {
    return std::ranges::any_of(names, [name](auto one) { return equals_folded(name, one); });
}

constexpr auto kIsNumber = std::to_array<bool>({
#define ASCRIBE_IS_NUMBER(name, type, sentence) ColumnType::type == ColumnType::number,
    ASCRIBE_COLUMNS_HttpRequest(ASCRIBE_IS_NUMBER)
#undef ASCRIBE_IS_NUMBER
});

constexpr std::string_view kFields = "#Fields:", kDate = "#Date:";

// Defaults of IIS as shipped: 8.0 and later, 7.x, 6.0; the first also with the client's address behind a load balancer,
// which administrators of Exchange add most often. The last is every field that IIS offers.
constexpr std::string_view kDefaults[] = {
    "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) "
    "sc-status sc-substatus sc-win32-status time-taken",
    "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status "
    "sc-substatus sc-win32-status time-taken",
    "#Fields: date time s-sitename s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) "
    "sc-status sc-substatus sc-win32-status",
    "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) "
    "sc-status sc-substatus sc-win32-status time-taken X-Forwarded-For",
    "#Fields: date time s-sitename s-computername s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip "
    "cs-version cs(User-Agent) cs(Cookie) cs(Referer) cs-host sc-status sc-substatus sc-win32-status sc-bytes cs-bytes "
    "time-taken",
};

bool is_word(std::string_view text) {
    return !text.empty() && text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_-") == std::string_view::npos;
}

/// Whether a cell can stand in the field, judged on those that have a shape of their own.
bool may_be(const W3cField& field, std::string_view cell) {
    if (field.use == W3cField::Use::date) return cell.size() == 10 && parse_time(cell).has_value();
    if (field.use == W3cField::Use::time) return cell.size() >= 8 && cell[2] == ':' && cell[5] == ':';
    if (field.use == W3cField::Use::number) return cell == "-" || parse_number(cell).has_value();
    if (field.use != W3cField::Use::text) return true;
    if (field.column == HttpRequest::method) return is_word(cell);
    if (field.column == HttpRequest::stem) return cell.starts_with('/') || cell == "*";
    if (field.column == HttpRequest::server_ip) return cell.find_first_of(".:") != std::string_view::npos;
    return true;
}

}  // namespace

std::optional<std::string_view> guess_w3c_row(std::string_view row) {
    std::array<std::string_view, kW3cColumnLimit> cells;
    auto count = split_w3c(row, cells.data(), cells.size());
    for (auto line : kDefaults) {
        if (count != 1 + static_cast<std::size_t>(std::ranges::count(line.substr(kFields.size() + 1), ' '))) continue;
        auto fields = read_w3c_fields(line).fields;
        bool fits = true;
        for (std::size_t i = 0; fits && i < count; ++i) fits = may_be(fields[i], cells[i]);
        if (fits) return line;
    }
    return {};
}

W3cFields read_w3c_fields(std::string_view line) {
    W3cFields all;
    line.remove_prefix(std::min(line.size(), kFields.size()));
    std::size_t local_date = SIZE_MAX, local_time = SIZE_MAX, forwarded = SIZE_MAX;
    std::array<std::string_view, kW3cColumnLimit> names;
    auto count = std::min(split_w3c_words(trim(line), names.data(), names.size()), names.size());
    for (auto name : std::span(names.data(), count)) {
        W3cField field{name};
        auto place = all.fields.size();
        if (equals_folded(name, "date")) {
            field.use = W3cField::Use::date;
            all.date = place;
        } else if (equals_folded(name, "time")) {
            field.use = W3cField::Use::time;
            all.time = place;
        } else if (equals_folded(name, "cs-uri")) {
            field.use = W3cField::Use::uri;
        }
        if (equals_folded(name, "s-computername")) all.server = place;
        if (equals_folded(name, "date-local")) local_date = place;
        if (equals_folded(name, "time-local")) local_time = place;
        if (equals_folded(name, "s-reason")) all.log = "HTTPERR";
        if (equals_folded(name, "x-session")) all.log = "FTP";
        if (is_any(kAdvanced, name)) all.is_quoted = true;
        if (forwarded == SIZE_MAX && is_any(kForwarded, name)) forwarded = place;
        for (const auto& [known, column] : kKnown)
            if (equals_folded(name, known))
                field = {name, kIsNumber[column] ? W3cField::Use::number : W3cField::Use::text, column};
        all.fields.push_back(field);
    }
    auto use = [&](std::size_t& place, std::size_t instead, W3cField::Use as) {
        if (place != SIZE_MAX || instead == SIZE_MAX) return;
        place = instead;
        all.fields[place].use = as;
    };
    use(all.date, local_date, W3cField::Use::date);
    use(all.time, local_time, W3cField::Use::time);
    bool is_told = std::ranges::any_of(all.fields, [](const W3cField& field) {
        return field.use == W3cField::Use::text && field.column == HttpRequest::forwarded_for;
    });
    if (!is_told && forwarded != SIZE_MAX)
        all.fields[forwarded] = {all.fields[forwarded].name, W3cField::Use::text, HttpRequest::forwarded_for};
    for (std::size_t i = 0; i < all.fields.size(); ++i)
        if (all.fields[i].use == W3cField::Use::named) all.named.push_back(i);
    return all;
}

std::size_t split_w3c(std::string_view line, std::string_view* cells, std::size_t limit) {
    std::size_t count = 0;
    while (!line.empty()) {  // a trailing space ends the line, it begins no cell
        auto* space = static_cast<const char*>(std::memchr(line.data(), ' ', line.size()));
        auto size = space != nullptr ? static_cast<std::size_t>(space - line.data()) : line.size();
        if (count < limit) cells[count] = line.substr(0, size);
        ++count;
        if (space == nullptr) return count;
        line.remove_prefix(size + 1);
    }
    return count;
}

std::size_t split_w3c_words(std::string_view line, std::string_view* cells, std::size_t limit) {
    constexpr std::string_view kBlanks = " \t";
    std::size_t count = 0;
    bool may_close = true;  // a quote; where one has no end, none behind it has
    for (line = line.substr(std::min(line.find_first_not_of(kBlanks), line.size())); !line.empty();) {
        auto size = std::min(line.find_first_of(kBlanks), line.size());
        auto cell = line.substr(0, size);
        if (may_close && line.starts_with('"')) {
            may_close = false;
            for (auto end = line.find('"', 1); end != std::string_view::npos; end = line.find('"', end + 1)) {
                if (end + 1 < line.size() && kBlanks.find(line[end + 1]) == std::string_view::npos) continue;
                cell = line.substr(1, end - 1);
                size = end + 1;
                may_close = true;
                break;
            }
        }
        if (count < limit) cells[count] = cell;
        ++count;
        line.remove_prefix(size);
        line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
    }
    return count;
}

W3cDirectives w3c_directives(const Part& part) {
    W3cDirectives in_force;
    directives_before(part, [&](std::string_view line) {
        if (in_force.fields.empty() && line.starts_with(kFields)) in_force.fields = line;
        // Also where the fields have a date of their own: later ones may not.
        if (in_force.date.empty() && line.starts_with(kDate)) in_force.date = line;
        return !in_force.fields.empty() && !in_force.date.empty();
    });
    for (auto line : split(part.header, '\n')) {
        if (in_force.fields.empty() && line.starts_with(kFields)) in_force.fields = line;
        if (in_force.date.empty() && line.starts_with(kDate)) in_force.date = line;
    }
    if (in_force.fields.empty() && part.base == 0)
        if (auto guess = guess_w3c_fields(as_bytes(part.whole.text().substr(0, kHeadBytes)))) in_force.fields = *guess;
    return in_force;
}

std::optional<std::string_view> guess_w3c_fields(std::span<const std::byte> head) {
    int rows = 0;
    for (auto line : head_lines(head, 64)) {
        if (line.starts_with('#')) continue;
        if (auto fields = guess_w3c_row(line)) return fields;
        if (++rows == 2) break;
    }
    return {};
}

}  // namespace ascribe

#include "base/time.hpp"

#include <fmt/format.h>

namespace ascribe {
namespace {

using std::chrono::days;
using std::chrono::floor;

// FILETIME of 1970-01-01, from Microsoft's documentation of FILETIME: 11644473600 seconds after 1601-01-01.
constexpr std::int64_t kFiletimeOfUnixEpoch = 11'644'473'600LL * 10'000'000;

/// What an offset or a leap second made of a time, unless that is past the years that have a notation.
std::optional<Time> in_calendar(Time time) {
    using namespace std::chrono_literals;
    constexpr Time kFirst{std::chrono::sys_days{1601y / 1 / 1}}, kEnd{std::chrono::sys_days{10000y / 1 / 1}};
    return time >= kFirst && time < kEnd ? std::optional(time) : std::nullopt;
}

/// Takes `digits` decimal digits from the front of `text`; -1 when they are not there.
int take_number(std::string_view& text, std::size_t digits) {
    if (text.size() < digits) return -1;
    int value = 0;
    for (char c : text.substr(0, digits)) {
        if (c < '0' || c > '9') return -1;
        value = value * 10 + (c - '0');
    }
    text.remove_prefix(digits);
    return value;
}

bool take(std::string_view& text, char c) {
    if (text.empty() || text.front() != c) return false;
    text.remove_prefix(1);
    return true;
}

struct Parts {
    int year, month, day, hour, minute, second;
    std::int64_t ticks;
};

Parts split(Time time) {
    auto day = floor<days>(time);
    std::chrono::year_month_day date{day};
    auto in_day = (time - day).count();
    auto seconds = in_day / 10'000'000;
    return {int(date.year()),       int(unsigned(date.month())), int(unsigned(date.day())), int(seconds / 3600),
            int(seconds / 60 % 60), int(seconds % 60),           in_day % 10'000'000};
}

}  // namespace

std::optional<Time> make_time(int year, int month, int day, int hour, int minute, int second, std::int64_t ticks) {
    if (year < 1601 || year > 9999 || month < 1 || day < 1 || hour < 0 || minute < 0 || second < 0) return {};
    if (hour > 23 || minute > 59 || second > 60 || ticks < 0 || ticks >= 10'000'000) return {};
    std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month(unsigned(month)),
                                     std::chrono::day(unsigned(day))};
    if (!date.ok()) return {};
    return in_calendar(Time{std::chrono::sys_days{date}} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
                       std::chrono::seconds{second} + Ticks{ticks});
}

std::optional<Time> from_filetime(std::uint64_t filetime) {
    constexpr std::uint64_t kYear10000 = 2'650'467'744'000'000'000ULL;  // FILETIME of 10000-01-01
    if (filetime == 0 || filetime >= kYear10000) return {};
    return Time{Ticks{std::int64_t(filetime) - kFiletimeOfUnixEpoch}};
}

std::optional<Time> parse_time(std::string_view text) {
    int year = take_number(text, 4);
    if (year < 0 || !take(text, '-')) return {};
    int month = take_number(text, 2);
    if (!take(text, '-')) return {};
    int day = take_number(text, 2);
    if (text.empty()) return make_time(year, month, day);
    if (!take(text, 'T') && !take(text, ' ')) return {};
    int hour = take_number(text, 2);
    if (!take(text, ':')) return {};
    int minute = take_number(text, 2);
    int second = 0;
    std::int64_t ticks = 0;
    if (take(text, ':')) {
        second = take_number(text, 2);
        if (take(text, '.') || take(text, ',')) {
            std::int64_t unit = 1'000'000;
            bool any = false;
            while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
                ticks += (text.front() - '0') * unit;
                unit /= 10;  // digits past 100 ns are dropped
                text.remove_prefix(1);
                any = true;
            }
            if (!any) return {};
        }
    }
    auto time = make_time(year, month, day, hour, minute, second, ticks);
    if (!time || text.empty() || text == "Z" || text == "z") return time;
    int sign = text.front() == '+' ? 1 : text.front() == '-' ? -1 : 0;
    if (sign == 0) return {};
    text.remove_prefix(1);
    int offset_hours = take_number(text, 2);
    take(text, ':');
    int offset_minutes = text.empty() ? 0 : take_number(text, 2);
    if (offset_hours < 0 || offset_hours > 14 || offset_minutes < 0 || offset_minutes > 59 || !text.empty()) return {};
    return in_calendar(*time - sign * (std::chrono::hours{offset_hours} + std::chrono::minutes{offset_minutes}));
}

bool is_log_time(Time time) {
    using namespace std::chrono_literals;
    constexpr Time kFirst{std::chrono::sys_days{1990y / 1 / 1}}, kEnd{std::chrono::sys_days{2100y / 1 / 1}};
    return time >= kFirst && time < kEnd;
}

std::optional<Time> parse_log_time(std::string_view text) {
    auto time = parse_time(text);
    return time && is_log_time(*time) ? time : std::nullopt;
}

std::size_t format_time(Time time, char* out) {
    if (time == kNoTime) return 0;
    char* const begin = out;
    auto digits = [&out](std::int64_t value, int count, char end) {
        for (int i = count; i-- > 0; value /= 10) out[i] = static_cast<char>('0' + value % 10);
        out += count;
        *out++ = end;
    };
    auto p = split(time);
    digits(p.year, 4, '-');
    digits(p.month, 2, '-');
    digits(p.day, 2, 'T');
    digits(p.hour, 2, ':');
    digits(p.minute, 2, ':');
    digits(p.second, 2, '.');
    if (p.ticks % 10'000 == 0)
        digits(p.ticks / 10'000, 3, 'Z');
    else
        digits(p.ticks, 7, 'Z');
    return static_cast<std::size_t>(out - begin);
}

std::string format_time(Time time) {
    char text[kTimeText];
    return {text, format_time(time, text)};
}

std::string format_time_prose(Time time) {
    if (time == kNoTime) return "unknown time";
    auto p = split(time);
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02} UTC", p.year, p.month, p.day, p.hour, p.minute, p.second);
}

std::string format_day(Time time) {
    if (time == kNoTime) return "unknown day";
    auto p = split(time);
    return fmt::format("{:04}-{:02}-{:02}", p.year, p.month, p.day);
}

}  // namespace ascribe

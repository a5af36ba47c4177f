// UTC times. Evidence carries many notations; inside Ascribe there is one.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <ratio>
#include <string>
#include <string_view>

namespace ascribe {

/// Ticks of 100 ns: the resolution of a Windows FILETIME, so nothing is rounded on the way in.
using Ticks = std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>;
/// UTC since 1970-01-01 (leap seconds not counted, as in every log we read).
using Time = std::chrono::sys_time<Ticks>;

/// A record without a readable time. Sorts before all others; never shown as a date.
inline constexpr Time kNoTime = Time::min();

/// A calendar time, or nothing when a field is out of range (month 13, hour 25). Years 1601 to 9999.
std::optional<Time> make_time(int year, int month, int day, int hour = 0, int minute = 0, int second = 0,
                              std::int64_t ticks = 0);

/// Windows FILETIME (100 ns since 1601-01-01). Zero and values past the year 9999 give nothing.
std::optional<Time> from_filetime(std::uint64_t filetime);

/// Reads "2021-03-14T01:40:11.940Z", "2021-03-14 01:40:11", "2021-03-14" and offsets such as "+05:00". A text without
/// an offset is taken as UTC. Nothing when any part is out of range or text is left over.
std::optional<Time> parse_time(std::string_view text);

/// Whether a log may be of that time: the formats we read were not there before 1990, and a clock past 2099 is broken
/// or set by somebody who wants windows of time to have no end.
bool is_log_time(Time time);
/// parse_time of such a time.
std::optional<Time> parse_log_time(std::string_view text);

/// "2021-03-14T01:40:11.940Z": milliseconds, and all seven digits only where they are needed. kNoTime gives "".
std::string format_time(Time time);
/// The same into `out`, which has room for kTimeText bytes; returns the bytes written.
std::size_t format_time(Time time, char* out);
inline constexpr std::size_t kTimeText = 32;
/// "2021-03-14 01:40:11 UTC", for prose.
std::string format_time_prose(Time time);
/// "2021-03-14".
std::string format_day(Time time);

}  // namespace ascribe

// Text as evidence has it: ASCII case folding (Windows paths, host names, header names), URL decoding, and the one way
// to make hostile text safe to show.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ascribe {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
std::string lower(std::string_view text);
bool equals_folded(std::string_view a, std::string_view b);
bool contains_folded(std::string_view text, std::string_view part);
bool starts_folded(std::string_view text, std::string_view prefix);
bool ends_folded(std::string_view text, std::string_view suffix);
/// Where the next "*/" at or behind `from` begins, npos when there is none. By its slash: a comment's lines begin with
/// a star each.
std::size_t find_comment_end(std::string_view text, std::size_t from);

std::string_view trim(std::string_view text);
/// "a;b;;c" at ';' gives a, b, "", c.
std::vector<std::string_view> split(std::string_view text, char separator);
/// The last component of a path with / or \ separators.
std::string_view base_name(std::string_view path);
/// ".aspx" (with the dot, as written) or "".
std::string_view extension(std::string_view path);
/// Digits only, all of them, no overflow.
std::optional<std::int64_t> parse_number(std::string_view text);

/// Decodes %xx once; a malformed % stays as it is.
std::string decode_percent(std::string_view text);
/// Levenshtein distance of two short names, folded; `limit` + 1 when it is larger than `limit`.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);
bool is_utf8(std::string_view text);
/// Windows-1252 to UTF-8, for log lines that are not UTF-8.
std::string from_cp1252(std::string_view text);
/// UTF-16LE to UTF-8; a lone surrogate becomes U+FFFD.
std::string from_utf16(std::string_view raw);
/// The same into `out`, which has room for kUtf8OfUnit bytes a unit; returns the bytes written.
std::size_t from_utf16(std::string_view raw, char* out);
inline constexpr std::size_t kUtf8OfUnit = 3;

/// Evidence text made safe for a terminal and for logs of our own: C0, C1, DEL, bidirectional controls (U+202A-202E,
/// U+2066-2069, U+200E/F, U+061C), U+2028/2029, U+FEFF and bytes that are not UTF-8 appear as \xNN or \u{NNNN}; nothing
/// else changes. At most `limit` bytes of `text` are shown, then "…".
std::string visible(std::string_view text, std::size_t limit = SIZE_MAX);

}  // namespace ascribe

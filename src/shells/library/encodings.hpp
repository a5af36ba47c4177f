// Encodings that scripts undo, as the languages' libraries read them: tolerant, and bounded in what they give.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ascribe::shells {

/// What one decompression may give.
inline constexpr std::size_t kMostInflated = 4 << 20;

/// Passes over what is no digit of base 64; "-_" count as "+/". `strict`: nothing then.
std::optional<std::string> from_base64(std::string_view text, bool strict = false);
std::string to_base64(std::string_view bytes);
std::optional<std::string> from_hex(std::string_view text);
std::string to_hex_text(std::string_view bytes);
std::optional<std::string> from_uuencoded(std::string_view text);
/// %xx; `plus`: + is a blank.
/// As the query of an address has it; `plus`: blanks as +.
std::string to_percent(std::string_view text, bool plus);
std::string from_percent(std::string_view text, bool plus);
std::string from_quoted_printable(std::string_view text);
std::string rot13(std::string_view text);
/// &lt; &#65; &#x41; and the like.
std::string from_entities(std::string_view text);
enum class Deflated : std::uint8_t { raw, zlib, gzip };
/// What could be inflated; nothing when that is nothing.
std::optional<std::string> inflate(std::string_view bytes, Deflated form);
/// Quotes and back slashes behind a back slash, as PHP's addslashes does.
std::string with_slashes(std::string_view text);
/// Hexadecimal, lower case.
std::string md5(std::string_view bytes);
std::string sha1(std::string_view bytes);
std::uint32_t crc32(std::string_view bytes);

}  // namespace ascribe::shells

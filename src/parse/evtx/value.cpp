#include "parse/evtx/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>

#include "base/bytes.hpp"
#include "base/text.hpp"

namespace ascribe::evtx {
namespace {

using Raw = std::span<const std::byte>;

template <class T>
T number(Raw raw) {
    T value{};
    std::memcpy(&value, raw.data(), sizeof value);  // text_of has checked the size; hosts are little-endian
    return value;
}
static_assert(std::endian::native == std::endian::little);

constexpr std::size_t kDigits = 24;  // of any 64-bit number with its sign

char* write_hexadecimal(Raw raw, char* out) {
    constexpr char kHex[] = "0123456789ABCDEF";
    for (auto byte : raw) {
        *out++ = kHex[static_cast<unsigned>(byte) >> 4];
        *out++ = kHex[static_cast<unsigned>(byte) & 0xF];
    }
    return out;
}

std::string_view hexadecimal(Raw raw, Arena& arena) {
    char* out = arena.room(raw.size() * 2);
    return arena.kept(static_cast<std::size_t>(write_hexadecimal(raw, out) - out));
}

template <class T>
std::string_view decimal(Raw raw, Arena& arena) {
    char* out = arena.room(kDigits);
    return arena.kept(static_cast<std::size_t>(std::to_chars(out, out + kDigits, number<T>(raw)).ptr - out));
}

template <class T>
std::string_view prefixed(Raw raw, Arena& arena) {
    char* out = arena.room(kDigits);
    out[0] = '0';
    out[1] = 'x';
    return arena.kept(static_cast<std::size_t>(std::to_chars(out + 2, out + kDigits, number<T>(raw), 16).ptr - out));
}

template <class T>
std::string_view real(Raw raw, Arena& arena) {
    return arena.keep(fmt::to_string(number<T>(raw)));
}

std::string_view string_text(Raw raw, Arena& arena) {
    auto text = as_text(raw.first(raw.size() & ~std::size_t{1}));
    while (text.ends_with(std::string_view("\0\0", 2))) text.remove_suffix(2);
    char* out = arena.room(text.size() / 2 * kUtf8OfUnit);
    return arena.kept(from_utf16(text, out));
}

std::string_view ansi_text(Raw raw, Arena& arena) {
    auto text = as_text(raw);
    while (text.ends_with('\0')) text.remove_suffix(1);
    return is_utf8(text) ? arena.keep(text) : arena.keep(from_cp1252(text));
}

/// {00112233-4455-6677-8899-AABBCCDDEEFF}: the first three groups are numbers, the others bytes.
std::string_view guid_text(Raw raw, Arena& arena) {
    constexpr int kOrder[] = {3, 2, 1, 0, -1, 5, 4, -1, 7, 6, -1, 8, 9, -1, 10, 11, 12, 13, 14, 15};
    char* const begin = arena.room(38);
    char* out = begin;
    *out++ = '{';
    for (int index : kOrder) {
        if (index < 0)
            *out++ = '-';
        else
            out = write_hexadecimal(raw.subspan(static_cast<std::size_t>(index), 1), out);
    }
    *out++ = '}';
    return arena.kept(static_cast<std::size_t>(out - begin));
}

std::optional<Time> system_time(Raw raw) {
    auto part = [&](std::size_t i) { return static_cast<int>(number<std::uint16_t>(raw.subspan(i * 2))); };
    return make_time(part(0), part(1), part(3), part(4), part(5), part(6), part(7) * std::int64_t{10'000});
}

std::size_t sid_size(Raw raw) { return 8 + static_cast<std::size_t>(raw[1]) * 4; }

/// Revision, count, 6 bytes of authority with the highest first, then `count` numbers. [MS-DTYP] 2.4.2.2
std::string_view sid_text(Raw raw, Arena& arena) {
    if (raw.size() < sid_size(raw)) return hexadecimal(raw, arena);
    std::uint64_t authority = 0;
    for (std::size_t i = 2; i < 8; ++i) authority = authority << 8 | static_cast<std::uint64_t>(raw[i]);
    const auto most = 2 * kDigits + sid_size(raw) * 3;  // 4 bytes give a dash and 10 digits at most
    char* const begin = arena.room(most);
    char* out = begin;
    *out++ = 'S';
    auto add = [&](std::uint64_t value) {
        *out++ = '-';
        out = std::to_chars(out, begin + most, value).ptr;
    };
    add(static_cast<std::uint64_t>(raw[0]));
    add(authority);
    for (std::size_t at = 8; at < sid_size(raw); at += 4) add(number<std::uint32_t>(raw.subspan(at)));
    return arena.kept(static_cast<std::size_t>(out - begin));
}

/// Bytes of a value of fixed size (the least, for a SID); 0 where any size will do.
std::size_t size_of(std::uint8_t type) {
    switch (type) {
        case kInt8:
        case kUint8: return 1;
        case kInt16:
        case kUint16: return 2;
        case kInt32:
        case kUint32:
        case kReal32:
        case kBool:
        case kHexInt32: return 4;
        case kInt64:
        case kUint64:
        case kReal64:
        case kFileTime:
        case kHexInt64:
        case kSid: return 8;
        case kGuid:
        case kSystemTime: return 16;
        default: return 0;
    }
}

}  // namespace

std::string_view text_of(std::uint8_t type, Raw raw, Arena& arena) {
    if (raw.size() < size_of(type)) return hexadecimal(raw, arena);
    switch (type) {
        case kNull: return {};
        case kString:
        case kEventXml: return string_text(raw, arena);
        case kAnsiString: return ansi_text(raw, arena);
        case kInt8: return decimal<std::int8_t>(raw, arena);
        case kUint8: return decimal<std::uint8_t>(raw, arena);
        case kInt16: return decimal<std::int16_t>(raw, arena);
        case kUint16: return decimal<std::uint16_t>(raw, arena);
        case kInt32: return decimal<std::int32_t>(raw, arena);
        case kUint32: return decimal<std::uint32_t>(raw, arena);
        case kInt64: return decimal<std::int64_t>(raw, arena);
        case kUint64: return decimal<std::uint64_t>(raw, arena);
        case kReal32: return real<float>(raw, arena);
        case kReal64: return real<double>(raw, arena);
        case kBool: return arena.keep(number<std::uint32_t>(raw) != 0 ? "true" : "false");
        case kGuid: return guid_text(raw, arena);
        case kSizeT:  // as wide as a pointer of the machine that wrote it
            if (raw.size() == 4) return prefixed<std::uint32_t>(raw, arena);
            if (raw.size() == 8) return prefixed<std::uint64_t>(raw, arena);
            return hexadecimal(raw, arena);
        case kFileTime:
        case kSystemTime:
            if (auto time = time_of(type, raw)) return arena.kept(format_time(*time, arena.room(kTimeText)));
            return type == kFileTime ? decimal<std::uint64_t>(raw, arena) : hexadecimal(raw, arena);
        case kSid: return sid_text(raw, arena);
        case kHexInt32: return prefixed<std::uint32_t>(raw, arena);
        case kHexInt64: return prefixed<std::uint64_t>(raw, arena);
        default: return hexadecimal(raw, arena);
    }
}

std::optional<std::int64_t> number_of(std::uint8_t type, Raw raw) {
    if (size_of(type) == 0 || raw.size() < size_of(type)) return {};
    switch (type) {
        case kInt8: return number<std::int8_t>(raw);
        case kUint8: return number<std::uint8_t>(raw);
        case kInt16: return number<std::int16_t>(raw);
        case kUint16: return number<std::uint16_t>(raw);
        case kInt32: return number<std::int32_t>(raw);
        case kUint32: return number<std::uint32_t>(raw);
        case kInt64: return number<std::int64_t>(raw);
        case kUint64: {
            auto value = number<std::uint64_t>(raw);
            return value <= INT64_MAX ? std::optional(static_cast<std::int64_t>(value)) : std::nullopt;
        }
        default: return {};
    }
}

std::optional<Time> time_of(std::uint8_t type, Raw raw) {
    if (type == kFileTime && raw.size() >= size_of(type)) return from_filetime(number<std::uint64_t>(raw));
    if (type == kSystemTime && raw.size() >= size_of(type)) return system_time(raw);
    return {};
}

std::string_view next_item(std::uint8_t type, Raw& raw, Arena& arena) {
    type &= static_cast<std::uint8_t>(~kArray);
    auto take = [&raw](std::size_t size) {
        auto item = raw.first(std::min(size, raw.size()));
        raw = raw.subspan(item.size());
        return item;
    };
    if (type == kString) {  // each ended by a NUL, the last one perhaps not
        std::size_t end = 0;
        while (end + 2 <= raw.size() && (raw[end] != std::byte{} || raw[end + 1] != std::byte{})) end += 2;
        auto item = take(end);
        take(2);
        return string_text(item, arena);
    }
    auto size = type == kSid && raw.size() >= 8 ? sid_size(raw) : size_of(type);
    return size == 0 ? text_of(type, take(raw.size()), arena) : text_of(type, take(size), arena);
}

}  // namespace ascribe::evtx

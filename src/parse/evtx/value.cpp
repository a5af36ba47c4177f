// The notation follows what Windows' own rendering gives, so that data compare equal to those of log shippers: GUIDs in
// braces and upper case, hexadecimal integers in lower case without leading zeros, SIDs in string form.
// https://learn.microsoft.com/openspecs/windows_protocols/ms-even6
#include "parse/evtx/value.hpp"

#include <fmt/format.h>

#include <cstring>

#include "base/reader.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace ascribe::evtx {
namespace {

template <class T>
T number(std::span<const std::byte> raw) {
    T value{};
    std::memcpy(&value, raw.data(), sizeof value);  // text_of has checked the size; hosts are little-endian
    return value;
}
static_assert(std::endian::native == std::endian::little);

std::string hexadecimal(std::span<const std::byte> raw) {
    std::string text;
    text.reserve(raw.size() * 2);
    for (auto byte : raw) fmt::format_to(std::back_inserter(text), "{:02X}", static_cast<unsigned>(byte));
    return text;
}

std::string string_text(std::span<const std::byte> raw) {
    auto text = from_utf16(as_text(raw));
    while (text.ends_with('\0')) text.pop_back();
    return text;
}

std::string ansi_text(std::span<const std::byte> raw) {
    auto text = as_text(raw);
    while (text.ends_with('\0')) text.remove_suffix(1);
    return is_utf8(text) ? std::string(text) : from_cp1252(text);
}

std::string guid_text(std::span<const std::byte> raw) {
    auto tail = hexadecimal(raw.subspan(8));
    return fmt::format("{{{:08X}-{:04X}-{:04X}-{}-{}}}", number<std::uint32_t>(raw),
                       number<std::uint16_t>(raw.subspan(4)), number<std::uint16_t>(raw.subspan(6)), tail.substr(0, 4),
                       tail.substr(4));
}

std::string time_text(std::uint64_t filetime) {
    auto time = from_filetime(filetime);
    return time ? format_time(*time) : fmt::to_string(filetime);
}

std::string system_time_text(std::span<const std::byte> raw) {
    auto part = [&](std::size_t i) { return static_cast<int>(number<std::uint16_t>(raw.subspan(i * 2))); };
    auto time = make_time(part(0), part(1), part(3), part(4), part(5), part(6), part(7) * std::int64_t{10'000});
    return time ? format_time(*time) : hexadecimal(raw);
}

/// Revision, count, 6 bytes of authority with the highest first, then `count` numbers. [MS-DTYP] 2.4.2.2
std::string sid_text(std::span<const std::byte> raw) {
    auto count = static_cast<std::size_t>(raw[1]);
    if (raw.size() < 8 + count * 4) return hexadecimal(raw);
    std::uint64_t authority = 0;
    for (std::size_t i = 2; i < 8; ++i) authority = authority << 8 | static_cast<std::uint64_t>(raw[i]);
    auto text = fmt::format("S-{}-{}", static_cast<unsigned>(raw[0]), authority);
    for (std::size_t i = 0; i < count; ++i) text += fmt::format("-{}", number<std::uint32_t>(raw.subspan(8 + i * 4)));
    return text;
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

std::string text_of(std::uint8_t type, std::span<const std::byte> raw) {
    if (raw.size() < size_of(type)) return hexadecimal(raw);
    switch (type) {
        case kNull: return {};
        case kString:
        case kEventXml: return string_text(raw);
        case kAnsiString: return ansi_text(raw);
        case kInt8: return fmt::to_string(static_cast<int>(number<std::int8_t>(raw)));
        case kUint8: return fmt::to_string(static_cast<unsigned>(number<std::uint8_t>(raw)));
        case kInt16: return fmt::to_string(number<std::int16_t>(raw));
        case kUint16: return fmt::to_string(number<std::uint16_t>(raw));
        case kInt32: return fmt::to_string(number<std::int32_t>(raw));
        case kUint32: return fmt::to_string(number<std::uint32_t>(raw));
        case kInt64: return fmt::to_string(number<std::int64_t>(raw));
        case kUint64: return fmt::to_string(number<std::uint64_t>(raw));
        case kReal32: return fmt::to_string(number<float>(raw));
        case kReal64: return fmt::to_string(number<double>(raw));
        case kBool: return number<std::uint32_t>(raw) != 0 ? "true" : "false";
        case kGuid: return guid_text(raw);
        case kSizeT:  // as wide as a pointer of the machine that wrote it
            if (raw.size() == 4) return fmt::format("{:#x}", number<std::uint32_t>(raw));
            if (raw.size() == 8) return fmt::format("{:#x}", number<std::uint64_t>(raw));
            return hexadecimal(raw);
        case kFileTime: return time_text(number<std::uint64_t>(raw));
        case kSystemTime: return system_time_text(raw);
        case kSid: return sid_text(raw);
        case kHexInt32: return fmt::format("{:#x}", number<std::uint32_t>(raw));
        case kHexInt64: return fmt::format("{:#x}", number<std::uint64_t>(raw));
        default: return hexadecimal(raw);
    }
}

std::vector<std::string> items_of(const Value& array) {
    auto type = static_cast<std::uint8_t>(array.type & ~kArray);
    auto raw = array.raw;
    std::vector<std::string> items;
    if (type == kString) {  // each ended by a NUL, the last one perhaps not
        while (!raw.empty()) {
            std::size_t end = 0;
            while (end + 2 <= raw.size() && (raw[end] != std::byte{} || raw[end + 1] != std::byte{})) end += 2;
            end = std::min(end, raw.size());
            items.push_back(string_text(raw.first(end)));
            raw = raw.subspan(std::min(end + 2, raw.size()));
        }
        return items;
    }
    auto size = type == kSid && raw.size() >= 8 ? 8 + static_cast<std::size_t>(raw[1]) * 4 : size_of(type);
    if (size == 0) return {text_of(type, raw)};
    for (; raw.size() >= size; raw = raw.subspan(size)) {
        if (type == kSid) size = std::min(raw.size(), 8 + static_cast<std::size_t>(raw[1]) * 4);
        items.push_back(text_of(type, raw.first(size)));
    }
    if (!raw.empty()) items.push_back(hexadecimal(raw));
    return items;
}

}  // namespace ascribe::evtx

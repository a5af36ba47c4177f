// A typed value of binary XML, and its text as Windows renders it in an event's XML.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/arena.hpp"
#include "base/time.hpp"

namespace ascribe::evtx {

/// [MS-EVEN6] 2.2.18 and https://github.com/libyal/libevtx/blob/main/documentation section "value types".
enum ValueType : std::uint8_t {
    kNull = 0x00,
    kString = 0x01,
    kAnsiString = 0x02,
    kInt8 = 0x03,
    kUint8 = 0x04,
    kInt16 = 0x05,
    kUint16 = 0x06,
    kInt32 = 0x07,
    kUint32 = 0x08,
    kInt64 = 0x09,
    kUint64 = 0x0A,
    kReal32 = 0x0B,
    kReal64 = 0x0C,
    kBool = 0x0D,
    kBinary = 0x0E,
    kGuid = 0x0F,
    kSizeT = 0x10,
    kFileTime = 0x11,
    kSystemTime = 0x12,
    kSid = 0x13,
    kHexInt32 = 0x14,
    kHexInt64 = 0x15,
    kEventHandle = 0x20,
    kBinXml = 0x21,
    kEventXml = 0x23,
    kArray = 0x80,  // flag: many of the type below
};

struct Value {
    std::uint8_t type = kNull;
    std::span<const std::byte> raw;
    std::size_t at = 0;  // where raw begins in its chunk

    bool is_array() const { return (type & kArray) != 0; }
};

/// One value's text, written to the arena. Bytes that do not fit their type are shown as hexadecimal rather than lost.
std::string_view text_of(std::uint8_t type, std::span<const std::byte> raw, Arena& arena);
/// The number that a value of an integer type is; nothing for others and for those that do not fit.
std::optional<std::int64_t> number_of(std::uint8_t type, std::span<const std::byte> raw);
/// The moment that a value of a time type is.
std::optional<Time> time_of(std::uint8_t type, std::span<const std::byte> raw);
/// Takes the first item off an array's bytes and returns its text; called until `raw` is empty.
std::string_view next_item(std::uint8_t type, std::span<const std::byte>& raw, Arena& arena);

}  // namespace ascribe::evtx

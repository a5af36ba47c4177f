// CRC-32 as zip and EVTX use it (ISO 3309, polynomial 0xEDB88320 reflected), a table look-up for each byte.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace ascribe {

/// Goes on from `crc`, the checksum of what came before.
constexpr std::uint32_t crc32(std::span<const std::byte> bytes, std::uint32_t crc = 0) {
    constexpr auto kTable = [] {
        std::array<std::uint32_t, 256> table{};
        for (std::uint32_t i = 0; i < 256; ++i) {
            std::uint32_t value = i;
            for (int bit = 0; bit < 8; ++bit) value = value & 1 ? 0xEDB88320u ^ value >> 1 : value >> 1;
            table[i] = value;
        }
        return table;
    }();
    crc = ~crc;
    for (auto byte : bytes) crc = kTable[(crc ^ static_cast<std::uint32_t>(byte)) & 0xFF] ^ crc >> 8;
    return ~crc;
}

}  // namespace ascribe

// CRC-32 as zip and EVTX use it (ISO 3309, polynomial 0xEDB88320 reflected).
#pragma once

#include <cstdint>
#include <span>

namespace ascribe {

/// Goes on from `crc`, the checksum of what came before. Multiplies without carry where the CPU can.
std::uint32_t crc32(std::span<const std::byte> bytes, std::uint32_t crc = 0);
/// The same by tables alone, on any CPU.
std::uint32_t crc32_by_tables(std::span<const std::byte> bytes, std::uint32_t crc = 0);

}  // namespace ascribe

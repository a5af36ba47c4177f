// CRC-32 as zip and EVTX use it (ISO 3309, polynomial 0xEDB88320 reflected).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace ascribe {

/// Goes on from `crc`, the checksum of what came before, in the fastest way that the CPU has.
std::uint32_t crc32(std::span<const std::byte> bytes, std::uint32_t crc = 0);

/// A way to compute it: `run` takes and returns the state, which is the checksum with all bits turned, and needs at
/// least `least` bytes.
struct ChecksumWay {
    std::string_view name;
    std::size_t least;
    std::uint32_t (*run)(std::span<const std::byte> bytes, std::uint32_t state);
};
/// The ways that this CPU has, fastest first; the last one is good for any CPU and any size.
std::vector<ChecksumWay> checksum_ways();

}  // namespace ascribe

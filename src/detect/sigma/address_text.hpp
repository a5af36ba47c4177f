// Queries with their long runs of hexadecimal digits masked, in pieces of a fixed size. Why they are is told in
// addresses.hpp.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace ascribe::sigma {

/// Runs that are masked: a GUID has 36 digits and dashes, MD5 32, SHA-256 64. Longer ones are somebody's payload.
inline constexpr std::size_t kShortestRun = 32, kLongestRun = 64;
/// What stands for a run.
inline constexpr char kMask = '\x01';

inline bool is_masked(char c) {
    auto folded = static_cast<unsigned char>(c | 0x20);
    return (c >= '0' && c <= '9') || (folded >= 'a' && folded <= 'f') || c == '-';
}

inline bool is_masked_run(std::size_t size) { return size >= kShortestRun && size <= kLongestRun; }

/// A text with its long runs masked, appended to `out`.
void append_masked(std::string_view text, std::string& out);

/// A query with its long runs masked: what is left of each 64 bytes of it, filled up with zeros, so that two of them
/// are compared without a branch that depends on a length.
struct MaskedQuery {
    static constexpr std::size_t kPiece = 64, kPieces = 3, kMost = kPiece * kPieces;

    alignas(kPiece) std::array<char, kMost> pieces;
    std::array<std::uint8_t, 4> sizes;  // of the pieces; of none: kLong
    std::uint64_t hash;                 // fast and not secret

    /// What a query longer than kMost bytes has as its first size, and one with a run that is too long to be masked:
    /// nothing else is told of it.
    static constexpr std::uint8_t kLong = 0xFF;
    bool is_long() const { return sizes[0] == kLong; }
    /// Of two that are not long.
    friend bool operator==(const MaskedQuery& a, const MaskedQuery& b) {
        if (a.hash != b.hash || a.sizes != b.sizes) return false;
        std::uint64_t differ = 0;
        for (std::size_t at = 0; at < kMost; at += sizeof differ) {
            std::uint64_t mine, other;
            std::memcpy(&mine, a.pieces.data() + at, sizeof mine);
            std::memcpy(&other, b.pieces.data() + at, sizeof other);
            differ |= mine ^ other;
        }
        return differ == 0;
    }
    void append_to(std::string& out) const {
        for (std::size_t i = 0; i < kPieces; ++i) out.append(pieces.data() + i * kPiece, sizes[i]);
    }
};

/// One way to make them, masked or as they are; all ways agree, but in their hashes.
struct MaskingWay {
    bool (*is_supported)();
    void (*mask)(std::span<const std::string_view> queries, bool masked, MaskedQuery* out);
};
/// The fastest first; the last runs everywhere.
std::span<const MaskingWay> masking_ways();
const MaskingWay& best_masking_way();

}  // namespace ascribe::sigma

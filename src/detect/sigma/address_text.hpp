// The addresses of a batch as text: written one after the other, with a line end behind each, and their long runs of
// hexadecimal digits masked. Why they are is told in addresses.hpp.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace ascribe::sigma {

/// Runs that are masked: a GUID has 36 digits and dashes, MD5 32, SHA-256 64. Longer ones are somebody's payload.
inline constexpr std::size_t kShortestRun = 32, kLongestRun = 64;
/// What stands for a run.
inline constexpr char kMask = '\x01';
/// Bytes that may be read or written behind the addresses.
inline constexpr std::size_t kSlack = 128;

inline bool is_masked(char c) {
    auto folded = static_cast<unsigned char>(c | 0x20);
    return (c >= '0' && c <= '9') || (folded >= 'a' && folded <= 'f') || c == '-';
}

inline bool is_masked_run(std::size_t size) { return size >= kShortestRun && size <= kLongestRun; }

/// One way to do it. All ways agree, but in their hashes.
struct AddressWay {
    bool (*is_supported)();
    /// Writes "stem?query\n" of each row; `begins` gets where each begins, and the end.
    void (*write)(std::span<const std::string_view> stems, std::span<const std::string_view> queries, char* to,
                  std::uint32_t* begins);
    /// Copies them with their long runs masked, and changes the begins accordingly.
    void (*mask)(const char* addresses, char* out, std::span<std::uint32_t> begins);
    /// A hash of each that is never 0.
    void (*hash)(const char* addresses, std::span<const std::uint32_t> begins, std::uint64_t* hashes);
};
/// The fastest first; the last runs everywhere.
std::span<const AddressWay> address_ways();
const AddressWay& best_address_way();

/// A text with its long runs masked, appended to `out`.
void append_masked(std::string_view text, std::string& out);

}  // namespace ascribe::sigma

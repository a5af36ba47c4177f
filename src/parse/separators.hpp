// Where the cells and lines of a text end, found 64 bytes at a time: one comparison gives a mask of 64 bits, and only
// its set bits are visited. Three ways that must agree, the fastest the processor has chosen when the program starts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace ascribe {

/// The ends of a text's cells: every separator and every line end, as offsets from its start, ascending.
struct Separators {
    std::unique_ptr<std::uint32_t[]> ends,
        lines;  // `lines`: which of the ends are line ends, as their places in `ends`
    std::size_t count = 0, line_count = 0;
    bool has_nul = false;
    bool has_stray_return = false;  // a carriage return that no line end follows
};

/// A text longer than this is cut in pieces by the caller: half a processor's second cache, and offsets in 32 bits.
inline constexpr std::size_t kSeparatorBlock = 128 << 10;

/// One way to find them.
struct SeparatorFinder {
    std::string_view name;
    bool (*is_supported)();
    void (*find)(std::string_view text, char separator, Separators& out);  // `out` has room
};
/// All ways, the fastest first; the last runs everywhere.
std::span<const SeparatorFinder> separator_finders();

Separators find_separators(std::string_view text, char separator);
Separators find_separators(std::string_view text, char separator, const SeparatorFinder& finder);

}  // namespace ascribe

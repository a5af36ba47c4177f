#include "detect/sigma/fold.hpp"

#include <cstdint>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace ascribe::sigma {
namespace {

/// Capitals in a row: each `step`-th from `first` to `last` is folded by adding `offset`.
struct Capitals {
    std::uint16_t first, last, step, offset;
};

constexpr Capitals kTwoBytes[] = {
    {0x00C0, 0x00D6, 1, 32}, {0x00D8, 0x00DE, 1, 32},                                                    // Latin-1
    {0x0100, 0x012E, 2, 1},  {0x0132, 0x0136, 2, 1},  {0x0139, 0x0147, 2, 1},  {0x014A, 0x0176, 2, 1},   // Extended-A
    {0x0179, 0x017D, 2, 1},  {0x0386, 0x0386, 1, 38}, {0x0388, 0x038A, 1, 37}, {0x038C, 0x038C, 1, 64},  // Greek
    {0x038E, 0x038F, 1, 63}, {0x0391, 0x03A1, 1, 32}, {0x03A3, 0x03AB, 1, 32},                           //
    {0x0400, 0x040F, 1, 80}, {0x0410, 0x042F, 1, 32}, {0x0460, 0x0480, 2, 1},  {0x048A, 0x04BE, 2, 1},   // Cyrillic
    {0x04C0, 0x04C0, 1, 15}, {0x04C1, 0x04CD, 2, 1},  {0x04D0, 0x052E, 2, 1},                            //
    {0x0531, 0x0556, 1, 48},                                                                             // Armenian
};
constexpr Capitals kThreeBytes[] = {
    {0x1E00, 0x1E94, 2, 1},
    {0x1EA0, 0x1EFE, 2, 1},   // Latin Extended Additional
    {0xFF21, 0xFF3A, 1, 32},  // full width
};

template <std::size_t N>
std::uint32_t small_of(std::uint32_t point, const Capitals (&capitals)[N]) {
    for (const auto& [first, last, step, offset] : capitals)
        if (point >= first && point <= last && (point - first) % step == 0) return point + offset;
    return point;
}

constexpr std::uint32_t tail(char c) { return static_cast<unsigned char>(c) & 0x3FU; }
constexpr char continuation(std::uint32_t bits) { return static_cast<char>(0x80U | (bits & 0x3FU)); }
constexpr bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

}  // namespace

void fold_to(std::string_view text, char* out) {
    for (std::size_t i = 0; i < text.size(); ++i) {
#ifdef __SSE2__
        // Sixteen ASCII characters at a time: those between 'A' and 'Z' get bit 5 set. Signed comparison puts bytes
        // from 0x80 on below all letters; they leave this loop anyway.
        for (; i + 16 <= text.size(); i += 16) {
            auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + i));
            if (_mm_movemask_epi8(bytes) != 0) break;
            auto capital = _mm_and_si128(_mm_cmpgt_epi8(bytes, _mm_set1_epi8('A' - 1)),
                                         _mm_cmplt_epi8(bytes, _mm_set1_epi8('Z' + 1)));
            bytes = _mm_or_si128(bytes, _mm_and_si128(capital, _mm_set1_epi8(0x20)));
            _mm_storeu_si128(reinterpret_cast<__m128i*>(out + i), bytes);
        }
        if (i == text.size()) break;
#endif
        auto c = static_cast<unsigned char>(text[i]);
        out[i] = static_cast<char>(c + (static_cast<unsigned char>(c - 'A') < 26 ? 32 : 0));
        if (c < 0xC3) continue;  // ASCII, a stray byte, or a sign without case
        if (c < 0xE0 && i + 1 < text.size() && continues(text[i + 1])) {
            auto point = small_of((c & 0x1FU) << 6 | tail(text[i + 1]), kTwoBytes);
            out[i] = static_cast<char>(0xC0U | point >> 6);
            out[++i] = continuation(point);
        } else if ((c == 0xE1 || c == 0xEF) && i + 2 < text.size() && continues(text[i + 1]) &&
                   continues(text[i + 2])) {
            auto point = small_of((c & 0x0FU) << 12 | tail(text[i + 1]) << 6 | tail(text[i + 2]), kThreeBytes);
            out[i] = static_cast<char>(0xE0U | point >> 12);
            out[++i] = continuation(point >> 6);
            out[++i] = continuation(point);
        }
    }
}

std::string folded(std::string_view text) {
    std::string out(text.size(), '\0');
    fold_to(text, out.data());
    return out;
}

}  // namespace ascribe::sigma

#include "parse/separators.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace ascribe {
namespace {

constexpr std::size_t kStep = 64;
constexpr std::size_t kSlack = kStep;  // entries written ahead of the count
constexpr std::size_t kAhead = 1024;   // bytes asked of memory before they are read

/// Byte by byte: the whole, or what does not fill a step.
void find_from(std::size_t from, std::string_view text, char separator, Separators& out) {
    for (std::size_t i = from; i < text.size(); ++i) {
        char c = text[i];
        out.has_nul = out.has_nul || c == '\0';
        bool ends_line = i + 1 < text.size() && text[i + 1] == '\n';
        out.has_stray_return = out.has_stray_return || (c == '\r' && !ends_line);
        if (c == '\n') out.lines[out.line_count++] = static_cast<std::uint32_t>(out.count);
        if (c == '\n' || c == separator) out.ends[out.count++] = static_cast<std::uint32_t>(i);
    }
}

void find_plain(std::string_view text, char separator, Separators& out) { find_from(0, text, separator, out); }

#if defined(__x86_64__)

/// Notes which of a step's ends are line ends; before the ends themselves.
[[gnu::always_inline]] inline void note_lines(std::uint64_t ends, std::uint64_t lines, Separators& out) {
    for (auto left = lines; left != 0; left &= left - 1) {
        auto before = ends & ((left & -left) - 1);
        out.lines[out.line_count++] =
            static_cast<std::uint32_t>(out.count) + static_cast<std::uint32_t>(std::popcount(before));
    }
}

/// Notes the set bits of one step. Four places are written whether there are as many bits or not: most steps have about
/// four, and a branch that is foretold costs less than one for each bit. What is written behind the last is void.
[[gnu::always_inline]] inline void note(std::uint64_t ends, std::uint64_t lines, std::size_t at, Separators& out) {
    note_lines(ends, lines, out);
    auto base = static_cast<std::uint64_t>(at) * 0x1'0000'0001U;  // of two places
    auto* to = out.ends.get() + out.count;
    out.count += static_cast<std::size_t>(std::popcount(ends));
    auto* end = out.ends.get() + out.count;
    auto next = [&ends] {
        auto place = static_cast<std::uint64_t>(std::countr_zero(ends));
        ends &= ends - 1;
        return place;
    };
    do {
        for (int k = 0; k < 2; ++k, to += 2) {
            auto low = next(), high = next();
            auto two = base + (low | high << 32);
            std::memcpy(to, &two, sizeof two);
        }
    } while (to < end);
}

/// Carriage returns of one step after the other: those with no line end behind them are stray.
class Returns {
public:
    [[gnu::always_inline]] void add(std::uint64_t returns, std::uint64_t lines) {
        stray_ |= (returns << 1 | last_) & ~lines;
        last_ = returns >> 63;
    }
    bool stray(bool line_follows) const { return stray_ != 0 || (last_ != 0 && !line_follows); }

private:
    std::uint64_t stray_ = 0, last_ = 0;
};

#define ASCRIBE_TARGET [[gnu::target("avx512f,avx512bw,avx512vbmi2,bmi,bmi2,popcnt,lzcnt")]]

ASCRIBE_TARGET [[gnu::always_inline]] inline void put_sixteen(std::uint32_t* to, __m512i base, __m128i places) {
    _mm512_storeu_si512(to, _mm512_add_epi32(base, _mm512_cvtepu8_epi32(places)));
}

/// The same, 16 places with one store: most steps have fewer.
ASCRIBE_TARGET [[gnu::always_inline]] inline void note_vectors(std::uint64_t ends, std::uint64_t lines, std::size_t at,
                                                               __m512i places, Separators& out) {
    note_lines(ends, lines, out);
    auto set = _mm512_maskz_compress_epi8(ends, places);
    auto base = _mm512_set1_epi32(static_cast<int>(at));
    auto* to = out.ends.get() + out.count;
    auto count = static_cast<std::size_t>(std::popcount(ends));
    out.count += count;
    put_sixteen(to, base, _mm512_castsi512_si128(set));
    if (count <= 16) [[likely]]
        return;
    put_sixteen(to + 16, base, _mm512_extracti32x4_epi32(set, 1));
    put_sixteen(to + 32, base, _mm512_extracti32x4_epi32(set, 2));
    put_sixteen(to + 48, base, _mm512_extracti32x4_epi32(set, 3));
}

ASCRIBE_TARGET void find_avx512(std::string_view text, char separator, Separators& out) {
    auto line = _mm512_set1_epi8('\n'), cell = _mm512_set1_epi8(separator), carriage = _mm512_set1_epi8('\r');
    alignas(64) std::uint8_t numbers[kStep];
    for (std::size_t i = 0; i < kStep; ++i) numbers[i] = static_cast<std::uint8_t>(i);
    auto places = _mm512_load_si512(numbers);
    std::uint64_t nuls = 0;
    Returns returns;
    std::size_t i = 0;
    for (; i + kStep <= text.size(); i += kStep) {
        _mm_prefetch(text.data() + i + kAhead, _MM_HINT_T0);
        auto bytes = _mm512_loadu_si512(text.data() + i);
        std::uint64_t lines = _mm512_cmpeq_epi8_mask(bytes, line);
        nuls |= _mm512_testn_epi8_mask(bytes, bytes);
        returns.add(_mm512_cmpeq_epi8_mask(bytes, carriage), lines);
        note_vectors(lines | _mm512_cmpeq_epi8_mask(bytes, cell), lines, i, places, out);
    }
    out.has_nul = nuls != 0;
    out.has_stray_return = returns.stray(i < text.size() && text[i] == '\n');
    find_from(i, text, separator, out);
}

#define ASCRIBE_HALF_TARGET [[gnu::target("avx2,bmi,bmi2,popcnt,lzcnt")]]

/// A step as two vectors.
struct Halves {
    __m256i low, high;

    ASCRIBE_HALF_TARGET [[gnu::always_inline]] std::uint64_t equal(__m256i to) const {
        return bits(_mm256_cmpeq_epi8(low, to), _mm256_cmpeq_epi8(high, to));
    }

private:
    ASCRIBE_HALF_TARGET [[gnu::always_inline]] static std::uint64_t bits(__m256i low, __m256i high) {
        return static_cast<std::uint32_t>(_mm256_movemask_epi8(low)) |
               static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm256_movemask_epi8(high))) << 32;
    }
};

ASCRIBE_HALF_TARGET void find_avx2(std::string_view text, char separator, Separators& out) {
    auto line = _mm256_set1_epi8('\n'), cell = _mm256_set1_epi8(separator), nul = _mm256_setzero_si256(),
         carriage = _mm256_set1_epi8('\r');
    auto nuls = nul;
    Returns returns;
    std::size_t i = 0;
    for (; i + kStep <= text.size(); i += kStep) {
        Halves step{_mm256_loadu_si256(reinterpret_cast<const __m256i*>(text.data() + i)),
                    _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text.data() + i + 32))};
        auto lines = step.equal(line);
        nuls =
            _mm256_or_si256(nuls, _mm256_or_si256(_mm256_cmpeq_epi8(step.low, nul), _mm256_cmpeq_epi8(step.high, nul)));
        returns.add(step.equal(carriage), lines);
        note(lines | step.equal(cell), lines, i, out);
    }
    out.has_nul = _mm256_movemask_epi8(nuls) != 0;
    out.has_stray_return = returns.stray(i < text.size() && text[i] == '\n');
    find_from(i, text, separator, out);
}

bool has_avx512() { return __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("bmi2"); }
bool has_avx2() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2"); }

#endif

constexpr SeparatorFinder kFinders[] = {
#if defined(__x86_64__)
    {"avx512", has_avx512, find_avx512},
    {"avx2", has_avx2, find_avx2},
#endif
    {"plain", [] { return true; }, find_plain},
};

}  // namespace

std::span<const SeparatorFinder> separator_finders() { return kFinders; }

Separators find_separators(std::string_view text, char separator) {
    static const SeparatorFinder& best =
        *std::ranges::find_if(kFinders, [](const SeparatorFinder& finder) { return finder.is_supported(); });
    return find_separators(text, separator, best);
}

Separators find_separators(std::string_view text, char separator, const SeparatorFinder& finder) {
    // Room for the worst is kept: asked for anew with every block, it would be given back to the kernel each time.
    thread_local Separators room;
    thread_local std::size_t size = 0;
    if (size < text.size() + kSlack) {
        size = std::max(text.size(), kSeparatorBlock) + kSlack;
        room.ends = std::make_unique_for_overwrite<std::uint32_t[]>(size);
        room.lines = std::make_unique_for_overwrite<std::uint32_t[]>(size);
    }
    room.count = room.line_count = 0;
    room.has_nul = room.has_stray_return = false;
    finder.find(text, separator, room);
    Separators out;
    out.count = room.count;
    out.line_count = room.line_count;
    out.has_nul = room.has_nul;
    out.has_stray_return = room.has_stray_return;
    out.ends = std::make_unique_for_overwrite<std::uint32_t[]>(out.count);
    out.lines = std::make_unique_for_overwrite<std::uint32_t[]>(out.line_count);
    std::copy_n(room.ends.get(), out.count, out.ends.get());
    std::copy_n(room.lines.get(), out.line_count, out.lines.get());
    return out;
}

}  // namespace ascribe

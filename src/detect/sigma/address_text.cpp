#include "detect/sigma/address_text.hpp"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <algorithm>
#include <bit>
#include <cstring>
#include <vector>

#include "base/text_memo.hpp"
#include "base/text_vectors.hpp"

namespace ascribe::sigma {
namespace {

constexpr std::size_t kChunk = 16;  // at most half a run, so that every run holds a whole one wherever counting begins
constexpr std::uint64_t kChunks = 0x0001'0001'0001'0001;  // where chunks begin
static_assert(2 * kChunk <= kShortestRun);
/// A bit for each of 64 characters that may be masked.
std::uint64_t masked_bits(const char* at) {
    std::uint64_t bits = 0;
#ifdef __SSE2__
    auto within = [](__m128i from_zero, char last) {
        return _mm_cmpeq_epi8(_mm_min_epu8(from_zero, _mm_set1_epi8(last)), from_zero);
    };
    for (unsigned i = 0; i < 64; i += 16) {
        auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + i));
        auto small = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
        auto digit = within(_mm_sub_epi8(bytes, _mm_set1_epi8('0')), 9);
        auto letter = within(_mm_sub_epi8(small, _mm_set1_epi8('a')), 5);
        auto dash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('-'));
        auto mask = _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(digit, letter), dash));
        bits |= static_cast<std::uint64_t>(static_cast<unsigned>(mask)) << i;
    }
#else
    for (unsigned i = 0; i < 64; ++i) bits |= static_cast<std::uint64_t>(is_masked(at[i])) << i;
#endif
    return bits;
}

#ifdef __x86_64__
[[ASCRIBE_TEXT_VECTORS, gnu::always_inline]] inline std::uint64_t masked_bits(__m512i bytes) {
    auto letter = _mm512_sub_epi8(_mm512_or_si512(bytes, _mm512_set1_epi8(0x20)), _mm512_set1_epi8('a'));
    return _mm512_cmplt_epu8_mask(_mm512_sub_epi8(bytes, _mm512_set1_epi8('0')), _mm512_set1_epi8(10)) |
           _mm512_cmplt_epu8_mask(letter, _mm512_set1_epi8(6)) | _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('-'));
}
#endif

/// The text as bits, one for each character that may be masked.
class MaskedBits {
public:
    void read(std::string_view text) {
        auto count = text.size() / 64;
        words_.resize(count + 1);
        for (std::size_t i = 0; i < count; ++i) words_[i] = masked_bits(text.data() + i * 64);
        char rest[64] = {};
        text.copy(rest, text.size() % 64, count * 64);
        words_.back() = masked_bits(rest);
    }
    /// Calls take(begin, end) for every run of kShortestRun characters and more, in their order.
    template <class Take>
    void each_run(Take take) const {
        std::size_t from = 0;
        for (std::size_t i = 0; i < words_.size(); ++i) {
            auto whole = words_[i] & words_[i] >> 1;
            whole &= whole >> 2;
            whole &= whole >> 4;
            whole &= whole >> 8;
            for (auto chunks = whole & kChunks; chunks != 0; chunks &= chunks - 1) {
                auto at = i * 64 + static_cast<std::size_t>(std::countr_zero(chunks));
                if (at < from) continue;
                auto begin = begin_of(at);
                from = end_of(at + kChunk);
                if (from - begin >= kShortestRun) take(begin, from);
            }
        }
    }

private:
    std::size_t begin_of(std::size_t at) const {
        if (at % 64 != 0) at -= static_cast<std::size_t>(std::countl_one(words_[at / 64] << (64 - at % 64)));
        if (at % 64 != 0) return at;
        while (at > 0 && words_[at / 64 - 1] == ~std::uint64_t{0}) at -= 64;
        return at == 0 ? 0 : at - static_cast<std::size_t>(std::countl_one(words_[at / 64 - 1]));
    }
    std::size_t end_of(std::size_t at) const {
        for (;;) {
            if (at / 64 >= words_.size()) return at;
            auto ones = static_cast<std::size_t>(std::countr_one(words_[at / 64] >> at % 64));
            at += ones;
            if (ones == 0 || at % 64 != 0) return at;
        }
    }

    std::vector<std::uint64_t> words_;
};

void make_long(MaskedQuery& out) {
    out.sizes = {MaskedQuery::kLong, 0, 0, 0};
    out.hash = 0;
}

void mask_plain(std::span<const std::string_view> queries, bool masked, MaskedQuery* out) {
    thread_local MaskedBits bits;
    for (std::size_t i = 0; i < queries.size(); ++i, ++out) {
        auto query = queries[i];
        if (query.size() > MaskedQuery::kMost) {
            make_long(*out);
            continue;
        }
        out->pieces.fill(0);
        out->sizes = {};
        std::size_t from = 0;
        auto add = [&](std::size_t at, char c) {
            auto piece = at / MaskedQuery::kPiece;
            out->pieces[piece * MaskedQuery::kPiece + out->sizes[piece]++] = c;
        };
        auto copy_until = [&](std::size_t end) {
            for (; from < end; ++from) add(from, query[from]);
        };
        bool is_long = false;
        if (masked) {
            bits.read(query);
            bits.each_run([&](std::size_t begin, std::size_t end) {
                is_long = is_long || !is_masked_run(end - begin);
                if (is_long) return;
                copy_until(begin);
                add(begin, kMask);
                from = end;
            });
        }
        copy_until(query.size());
        out->hash = quick_hash({out->pieces.data(), out->pieces.size()});
        if (is_long) make_long(*out);
    }
}

#ifdef __x86_64__

/// A bit for each character of a query, and what becomes of it. A word's highest bits are the characters that come
/// last.
struct QueryBits {
    std::uint64_t word[MaskedQuery::kPieces];

    /// Leaves the bits that have as many more ones behind them.
    [[gnu::always_inline]] void keep_beginnings(unsigned shift) {
        word[0] &= word[0] >> shift | word[1] << (64 - shift);
        word[1] &= word[1] >> shift | word[2] << (64 - shift);
        word[2] &= word[2] >> shift;
    }
};

static_assert(std::has_single_bit(kShortestRun) && MaskedQuery::kPieces == 3);

/// Runs of kShortestRun characters and more that may be masked: the first of each, and all of them.
struct QueryRuns {
    QueryBits first, covered;

    bool any() const { return (covered.word[0] | covered.word[1] | covered.word[2]) != 0; }
    /// Whether one is longer than kLongestRun.
    bool has_long_run() const {
        static_assert(kLongestRun == 64);
        auto joined = [](std::uint64_t a, std::uint64_t b) {
            return std::countl_one(a) + std::countr_one(b) > static_cast<int>(kLongestRun);
        };
        return joined(covered.word[0], covered.word[1]) || joined(covered.word[1], covered.word[2]);
    }
};

/// Of bits of what may be masked, without looking at one after the other: what is left of shifting begins a run. Added
/// to a run, its first bit is carried through all of it and leaves zeros.
[[gnu::always_inline]] inline void find_runs(const QueryBits& may, QueryRuns& out) {
    QueryBits starts = may;
    for (unsigned shift = 1; shift < kShortestRun; shift *= 2) starts.keep_beginnings(shift);
    std::uint64_t before = 0;
    unsigned char carry = 0;
    for (std::size_t k = 0; k < MaskedQuery::kPieces; ++k) {
        out.first.word[k] = starts.word[k] & ~(starts.word[k] << 1 | before);
        before = starts.word[k] >> 63;
        unsigned long long sum = 0;
        carry = _addcarry_u64(carry, may.word[k], out.first.word[k], &sum);
        out.covered.word[k] = may.word[k] & ~sum;
    }
}

[[ASCRIBE_TEXT_VECTORS]] void mask_vectors(std::span<const std::string_view> queries, bool masked, MaskedQuery* out) {
    auto mask = _mm512_set1_epi8(kMask);
    for (std::size_t i = 0; i < queries.size(); ++i, ++out) {
        auto query = queries[i];
        if (query.size() > MaskedQuery::kMost) {
            make_long(*out);
            continue;
        }
        __m512i piece[3];
        QueryBits in, may;
        QueryRuns runs;
        for (std::size_t k = 0; k < 3; ++k) {
            auto begin = k * MaskedQuery::kPiece;
            auto size = std::clamp(query.size(), begin, begin + MaskedQuery::kPiece) - begin;
            in.word[k] = _bzhi_u64(~0ULL, static_cast<unsigned>(size));
            piece[k] = _mm512_maskz_loadu_epi8(in.word[k], vector_at(query.data(), begin));
            may.word[k] = masked ? masked_bits(piece[k]) : 0;
        }
        find_runs(may, runs);
        if (runs.has_long_run()) {
            make_long(*out);
            continue;
        }
        for (std::size_t k = 0; k < 3; ++k) {
            auto first = runs.first.word[k];
            auto kept = in.word[k] & (~runs.covered.word[k] | first);  // of a run its first character, as a mask
            piece[k] = _mm512_maskz_compress_epi8(kept, _mm512_mask_mov_epi8(piece[k], first, mask));
            _mm512_store_si512(out->pieces.data() + k * MaskedQuery::kPiece, piece[k]);
            out->sizes[k] = static_cast<std::uint8_t>(_mm_popcnt_u64(kept));
        }
        out->sizes[3] = 0;
        out->hash = hash_of({0, 0, _mm512_aesenc_epi128(piece[0], piece[1]), piece[2]}, query.size());
    }
}

constexpr std::size_t kHalves = MaskedQuery::kMost / kHalfVector;

[[ASCRIBE_HALF_VECTORS, gnu::always_inline]] inline __m256i are_up_to(__m256i bytes, char last) {
    return _mm256_cmpeq_epi8(_mm256_min_epu8(bytes, _mm256_set1_epi8(last)), bytes);
}

[[ASCRIBE_HALF_VECTORS, gnu::always_inline]] inline std::uint32_t masked_bits(__m256i bytes) {
    auto small = _mm256_or_si256(bytes, _mm256_set1_epi8(0x20));
    auto digit = are_up_to(_mm256_sub_epi8(bytes, _mm256_set1_epi8('0')), 9);
    auto letter = are_up_to(_mm256_sub_epi8(small, _mm256_set1_epi8('a')), 5);
    auto dash = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('-'));
    return static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_or_si256(_mm256_or_si256(digit, letter), dash)));
}

/// Where `text` holds a whole query: its pieces with what is kept of each moved together. Stretches are copied with
/// what follows them, which the next one or the zeros at the end write over.
[[ASCRIBE_HALF_VECTORS]] void put_masked(char* text, const QueryBits& in, const QueryRuns& runs, MaskedQuery& out) {
    constexpr std::size_t kPiece = MaskedQuery::kPiece;
    for (std::size_t k = 0; k < MaskedQuery::kPieces; ++k) {
        auto first = runs.first.word[k];
        for (auto left = first; left != 0; left &= left - 1) text[k * kPiece + std::countr_zero(left)] = kMask;
        auto kept = in.word[k] & (~runs.covered.word[k] | first);
        char piece[2 * kPiece];
        std::size_t size = 0;
        while (kept != 0) {
            auto begin = static_cast<unsigned>(std::countr_zero(kept));
            auto count = static_cast<unsigned>(std::countr_one(kept >> begin));
            std::memcpy(piece + size, text + k * kPiece + begin, kPiece);
            size += count;
            kept &= begin + count == kPiece ? 0 : ~std::uint64_t{0} << (begin + count);
        }
        std::memset(piece + size, 0, kPiece);
        std::memcpy(out.pieces.data() + k * kPiece, piece, kPiece);
        out.sizes[k] = static_cast<std::uint8_t>(size);
    }
}

[[ASCRIBE_HALF_VECTORS]] void mask_halves(std::span<const std::string_view> queries, bool masked, MaskedQuery* out) {
    for (std::size_t i = 0; i < queries.size(); ++i, ++out) {
        auto query = queries[i];
        if (query.size() > MaskedQuery::kMost) {
            make_long(*out);
            continue;
        }
        HalfVectors<kHalves> halves;
        half_vectors(query, halves);
        QueryBits in, may;
        QueryRuns runs;
        for (std::size_t k = 0; k < MaskedQuery::kPieces; ++k) {
            auto begin = k * MaskedQuery::kPiece;
            auto size = std::clamp(query.size(), begin, begin + MaskedQuery::kPiece) - begin;
            in.word[k] = _bzhi_u64(~0ULL, static_cast<unsigned>(size));
            may.word[k] = masked ? masked_bits(halves.part[2 * k]) |
                                       static_cast<std::uint64_t>(masked_bits(halves.part[2 * k + 1])) << kHalfVector
                                 : 0;
            out->sizes[k] = static_cast<std::uint8_t>(size);
        }
        out->sizes[MaskedQuery::kPieces] = 0;
        find_runs(may, runs);
        if (runs.has_long_run()) {
            make_long(*out);
            continue;
        }
        if (!runs.any()) {
            std::memcpy(out->pieces.data(), halves.part, MaskedQuery::kMost);
        } else {
            char text[MaskedQuery::kMost + MaskedQuery::kPiece] = {};
            std::memcpy(text, halves.part, MaskedQuery::kMost);
            put_masked(text, in, runs, *out);
            std::memcpy(halves.part, out->pieces.data(), MaskedQuery::kMost);
        }
        out->hash = hash_of(halves, query.size());
    }
}

#endif

constexpr MaskingWay kWays[] = {
#ifdef __x86_64__
    {has_text_vectors, mask_vectors},
    {has_half_vectors, mask_halves},
#endif
    {[] { return true; }, mask_plain},
};

}  // namespace

std::span<const MaskingWay> masking_ways() { return kWays; }

const MaskingWay& best_masking_way() {
    static const auto& best = *std::ranges::find_if(kWays, [](const MaskingWay& way) { return way.is_supported(); });
    return best;
}

void append_masked(std::string_view text, std::string& out) {
    MaskedBits bits;
    bits.read(text);
    std::size_t from = 0;
    bits.each_run([&](std::size_t begin, std::size_t end) {
        if (!is_masked_run(end - begin)) return;
        out.append(text.substr(from, begin - from)) += kMask;
        from = end;
    });
    out.append(text.substr(from));
}

}  // namespace ascribe::sigma

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

/// The bits of `count` times 64 characters.
using MaskedFinder = void (*)(const char* at, std::size_t count, std::uint64_t* bits);

void find_masked(const char* at, std::size_t count, std::uint64_t* bits) {
    for (std::size_t i = 0; i < count; ++i) bits[i] = masked_bits(at + i * 64);
}

#ifdef __x86_64__
[[gnu::target("avx512f,avx512bw")]] void find_masked_avx512(const char* at, std::size_t count, std::uint64_t* bits) {
    auto from_zero = _mm512_set1_epi8('0'), digits = _mm512_set1_epi8(10), from_a = _mm512_set1_epi8('a'),
         letters = _mm512_set1_epi8(6), small = _mm512_set1_epi8(0x20), dash = _mm512_set1_epi8('-');
    for (std::size_t i = 0; i < count; ++i) {
        auto bytes = _mm512_loadu_si512(at + i * 64);
        auto letter = _mm512_sub_epi8(_mm512_or_si512(bytes, small), from_a);
        bits[i] = _mm512_cmplt_epu8_mask(_mm512_sub_epi8(bytes, from_zero), digits) |
                  _mm512_cmplt_epu8_mask(letter, letters) | _mm512_cmpeq_epi8_mask(bytes, dash);
    }
}
#endif

MaskedFinder best_finder() {
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx512bw")) return find_masked_avx512;
#endif
    return find_masked;
}

/// The text as bits, one for each character that may be masked.
class MaskedBits {
public:
    void read(std::string_view text) {
        auto count = text.size() / 64;
        words_.resize(count + 1);
        static const auto find = best_finder();
        find(text.data(), count, words_.data());
        char rest[64] = {};
        text.copy(rest, text.size() % 64, count * 64);
        words_.back() = masked_bits(rest);
    }
    /// Of 64 bits each.
    std::span<const std::uint64_t> words() const { return words_; }
    /// Calls take(begin, end) for every run that is masked, in their order.
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
                if (is_masked_run(from - begin)) take(begin, from);
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

/// Copies a text in steps of a fixed size, which are faster than a call: up to kSlack bytes more are read and written.
void copy_over(char* to, const char* from, std::size_t size) {
    constexpr std::size_t kStep = 32;
    static_assert(kStep <= kSlack);
    for (std::size_t i = 0; i < size; i += kStep) std::memcpy(to + i, from + i, kStep);
}

char* write_plain(char* to, std::string_view stem, std::string_view query) {
    auto add = [&](std::string_view text) {
        if (!text.empty()) std::memcpy(to, text.data(), text.size());
        to += text.size();
    };
    add(stem);
    if (!query.empty()) *to++ = '?';
    add(query);
    *to++ = '\n';
    return to;
}

void write_all_plain(std::span<const std::string_view> stems, std::span<const std::string_view> queries, char* to,
                     std::uint32_t* begins) {
    const char* begin = to;
    for (std::size_t i = 0; i < stems.size(); ++i) {
        begins[i] = static_cast<std::uint32_t>(to - begin);
        to = write_plain(to, stems[i], queries[i]);
    }
    begins[stems.size()] = static_cast<std::uint32_t>(to - begin);
}

/// Copies addresses with their long runs masked; neither '?' nor a line's end is masked, so no run reaches over them.
void mask_all(const MaskedBits& bits, const char* addresses, char* out, std::span<std::uint32_t> begins) {
    std::uint32_t from = 0, row = 0;
    char* to = out;
    // All that lies before `end` goes over, with the begins in it.
    auto copy_until = [&](std::size_t end) {
        auto moved = static_cast<std::uint32_t>(to - out) - from;  // modulo 2^32: it moves forward only
        for (; row < begins.size() && begins[row] <= end; ++row) begins[row] += moved;
        copy_over(to, addresses + from, end - from);
        to += end - from;
    };
    auto end = begins.back();
    bits.each_run([&](std::size_t run, std::size_t run_end) {
        copy_until(run);
        *to++ = kMask;
        from = static_cast<std::uint32_t>(run_end);
    });
    copy_until(end);
}

MaskedBits& bits_of(std::string_view addresses) {
    thread_local MaskedBits bits;
    bits.read(addresses);
    return bits;
}

void mask_all_plain(const char* addresses, char* out, std::span<std::uint32_t> begins) {
    mask_all(bits_of({addresses, begins.back()}), addresses, out, begins);
}

#ifdef __x86_64__

/// The same with vectors: addresses of usual length without a branch that depends on it, masked runs cut out of 64
/// characters at once.
[[ASCRIBE_TEXT_VECTORS, gnu::always_inline]] inline char* write_vectors(char* to, std::string_view text) {
    auto vectors = text_vectors(text);
    _mm512_storeu_si512(to, vectors.first);
    _mm512_storeu_si512(to + kTextVector, vectors.second);
    return to + text.size();
}

[[ASCRIBE_TEXT_VECTORS]] void write_all_vectors(std::span<const std::string_view> stems,
                                                std::span<const std::string_view> queries, char* to,
                                                std::uint32_t* begins) {
    const char* begin = to;
    for (std::size_t i = 0; i < stems.size(); ++i) {
        begins[i] = static_cast<std::uint32_t>(to - begin);
        if (stems[i].size() > kTextVectors || queries[i].size() > kTextVectors) {
            to = write_plain(to, stems[i], queries[i]);
            continue;
        }
        to = write_vectors(to, stems[i]);
        *to = '?';
        to += queries[i].empty() ? 0 : 1;
        to = write_vectors(to, queries[i]);
        *to++ = '\n';
    }
    begins[stems.size()] = static_cast<std::uint32_t>(to - begin);
}

/// Runs of kShortestRun characters and more, found without looking at one after the other. Each shift leaves the bits
/// that have as many more ones behind them: in the end those that begin so many. Shifted back, they cover the runs.
struct LongRuns {
    std::vector<std::uint64_t> starts, covered;  // the latter with a word of none before it

    /// False where some run is longer than kLongestRun.
    [[ASCRIBE_TEXT_VECTORS]] bool find(std::span<const std::uint64_t> bits) {
        static_assert(std::has_single_bit(kShortestRun) && kLongestRun == 64);
        const auto count = bits.size();
        starts.assign(bits.begin(), bits.end());
        starts.push_back(0);
        auto* start = starts.data();
        for (std::size_t shift = 1; shift < kShortestRun; shift *= 2)
            for (std::size_t i = 0; i < count; ++i) start[i] &= start[i] >> shift | start[i + 1] << (64 - shift);
        covered.assign(1, 0);
        covered.insert(covered.end(), starts.begin(), starts.end());
        auto* cover = covered.data();
        for (std::size_t shift = 1; shift < kShortestRun; shift *= 2)
            for (std::size_t i = count; i > 0; --i) cover[i] |= cover[i] << shift | cover[i - 1] >> (64 - shift);
        bool is_long = false;
        for (std::size_t i = 1; i <= count; ++i)
            // A word's highest bits are the characters that come last.
            is_long |= std::countl_one(cover[i - 1]) + std::countr_one(cover[i]) > static_cast<int>(kLongestRun);
        return !is_long;
    }
};

[[ASCRIBE_TEXT_VECTORS]] void mask_all_vectors(const char* addresses, char* out, std::span<std::uint32_t> begins) {
    thread_local LongRuns runs;
    const MaskedBits& bits = bits_of({addresses, begins.back()});
    if (!runs.find(bits.words())) return mask_all(bits, addresses, out, begins);
    auto mask = _mm512_set1_epi8(kMask);
    std::size_t row = 0, size = 0;
    std::uint64_t before = 0;
    for (std::size_t i = 0; i < bits.words().size(); ++i) {
        auto starts = runs.starts[i], first = starts & ~(starts << 1 | before >> 63);
        before = starts;
        auto kept = ~runs.covered[i + 1] | first;  // of a run its first character, as a mask
        for (; row < begins.size() && begins[row] < (i + 1) * 64; ++row)
            begins[row] =
                static_cast<std::uint32_t>(size) +
                static_cast<std::uint32_t>(_mm_popcnt_u64(_bzhi_u64(kept, static_cast<unsigned>(begins[row] % 64))));
        auto text = _mm512_mask_mov_epi8(_mm512_loadu_si512(addresses + i * 64), first, mask);
        _mm512_storeu_si512(out + size, _mm512_maskz_compress_epi8(kept, text));
        size += static_cast<std::size_t>(_mm_popcnt_u64(kept));
    }
}

[[ASCRIBE_TEXT_VECTORS]] void hash_all_vectors(const char* addresses, std::span<const std::uint32_t> begins,
                                               std::uint64_t* hashes) {
    for (std::size_t i = 0; i + 1 < begins.size(); ++i) {
        std::string_view text(addresses + begins[i], begins[i + 1] - begins[i] - 1);
        hashes[i] = 1 | (text.size() > kTextVectors ? quick_hash(text) : hash_of(text_vectors(text), text.size()));
    }
}

#endif

void hash_all_plain(const char* addresses, std::span<const std::uint32_t> begins, std::uint64_t* hashes) {
    for (std::size_t i = 0; i + 1 < begins.size(); ++i)
        hashes[i] = 1 | quick_hash({addresses + begins[i], begins[i + 1] - begins[i] - 1});
}

constexpr AddressWay kWays[] = {
#ifdef __x86_64__
    {has_text_vectors, write_all_vectors, mask_all_vectors, hash_all_vectors},
#endif
    {[] { return true; }, write_all_plain, mask_all_plain, hash_all_plain},
};

}  // namespace

std::span<const AddressWay> address_ways() { return kWays; }

const AddressWay& best_address_way() {
    static const auto& best = *std::ranges::find_if(kWays, [](const AddressWay& way) { return way.is_supported(); });
    return best;
}

void append_masked(std::string_view text, std::string& out) {
    MaskedBits bits;
    bits.read(text);
    std::size_t from = 0;
    bits.each_run([&](std::size_t begin, std::size_t end) {
        out.append(text.substr(from, begin - from)) += kMask;
        from = end;
    });
    out.append(text.substr(from));
}

}  // namespace ascribe::sigma

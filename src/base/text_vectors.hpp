// Short texts as vectors, whatever their length: a loop or a branch that depends on a length is foretold wrongly for
// every other text of a log, which costs more than all that is done with the text. Of 64 bytes each, for functions
// declared ASCRIBE_TEXT_VECTORS, and of 32, for ASCRIBE_HALF_VECTORS, where a processor has no AVX-512;
// has_text_vectors() and has_half_vectors() say whether this one may call them.
#pragma once

#ifdef __x86_64__

#include <immintrin.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>

// Macros, because an attribute takes a literal.
#define ASCRIBE_TEXT_VECTORS gnu::target("avx512f,avx512bw,avx512vl,avx512vbmi2,aes,vaes,bmi,bmi2,popcnt")
#define ASCRIBE_HALF_VECTORS gnu::target("avx2,aes,bmi,bmi2,popcnt,lzcnt")

namespace ascribe {

inline constexpr std::size_t kTextVector = 64, kTextVectors = 2 * kTextVector;

inline bool has_text_vectors() {
    return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("vaes") && __builtin_cpu_supports("aes") &&
           __builtin_cpu_supports("bmi2");
}

inline bool has_half_vectors() {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("aes") && __builtin_cpu_supports("bmi2");
}

/// Where a text's later vector begins, which may be behind its end and is not read there: no pointer may be added to
/// so far, a number may.
inline const void* vector_at(const char* text, std::size_t offset) {
    return reinterpret_cast<const void*>(reinterpret_cast<std::uintptr_t>(text) + offset);
}

/// A text as vectors; nothing behind its end is read.
struct TextVectors {
    __mmask64 in_first, in_second;
    __m512i first, second;
};

[[ASCRIBE_TEXT_VECTORS, gnu::always_inline]] inline TextVectors text_vectors(std::string_view text) {
    auto low = static_cast<unsigned>(std::min(text.size(), kTextVector));
    auto high = static_cast<unsigned>(std::max(text.size(), kTextVector) - kTextVector);
    TextVectors vectors{_bzhi_u64(~0ULL, low), _bzhi_u64(~0ULL, high), {}, {}};
    vectors.first = _mm512_maskz_loadu_epi8(vectors.in_first, text.data());
    vectors.second = _mm512_maskz_loadu_epi8(vectors.in_second, vector_at(text.data(), kTextVector));
    return vectors;
}

/// Fast and not secret, as quick_hash(): rounds of AES, each of which mixes four bytes, and the lanes with each other.
/// The constants are digits of pi and of roots, as ciphers and hashes have them.
[[ASCRIBE_TEXT_VECTORS, gnu::always_inline]] inline std::uint64_t hash_of(const TextVectors& text, std::size_t size) {
    auto key = _mm512_set_epi64(0x452821e638d01377, 0x243f6a8885a308d3, 0x13198a2e03707344, 0x4093822299f31d00,
                                0x082efa98ec4e6c89, 0x7137449123ef65cd, 0x3f84d5b5b5470917, 0x55ca78e2c5ed3b1e);
    auto all = _mm512_aesenc_epi128(_mm512_xor_si512(text.first, key), _mm512_set1_epi64(static_cast<long long>(size)));
    all = _mm512_aesenc_epi128(all, text.second);
    auto half = _mm256_aesenc_epi128(_mm512_castsi512_si256(all), _mm512_extracti64x4_epi64(all, 1));
    auto last = _mm_aesenc_si128(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
    return static_cast<std::uint64_t>(_mm_cvtsi128_si64(_mm_aesenc_si128(last, _mm512_castsi512_si128(key))));
}

/// Whether `other` is the beginning of the same text: as many bytes of it are read.
[[ASCRIBE_TEXT_VECTORS, gnu::always_inline]] inline bool is_same(const TextVectors& text, const char* other) {
    auto first = _mm512_maskz_loadu_epi8(text.in_first, other),
         second = _mm512_maskz_loadu_epi8(text.in_second, vector_at(other, kTextVector));
    return (_mm512_cmpneq_epi8_mask(text.first, first) | _mm512_cmpneq_epi8_mask(text.second, second)) == 0;
}

inline constexpr std::size_t kHalfVector = 32;
template <std::size_t kCount>
struct HalfVectors {
    __m256i part[kCount];
};

/// A text's first kCount * kHalfVector bytes, zeros behind its end; nothing behind it is read. AVX2 reads by four bytes
/// or not at all, so the last ones are put where they belong.
template <std::size_t kCount>
[[ASCRIBE_HALF_VECTORS, gnu::always_inline]] inline void half_vectors(std::string_view text, HalfVectors<kCount>& out) {
    constexpr std::size_t kStep = sizeof(std::uint32_t);
    auto size = std::min(text.size(), kCount * kHalfVector), whole = size / kStep, rest = size % kStep;
    std::uint32_t last = 0;
    if (size >= kStep) [[likely]]
        std::memcpy(&last, text.data() + (size - kStep), kStep);
    else if (size > 0)  // its bytes as if they were the later ones of four
        for (std::size_t i = 0; i < size; ++i)
            last |= static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])) << (8 * (kStep - size + i));
    auto tail = _mm256_set1_epi32(static_cast<int>(static_cast<std::uint64_t>(last) >> (8 * (kStep - rest))));
    auto count = _mm256_set1_epi32(static_cast<int>(whole));
    auto place = _mm256_set_epi32(7, 6, 5, 4, 3, 2, 1, 0);
    for (std::size_t i = 0; i < kCount; ++i, place = _mm256_add_epi32(place, _mm256_set1_epi32(8))) {
        auto* at = static_cast<const int*>(vector_at(text.data(), i * kHalfVector));
        out.part[i] = _mm256_or_si256(_mm256_maskload_epi32(at, _mm256_cmpgt_epi32(count, place)),
                                      _mm256_and_si256(tail, _mm256_cmpeq_epi32(count, place)));
    }
}

/// As hash_of(TextVectors), of an even number of vectors.
template <std::size_t kCount>
[[ASCRIBE_HALF_VECTORS, gnu::always_inline]] inline std::uint64_t hash_of(const HalfVectors<kCount>& text,
                                                                          std::size_t size) {
    static_assert(kCount % 2 == 0);
    const __m128i key[] = {
        _mm_set_epi64x(0x452821e638d01377, 0x243f6a8885a308d3), _mm_set_epi64x(0x13198a2e03707344, 0x4093822299f31d00),
        _mm_set_epi64x(0x082efa98ec4e6c89, 0x7137449123ef65cd), _mm_set_epi64x(0x3f84d5b5b5470917, 0x55ca78e2c5ed3b1e)};
    __m128i all[] = {_mm_xor_si128(key[0], _mm_cvtsi64_si128(static_cast<long long>(size))), key[1], key[2], key[3]};
    for (std::size_t i = 0; i < kCount; i += 2)
        for (std::size_t k = 0; k < 2; ++k) {
            all[2 * k] = _mm_aesenc_si128(all[2 * k], _mm256_castsi256_si128(text.part[i + k]));
            all[2 * k + 1] = _mm_aesenc_si128(all[2 * k + 1], _mm256_extracti128_si256(text.part[i + k], 1));
        }
    auto last = _mm_aesenc_si128(_mm_aesenc_si128(all[0], all[1]), _mm_aesenc_si128(all[2], all[3]));
    return static_cast<std::uint64_t>(_mm_cvtsi128_si64(_mm_aesenc_si128(last, key[0])));
}

}  // namespace ascribe

#endif

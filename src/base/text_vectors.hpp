// Texts of at most 128 bytes as two vectors of 64, whatever their length: a loop or a branch that depends on a length
// is foretold wrongly for every other text of a log, which costs more than all that is done with the text. For
// functions declared ASCRIBE_TEXT_VECTORS; has_text_vectors() says whether this processor may call them.
#pragma once

#ifdef __x86_64__

#include <immintrin.h>

#include <algorithm>
#include <cstdint>
#include <string_view>

// A macro, because an attribute takes a literal.
#define ASCRIBE_TEXT_VECTORS gnu::target("avx512f,avx512bw,avx512vl,avx512vbmi2,aes,vaes,bmi,bmi2,popcnt")

namespace ascribe {

inline constexpr std::size_t kTextVector = 64, kTextVectors = 2 * kTextVector;

inline bool has_text_vectors() {
    return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("vaes") && __builtin_cpu_supports("aes") &&
           __builtin_cpu_supports("bmi2");
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

}  // namespace ascribe

#endif

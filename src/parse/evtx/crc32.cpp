// By tables eight bytes at a time ("slicing"), or folded 64 or 256 bytes at a time by carry-less multiplication:
// "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction", Intel 2009,
// https://www.intel.com/content/dam/www/public/us/en/documents/white-papers/fast-crc-computation-generic-polynomials-pclmulqdq-paper.pdf
#include "parse/evtx/crc32.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace ascribe {
namespace {

constexpr std::uint32_t kPolynomial = 0xEDB88320;

/// kTables[k][b]: the checksum of byte b followed by k zero bytes.
constexpr auto kTables = [] {
    std::array<std::array<std::uint32_t, 256>, 8> tables{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit) value = value & 1 ? kPolynomial ^ value >> 1 : value >> 1;
        tables[0][i] = value;
    }
    for (std::size_t k = 1; k < 8; ++k)
        for (std::uint32_t i = 0; i < 256; ++i)
            tables[k][i] = tables[0][tables[k - 1][i] & 0xFF] ^ tables[k - 1][i] >> 8;
    return tables;
}();

/// `state` is the checksum with all bits turned, as it is kept while bytes go in.
std::uint32_t by_tables(std::span<const std::byte> bytes, std::uint32_t state) {
    static_assert(std::endian::native == std::endian::little);
    for (; bytes.size() >= 8; bytes = bytes.subspan(8)) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data(), 8);
        word ^= state;
        state = 0;
        for (std::size_t k = 0; k < 8; ++k) state ^= kTables[7 - k][word >> (8 * k) & 0xFF];
    }
    for (auto byte : bytes) state = kTables[0][(state ^ static_cast<std::uint32_t>(byte)) & 0xFF] ^ state >> 8;
    return state;
}

#if defined(__x86_64__)

/// x^n modulo the polynomial, bits reflected and shifted by one, as the folding multiplies with it.
constexpr std::uint64_t power(unsigned n) {
    std::uint32_t value = 1;  // in plain order: bit i is x^i
    constexpr std::uint32_t kPlain = 0x04C11DB7;
    for (; n > 0; --n) value = value << 1 ^ (value >> 31 ? kPlain : 0);
    std::uint64_t reflected = 0;
    for (unsigned bit = 0; bit < 32; ++bit) reflected |= static_cast<std::uint64_t>(value >> bit & 1) << (32 - bit);
    return reflected;
}

// Distances in bits over which a 128-bit lane is folded: 512 (four lanes at once) and 128 (one by one), each for the
// low and the high half; the paper's k1 to k4. 2048 is the same for sixteen lanes in four wide registers.
constexpr std::uint64_t kFold2048[2] = {power(2048 + 32), power(2048 - 32)},
                        kFold512[2] = {power(512 + 32), power(512 - 32)},
                        kFold128[2] = {power(128 + 32), power(128 - 32)};
static_assert(kFold512[0] == 0x154442BD4 && kFold512[1] == 0x1C6E41596);  // the values printed in the paper, section 5
static_assert(kFold128[0] == 0x1751997D0 && kFold128[1] == 0x0CCAA009E);

constexpr std::size_t kLane = 16, kLeast = 4 * kLane;

__attribute__((target("pclmul,sse4.1"))) __m128i folded(__m128i lane, __m128i factor, __m128i next) {
    auto low = _mm_clmulepi64_si128(lane, factor, 0x00), high = _mm_clmulepi64_si128(lane, factor, 0x11);
    return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

using Lanes = std::array<std::array<std::byte, kLane>, 4>;

/// Folds what is left 64 bytes at a time, then to one lane, whose remainder tables know as well as any reduction does.
__attribute__((target("pclmul,sse4.1"))) std::uint32_t finish(const Lanes& folded_so_far,
                                                              std::span<const std::byte> bytes) {
    auto load = [&bytes](std::size_t lane) __attribute__((target("pclmul,sse4.1"))) {
        return _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes.data() + lane * kLane));
    };
    auto factor = [](const std::uint64_t(&pair)[2]) __attribute__((target("pclmul,sse4.1"))) {
        return _mm_set_epi64x(static_cast<long long>(pair[1]), static_cast<long long>(pair[0]));
    };
    __m128i lanes[4];
    std::memcpy(lanes, folded_so_far.data(), sizeof lanes);
    for (auto by = factor(kFold512); bytes.size() >= kLeast; bytes = bytes.subspan(kLeast))
        for (std::size_t i = 0; i < 4; ++i) lanes[i] = folded(lanes[i], by, load(i));
    auto by = factor(kFold128);
    auto lane = lanes[0];
    for (std::size_t i = 1; i < 4; ++i) lane = folded(lane, by, lanes[i]);
    for (; bytes.size() >= kLane; bytes = bytes.subspan(kLane)) lane = folded(lane, by, load(0));
    std::array<std::byte, kLane> rest;
    _mm_storeu_si128(reinterpret_cast<__m128i*>(rest.data()), lane);
    return by_tables(bytes, by_tables(rest, 0));
}

/// Needs kLeast bytes.
std::uint32_t by_multiplication(std::span<const std::byte> bytes, std::uint32_t state) {
    Lanes lanes;
    std::memcpy(lanes.data(), bytes.data(), kLeast);
    std::uint32_t first = 0;
    std::memcpy(&first, lanes.data(), sizeof first);
    first ^= state;
    std::memcpy(lanes.data(), &first, sizeof first);
    return finish(lanes, bytes.subspan(kLeast));
}

#define ASCRIBE_WIDE __attribute__((target("avx512f,avx512vl,vpclmulqdq")))

ASCRIBE_WIDE __m512i folded(__m512i lanes, __m512i factor, __m512i next) {
    auto low = _mm512_clmulepi64_epi128(lanes, factor, 0x00), high = _mm512_clmulepi64_epi128(lanes, factor, 0x11);
    return _mm512_ternarylogic_epi64(low, high, next, 0x96);  // all three xored
}

constexpr std::size_t kWide = 64, kWideLeast = 4 * kWide;

ASCRIBE_WIDE __m512i wide_at(std::span<const std::byte> bytes, std::size_t i) {
    return _mm512_loadu_si512(bytes.data() + i * kWide);
}

ASCRIBE_WIDE __m512i wide_factor(const std::uint64_t (&pair)[2]) {
    return _mm512_broadcast_i32x4(_mm_set_epi64x(static_cast<long long>(pair[1]), static_cast<long long>(pair[0])));
}

/// Needs kWideLeast bytes.
ASCRIBE_WIDE std::uint32_t by_wide_multiplication(std::span<const std::byte> bytes, std::uint32_t state) {
    auto first = _mm512_zextsi128_si512(_mm_cvtsi32_si128(static_cast<int>(state)));
    __m512i parts[4] = {_mm512_xor_si512(wide_at(bytes, 0), first), wide_at(bytes, 1), wide_at(bytes, 2),
                        wide_at(bytes, 3)};
    bytes = bytes.subspan(kWideLeast);
    for (auto by = wide_factor(kFold2048); bytes.size() >= kWideLeast; bytes = bytes.subspan(kWideLeast))
        for (std::size_t i = 0; i < 4; ++i) parts[i] = folded(parts[i], by, wide_at(bytes, i));
    auto by = wide_factor(kFold512);
    auto all = parts[0];
    for (std::size_t i = 1; i < 4; ++i) all = folded(all, by, parts[i]);
    Lanes lanes;
    _mm512_storeu_si512(lanes.data(), all);
    return finish(lanes, bytes);
}

#undef ASCRIBE_WIDE

bool multiplies_wide() {
    static const bool kCan = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                             __builtin_cpu_supports("vpclmulqdq") && __builtin_cpu_supports("pclmul") &&
                             __builtin_cpu_supports("sse4.1");
    return kCan;
}

bool multiplies() {
    static const bool kCan = __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1");
    return kCan;
}

#endif

}  // namespace

std::vector<ChecksumWay> checksum_ways() {
    std::vector<ChecksumWay> ways;
#if defined(__x86_64__)
    if (multiplies_wide()) ways.push_back({"carry-less, 512 bits", kWideLeast, by_wide_multiplication});
    if (multiplies()) ways.push_back({"carry-less, 128 bits", kLeast, by_multiplication});
#endif
    ways.push_back({"tables", 0, by_tables});
    return ways;
}

std::uint32_t crc32(std::span<const std::byte> bytes, std::uint32_t crc) {
    static const auto kWays = checksum_ways();
    return ~std::ranges::find_if(kWays, [&](const auto& way) { return bytes.size() >= way.least; })->run(bytes, ~crc);
}

}  // namespace ascribe

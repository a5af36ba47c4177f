#include "report/pen.hpp"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <bit>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace ascribe {
namespace {

constexpr char kHex[] = "0123456789abcdef";
constexpr std::size_t kBlock = 16;
static_assert(kBlock <= Pen::kSlack);

template <char... special>
constexpr bool is_plain(char c) {
    return c >= 0x20 && c < 0x7F && ((c != special) && ...);  // bytes from 0x80 on are negative or above
}

#ifdef __SSE2__
/// Bit i: byte i needs an escape. Compared as signed numbers, so that bytes from 0x80 on are below the space too.
template <char... special>
unsigned hard_bytes(__m128i bytes) {
    auto hard = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20));
    hard = _mm_or_si128(hard, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7F)));
    ((hard = _mm_or_si128(hard, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(special)))), ...);
    return static_cast<unsigned>(_mm_movemask_epi8(hard));
}

__m128i both(std::uint64_t a, std::uint64_t b) {
    return _mm_set_epi64x(static_cast<long long>(b), static_cast<long long>(a));
}
__m128i both(std::uint32_t a, std::uint32_t b) { return both(std::uint64_t{a} << 32 | b, std::uint64_t{a} << 32 | b); }

/// Copies a text of one to two words, its first and its last word, unless something in it needs an escape.
template <class Word, char... special>
bool copy_words(const char* from, const char* end, char* to) {
    Word first, last;
    std::memcpy(&first, from, sizeof first);
    std::memcpy(&last, end - sizeof last, sizeof last);
    if (hard_bytes<special...>(both(first, last)) != 0) return false;
    std::memcpy(to, &first, sizeof first);
    std::memcpy(to + (end - from) - sizeof last, &last, sizeof last);
    return true;
}
#endif

/// Copies plain bytes up to the first that is not; true when it met one.
template <char... special>
bool copy_plain(const char*& from, const char* end, char*& to) {
#ifdef __SSE2__
    for (; end - from >= static_cast<std::ptrdiff_t>(kBlock); from += kBlock, to += kBlock) {
        auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
        _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes);
        if (auto found = hard_bytes<special...>(bytes); found != 0) {
            auto plain = std::countr_zero(found);
            from += plain;
            to += plain;
            return true;
        }
    }
    auto left = end - from;
    if (left >= 8 ? copy_words<std::uint64_t, special...>(from, end, to)
                  : left >= 4 && copy_words<std::uint32_t, special...>(from, end, to)) {
        to += left;
        return false;
    }
#endif
    while (from != end) {
        if (!is_plain<special...>(*from)) return true;
        *to++ = *from++;
    }
    return false;
}

/// The character at `from`, which moves behind it; U+FFFD for a byte that begins none.
char32_t take_character(const char*& from, const char* end) {
    auto [code, size] = utf8_at(from, static_cast<std::size_t>(end - from));
    from += size > 0 ? size : 1;
    return size > 0 ? code : 0xFFFD;
}

void put(std::string_view text, char*& to) {
    std::memcpy(to, text.data(), text.size());
    to += text.size();
}

void put_unit(char32_t unit, char*& to) {
    put("\\u", to);
    for (int shift = 12; shift >= 0; shift -= 4) *to++ = kHex[unit >> shift & 0xF];
}

void put_json(char32_t code, char*& to) {
    switch (code) {
        case '"': return put("\\\"", to);
        case '\\': return put("\\\\", to);
        case '\n': return put("\\n", to);
        case '\r': return put("\\r", to);
        case '\t': return put("\\t", to);
        default: break;
    }
    if (code >= 0x10000) {
        put_unit(0xD800 + ((code - 0x10000) >> 10), to);
        code = 0xDC00 + (code & 0x3FF);
    }
    put_unit(code, to);
}

/// https://www.w3.org/TR/xml/#charsets
constexpr bool is_xml(char32_t code) {
    return code == '\t' || code == '\n' || code == '\r' || (code >= 0x20 && code != 0xFFFE && code != 0xFFFF);
}

void put_xml(char32_t code, char*& to) {
    switch (code) {
        case '&': return put("&amp;", to);
        case '<': return put("&lt;", to);
        case '>': return put("&gt;", to);
        case '"': return put("&quot;", to);
        case '\'': return put("&#39;", to);
        default: break;
    }
    if (!is_xml(code)) code = 0xFFFD;
    put("&#x", to);
    for (int shift = (std::bit_width(static_cast<std::uint32_t>(code)) - 1) / 4 * 4; shift >= 0; shift -= 4)
        *to++ = kHex[code >> shift & 0xF];
    *to++ = ';';
}

}  // namespace

// What is written may be the pen itself, as far as the compiler knows: its place is kept in a variable meanwhile.

void Pen::json(std::string_view text) {
    const char *from = text.data(), *end = from + text.size();
    char* to = at_;
    while (copy_plain<'"', '\\'>(from, end, to)) put_json(take_character(from, end), to);
    at_ = to;
}

void Pen::xml(std::string_view text) {
    const char *from = text.data(), *end = from + text.size();
    char* to = at_;
    while (copy_plain<'&', '<', '>', '"', '\''>(from, end, to)) put_xml(take_character(from, end), to);
    at_ = to;
}

void Pen::csv(std::string_view text) {
    const char *from = text.data(), *end = from + text.size();
    char* to = at_;
    while (copy_plain<'"'>(from, end, to)) {
        if (*from == '"') {
            put("\"\"", to);
            ++from;
            continue;
        }
        auto begin = from;
        take_character(from, end);
        put(visible({begin, static_cast<std::size_t>(from - begin)}), to);
    }
    at_ = to;
}

}  // namespace ascribe

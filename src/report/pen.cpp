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

/// Copies plain bytes up to the first that is not; true when it met one.
template <char... special>
bool copy_plain(const char*& from, const char* end, char*& to) {
#ifdef __SSE2__
    for (; end - from >= static_cast<std::ptrdiff_t>(kBlock); from += kBlock, to += kBlock) {
        auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
        _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes);
        // Compared as signed numbers, so that bytes from 0x80 on are below the space too.
        auto hard = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20));
        hard = _mm_or_si128(hard, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7F)));
        ((hard = _mm_or_si128(hard, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(special)))), ...);
        if (auto found = static_cast<unsigned>(_mm_movemask_epi8(hard)); found != 0) {
            auto plain = std::countr_zero(found);
            from += plain;
            to += plain;
            return true;
        }
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

void Pen::json(std::string_view text) {
    const char *from = text.data(), *end = from + text.size();
    while (copy_plain<'"', '\\'>(from, end, at_)) put_json(take_character(from, end), at_);
}

void Pen::xml(std::string_view text) {
    const char *from = text.data(), *end = from + text.size();
    while (copy_plain<'&', '<', '>', '"', '\''>(from, end, at_)) put_xml(take_character(from, end), at_);
}

void Pen::csv(std::string_view text) {
    const char *from = text.data(), *end = from + text.size();
    while (copy_plain<'"'>(from, end, at_)) {
        if (*from == '"') {
            put("\"\"", at_);
            ++from;
            continue;
        }
        auto begin = from;
        take_character(from, end);
        put(visible({begin, static_cast<std::size_t>(from - begin)}), at_);
    }
}

}  // namespace ascribe

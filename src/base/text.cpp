#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace ascribe {

std::string lower(std::string_view text) {
    std::string folded(text);
    for (char& c : folded) c = lower(c);
    return folded;
}

bool equals_folded(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

bool contains_folded(std::string_view text, std::string_view part) {
    if (part.empty()) return true;
    if (part.size() > text.size()) return false;
    std::size_t at = 0, last = text.size() - part.size();
#ifdef __SSE2__
    // Sixteen places at a time: where the first and the last character are right, which is hardly anywhere. The last
    // sixteen may have been looked at in part.
    constexpr std::size_t kPlaces = 16;
    auto is_either = [](__m128i bytes, char c) {
        auto small = _mm_set1_epi8(lower(c));
        auto capital = _mm_set1_epi8(lower(c) >= 'a' && lower(c) <= 'z' ? static_cast<char>(lower(c) - 32) : lower(c));
        return _mm_or_si128(_mm_cmpeq_epi8(bytes, small), _mm_cmpeq_epi8(bytes, capital));
    };
    for (; last + 1 >= kPlaces; at = std::min(at + kPlaces, last + 1 - kPlaces)) {
        auto begins = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
        auto ends = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at + part.size() - 1));
        auto both = _mm_and_si128(is_either(begins, part.front()), is_either(ends, part.back()));
        for (auto places = static_cast<unsigned>(_mm_movemask_epi8(both)); places != 0; places &= places - 1)
            if (equals_folded(text.substr(at + static_cast<unsigned>(std::countr_zero(places)), part.size()), part))
                return true;
        if (at + kPlaces == last + 1) return false;
    }
#endif
    for (; at <= last; ++at)
        if (lower(text[at]) == lower(part.front()) && equals_folded(text.substr(at, part.size()), part)) return true;
    return false;
}

bool starts_folded(std::string_view text, std::string_view prefix) {
    return text.size() >= prefix.size() && equals_folded(text.substr(0, prefix.size()), prefix);
}

std::size_t find_comment_end(std::string_view text, std::size_t from) {
    for (auto slash = text.find('/', from + 1); slash != std::string_view::npos; slash = text.find('/', slash + 1))
        if (text[slash - 1] == '*') return slash - 1;
    return std::string_view::npos;
}

bool ends_folded(std::string_view text, std::string_view suffix) {
    return text.size() >= suffix.size() && equals_folded(text.substr(text.size() - suffix.size()), suffix);
}

std::string_view trim(std::string_view text) {
    constexpr std::string_view space = " \t\r\n";
    auto from = text.find_first_not_of(space);
    if (from == std::string_view::npos) return {};
    return text.substr(from, text.find_last_not_of(space) - from + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (true) {
        auto end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

std::string_view base_name(std::string_view path) {
    if (path.empty()) return path;
    for (char separator : {'/', '\\'})
        if (auto* at = static_cast<const char*>(memrchr(path.data(), separator, path.size())))
            path.remove_prefix(static_cast<std::size_t>(at - path.data()) + 1);
    return path;
}

std::string_view extension(std::string_view path) {
    auto name = base_name(path);
    auto at = name.rfind('.');
    return at == std::string_view::npos ? std::string_view{} : name.substr(at);
}

std::optional<std::int64_t> parse_number(std::string_view text) {
    std::int64_t value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || text.empty() || text.front() == '-') return {};
    return value;
}

namespace {

int hex_digit(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

struct Decoded {
    char32_t code;
    std::size_t size;  // bytes taken; 0: not UTF-8
};

/// One code point of UTF-8; overlong forms, surrogates and values past U+10FFFF are refused.
Decoded decode_utf8(std::string_view text) {
    auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    auto tail = [&](std::size_t i) { return i < text.size() && (byte(i) & 0xC0) == 0x80; };
    unsigned first = byte(0);
    if (first < 0x80) return {first, 1};
    if (first >= 0xC2 && first < 0xE0 && tail(1)) return {(first & 0x1Fu) << 6 | (byte(1) & 0x3Fu), 2};
    if (first >= 0xE0 && first < 0xF0 && tail(1) && tail(2)) {
        char32_t code = (first & 0x0Fu) << 12 | (byte(1) & 0x3Fu) << 6 | (byte(2) & 0x3Fu);
        if (code >= 0x800 && (code < 0xD800 || code > 0xDFFF)) return {code, 3};
    }
    if (first >= 0xF0 && first < 0xF5 && tail(1) && tail(2) && tail(3)) {
        char32_t code = (first & 7u) << 18 | (byte(1) & 0x3Fu) << 12 | (byte(2) & 0x3Fu) << 6 | (byte(3) & 0x3Fu);
        if (code >= 0x10000 && code <= 0x10FFFF) return {code, 4};
    }
    return {0, 0};
}

std::size_t encode_utf8(char32_t code, char* out) {
    auto tail = [code](int shift) { return static_cast<char>(0x80 | (code >> shift & 0x3F)); };
    if (code < 0x80) {
        out[0] = static_cast<char>(code);
        return 1;
    }
    if (code < 0x800) {
        out[0] = static_cast<char>(0xC0 | code >> 6);
        out[1] = tail(0);
        return 2;
    }
    if (code < 0x10000) {
        out[0] = static_cast<char>(0xE0 | code >> 12);
        out[1] = tail(6);
        out[2] = tail(0);
        return 3;
    }
    out[0] = static_cast<char>(0xF0 | code >> 18);
    out[1] = tail(12);
    out[2] = tail(6);
    out[3] = tail(0);
    return 4;
}

void append_utf8(std::string& out, char32_t code) {
    char bytes[4];
    out.append(bytes, encode_utf8(code, bytes));
}

bool is_hidden(char32_t c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x61C || (c >= 0x200B && c <= 0x200F) ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
           (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F);
}

}  // namespace

std::string decode_percent(std::string_view text) {
    if (text.find('%') == std::string_view::npos) return std::string(text);
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
            out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
    auto longer = std::max(a.size(), b.size()), shorter = std::min(a.size(), b.size());
    if (longer - shorter > limit || longer > 256) return limit + 1;
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            auto substitute = diagonal + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, substitute});
        }
    }
    return std::min(row[b.size()], limit + 1);
}

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        auto decoded = decode_utf8(text);
        if (decoded.size == 0) return false;
        text.remove_prefix(decoded.size);
    }
    return true;
}

std::string from_cp1252(std::string_view text) {
    // 0x80-0x9F of Windows-1252; the five unassigned bytes keep their C1 value, as browsers do
    // (encoding.spec.whatwg.org).
    static constexpr char16_t high[32] = {0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                          0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
                                          0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                          0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};
    std::string out;
    for (char c : text) {
        auto byte = static_cast<unsigned char>(c);
        append_utf8(out, byte >= 0x80 && byte < 0xA0 ? high[byte - 0x80] : byte);
    }
    return out;
}

std::string from_utf16(std::string_view raw) {
    std::string out(raw.size() / 2 * kUtf8OfUnit, '\0');
    out.resize(from_utf16(raw, out.data()));
    return out;
}

namespace {

#ifdef __SSE2__
/// Writes units of `raw` as bytes while they are ASCII, which is what names, paths and commands are made of, and
/// returns how many: all of them, or those before the eight in which another stands. The last ones of all are written
/// together with some before them once more, so that no length is slow.
std::size_t copy_ascii(std::string_view raw, char* out) {
    auto is_ascii = [](__m128i units) {
        auto high = _mm_and_si128(units, _mm_set1_epi16(static_cast<short>(0xFF80)));
        return _mm_movemask_epi8(_mm_cmpeq_epi16(high, _mm_setzero_si128())) == 0xFFFF;
    };
    auto eight = [&](std::size_t i) {
        auto units = _mm_loadu_si128(reinterpret_cast<const __m128i*>(raw.data() + i));
        _mm_storel_epi64(reinterpret_cast<__m128i*>(out + i / 2), _mm_packus_epi16(units, units));
        return is_ascii(units);
    };
    auto four = [&](std::size_t i) {
        auto units = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(raw.data() + i));
        auto bytes = _mm_cvtsi128_si32(_mm_packus_epi16(units, units));
        std::memcpy(out + i / 2, &bytes, sizeof bytes);
        return is_ascii(units);
    };
    const auto size = raw.size();
    if (size >= 16) {
        std::size_t i = 0;
        for (; i + 16 <= size; i += 16)
            if (!eight(i)) return i / 2;
        return eight(size - 16) ? size / 2 : i / 2;
    }
    return size >= 8 && four(0) && four(size - 8) ? size / 2 : 0;
}
#else
std::size_t copy_ascii(std::string_view, char*) { return 0; }
#endif

}  // namespace

std::size_t from_utf16(std::string_view raw, char* out) {
    char* const begin = out;
    const auto size = raw.size() & ~std::size_t{1};
    auto unit = [&](std::size_t i) {
        return static_cast<char32_t>(static_cast<unsigned char>(raw[i]) | static_cast<unsigned char>(raw[i + 1]) << 8);
    };
    for (std::size_t i = 0; i < size; i += 2) {
        auto copied = copy_ascii(raw.substr(i, size - i), out);
        out += copied;
        i += copied * 2;
        if (i == size) break;
        char32_t code = unit(i);
        if (code >= 0xD800 && code < 0xDC00 && i + 3 < size && unit(i + 2) >= 0xDC00 && unit(i + 2) < 0xE000) {
            code = 0x10000 + ((code - 0xD800) << 10) + (unit(i + 2) - 0xDC00);
            i += 2;
        } else if (code >= 0xD800 && code < 0xE000) {
            code = 0xFFFD;
        }
        out += encode_utf8(code, out);
    }
    return static_cast<std::size_t>(out - begin);
}

std::string visible(std::string_view text, std::size_t limit) {
    bool cut = text.size() > limit;
    text = text.substr(0, limit);
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        auto decoded = decode_utf8(text);
        if (decoded.size == 0) {
            out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front()));
            text.remove_prefix(1);
            continue;
        }
        if (is_hidden(decoded.code))
            out += decoded.code < 0x100 ? fmt::format("\\x{:02x}", std::uint32_t(decoded.code))
                                        : fmt::format("\\u{{{:x}}}", std::uint32_t(decoded.code));
        else
            out.append(text.substr(0, decoded.size));
        text.remove_prefix(decoded.size);
    }
    if (cut) out += "…";
    return out;
}

}  // namespace ascribe

// One character of UTF-8 at a time, strictly: no overlong form, no surrogate, nothing past U+10FFFF.
// https://www.rfc-editor.org/rfc/rfc3629#section-4
#pragma once

#include <cstddef>
#include <cstdint>

namespace ascribe {

struct Utf8 {
    char32_t code = 0;
    std::size_t size = 0;  // bytes; 0: the first byte begins no character
};

/// The character that begins at `from`, of which `left` bytes (at least one) may be read.
inline Utf8 utf8_at(const char* from, std::size_t left) {
    auto byte = [from](std::size_t i) { return static_cast<unsigned char>(from[i]); };
    auto first = byte(0);
    if (first < 0x80) return {first, 1};
    std::size_t size = first >= 0xC2 && first < 0xE0   ? 2
                       : first >= 0xE0 && first < 0xF0 ? 3
                       : first >= 0xF0 && first < 0xF5 ? 4
                                                       : 0;
    if (size == 0 || size > left) return {};
    char32_t code = first & (0x7Fu >> size);
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return {};
        code = code << 6 | (byte(i) & 0x3Fu);
    }
    bool surrogate = code >= 0xD800 && code < 0xE000;
    bool overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
    if (surrogate || overlong || code > 0x10FFFF) return {};
    return {code, size};
}

}  // namespace ascribe

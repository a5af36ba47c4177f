// The mirror of Reader: little-endian values and counted texts, for what travels between processes and into case files.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace ascribe {

class Writer {
public:
    template <std::integral T>
    void little(T value) {
        if constexpr (std::endian::native == std::endian::big) value = std::byteswap(value);
        char raw[sizeof(T)];
        std::memcpy(raw, &value, sizeof value);
        out_.append(raw, sizeof raw);
    }
    /// At most 4 GiB; a longer text is cut.
    void text(std::string_view value) {
        value = value.substr(0, UINT32_MAX);
        little(static_cast<std::uint32_t>(value.size()));
        out_.append(value);
    }
    void count(std::size_t value) { little(static_cast<std::uint32_t>(value)); }
    const std::string& bytes() const { return out_; }
    std::string take() { return std::move(out_); }

private:
    std::string out_;
};

}  // namespace ascribe

// The only way binary input is read: every step is checked and knows its absolute offset.
#pragma once

#include <bit>
#include <concepts>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace ascribe {

class Reader {
public:
    /// `start` is where `in` begins in its artefact, so that errors name the artefact's offset.
    explicit Reader(std::span<const std::byte> in, std::uint64_t start = 0) : in_(in), start_(start) {}
    std::uint64_t offset() const { return start_ + pos_; }
    std::size_t left() const { return in_.size() - pos_; }

    Result<std::span<const std::byte>> take(std::size_t size, std::string_view what) {
        if (size > in_.size() - pos_)
            return std::unexpected(Error{Fault::truncated, what, offset(), size, in_.size() - pos_});
        pos_ += size;
        return in_.subspan(pos_ - size, size);
    }

    /// Moves to `pos` bytes from the start of `in`.
    Result<void> seek(std::size_t pos, std::string_view what) {
        if (pos > in_.size()) return std::unexpected(Error{Fault::truncated, what, start_ + pos, 0, in_.size()});
        pos_ = pos;
        return {};
    }

    template <std::integral T>
    Result<T> little(std::string_view what) {
        auto raw = TRY(take(sizeof(T), what));
        T value;
        std::memcpy(&value, raw.data(), sizeof value);
        if constexpr (std::endian::native == std::endian::big) value = std::byteswap(value);
        return value;
    }

    /// A text written by Writer::text.
    Result<std::string_view> text(std::string_view what) {
        auto size = TRY(little<std::uint32_t>(what));
        auto raw = TRY(take(size, what));
        return as_text(raw);
    }

    /// A count written by Writer; refused when even one byte an element would not fit in what is left.
    Result<std::uint32_t> count(std::string_view what) {
        auto n = TRY(little<std::uint32_t>(what));
        if (n > left()) return std::unexpected(Error{Fault::bad_value, what, offset(), n, left()});
        return n;
    }

private:
    std::span<const std::byte> in_;
    std::uint64_t start_;
    std::size_t pos_ = 0;
};

}  // namespace ascribe

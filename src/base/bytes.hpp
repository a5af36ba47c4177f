// Read-only bytes that keep their owner alive: a mapped file, a decoded archive member, a string in a test.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ascribe {

class Bytes {
public:
    Bytes() = default;
    Bytes(std::span<const std::byte> view, std::shared_ptr<const void> owner) : view_(view), owner_(std::move(owner)) {}
    /// Owns a copy of `text`.
    static Bytes copy(std::string_view text);
    /// Maps `size` bytes of an open file from its start, read-only. The descriptor may be closed afterwards. A file
    /// that shrinks later raises SIGBUS in whoever reads it, so map evidence in a worker only. A small file is read at
    /// once instead.
    static Result<Bytes> map(int descriptor, std::uint64_t size);
    /// Owns a copy of the first `size` bytes of an open file.
    static Result<Bytes> read(int descriptor, std::uint64_t size);

    /// Has the mapped bytes from `begin` to `end` brought in at once, which spares a fault every few pages, and the
    /// same length behind them fetched meanwhile. A hint: nothing depends on it.
    void expect(std::uint64_t begin, std::uint64_t end) const;

    std::span<const std::byte> view() const { return view_; }
    std::string_view text() const { return {reinterpret_cast<const char*>(view_.data()), view_.size()}; }
    std::size_t size() const { return view_.size(); }

private:
    std::span<const std::byte> view_;
    std::shared_ptr<const void> owner_;
};

inline std::string_view as_text(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline std::span<const std::byte> as_bytes(std::string_view text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}

}  // namespace ascribe

#include "base/bytes.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace ascribe {

Bytes Bytes::copy(std::string_view text) {
    auto owner = std::make_shared<const std::string>(text);
    return {as_bytes(*owner), owner};
}

/// Files up to this size are read: to map one, meet its faults and unmap it takes longer than to copy it.
static constexpr std::uint64_t kRead = 64 << 10;

Result<Bytes> Bytes::read(int descriptor, std::uint64_t size) {
    auto owner = std::make_shared_for_overwrite<std::byte[]>(size);
    for (std::uint64_t at = 0; at < size;) {
        auto got = ::pread(descriptor, owner.get() + at, size - at, static_cast<off_t>(at));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return std::unexpected(Error{Fault::io, "evidence_changed_while_read", at, size, at});
        at += static_cast<std::uint64_t>(got);
    }
    std::span<const std::byte> view(owner.get(), size);
    return Bytes{view, std::move(owner)};
}

Result<Bytes> Bytes::map(int descriptor, std::uint64_t size) {
    if (size == 0) return Bytes{};
    if (size <= kRead) return read(descriptor, size);
    // Private: Linux before 6.7 maps a sealed memory file only so. Nothing is written, so nothing is copied.
    void* address = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (address == MAP_FAILED) return std::unexpected(Error{Fault::io, "mmap", 0, size, 0});
    std::shared_ptr<const void> owner(address, [size](const void* p) { munmap(const_cast<void*>(p), size); });
    return Bytes{{static_cast<const std::byte*>(address), size}, std::move(owner)};
}

void Bytes::expect(std::uint64_t begin, std::uint64_t end) const {
    constexpr std::uint64_t kPage = 4096;
    auto advise = [&](std::uint64_t from, std::uint64_t until, int advice) {
        until = std::min<std::uint64_t>(until, view_.size());
        from = from / kPage * kPage;
        if (from < until) madvise(const_cast<std::byte*>(view_.data()) + from, until - from, advice);
    };
#ifdef MADV_POPULATE_READ
    advise(end, end + (end - begin), MADV_WILLNEED);
    advise(begin, end, MADV_POPULATE_READ);
#endif
}

}  // namespace ascribe

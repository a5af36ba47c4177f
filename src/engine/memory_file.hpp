// Bytes from a worker to its parent without a copy: a file in memory that the worker writes and seals. Sealed, it can
// be mapped by the parent without fear of a worker that changes or shrinks it meanwhile.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/channel.hpp"

namespace ascribe {

class MemoryFile {
public:
    std::uint64_t size() const { return size_; }
    /// False when there is no memory; the file then holds what was written before, whole calls only.
    bool write(std::string_view bytes);
    /// Nothing can be written afterwards. No descriptor when nothing was written.
    Descriptor seal();

private:
    Descriptor file_;
    std::uint64_t size_ = 0;
};

/// The size of a sealed memory file; nothing for any other descriptor.
std::optional<std::uint64_t> sealed_size(int descriptor);

}  // namespace ascribe

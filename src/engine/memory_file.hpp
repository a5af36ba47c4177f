// Bytes from a worker to its parent in a file in memory, whose pages serve part after part: the kernel clears and
// counts each page that it hands out anew, which took longer than copying the lines. The worker goes on writing into a
// file that its parent has, so the parent looks at copies of what is in it only, and never maps it.
//
// Sealed, a file can be mapped without fear of one who changes or shrinks it meanwhile.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/channel.hpp"

namespace ascribe {

class MemoryFile {
public:
    std::uint64_t size() const { return size_; }
    /// Begins at the start again: in the same file, or in a new one.
    void begin_again(bool same);
    /// The file's descriptor when it is a new one since the last call, else -1.
    int hand_over();
    /// False when there is no memory; the file then holds what was written before, whole calls only.
    bool write(std::string_view bytes);
    /// Nothing can be written afterwards. No descriptor when nothing was written.
    Descriptor seal();

private:
    Descriptor file_;
    std::uint64_t size_ = 0;
    bool is_new_ = false;
};

/// The size of a sealed memory file; nothing for any other descriptor.
std::optional<std::uint64_t> sealed_size(int descriptor);

}  // namespace ascribe

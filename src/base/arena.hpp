// Room for text that lives as long as what it belongs to: a pointer that moves through blocks. The last text may be cut
// to what was used of it, so a decoder writes in place without knowing the length beforehand.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace ascribe {

class Arena {
public:
    /// Room for `most` bytes, valid for the arena's life once kept(); until then the next call may hand it out again.
    char* room(std::size_t most) {
        if (most > left_) grow(most);
        return at_;
    }
    /// Keeps the first `size` bytes of what room() gave.
    std::string_view kept(std::size_t size) {
        std::string_view text(at_, size);
        at_ += size;
        left_ -= size;
        return text;
    }
    std::string_view keep(std::string_view text) {
        if (text.empty()) return {};
        std::memcpy(room(text.size()), text.data(), text.size());
        return kept(text.size());
    }

    /// Calls `take` with all that was kept, piece by piece; texts that were kept one after the other touch.
    template <class Take>
    void each_block(Take take) const {
        for (std::size_t i = 0; i + 1 < blocks_.size(); ++i)
            take(std::string_view(blocks_[i].bytes.get(), blocks_[i].used));
        if (!blocks_.empty()) {
            const char* begin = blocks_.back().bytes.get();
            take(std::string_view(begin, static_cast<std::size_t>(at_ - begin)));
        }
    }

private:
    struct Block {
        std::unique_ptr<char[]> bytes;
        std::size_t used = 0;  // set when the next block is begun
    };
    static constexpr std::size_t kFirst = 4 << 10, kMost = 1 << 20;  // blocks double, so small batches stay small

    void grow(std::size_t most) {
        auto size = most > next_ ? most : next_;
        if (!blocks_.empty()) blocks_.back().used = static_cast<std::size_t>(at_ - blocks_.back().bytes.get());
        blocks_.push_back({std::make_unique_for_overwrite<char[]>(size)});
        at_ = blocks_.back().bytes.get();
        left_ = size;
        if (next_ < kMost) next_ *= 2;
    }

    std::vector<Block> blocks_;
    char* at_ = nullptr;
    std::size_t left_ = 0, next_ = kFirst;
};

}  // namespace ascribe

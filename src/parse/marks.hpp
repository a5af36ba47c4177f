// Where any of some bytes stand in a text: 64 bytes at a look, and only what was found is visited. For texts of some
// hundred bytes with dozens of such places, in which a search for each by itself would begin more often than it reads.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#ifdef __x86_64__
#include <emmintrin.h>
#endif

namespace ascribe {

template <char... kBytes>
class Marks {
public:
    explicit Marks(std::string_view text) : text_(text) { look(); }

    /// The next place; the text's size when there is none.
    std::size_t next() {
        while (found_ == 0) {
            at_ += kStep;
            if (at_ >= text_.size()) return text_.size();
            look();
        }
        auto place = at_ + static_cast<std::size_t>(std::countr_zero(found_));
        found_ &= found_ - 1;
        return place;
    }
    /// Passes over all up to `place`, and the one there.
    void pass(std::size_t place) {
        if (place / kStep * kStep != at_) {
            at_ = place / kStep * kStep;
            look();
        }
        found_ &= ~std::uint64_t{1} << place % kStep;
    }

private:
    static constexpr std::size_t kStep = 64;

    void look() {
        found_ = 0;
        if (at_ >= text_.size()) return;
        auto left = text_.size() - at_;
#ifdef __x86_64__
        if (left >= kStep) {
            for (std::size_t i = 0; i < kStep; i += 16) {
                auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text_.data() + at_ + i));
                auto any = (_mm_cmpeq_epi8(bytes, _mm_set1_epi8(kBytes)) | ...);
                found_ |= std::uint64_t{static_cast<std::uint32_t>(_mm_movemask_epi8(any))} << i;
            }
            return;
        }
#endif
        for (std::size_t i = 0; i < left && i < kStep; ++i)
            if (char c = text_[at_ + i]; ((c == kBytes) || ...)) found_ |= std::uint64_t{1} << i;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::uint64_t found_ = 0;  // from at_ on
};

}  // namespace ascribe

#include "shells/machine/letters.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace ascribe::shells {
namespace {

unsigned char byte_at(std::string_view text, std::size_t i) { return static_cast<unsigned char>(text[i]); }

/// Bytes of the letter that begins at `i`.
std::size_t width(std::string_view text, std::size_t i, bool utf8) {
    auto first = byte_at(text, i);
    if (first < 0x80) return 1;
    std::size_t size = utf8 ? (first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2) : 1;
    if (!utf8 && first > 0x80 && i + 1 < text.size() && byte_at(text, i + 1) >= 0x40) size = 2;
    return std::min(size, text.size() - i);
}

}  // namespace

bool Letters::are_of(const Value& text) const {
    return view_.data() == text.view.data() && view_.size() == text.view.size() &&
           (owned_ ? !owner_.expired() && owner_.lock() == text.owner : text.owner == nullptr);
}

void Letters::read(const Value& text) {
    view_ = text.view;
    owner_ = text.owner;
    owned_ = text.owner != nullptr;
    begins_.clear();
    plain_ = std::ranges::all_of(view_, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    bool utf8 = !plain_ && is_utf8(view_);
    if (!plain_)
        for (std::size_t i = 0; i < view_.size(); i += width(view_, i, utf8))
            begins_.push_back(static_cast<std::uint32_t>(i));
}

std::size_t Letters::byte_of(std::size_t letter) const {
    if (letter >= size()) return view_.size();
    return plain_ ? letter : begins_[letter];
}

std::string_view Letters::substr(std::size_t from, std::size_t count) const {
    from = std::min(from, size());
    auto begin = byte_of(from), end = byte_of(from + std::min(count, size() - from));
    return view_.substr(begin, end - begin);
}

std::size_t Letters::at_byte(std::size_t byte) const {
    if (plain_) return byte;
    auto found = std::ranges::lower_bound(begins_, byte);
    if (found == begins_.end() || *found != byte) return std::string_view::npos;
    return static_cast<std::size_t>(found - begins_.begin());
}

}  // namespace ascribe::shells

#include "shells/machine/letters.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace ascribe::shells {
namespace {

constexpr std::size_t kEach = 32;

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
    count_ = 0;
    plain_ = std::ranges::all_of(view_, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    utf8_ = !plain_ && is_utf8(view_);
    if (plain_) return;
    for (std::size_t i = 0; i < view_.size(); i += width(view_, i, utf8_))
        if (count_++ % kEach == 0) begins_.push_back(static_cast<std::uint32_t>(i));
}

std::size_t Letters::byte_of(std::size_t letter) const {
    if (letter >= size()) return view_.size();
    if (plain_) return letter;
    std::size_t at = begins_[letter / kEach];
    for (auto more = letter % kEach; more > 0; --more) at += width(view_, at, utf8_);
    return at;
}

std::string_view Letters::substr(std::size_t from, std::size_t count) const {
    from = std::min(from, size());
    auto begin = byte_of(from), end = byte_of(from + std::min(count, size() - from));
    return view_.substr(begin, end - begin);
}

std::size_t Letters::at_byte(std::size_t byte) const {
    if (plain_) return byte;
    auto behind = std::ranges::upper_bound(begins_, byte);
    if (behind == begins_.begin() || byte >= view_.size()) return std::string_view::npos;
    auto letter = static_cast<std::size_t>(behind - begins_.begin() - 1) * kEach;
    std::size_t at = *(behind - 1);
    for (; at < byte; ++letter) at += width(view_, at, utf8_);
    return at == byte ? letter : std::string_view::npos;
}

}  // namespace ascribe::shells

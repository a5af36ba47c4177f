// Letters of a text that may take several bytes: Basic counts letters, whatever the code page. UTF-8 where the text is
// UTF-8, else pairs of cp936, which most pages of that kind are written in.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "shells/machine/value.hpp"

namespace ascribe::shells {

/// Of one text: a loop asks for one letter after the other.
class Letters {
public:
    bool are_of(const Value& text) const;
    void read(const Value& text);
    std::size_t size() const { return plain_ ? view_.size() : count_; }
    /// `count` letters behind the first `from`.
    std::string_view substr(std::size_t from, std::size_t count) const;
    /// Number of the letter that begins at that byte; npos when none does.
    std::size_t at_byte(std::size_t byte) const;
    /// Byte where a letter begins.
    std::size_t byte_of(std::size_t letter) const;

private:
    std::string_view view_;
    std::weak_ptr<void> owner_;
    bool owned_ = false, plain_ = true;
    bool utf8_ = false;
    std::size_t count_ = 0;
    std::vector<std::uint32_t> begins_;  // of every kEach-th letter: a text of some MB is not to cost four times itself
};

}  // namespace ascribe::shells

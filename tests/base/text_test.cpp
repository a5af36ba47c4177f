// UTF-16 as Windows writes it becomes the same UTF-8 at every length and wherever a unit beyond ASCII stands: the fast
// path takes eight units at a time and its last ones twice.
#include "base/text.hpp"

#include <gtest/gtest.h>

namespace ascribe {
namespace {

std::string utf16(std::u16string_view units) {
    std::string raw;
    for (auto unit : units) raw += {static_cast<char>(unit & 0xFF), static_cast<char>(unit >> 8)};
    return raw;
}

TEST(Text, FromUtf16AtEveryLength) {
    for (std::size_t length = 0; length <= 40; ++length) {
        std::u16string units;
        std::string expected;
        for (std::size_t i = 0; i < length; ++i) {
            units += static_cast<char16_t>(u'!' + i);
            expected += static_cast<char>('!' + i);
        }
        EXPECT_EQ(from_utf16(utf16(units)), expected);
        EXPECT_EQ(from_utf16(utf16(units) + "x"), expected) << "half a unit says nothing";
        for (std::size_t i = 0; i < length; ++i) {
            auto other = units;
            other[i] = u'\u00FC';
            EXPECT_EQ(from_utf16(utf16(other)), expected.substr(0, i) + "\u00FC" + expected.substr(i + 1));
            other[i] = u'\u4E2D';
            EXPECT_EQ(from_utf16(utf16(other)), expected.substr(0, i) + "\u4E2D" + expected.substr(i + 1));
            other[i] = 0xD83D;  // half of a pair
            EXPECT_EQ(from_utf16(utf16(other)), expected.substr(0, i) + "\uFFFD" + expected.substr(i + 1));
            if (i + 1 == length) continue;
            other[i + 1] = 0xDE00;
            EXPECT_EQ(from_utf16(utf16(other)), expected.substr(0, i) + "\U0001F600" + expected.substr(i + 2));
        }
    }
}

}  // namespace
}  // namespace ascribe

// Folding keeps a text's size, whatever its bytes, and knows the letters of the languages Windows is installed in.
#include "detect/sigma/fold.hpp"

#include <gtest/gtest.h>

namespace ascribe::sigma {
namespace {

TEST(Fold, LettersOfWindowsLanguages) {
    EXPECT_EQ(folded("AUTORITE NT\\SYSTÈME"), "autorite nt\\système");
    EXPECT_EQ(folded("АДМИНИСТРАТОР Ё"), "администратор ё");
    EXPECT_EQ(folded("JÄRJESTELMÄNVALVOJA"), "järjestelmänvalvoja");
    EXPECT_EQ(folded("ΔΙΑΧΕΙΡΙΣΤΉΣ"), "διαχειριστήσ");
    EXPECT_EQ(folded("SPRÁVCE Č Ž Ł Ő"), "správce č ž ł ő");
    EXPECT_EQ(folded("ＣＭＤ Ạ ×÷"), "ｃｍｄ ạ ×÷");
}

TEST(Fold, AnyBytesKeepTheirSizeAndFoldOnce) {
    for (unsigned first = 0; first < 256; ++first)
        for (unsigned second = 0; second < 256; ++second)
            for (std::string_view rest : {"", "\x80", "\xA0Z", "Z\xC3"}) {
                std::string text{static_cast<char>(first), static_cast<char>(second)};
                text += rest;
                auto once = folded(text);
                ASSERT_EQ(once.size(), text.size());
                ASSERT_EQ(folded(once), once) << first << ' ' << second;
            }
}

}  // namespace
}  // namespace ascribe::sigma

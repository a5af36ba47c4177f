// Text logs in UTF-16: what comes out is the same text in UTF-8, whatever the order of bytes and wherever pieces end.
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "support.hpp"

namespace ascribe {
namespace {

using namespace test;
using namespace std::string_view_literals;

std::string wide(std::string_view ascii, bool big = false) {
    std::string out;
    for (char c : ascii) out += big ? std::string{'\0', c} : std::string{c, '\0'};
    return out;
}

std::string log_of(std::size_t rows) {
    std::string text = "#Fields: date time c-ip cs-uri-stem\r\n";
    for (std::size_t i = 0; i < rows; ++i) text += "2021-03-02 00:00:01 192.0.2.1 /" + std::to_string(i) + "\r\n";
    return text;
}

TEST(WideText, ALogInEitherOrderWithAndWithoutAMarkIsTheSameLog) {
    auto text = log_of(60'000);  // several pieces
    for (const auto& container :
         {"\xFF\xFE" + wide(text), "\xFE\xFF" + wide(text, true), wide(text), wide(text, true)}) {
        auto kept = open(container, "C/logs/u_ex210302.log");
        EXPECT_TRUE(kept.faults.empty());
        ASSERT_EQ(kept.members.size(), 1u);
        EXPECT_EQ(kept.members[0].entry.path, "u_ex210302.log");
        EXPECT_TRUE(kept.members[0].bytes == text);
    }
}

TEST(WideText, ACharacterOfTwoUnitsIsWholeWhereverAPieceEnds) {
    // The surrogates of U+1F600 stand at the end of the first piece of one MiB.
    auto before = "#" + std::string((1 << 19) - 3, 'a');
    auto kept = open("\xFF\xFE" + wide(before) + std::string("\x3D\xD8\x00\xDE"sv) + wide("b"), "x.log");
    ASSERT_EQ(kept.members.size(), 1u);
    EXPECT_TRUE(kept.members[0].bytes == before + "\xF0\x9F\x98\x80" + "b");
}

TEST(WideText, HalfAUnitAtTheEndIsSaid) {
    auto kept = open("\xFF\xFE" + wide("#Fields: date time\n") + "x", "x.log");
    EXPECT_EQ(kept.faults.size(), 1u);
    ASSERT_EQ(kept.members.size(), 1u);
    EXPECT_EQ(kept.members[0].bytes, "#Fields: date time\n");
}

TEST(WideText, TablesAndJsonOverSeveralLinesAreLogsToo) {
    for (auto text : {"date,time,c-ip,cs-method,cs-uri-stem,sc-status\r\n"sv, "\"time\";\"url\"\r\n"sv,
                      "[\r\n  {\r\n"sv, "{\r\n  \"a\": 1\r\n}\r\n"sv})
        EXPECT_EQ(open("\xFF\xFE" + wide(text), "x.csv").members.size(), 1u) << text;
}

TEST(WideText, WhatIsNoLogStaysWhatItIs) {
    for (auto text :
         {"Windows Registry Editor Version 5.00\r\n"sv, "<%@ Page Language=\"C#\" %> and more of the page"sv,
          "[.ShellClassInfo]\r\nLocalizedResourceName=x\r\n"sv, ""sv, "ab"sv})
        EXPECT_EQ(open("\xFF\xFE" + wide(text), "x.log").members.size(), 0u) << text;
}

}  // namespace
}  // namespace ascribe

// Masked addresses: whatever literal stands in a text stands, in one of its forms, in the text with its ids masked.
#include "detect/sigma/addresses.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace ascribe::sigma {
namespace {

std::string masked(std::string_view text) {
    std::string out;
    append_masked(text, out);
    return out;
}

TEST(Addresses, MasksIdsOnly) {
    EXPECT_EQ(masked("/OAB/5181db72-222c-8d75-47ca-80509492571c/oab.xml"), "/OAB/\x01/oab.xml");
    EXPECT_EQ(masked("&CorrelationID=<empty>;&cafeReqId=26B880DB-3cab-214b-ca4a-a27da18a74e7;"),
              "&CorrelationID=<empty>;&cafeReqId=\x01;");
    EXPECT_EQ(masked("canary=" + std::string(31, 'a')), "canary=" + std::string(31, 'a'));
    EXPECT_EQ(masked(std::string(32, '0')), "\x01");
    EXPECT_EQ(masked(std::string(65, '0')), std::string(65, '0'));
    EXPECT_EQ(masked("DeviceId=TYVS9R0C97EXP1792KJK1L4QT3TYVS9R0C97EXP"),
              "DeviceId=TYVS9R0C97EXP1792KJK1L4QT3TYVS9R0C97EXP");
    EXPECT_EQ(masked(""), "");
}

TEST(Addresses, WhatCannotBeMaskedIsSaid) {
    EXPECT_FALSE(masked_anchors("--"));
    EXPECT_FALSE(masked_anchors("c0ffee"));
    EXPECT_FALSE(masked_anchors("x=" + std::string(40, 'b') + "?"));
    EXPECT_EQ(*masked_anchors("x=" + std::string(40, 'b')),
              (std::vector<std::string>{"x=" + std::string(40, 'b'), "x=\x01"}));
    std::string payload(90, 'f');
    EXPECT_EQ(masked_anchors(payload), std::vector<std::string>{payload});
    EXPECT_EQ(masked_anchors("/x"), std::vector<std::string>{"/x"});
    EXPECT_EQ(*masked_anchors("ae?d=1"), (std::vector<std::string>{"ae?d=1", "\x01?d=1", "ae?d=\x01", "\x01?d=\x01"}));
}

TEST(Addresses, NoLiteralIsLostToAMask) {
    std::mt19937 random(7);
    auto text_of = [&](std::size_t size, std::string_view letters) {
        std::string text;
        for (std::size_t i = 0; i < size; ++i) text += letters[random() % letters.size()];
        return text;
    };
    constexpr std::string_view kDigits = "0123456789abcdef-", kOthers = "x=/?&;a1";
    for (int round = 0; round < 20'000; ++round) {
        std::string text;
        for (auto pieces = random() % 5; pieces-- > 0;)
            text += random() % 2 ? text_of(random() % 90, kDigits) : text_of(random() % 6, kOthers);
        if (text.empty()) continue;
        auto at = random() % text.size();
        auto literal = text.substr(at, 1 + random() % 12);
        auto forms = masked_anchors(literal);
        if (!forms) continue;
        auto hidden = masked(text);
        bool found = std::ranges::any_of(*forms, [&](const auto& form) { return hidden.find(form) != hidden.npos; });
        ASSERT_TRUE(found) << text << " holds " << literal << ", not told by " << hidden;
    }
}

TEST(Addresses, LiteralsThatExpressionsNeed) {
    auto needed = [](std::string text, bool ignore_case = false) {
        return needed_literals({.text = std::move(text), .expression = true, .ignore_case = ignore_case});
    };
    EXPECT_EQ(needed("-s-account\\.workers\\.dev|\\.up\\.railway\\.app"),
              (std::vector<std::string>{"-s-account.workers.dev", ".up.railway.app"}));
    EXPECT_EQ(needed("(?i)CMD\\.EXE"), std::vector<std::string>{"cmd.exe"});
    EXPECT_FALSE(needed(".{150}"));
    EXPECT_FALSE(needed("[a-z]+|x"));
    EXPECT_FALSE(needed("abc|[0-9]+"));
    EXPECT_FALSE(needed("("));
}

TEST(Addresses, AllWaysMaskTheSame) {
    std::mt19937 random(11);
    constexpr std::string_view kLetters = "0123456789abcdefABCDEF-", kOthers = "gZ/._=&%<>;\xC3";
    auto made = [&] {
        std::string text;
        for (auto pieces = random() % 6; pieces-- > 0;) {
            const auto& letters = random() % 2 != 0 ? kLetters : kOthers;
            for (auto size = random() % (random() % 8 == 0 ? 300 : 70); size-- > 0;)
                text += letters[random() % letters.size()];
        }
        return text;
    };
    for (int round = 0; round < 300; ++round) {
        std::vector<std::string> texts(1 + random() % 40);
        for (auto& of : texts) of = made();
        std::vector<std::string_view> queries(texts.begin(), texts.end());
        std::vector<MaskedQuery> plain(texts.size());
        const MaskingWay& last = masking_ways().back();
        for (bool is_masked : {false, true}) {
            last.mask(queries, is_masked, plain.data());
            for (std::size_t i = 0; i < texts.size(); ++i) {
                ASSERT_TRUE(is_masked || plain[i].is_long() == (texts[i].size() > MaskedQuery::kMost));
                if (plain[i].is_long()) continue;
                std::string expected = is_masked ? masked(texts[i]) : texts[i], told;
                plain[i].append_to(told);
                ASSERT_EQ(told, expected);
            }
            for (const MaskingWay& way : masking_ways()) {
                if (!way.is_supported()) continue;
                std::vector<MaskedQuery> other(texts.size());
                way.mask(queries, is_masked, other.data());
                for (std::size_t i = 0; i < texts.size(); ++i) {
                    ASSERT_EQ(other[i].sizes, plain[i].sizes) << texts[i];
                    if (plain[i].is_long()) continue;
                    ASSERT_EQ(other[i].pieces, plain[i].pieces) << texts[i];
                    for (std::size_t k = 0; k < i; ++k) {
                        if (plain[k].is_long() || texts[i].size() != texts[k].size()) continue;
                        ASSERT_EQ(other[i] == other[k], plain[i] == plain[k]);
                    }
                }
            }
        }
    }
}

}  // namespace
}  // namespace ascribe::sigma

// Bundles and files of incidents come from anywhere: what is wrong with them is a sentence, never a crash.
#include <fmt/format.h>

#include <tuple>

#include "intel/incidents.hpp"
#include "support.hpp"

namespace ascribe {
namespace {

constexpr std::string_view kSmall = R"({"type":"bundle","objects":[
 {"type":"intrusion-set","id":"intrusion-set--1","name":"Ours","aliases":["Ours","Theirs"],
  "external_references":[{"source_name":"mitre-attack","external_id":"G9001"}]},
 {"type":"intrusion-set","id":"intrusion-set--2","name":"Old","revoked":true,
  "external_references":[{"source_name":"mitre-attack","external_id":"G9002"}]},
 {"type":"campaign","id":"campaign--1","name":"Spring","external_references":[{"source_name":"mitre-attack","external_id":"C9001"}]},
 {"type":"attack-pattern","id":"attack-pattern--1","name":"Shell","kill_chain_phases":[{"phase_name":"persistence"}],
  "external_references":[{"source_name":"mitre-attack","external_id":"T9001.001"}]},
 {"type":"attack-pattern","id":"attack-pattern--2","name":"Component","external_references":[{"source_name":"mitre-attack","external_id":"T9001"}]},
 {"type":"tool","id":"tool--1","name":"Tool","external_references":[{"source_name":"mitre-attack","external_id":"S9001"}]},
 {"type":"relationship","relationship_type":"attributed-to","source_ref":"campaign--1","target_ref":"intrusion-set--1"},
 {"type":"relationship","relationship_type":"uses","source_ref":"intrusion-set--1","target_ref":"attack-pattern--1",
  "external_references":[{"source_name":"A post","url":"https://www.example.com/post/","description":"Us. (2021, March 2). A post."}]},
 {"type":"relationship","relationship_type":"uses","source_ref":"campaign--1","target_ref":"tool--1",
  "external_references":[{"source_name":"A post","url":"http://example.com/post#top"}]},
 {"type":"relationship","relationship_type":"uses","source_ref":"intrusion-set--2","target_ref":"tool--1",
  "external_references":[{"source_name":"Other","url":"https://example.com/other"}]}
]})";

TEST(Bundle, BecomesFacts) {
    auto knowledge = read_attack_bundle(kSmall, "small.json");
    ASSERT_TRUE(knowledge.has_value()) << knowledge.error();
    ASSERT_EQ(knowledge->groups.size(), 1u) << "what is revoked is nobody";
    EXPECT_EQ(knowledge->groups[0].aliases, (std::vector<std::string>{"Theirs"}));
    ASSERT_EQ(knowledge->accounts.size(), 1u) << "one address however it is written; campaigns count for their group";
    EXPECT_EQ(knowledge->accounts[0].items.size(), 3u) << "the sub-technique brings its parent";
    EXPECT_EQ(knowledge->accounts[0].stated, 2u);
    auto report = knowledge->report("example.com/post");
    ASSERT_TRUE(report.has_value());
    EXPECT_EQ(knowledge->reports[*report].day, 18'688);
}

TEST(Bundle, AnIdInSmallLettersIsNone) {
    std::string text(kSmall);
    for (std::string_view id : {"S9001", "T9001.001"}) {
        auto at = text.find(id);
        text[at] = static_cast<char>(text[at] + 'a' - 'A');
    }
    auto knowledge = read_attack_bundle(text, "small.json");
    ASSERT_TRUE(knowledge.has_value()) << knowledge.error();
    EXPECT_EQ(knowledge->items.size(), 1u);
    EXPECT_TRUE(knowledge->accounts.empty());
    auto table = read_attack_table("group\tG1\tA\t\nitem\ts1\tB\t\nreport\tr\t-\tR\nuses\tG1\ts1\t1\n", "t");
    ASSERT_FALSE(table.has_value());
    EXPECT_NE(table.error().find("line 2"), std::string::npos) << table.error();
}

TEST(Bundle, TableSaysTheSame) {
    auto knowledge = read_attack_bundle(kSmall, "small.json").value();
    auto table = write_attack_table(knowledge);
    auto again = read_attack_table(table, "table");
    ASSERT_TRUE(again.has_value()) << again.error();
    EXPECT_EQ(write_attack_table(*again), table);
}

TEST(Bundle, WhatIsNoBundleIsSaid) {
    for (
        std::string_view text :
        {"", "{", "[]", "7", "null", R"({"objects":7})", R"({"objects":{}})", R"({"objects":[]})",
         R"({"objects":[1,"a",null,[],{}]})",
         R"({"objects":[{"type":7,"id":[]},{"type":"intrusion-set"},{"type":"relationship","relationship_type":"uses"}]})",
         R"({"objects":[{"type":"intrusion-set","id":"x","name":5,"external_references":"no"}]})"}) {
        auto read = read_attack_bundle(text, "x.json");
        ASSERT_FALSE(read.has_value()) << text;
        EXPECT_TRUE(read.error().starts_with("x.json: ")) << read.error();
    }
    std::string deep(200'000, '[');
    EXPECT_FALSE(read_attack_bundle(deep, "deep.json").has_value());
    EXPECT_FALSE(read_attack_bundle(deep + std::string(200'000, ']'), "deep.json").has_value());
}

TEST(Bundle, EveryCutIsRefusedOrRead) {
    for (std::size_t size = 0; size < kSmall.size(); size += 3)
        std::ignore = read_attack_bundle(kSmall.substr(0, size), "cut.json");
    for (std::size_t at = 0; at < kSmall.size(); ++at) {
        std::string flipped(kSmall);
        flipped[at] = static_cast<char>(flipped[at] ^ 0x11);
        if (auto read = read_attack_bundle(flipped, "flipped.json"); read) {
            EXPECT_TRUE(read_attack_table(write_attack_table(*read), "table").has_value()) << at;
        }
    }
}

TEST(Table, MistakesNameTheirLine) {
    auto error = [](std::string_view table) { return read_attack_table(table, "t").error(); };
    EXPECT_NE(error("group\tG1\n").find("line 1"), std::string::npos);
    EXPECT_NE(error("group\tG1\ta\t\nreport\tr\tyesterday\tn\n").find("line 2"), std::string::npos);
    EXPECT_NE(error("group\tG1\ta\t\nreport\tr\t-\tn\nuses\tG2\t\t0\n").find("line 3"), std::string::npos);
    EXPECT_NE(error("group\tG1\ta\t\nreport\tr\t-\tn\nuses\tG1\tT1\t1\n").find("line 3"), std::string::npos);
    EXPECT_NE(error("uses\tG1\t\t0\n").find("line 1"), std::string::npos);
    EXPECT_FALSE(read_attack_table("", "t").has_value());
}

TEST(Incidents, MistakesAreSaid) {
    for (std::string_view text :
         {"", "{", "7", R"([7])", R"([{"id":"a","techniques":"T1190"}])", R"([{"id":"a","techniques":[5]}])",
          R"([{"id":"a","techniques":[],"date":"soon"}])"}) {
        auto read = read_incidents(text, "i.json");
        ASSERT_FALSE(read.has_value()) << text;
        EXPECT_NE(read.error().find("i.json"), std::string::npos);
    }
    auto read = read_incidents(R"([{"id":"a","techniques":["T1190"],"software":["S0020"],"date":null}])", "i.json");
    ASSERT_TRUE(read.has_value()) << read.error();
    EXPECT_EQ(read->at(0).items, (std::vector<std::string>{"T1190", "S0020"}));
}

}  // namespace
}  // namespace ascribe

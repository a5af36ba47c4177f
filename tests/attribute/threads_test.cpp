// From findings to an answer for each thread: the cases an analyst would try first, and the wording of any answer.
#include <fmt/format.h>

#include <algorithm>

#include "attribute/names.hpp"
#include "base/text.hpp"
#include "support.hpp"

namespace ascribe {
namespace {

Time utc(std::string_view text) { return parse_time(text).value(); }

/// An incident typed by hand: findings go to the thread opened last.
class Story {
public:
    Story& thread(std::string id, std::string_view first) {
        incident_.threads.push_back({std::move(id), utc(first), utc(first), {}, {}, {}, {}});
        return *this;
    }
    Story& saw(std::vector<std::string> techniques, std::vector<std::string> software = {}, std::string_view cve = {},
               std::string indicator = {}) {
        Thread& thread = incident_.threads.back();
        Finding finding;
        finding.id = fmt::format("F-{:010x}", incident_.findings.size());
        finding.level = Level::success;
        finding.time = thread.first;
        finding.techniques = std::move(techniques);
        finding.software = std::move(software);
        finding.indicator = std::move(indicator);
        if (!cve.empty()) finding.cves.emplace_back(cve);
        thread.findings.push_back(finding.id);
        incident_.findings.push_back(std::move(finding));
        return *this;
    }
    std::vector<ThreadAttribution> who(const TellOptions& options = {}) const {
        return attribute_threads(incident_, test::intel(), test::view(), test::model().weights, options);
    }
    const Incident& incident() const { return incident_; }

private:
    Incident incident_;
};

/// A published indicator of that type whose source names HAFNIUM and nobody else.
std::string indicator_of_hafnium(std::string_view type) {
    for (const Indicator& indicator : test::intel().indicators)
        if (indicator.type == type && indicator.actor == "HAFNIUM" && indicator.confidence == Confidence::high)
            return lower(fmt::format("{}:{}", indicator.type, indicator.value));
    return {};
}

/// The intrusion of early 2021 as Microsoft, Volexity and ESET told it: the exploit before its patch, a shell whose
/// hash was published, dumped credentials, mail taken, tools that reports name.
Story hafnium() {
    Story story;
    story.thread("T1", "2021-02-12T04:00:00Z")
        .saw({"T1190"}, {}, "CVE-2021-26855")
        .saw({"T1505.003"}, {"S0020"}, "CVE-2021-27065", indicator_of_hafnium("sha256"))
        .saw({"T1003.001"}, {})
        .saw({"T1114.002"})
        .saw({"T1560.001"})
        .saw({"T1505.003"}, {"S0073"});
    return story;
}

/// The genuine lab trace's techniques (the chain, a shell, commands), without anything that tells actors apart.
const std::vector<std::string> kLabTechniques = {"T1190",     "T1505.003", "T1059.001", "T1059.003", "T1087.002",
                                                 "T1003.001", "T1570",     "T1136.001", "T1033",     "T1018"};

bool names_somebody(const ThreadAttribution& a) { return a.sentence.find("Nobody is named") == std::string::npos; }

TEST(Who, TechniquesAloneNameNobody) {
    for (std::string_view day : {"2021-03-14T00:00:00Z", "2016-01-01T00:00:00Z", "2024-06-01T00:00:00Z"}) {
        Story story;
        story.thread("T1", day).saw(kLabTechniques, {"S0020"}, "CVE-2021-26855");
        auto who = story.who();
        ASSERT_EQ(who.size(), 1u);
        EXPECT_FALSE(who[0].named);
        EXPECT_FALSE(names_somebody(who[0])) << who[0].sentence;
        EXPECT_EQ(who[0].soundness, Soundness::low);
        for (auto word : {"almost certain", "highly likely", " likely"})
            EXPECT_EQ(who[0].sentence.find(word), std::string::npos) << who[0].sentence;
    }
}

TEST(Who, HafniumOfEarly2021IsNamedAndTheItemThatCarriesItIsTold) {
    ASSERT_FALSE(indicator_of_hafnium("sha256").empty());
    auto who = hafnium().who();
    ASSERT_EQ(who.size(), 1u);
    const ThreadAttribution& a = who[0];
    EXPECT_EQ(a.actors[0].id, "G0125") << a.sentence;
    EXPECT_TRUE(a.named) << a.sentence << " " << a.actors[0].probability;
    EXPECT_FALSE(a.carried_by.empty());
    bool timed = std::ranges::any_of(a.evidence, [](const auto& line) { return line.item == "timing"; });
    EXPECT_TRUE(timed);
    auto indicator = std::ranges::find(a.evidence, "indicator sha256 of G0125", &EvidenceLine::item);
    ASSERT_NE(indicator, a.evidence.end());
    EXPECT_EQ(indicator->findings, (std::vector<std::string>{"F-0000000001"}));
    EXPECT_LT(indicator->without, a.actors[0].probability);
    EXPECT_LE(a.if_planted, a.actors[0].probability) << "were it planted, it would say less";
    EXPECT_NE(a.actors[0].sponsor.find("as stated by"), std::string::npos);
    EXPECT_NE(a.soundness, Soundness::high) << "no answer of this model earns it yet";
}

TEST(Who, TimingMattersBeforeThePatchOnly) {
    Story before, after;
    before.thread("T1", "2021-02-12T04:00:00Z").saw({"T1190"}, {}, "CVE-2021-26855");
    after.thread("T1", "2021-03-20T04:00:00Z").saw({"T1190"}, {}, "CVE-2021-26855");
    auto has_timing = [](const Story& story) {
        auto who = story.who();
        return std::ranges::any_of(who[0].evidence, [](const auto& line) { return line.item == "timing"; });
    };
    EXPECT_TRUE(has_timing(before));
    EXPECT_FALSE(has_timing(after));
}

TEST(Who, WithoutItsEvidenceItIsNamedNoMore) {
    auto story = hafnium();
    auto whole = story.who();
    auto dropped = story.who({.dropped = {"F-0000000000", "F-0000000001"}});
    EXPECT_LT(dropped[0].actors[0].id == "G0125" ? dropped[0].actors[0].probability : 0,
              whole[0].actors[0].probability);
    EXPECT_GT(dropped[0].other, whole[0].other);
    EXPECT_FALSE(dropped[0].named);
}

TEST(Who, TwoIntrudersAreTwoAnswers) {
    auto story = hafnium();
    story.thread("T2", "2021-08-25T10:00:00Z")
        .saw({"T1190", "T1505.003", "T1136.001", "T1053.005", "T1572"}, {"S1144"}, "CVE-2021-34473")
        .saw({"T1003.001", "T1059.001"}, {"S0674"});
    auto who = story.who();
    ASSERT_EQ(who.size(), 2u);
    EXPECT_EQ(who[0].thread, "T1");
    EXPECT_EQ(who[1].thread, "T2");
    EXPECT_EQ(who[0].actors[0].id, hafnium().who()[0].actors[0].id);
    EXPECT_EQ(who[0].actors[0].probability, hafnium().who()[0].actors[0].probability)
        << "what the second did says nothing of the first";
    EXPECT_EQ(who[1].actors[0].id, "G0059") << "CharmPower and FRP are Magic Hound's";
}

TEST(Who, ScansDescribeNobody) {
    Story story;
    story.thread("T1", "2021-03-05T00:00:00Z").saw({"T1190", "T1505.003"}, {"S0020"});
    auto incident = story.incident();
    incident.findings[0].level = Level::scan;
    EXPECT_TRUE(attribute_threads(incident, test::intel(), test::view(), test::model().weights).empty());
}

// Each of a hundred thousand threads was weighed, and its findings looked for among all of them.
TEST(Who, OfAFloodTheThreadsThatGotFurthestAreTold) {
    Story story;
    for (std::size_t i = 0; i < 20'000; ++i) {
        story.thread(fmt::format("T{}", i + 1), "2021-02-12T04:00:00Z").saw({"T1190"});
        if (i % 1'000 == 999) story.saw({"T1505.003"});
    }
    auto who = story.who();
    ASSERT_EQ(who.size(), kThreadsAttributed);
    std::vector<std::string> told;
    for (const auto& each : who) told.push_back(each.thread);
    for (std::size_t i = 1'000; i <= 20'000; i += 1'000)
        EXPECT_NE(std::ranges::find(told, fmt::format("T{}", i)), told.end()) << i;
    EXPECT_EQ(told.front(), "T1");
}

TEST(Who, AnOldAddressSpeaksOfNobody) {
    std::string address;
    for (const Indicator& indicator : test::intel().indicators)
        if (indicator.type == "ip" && indicator.actor.find("HAFNIUM") != std::string::npos && !indicator.date.empty())
            address = "ip:" + indicator.value;
    ASSERT_FALSE(address.empty());
    Story then, later;
    then.thread("T1", "2021-02-28T00:00:00Z").saw({"T1190"}, {}, {}, address);
    later.thread("T1", "2023-02-28T00:00:00Z").saw({"T1190"}, {}, {}, address);
    auto has = [](const Story& story) {
        auto who = story.who();
        return std::ranges::any_of(who[0].evidence,
                                   [](const auto& line) { return line.item.starts_with("indicator ip"); });
    };
    EXPECT_TRUE(has(then));
    EXPECT_FALSE(has(later));
}

TEST(Who, TheVictimsSectorMovesALittleAndIsALine) {
    auto plain = hafnium().who()[0];
    auto told = hafnium().who({.names = &test::model().names, .sector = "government"})[0];
    auto line = std::ranges::find(told.evidence, "sector", &EvidenceLine::item);
    ASSERT_NE(line, told.evidence.end());
    for (double nats : line->nats) EXPECT_LT(std::abs(nats), 1.2) << "what many do tells little";
    EXPECT_EQ(told.named, plain.named);
    EXPECT_EQ(std::ranges::find(plain.evidence, "sector", &EvidenceLine::item), plain.evidence.end());
}

TEST(Who, WhatHardlyWeighsSpeaksAgainstNobody) {
    for (const ThreadAttribution& each : {hafnium().who()[0]}) {
        auto line = std::ranges::find(each.evidence, each.against, &EvidenceLine::item);
        if (!each.against.empty()) {
            EXPECT_LE(line->nats.front(), -0.23);
        } else
            for (const EvidenceLine& any : each.evidence)
                EXPECT_TRUE(any.nats.front() > -0.2303 || any.item == "activity" || any.item == "outside") << any.item;
    }
}

/// Likelihood and confidence never share a sentence; nobody is certain; nobody is likely without a name.
void lint(const ThreadAttribution& a, Scale scale) {
    for (const std::string* text : {&a.sentence, &a.confidence}) {
        EXPECT_EQ(text->find("100 %"), std::string::npos) << *text;
        for (auto sentence : split(*text, '.')) {
            bool confident = contains_folded(sentence, "confidence");
            bool likely = contains_folded(sentence, "likel") || contains_folded(sentence, "chance") ||
                          contains_folded(sentence, "certain") || contains_folded(sentence, "possibility");
            EXPECT_FALSE(confident && likely) << sentence;
        }
    }
    if (scale != Scale::icd203) return;
    for (auto word : {"highly likely", "highly unlikely", "realistic possibility", "remote chance"})
        EXPECT_EQ(a.sentence.find(word), std::string::npos) << "scales are never mixed: " << a.sentence;
}

TEST(Wording, IsLintedForManyAnswers) {
    const AttackKnowledge& knowledge = test::model().knowledge;
    for (std::size_t i = 0; i < knowledge.accounts.size(); i += 23) {
        std::vector<std::string> ids;
        for (auto item : knowledge.accounts[i].items) ids.push_back(knowledge.items[item].id);
        Story story;
        story.thread("T1", "2021-02-12T04:00:00Z").saw(ids, {}, i % 2 == 0 ? "CVE-2021-26855" : "");
        for (Scale scale : {Scale::phia, Scale::icd203})
            for (const ThreadAttribution& a : story.who({.scale = scale})) {
                lint(a, scale);
                EXPECT_TRUE(!a.named || a.actors[0].probability >= kNamedFrom);
            }
    }
}

TEST(Wording, EdgesAreTheGapsMidpoints) {
    struct Edge {
        double at;
        std::string_view below, above;
    };
    for (const Edge& edge : {Edge{0.075, "a remote chance", "highly unlikely"},
                             {0.225, "highly unlikely", "unlikely"},
                             {0.375, "unlikely", "a realistic possibility"},
                             {0.525, "a realistic possibility", "likely"},
                             {0.775, "likely", "highly likely"},
                             {0.925, "highly likely", "almost certain"}}) {
        EXPECT_EQ(yardstick(edge.at - 1e-9), edge.below);
        EXPECT_EQ(yardstick(edge.at), edge.above);
    }
    EXPECT_EQ(percent(1), "over 99 %");
    EXPECT_EQ(percent(0), "under 1 %");
}

TEST(Names, AreEdgesWithAVendor) {
    const AttackKnowledge& knowledge = test::model().knowledge;
    const AttackGroup& hafnium = knowledge.groups[knowledge.group("G0125").value()];
    EXPECT_EQ(name_for(knowledge, {}, hafnium, ""), "HAFNIUM");
    EXPECT_EQ(name_for(knowledge, {}, hafnium, "microsoft"), "Silk Typhoon [HAFNIUM]");
    EXPECT_EQ(name_for(knowledge, {}, hafnium, "crowdstrike"), "HAFNIUM") << "no name of theirs is known";
    for (const AliasEdge& edge : aliases_of(knowledge, {}, hafnium))
        EXPECT_NE(edge.source.find("G0125"), std::string::npos);
}

}  // namespace
}  // namespace ascribe

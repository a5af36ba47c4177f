// Names are edges with a vendor, a source and a date; a galaxy never merges groups.
#include "attribute/names.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "attribute/sector.hpp"
#include "intel/names.hpp"

#include "support.hpp"

namespace ascribe {
namespace {

constexpr std::string_view kProducers = R"({"values":[{"uuid":"u-1","value":"Acme"},{"uuid":"u-2","value":"MITRE"}]})";
constexpr std::string_view kGalaxy = R"({"version":7,"values":[
 {"value":"Odd Heron","meta":{"name-attribution":["G0125:u-2","Odd Heron:u-1","Plain:none"],"synonyms":["Heron Two","G0125"],
  "cfr-suspected-state-sponsor":"Nowhere","targeted-sector":["Bank","Financial services","Other"],
  "cfr-target-category":"Government"}},
 {"value":"Two In One","meta":{"synonyms":["G0007","G0016","Both"]}},
 {"value":"nobody in ATT&CK","meta":{"synonyms":["x"]}},
 {"value":"hafnium\tx"},{"value":7},{}]})";

TEST(Galaxy, BecomesEdgesWithVendorSourceAndDate) {
    auto table = names_of_galaxy(kGalaxy, kProducers, test::model().knowledge, "2026-08-06", "g.json");
    ASSERT_TRUE(table.has_value()) << table.error();
    EXPECT_NE(table->find("name\tG0125\tOdd Heron\tAcme\tMISP threat-actor galaxy 7\t2026-08-06\tstated\n"),
              std::string::npos)
        << *table;
    EXPECT_NE(table->find("name\tG0125\tHeron Two\t\tMISP threat-actor galaxy 7\t2026-08-06\tlisted as a synonym\n"),
              std::string::npos);
    EXPECT_EQ(table->find("Both"), std::string::npos) << "an entry of two groups is nobody's";
    auto names = read_names(*table, "t").value();
    const AttackKnowledge& knowledge = test::model().knowledge;
    const AttackGroup& hafnium = knowledge.groups[knowledge.group("G0125").value()];
    EXPECT_EQ(name_for(knowledge, names, hafnium, "acme"), "Odd Heron [HAFNIUM]");
    ASSERT_EQ(names.sponsors["G0125"].size(), 1u);
    EXPECT_EQ(names.sponsors["G0125"][0].sponsor, "Nowhere");
    EXPECT_EQ(names.sponsors["G0125"][0].date, "2026-08-06");
    ASSERT_EQ(names.targets["G0125"].size(), 2u) << "two words for one sector are one, and 'Other' is none";
    EXPECT_EQ(names.targets["G0125"][0].sector, "finance");
    EXPECT_EQ(names.targets["G0125"][1].sector, "government");
    auto vendors = naming_vendors(names);
    EXPECT_NE(std::ranges::find(vendors, "acme"), vendors.end());
}

TEST(Galaxy, TheBuiltInNamesAreOfKnownGroupsAndDated) {
    const ActorNames& names = test::model().names;
    EXPECT_GT(names.names.size(), 100u);
    for (const auto& [group, edges] : names.names) {
        EXPECT_TRUE(test::model().knowledge.group(group).has_value()) << group;
        for (const AliasEdge& edge : edges) EXPECT_FALSE(edge.source.empty() || edge.date.empty()) << edge.name;
    }
    const AttackKnowledge& knowledge = test::model().knowledge;
    const AttackGroup& hafnium = knowledge.groups[knowledge.group("G0125").value()];
    EXPECT_EQ(name_for(knowledge, names, hafnium, "microsoft"), "Silk Typhoon [HAFNIUM]");
    EXPECT_EQ(name_for(knowledge, names, hafnium, "crowdstrike"), "MURKY PANDA [HAFNIUM]");
}

TEST(Galaxy, MistakesAreSaid) {
    const auto& knowledge = test::model().knowledge;
    for (std::string_view text : {"", "{", "7", "[]", R"({"values":7})"})
        EXPECT_NE(names_of_galaxy(text, "", knowledge, "", "g.json").error().find("g.json"), std::string::npos) << text;
    for (std::size_t size = 0; size < kGalaxy.size(); ++size)
        std::ignore = names_of_galaxy(kGalaxy.substr(0, size), kProducers, knowledge, "", "cut.json");
    EXPECT_NE(read_names("name\tG0125\n", "t").error().find("line 1"), std::string::npos);
    EXPECT_NE(read_names("sponsor\tG0125\tX\ts\tsoon\n", "t").error().find("line 1"), std::string::npos);
    EXPECT_NE(read_names("target\tG0125\tmoon\ts\t2026-08-06\n", "t").error().find("sector"), std::string::npos);
}

TEST(Sector, MakesThoseStatedToTargetItMoreProbableAndNamesNobody) {
    const AttackKnowledge& knowledge = test::model().knowledge;
    ActorNames names;
    names.targets["G0125"] = {{"government", "s", "2026-08-06"}};
    names.targets["G0007"] = {{"energy", "s", "2026-08-06"}, {"media", "s", "2026-08-06"}};
    auto evidence = sector_evidence("government", knowledge, names);
    ASSERT_TRUE(evidence.has_value());
    auto nats = [&](std::string_view id) { return expert_nats(*evidence, knowledge.group(id).value()); };
    // one of three statements is of government: (1 + 1/3) / 2 and (0 + 1/3) / 3, each over 1/3
    EXPECT_NEAR(nats("G0125"), std::log(0.9 * 2.0 + 0.1), 1e-12);
    EXPECT_NEAR(nats("G0007"), std::log(0.9 / 3 + 0.1), 1e-12);
    EXPECT_EQ(nats("G0016"), 0) << "nothing is stated of it";
    EXPECT_FALSE(sector_evidence("legal", knowledge, names).has_value());
    auto observation = observe(knowledge, "", {"T1190"}, {});
    observation.expert.push_back(*evidence);
    EXPECT_FALSE(attribute(test::view(), observation, test::model().weights).diagnostic);
}

TEST(Sector, TheBuiltInStatementsCoverTheSectorsMostToldOf) {
    const ActorNames& names = test::model().names;
    EXPECT_GT(names.targets.size(), 50u);
    for (std::string_view sector : {"government", "military", "finance", "energy", "telecommunications"})
        EXPECT_TRUE(sector_evidence(sector, test::model().knowledge, names).has_value()) << sector;
}

}  // namespace
}  // namespace ascribe

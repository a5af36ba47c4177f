// Joined over what is hard to share, and over nothing else.
#include "attribute/pool.hpp"

#include <algorithm>

#include "support.hpp"

namespace ascribe {
namespace {

using Pools = std::vector<std::vector<std::size_t>>;

TEST(Pools, JoinOverBodiesKeysAndHosts) {
    EXPECT_EQ(pools_of({{{"sha256:AB"}, {}}, {{"key:x"}, {}}, {{"sha256:ab", "host:mail"}, {}}, {{"host:MAIL"}, {}}}),
              (Pools{{0, 2, 3}, {1}}));
}

TEST(Pools, NamesAndTechniquesJoinNobody) {
    EXPECT_EQ(pools_of({{{"page:shell.aspx", "T1505.003"}, {}},
                        {{"page:shell.aspx", "T1505.003"}, {}},
                        {{"key:"}, {}},
                        {{"key:"}, {}}}),
              (Pools{{0}, {1}, {2}, {3}}));
}

TEST(Pools, AnAddressJoinsWithinItsTimeOnly) {
    EXPECT_EQ(pools_of({{{"address:203.0.113.9"}, 18'000}, {{"address:203.0.113.9"}, 18'180}}), (Pools{{0, 1}}));
    EXPECT_EQ(pools_of({{{"address:203.0.113.9"}, 18'000}, {{"address:203.0.113.9"}, 18'181}}), (Pools{{0}, {1}}));
    EXPECT_EQ(pools_of({{{"address:203.0.113.9"}, 18'000}, {{"address:203.0.113.9"}, {}}}), (Pools{{0}, {1}}));
    for (auto local : {"10.1.2.3", "192.168.0.1", "172.20.1.1", "127.0.0.1", "::1", "fe80::1", "fd00::1", "", "-"})
        EXPECT_FALSE(is_public_address(local)) << local;
    for (auto open : {"203.0.113.9", "172.32.0.1", "2001:db8::1"}) EXPECT_TRUE(is_public_address(open)) << open;
}

TEST(Pools, TheOrderOfIncidentsMeansNothing) {
    std::vector<HardLinks> all{{{"key:a"}, {}}, {{"key:b"}, {}}, {{"key:a", "key:b"}, {}}, {{"key:c"}, {}}};
    EXPECT_EQ(pools_of(all), (Pools{{0, 1, 2}, {3}}));
    std::ranges::reverse(all);
    EXPECT_EQ(pools_of(all), (Pools{{0}, {1, 2, 3}}));
}

TEST(Pools, PooledIncidentsHaveAllItemsAndTheEarliestDay) {
    auto pooled = pool_incidents({{"A", {"T1190"}, 18'700, {"key:k"}, "", "", ""},
                                  {"B", {"S0020", "T1190"}, 18'690, {"key:k"}, "", "", ""},
                                  {"C", {"T1003"}, {}, {}, "", "", ""}});
    ASSERT_TRUE(pooled.has_value());
    ASSERT_EQ(pooled->size(), 2u);
    EXPECT_EQ((*pooled)[0].id, "A + B");
    EXPECT_EQ((*pooled)[0].items, (std::vector<std::string>{"S0020", "T1190"}));
    EXPECT_EQ((*pooled)[0].day, 18'690);
    EXPECT_NE(pool_incidents({{"A", {}, {}, {"page:x"}, "", "", ""}}).error().find("no hard link"), std::string::npos);
}

TEST(Pools, ThreadsOfTwoServersAreJudgedAsOne) {
    Case opened;
    for (std::string server : {"one", "two"}) {
        Incident incident;
        incident.server = server;
        auto time = parse_time("2021-03-01T00:00:00Z").value();
        incident.threads.push_back({"T1", time, time, {"203.0.113.9"}, {}, {}, {}});
        Finding finding;
        finding.id = "F-" + server;
        finding.level = Level::success;
        finding.time = time;
        finding.techniques = {server == "one" ? "T1505.003" : "T1003.001"};
        incident.threads[0].findings = {finding.id};
        incident.findings.push_back(finding);
        opened.incidents.push_back(incident);
    }
    auto pools = attribute_pools(opened, test::intel(), test::view(), test::model().weights);
    ASSERT_EQ(pools.size(), 1u);
    EXPECT_EQ(pools[0].thread, "one/T1 + two/T1");
    auto has = [&](std::string_view item) {
        return std::ranges::any_of(pools[0].evidence, [&](const auto& line) { return line.item == item; });
    };
    EXPECT_TRUE(has("T1505.003") && has("T1003.001"));
    opened.incidents[1].threads[0].addresses = {"10.0.0.1"};
    auto joined = [&] { return !attribute_pools(opened, test::intel(), test::view(), test::model().weights).empty(); };
    EXPECT_FALSE(joined());
    for (Incident& incident : opened.incidents) incident.findings[0].links = {"key:NO9BxmCXw0JE"};
    EXPECT_TRUE(joined()) << "the same key";
    for (Incident& incident : opened.incidents) incident.findings[0].links = {};
    for (Incident& incident : opened.incidents) incident.findings[0].indicator = "domain:c2.example";
    EXPECT_TRUE(joined()) << "the same host";
}

TEST(AsOf, WhatWasPublishedLaterIsNotKnown) {
    const AttackKnowledge& knowledge = test::model().knowledge;
    View then(knowledge, known_before(knowledge, 16'000));
    for (std::size_t i = 0; i < knowledge.accounts.size(); ++i) {
        const auto& day = knowledge.reports[knowledge.accounts[i].report].day;
        EXPECT_TRUE(!then.visible(i) || (day && *day < 16'000));
    }
    EXPECT_LT(then.total_weight(), test::view().total_weight());
    auto answer = attribute(then, observe(knowledge, "t", {"T1190", "S0020"}, 16'000), test::model().weights);
    EXPECT_EQ(answer.hypotheses.size(), knowledge.groups.size()) << "all are listed, known or not";
}

}  // namespace
}  // namespace ascribe

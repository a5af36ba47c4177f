// What must hold for any evidence: the sum is the score, the order means nothing, what is common says little.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "support.hpp"

namespace ascribe {
namespace {

/// Observations of every size, some of one report's items and some of anybody's.
std::vector<std::vector<std::string>> samples() {
    const AttackKnowledge& knowledge = test::model().knowledge;
    std::mt19937 random(5);
    std::vector<std::vector<std::string>> out{{}};
    for (int i = 0; i < 60; ++i) {
        std::vector<std::string> ids;
        if (i % 2 == 0)
            for (auto item : knowledge.accounts[random() % knowledge.accounts.size()].items)
                ids.push_back(knowledge.items[item].id);
        for (auto more = random() % 12; more > 0; --more)
            ids.push_back(knowledge.items[random() % knowledge.items.size()].id);
        out.push_back(std::move(ids));
    }
    return out;
}

TEST(Ledger, SumIsTheScoreOfEveryGroup) {
    const AttackKnowledge& knowledge = test::model().knowledge;
    for (const auto& ids : samples()) {
        auto observation = observe(knowledge, "t", ids, 18'690);
        auto answer = attribute(test::view(), observation, test::model().weights);
        auto sum = [](const std::vector<LedgerLine>& lines) {
            return std::accumulate(lines.begin(), lines.end(), 0.0,
                                   [](double so_far, const LedgerLine& line) { return so_far + line.nats; });
        };
        EXPECT_NEAR(sum(answer.ledger), answer.hypotheses.front().score, 1e-9);
        for (std::size_t i = 0; i < answer.hypotheses.size(); i += 17)
            EXPECT_NEAR(sum(ledger_of(test::view(), observation, test::model().weights, answer.hypotheses[i].group)),
                        answer.hypotheses[i].score, 1e-9);
    }
}

TEST(Ledger, EveryActorIsListedOnceAndAllSumToOne) {
    for (const auto& ids : samples()) {
        auto answer = test::answer(ids);
        ASSERT_EQ(answer.hypotheses.size(), test::model().knowledge.groups.size());
        double sum = answer.other, before = 1;
        std::vector<std::uint32_t> groups;
        for (const Hypothesis& each : answer.hypotheses) {
            sum += each.probability;
            EXPECT_GT(each.probability, 0);
            EXPECT_LE(each.probability, before);
            before = each.probability;
            groups.push_back(each.group);
        }
        EXPECT_NEAR(sum, 1, 1e-9);
        std::ranges::sort(groups);
        EXPECT_EQ(std::ranges::adjacent_find(groups), groups.end());
    }
}

TEST(Ledger, OrderRepeatsAndCaseMeanNothing) {
    std::vector<std::string> ids{"T1190", "T1505.003", "T1003.001", "S0020", "T1114.002", "S0029"};
    auto expected = test::answer(ids);
    std::mt19937 random(1);
    for (int i = 0; i < 10; ++i) {
        auto shuffled = ids;
        std::ranges::shuffle(shuffled, random);
        shuffled.push_back(shuffled.front());
        shuffled.front()[0] = static_cast<char>(shuffled.front()[0] + 32);
        auto answer = test::answer(shuffled);
        for (std::size_t k = 0; k < answer.hypotheses.size(); ++k) {
            EXPECT_EQ(answer.hypotheses[k].group, expected.hypotheses[k].group);
            EXPECT_EQ(answer.hypotheses[k].probability, expected.hypotheses[k].probability);
        }
    }
}

TEST(Ledger, CommonTechniquesMoveNothingMuch) {
    const AttackKnowledge& knowledge = test::model().knowledge;
    std::vector<std::uint32_t> items(knowledge.items.size());
    std::iota(items.begin(), items.end(), 0U);
    std::erase_if(items, [&](auto item) { return knowledge.items[item].software(); });
    std::ranges::stable_sort(items, std::ranges::greater{}, [](auto item) { return test::view().groups_using(item); });
    for (auto ids : {std::vector<std::string>{"S0020", "T1505.003", "T1190"}, {"S0154", "T1566.001", "T1059.001"}}) {
        auto before = test::answer(ids);
        for (int i = 0; i < 3; ++i) ids.push_back(knowledge.items[items[static_cast<std::size_t>(i)]].id);
        auto after = test::answer(ids);
        for (const Hypothesis& each : before.hypotheses)
            EXPECT_NEAR(test::chance_of(after, knowledge.groups[each.group].id), each.probability, 0.1);
        EXPECT_NEAR(after.other, before.other, 0.1);
    }
}

TEST(Ledger, RemovingEvidenceMovesTowardsOther) {
    const AttackKnowledge& knowledge = test::model().knowledge;
    int judged = 0;
    for (const AttackAccount& account : knowledge.accounts) {
        if (account.stated < 10 || account.report % 7 != 0) continue;
        std::vector<std::string> ids;
        for (auto item : account.items) ids.push_back(knowledge.items[item].id);
        auto whole = observe(knowledge, "t", ids, {});
        auto answer = attribute(test::view(), whole, test::model().weights);
        if (answer.strongest.empty()) continue;
        ++judged;
        auto group = answer.hypotheses.front().group;
        auto less = without(knowledge, whole, {answer.strongest});
        auto again = attribute(test::view(), less, test::model().weights);
        auto lost = std::ranges::find(again.hypotheses, group, &Hypothesis::group)->probability;
        EXPECT_LT(lost, answer.hypotheses.front().probability) << answer.strongest;
        EXPECT_GT(again.other / lost, answer.other / answer.hypotheses.front().probability) << answer.strongest;
    }
    EXPECT_GT(judged, 10);
    auto nothing = test::answer({});
    EXPECT_GT(nothing.other, nothing.hypotheses.front().probability)
        << "without evidence nobody is likelier than other";
    EXPECT_LT(nothing.hypotheses.front().probability, 0.225) << "nor more than highly unlikely";
}

TEST(Ledger, ARenamedActorKeepsItsNumbers) {
    auto renamed = test::model().knowledge;
    for (AttackGroup& group : renamed.groups) group.name = "actor " + group.id, group.aliases.clear();
    View view(renamed);
    std::vector<std::string> ids{"T1190", "T1505.003", "S0020"};
    auto answer = attribute(view, observe(renamed, "t", ids, 18'690), test::model().weights);
    auto expected = test::answer(ids, 18'690);
    for (std::size_t i = 0; i < answer.hypotheses.size(); ++i) {
        EXPECT_EQ(answer.hypotheses[i].group, expected.hypotheses[i].group);
        EXPECT_EQ(answer.hypotheses[i].probability, expected.hypotheses[i].probability);
    }
}

TEST(Ledger, UnknownIdsAreListedAndChangeNothing) {
    auto observation = observe(test::model().knowledge, "t", {"T1190", "T9999", "nonsense", ""}, {});
    EXPECT_EQ(observation.unknown, (std::vector<std::string>{"T9999", "nonsense", ""}));
    EXPECT_EQ(observation.items, observe(test::model().knowledge, "t", {"T1190"}, {}).items);
}

TEST(Ledger, TechniquesAloneGiveLowConfidence) {
    const AttackKnowledge& knowledge = test::model().knowledge;
    for (const AttackAccount& account : knowledge.accounts) {
        if (account.report % 5 != 0) continue;
        std::vector<std::string> ids;
        for (auto item : account.items)
            if (!knowledge.items[item].software()) ids.push_back(knowledge.items[item].id);
        auto answer = test::answer(ids);
        EXPECT_EQ(answer.confidence, Soundness::low);
        EXPECT_FALSE(answer.diagnostic);
    }
}

TEST(Expert, IsCappedAndDoubtOnlyWeakens) {
    ExpertEvidence evidence{
        .item = "x", .what = "", .forgeability = 0.1, .otherwise = 1e-9, .ratios = {{3, 1e9}}, .findings = {}};
    EXPECT_DOUBLE_EQ(expert_nats(evidence, 3), kExpertCap);
    EXPECT_GE(expert_nats(evidence, 4), -kExpertCap);
    for (double doubt : {1.0, 2.0, 5.0, 10.0, 100.0}) {
        EXPECT_LE(expert_nats(evidence, 3, doubt), expert_nats(evidence, 3));
        EXPECT_GE(expert_nats(evidence, 4, doubt), expert_nats(evidence, 4));
    }
    evidence.ratios = {{3, 6}};
    EXPECT_NEAR(expert_nats(evidence, 3), std::log(0.9 * 6 + 0.1), 1e-12);
    EXPECT_NEAR(expert_nats(evidence, 3, 10), 0, 1e-12) << "evidence that is surely forged says nothing";
}

TEST(Weights, ComeBackAsWritten) {
    auto text = write_weights(test::model().weights, "remark");
    auto read = read_weights(text);
    ASSERT_TRUE(read.has_value()) << read.error();
    EXPECT_EQ(write_weights(*read, "remark"), text);
    EXPECT_NE(read_weights("tactics\tmany\n").error().find("line 1"), std::string::npos);
    EXPECT_NE(read_weights("tactics\t1\n").error().find("missing"), std::string::npos);
    EXPECT_FALSE(read_weights(text + "tactics\t1\n").has_value());
    EXPECT_FALSE(read_weights("tactics\tnan\n").has_value());
}

}  // namespace
}  // namespace ascribe

// A generated front-end log with planted attacks: all of them found, damaged lines counted, odd lines read, and next to
// no alert on ordinary traffic. The generator is an independent oracle; the test is skipped where it is missing.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <set>

#include "support.hpp"

namespace ascribe {
namespace {

struct Truth {
    std::set<std::uint64_t> attack, damaged, nasty, scan;
    std::uint64_t lines = 0;
};

Truth load_truth(const std::string& log) {
    Truth truth;
    simdjson::dom::parser parser;
    std::ifstream planted(log + ".truth.jsonl");
    for (std::string line; std::getline(planted, line);) {
        auto object = parser.parse(line);
        std::uint64_t offset = object["offset"].get_uint64();
        std::string_view kind = object["kind"].get_string();
        (kind == "attack" ? truth.attack : kind == "damaged" ? truth.damaged : truth.nasty).insert(offset);
    }
    std::ifstream scans(log + ".scan.txt");
    for (std::uint64_t offset; scans >> offset;) truth.scan.insert(offset);
    return truth;
}

/// A seed of the generator and the size of its log. Whatever the size, it holds 40 incidents of seven kinds.
struct Log {
    int seed, megabytes;
};

class IisTruth : public testing::TestWithParam<Log> {};

TEST_P(IisTruth, PlantedLinesAreFoundAndOrdinaryOnesAreQuiet) {
    auto generator = std::filesystem::path(test::real_evidence("")) / "../oracles/iis/gen_iis.py";
    if (test::real_evidence("").empty() || !std::filesystem::exists(generator))
        GTEST_SKIP() << "needs gen_iis.py beside $ASCRIBE_EVIDENCE";
    test::Folder folder;
    auto log = folder.path() + "/u_ex2103.log";
    auto command = "python3 '" + generator.string() + "' '" + log + "' --mb " + std::to_string(GetParam().megabytes) +
                   " --seed " + std::to_string(GetParam().seed) + " 2>/dev/null";
    ASSERT_EQ(std::system(command.c_str()), 0);
    auto truth = load_truth(log);
    auto investigated = test::run(log);

    std::set<std::uint64_t> alerts;
    for (const Incident& incident : investigated.incidents)
        for (const Finding& finding : incident.findings)
            if (finding.level != Level::scan)
                for (const Ref& ref : finding.evidence) alerts.insert(ref.offset);
    for (auto offset : truth.attack) EXPECT_TRUE(alerts.contains(offset)) << "missed the attack line at " << offset;

    ASSERT_EQ(investigated.accounting.size(), 1u);
    const Accounting& account = investigated.accounting[0];
    std::set<std::uint64_t> bad;
    for (const Damage& damage : investigated.damage) bad.insert(damage.offset);
    EXPECT_EQ(bad, truth.damaged);
    EXPECT_EQ(account.bad, truth.damaged.size());
    for (auto offset : truth.nasty) EXPECT_FALSE(bad.contains(offset));

    std::uint64_t false_alerts = 0;
    for (auto offset : alerts)
        if (!truth.attack.contains(offset) && !truth.scan.contains(offset)) ++false_alerts;
    EXPECT_LE(static_cast<double>(false_alerts), static_cast<double>(account.records) / 1e6)
        << false_alerts << " of " << account.records;
}

INSTANTIATE_TEST_SUITE_P(Seeds, IisTruth,
                         testing::Values(Log{20210302, 64}, Log{1, 12}, Log{2, 12}, Log{3, 12}, Log{4, 12}, Log{5, 12},
                                         Log{6, 12}, Log{7, 12}, Log{8, 12}, Log{9, 12}, Log{10, 12}),
                         [](const auto& test) { return "Seed" + std::to_string(test.param.seed); });

}  // namespace
}  // namespace ascribe

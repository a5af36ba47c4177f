// Hits of the user's rules as findings: what they say, that they keep the laws of a fold, and what they never say.
#include <gtest/gtest.h>

#include "detect/all.hpp"
#include "detect/events_batch.hpp"
#include "detect/sigma/rule_set.hpp"

namespace ascribe {
namespace {

using test::security;

constexpr std::string_view kRules = R"(
title: Account Made
id: 00000000-0000-4000-8000-000000000001
status: test
level: LEVEL
tags: [attack.persistence, attack.t1136.001, cve.2021-26855, 'attack.t1x<script>']
logsource: {product: windows, service: security}
detection:
    selection: {EventID: 4720}
    condition: selection
---
title: Probe
id: '../<b>'
level: high
logsource: {category: webserver}
detection:
    selection: {cs-uri-stem|contains: '/probe'}
    condition: selection
---
title: Refused Logon
name: refused
level: low
logsource: {product: windows, service: security}
detection:
    selection: {EventID: 4625}
    condition: selection
---
title: Many Refused Logons
id: 00000000-0000-4000-8000-000000000002
level: medium
correlation:
    type: event_count
    rules: [refused]
    group-by: [TargetUserName]
    timespan: 10m
    condition: {gte: 3}
)";

Intel with_rules(std::string_view level = "critical", std::string_view status = "test") {
    std::string text(kRules);
    text.replace(text.find("LEVEL"), 5, level);
    text.replace(text.find("status: test") + 8, 4, status);
    auto rules = sigma::read_rules(text, "rules.yml", {});
    EXPECT_TRUE(rules.refusals.empty()) << rules.refusals.front().reason;
    Intel intel;
    intel.rules = sigma::RuleSet::compile(std::move(rules), sigma::builtin_sources().value());
    return intel;
}

const Detector& rules_detector() { return test::detector(detectors(), "sigma.rules"); }

std::vector<test::Line> lines() {
    std::vector<test::Line> all = {security("2021-03-03T04:00:00Z", 4720, {}),
                                   security("2021-03-03T05:00:00Z", 4720, {}), security("", 4720, {}),
                                   security("2021-03-03T05:00:00Z", 4624, {})};
    for (int i = 0; i < 4; ++i)
        all.push_back(security(fmt::format("2021-03-03T06:0{}:00Z", i), 4625, {{"TargetUserName", "alice"}}));
    for (auto address : {"198.51.100.7", "198.51.100.7", "203.0.113.9"})
        all.push_back(test::row(RecordKind::http_request,
                                {{"method", "GET"}, {"stem", "/owa/probe.aspx"}, {"client_ip", address}},
                                "2021-03-03T07:00:00Z"));
    return all;
}

const Finding* find(const Conclusion& conclusion, std::string_view detector) {
    auto at = std::ranges::find(conclusion.findings, detector, &Finding::detector);
    return at == conclusion.findings.end() ? nullptr : &*at;
}

TEST(SigmaFindings, OneARuleWithItsRowsAndTags) {
    auto conclusion = test::conclude(rules_detector(), lines(), with_rules());
    ASSERT_EQ(conclusion.findings.size(), 3u);
    auto* made = find(conclusion, "sigma.00000000-0000-4000-8000-000000000001");
    ASSERT_NE(made, nullptr);
    EXPECT_EQ(made->statement, "Sigma rule \"Account Made\" was hit.");
    EXPECT_EQ(made->evidence.size(), 3u);
    EXPECT_EQ(made->evidence_total, 3u);
    EXPECT_EQ(made->moments.size(), 2u);
    EXPECT_EQ(format_time(made->raw_time.value()), "2021-03-03T04:00:00.000Z");
    EXPECT_EQ(format_time(made->last.value()), "2021-03-03T05:00:00.000Z");
    EXPECT_EQ(made->techniques, std::vector<std::string>{"T1136.001"});
    EXPECT_EQ(made->cves, std::vector<std::string>{"CVE-2021-26855"});
    EXPECT_EQ(made->level, Level::attempt);
    EXPECT_EQ(made->severity, Severity::critical);
    EXPECT_EQ(made->question, Question::persistence);
}

TEST(SigmaFindings, AddressAndPageOnlyWhereAllRowsHaveTheSame) {
    auto conclusion = test::conclude(rules_detector(), lines(), with_rules());
    auto* probe = find(conclusion, "sigma.____b_");
    ASSERT_NE(probe, nullptr);
    EXPECT_EQ(probe->evidence_total, 3u);
    EXPECT_EQ(probe->address, "");
    EXPECT_EQ(probe->page, "/owa/probe.aspx");
}

TEST(SigmaFindings, CorrelationsTellOfTheirWindows) {
    auto conclusion = test::conclude(rules_detector(), lines(), with_rules());
    auto* many = find(conclusion, "sigma.00000000-0000-4000-8000-000000000002");
    ASSERT_NE(many, nullptr);
    EXPECT_EQ(many->evidence_total, 4u);
    EXPECT_EQ(format_time(many->last.value()), "2021-03-03T06:03:00.000Z");
}

TEST(SigmaFindings, WeightsFollowTheLevelAndNeverReachAYes) {
    struct Case {
        std::string_view level, status;
        Level wanted;
        double probability;
    };
    for (auto [level, status, wanted, probability] : {Case{"informational", "test", Level::scan, 0.1},
                                                      {"low", "stable", Level::scan, 0.1},
                                                      {"medium", "test", Level::attempt, 0.2},
                                                      {"high", "stable", Level::attempt, 0.4},
                                                      {"critical", "experimental", Level::attempt, 0.4},
                                                      {"critical", "stable", Level::attempt, 0.6}}) {
        auto conclusion = test::conclude(rules_detector(), lines(), with_rules(level, status));
        auto* made = find(conclusion, "sigma.00000000-0000-4000-8000-000000000001");
        ASSERT_NE(made, nullptr);
        EXPECT_EQ(made->level, wanted) << level;
        EXPECT_DOUBLE_EQ(made->probability, probability) << level;
        for (const Finding& finding : conclusion.findings) {
            EXPECT_NE(finding.level, Level::success);
            EXPECT_LT(finding.probability, 0.75);
        }
    }
}

TEST(SigmaFindings, KeepTheLawsOfAFold) { test::expect_fold_laws(rules_detector(), lines(), with_rules()); }

TEST(SigmaFindings, NoRulesNothingSaid) { EXPECT_TRUE(test::conclude(rules_detector(), lines()).findings.empty()); }

}  // namespace
}  // namespace ascribe

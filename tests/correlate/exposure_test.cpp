// Builds to states: the cases that ordering by number alone gets wrong.
#include <gtest/gtest.h>

#include "correlate/support.hpp"

namespace ascribe {
namespace {

using test::seen;
using test::utc;

Exposure of(const std::vector<BuildSeen>& builds, std::string_view cve = "CVE-2021-26855",
            const std::vector<SettingSeen>& settings = {}) {
    for (auto& exposure : expose(builds, settings, test::intel()))
        if (exposure.cve == cve) return exposure;
    return {};
}

TEST(Exposure, OlderThanTheFirstFixedBuildOfItsUpdateIsVulnerable) {
    auto exposure = of({seen("15.1.2106.2")});
    EXPECT_EQ(exposure.state, CveState::vulnerable);
    EXPECT_EQ(exposure.from, utc("2021-01-03"));
    EXPECT_FALSE(exposure.until);
    EXPECT_EQ(exposure.reason, "Build 15.1.2106.2 is older than 15.1.2106.13, the first fixed build of CU18.");
    EXPECT_EQ(exposure.evidence.size(), 1u);
}

TEST(Exposure, TheFirstFixedBuildIsFixed) { EXPECT_EQ(of({seen("15.1.2106.13")}).state, CveState::fixed); }

TEST(Exposure, ALaterUpdateIsFixedFromItsRelease) {
    EXPECT_EQ(of({seen("15.1.2242.4")}).state, CveState::fixed);
    auto later = of({seen("15.1.2308.8")});
    EXPECT_EQ(later.state, CveState::fixed);
    EXPECT_TRUE(later.before_installation);
}

TEST(Exposure, AnUpdateThatNeverGotTheFixIsVulnerable) {
    EXPECT_EQ(of({seen("15.1.1261.35")}).state, CveState::vulnerable);  // 2016 CU7
}

TEST(Exposure, BetweenTwoStatedFixesItCannotTell) {
    auto exposure = of({seen("15.1.1415.9")});
    EXPECT_EQ(exposure.state, CveState::cannot_tell);
    EXPECT_NE(exposure.reason.find("disagree"), std::string::npos);
}

// The March 2021 update for CU14 holds the fixes of that month only: its number does not prove the fix of February
// 2020.
TEST(Exposure, AMarchOnlyUpdateProvesMarchOnly) {
    EXPECT_EQ(of({seen("15.1.1847.12")}).state, CveState::fixed);
    EXPECT_EQ(of({seen("15.1.1847.12")}, "CVE-2020-0688").state, CveState::cannot_tell);
    EXPECT_EQ(of({seen("15.1.1847.7")}, "CVE-2020-0688").state, CveState::fixed);
}

TEST(Exposure, OtherProductsAreNotListed) {
    EXPECT_EQ(of({seen("14.3.496.0")}).cve, "");
    EXPECT_EQ(of({seen("14.3.496.0")}, "CVE-2020-0688").state, CveState::cannot_tell);
}

TEST(Exposure, NoBuildCannotTell) {
    auto exposure = of({});
    EXPECT_EQ(exposure.state, CveState::cannot_tell);
    EXPECT_TRUE(exposure.evidence.empty());
}

TEST(Exposure, ThePatchClosesTheWindow) {
    auto exposure = of({seen("15.1.2106.13", utc("2021-03-12"), utc("2021-03-20")),
                        seen("15.1.2106.2", utc("2021-01-01"), utc("2021-03-11"))});
    EXPECT_EQ(exposure.state, CveState::fixed);  // in the end ...
    EXPECT_TRUE(exposure.open_in_window);        // ... after it had been open
    EXPECT_EQ(exposure.until, utc("2021-03-12"));
    EXPECT_EQ(exposure.evidence.size(), 2u);
}

TEST(Exposure, OfContradictingSourcesTheVulnerableOneIsBelieved) {
    auto exposure = of({seen("15.1.2106.13", utc("2021-01-02"), utc("2021-01-02")),
                        seen("15.1.2106.2", utc("2021-01-01"), utc("2021-03-11"))});
    EXPECT_EQ(exposure.state, CveState::vulnerable);
    EXPECT_FALSE(exposure.until);
    EXPECT_NE(exposure.reason.find("disagree"), std::string::npos);
}

TEST(Exposure, ARewriteRuleMitigates) {
    SettingSeen rule{"rewrite_rule", "X-BEResource Abort - inbound", "abort", "web.config", test::ref(9)};
    EXPECT_EQ(of({seen("15.1.2106.2")}, "CVE-2021-26855", {rule}).state, CveState::mitigated);
    rule.value = "disabled";
    EXPECT_EQ(of({seen("15.1.2106.2")}, "CVE-2021-26855", {rule}).state, CveState::vulnerable);
}

TEST(Exposure, WhereASettingDecidesAFixedBuildCannotTell) {
    auto intel = test::intel();
    intel.vulnerabilities[0].build_decides = false;
    intel.vulnerabilities[0].condition = "Extended Protection";
    auto exposures = expose({seen("15.1.2106.13")}, {}, intel);
    EXPECT_EQ(exposures[0].state, CveState::cannot_tell);
    EXPECT_NE(exposures[0].reason.find("Extended Protection"), std::string::npos);
    EXPECT_EQ(expose({seen("15.1.2106.2")}, {}, intel)[0].state, CveState::vulnerable);
}

}  // namespace
}  // namespace ascribe

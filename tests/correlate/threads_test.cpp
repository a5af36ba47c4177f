// Who belongs together: hard links join, closeness alone does not.
#include <gtest/gtest.h>

#include <algorithm>

#include "correlate/support.hpp"

namespace ascribe {
namespace {

using test::utc;

Finding subject(std::string id, std::string_view time, std::string address, std::string page = "",
                std::string account = "") {
    auto finding = test::finding(std::move(id), Level::success, Question::used, utc(time));
    finding.address = std::move(address);
    finding.page = std::move(page);
    finding.account = std::move(account);
    return finding;
}

std::vector<std::vector<std::string>> joined(std::vector<Finding> findings, const Known& known = {}) {
    std::ranges::sort(findings, {}, [](const Finding& finding) { return std::tie(finding.time, finding.id); });
    std::vector<std::vector<std::string>> ids;
    for (const Thread& thread : join_threads(findings, test::intel(), known)) ids.push_back(thread.findings);
    return ids;
}

using Ids = std::vector<std::vector<std::string>>;

TEST(Threads, APageJoinsWhoeverUsesIt) {
    EXPECT_EQ(
        joined({subject("F-1", "2021-03-03T01:00:00Z", "198.51.100.1", "C:\\inetpub\\wwwroot\\aspnet_client\\Aa.aspx"),
                subject("F-2", "2021-03-04T01:00:00Z", "198.51.100.2", "/aspnet_client/aa.aspx")}),
        (Ids{{"F-1", "F-2"}}));
}

// A shell of PHP and the requests to it were two threads.
TEST(Threads, APageOfAnotherLanguageJoinsToo) {
    auto file = subject("F-1", "2021-03-03T01:00:00Z", "", "WEB01/var/www/html/uploads/q7x.php");
    EXPECT_EQ(joined({file, subject("F-2", "2021-03-04T01:00:00Z", "198.51.100.2", "/uploads/q7x.php")}),
              (Ids{{"F-1", "F-2"}}));
    EXPECT_EQ(joined({subject("F-1", "2021-03-03T01:00:00Z", "198.51.100.1", "/a/index.php"),
                      subject("F-2", "2021-03-04T01:00:00Z", "198.51.100.2", "/b/index.php")}),
              (Ids{{"F-1"}, {"F-2"}}));
}

TEST(Threads, TwoIntrudersStayTwo) {
    std::vector<Finding> findings = {subject("F-1", "2021-03-03T01:00:00Z", "198.51.100.1", "/aspnet_client/a.aspx"),
                                     subject("F-2", "2021-03-03T01:01:00Z", "203.0.113.9", "/owa/auth/b.aspx"),
                                     subject("F-3", "2021-03-03T01:02:00Z", "198.51.100.1"),
                                     subject("F-4", "2021-03-03T01:03:00Z", "203.0.113.9")};
    EXPECT_EQ(joined(findings), (Ids{{"F-1", "F-3"}, {"F-2", "F-4"}}));
    std::ranges::reverse(findings);
    EXPECT_EQ(joined(findings), (Ids{{"F-1", "F-3"}, {"F-2", "F-4"}}));
}

TEST(Threads, WhatTheServerWroteJoinsTheOneIntruderOfThatMoment) {
    auto written = subject("F-2", "2021-03-03T01:05:00Z", "", "C:\\x\\a.aspx", "MAIL01$");
    auto ran = subject("F-3", "2021-03-03T01:14:00Z", "", "", "NT AUTHORITY\\SYSTEM");
    EXPECT_EQ(joined({subject("F-1", "2021-03-03T01:00:00Z", "198.51.100.1"), written, ran}),
              (Ids{{"F-1", "F-2", "F-3"}}));
    EXPECT_EQ(joined({subject("F-1", "2021-03-03T01:00:00Z", "198.51.100.1"),
                      subject("F-4", "2021-03-03T01:06:00Z", "203.0.113.9"), written}),
              (Ids{{"F-1"}, {"F-2"}, {"F-4"}}))
        << "two were active: nobody is named";
    EXPECT_EQ(joined({subject("F-1", "2021-03-03T00:54:00Z", "198.51.100.1"), written}), (Ids{{"F-1"}, {"F-2"}}))
        << "eleven minutes";
}

TEST(Threads, StockPagesServiceAccountsAndOwnAddressesLinkNobody) {
    Known known;
    known.addresses = {"10.0.0.5"};
    EXPECT_EQ(
        joined({subject("F-1", "2021-03-03T01:00:00Z", "10.0.0.5", "/owa/auth/logon.aspx", "DEMO\\Administrator"),
                subject("F-2", "2021-03-05T01:00:00Z", "10.0.0.5", "/owa/auth/logon.aspx", "DEMO\\Administrator")},
               known),
        (Ids{{"F-1"}, {"F-2"}}));
    EXPECT_EQ(joined({subject("F-1", "2021-03-03T01:00:00Z", "", "", "DEMO\\jo"),
                      subject("F-2", "2021-03-05T01:00:00Z", "", "", "demo\\JO")}),
              (Ids{{"F-1", "F-2"}}));
}

TEST(Threads, ScansAreInNoThread) {
    auto scan = subject("F-1", "2021-03-03T01:00:00Z", "198.51.100.1");
    scan.level = Level::scan;
    EXPECT_TRUE(joined({scan}).empty());
}

TEST(Threads, AFloodTakesLinearTime) {
    std::vector<Finding> findings;
    for (int i = 0; i < 20'000; ++i)
        findings.push_back(
            subject("F-" + std::to_string(i), "2021-03-03T01:00:00Z", i % 2 == 0 ? "198.51.100.1" : "", "", ""));
    EXPECT_EQ(joined(findings).size(), 1u);
}

}  // namespace
}  // namespace ascribe

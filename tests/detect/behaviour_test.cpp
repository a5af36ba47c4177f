// What requests tell together: pages used like shells, accounts against their own past, and the bounded tables beneath.
#include <random>

#include "detect/all.hpp"
#include "detect/behaviour/features.hpp"
#include "detect/behaviour/page_kind.hpp"
#include "detect/behaviour/sample.hpp"
#include "detect/events_batch.hpp"

namespace ascribe::test {
namespace {

using namespace behaviour;

struct Count {
    std::uint64_t rows = 0;
    void merge(const Count& other) { rows += other.rows; }
    void save(Writer& out) const { out.little(rows); }
    static Result<Count> load(Reader& in) {
        Count count;
        count.rows = TRY(in.little<std::uint64_t>("count"));
        return count;
    }
};

template <class Table>
std::string bytes_of(const Table& table) {
    Writer out;
    table.save(out);
    return out.take();
}

TEST(Sample, HoldsTheSameForAnyOrderAndAnyParts) {
    std::vector<std::string> keys;
    for (int i = 0; i < 3'000; ++i) keys.push_back(fmt::format("key{}", i * i % 1'009));
    Sample<Count, 64> whole;
    for (const auto& key : keys) ++whole[key].rows;
    std::mt19937 random(1);
    for (int order = 0; order < 5; ++order) {
        std::ranges::shuffle(keys, random);
        std::vector<Sample<Count, 64>> parts(7);
        for (std::size_t i = 0; i < keys.size(); ++i) ++parts[i % parts.size()][keys[i]].rows;
        Sample<Count, 64> merged;
        for (const auto& part : parts) merged.merge(part);
        EXPECT_EQ(bytes_of(merged), bytes_of(whole)) << "order " << order;
    }
    EXPECT_TRUE(whole.cut());
    EXPECT_EQ(whole.kept().size(), 64u);
}

TEST(Sample, CountsExactlyUntilItIsCutAndCloselyAfterwards) {
    Sample<Count, 256> few, many;
    for (int i = 0; i < 200; ++i) ++few[fmt::format("k{}", i)].rows;
    EXPECT_FALSE(few.cut());
    EXPECT_EQ(few.distinct(), 200u);
    for (int i = 0; i < 50'000; ++i) ++many[fmt::format("k{}", i)].rows;
    EXPECT_NEAR(static_cast<double>(many.distinct()), 50'000, 50'000 * 4 / 16.0) << "four standard errors";
}

TEST(Sample, GivenUpStaysGivenUp) {
    Sample<Count, 4> gone, other;
    for (int i = 0; i < 5; ++i) ++gone[fmt::format("k{}", i)].rows;
    gone.give_up();
    ++other["k1"].rows;
    other.merge(gone);
    EXPECT_TRUE(other.cut());
    EXPECT_TRUE(other.kept().empty());
    EXPECT_EQ(bytes_of(other), bytes_of(gone));
}

TEST(PageNames, TellScriptsFromFilesAndLeaveStockPagesOut) {
    Intel intel;
    intel.stock_pages = {"owa/auth/logon.aspx", "ecp/default.aspx"};
    intel.stock_names = {"logon.aspx", "default.aspx"};
    auto kind = [&](std::string_view stem) { return page_name(stem, intel).kind; };
    EXPECT_EQ(kind("/owa/auth/logon.aspx"), PageKind::none);
    EXPECT_EQ(kind("/ecp/default.aspx"), PageKind::none);
    EXPECT_EQ(kind("/shop/default.aspx"), PageKind::script) << "a stock name elsewhere is anybody's";
    EXPECT_EQ(kind("/owa/auth/logon2.aspx"), PageKind::script);
    EXPECT_EQ(kind("/EWS/Exchange.asmx"), PageKind::none);
    EXPECT_EQ(kind("/autodiscover/autodiscover.svc"), PageKind::none);
    EXPECT_EQ(kind("/autodiscover/help.aspx"), PageKind::script);
    EXPECT_EQ(kind("/images/logo.PNG"), PageKind::still);
    EXPECT_EQ(kind("/ecp/y.js"), PageKind::none) << "a forged request, not a page";
    EXPECT_EQ(kind("/aspnet_client/system_web/a.css"), PageKind::still);
    EXPECT_EQ(kind("/api/items.json"), PageKind::none);
    EXPECT_EQ(kind("/mapi/emsmdb/"), PageKind::none);
    EXPECT_EQ(page_name("/a/B.php/x/y", intel).path, "/a/b.php");
    EXPECT_TRUE(page_name("/a/B.php/x/y", intel).informed);
    EXPECT_TRUE(page_name("/a/b.aspx/x", intel).informed);
    EXPECT_FALSE(page_name("/a/b.php/", intel).informed);
    EXPECT_FALSE(page_name("/a/b.jsp;x=/y", intel).informed);
    EXPECT_EQ(page_name("/a/b.jsp;jsessionid=1F", intel).path, "/a/b.jsp");
    EXPECT_EQ(page_name("/a/b%2ejspx", intel).path, "/a/b.jspx");
}

Line request(std::string time, std::string address, std::string method, std::string stem, int status,
             std::map<std::string, std::string> more = {}) {
    more.insert({{"client_ip", std::move(address)},
                 {"method", std::move(method)},
                 {"stem", std::move(stem)},
                 {"status", std::to_string(status)},
                 {"user_agent", "Mozilla/5.0"}});
    return row(RecordKind::http_request, std::move(more), std::move(time));
}

/// A site with visitors who come from page to page, every day.
std::vector<Line> site(int days) {
    std::vector<Line> lines;
    for (int day = 1; day <= days; ++day)
        for (int i = 0; i < 4; ++i) {
            auto at = [&](int second) { return fmt::format("2024-05-{:02}T1{}:00:{:02}Z", day, i, second); };
            auto who = fmt::format("198.51.100.{}", day * 4 + i);
            lines.push_back(request(at(1), who, "GET", "/index.php", 200));
            lines.push_back(
                request(at(2), who, "GET", "/images/logo.png", 200, {{"referrer", "https://a.example/index.php"}}));
            lines.push_back(
                request(at(30), who, "POST", "/contact.php", 200, {{"referrer", "https://a.example/index.php"}}));
        }
    return lines;
}

std::vector<Line> shell(const std::string& page) {
    std::vector<Line> lines;
    for (int i = 0; i < 5; ++i)
        lines.push_back(request(fmt::format("2024-05-09T02:1{}:07Z", i), "203.0.113.7", "POST", page, 200,
                                {{"sent_bytes", std::to_string(300 << (2 * i))}}));
    lines.push_back(request("2024-05-11T08:00:00Z", "192.0.2.9", "GET", page, 404));
    return lines;
}

TEST(BehaviourPage, ADeletedShellIsFoundByWhatItWasUsedFor) {
    auto lines = site(12);
    for (Line& line : shell("/uploads/header.php")) lines.push_back(std::move(line));
    auto conclusion = conclude(detector(detectors(), "behaviour.page"), lines);
    ASSERT_EQ(conclusion.findings.size(), 1u) << text_of(conclusion);
    const Finding& finding = conclusion.findings[0];
    EXPECT_EQ(finding.page, "/uploads/header.php");
    EXPECT_EQ(finding.address, "203.0.113.7");
    EXPECT_EQ(finding.evidence_total, 5u);
    EXPECT_EQ(finding.evidence.size(), 5u);
    EXPECT_EQ(text_of(finding.raw_time), "2024-05-09T02:10:07.000Z");
    EXPECT_EQ(text_of(finding.last), "2024-05-09T02:14:07.000Z");
    EXPECT_LT(finding.probability, 0.75) << "never decides alone";
    EXPECT_NE(finding.statement.find("5 commands between"), std::string::npos) << finding.statement;
    EXPECT_NE(finding.statement.find("by 203.0.113.7 (5)"), std::string::npos) << finding.statement;
    EXPECT_NE(finding.statement.find("192.0.2.9 asked for it later without using it"), std::string::npos)
        << finding.statement;
    EXPECT_NE(finding.statement.find("by 2024-05-11 08:00:00 UTC it was gone"), std::string::npos);
}

/// Commands in cookies: the log has the same GET again and again.
std::vector<Line> fetched(const std::string& page, int hour, int size_step) {
    std::vector<Line> lines;
    for (int i = 0; i < 8; ++i)
        lines.push_back(request(fmt::format("2024-05-09T{:02}:{:02}:0{}Z", hour, i * i / 2, i), "203.0.113.7", "GET",
                                page, 200, {{"sent_bytes", std::to_string(300 << (i % 3 * size_step))}}));
    return lines;
}

TEST(BehaviourPage, AShellWhoseCommandsAreInCookiesIsFoundByItsFetches) {
    auto lines = site(12);
    lines.push_back(request("2024-05-08T20:00:00Z", "203.0.113.7", "GET", "/uploads/header.php", 404));
    for (Line& line : fetched("/uploads/header.php", 2, 2)) lines.push_back(std::move(line));
    auto conclusion = conclude(detector(detectors(), "behaviour.page"), lines);
    ASSERT_EQ(conclusion.findings.size(), 1u) << text_of(conclusion);
    const Finding& finding = conclusion.findings[0];
    EXPECT_EQ(finding.page, "/uploads/header.php");
    EXPECT_EQ(finding.evidence.size(), 8u);
    EXPECT_NE(finding.statement.find("8 requests without query or body between"), std::string::npos)
        << finding.statement;
    auto few = fetched("/uploads/header.php", 2, 2);
    few.insert(few.begin(), {request("2024-05-01T00:00:00Z", "198.51.100.1", "GET", "/index.php", 200,
                                     {{"referrer", "https://a.example/"}}),
                             request("2024-05-08T20:00:00Z", "203.0.113.7", "GET", "/uploads/header.php", 404)});
    expect_fold_laws(detector(detectors(), "behaviour.page"), few);
}

TEST(BehaviourPage, WithoutSizesOfAnswersAFetchedShellIsToldByTheRest) {
    auto lines = site(12);
    lines.push_back(request("2024-05-08T20:00:00Z", "203.0.113.7", "GET", "/uploads/header.php", 404));
    for (Line& line : fetched("/uploads/header.php", 2, 2)) lines.push_back(std::move(line));
    for (Line& line : fetched("/status.php", 2, 0)) {
        line.values["client_ip"] = "10.0.0.9";
        lines.push_back(std::move(line));
    }
    for (Line& line : lines) line.values.erase("sent_bytes");
    auto conclusion = conclude(detector(detectors(), "behaviour.page"), lines);
    ASSERT_EQ(conclusion.findings.size(), 1u) << text_of(conclusion);
    EXPECT_EQ(conclusion.findings[0].page, "/uploads/header.php");
}

TEST(BehaviourPage, FetchesOfOneSizeOrOfInsideSayNothing) {
    auto lines = site(12);
    for (Line& line : fetched("/status.php", 2, 0)) lines.push_back(std::move(line));
    for (Line line : fetched("/queue.php", 3, 2)) {
        line.values["client_ip"] = "10.0.0.9";
        lines.push_back(std::move(line));
    }
    auto conclusion = conclude(detector(detectors(), "behaviour.page"), lines);
    EXPECT_TRUE(conclusion.findings.empty()) << text_of(conclusion);
}

TEST(BehaviourPage, WhatIsAskedBehindTheNameOfAPageIsAQuery) {
    auto lines = site(12);
    for (int i = 0; i < 5; ++i)
        lines.push_back(request(fmt::format("2024-05-09T02:1{}:07Z", i), "203.0.113.7", "GET",
                                fmt::format("/uploads/header.php/{}", i), 200,
                                {{"sent_bytes", std::to_string(300 << (2 * i))}}));
    auto conclusion = conclude(detector(detectors(), "behaviour.page"), lines);
    ASSERT_EQ(conclusion.findings.size(), 1u) << text_of(conclusion);
    EXPECT_NE(conclusion.findings[0].statement.find("5 queries between"), std::string::npos)
        << conclusion.findings[0].statement;
}

TEST(BehaviourPage, IsNamedAsItsFirstUseWroteIt) {
    auto lines = site(12);
    auto first = shell("/Uploads/Header.PHP"), later = shell("/uploads/header.php");
    first.pop_back();
    for (Line& line : later) line.time.replace(8, 2, "10");
    for (auto* more : {&later, &first})
        for (Line& line : *more) lines.push_back(std::move(line));
    auto conclusion = conclude(detector(detectors(), "behaviour.page"), lines);
    ASSERT_EQ(conclusion.findings.size(), 1u) << text_of(conclusion);
    EXPECT_TRUE(conclusion.findings[0].statement.starts_with("/Uploads/Header.PHP was used like a web shell"))
        << conclusion.findings[0].statement;
}

// A worker in the intruder's hands may send any count. Sixty-four doublings pass every sum.
TEST(Detectors, SumsOfCountsStayAtTheTop) {
    auto lines = site(12);
    for (Line& line : shell("/uploads/header.php")) lines.push_back(std::move(line));
    lines.push_back(request("2024-05-09T02:10:07Z", "203.0.113.8", "GET", "/.env", 404));
    for (const Detector& one : detectors()) {
        if (std::ranges::find(one.reads, RecordKind::http_request) == one.reads.end()) continue;
        auto state = one.begin();
        observe(one, state, lines, 0, Intel{});
        for (int doubling = 0; doubling < 65; ++doubling) {
            auto same = state;
            one.merge(state, same);
        }
        Writer out;
        one.save(state, out);
        Reader in(as_bytes(out.bytes()));
        EXPECT_TRUE(one.load(in).has_value()) << one.name;
        for (const Finding& finding : one.conclude(state, Intel{}).findings)
            EXPECT_EQ(finding.evidence_total, UINT64_MAX) << one.name << ": " << finding.statement;
    }
}

TEST(BehaviourPage, TheSameRequestsToAPageOfThePublicSayNothing) {
    auto conclusion = conclude(detector(detectors(), "behaviour.page"), site(12));
    EXPECT_TRUE(conclusion.findings.empty()) << text_of(conclusion);
}

TEST(BehaviourPage, TheServersOwnProbesAreLeftOut) {
    auto lines = site(12);
    for (Line line : shell("/uploads/header.php")) {
        line.values["client_ip"] = "127.0.0.1";
        line.values["user_agent"] = "AMProbe/Local/ClientAccess";
        lines.push_back(std::move(line));
    }
    auto conclusion = conclude(detector(detectors(), "behaviour.page"), lines);
    EXPECT_TRUE(conclusion.findings.empty()) << text_of(conclusion);
}

TEST(BehaviourPage, KeepsTheLawsOfAFold) {
    auto lines = shell("/uploads/header.php");
    lines.insert(lines.begin(), request("2024-05-01T00:00:00Z", "198.51.100.1", "GET", "/index.php", 200,
                                        {{"referrer", "https://a.example/"}}));
    expect_fold_laws(detector(detectors(), "behaviour.page"), lines);
}

TEST(BehaviourPage, WeightsSpeakTheWayTheirReasonsDo) {
#define ASCRIBE_CHECK(name, way, used, fetched, unsized, words) \
    EXPECT_GE((way) * (used), 0) << #name;                      \
    EXPECT_GE((way) * (fetched), 0) << #name;                   \
    EXPECT_GE((way) * (unsized), 0) << #name;
    ASCRIBE_FEATURES(ASCRIBE_CHECK)
#undef ASCRIBE_CHECK
}

std::vector<Line> mailbox_days(int usual, int last) {
    std::vector<Line> lines;
    for (int day = 1; day <= 9; ++day)
        for (int i = 0; i < (day == 9 ? last : usual); ++i)
            lines.push_back(row(RecordKind::exchange_request,
                                {{"log", "Ews"},
                                 {"method", "POST"},
                                 {"stem", "/EWS/Exchange.asmx"},
                                 {"user", "CORP\\anna"},
                                 {"client_ip", "203.0.113.7"},
                                 {"status", "200"}},
                                fmt::format("2024-05-{:02}T{:02}:{:02}:00Z", day, i / 60 % 24, i % 60)));
    return lines;
}

TEST(BehaviourMailbox, AnAccountIsComparedWithItsOwnPast) {
    const auto& volume = detector(detectors(), "behaviour.mailbox_volume");
    auto conclusion = conclude(volume, mailbox_days(3, 12'000));
    ASSERT_EQ(conclusion.findings.size(), 1u);
    EXPECT_EQ(conclusion.findings[0].statement,
              "corp\\anna sent 12000 requests by EWS on 2024-05-09, as the log of Ews tells; the median of its other "
              "days was 3.");
    EXPECT_TRUE(conclude(volume, mailbox_days(900, 1'400)).findings.empty()) << "a busy account";
    EXPECT_TRUE(conclude(volume, mailbox_days(3, 200)).findings.empty()) << "few requests";
}

TEST(BehaviourMailbox, TheServersOwnAccountFromOutside) {
    const auto& account = detector(detectors(), "behaviour.server_account");
    auto line = [](std::string address, std::string user) {
        return request("2024-05-09T02:10:07Z", std::move(address), "POST", "/EWS/Exchange.asmx", 200,
                       {{"user", std::move(user)}});
    };
    auto conclusion = conclude(account, {line("203.0.113.7", "CORP\\EX01$"), line("10.0.0.4", "CORP\\EX02$"),
                                         line("203.0.113.7", "CORP\\anna")});
    ASSERT_EQ(conclusion.findings.size(), 1u);
    EXPECT_EQ(conclusion.findings[0].statement,
              "203.0.113.7 used /EWS/Exchange.asmx as CORP\\EX01$ from outside, and the server answered.");
    expect_fold_laws(account, {line("203.0.113.7", "CORP\\EX01$")});
    auto ews = row(RecordKind::exchange_request,
                   {{"log", "Ews"}, {"client_ip", "203.0.113.7"}, {"user", "CORP\\EX01$"}, {"status", "200"}},
                   "2024-05-09T02:10:07Z");
    conclusion = conclude(account, {ews});
    ASSERT_EQ(conclusion.findings.size(), 1u) << "the log of one service does not say its path";
    EXPECT_EQ(conclusion.findings[0].statement,
              "203.0.113.7 used /ews/ as CORP\\EX01$ from outside, and the server answered.");
}

TEST(BehaviourMailbox, ManyMailboxesOfOneAddressAreOneNote) {
    const auto& enumeration = detector(detectors(), "behaviour.enumeration");
    std::vector<Line> lines;
    for (int i = 0; i < 30; ++i)
        lines.push_back(request(fmt::format("2024-05-09T02:10:{:02}Z", i), "203.0.113.7", "GET",
                                fmt::format("/autodiscover/autodiscover.json/v1.0/user{}@corp.example", i), 200));
    auto conclusion = conclude(enumeration, lines);
    ASSERT_EQ(conclusion.findings.size(), 1u);
    EXPECT_EQ(conclusion.findings[0].statement,
              "203.0.113.7 asked for 30 mailboxes or address books without signing in, in 30 requests.");
    EXPECT_EQ(conclusion.findings[0].level, Level::scan);
    lines.resize(10);
    EXPECT_TRUE(conclude(enumeration, lines).findings.empty());
}

TEST(BehaviourSession, JoinsWhatOneClientDidAcrossLogs) {
    const auto& session = detector(detectors(), "behaviour.session");
    std::string id = "0000abcd-0000-4000-8000-000000000000";
    std::map<std::string, std::string> with_id = {{"query", "&CorrelationID=<empty>;&cafeReqId=" + id + ";"}};
    auto back = request("2021-03-03T04:00:09Z", "192.0.2.10", "POST", "/ecp/proxyLogon.ecp", 241, with_id);
    back.values["port"] = "444";
    std::vector<Line> lines = {
        request("2021-03-03T03:59:00Z", "203.0.113.7", "GET", "/owa/auth/x.aspx", 404),
        request("2021-03-03T04:00:09Z", "203.0.113.7", "POST", "/ecp/y.js", 241, with_id),
        row(RecordKind::exchange_request,
            {{"log", "HttpProxy"},
             {"method", "POST"},
             {"stem", "/ecp/y.js"},
             {"client_ip", "203.0.113.7"},
             {"request_id", id},
             {"status", "241"},
             {"anchor_mailbox", "ServerInfo~a]@mail01.corp.example:444/ecp/proxyLogon.ecp?#"}},
            "2021-03-03T04:00:09Z"),
        std::move(back),
        request("2021-03-03T04:05:00Z", "203.0.113.7", "POST", "/owa/auth/quiet.aspx", 200),
    };
    auto conclusion = conclude(session, lines);
    ASSERT_EQ(conclusion.findings.size(), 1u);
    EXPECT_EQ(conclusion.findings[0].statement,
              "203.0.113.7 asked in vain for pages once, passed stages of known chains once, posted once to "
              "/owa/auth/quiet.aspx between 2021-03-03 04:00:09 UTC and 2021-03-03 04:05:00 UTC, by the logs of IIS "
              "and of Exchange's front end; the back end's log has 1 of its requests by their id.");
    EXPECT_EQ(conclusion.findings[0].evidence_total, 3u) << "rows: IIS and HttpProxy both logged the first request";
    expect_fold_laws(session, lines);
    EXPECT_TRUE(conclude(session, {lines[0]}).findings.empty()) << "a look alone is a scanner's";
}

TEST(RequestClocks, TheSameRequestInTwoLogsTellsTheDifference) {
    std::vector<Line> lines;
    for (int i = 0; i < 40; ++i) {
        auto id = fmt::format("{:08x}-0000-4000-8000-000000000000", i);
        lines.push_back(request(fmt::format("2024-05-09T02:10:{:02}Z", i), "203.0.113.7", "GET", "/owa/", 200,
                                {{"query", "&CorrelationID=<empty>;&cafeReqId=" + id + ";"}}));
        lines.push_back(row(RecordKind::exchange_request, {{"log", "HttpProxy"}, {"stem", "/owa/"}, {"request_id", id}},
                            fmt::format("2024-05-09T07:10:{:02}.250Z", i)));
    }
    const auto& clocks = detector(detectors(), "facts.request_clocks");
    auto conclusion = conclude(clocks, lines);
    ASSERT_EQ(conclusion.facts.clocks.size(), 1u);
    EXPECT_EQ(conclusion.facts.clocks[0].rows, 40u);
    EXPECT_EQ(conclusion.facts.clocks[0].least, std::chrono::hours{5} + std::chrono::milliseconds{250});
    lines.resize(6);
    expect_fold_laws(clocks, lines);
}

}  // namespace
}  // namespace ascribe::test

// Detectors on files. Texts that would look like web shells to a scanner are kept as hexadecimal digits, and none of
// them is complete enough to run.
#include "detect/all.hpp"
#include "detect/events_batch.hpp"

namespace ascribe {
namespace {

using namespace test;

const std::string kOwaAuth = "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\FrontEnd\\HttpProxy\\owa\\auth\\";

std::string from_hex(std::string_view digits) {
    std::string text;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
        text += static_cast<char>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16));
    return text;
}

Line file(std::string path, std::map<std::string, std::string> values = {}) {
    values["path"] = std::move(path);
    values.try_emplace("origin", "listing");
    return row(RecordKind::file_entry, std::move(values));
}

Line script(std::string path, std::string text) {
    return row(RecordKind::script_source, {{"path", std::move(path)}, {"text", std::move(text)}});
}

Intel intel() {
    Intel intel;
    intel.stock_pages = {"owa/auth/logon.aspx", "owa/auth/errorfe.aspx", "owa/auth/redirsuiteserviceproxy.aspx"};
    intel.stock_names = {"logon.aspx", "errorfe.aspx", "redirsuiteserviceproxy.aspx"};
    intel.stock_digests["logon.aspx"] = {std::string(64, 'a'), std::string(64, 'b')};
    auto add = [&](std::string type, std::string value, Confidence confidence) {
        intel.indicator_index[type + ":" + value].push_back(intel.indicators.size());
        intel.indicators.push_back({type, value, "nobody", "test", "our test", "2021-03-01", confidence});
    };
    add("sha256", std::string(64, 'c'), Confidence::high);
    add("filename", "web.aspx", Confidence::low);
    add("filepath", "c:\\users\\public\\x.exe", Confidence::medium);
    return intel;
}

std::vector<Finding> found(std::string_view name, const std::vector<Line>& lines) {
    return conclude(detector(detectors(), name), lines, intel()).findings;
}

TEST(FilesUnknownPage, ForeignPagesAndLookAlikes) {
    auto findings = found("files.unknown_page", {file(kOwaAuth + "page.aspx", {{"created", "16156872000000000"}}),
                                                 file(kOwaAuth + "errorEE.aspx"), file(kOwaAuth + "page.aspx")});
    ASSERT_EQ(findings.size(), 2u);
    auto page = std::ranges::find(findings, kOwaAuth + "page.aspx", &Finding::page);
    ASSERT_NE(page, findings.end());
    EXPECT_EQ(page->evidence_total, 2u);
    EXPECT_EQ(page->clock, Clock::file_system);
    ASSERT_TRUE(page->raw_time);
    EXPECT_EQ(format_day(*page->raw_time), "2021-03-14");
    auto alike = std::ranges::find(findings, kOwaAuth + "errorEE.aspx", &Finding::page);
    ASSERT_NE(alike, findings.end());
    EXPECT_NE(alike->statement.find("errorfe.aspx"), std::string::npos);
    EXPECT_GT(alike->probability, page->probability);
}

TEST(FilesUnknownPage, StockPagesScriptsAndOtherFoldersAreOrdinary) {
    EXPECT_TRUE(found("files.unknown_page", {file(kOwaAuth + "logon.aspx"), file(kOwaAuth + "15.1.2106\\scripts\\x.js"),
                                             file("C:\\Users\\ann\\page.aspx"), file(kOwaAuth + "logon.aspx.bak")})
                    .empty());
}

TEST(FilesStockMismatch, OnlyKnownNamesInTheirPlace) {
    auto findings = found("files.stock_mismatch", {file(kOwaAuth + "logon.aspx", {{"sha256", std::string(64, 'd')}})});
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_EQ(findings[0].level, Level::attempt);
    EXPECT_TRUE(found("files.stock_mismatch",
                      {file(kOwaAuth + "logon.aspx", {{"sha256", std::string(64, 'B')}}), file(kOwaAuth + "logon.aspx"),
                       file(kOwaAuth + "errorFE.aspx", {{"sha256", std::string(64, 'd')}}),
                       file("C:\\inetpub\\wwwroot\\aspnet_client\\logon.aspx", {{"sha256", std::string(64, 'd')}})})
                    .empty());
}

TEST(FilesIndicators, AsGoodAsTheirSource) {
    auto findings = found("intel.indicator",
                          {file("C:\\x\\y.exe", {{"sha256", std::string(64, 'c')}}), file(kOwaAuth + "web.aspx"),
                           file("C:\\Users\\Public\\X.exe"),
                           sysmon("2021-03-15T00:00:00Z", 1,
                                  {{"Image", "C:\\z.exe"}, {"Hashes", "MD5=00,SHA256=" + std::string(64, 'C')}})});
    ASSERT_EQ(findings.size(), 4u);
    EXPECT_EQ(std::ranges::count(findings, Level::success, &Finding::level), 2);
    EXPECT_EQ(std::ranges::count(findings, Level::attempt, &Finding::level), 1);
    EXPECT_EQ(std::ranges::count(findings, Level::scan, &Finding::level), 1);
}

TEST(FilesIndicators, NamesCountForPagesInWebFoldersOnly) {
    EXPECT_TRUE(
        found("intel.indicator", {file("C:\\work\\web.aspx"), file("C:\\x\\y.exe", {{"sha256", std::string(64, 'e')}})})
            .empty());
}

// "<script runat=server>" with no code in it.
const std::string kScriptTag = from_hex("3c7363726970742072756e61743d7365727665723e");
// The two words that make the shape, an evaluator and a request's value, apart; in an island, since text outside is no
// code, and with a bracket that closes nothing, so that no server runs it.
const std::string kEvaluated = from_hex("3c25402050616765204c616e67756167653d224a7363726970742220253e3c25") +
                               from_hex("6576616c28") + from_hex("526571756573745b2278225d") + ", \"unsafe\"); ) %>";

const std::string kDump =
    "Name                            : OAB (Default Web Site)\r\nInternalAuthenticationMethods   : "
    "WindowsIntegrated\r\n"
    "ExtendedProtectionTokenChecking : None\r\nExternalUrl                     : http://f/" +
    kScriptTag + "\r\nWhenChangedUTC                  : 3/14/2021 6:40:12 AM\r\n";

TEST(FilesShellSource, DumpOfVirtualDirectorySettings) {
    auto findings = found("files.shell_source", {script(kOwaAuth + "page.aspx", kDump)});
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_EQ(findings[0].clock, Clock::embedded);
    EXPECT_EQ(format_time(*findings[0].raw_time), "2021-03-14T06:40:12.000Z");
    EXPECT_EQ(findings[0].cves, std::vector<std::string>{"CVE-2021-27065"});
}

TEST(FilesShellSource, MailboxesRequestsAndEvaluators) {
    auto findings = found("files.shell_source", {script(kOwaAuth + "a.aspx", "!BDN....<%@ Page Language=\"x\" %>"),
                                                 script(kOwaAuth + "b.aspx", "0\x82\x01..<%@ Page Language=\"x\" %>"),
                                                 script(kOwaAuth + "c.aspx", kEvaluated)});
    ASSERT_EQ(findings.size(), 3u);
    for (const Finding& finding : findings) EXPECT_EQ(finding.question, Question::shell);
}

TEST(FilesShellSource, AKeyThatTwoWouldHardlyChooseIsALink) {
    const std::string before = from_hex("3c25402050616765204c616e67756167653d224a7363726970742220253e3c25") +
                               from_hex("6576616c28"),
                      after = ", \"unsafe\"); ) %>";
    auto own = before + from_hex("526571756573745b224b7137337a54754131225d") + after,
         common = before + from_hex("526571756573745b226f72616e6765225d") + after;
    auto findings =
        found("files.shell_source", {script(kOwaAuth + "a.aspx", own), script(kOwaAuth + "b.aspx", common)});
    ASSERT_EQ(findings.size(), 2u);
    for (const Finding& finding : findings)
        EXPECT_EQ(finding.links, finding.page.ends_with("a.aspx") ? std::vector<std::string>{"key:Kq73zTuA1"}
                                                                  : std::vector<std::string>{})
            << finding.page;
}

TEST(FilesShellSource, OrdinarySourcesAreOrdinary) {
    EXPECT_TRUE(found("files.shell_source",
                      {script(kOwaAuth + "logon.aspx", "<%@ Page %>" + kScriptTag + "var x = Request[\"url\"];"),
                       script("C:\\notes.txt", kEvaluated),  // not served
                       script(kOwaAuth + "d.aspx", from_hex("6576616c28") + std::string(500, ' ') + "Request[1]"),
                       script(kOwaAuth + "e.aspx", "WhenChangedUTC : 14.03.2021 06:40:12")})
                    .empty());
}

TEST(FilesStaged, DumpsAndArchivesWhereTheyAreCarriedOffFrom) {
    auto findings =
        found("files.staged", {file("C:\\ProgramData\\it.zip"), file("C:\\root\\lsass_600.dmp"),
                               sysmon("2021-03-15T00:00:00Z", 11, {{"TargetFilename", "C:\\ProgramData\\it.zip"}})});
    ASSERT_EQ(findings.size(), 2u);
    EXPECT_EQ(findings[0].level, Level::success);
    EXPECT_EQ(findings[1].evidence_total, 2u);
}

TEST(FilesStaged, AntivirusAndCrashReportsAreOrdinary) {
    EXPECT_TRUE(found("files.staged", {file("C:\\ProgramData\\McAfee\\a.zip"), file("C:\\ProgramData\\installer.zip"),
                                       file("C:\\ProgramData\\Microsoft\\Windows\\WER\\Temp\\lsass.dmp"),
                                       file("C:\\ProgramData\\.zip")})
                    .empty());
}

TEST(Files, AreFolds) {
    expect_fold_laws(detector(detectors(), "files.staged"),
                     {file("C:\\ProgramData\\it.zip"), file("C:\\root\\lsass.dmp")});

    std::vector<Line> files = {
        file(kOwaAuth + "page.aspx", {{"created", "16156872000000000"}}), file(kOwaAuth + "errorEE.aspx"),
        file(kOwaAuth + "logon.aspx", {{"sha256", std::string(64, 'd')}}), file(kOwaAuth + "web.aspx")};
    for (std::string_view name : {"files.unknown_page", "files.stock_mismatch", "intel.indicator"})
        expect_fold_laws(detector(detectors(), name), files, intel());
    expect_fold_laws(detector(detectors(), "files.shell_source"),
                     {script(kOwaAuth + "page.aspx", kDump), script(kOwaAuth + "c.aspx", kEvaluated)}, intel());
}

}  // namespace
}  // namespace ascribe

// IIS logs against real files of other people and against a generator whose planted lines are known byte by byte.
#include <unistd.h>

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "parse/collected.hpp"
#include "parse/lines.hpp"

namespace ascribe::test {
namespace {

namespace fs = std::filesystem;

Bytes read(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return Bytes::copy(text.str());
}

/// The number after "key": in a line of the truth file.
std::uint64_t number_in(std::string_view line, std::string_view key) {
    auto at = line.find(key);
    return at == std::string_view::npos ? UINT64_MAX : std::strtoull(line.data() + at + key.size(), nullptr, 10);
}

constexpr std::string_view kFewFields = "#Fields: date time cs-method cs-uri-stem sc-status";

// A log copied with carriage returns alone was one directive, and nothing was said of its rows.
TEST(Iis, CarriageReturnsAloneEndLinesToo) {
    auto text = "#Software: Microsoft Internet Information Services 10.0\r" + std::string(kFewFields) +
                "\r2021-03-02 01:02:03 GET /owa/ 200\r2021-03-02 01:02:04 GET /ecp/ 200\rnonsense\r";
    EXPECT_GE(parser_named("iis").claim("x.bin", as_bytes(text)), 70);
    auto collected = run("iis", Bytes::copy(text));
    ASSERT_EQ(collected.rows().size(), 2u);
    EXPECT_EQ(collected.rows()[1].line, 4u);
    EXPECT_EQ(text.substr(collected.rows()[1].ref.offset, collected.rows()[1].ref.size),
              "2021-03-02 01:02:04 GET /ecp/ 200");
    EXPECT_EQ(collected.bads.size(), 1u);
}

// A year that no log was written in would stretch every window; the row is bad, not the window endless.
TEST(Iis, TimesThatNoLogHasAreBad) {
    auto text = std::string(kFewFields) + "\n9999-12-31 01:02:03 GET /owa/ 200\n1601-01-01 01:02:03 GET /owa/ 200\n" +
                "2021-03-02 01:02:03 GET /owa/ 200\n";
    auto collected = run("iis", Bytes::copy(text));
    EXPECT_EQ(collected.rows().size(), 1u);
    EXPECT_EQ(collected.bads.size(), 2u);
}

TEST(IisRealLogs, EveryLineIsAccountedFor) {
    auto folder = evidence("iis-edge-cases/test_data/iis");
    if (folder.empty()) GTEST_SKIP() << "needs ASCRIBE_EVIDENCE/iis-edge-cases";
    std::size_t files = 0;
    for (const auto& entry : fs::directory_iterator(folder)) {
        auto bytes = read(entry.path());
        auto collected = run("iis", bytes);
        EXPECT_GE(parser_named("iis").claim("x.bin", bytes.view()), 70) << entry.path();
        EXPECT_EQ(collected.rows().size() + collected.bads.size() + collected.directive_count, collected.line_count)
            << entry.path();
        EXPECT_TRUE(collected.bads.empty())
            << entry.path() << " has bad lines, the first at " << collected.bads.front().offset;
        ++files;
    }
    EXPECT_EQ(files, 7u);
}

TEST(IisRealLogs, OneLineWithoutItsHeaderIsKnownByItsShape) {
    auto file = evidence("iis-proxyshell-sample/hafnium-dummy.log");
    if (file.empty()) GTEST_SKIP() << "needs ASCRIBE_EVIDENCE/iis-proxyshell-sample";
    auto bytes = read(file);
    EXPECT_GE(parser_named("iis").claim("x.bin", bytes.view()), 70);
    auto collected = run("iis", bytes);
    ASSERT_EQ(collected.rows().size(), 1u);
    EXPECT_EQ(collected.rows()[0].text(HttpRequest::stem), "/autodiscover/autodiscover.json");
    EXPECT_EQ(collected.rows()[0].number(HttpRequest::status), 200);
}

class IisGenerated : public testing::TestWithParam<const char*> {};

TEST_P(IisGenerated, DamagedLinesAreBadAndNastyOnesAreRecords) {
    auto folder = evidence("");
    auto generator = folder.empty() ? fs::path{} : folder.parent_path().parent_path() / "oracles/iis/gen_iis.py";
    if (!fs::exists(generator)) GTEST_SKIP() << "needs oracles/iis/gen_iis.py beside the evidence";
    auto log = fs::temp_directory_path() /
               (std::string("ascribe-iis-") + GetParam() + "-" + std::to_string(::getpid()) + ".log");
    shell_output("python3 '" + generator.string() + "' '" + log.string() + "' --mb 64 --fields " + GetParam() +
                 " 2>&1");
    auto bytes = read(log);
    ASSERT_GT(bytes.size(), 60u << 20);
    auto collected = run_in_parts("iis", bytes, kTextUnit);

    std::set<std::uint64_t> records, bad;
    for (const Row& row : collected.rows()) records.insert(row.ref.offset);
    for (const Error& error : collected.bads) bad.insert(error.offset);
    std::size_t damaged = 0, nasty = 0;
    std::ifstream truth(log.string() + ".truth.jsonl");
    for (std::string line; std::getline(truth, line);) {
        auto offset = number_in(line, "\"offset\": ");
        bool is_damaged = line.find("\"damaged\"") != std::string::npos;
        (is_damaged ? damaged : nasty) += 1;
        EXPECT_TRUE((is_damaged ? bad : records).contains(offset)) << line;
    }
    EXPECT_GT(damaged, 10u);
    EXPECT_GT(nasty, 30u);
    EXPECT_EQ(bad.size(), damaged) << "nothing else is bad";
    EXPECT_EQ(records.size() + bad.size() + collected.directive_count, collected.line_count);
    for (const auto* suffix : {"", ".truth.jsonl", ".scan.txt"}) fs::remove(log.string() + suffix);
}

INSTANTIATE_TEST_SUITE_P(FieldSets, IisGenerated, testing::Values("default", "xff", "proxy"));

// A log cut by its size (tail -c) begins within a row and was not read at all: the first whole row tells its shape.
TEST(Iis, ALogThatBeginsWithinARowIsReadFromTheNext) {
    std::string row = "2021-03-02 00:00:01 10.0.0.5 GET /owa/ - 443 - 192.0.2.10 Mozilla/5.0 - 200 0 0 15\n";
    std::string text = row.substr(50) + row + row;
    EXPECT_GT(parser_named("iis").claim("", as_bytes(text)), 0);
    auto collected = run_in_parts("iis", Bytes::copy(text), 1 << 20);
    EXPECT_EQ(collected.rows().size(), 2u);
    ASSERT_EQ(collected.bads.size(), 1u);
    EXPECT_EQ(collected.bads[0].what, "w3c.columns");
}

// What a hostile log may do to the time of reading it.

TEST(IisHostile, ALineLongerThanTheLimitIsOneBadLine) {
    std::string text = "#Fields: date time c-ip cs-uri-stem\n2021-03-02 00:00:01 192.0.2.1 /" +
                       std::string(kLineLimit, 'a') + "\n2021-03-02 00:00:02 192.0.2.1 /b\n";
    auto collected = run_in_parts("iis", Bytes::copy(text), 1 << 20);
    EXPECT_EQ(collected.rows().size(), 1u);
    ASSERT_EQ(collected.bads.size(), 1u);
    EXPECT_EQ(collected.bads[0].fault, Fault::too_large);
    EXPECT_EQ(collected.line_count, 3u);
}

TEST(IisHostile, ALineOfTenMegabytesIsARecord) {
    std::string text =
        "#Fields: date time c-ip cs-uri-stem\n2021-03-02 00:00:01 192.0.2.1 /" + std::string(10 << 20, 'a') + "\n";
    auto collected = run_in_parts("iis", Bytes::copy(text), 1 << 20);
    ASSERT_EQ(collected.rows().size(), 1u);
    EXPECT_EQ(collected.rows()[0].ref.size, text.size() - 37);
}

TEST(IisHostile, SpacesAloneAndNumberSignsAloneAreReadInLinearTime) {
    std::string text = "#Fields: date time c-ip cs-uri-stem\n2021-03-02 " + std::string(8 << 20, ' ') + "\n";
    for (int i = 0; i < 1 << 20; ++i) text += "x#\n";
    auto collected = run_in_parts("iis", Bytes::copy(text), 1 << 20);
    EXPECT_EQ(collected.bads.size(), (1u << 20) + 1);
}

// Each of a line's directives was followed to the line's end by whoever asked what is in force behind it.
TEST(IisHostile, ALineOfManyDirectivesIsReadInLinearTime) {
    std::string row = "2021-03-02 00:00:01 192.0.2.1 /\n", text = "#Fields: date time c-ip cs-uri-stem\n" + row;
    text += "#";
    for (int i = 0; i < 2 << 20; ++i) text += "\r#";
    text += "\n" + row + "x";
    for (int i = 0; i < 1 << 18; ++i) text += std::string(kNulRun, '\0') + "#";
    text += "\n" + row;
    auto bytes = Bytes::copy(text);
    EXPECT_EQ(run("iis", bytes).rows().size(), 3u);
    auto part = part_of(bytes);
    part.begin = part.end;
    EXPECT_EQ(parser_named("iis").header(part), "\n#Fields: date time c-ip cs-uri-stem");
}

// The end of each quote was looked for to the line's end, though none of them had one.
TEST(IisHostile, QuotesWithoutAnEndAreReadInLinearTime) {
    std::string text = "#Fields: date time c-ip cs-uri-stem\n2021-03-02 00:00:01 192.0.2.1";
    for (int i = 0; i < 4 << 20; ++i) text += " \"a";
    text += "\n2021-03-02 00:00:01 192.0.2.1 /\n";
    auto collected = run("iis", Bytes::copy(text));
    EXPECT_EQ(collected.rows().size(), 1u);
    EXPECT_EQ(collected.bads.size(), 1u);
}

// Only the part that it stood in refused it: rows of the next had its columns.
TEST(IisHostile, AHeaderLongerThanAnyIsNoHeaderInAnyPart) {
    std::string row = "2021-03-02 00:00:01 192.0.2.1 /\n", text = "#Fields: date time c-ip cs-uri-stem\n" + row;
    text += "#Fields: date time" + std::string(kDirectiveLimit, ' ') + "cs-uri-stem c-ip\n" + row;
    for (std::size_t unit : {text.size(), text.size() - row.size(), std::size_t{1} << 20}) {
        auto collected = run_in_parts("iis", Bytes::copy(text), unit);
        ASSERT_EQ(collected.rows().size(), 2u);
        for (const Row& each : collected.rows()) EXPECT_EQ(each.text(HttpRequest::client_ip), "192.0.2.1");
        ASSERT_EQ(collected.bads.size(), 1u);
        EXPECT_EQ(collected.bads[0].fault, Fault::too_large);
    }
}

}  // namespace
}  // namespace ascribe::test

// Windows events as JSON lines: every shape gives the same row, and every line is accounted for.
#include <gtest/gtest.h>

#include "parse/collected.hpp"

namespace ascribe {
namespace {

using test::Collected;

Collected read(std::string_view text) { return test::run("event_json", Bytes::copy(text)); }

constexpr std::string_view kShapes[] = {
    R"({"SourceName":"Microsoft-Windows-Sysmon","Level":"4","Channel":"Sysmon","Hostname":"EX1","@timestamp":"2021-03-14T01:40:11.940Z","TimeCreated":"2021-03-14T01:40:11Z","EventID":1,"RecordNumber":7,"Message":"m","UserID":"S-1-5-18","ProcessId":"12","Image":"C:\\a.exe"})",
    R"({"@timestamp":"2021-03-14T01:40:11.940Z","host":{"name":"collector"},"log":{"level":"information"},"message":"m","winlog":{"channel":"Sysmon","provider_name":"Microsoft-Windows-Sysmon","event_id":"1","record_id":7,"computer_name":"EX1","user":{"identifier":"S-1-5-18"},"event_data":{"ProcessId":"12","Image":"C:\\a.exe"}}})",
    R"({"@timestamp":"2021-03-14T01:40:11.940Z","log.level":"information","message":"m","winlog.channel":"Sysmon","winlog.provider_name":"Microsoft-Windows-Sysmon","winlog.event_id":1,"winlog.record_id":"7","winlog.computer_name":"EX1","winlog.user.identifier":"S-1-5-18","winlog.event_data.ProcessId":12,"winlog.event_data.Image":"C:\\a.exe"})",
    R"({"@timestamp":"2021-03-14T01:40:11.940Z","level":"Information","message":"m","log_name":"Sysmon","source_name":"Microsoft-Windows-Sysmon","event_id":1,"record_number":"7","computer_name":"EX1","user":{"identifier":"S-1-5-18"},"event_data":{"ProcessId":"12","Image":"C:\\a.exe"}})",
    R"({"Event":{"#attributes":{"xmlns":"x"},"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Sysmon"}},"EventID":{"#attributes":{"Qualifiers":0},"#text":1},"Level":4,"TimeCreated":{"#attributes":{"SystemTime":"2021-03-14T01:40:11.940Z"}},"EventRecordID":7,"Channel":"Sysmon","Computer":"EX1","Security":{"#attributes":{"UserID":"S-1-5-18"}}},"EventData":{"ProcessId":12,"Image":"C:\\a.exe"},"RenderingInfo":{"Message":"m"}}})",
};

TEST(EventJson, EveryShapeGivesTheSameRow) {
    for (auto shape : kShapes) {
        auto got = read(shape);
        ASSERT_EQ(got.rows().size(), 1u) << shape;
        auto row = got.rows()[0];
        EXPECT_EQ(format_time(row.time), "2021-03-14T01:40:11.940Z") << shape;
        EXPECT_EQ(row.text(WindowsEvent::channel), "Sysmon") << shape;
        EXPECT_EQ(row.text(WindowsEvent::provider), "Microsoft-Windows-Sysmon") << shape;
        EXPECT_EQ(row.text(WindowsEvent::computer), "EX1") << shape;
        EXPECT_EQ(row.text(WindowsEvent::user), "S-1-5-18") << shape;
        EXPECT_EQ(row.text(WindowsEvent::message), "m") << shape;
        EXPECT_EQ(row.number(WindowsEvent::event_id), 1) << shape;
        EXPECT_EQ(row.number(WindowsEvent::record_id), 7) << shape;
        EXPECT_EQ(row.number(WindowsEvent::level), 4) << shape;
        EXPECT_EQ(row.field("ProcessId"), "12") << shape;
        EXPECT_EQ(row.field("Image"), "C:\\a.exe") << shape;
        EXPECT_EQ(got.batches[0].host, "EX1");
        EXPECT_EQ(row.ref.size, shape.size());
        EXPECT_GT(test::parser_named("event_json").claim("x.bin", as_bytes(shape)), 0) << shape;
    }
}

TEST(EventJson, UnnamedDataAreNumberedAndNamedOnesInArraysKeepTheirNames) {
    auto unnamed = read(R"({"Event":{"System":{"EventID":4,"Channel":"A"},"EventData":{"Data":["x","y"]}}})");
    EXPECT_EQ(unnamed.rows().at(0).field("Data[0]"), "x");
    EXPECT_EQ(unnamed.rows().at(0).field("Data[1]"), "y");
    auto wrapped = read(R"({"Event":{"System":{"EventID":4,"Channel":"A"},"EventData":{"Data":{"#text":["x","y"]}}}})");
    EXPECT_EQ(wrapped.rows().at(0).field("Data[1]"), "y");
    auto named = read(R"({"System":{"EventID":4,"Channel":"A"},"EventData":{"Data":[{"@Name":"Image","#text":"x"}]}})");
    EXPECT_EQ(named.rows().at(0).field("Image"), "x");
    auto user = read(
        R"({"Event":{"System":{"EventID":104,"Channel":"System"},"UserData":{"LogFileCleared":{"Channel":"Security"}}}})");
    EXPECT_EQ(user.rows().at(0).field("Channel"), "Security");
    EXPECT_EQ(user.rows().at(0).text(WindowsEvent::channel), "System");
}

TEST(EventJson, BadLinesCostThemselvesOnly) {
    std::string text =
        "\xEF\xBB\xBF"
        R"({"EventID":1,"Channel":"A"})"
        "\r\n\n";
    text += "{\"EventID\":1\n[1]\nplain text\n{\"a\":1}\n";
    text += std::string(100, '[') + "\n{\"EventID\":2,\"Channel\":\"A\",\"x\":" + std::string(40, '[') +
            std::string(40, ']') + "}\n";
    text += std::string(7, '\0') + R"({"EventID":3,"Channel":"A"})" + "\n";
    text += "{\"EventID\":4,\"Channel\":\"A\",\"User\":\"M\xFCller\"}";
    auto got = read(text);
    ASSERT_EQ(got.rows().size(), 3u);
    EXPECT_EQ(got.rows()[0].ref.offset, 3u);
    EXPECT_EQ(got.rows()[2].field("User"), "M\xC3\xBCller");  // Windows-1252 on the way in
    EXPECT_EQ(got.bads.size(), 7u);                           // six lines and a run of NULs
    EXPECT_EQ(got.directive_count, 1u);
    for (const auto& row : got.rows()) EXPECT_EQ(text.substr(row.ref.offset, 1), "{");
}

// A name was kept once for each value below it: one such line, and the part died with all its neighbours.
TEST(EventJson, ALongNameAboveManyValuesIsCut) {
    std::string below = "{";
    for (int i = 0; i < 800; ++i) below += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":1";
    auto name = std::string(4 << 20, 'k');
    auto event = read("{\"EventID\":1,\"Channel\":\"A\",\"" + name + "\":" + below + "}}\n");
    ASSERT_EQ(event.rows().size(), 1u);
    ASSERT_EQ(event.rows()[0].fields.size(), 800u);
    EXPECT_EQ(event.rows()[0].fields[799].name.size(), 1024u);
    auto access =
        test::run("access_log", Bytes::copy("{\"time\":\"2021-03-03T00:00:00Z\",\"request\":\"GET / HTTP/1.1\","
                                            "\"status\":200,\"" +
                                            name + "\":" + below + "}}\n"));
    ASSERT_EQ(access.rows().size(), 1u);
    ASSERT_EQ(access.rows()[0].fields.size(), 800u);
    EXPECT_EQ(access.rows()[0].fields[799].name.size(), 1024u);
}

/// Keeps what is asked of batches only, not the batches.
struct Counted : test::Collected {
    std::size_t row_count = 0, most_text = 0;
    void batch(RecordBatch batch) override {
        std::size_t text = 0;
        batch.arena().each_block([&](std::string_view block) { text += block.size(); });
        most_text = std::max(most_text, text);
        row_count += batch.size();
    }
};

// A batch was full by its rows alone, and lines that became none left their text in it.
TEST(EventJson, ABatchHoldsSoMuchTextAndNoMore) {
    std::string long_name(1'000, 'k'), below = "{", text;
    for (int i = 0; i < 1'000; ++i) below += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":1";
    for (int i = 0; i < 200; ++i)
        text += "{\"time\":\"2021-03-03T00:00:00Z\",\"status\":200," +
                std::string(i % 10 == 0 ? "\"request\":\"GET /\"," : "") + "\"" + long_name + "\":" + below + "}}\n";
    auto bytes = Bytes::copy(text);
    Counted counted;
    test::parser_named("access_log").parse(test::part_of(bytes), counted);
    EXPECT_EQ(counted.row_count, 20u);
    EXPECT_EQ(counted.bads.size(), 180u);
    EXPECT_LT(counted.most_text, 36u << 20);
}

TEST(EventJson, FirstOfDuplicateKeysIsTheColumnAndNothingIsLost) {
    auto got = read(R"({"EventID":1,"Channel":"first","Channel":"second"})");
    EXPECT_EQ(got.rows().at(0).text(WindowsEvent::channel), "first");
    EXPECT_EQ(got.rows().at(0).field("Channel"), "second");
}

TEST(EventJson, PartsGiveTheSameRowsAsTheWhole) {
    std::string text;
    for (int i = 0; i < 50; ++i)
        text += R"({"EventID":1,"Channel":"A","x":")" + std::string(static_cast<std::size_t>(i), 'x') + "\"}\n";
    auto bytes = Bytes::copy(text);
    for (std::uint64_t unit : {1u, 7u, 64u, 1000u}) {
        auto parts = test::run_in_parts("event_json", bytes, unit);
        ASSERT_EQ(parts.rows().size(), 50u) << unit;
        EXPECT_EQ(parts.bads.size(), 0u);
        EXPECT_EQ(parts.line_count, 50u);
    }
}

TEST(EventJsonRealData, EveryLineOfTheLabTraceIsARecord) {
    auto packed = test::evidence("otrf-proxylogon-2021-03-14.jsonl.zst");
    if (packed.empty()) GTEST_SKIP() << "no third-party evidence: set ASCRIBE_EVIDENCE";
    auto bytes = Bytes::copy(test::shell_output("zstd -dcq '" + packed.string() + "'"));
    auto got = test::run("event_json", bytes);
    EXPECT_EQ(got.rows().size(), 10'487u);
    EXPECT_EQ(got.bads.size(), 0u);
    std::size_t sysmon = 0;
    for (const auto& row : got.rows()) {
        sysmon += !row.field("UtcTime").empty();
        EXPECT_NE(row.time, kNoTime);
        ASSERT_TRUE(bytes.text().substr(row.ref.offset + row.ref.size).starts_with("\r\n"));
    }
    EXPECT_EQ(sysmon, 4'679u);
}

}  // namespace
}  // namespace ascribe

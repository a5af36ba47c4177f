// Rows as lines: what programs read must be valid whatever the row holds, and say exactly what it says.
#include "report/row_lines.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "base/text.hpp"
#include "report/pen.hpp"

namespace ascribe {
namespace {

using nlohmann::ordered_json;

std::string line_of(const RecordBatch& batch, RowForm form) {
    std::string out;
    RowLines(batch.kind(), form, "a\\b.evtx").append(batch[0], out);
    return out;
}

RecordBatch event(std::initializer_list<Field> fields) {
    RecordBatch batch(RecordKind::windows_event, ArtefactId{3}, {});
    auto cells = batch.append(*parse_time("2021-03-03T04:12:07.1234567Z"), 4096, 512);
    cells[WindowsEvent::channel] = std::string_view("Security");
    cells[WindowsEvent::event_id] = std::int64_t{4688};
    for (const Field& field : fields) batch.add_field(field.name, field.value);
    return batch;
}

TEST(RowLines, JsonHasItsKeysInOrderAndNumbersAsRecorded) {
    auto batch = event({{"Image", std::string_view("C:\\x.exe")}, {"Count", std::int64_t{-7}}, {"None", {}}});
    EXPECT_EQ(line_of(batch, RowForm::jsonl),
              "{\"time\":\"2021-03-03T04:12:07.1234567Z\",\"channel\":\"Security\",\"provider\":null,\"event_id\":4688,"
              "\"record_id\":null,\"computer\":null,\"level\":null,\"user\":null,\"message\":null,\"data\":{\"Image\":"
              "\"C:\\\\x.exe\",\"Count\":-7,\"None\":null},\"path\":\"a\\\\b.evtx\",\"offset\":4096,\"size\":512}\n");
}

TEST(RowLines, NamesMetTwiceBecomeArrays) {
    auto batch = event({{"Data", std::string_view("a")},
                        {"Image", std::string_view("x")},
                        {"Data", std::int64_t{2}},
                        {"Data", std::string_view("c")}});
    auto data = ordered_json::parse(line_of(batch, RowForm::jsonl)).at("data");
    EXPECT_EQ(data.dump(), R"({"Data":["a",2,"c"],"Image":"x"})");
}

TEST(RowLines, ManyFieldsWithAndWithoutRepeats) {
    std::mt19937 random(1);
    for (std::size_t count : {0u, 1u, 5u, 63u, 64u, 65u, 500u}) {
        for (unsigned names : {1u, 3u, 40u, 1'000'000u}) {
            RecordBatch batch(RecordKind::windows_event, ArtefactId{0}, {});
            batch.append(kNoTime, 0, 1);
            ordered_json wanted = ordered_json::object();
            for (std::size_t i = 0; i < count; ++i) {
                auto name = "Name" + std::to_string(random() % names);
                batch.add_field(batch.keep(name), static_cast<std::int64_t>(i));
                if (!wanted.contains(name)) {
                    wanted[name] = i;
                } else {
                    if (!wanted[name].is_array()) wanted[name] = ordered_json::array({wanted[name]});
                    wanted[name].push_back(i);
                }
            }
            EXPECT_EQ(ordered_json::parse(line_of(batch, RowForm::jsonl)).at("data"), wanted) << count << " " << names;
        }
    }
}

/// Every byte value alone, at every place of texts shorter and longer than a block; and mixtures of characters.
std::vector<std::string> hard_texts() {
    std::vector<std::string> texts = {"", "plain", std::string("\0\x01\x1f\x7f", 4),
                                      "\xed\xa0\x80 \xf4\x90\x80\x80 \xc0\x80",
                                      "\xf0\x9f\x98\x80 \xe2\x80\xae \xc2\x85 \xef\xbf\xbe \xf3\xa0\x80\x81"};
    for (int byte = 0; byte < 256; ++byte)
        for (std::size_t size : {1u, 15u, 16u, 17u, 33u})
            for (std::size_t at = 0; at < size; ++at) {
                texts.emplace_back(size, 'a');
                texts.back()[at] = static_cast<char>(byte);
            }
    std::mt19937 random(2);
    for (int i = 0; i < 2'000; ++i) {
        std::string text;
        for (auto k = random() % 60; k-- > 0;) text += static_cast<char>(random() % (i % 2 == 0 ? 256 : 128));
        texts.push_back(text);
    }
    return texts;
}

TEST(Pen, JsonSaysWhatTheTextSays) {
    for (const std::string& text : hard_texts()) {
        std::string out(Pen::kJson * text.size() + Pen::kSlack, '\0');
        Pen pen(out.data());
        pen.json(text);
        out.resize(static_cast<std::size_t>(pen.at() - out.data()));
        EXPECT_TRUE(std::ranges::all_of(out, [](char c) { return c >= 0x20 && c < 0x7F; }));
        auto read = ordered_json::parse('"' + out + '"', nullptr, false);
        ASSERT_FALSE(read.is_discarded()) << out;
        if (is_utf8(text)) {
            ASSERT_EQ(read.get<std::string>(), text);
        }
    }
}

TEST(Pen, NothingIsLongerThanPromised) {
    std::string filler(64, '#');
    for (const std::string& text : hard_texts())
        for (auto [most, write] : {std::pair{Pen::kJson, &Pen::json}, {Pen::kXml, &Pen::xml}, {Pen::kCsv, &Pen::csv}}) {
            std::string out(most * text.size() + Pen::kSlack, '\0');
            auto all = out + filler;
            Pen pen(all.data());
            (pen.*write)(text);
            ASSERT_LE(pen.at(), all.data() + most * text.size());
            ASSERT_EQ(all.substr(out.size()), filler);
        }
}

TEST(RowLines, XmlAndCsvObeyNothingFromEvidence) {
    for (const std::string& text : hard_texts()) {
        auto batch = event({{text, std::string_view(text)}});
        for (auto form : {RowForm::jsonl, RowForm::xml, RowForm::csv}) {
            auto line = line_of(batch, form);
            auto body = std::string_view(line).substr(0, line.size() - (form == RowForm::csv ? 2 : 1));
            ASSERT_EQ(body.find_first_of("\r\n"), std::string_view::npos);
            ASSERT_EQ(visible(body), body);
        }
    }
}

TEST(RowLines, XmlHasTheSystemPartInItsPlace) {
    auto batch = event({{"System.Task", std::string_view("13312")},
                        {"System.Execution.ProcessID", std::string_view("4")},
                        {"CommandLine", std::string_view("a<b & \"c\"\n")}});
    EXPECT_EQ(
        line_of(batch, RowForm::xml),
        "<Event><System><Provider/><EventID>4688</EventID><Task>13312</Task><TimeCreated "
        "SystemTime=\"2021-03-03T04:12:07.1234567Z\"/><Correlation/><Execution ProcessID=\"4\"/><Channel>Security"
        "</Channel><Security/></System><EventData><Data Name=\"CommandLine\">a&lt;b &amp; &quot;c&quot;&#xa;</Data>"
        "</EventData><Evidence Path=\"a\\b.evtx\" Offset=\"4096\" Size=\"512\"/></Event>\n");
}

TEST(RowLines, CsvCellsAreNoFormulas) {
    for (std::string_view text : {"=1+1", "+1", "-1", "@x", "\t=1"}) {
        RecordBatch batch(RecordKind::windows_event, ArtefactId{0}, {});
        auto cells = batch.append(kNoTime, 0, 1);
        cells[WindowsEvent::channel] = text;
        cells[WindowsEvent::record_id] = std::int64_t{-5};
        batch.add_field(text, text);
        auto line = line_of(batch, RowForm::csv);
        EXPECT_TRUE(line.starts_with(",\"'")) << line;
        EXPECT_NE(line.find(",\"'-5\","), std::string::npos) << line;
        EXPECT_NE(line.find(",\"{\"\""), std::string::npos) << line;
    }
}

}  // namespace
}  // namespace ascribe

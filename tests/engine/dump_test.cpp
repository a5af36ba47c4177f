// `ascribe events` as a pipeline: the same lines for any number of workers, filtered as asked; and against other
// people's decoders (skipped where their logs are absent).
#include "engine/dump.hpp"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "engine/in_order.hpp"
#include "parse/collected.hpp"
#include "support.hpp"

namespace ascribe {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

struct Dumped {
    DumpResult result;
    std::string lines;

    std::vector<json> objects() const {
        std::vector<json> all;
        for (auto line : split(lines, '\n'))
            if (!line.empty()) all.push_back(json::parse(line));
        return all;
    }
};

Dumped dumped(const std::string& evidence, int workers = 2, RowFilter filter = {}) {
    DumpOptions options;
    options.evidence = {evidence};
    options.workers = workers;
    options.what.filter = std::move(filter);
    Dumped all;
    auto result = dump(options, test::intel(), [&](std::string_view lines) { all.lines += lines; });
    if (result)
        all.result = std::move(*result);
    else
        ADD_FAILURE() << result.error();
    return all;
}

std::string bytes_of(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string sample(std::string_view name) {
    auto text = bytes_of(fs::path(ASCRIBE_TEST_DIR) / "parse/golden" / name);
    if (!name.ends_with(".hex")) return text;
    std::string bytes, digits;
    for (auto line : split(text, '\n')) {
        for (char c : line.substr(0, line.find('#')))
            if (std::isxdigit(static_cast<unsigned char>(c)) != 0) digits += c;
    }
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
        bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
    return bytes;
}

TEST(Dump, EventsOfBothShapesComeOutAlike) {
    test::Folder folder;
    folder.file("a.evtx", sample("evtx/three-events.in.hex"));
    folder.file("b.jsonl", sample("event_json/shapes.in"));
    auto got = dumped(folder.path());
    auto objects = got.objects();
    EXPECT_EQ(objects.size(), got.result.written);
    EXPECT_EQ(got.result.rows, got.result.written);
    ASSERT_GE(objects.size(), 5u);
    for (const json& object : objects) {
        EXPECT_EQ(object.size(), 13u);
        for (auto key : {"time", "channel", "provider", "event_id", "data", "path", "offset", "size"})
            EXPECT_TRUE(object.contains(key)) << key;
        auto bytes = bytes_of(object.at("path").get<std::string>());
        auto record = bytes.substr(object.at("offset"), object.at("size"));
        EXPECT_EQ(record.substr(0, 1), object.at("path").get<std::string>().ends_with(".evtx") ? "*" : "{");
    }
}

TEST(Dump, AnyNumberOfWorkersGivesTheSameBytes) {
    test::Folder folder;
    std::string log;
    for (int i = 0; log.size() < (40u << 20); ++i)
        log += fmt::format(R"({{"Channel":"Security","EventID":4688,"RecordNumber":{},"CommandLine":"whoami {}"}})"
                           "\n",
                           i, std::string(static_cast<std::size_t>(i % 997), 'x'));
    folder.file("large.jsonl", log);
    for (int i = 0; i < 40; ++i) folder.file(fmt::format("small{}.evtx", i), sample("evtx/three-events.in.hex"));
    auto one = dumped(folder.path(), 1);
    EXPECT_TRUE(one.result.damage.empty());
    for (int workers : {2, 7}) EXPECT_TRUE(dumped(folder.path(), workers).lines == one.lines);
    std::int64_t next = 0;
    for (const json& object : one.objects()) {
        if (!object.at("path").get<std::string>().ends_with("large.jsonl")) continue;
        ASSERT_EQ(object.at("record_id"), next++);
    }
    EXPECT_GT(next, 10'000);
}

TEST(Dump, ConditionsAndSpans) {
    test::Folder folder;
    auto log = folder.file(
        "a.jsonl", R"({"Channel":"Security","EventID":1,"@timestamp":"2021-03-03T00:00:00Z","Image":"C:\\CMD.exe"})"
                   "\n"
                   R"({"Channel":"Security","EventID":2,"@timestamp":"2021-03-04T00:00:00Z"})"
                   "\n"
                   R"({"Channel":"System","EventID":1})"
                   "\n");
    auto written = [&](std::vector<std::string_view> conditions, std::optional<Time> from = {},
                       std::optional<Time> until = {}) {
        RowFilter filter{.conditions = {}, .from = from, .until = until};
        for (auto text : conditions) filter.conditions.push_back(*read_condition(text, RecordKind::windows_event));
        return dumped(log, 1, filter).result.written;
    };
    EXPECT_EQ(written({}), 3u);
    EXPECT_EQ(written({"event_id=1"}), 2u);
    EXPECT_EQ(written({"event_id!=1"}), 1u);
    EXPECT_EQ(written({"channel=security", "event_id=1"}), 1u);
    EXPECT_EQ(written({"Image~cmd"}), 1u);
    EXPECT_EQ(written({"Image!=C:\\cmd.EXE"}), 2u);
    EXPECT_EQ(written({"image=c:\\cmd.exe"}), 1u);
    EXPECT_EQ(written({}, parse_time("2021-03-04")), 1u);
    EXPECT_EQ(written({}, {}, parse_time("2021-03-04")), 1u);
}

TEST(Dump, ConditionsThatMakeNoSense) {
    for (std::string_view text : {"", "event_id", "=1", "event_id=four", "level!=high", "Image!x"})
        EXPECT_FALSE(read_condition(text, RecordKind::windows_event)) << text;
}

TEST(InOrder, WhatDoesNotFitInMemoryWaitsInAFile) {
    std::string out;
    std::uint64_t lines = 0;
    InOrder order([&](ArtefactId, std::string_view bytes, std::uint64_t before) {
        out += bytes;
        EXPECT_TRUE(bytes.ends_with('\n'));
        if (bytes.size() == 10 << 20) {  // whole, not some lines of a file
            EXPECT_EQ(before, lines);
        }
        lines = before + 1;
    });
    auto piece = [](std::uint64_t i) {
        InOrder::Piece made;
        made.begin = i;
        made.end = i + 1;
        made.lines = 1;
        auto bytes = std::string(10 << 20, static_cast<char>('a' + i));
        for (std::size_t k = 4095; k < bytes.size(); k += 4096) bytes[k] = '\n';
        bytes.back() = '\n';
        if (i % 2 == 0) {
            made.bytes = bytes;
        } else {
            MemoryFile file;
            EXPECT_TRUE(file.write(bytes));
            made.file = std::make_shared<Descriptor>(file.seal());
            made.size = bytes.size();
        }
        return made;
    };
    for (std::uint64_t i = 20; i-- > 1;) order.add(ArtefactId{0}, piece(i));
    EXPECT_TRUE(out.empty());
    order.add(ArtefactId{0}, piece(0));
    EXPECT_EQ(out.size(), 20u * (10 << 20));
    std::erase(out, '\n');
    EXPECT_TRUE(std::ranges::is_sorted(out));
    EXPECT_EQ(order.lost(), 0u);
}

TEST(InOrder, LinesOfAFileComeWholeAndWhatIsNotThereIsCounted) {
    std::vector<std::string> released;
    InOrder order([&](ArtefactId, std::string_view bytes, std::uint64_t) { released.emplace_back(bytes); });
    auto text =
        std::string(300'000, 'a') + '\n' + std::string(100'000, 'b') + '\n' + std::string(900'000, 'c') + "\nd\n";
    MemoryFile file;
    ASSERT_TRUE(file.write(text));
    auto descriptor = std::make_shared<Descriptor>(file.seal());
    order.add(ArtefactId{0}, {.begin = 0, .end = 1, .lines = 4, .bytes = {}, .file = descriptor, .size = text.size()});
    std::string all;
    for (const std::string& lines : released) {
        EXPECT_TRUE(lines.ends_with('\n'));
        all += lines;
    }
    EXPECT_TRUE(all == text);
    order.add(ArtefactId{0},
              {.begin = 1, .end = 2, .lines = 4, .bytes = {}, .file = descriptor, .size = text.size() + 7});
    EXPECT_GT(order.lost(), 0u) << "the file is shorter than its worker said";
}

TEST(MemoryFile, IsHandedOverOnceAndWrittenAgainFromItsStart) {
    MemoryFile file;
    EXPECT_EQ(file.hand_over(), -1);
    ASSERT_TRUE(file.write("first"));
    int first = file.hand_over();
    EXPECT_GE(first, 0);
    EXPECT_EQ(file.hand_over(), -1);
    file.begin_again(true);
    EXPECT_EQ(file.size(), 0u);
    ASSERT_TRUE(file.write("2nd"));
    EXPECT_EQ(file.hand_over(), -1) << "the same file";
    std::string text(5, ' ');
    EXPECT_EQ(pread(first, text.data(), text.size(), 0), 5);
    EXPECT_EQ(text, "2ndst");
    file.begin_again(false);
    ASSERT_TRUE(file.write("new"));
    EXPECT_GE(file.hand_over(), 0);
}

TEST(MemoryFile, OnlyASealedOneIsTaken) {
    MemoryFile file;
    ASSERT_TRUE(file.write("text"));
    EXPECT_FALSE(sealed_size(STDIN_FILENO).has_value());
    auto sealed = file.seal();
    EXPECT_EQ(sealed_size(sealed.number()), 4u);
    EXPECT_EQ(::write(sealed.number(), "more", 4), -1);
    EXPECT_FALSE(MemoryFile().seal());
}

/// Differences of notation between decoders that say the same; see tests/parse/evtx_test.cpp.
std::string canonical(std::string_view text) {
    text = trim(text);
    if (auto time = parse_time(text)) return format_time(std::chrono::floor<std::chrono::microseconds>(*time));
    if (text.size() == 38 && text.front() == '{' && text.back() == '}') text = text.substr(1, 36);
    return lower(text);
}

std::string text_of(const json& value) {
    if (value.is_null()) return {};
    if (value.is_array()) return text_of(value.front());
    return canonical(value.is_string() ? value.get<std::string>() : value.dump());
}

std::string difference(const json& ours, const Row& theirs) {
    auto columns = record_schemas()[static_cast<std::size_t>(RecordKind::windows_event)].columns;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        auto number = theirs.number(i);
        auto wanted = number ? fmt::to_string(*number) : canonical(theirs.text(i));
        if (text_of(ours.at(columns[i].name)) != wanted) return std::string(columns[i].name);
    }
    if (text_of(ours.at("time")) != canonical(format_time(theirs.time))) return "time";
    const json& data = ours.at("data");
    for (const Field& field : theirs.fields) {
        auto at = data.find(field.name);
        if (field.name != "xmlns" &&
            (at == data.end() ? std::string() : text_of(*at)) != canonical(theirs.field(field.name)))
            return std::string(field.name);
    }
    return {};
}

TEST(DumpRealData, SigmaRegressionGoldensAreFieldEqual) {
    auto packed = test::real_evidence("sigma-regression.tar.zst");
    if (packed.empty()) GTEST_SKIP() << "no third-party evidence: set ASCRIBE_EVIDENCE";
    test::Folder folder;
    test::shell_output("tar --zstd -xf '" + packed + "' -C '" + folder.path() + "'");
    auto got = dumped(folder.path());
    std::map<std::pair<std::string, std::int64_t>, json> by_record;
    for (const json& object : got.objects())
        if (auto path = object.at("path").get<std::string>(); path.ends_with(".evtx"))
            by_record[{path, object.at("record_id")}] = object;
    std::size_t files = 0, records = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder.path())) {
        auto golden = fs::path(entry.path()).replace_extension(".json");
        if (entry.path().extension() != ".evtx" || !fs::exists(golden)) continue;
        ++files;
        auto text = bytes_of(golden);  // objects over several lines, each begun by a brace in the first column
        for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; ++at)
            if (at + 1 < text.size() && text[at + 1] != '{') text[at] = ' ';
        auto theirs = test::run("event_json", Bytes::copy(text));
        for (const auto& row : theirs.rows()) {
            ++records;
            auto same = by_record.find({entry.path().string(), row.number(WindowsEvent::record_id).value_or(-1)});
            ASSERT_NE(same, by_record.end()) << entry.path();
            EXPECT_EQ(difference(same->second, row), "") << entry.path();
        }
    }
    EXPECT_EQ(files, 202u);
    EXPECT_GE(records, 202u);
}

}  // namespace
}  // namespace ascribe

// EVTX against other people's logs and decoders (skipped where they are absent), and against a chunk built here by
// hand.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <random>

#include "base/text.hpp"
#include "parse/collected.hpp"
#include "parse/evtx/crc32.hpp"

namespace ascribe {
namespace {

namespace fs = std::filesystem;
using test::Collected;

Bytes file_bytes(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return Bytes::copy(std::string(std::istreambuf_iterator<char>(in), {}));
}

/// A packed set of logs, unpacked once into the test's temporary folder.
class Unpacked {
public:
    explicit Unpacked(std::string_view name) {
        auto packed = test::evidence(std::string(name) + ".tar.zst");
        if (packed.empty()) return;
        root_ = fs::path(testing::TempDir()) / ("ascribe-evtx-" + std::string(name) + "-" + std::to_string(getpid()));
        fs::create_directories(root_);
        test::shell_output("tar --zstd -xf '" + packed.string() + "' -C '" + root_.string() + "'");
    }
    ~Unpacked() {
        std::error_code ignored;
        if (!root_.empty()) fs::remove_all(root_, ignored);
    }
    Unpacked(const Unpacked&) = delete;
    Unpacked& operator=(const Unpacked&) = delete;
    bool missing() const { return root_.empty(); }
    std::vector<fs::path> files(std::string_view suffix) const {
        std::vector<fs::path> found;
        for (const auto& entry : fs::recursive_directory_iterator(root_))
            if (entry.is_regular_file() && entry.path().extension() == suffix) found.push_back(entry.path());
        std::ranges::sort(found);
        return found;
    }

private:
    fs::path root_;
};

TEST(Crc32, IsTheOneOfZipAndTheSameInEveryWay) {
    EXPECT_EQ(crc32(as_bytes("123456789")), 0xCBF43926u);  // the check value of every catalogue of CRCs
    std::string text(70'000, '\0');
    std::mt19937 random(7);
    for (char& c : text) c = static_cast<char>(random());
    auto ways = checksum_ways();
    auto by_tables = [&](std::span<const std::byte> bytes, std::uint32_t before) {
        return ~ways.back().run(bytes, ~before);
    };
    for (std::size_t round = 0; round < 2'000; ++round) {
        auto from = random() % 1'000, size = round < 600 ? round : random() % 4'000;
        auto bytes = as_bytes(std::string_view(text).substr(from, size));
        auto before = static_cast<std::uint32_t>(random());
        ASSERT_EQ(crc32(bytes, before), by_tables(bytes, before)) << size;
        for (const ChecksumWay& way : ways) {
            if (size < way.least) continue;
            ASSERT_EQ(~way.run(bytes, ~before), by_tables(bytes, before)) << way.name << ", " << size;
        }
    }
    EXPECT_EQ(crc32(as_bytes(text)), by_tables(as_bytes(text), 0));
}

/// Differences of notation between decoders that say the same: braces around GUIDs, microseconds only, spaces at the
/// ends.
std::string canonical(std::string_view text) {
    text = trim(text);
    if (auto time = parse_time(text)) return format_time(std::chrono::floor<std::chrono::microseconds>(*time));
    if (text.size() == 38 && text.front() == '{' && text.back() == '}') text = text.substr(1, 36);
    return lower(text);
}

/// What differs between an event as we read it and as another decoder wrote it; "" when nothing does.
std::string difference(const Row& ours, const Row& theirs) {
    for (std::size_t column = 0; column < WindowsEvent::kColumns; ++column) {
        if (ours.number(column) != theirs.number(column)) return fmt::format("column {}", column);
        if (canonical(ours.text(column)) != canonical(theirs.text(column)))
            return fmt::format("column {}: {} and {}", column, ours.text(column), theirs.text(column));
    }
    if (canonical(format_time(ours.time)) != canonical(format_time(theirs.time))) return "time";
    for (const Field& field : theirs.fields)
        if (field.name != "xmlns" && canonical(ours.field(field.name)) != canonical(theirs.field(field.name)))
            return fmt::format("{}: {} and {}", field.name, ours.field(field.name), theirs.field(field.name));
    return {};
}

/// Objects written over several lines, each begun by a brace in the first column, one a line.
std::string one_a_line(std::string text) {
    for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; ++at)
        if (at + 1 < text.size() && text[at + 1] != '{') text[at] = ' ';
    return text;
}

TEST(EvtxRealData, SigmaRegressionGoldensAreFieldEqual) {
    Unpacked logs("sigma-regression");
    if (logs.missing()) GTEST_SKIP() << "no third-party evidence: set ASCRIBE_EVIDENCE";
    std::size_t files = 0, records = 0;
    for (const auto& path : logs.files(".evtx")) {
        auto ours = test::run("evtx", file_bytes(path));
        EXPECT_EQ(ours.bads.size(), 0u) << path;
        for (const auto& damage : ours.damages) EXPECT_EQ(damage.what, "evtx.slack") << path;
        std::map<std::int64_t, Row> by_id;
        for (const auto& row : ours.rows()) by_id[row.number(WindowsEvent::record_id).value_or(-1)] = row;
        auto json = fs::path(path).replace_extension(".json");
        if (!fs::exists(json)) continue;
        ++files;
        auto theirs = test::run("event_json", Bytes::copy(one_a_line(std::string(file_bytes(json).text()))));
        EXPECT_EQ(theirs.bads.size(), 0u) << json;
        for (const auto& row : theirs.rows()) {
            ++records;
            auto same = by_id.find(row.number(WindowsEvent::record_id).value_or(-1));
            ASSERT_NE(same, by_id.end()) << path;
            EXPECT_EQ(difference(same->second, row), "") << path;
        }
    }
    EXPECT_EQ(files, 202u);
    EXPECT_GE(records, 202u);
}

// What this reader recovers, so that a change of it shows; nobody else's count stands beside it yet.
constexpr std::size_t kRecovered = 608;

TEST(EvtxRealData, EveryRecordOfTheAttackLogsIsReadOrListed) {
    Unpacked logs("evtx-to-mitre-attack");
    if (logs.missing()) GTEST_SKIP() << "no third-party evidence: set ASCRIBE_EVIDENCE";
    std::size_t records = 0, bad = 0, recovered = 0;
    for (const auto& path : logs.files(".evtx")) {
        auto bytes = file_bytes(path);
        auto got = test::run("evtx", bytes);
        records += got.rows().size();
        recovered += got.recovered().size();
        bad += got.bads.size();
        EXPECT_GE(got.rows().size() + got.bads.size(), 1u) << path;
        for (const auto& error : got.bads)
            ADD_FAILURE() << path << " " << error.what << " at " << error.offset << " " << error.need;
        for (const auto& row : got.rows()) ASSERT_EQ(bytes.text().substr(row.ref.offset, 2), "**");
        auto parts = test::run_in_parts("evtx", bytes, 64 << 10, 4096);
        ASSERT_EQ(parts.rows().size(), got.rows().size());
        ASSERT_EQ(parts.recovered().size(), got.recovered().size());
    }
    EXPECT_EQ(recovered, kRecovered) << "older events behind the free space of chunks";
    RecordProperty("records", static_cast<int>(records));
    RecordProperty("bad", static_cast<int>(bad));
}

struct Left {
    std::string_view file;
    std::size_t records, bad;
};
// The records evtxexport 20181227 exports (335, 1,910 and 267 of the damaged ones, none of the forwarded ones) and
// those behind the damage at which it stops.
constexpr Left kLeft[] = {
    {"MSExchange_Management_wec.evtx", 1, 0},
    {"issue_201.evtx", 1, 0},
    {"Application_no_crc32.evtx", 17, 0},
    {"Security_with_size_t.evtx", 636, 0},
    {"sample-with-irregular-bool-values.evtx", 3028, 0},
    {"sample-with-zero-data-size-event.evtx", 450, 0},
    {"sample_with_a_bad_chunk_magic.evtx", 300, 1},
    {"security.evtx", 2261, 0},
    {"security_bad_string_cache.evtx", 2261, 0},
    {"sysmon.evtx", 358, 0},
    {"system.evtx", 1881, 0},
    {"Microsoft-Windows-HelloForBusiness%4Operational.evtx", 6, 0},
};

TEST(EvtxRealData, DamagedLogsGiveWhatIsLeft) {
    Unpacked logs("evtx-damaged");
    if (logs.missing()) GTEST_SKIP() << "no third-party evidence: set ASCRIBE_EVIDENCE";
    for (const auto& path : logs.files(".evtx")) {
        auto bytes = file_bytes(path);
        auto got = test::run("evtx", bytes);
        EXPECT_GE(got.rows().size(), 1u) << path;
        for (const auto& row : got.rows()) ASSERT_LE(row.ref.offset + row.ref.size, bytes.size());
        auto left = std::ranges::find(kLeft, path.filename().string(), &Left::file);
        if (left == std::end(kLeft)) continue;
        EXPECT_EQ(got.rows().size(), left->records) << path;
        EXPECT_EQ(got.bads.size(), left->bad) << path;
    }
}

}  // namespace
}  // namespace ascribe

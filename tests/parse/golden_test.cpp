// One runner for all samples: golden/<parser>/NAME.in (or NAME.in.hex, for bytes that are not text and for text that an
// antivirus program would take away) must give exactly what NAME.out says. ASCRIBE_UPDATE=1 writes the .out files anew;
// read the difference before you commit it. Whatever the sample says, some things hold for all: the parser of the
// folder claims it by its content, refs lie inside the artefact, and the cut into parts changes nothing. A sample is
// named damaged-* exactly when something in it cannot be read.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "base/text.hpp"
#include "parse/collected.hpp"
#include "parse/lines.hpp"

namespace ascribe::test {
namespace {

namespace fs = std::filesystem;

struct Sample {
    std::string parser, name;  // folder and file name without .in
    fs::path in;
};

std::vector<Sample> samples() {
    std::vector<Sample> all;
    for (const auto& entry : fs::recursive_directory_iterator(ASCRIBE_TEST_DIR "/parse/golden")) {
        auto file = entry.path().filename().string();
        auto at = file.find(".in");
        if (!entry.is_regular_file() || at == std::string::npos) continue;
        all.push_back({entry.path().parent_path().filename().string(), file.substr(0, at), entry.path()});
    }
    std::ranges::sort(all, {}, [](const Sample& sample) { return sample.in; });
    return all;
}

std::string read(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

/// The sample's bytes; in .hex files blanks and lines that begin with # mean nothing.
std::string bytes_of(const fs::path& path) {
    auto text = read(path);
    if (path.extension() != ".hex") return text;
    std::string bytes, digits;
    for (auto line : split(text, '\n')) {
        if (line.starts_with('#')) continue;
        for (char c : line)
            if (std::isxdigit(static_cast<unsigned char>(c))) digits += c;
    }
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
        bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
    return bytes;
}

std::string shown(const Cell& cell) {
    if (auto* number = std::get_if<std::int64_t>(&cell)) return fmt::format("{}", *number);
    auto* text = std::get_if<std::string_view>(&cell);
    return text != nullptr ? visible(*text, 400) : std::string{};
}

/// Every row as one line; `lines_before` makes line numbers count from the start of the artefact.
std::string shown(const RecordBatch& batch, std::uint64_t lines_before) {
    const auto& schema = record_schemas()[static_cast<std::size_t>(batch.kind())];
    std::string text;
    for (std::size_t i = 0; i < batch.size(); ++i) {
        auto row = batch[i];
        text += fmt::format("{} @{}+{}", schema.name, row.ref.offset, row.ref.size);
        if (row.line > 0) text += fmt::format(" line {}", row.line + lines_before);
        if (row.time != kNoTime) text += " " + format_time(row.time);
        if (!batch.host.empty()) text += fmt::format(" host={}", visible(batch.host));
        for (std::size_t column = 0; column < schema.columns.size(); ++column)
            if (row.cells[column].index() != 0)
                text += fmt::format("\n    {} = {}", schema.columns[column].name, shown(row.cells[column]));
        for (const Field& field : row.fields)
            text += fmt::format("\n    {}: {}", visible(field.name), shown(field.value));
        text += '\n';
    }
    return text;
}

/// What a parser said about an artefact, whole or in parts. Rows of one line may differ in kind, and batches of several
/// kinds are flushed in their own order, so kinds are kept apart.
struct Reading {
    std::map<RecordKind, std::string> rows;
    std::string bads, damages;
    std::uint64_t records = 0, bad = 0, damage = 0, directives = 0, lines = 0;
    bool refs_inside = true;

    void add(const Collected& part, std::uint64_t size) {
        for (const auto& batch : part.batches) {
            rows[batch.kind()] += shown(batch, lines);
            records += batch.size();
            for (std::size_t i = 0; i < batch.size(); ++i)
                refs_inside = refs_inside && batch[i].ref.offset + batch[i].ref.size <= size;
        }
        for (const Error& error : part.bads)
            bads += fmt::format("bad {} {} @{} need {} have {}\n", error.what, to_string(error.fault), error.offset,
                                error.need, error.have);
        for (const Error& error : part.damages)
            damages += fmt::format("damage {} {} @{} need {} have {}\n", error.what, to_string(error.fault),
                                   error.offset, error.need, error.have);
        bad += part.bads.size();
        damage += part.damages.size();
        directives += part.directive_count;
        lines += part.line_count;
    }

    std::string text() const {
        std::string all;
        for (const auto& [kind, text] : rows) all += text;
        return all + bads + damages +
               fmt::format("records {} bad {} directives {} lines {}\n", records, bad, directives, lines);
    }
};

Reading read_in_parts(const Parser& parser, const Bytes& bytes, std::string_view path, std::uint64_t unit) {
    Reading reading;
    for (std::uint64_t begin = 0; begin == 0 || begin < bytes.size(); begin += unit) {
        auto part = part_of(bytes, path);
        part.begin = begin;
        part.end = std::min<std::uint64_t>(begin + unit, bytes.size());
        Collected collected;
        parser.parse(part, collected);
        reading.add(collected, bytes.size());
    }
    return reading;
}

/// As a member too long for memory comes: segments of whole lines, each with the header in force at its start.
Reading read_in_segments(const Parser& parser, const Bytes& bytes, std::string_view path, std::size_t about) {
    Reading reading;
    std::string header;
    auto text = bytes.text();
    for (std::size_t base = 0; base < text.size();) {
        auto end = text.find('\n', std::min(base + about, text.size()));
        end = end == std::string_view::npos ? text.size() : end + 1;
        Part part = part_of(Bytes(as_bytes(text.substr(base, end - base)), nullptr), path);
        part.base = part.begin = base;
        part.end = end;
        part.header = header;
        Collected collected;
        parser.parse(part, collected);
        reading.add(collected, bytes.size());
        if (parser.header != nullptr) {
            part.base = 0;
            part.begin = part.end = end - base;
            header = parser.header(part);
        }
        base = end;
    }
    return reading;
}

class Golden : public testing::TestWithParam<Sample> {};

TEST_P(Golden, SaysWhatTheFileSays) {
    const Sample& sample = GetParam();
    const Parser& parser = parser_named(sample.parser);
    auto bytes = Bytes::copy(bytes_of(sample.in));
    auto head = bytes.view().first(std::min(bytes.size(), kHeadBytes));

    int mine = parser.claim("unknown.bin", head);
    EXPECT_GT(mine, 0) << "content alone must be enough to claim it";
    for (const Parser& other : parsers())
        EXPECT_TRUE(&other == &parser || other.claim("unknown.bin", head) < mine) << other.name << " claims it too";

    auto whole = read_in_parts(parser, bytes, sample.name, std::max<std::uint64_t>(bytes.size(), 1));
    EXPECT_TRUE(whole.refs_inside);
    EXPECT_EQ(whole.bad + whole.damage > 0, sample.name.starts_with("damaged-"));

    auto golden = sample.in.parent_path() / (sample.name + ".out");
    if (std::getenv("ASCRIBE_UPDATE") != nullptr) std::ofstream(golden, std::ios::binary) << whole.text();
    EXPECT_EQ(whole.text(), read(golden)) << "ASCRIBE_UPDATE=1 writes " << golden;

    if (parser.unit != kTextUnit) return;
    for (std::uint64_t unit : {1, 7, 64, 1000})
        EXPECT_EQ(read_in_parts(parser, bytes, sample.name, unit).text(), whole.text()) << "in parts of " << unit;
    if (parser.header == nullptr) return;
    for (std::size_t about : {1, 300, 1000})
        EXPECT_EQ(read_in_segments(parser, bytes, sample.name, about).text(), whole.text())
            << "in segments of " << about;
}

INSTANTIATE_TEST_SUITE_P(Samples, Golden, testing::ValuesIn(samples()), [](const auto& sample) {
    auto name = sample.param.parser + "_" + sample.param.name;
    for (char& c : name)
        if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
    return name;
});
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Golden);

}  // namespace
}  // namespace ascribe::test

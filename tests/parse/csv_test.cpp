// Splitting into cells, against an independent reader: Python's csv module and str.split.
#include "parse/csv.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <random>

#include "base/text.hpp"
#include "parse/collected.hpp"
#include "parse/exchange/ecp_data.hpp"
#include "parse/iis/fields.hpp"

namespace ascribe::test {
namespace {

constexpr char kBetween = '\x1F';  // stands between cells in what Python prints; never part of a cell here

/// What `program` makes of the lines, one answer a line.
std::vector<std::string> python(const std::string& program, const std::string& lines) {
    auto path = std::filesystem::temp_directory_path() / ("ascribe-csv-" + std::to_string(::getpid()));
    std::ofstream(path, std::ios::binary) << lines;
    auto output = shell_output("python3 -c '" + program + "' < '" + path.string() + "'");
    std::filesystem::remove(path);
    std::vector<std::string> answers;
    for (auto line : split(output, '\n')) answers.emplace_back(line);
    answers.pop_back();
    return answers;
}

std::string joined(const std::vector<std::string>& cells) {
    std::string text;
    for (const auto& cell : cells) text += cell + kBetween;
    return text;
}

TEST(Csv, SplitsAsPythonDoes) {
    std::mt19937 random(20210302);
    constexpr std::string_view kLetters = "ab,\"' ;=\\";
    std::string lines;
    std::vector<std::string> ours;
    for (int i = 0; i < 5'000; ++i) {
        std::string line;
        for (std::size_t cell = 0, cells = 1 + random() % 8; cell < cells; ++cell) {
            std::string text;
            for (std::size_t size = random() % 7; size > 0; --size) text += kLetters[random() % kLetters.size()];
            if (cell > 0) line += ',';
            if (text.find_first_of(",\"") == std::string::npos && random() % 3 > 0) {
                line += text;
                continue;
            }
            line += '"';
            for (char c : text) line += c == '"' ? "\"\"" : std::string(1, c);
            line += '"';
        }
        lines += line + '\n';
        CsvCells csv;
        split_csv(line, csv);
        std::vector<std::string> cells(csv.cells.begin(), csv.cells.end());
        for (auto doubled : csv.doubled) cells[doubled] = undoubled(csv.cells[doubled]);
        // Python gives no cell at all for a line of no characters.
        ours.push_back(joined(line.empty() ? std::vector<std::string>{} : cells));
    }
    auto theirs = python(
        "import csv,sys\nfor row in csv.reader(sys.stdin): print(*row, sep=\"\\x1f\", end=\"\\x1f\\n\" if row else "
        "\"\\n\")",
        lines);
    ASSERT_EQ(theirs.size(), ours.size());
    for (std::size_t i = 0; i < ours.size(); ++i) ASSERT_EQ(ours[i], theirs[i]) << "line " << i;
}

TEST(W3c, SplitsAsPythonDoes) {
    std::mt19937 random(20210302);
    constexpr std::string_view kLetters = "ab -+\xE9,";
    std::string lines;
    std::vector<std::string> ours;
    for (int i = 0; i < 5'000; ++i) {
        std::string line = "x";
        for (std::size_t size = random() % 30; size > 0; --size) line += kLetters[random() % kLetters.size()];
        line += 'x';  // a space at the end begins no cell for us; all else is the same
        lines += line + '\n';
        std::array<std::string_view, kW3cColumnLimit> cells;
        auto count = split_w3c(line, cells.data(), cells.size());
        ours.push_back(joined({cells.begin(), cells.begin() + static_cast<std::ptrdiff_t>(count)}));
    }
    auto theirs = python(
        "import sys\nfor line in sys.stdin.buffer: "
        "sys.stdout.buffer.write(b\"\\x1f\".join(line.rstrip(b\"\\n\").split(b\" \"))+b\"\\x1f\\n\")",
        lines);
    ASSERT_EQ(theirs, ours);
}

TEST(Csv, NothingAndCommasAlone) {
    CsvCells csv;
    split_csv("", csv);
    EXPECT_EQ(csv.count, 1u);
    split_csv(",", csv);
    EXPECT_EQ(csv.count, 2u);
    split_csv("\"", csv);
    EXPECT_EQ(csv.count, 1u);
    EXPECT_EQ(csv.cells[0], "");
    split_csv("\"a\"\"", csv);  // never closed: the last two are a doubled quote
    EXPECT_EQ(undoubled(csv.cells[0]), "a\"");
    std::string commas(1 << 20, ',');
    split_csv(commas, csv);
    EXPECT_EQ(csv.count, commas.size() + 1);
    EXPECT_EQ(csv.cells.size(), kCsvColumnLimit);
}

struct EcpCase {
    std::string_view data;
    std::vector<std::pair<std::string_view, std::string_view>> pairs;
};

TEST(EcpData, QuotesHoldSemicolonsAndApostrophesInWordsAreLetters) {
    const EcpCase cases[] = {
        {"S:A=1;S:B=2", {{"A", "1"}, {"B", "2"}}},
        {"S:A='x;y';S:B=2", {{"A", "'x;y'"}, {"B", "2"}}},
        {"S:A='it''s;';S:B=2", {{"A", "'it''s;'"}, {"B", "2"}}},
        {"S:A=''x;y'';S:B=2", {{"A", "''x;y''"}, {"B", "2"}}},
        {"S:A='';S:B=2", {{"A", "''"}, {"B", "2"}}},
        {"S:A=O'Neil;S:B=2", {{"A", "O'Neil"}, {"B", "2"}}},
        {"S:A='never;closed;S:B=2", {{"A", "'never;closed"}, {"B", "2"}}},
        {"S:A==;S:B='=;';C='1'", {{"A", "="}, {"B", "'=;'"}, {"", "C='1'"}}},
        {"it's;S:A=1", {{"", "it's"}, {"A", "1"}}},
        {"plain;S:A=x=y;", {{"", "plain"}, {"A", "x=y"}}},
        {"", {}},
    };
    EcpPairs split;
    for (const auto& [data, pairs] : cases) {
        split_ecp_data(data, split);
        EXPECT_EQ(split, pairs) << data;
    }
}

TEST(EcpData, IsTheSameWhereverItsMarksLie) {
    EcpPairs pairs;
    for (std::size_t shift = 0; shift < 200; ++shift) {
        auto fill = std::string(shift, 'x');
        auto data = "S:K=" + fill + ";S:Q='" + fill + ";=' " + fill + "=;" + fill + ";S:L=1";
        split_ecp_data(data, pairs);
        auto plain = fill.empty() ? EcpPairs() : EcpPairs{{"", fill}};
        auto quoted = "'" + fill + ";=' " + fill + "=";
        EcpPairs expected{{"K", fill}, {"Q", quoted}};
        expected.insert(expected.end(), plain.begin(), plain.end());
        expected.emplace_back("L", "1");
        EXPECT_EQ(pairs, expected) << shift;
    }
}

TEST(EcpData, IsReadInLinearTime) {
    std::string data;
    for (int i = 0; i < 1 << 18; ++i) data += "S:A='x;";
    EcpPairs pairs;
    split_ecp_data(data, pairs);
    EXPECT_LE(pairs.size(), 4'097u);
}

}  // namespace
}  // namespace ascribe::test

// Every way to find separators says the same, whatever the text and wherever it starts and ends; and rows that stay in
// their lines say what rows of a line taken by itself say.
#include <gtest/gtest.h>

#include <random>

#include "base/text.hpp"
#include "parse/collected.hpp"
#include "parse/separators.hpp"

namespace ascribe::test {
namespace {

std::vector<std::uint32_t> told(const std::unique_ptr<std::uint32_t[]>& list, std::size_t count) {
    return {list.get(), list.get() + count};
}

void expect_the_same(std::string_view text, char separator) {
    const auto& plain = separator_finders().back();
    auto wanted = find_separators(text, separator, plain);
    for (const SeparatorFinder& finder : separator_finders()) {
        if (!finder.is_supported()) continue;
        auto found = find_separators(text, separator, finder);
        ASSERT_EQ(told(found.ends, found.count), told(wanted.ends, wanted.count)) << finder.name;
        ASSERT_EQ(told(found.lines, found.line_count), told(wanted.lines, wanted.line_count)) << finder.name;
        ASSERT_EQ(found.has_nul, wanted.has_nul) << finder.name;
        ASSERT_EQ(found.has_stray_return, wanted.has_stray_return) << finder.name;
    }
}

TEST(Separators, AllWaysAgree) {
    std::mt19937 random(4711);
    // Few letters, so that separators stand dense, alone and not at all.
    for (std::string_view letters : {" \n", "ab \n", "abcdefghijklmnopqrstuvwxyz0123456789 \n", " ", "\n", "x",
                                     "a \n,\0", "a\r\n", "abc \r\n\n\n"})
        for (std::size_t size = 0; size < 300; ++size) {
            std::string text;
            for (std::size_t i = 0; i < size; ++i) text += letters[random() % letters.size()];
            if (size % 7 == 0 && size > 0) text[random() % size] = '\0';
            for (std::size_t from : {0U, 1U, 3U})
                expect_the_same(std::string_view(text).substr(std::min(from, size)), ' ');
            expect_the_same(text, ',');
        }
}

/// All that is said of rows, whichever way they were read.
std::string said(const Collected& collected) {
    std::string text;
    for (const auto& batch : collected.batches)
        for (std::size_t i = 0; i < batch.size(); ++i) {
            auto row = batch[i];
            text += std::to_string(row.ref.offset) + '+' + std::to_string(row.ref.size) + ' ' +
                    std::to_string(row.line) + ' ' + format_time(row.time) + ' ' + batch.host;
            for (std::size_t column = 0; column < row.cells.size(); ++column)
                text += '|' + std::string(row.text(column)) + '#' + std::to_string(row.number(column).value_or(-1));
            for (const Field& field : row.fields)
                text += ' ' + std::string(field.name) + '=' + std::string(row.field(field.name));
            text += '\n';
        }
    for (const Error& error : collected.bads)
        text += std::string(error.what) + ' ' + std::to_string(error.offset) + ' ' + std::to_string(error.have) + '\n';
    return text + std::to_string(collected.directive_count) + ' ' + std::to_string(collected.line_count);
}

// A NUL in a block makes all its lines be taken one by one: the same text with and without one far behind must say the
// same of what stands before it.
TEST(Separators, RowsInTheirLinesSayWhatLinesTakenOneByOneSay) {
    std::mt19937 random(4712);
    constexpr std::string_view kCells[] = {"2021-03-02", "10:00:00", "GET", "/owa/", "-",  "200", "",  "x y",
                                           "10:99:00",   "\xE9",     "7\r", "a=b",   "#x", "0",   " ", "192.0.2.1"};
    for (int round = 0; round < 400; ++round) {
        std::string text =
            "#Software: Microsoft Internet Information Services 10.0\n"
            "#Fields: date time cs-method cs-uri-stem cs-uri-query sc-status c-ip x-own\n";
        for (int line = 0; line < 20; ++line) {
            text += "2021-03-02 10:00:0" + std::to_string(line % 10) + " GET /a - 200 192.0.2.1 own\n";
            if (random() % 3 == 0) {
                for (auto cells = random() % 10; cells > 0; --cells)
                    text += std::string(kCells[random() % std::size(kCells)]) + ' ';
                text += random() % 2 == 0 ? "\n" : "\r\n";
            }
            if (random() % 40 == 0) text += "#Fields: date time c-ip sc-status\n2021-03-02 10:00:00 192.0.2.1 404\n";
            if (random() % 30 == 0) text += "\n";
        }
        auto fast = run("iis", Bytes::copy(text));
        auto slow = run("iis", Bytes::copy(text + std::string(20, '\0')));
        ASSERT_EQ(slow.bads.back().what, "line.nul_bytes");
        slow.bads.pop_back();
        --slow.line_count;
        ASSERT_EQ(said(fast), said(slow)) << text;
    }
}

}  // namespace
}  // namespace ascribe::test

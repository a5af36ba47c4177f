// Numbers of texts: equal texts have equal numbers, within a batch and from batch to batch, and nothing that was worked
// out of a text outlives the number.
#include "detect/numbers.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace ascribe {
namespace {

RecordBatch batch_of(std::initializer_list<std::string_view> stems) {
    RecordBatch batch(RecordKind::http_request, ArtefactId{0}, Bytes::copy(""));
    for (auto stem : stems) {
        auto row = batch.append(Time{}, 0, 0);
        if (!stem.empty()) row[HttpRequest::stem] = batch.keep(stem);
        row[HttpRequest::status] = std::int64_t{200};
    }
    return batch;
}

TEST(Numbers, EqualTextsHaveEqualNumbers) {
    auto first = batch_of({"/a", "/b", "", "/a"}), second = batch_of({"/b", "/c"});
    const Numbers& numbers = numbers_of(first, HttpRequest::stem);
    EXPECT_EQ(numbers[0], numbers[3]);
    EXPECT_NE(numbers[0], numbers[1]);
    EXPECT_EQ(numbers[2], 0U);
    auto of_b = numbers[1];
    numbers_of(second, HttpRequest::stem);
    EXPECT_EQ(numbers[0], of_b);
    EXPECT_EQ(numbers.texts().text(numbers[1]), "/c");
}

TEST(Numbers, OfNumbersTellsThemApart) {
    auto batch = batch_of({"/a", "/b"});
    auto row = batch.append(Time{}, 0, 0);
    row[HttpRequest::status] = std::int64_t{404};
    batch.append(Time{}, 0, 0);
    const Numbers& numbers = numbers_of(batch, HttpRequest::status);
    EXPECT_EQ(numbers[0], numbers[1]);
    EXPECT_NE(numbers[0], numbers[2]);
    EXPECT_EQ(numbers[3], 0U);
}

TEST(Numbers, ManyTextsBeginAnotherGeneration) {
    Dictionary texts;
    ByNumber<std::string> known;
    auto remember = [&](std::string_view text) {
        return known.get(texts, texts.number(text), [](std::string_view same) { return std::string(same); });
    };
    auto generation = texts.generation();
    for (int i = 0; i < 200'000; ++i) {
        if (i % 512 == 0) texts.make_room(512);
        ASSERT_EQ(remember("/page" + std::to_string(i % 60'000)), "/page" + std::to_string(i % 60'000));
        ASSERT_LT(texts.end(), 1U << 16);
    }
    EXPECT_NE(texts.generation(), generation);
}

TEST(Numbers, TextsTooLongToKeepAreNotConfused) {
    Dictionary texts;
    std::string a(5'000, 'a'), b(5'000, 'b');
    auto of_a = texts.number(a), of_b = texts.number(b);
    EXPECT_NE(of_a, of_b);
    EXPECT_EQ(texts.text(of_a), a);
    EXPECT_EQ(texts.text(of_b), b);
}

TEST(Numbers, AllWaysNumberTheSame) {
    std::mt19937 random(5);
    std::vector<std::string> texts;
    for (int i = 0; i < 3'000; ++i) {
        // Texts that differ in one place, in their length, or not at all.
        std::string text(random() % (i % 16 == 0 ? 1'500 : 140), 'a');
        if (!text.empty() && random() % 2 != 0) text[random() % text.size()] = 'b';
        texts.push_back(std::move(text));
    }
    std::vector<std::string_view> views(texts.begin(), texts.end());
    std::vector<std::uint32_t> expected;
    for (const Dictionary::Way& way : Dictionary::ways()) {
        if (!way.is_supported()) continue;
        Dictionary all(way), each(way);
        std::vector<std::uint32_t> numbers(views.size());
        std::size_t added = 0;
        all.number(views, numbers, [&](std::size_t) { ++added; });
        EXPECT_EQ(added + 1, all.end());
        for (std::size_t i = 0; i < views.size(); ++i) {
            ASSERT_EQ(each.number(views[i]), numbers[i]);
            ASSERT_EQ(all.text(numbers[i]), views[i]);
        }
        if (expected.empty()) expected = numbers;
        EXPECT_EQ(numbers, expected);
    }
}

/// Rows of "status site method stem user" cut from lines, and where `made` one more that was not.
RecordBatch cut_batch(std::string_view lines, bool made) {
    auto layout = std::make_shared<LineLayout>();
    layout->columns.resize(HttpRequest::kColumns);
    std::uint16_t place = 0;
    for (auto column :
         {HttpRequest::status, HttpRequest::site, HttpRequest::method, HttpRequest::stem, HttpRequest::user})
        layout->columns[column] = {place++, column == HttpRequest::status};
    layout->last = place - 1;
    auto bytes = Bytes::copy(lines);
    auto text = bytes.text();
    auto cut = std::make_shared<CutLines>();
    cut->layout = layout;
    cut->origin = text.data();
    cut->ends = std::make_unique<std::uint32_t[]>(text.size());
    std::uint32_t count = 0, first = 0, begin = 0;
    RecordBatch batch(RecordKind::http_request, ArtefactId{0}, bytes);
    for (std::uint32_t i = 0; i < text.size(); ++i) {
        if (text[i] != ' ' && text[i] != '\n') continue;
        cut->ends[count++] = i;
        if (text[i] == ' ') continue;
        batch.append_cut(Time{}, begin, i - begin, 1, first);
        first = count;
        begin = i + 1;
    }
    batch.cut_from(cut);
    if (made) {
        auto row = batch.append(Time{}, 0, 0);
        row[HttpRequest::stem] = std::string_view("/a");
        row[HttpRequest::referrer] = std::string_view("made");
    }
    return batch;
}

TEST(Numbers, OfRunsAreThoseOfTheirColumns) {
    for (bool made : {false, true}) {
        auto batch =
            cut_batch("200 W3SVC1 GET /a -\n404 W3SVC1 GET /b me\n- - POST /a me\n200 W3SVC1 GET /a you\n", made);
        for (std::size_t column = 0; column < HttpRequest::kColumns; ++column) {
            const ascribe::Run* run = run_of(batch, column);
            const Numbers& numbers = numbers_of(batch, column);
            ASSERT_EQ(numbers.rows().size(), batch.size());
            bool is_text = record_schemas()[0].columns[column].type == ColumnType::text;
            for (std::size_t i = 0; i < batch.size(); ++i) {
                ASSERT_EQ(run != nullptr ? run->number((*run)[i], column) : 0, numbers[i]);
                if (is_text) {
                    ASSERT_EQ(numbers.texts().text(numbers[i]), batch[i].text(column));
                }
                ASSERT_EQ(numbers[i] != 0,
                          is_text ? !batch[i].text(column).empty() : batch[i].number(column).has_value());
            }
        }
        EXPECT_EQ(run_of(batch, HttpRequest::site), run_of(batch, HttpRequest::stem));
        EXPECT_NE(run_of(batch, HttpRequest::user), run_of(batch, HttpRequest::stem));
        EXPECT_EQ(run_of(batch, HttpRequest::referrer) != nullptr, made);
        std::vector<const ascribe::Run*> runs;
        std::vector<std::size_t> columns{HttpRequest::method, HttpRequest::stem, HttpRequest::status,
                                         HttpRequest::cookie};
        runs_of(batch, columns, runs);
        EXPECT_EQ(runs.size(), made ? 3U : 2U);
    }
}

}  // namespace
}  // namespace ascribe

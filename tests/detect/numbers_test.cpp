// Numbers of texts: equal texts have equal numbers, within a batch and from batch to batch, and nothing that was worked
// out of a text outlives the number.
#include "detect/numbers.hpp"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace ascribe

// Hours are told from enough events by hand, and from nothing else.
#include "attribute/hours.hpp"

#include "support.hpp"

namespace ascribe {
namespace {

Finding commands(int count, int hour, Question question = Question::used) {
    Finding finding;
    finding.level = Level::success;
    finding.question = question;
    auto monday = parse_time("2021-03-01T00:00:00Z").value();
    for (int i = 0; i < count; ++i)
        finding.moments.push_back(monday + std::chrono::days(i % 7) + std::chrono::hours(hour) +
                                  std::chrono::minutes(i));
    return finding;
}

TEST(Hours, AWorkingDayIsFound) {
    auto finding = commands(56, 22);
    auto hours = working_hours({&finding});
    ASSERT_TRUE(hours.has_value());
    EXPECT_EQ(hours->events, 56u);
    EXPECT_DOUBLE_EQ(hours->within, 1);
    EXPECT_DOUBLE_EQ(hours->weekdays, 40.0 / 56) << "five of seven days";
    EXPECT_NE(sentence_of(*hours).find("not counted"), std::string::npos);
}

TEST(Hours, FewEventsScriptsAndScansSayNothing) {
    auto few = commands(49, 9), attack = commands(80, 9, Question::exploited);
    EXPECT_FALSE(working_hours({&few}).has_value());
    EXPECT_FALSE(working_hours({&attack}).has_value());
    Finding script = commands(1, 9);
    for (int i = 0; i < 500; ++i) script.moments.push_back(script.moments.front());
    EXPECT_FALSE(working_hours({&script}).has_value()) << "a burst is one event";
}

}  // namespace
}  // namespace ascribe

// Times at the edges of the calendar: what has no notation is no time, however it came about.
#include <gtest/gtest.h>

#include "base/time.hpp"

namespace ascribe {
namespace {

// The parent refuses a state that holds such a time, and with it what all other rows of the part told.
TEST(Time, NothingLeadsOutOfTheCalendar) {
    EXPECT_TRUE(make_time(9999, 12, 31, 23, 59, 59, 9'999'999));
    EXPECT_FALSE(make_time(9999, 12, 31, 23, 59, 60));
    EXPECT_TRUE(parse_time("9999-12-31T23:59:59+01:00"));
    EXPECT_FALSE(parse_time("9999-12-31T23:59:59-01:00"));
    EXPECT_TRUE(parse_time("1601-01-01T00:30:00+00:30"));
    EXPECT_FALSE(parse_time("1601-01-01T00:30:00+00:31"));
    EXPECT_EQ(parse_time("2021-03-14T01:40:11+05:00"), make_time(2021, 3, 13, 20, 40, 11));
}

}  // namespace
}  // namespace ascribe

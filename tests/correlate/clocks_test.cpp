// Clocks: the lab trace's shape, and the shapes that must not be corrected.
#include <gtest/gtest.h>

#include <map>

#include "correlate/support.hpp"

namespace ascribe {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using test::utc;

ClockSeen clock(Ticks least, Ticks most, std::uint64_t rows) {
    return {{7}, "record time", "Sysmon UtcTime", least, most, rows, test::ref(7), {}, {}};
}

TEST(Clocks, LocalTimeLabelledUtcIsFoundAndCorrected) {
    Conclusion seen;
    seen.facts.clocks = {clock(minutes{300} - milliseconds{2500}, minutes{300}, 4'679)};
    auto shipped = test::finding("F-1", Level::success, Question::exploited, utc("2021-03-14T01:40:11.940Z"));
    shipped.evidence = {test::ref(7, 100)};
    auto elsewhere = test::finding("F-2", Level::success, Question::used, utc("2021-03-14T06:41:00Z"));
    auto embedded = shipped;
    embedded.id = "F-3";
    embedded.clock = Clock::embedded;
    seen.findings = {shipped, elsewhere, embedded};
    seen.facts.sources = {{Source::sysmon,
                           {448'369},
                           1,
                           utc("2021-03-14T01:40:00Z"),
                           utc("2021-03-14T01:59:00Z"),
                           test::ref(7),
                           test::ref(7, 9)}};

    auto incident = test::run(seen);
    ASSERT_EQ(incident.clocks.size(), 1u);
    EXPECT_EQ(incident.clocks[0].correction, minutes{300});
    EXPECT_EQ(incident.clocks[0].rows, 4'679u);
    EXPECT_EQ(
        incident.clocks[0].statement,
        "all 4679 rows that carry Sysmon UtcTime place it 300 minutes after record time: the record's time is local "
        "time labelled UTC; times of this artefact are shown corrected by +300 minutes");
    std::map<std::string, const Finding*> by_id;
    for (const Finding& finding : incident.findings) by_id[finding.id] = &finding;
    EXPECT_EQ(by_id["F-1"]->time, utc("2021-03-14T06:40:11.940Z"));
    EXPECT_EQ(by_id["F-1"]->raw_time, utc("2021-03-14T01:40:11.940Z"));
    EXPECT_EQ(by_id["F-2"]->time, utc("2021-03-14T06:41:00Z")) << "another file";
    EXPECT_EQ(by_id["F-3"]->time, utc("2021-03-14T01:40:11.940Z")) << "a time inside the record is not the shipper's";
    EXPECT_EQ(incident.facts.sources[0].last, utc("2021-03-14T06:59:00Z"));
    EXPECT_EQ(incident.facts.sources[0].hours.front(), 448'374);
    EXPECT_EQ(incident.verdict.sentence,
              "COMPROMISED: exploited and commands run. First success 2021-03-14 01:40:11 UTC, last activity "
              "2021-03-14 06:41:00 UTC.");
}

TEST(Clocks, AgreeingClocksSayNothing) {
    EXPECT_TRUE(judge_clocks({clock(milliseconds{-2500}, milliseconds{10}, 900)}).notes.empty());
}

TEST(Clocks, AVaryingDifferenceIsStatedNotCorrected) {
    auto notes = judge_clocks({clock(minutes{60}, minutes{120}, 900)}).notes;
    ASSERT_EQ(notes.size(), 1u);
    EXPECT_EQ(notes[0].correction, Ticks{});
}

TEST(Clocks, AFewRowsAreStatedNotCorrected) {
    auto notes = judge_clocks({clock(hours{-2}, hours{-2}, 19)}).notes;
    ASSERT_EQ(notes.size(), 1u);
    EXPECT_EQ(notes[0].correction, Ticks{});
    EXPECT_EQ(judge_clocks({clock(hours{-2}, hours{-2}, 20)}).notes[0].correction, hours{-2});
}

ClockSeen request_clock(Ticks least, Ticks most, std::uint64_t rows) {
    return {{7}, "the IIS log", "HttpProxy", least, most, rows, test::ref(7), {}, {}};
}

TEST(Clocks, ARequestInTwoLogsMayBeWrittenInAnyOrder) {
    auto zone = judge_clocks({request_clock(hours{2} - minutes{1}, hours{2} + milliseconds{1400}, 300)}).notes;
    ASSERT_EQ(zone.size(), 1u);
    EXPECT_EQ(zone[0].correction, hours{2});
    EXPECT_TRUE(judge_clocks({request_clock(milliseconds{-1800}, milliseconds{1400}, 300)}).notes.empty());
}

TEST(Clocks, TwoClocksApartAreToldAndNotCorrected) {
    auto notes = judge_clocks({request_clock(minutes{7}, minutes{7} + milliseconds{1400}, 300)}).notes;
    ASSERT_EQ(notes.size(), 1u);
    EXPECT_EQ(notes[0].correction, Ticks{});
    EXPECT_EQ(notes[0].statement,
              "HttpProxy differs from the IIS log by +7.0 minutes over 300 rows: two clocks apart; this evidence does "
              "not say which of them is right, so times are shown as recorded");
}

TEST(Clocks, NoPlaceIsTwentyHoursFromUtc) {
    EXPECT_EQ(judge_clocks({clock(hours{20}, hours{20}, 900)}).notes[0].correction, Ticks{});
}

TEST(Clocks, ExtremeDifferencesDoNotOverflow) {
    auto notes = judge_clocks({clock(Ticks::min(), Ticks::max(), 900), clock(Ticks::max(), Ticks::max(), 900),
                               clock(Ticks::min(), Ticks::min(), 900)})
                     .notes;
    for (const ClockNote& note : notes) EXPECT_EQ(note.correction, Ticks{});
    EXPECT_EQ(notes.size(), 3u);
}

TEST(Clocks, CorrectionsDoNotOverflow) {
    std::vector<Finding> findings = {test::finding("F-1", Level::success, Question::used, Time::max())};
    findings[0].moments = {Time::max(), Time{}};
    Facts facts;
    correct(findings, facts, {{test::ref(1).artefact, minutes{300}}});
    EXPECT_EQ(findings[0].time, Time::max());
    EXPECT_EQ(findings[0].moments, (std::vector{Time::max(), Time{minutes{300}}}));
}

}  // namespace
}  // namespace ascribe

// What a watch remembers: what it told, what its detectors know, what waits for an outlet. All of it bounded, and the
// same after a restart.
#include <gtest/gtest.h>

#include <chrono>
#include <set>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "detect/all.hpp"
#include "engine/observed.hpp"
#include "engine/support.hpp"
#include "engine/watch/messenger.hpp"
#include "engine/watch/told.hpp"
#include "engine/watch/watch.hpp"
#include "engine/watch/window.hpp"
#include "parse/all.hpp"

namespace ascribe {
namespace {

Finding finding_at(Level level, int hour, std::string page = "/x.aspx") {
    Finding finding;
    finding.detector = "web.unknown_page";
    finding.level = level;
    finding.page = std::move(page);
    finding.raw_time = finding.last = make_time(2021, 3, 3).value() + std::chrono::hours(hour);
    return finding;
}

TEST(Told, AgainWhenTheLevelRisesAndAfterALongSilence) {
    Told told;
    auto first = told.tell("ex01", finding_at(Level::attempt, 1));
    ASSERT_TRUE(first);
    EXPECT_FALSE(first->was);
    EXPECT_FALSE(told.tell("ex01", finding_at(Level::attempt, 2)));
    auto risen = told.tell("ex01", finding_at(Level::success, 2));
    ASSERT_TRUE(risen);
    EXPECT_EQ(risen->id, first->id);
    EXPECT_EQ(risen->was, Level::attempt);
    EXPECT_FALSE(told.tell("ex01", finding_at(Level::attempt, 3)));
    EXPECT_FALSE(told.tell("ex01", finding_at(Level::success, 14)));
    auto later = told.tell("ex01", finding_at(Level::attempt, 14 + 13));
    ASSERT_TRUE(later);
    EXPECT_NE(later->id, first->id);
    EXPECT_FALSE(later->was);
    EXPECT_NE(told.tell("ex02", finding_at(Level::attempt, 1))->id, first->id);
}

TEST(Told, IsTheSameAfterARestart) {
    Told before;
    for (int i = 0; i < 10; ++i) before.tell("ex01", finding_at(Level::attempt, i, "/" + std::to_string(i)));
    Writer out;
    before.save(out);
    Told after;
    Reader in(as_bytes(out.bytes()));
    ASSERT_TRUE(after.load(in));
    for (int i = 0; i < 10; ++i)
        EXPECT_FALSE(after.tell("ex01", finding_at(Level::attempt, i, "/" + std::to_string(i))));
    EXPECT_EQ(after.tell("ex01", finding_at(Level::success, 0, "/0"))->id,
              before.tell("ex01", finding_at(Level::success, 0, "/0"))->id);
}

// A subject that stands there twice was looked for when it was gone.
TEST(Told, AStateThatTellsASubjectTwiceIsRefused) {
    Told before;
    before.tell("ex01", finding_at(Level::attempt, 1));
    Writer out;
    before.save(out);
    auto once = out.take().substr(sizeof(std::uint32_t));
    Writer twice;
    twice.count(2);
    auto bytes = twice.take() + once + once;
    Told after;
    Reader in(as_bytes(bytes));
    EXPECT_FALSE(after.load(in));
}

// What it was given did not fit into the socket, and nobody read: the watch waited with it.
TEST(Messenger, AnOutletThatCannotBeOpenedHoldsNothingUp) {
    std::vector<std::string> notes;
    Messenger messenger(outlet("file"), {"/nonexistent/folder/findings.jsonl", ""},
                        [&](const std::string& note) { notes.push_back(note); });
    for (int i = 0; i < 64; ++i) messenger.add({"N-" + std::to_string(i), 1, 1, std::string(60'000, 'x')});
    for (int i = 0; i < 100; ++i) messenger.pump();
    EXPECT_EQ(messenger.waiting(), 64u);
}

TEST(Told, IsBounded) {
    Told told;
    for (std::size_t i = 0; i < Told::kSubjects + 10; ++i)
        told.tell("ex01", finding_at(Level::attempt, 1, std::to_string(i)));
    EXPECT_TRUE(told.tell("ex01", finding_at(Level::attempt, 1, "0")));     // forgotten, so told again ...
    EXPECT_FALSE(told.tell("ex01", finding_at(Level::attempt, 1, "500")));  // ... unlike what is later
    Writer out;
    told.save(out);
    EXPECT_LT(out.bytes().size(), 10u << 20);
}

/// A part's states as a worker sends them: some requests of one address.
SavedStates states_of(const Stages& stages, int from, int count) {
    RecordBatch batch(RecordKind::http_request, ArtefactId{0}, Bytes::copy(std::string(64, 'x')));
    std::vector<std::string> pages;
    pages.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
        pages.push_back("/aspnet_client/kx" + std::to_string(from + i) + "demo.aspx");
        test::add_post(batch, static_cast<std::uint64_t>(i % 60), pages.back());
    }
    return {{"", test::observed(stages, batch)}};
}

TEST(Window, HoldsOneToTwoGenerations) {
    Stages stages{parsers(), alarms(), test::intel()};
    Window window(stages);
    auto pages = [&] {
        std::set<std::string> all;
        for (const auto& [server, finding] : window.conclude()) all.insert(finding.page);
        return all;
    };
    window.add("ex01", states_of(stages, 1, 1));
    EXPECT_EQ(pages().size(), 1u);
    EXPECT_EQ(pages().size(), 0u);  // nothing new, nothing concluded
    window.turn();
    window.add("ex01", states_of(stages, 2, 1));
    EXPECT_EQ(pages().size(), 2u);
    window.turn();
    window.add("ex01", states_of(stages, 3, 1));
    EXPECT_EQ(pages().size(), 2u);  // the first generation is over
}

TEST(Window, AFloodEndsAGenerationEarly) {
    Stages stages{parsers(), alarms(), test::intel()};
    Window window(stages);
    int parts = 0;
    for (; !window.is_over(std::chrono::system_clock::now()) && parts < 60; ++parts) {
        window.add("ex" + std::to_string(parts), states_of(stages, parts * 5'000, 5'000));
        window.conclude();
    }
    EXPECT_LT(parts, 60);
    Writer out;
    window.save(out);
    EXPECT_LT(out.bytes().size(), 3 * Window::kGenerationBytes);
}

TEST(Window, TheSameAgainAndAgainIsNoFlood) {
    Stages stages{parsers(), alarms(), test::intel()};
    Window window(stages);
    auto states = states_of(stages, 0, 2'000);
    std::size_t size = 0;
    for (const auto& [detector, bytes] : states[""]) size += bytes.size();
    for (std::size_t added = 0; added < Window::kGenerationBytes * 5 / 4; added += size) {
        window.add("ex01", states);
        window.conclude();
        EXPECT_FALSE(window.is_over(std::chrono::system_clock::now()));
    }
}

TEST(Window, IsTheSameAfterARestart) {
    Stages stages{parsers(), alarms(), test::intel()};
    Window before(stages), after(stages);
    before.add("ex01", states_of(stages, 1, 5));
    Writer out;
    before.save(out);
    Reader in(as_bytes(out.bytes()));
    ASSERT_EQ(after.load(in).value_or(99), 0u);
    for (Window* window : {&before, &after}) EXPECT_FALSE(window->conclude().empty());
    for (Window* window : {&before, &after}) window->add("ex01", states_of(stages, 9, 1));
    auto mine = before.conclude(), theirs = after.conclude();
    ASSERT_EQ(mine.size(), theirs.size());
    for (std::size_t i = 0; i < mine.size(); ++i) EXPECT_EQ(mine[i].finding.statement, theirs[i].finding.statement);
}

/// Whoever changes what a detector saves must raise the version, or a watch takes up states that mean something else.
TEST(Window, WhatIsSavedHasAVersion) {
    Stages stages{parsers(), alarms(), test::intel()};
    Window window(stages);
    window.add("ex01", states_of(stages, 1, 5));
    Writer out;
    window.save(out);
    EXPECT_TRUE(Window::is_of_this_version(out.bytes()));
    constexpr std::size_t kBegan = 8;  // the time of day, behind the version
    Reader in(as_bytes(out.bytes()));
    auto version = std::string(in.text("version").value_or(""));
    auto states = std::string_view(out.bytes()).substr(in.offset() + kBegan);
    EXPECT_EQ(version + to_hex(sha256(states)),
              "states 2\n2b7d8058059f0c5191202d99863fda256649e3303f749382adf113bd38be48ea")
        << "detectors save their states otherwise: raise kVersion in window.cpp and put what is saved now here";
}

TEST(Window, StatesOfAnotherVersionAreNotTakenUp) {
    Stages stages{parsers(), alarms(), test::intel()};
    Window before(stages), after(stages);
    before.add("ex01", states_of(stages, 1, 5));
    Writer out;
    before.save(out);
    auto bytes = std::string(out.bytes());
    auto& version = bytes[bytes.find('\n') - 1];
    version = static_cast<char>(version - 1);
    EXPECT_FALSE(Window::is_of_this_version(bytes));
    Reader in(as_bytes(bytes));
    EXPECT_FALSE(after.load(in));
    EXPECT_TRUE(after.conclude().empty());
    EXPECT_FALSE(Window::is_of_this_version(std::string(32, '\0')));  // the first version had no number
}

}  // namespace
}  // namespace ascribe

// A decoder in the intruder's hands says what it likes. Whatever cannot be so ends its container with the reason, no
// quota is passed, and no window is looked at while somebody reads it.
#include <gtest/gtest.h>
#include <sys/mman.h>

#include "base/reader.hpp"
#include "base/writer.hpp"
#include "engine/listener.hpp"
#include "engine/memory_file.hpp"
#include "engine/worker.hpp"
#include "parse/all.hpp"
#include "support.hpp"

namespace ascribe {
namespace {

struct Said {
    std::uint64_t base = 0, size = 0;
    std::uint32_t window = kNoWindow;
    std::string digest = std::string(sizeof(Digest), '\0');
    bool last = false;

    std::string bytes() const {
        Writer out;
        out.little(static_cast<std::uint8_t>(MemberMessage::segment));
        out.little(base);
        out.little(size);
        out.little(window);
        out.little(static_cast<std::uint8_t>(last));
        out.text(digest);
        out.text("");
        return out.take();
    }
};

class LyingDecoder : public testing::Test {
protected:
    static constexpr std::size_t kWindows = 2;

    LyingDecoder() {
        auto [mine, theirs] = Channel::pair();
        parent_ = std::make_shared<Channel>(std::move(mine));
        decoder_ = std::make_unique<Channel>(std::move(theirs));
        listener_ = std::make_unique<Listener>(parent_, kWindows, quota_, events_);
    }

    /// What the parent makes of a frame: "" or what is wrong with it.
    std::string say(std::string_view frame, int passed = -1) {
        EXPECT_TRUE(decoder_->send(frame, passed));
        while (!parent_->has_next())
            if (!parent_->pump()) return "gone";
        auto taken = listener_->take(*parent_->next());
        return taken ? "" : std::string(taken.error().what);
    }
    std::string say(const Said& said, int passed = -1) { return say(said.bytes(), passed); }

    std::string begin(EntryKind kind = EntryKind::file) {
        Writer out;
        out.little(static_cast<std::uint8_t>(MemberMessage::begin));
        out.text("u_ex210302.log");
        out.little(static_cast<std::uint8_t>(kind));
        out.little(std::uint64_t{0});
        for (int time = 0; time < 2; ++time) out.little(std::int64_t{0});
        out.text("");
        out.little(std::uint8_t{0});
        return say(out.bytes());
    }

    /// The kind of what the parent answered, and the number beside it.
    std::optional<std::pair<Receipt, std::uint32_t>> answer() {
        if (!decoder_->pump()) return {};
        auto frame = decoder_->next();
        if (!frame) return {};
        Reader in(as_bytes(*frame));
        auto kind = in.little<std::uint8_t>("kind");
        auto number = in.little<std::uint32_t>("number");
        if (!kind || !number) return {};
        return std::pair(static_cast<Receipt>(*kind), *number);
    }

    static Descriptor unsealed(std::string_view bytes) {
        Descriptor file(memfd_create("unsealed", MFD_CLOEXEC | MFD_ALLOW_SEALING));
        EXPECT_EQ(write(file.number(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
        return file;
    }
    static Descriptor sealed(std::string_view bytes) {
        MemoryFile file;
        file.begin_again(false);
        EXPECT_TRUE(file.write(bytes));
        return file.seal();
    }

    Quota quota_{.output_left = 100, .entries_left = 2};
    std::vector<Segment> segments_;
    int begun_ = 0, damaged_ = 0;
    const MemberEvents events_{.begin = [this](const Entry&) { ++begun_; },
                               .segment =
                                   [this](Segment segment) {
                                       segments_.push_back(std::move(segment));
                                       return Continuation{7, "#Fields: date"};
                                   },
                               .damage = [this](const Damage&, const std::string&) { ++damaged_; }};
    std::shared_ptr<Channel> parent_;
    std::unique_ptr<Channel> decoder_;
    std::unique_ptr<Listener> listener_;
};

TEST_F(LyingDecoder, AnHonestOneIsHeard) {
    EXPECT_EQ(begin(), "");
    EXPECT_EQ(say(Said{.size = 999}, sealed("first").number()), "");
    EXPECT_EQ(answer(), std::pair(Receipt::taken, 7u));
    auto window = unsealed("second");
    EXPECT_EQ(say(Said{.base = 5, .size = 6, .window = 1}, window.number()), "");
    ASSERT_EQ(segments_.size(), 2u);
    EXPECT_EQ(segments_[0].size, 5u);  // the kernel's word
    EXPECT_TRUE(listener_->owes());
    segments_.clear();
    EXPECT_FALSE(listener_->owes());
    EXPECT_EQ(answer(), std::pair(Receipt::window_free, 1u));
    EXPECT_EQ(quota_.output_left, 89u);
    EXPECT_EQ(quota_.entries_left, 1u);
}

TEST_F(LyingDecoder, BytesThatMayStillChangeAreRefused) {
    auto file = unsealed("bytes");
    EXPECT_EQ(say(Said{.size = 5}, file.number()), "decoder.segment.memory");
    EXPECT_EQ(say(Said{.size = 5}, STDERR_FILENO), "decoder.segment.memory");
    EXPECT_EQ(say(Said{.size = 5}), "decoder.segment.memory");
    EXPECT_TRUE(segments_.empty());
}

TEST_F(LyingDecoder, AWindowIsOneThatNobodyReads) {
    auto file = unsealed("bytes");
    auto window = [&](std::uint32_t number, std::uint64_t base, std::uint64_t size) {
        return say(Said{.base = base, .size = size, .window = number}, file.number());
    };
    EXPECT_EQ(window(kWindows, 5, 5), "decoder.segment.window");
    EXPECT_EQ(window(0, 0, 5), "decoder.segment.window");  // a member's beginning is sealed
    EXPECT_EQ(window(0, 5, kTextSegmentSize + 1), "decoder.segment.window");
    EXPECT_EQ(say(Said{.base = 5, .size = 5, .window = 0}), "decoder.segment.window");
    EXPECT_EQ(window(0, 5, 5), "");
    EXPECT_EQ(window(0, 10, 5), "decoder.segment.window");
    EXPECT_EQ(window(1, 10, 5), "");
    segments_.clear();
    EXPECT_EQ(window(0, 15, 5), "");
}

// Where a segment begins and how long it is are added up by whoever takes it.
TEST_F(LyingDecoder, ASegmentEndsWithinWhatCanBeCounted) {
    begin();
    auto file = unsealed("bytes");
    EXPECT_EQ(say(Said{.base = UINT64_MAX - 4, .size = 5, .window = 0}, file.number()), "decoder.segment.member");
    EXPECT_EQ(say(Said{.base = UINT64_MAX - 4}, sealed("bytes").number()), "decoder.segment.member");
    EXPECT_TRUE(segments_.empty());
    EXPECT_EQ(quota_.output_left, 100u);
}

TEST_F(LyingDecoder, QuotasAreTheParents) {
    EXPECT_EQ(say(Said{.size = 1}, sealed(std::string(101, 'x')).number()), "archive.output");
    auto file = unsealed("bytes");
    EXPECT_EQ(say(Said{.base = 5, .size = 101, .window = 0}, file.number()), "archive.output");
    EXPECT_EQ(quota_.output_left, 100u);
    EXPECT_EQ(begin(), "");
    EXPECT_EQ(begin(), "");
    EXPECT_EQ(begin(), "archive.entries");
    EXPECT_EQ(begun_, 2);
}

// What costs the parent memory or nothing at all could be told for ever.
TEST_F(LyingDecoder, NamesDamageAndMembersComeToAnEnd) {
    quota_.names_left = 20;
    EXPECT_EQ(begin(), "");  // 14 bytes
    EXPECT_EQ(begin(), "archive.names");
    auto file = sealed("x");
    EXPECT_EQ(say(Said{.last = true}, file.number()), "");
    EXPECT_EQ(say(Said{.last = true}, file.number()), "decoder.segment.member");
    EXPECT_EQ(say(Said{.base = 1, .last = true}, file.number()), "decoder.segment.member");
    quota_.names_left = 20;
    EXPECT_EQ(begin(), "");
    EXPECT_EQ(say(Said{}, file.number()), "");
    EXPECT_EQ(say(Said{}, file.number()), "decoder.segment.member");  // a second beginning
    auto window = unsealed("");
    EXPECT_EQ(say(Said{.base = 1, .size = 0, .window = 0}, window.number()), "decoder.segment.member");
}

TEST_F(LyingDecoder, WhatIsNoMessageIsRefused) {
    EXPECT_NE(say(""), "");
    EXPECT_EQ(say("\x63"), "decoder.message");
    EXPECT_EQ(begin(static_cast<EntryKind>(99)), "decoder.entry.kind");
    EXPECT_EQ(say(Said{.digest = "short"}, sealed("bytes").number()), "decoder.segment.digest");
    auto whole = Said{}.bytes();
    for (std::size_t size = 1; size < whole.size(); ++size) EXPECT_NE(say(std::string_view(whole).substr(0, size)), "");
    Writer damage;
    damage.little(static_cast<std::uint8_t>(MemberMessage::damage));
    damage.little(std::uint8_t{0xFF});
    EXPECT_EQ(say(damage.bytes()), "decoder.damage.fault");
    EXPECT_EQ(begun_ + damaged_, 0);
    EXPECT_TRUE(segments_.empty());
}

TEST_F(LyingDecoder, OneThatDoesNotListenHoldsNobodyUp) {
    quota_.output_left = UINT64_MAX;
    auto file = sealed("x");
    for (int i = 0; i < 10'000; ++i) ASSERT_EQ(say(Said{.base = 1, .size = 1}, file.number()), "");
    EXPECT_EQ(segments_.size(), 10'000u);
}

TEST(Window, ThatShrinksIsAShortRead) {
    Descriptor file(memfd_create("window", MFD_CLOEXEC));
    ASSERT_EQ(write(file.number(), "short", 5), 5);
    Job job;
    job.task = Task::parse;
    job.parser = 0;
    job.size = job.end = 6;
    job.window = true;
    auto reply = run_job(job, file.number(), {.parsers = parsers(), .detectors = {}, .intel = test::intel()});
    ASSERT_EQ(reply.damage.size(), 1u);
    EXPECT_EQ(reply.damage[0].what, "evidence_changed_while_read");
    EXPECT_EQ(reply.records, 0u);
}

}  // namespace
}  // namespace ascribe

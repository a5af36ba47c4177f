// gzip by ISA-L: what zlib gives of the same bytes is the judge, whole, cut and broken.
#include <gtest/gtest.h>
#include <zlib.h>

#include "support.hpp"

namespace ascribe {
namespace {

using namespace test;
using namespace std::string_view_literals;

std::string packed(std::string_view bytes, int level = 6, int strategy = Z_DEFAULT_STRATEGY) {
    constexpr int kGzip = 31;  // the largest window, with gzip's header
    z_stream stream{};
    deflateInit2(&stream, level, Z_DEFLATED, kGzip, 8, strategy);
    std::string out(deflateBound(&stream, bytes.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

/// What zlib makes of the first member, and whether it is content with it.
std::pair<std::string, bool> by_zlib(std::string_view gz, std::size_t room) {
    z_stream stream{};
    inflateInit2(&stream, 31);
    std::string out(room, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(gz.data()));
    stream.avail_in = static_cast<uInt>(gz.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    int status = inflate(&stream, Z_NO_FLUSH);
    out.resize(stream.total_out);
    inflateEnd(&stream);
    return {out, status == Z_STREAM_END};
}

std::string text_of(const Keeper& kept) { return kept.members.empty() ? std::string() : kept.members[0].bytes; }

TEST(Gzip, MembersInARowAreOneStream) {
    std::string bytes, gz;
    for (unsigned i = 0; i < 60; ++i) {
        auto text = log_text(i * 3'001 % 20'000, i);
        bytes += text;
        gz += packed(text, static_cast<int>(i % 10));
    }
    auto kept = open(gz, "x.log.gz");
    EXPECT_TRUE(kept.faults.empty());
    EXPECT_TRUE(text_of(kept) == bytes);
    for (auto behind : {std::string(512, '\0'), std::string("\x1F\x8Bnot a member"), std::string("x")}) {
        auto padded = open(gz + behind, "x.log.gz");  // as tapes and rotation leave it
        EXPECT_TRUE(padded.faults.empty());
        EXPECT_TRUE(text_of(padded) == bytes);
    }
}

TEST(Gzip, EachTrailerThatDoesNotFitIsSaid) {
    auto text = log_text(40'000);
    auto good = packed(text), bad_crc = good, bad_size = good;
    bad_crc[bad_crc.size() - 8] ^= 1;
    bad_size[bad_size.size() - 1] ^= 1;
    auto kept = open(bad_crc + good + bad_size + good, "x.log.gz");
    EXPECT_TRUE(text_of(kept) == text + text + text + text);
    ASSERT_EQ(kept.faults.size(), 2u);
    EXPECT_EQ(kept.faults[0].what, "gzip.crc");
    EXPECT_EQ(kept.faults[0].offset, good.size() - 8);
    EXPECT_EQ(kept.faults[1].what, "gzip.size");
    EXPECT_EQ(kept.faults[1].offset, 3 * good.size() - 4);
    EXPECT_EQ(kept.faults[1].have, text.size());
    EXPECT_EQ(kept.damaged[1], "x.log");
}

TEST(Gzip, AnEndlessRowOfMembersWithoutBytesEnds) {
    std::string gz;
    for (int i = 0; i < 50'000; ++i) gz += "\x1F\x8B\x08\0\0\0\0\0\0\3\3\0\0\0\0\0\0\0\0\0"sv;
    auto kept = open(gz, "x.log.gz");
    EXPECT_TRUE(kept.faults.empty());
    EXPECT_EQ(text_of(kept), "");
}

/// ISA-L takes bytes ahead and gives back what it did not use, which may lie in the buffer before.
TEST(Gzip, MembersMayEndWhereABufferDoes) {
    constexpr std::size_t kBuffer = 128 << 10;
    auto text = log_text(2'000);
    for (int level : {0, 1, 6}) {
        auto second = packed(text, level), third = packed(log_text(5'000, 2));
        for (std::size_t beyond = 0; beyond < 64; ++beyond) {
            auto first = kBuffer - 32 + beyond - second.size();  // bytes that the first member is to take
            auto filler = log_text(first - 18 - 5 * (first / 65'535 + 1));
            auto gz = packed(filler, 0);
            filler.resize(filler.size() + first - gz.size(), 'x');
            gz = packed(filler, 0);
            ASSERT_EQ(gz.size(), first);
            auto kept = open(gz + second + third, "x.log.gz");
            EXPECT_TRUE(kept.faults.empty()) << level << ' ' << beyond;
            EXPECT_TRUE(text_of(kept) == filler + text + log_text(5'000, 2)) << level << ' ' << beyond;
        }
    }
}

/// ISA-L says of this one that it used a byte more than there was (found by fuzzing).
TEST(Gzip, DamageLiesWithinTheFile) {
    auto gz = packed(log_text(1'212)) + packed(log_text(60));
    gz.resize(gz.size() - 4);
    for (unsigned seed = 1; seed < 20'000; seed += 2) {
        auto broken = gz;
        auto at = gz.size() - 1 - seed % 90;
        broken[at] = static_cast<char>(seed >> 4);
        broken.resize(gz.size() - seed % 7);
        for (const Error& fault : open(broken, "x.log.gz").faults) ASSERT_LE(fault.offset, broken.size()) << seed;
    }
}

/// A cut or broken stream gives the beginning of what zlib gives, but for a few bytes, and is told of; nothing hangs.
TEST(Gzip, BrokenStreamsGiveWhatZlibGives) {
    unsigned seed = 7;
    auto random = [&](std::size_t below) {
        seed = seed * 1'103'515'245u + 12'345u;
        return static_cast<std::size_t>(seed >> 8) % below;
    };
    for (int round = 0; round < 3'000; ++round) {
        auto text = log_text(1 + random(round % 20 == 0 ? 300'000 : 3'000), static_cast<unsigned>(round));
        if (round % 3 == 0)
            for (char& c : text) c = static_cast<char>(random(256));
        auto gz = packed(text, static_cast<int>(random(10)), static_cast<int>(random(5)));
        if (round % 2 == 0)
            gz.resize(3 + random(gz.size() - 3));
        else
            for (auto left = 1 + random(3); left > 0; --left)
                gz[10 + random(gz.size() - 10)] ^= static_cast<char>(1 + random(255));
        auto kept = open(gz, "x.log.gz");
        auto [expected, whole] = by_zlib(gz, 4 << 20);
        auto got = text_of(kept);
        EXPECT_EQ(whole, kept.faults.empty()) << round;
        auto same = std::min(got.size(), expected.size());
        ASSERT_TRUE(got.compare(0, same, expected, 0, same) == 0) << round;
        EXPECT_LE(expected.size() - same, 4u) << round;
    }
}

}  // namespace
}  // namespace ascribe

// The books: what they say is the same in any order, stays within bounds, and rests on rows that were read.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "detect/all.hpp"
#include "engine/ledger.hpp"
#include "engine/observed.hpp"
#include "engine/support.hpp"
#include "parse/all.hpp"

namespace ascribe {
namespace {

/// A part's reply as a worker sends it: requests to pages that no server has, said to lie in `artefact`.
Reply reply_of(const Stages& stages, ArtefactId artefact) {
    RecordBatch batch(RecordKind::http_request, artefact, Bytes::copy(std::string(64, 'x')));
    for (std::uint64_t offset = 0; offset < 3; ++offset) test::add_post(batch, offset, "/aspnet_client/kx7demo.aspx");
    Reply reply;
    reply.states[""] = test::observed(stages, batch);
    reply.citations = batch.citations();
    return reply;
}

TEST(Ledger, FindingsRestOnRowsOfThePartThatWasRead) {
    Stages stages{parsers(), detectors(), test::intel()};
    for (std::uint32_t said : {0u, 1u, 99u, UINT32_MAX}) {
        Ledger ledger(stages);
        auto read = ledger.add({.path = "read.log"}), other = ledger.add({.path = "other.log"});
        ASSERT_EQ(other.value, 1u);
        ledger.book(read, 0, reply_of(stages, ArtefactId{said}));
        auto servers = ledger.conclude();
        ASSERT_EQ(servers.size(), 1u);
        EXPECT_EQ(servers[0].conclusion.findings.empty(), said != read.value) << said;
        EXPECT_EQ(servers[0].conclusion.facts.sources.empty(), said != read.value) << said;
    }
}

TEST(Ledger, RowsThatNoStateHoldsAreForgottenAndNoOthers) {
    constexpr std::size_t kLimit = 64 << 10;
    constexpr std::uint64_t kFlood = 1'000;
    Stages stages{parsers(), detectors(), test::intel()};
    auto tell = [&](std::size_t limit) {
        Ledger ledger(stages, limit);
        for (std::uint64_t part = 0; part < 20; ++part) {
            auto read = ledger.add({.path = fmt::format("{}.log", part)});
            auto reply = reply_of(stages, read);
            for (std::uint64_t i = 0; i < kFlood; ++i)  // cited, and let go of since
                reply.citations[{read, 1, 1'000 + i}] = {1, std::string(100, 'x'), kNoTime};
            ledger.book(read, 0, std::move(reply));
            if (limit == kLimit) {
                EXPECT_LT(ledger.cited_bytes(), 2 * kLimit + kFlood * 300);
            }
        }
        std::vector<std::vector<Ref>> evidence;
        for (const auto& server : ledger.conclude())
            for (const Finding& finding : server.conclusion.findings) evidence.push_back(finding.evidence);
        return evidence;
    };
    auto all = tell(SIZE_MAX);
    ASSERT_FALSE(all.empty());
    EXPECT_EQ(tell(kLimit), all);
    EXPECT_EQ(tell(0), all);
}

TEST(Ledger, ServersAreToldApartUpToALimitInAnyOrder) {
    Stages stages{parsers(), detectors().first(1), test::intel()};
    std::vector<std::string> hosts;
    for (std::size_t i = 0; i < Ledger::kServers + 500; ++i) hosts.push_back("host" + std::to_string(i));
    auto names = [&] {
        Ledger ledger(stages);
        auto id = ledger.add({.path = "forwarded.log"});
        for (const auto& host : hosts) {
            Writer out;
            stages.detectors[0].save(stages.detectors[0].begin(), out);
            Reply reply;
            reply.states[host][0] = out.take();
            ledger.book(id, 0, std::move(reply));
        }
        std::vector<std::string> all;
        for (const auto& server : ledger.conclude()) all.push_back(server.server);
        return all;
    };
    auto first = names();
    EXPECT_EQ(first.size(), Ledger::kServers + 1);
    EXPECT_EQ(std::ranges::count(first, "(others)"), 1);
    std::ranges::reverse(hosts);
    EXPECT_EQ(names(), first);
    std::ranges::shuffle(hosts, std::mt19937(7));
    EXPECT_EQ(names(), first);
}

std::string told(DamageList& list) {
    std::string all;
    for (const Damage& damage : list.take())
        all += fmt::format("{} {} {} {}\n", damage.artefact.value, damage.offset, damage.what, damage.need);
    return all;
}

TEST(DamageList, KeepsTheSameInAnyOrder) {
    std::vector<Damage> all;
    for (std::uint32_t artefact = 0; artefact < 40; ++artefact)
        for (std::uint32_t i = 0; i < 30 * artefact; ++i)
            all.push_back({ArtefactId{artefact}, Fault::bad_value, "w3c.columns", i, 0, 0});
    all.push_back({ArtefactId{39}, Fault::crashed, "worker.crashed", 1 << 20, 0, 0});
    auto list = [&] {
        DamageList kept(5'000);
        for (const Damage& damage : all) kept.add(damage);
        return told(kept);
    };
    auto first = list();
    EXPECT_LE(std::ranges::count(first, '\n'), 5'000 + 40);
    EXPECT_NE(first.find("39 1048576 worker.crashed"), std::string::npos);  // no bad line takes its place
    EXPECT_NE(first.find("39 0 damage.not_listed 1171"), std::string::npos);
    for (unsigned seed = 1; seed < 4; ++seed) {
        std::ranges::shuffle(all, std::mt19937(seed));
        EXPECT_EQ(list(), first);
    }
}

TEST(DamageList, OfOneArtefactTheFirstAreListed) {
    DamageList list;
    for (std::uint32_t i = kDamageListed + 5; i-- > 0;)
        list.add({ArtefactId{0}, Fault::bad_value, "w3c.columns", i, 0, 0});
    auto all = list.take();
    ASSERT_EQ(all.size(), kDamageListed + 1);
    EXPECT_EQ(all[kDamageListed - 1].offset, kDamageListed - 1);
    EXPECT_EQ(all[kDamageListed].need, kDamageListed + 5);
}

}  // namespace
}  // namespace ascribe

// A parser that crashes, hangs or eats memory costs its part only: listed with the reason, and the run goes on.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>

#include "support.hpp"

namespace ascribe {
namespace {

int claim_test(std::string_view, std::span<const std::byte> head) {
    return as_text(head).starts_with("test:") ? 100 : 0;
}

/// Where a worker speaks to its parent, which announces a frame here and sends of it as long as anybody listens.
void send_without_end(std::uint64_t announced, std::size_t at_once, unsigned microseconds) {
    constexpr int kParent = 3;
    std::string bytes(at_once, 'x');
    for (send(kParent, &announced, sizeof announced, MSG_NOSIGNAL);;) {
        if (send(kParent, bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0) _exit(0);
        if (microseconds > 0) usleep(microseconds);
    }
}

/// Does what the file's text says. Only this test knows it.
void parse_test(const Part& part, Sink& sink) {
    auto text = part.whole.text();
    if (text.starts_with("test:crash")) abort();
    if (text.starts_with("test:hang"))
        while (true) usleep(1000);
    if (text.starts_with("test:spin"))
        for (std::atomic<int> i = 0;; ++i) {
        }
    if (text.starts_with("test:flood")) send_without_end(Channel::kFrameLimit + 1, 64 << 10, 0);
    if (text.starts_with("test:drip")) send_without_end(1 << 20, 1, 1000);
    if (text.starts_with("test:memory"))
        for (std::vector<std::vector<char>> eaten;;) eaten.emplace_back(64 << 20, 'x');
    RecordBatch batch(RecordKind::exchange_trace, part.artefact, part.whole);
    batch.append(kNoTime, 0, static_cast<std::uint32_t>(text.size()), 1)[ExchangeTrace::message] = text;
    sink.batch(std::move(batch));
}

constexpr Parser kTestParsers[] = {{"test", "does what the file says", "", claim_test, parse_test}};

Case run_hooked(const std::string& folder, Limits limits) {
    InvestigateOptions options;
    options.evidence = {folder};
    options.workers = 2;
    options.parsers = kTestParsers;
    options.intake.limits = limits;
    return test::run(std::move(options));
}

const Damage* damage_of(const Case& investigated, std::string_view name) {
    for (const Damage& damage : investigated.damage)
        if (investigated.artefact(damage.artefact)->path.ends_with(name)) return &damage;
    return nullptr;
}

TEST(Pool, BadPartsCostOnlyThemselves) {
    test::Folder folder;
    for (const char* what : {"crash", "hang", "spin", "fine1", "fine2", "fine3"})
        folder.file(what, std::string("test:") + what);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    folder.file("memory", "test:memory");
#endif
    auto investigated = run_hooked(folder.path(), {.data_bytes = 512 << 20, .cpu_seconds = 1, .wall_seconds = 4});
    EXPECT_EQ(investigated.accounting.size(), 3u);
    ASSERT_NE(damage_of(investigated, "crash"), nullptr);
    EXPECT_EQ(damage_of(investigated, "crash")->fault, Fault::crashed);
    ASSERT_NE(damage_of(investigated, "hang"), nullptr);
    EXPECT_EQ(damage_of(investigated, "hang")->fault, Fault::timed_out);
    ASSERT_NE(damage_of(investigated, "spin"), nullptr);
    EXPECT_EQ(damage_of(investigated, "spin")->fault, Fault::timed_out);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    ASSERT_NE(damage_of(investigated, "memory"), nullptr);
    EXPECT_EQ(damage_of(investigated, "memory")->fault, Fault::too_large);
#endif
    for (const char* fine : {"fine1", "fine2", "fine3"}) EXPECT_EQ(damage_of(investigated, fine), nullptr) << fine;
}

TEST(Pool, OneBadAmongManySmallCostsOnlyItself) {
    test::Folder folder;
    constexpr std::size_t kFine = 200;
    for (std::size_t i = 0; i < kFine; ++i) folder.file("fine" + std::to_string(i), "test:fine");
    folder.file("fine100-crash", "test:crash");
    auto investigated = run_hooked(folder.path(), {});
    EXPECT_EQ(investigated.accounting.size(), kFine);
    ASSERT_NE(damage_of(investigated, "crash"), nullptr);
    EXPECT_EQ(investigated.damage.size(), 1u);
}

// Half of an answer after the other came for ever, and no clock was looked at; and a frame too large to be taken was
// kept all the same.
TEST(Pool, AnAnswerWithoutAnEndIsNone) {
    test::Folder folder;
    for (const char* what : {"drip", "flood", "fine"}) folder.file(what, std::string("test:") + what);
    auto investigated = run_hooked(folder.path(), {.cpu_seconds = 60, .wall_seconds = 3});
    EXPECT_EQ(investigated.accounting.size(), 1u);
    ASSERT_NE(damage_of(investigated, "drip"), nullptr);
    EXPECT_EQ(damage_of(investigated, "drip")->fault, Fault::timed_out);
    ASSERT_NE(damage_of(investigated, "flood"), nullptr);
    EXPECT_EQ(damage_of(investigated, "fine"), nullptr);
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    EXPECT_LT(used.ru_maxrss, 1 << 20);  // KiB
}

TEST(Channel, AFrameTooLargeIsRefusedWhenItIsAnnounced) {
    auto [one, other] = Channel::pair();
    Channel parent(std::move(one));
    auto size = Channel::kFrameLimit + 1;
    ASSERT_EQ(send(other.number(), &size, sizeof size, 0), static_cast<ssize_t>(sizeof size));
    EXPECT_FALSE(parent.pump());
}

TEST(Channel, AnEndThatDoesNotListenIsGivenUp) {
    auto [one, other] = Channel::pair();
    Channel parent(std::move(one));
    parent.send_within(std::chrono::seconds(1));
    EXPECT_TRUE(parent.send("short"));
    EXPECT_FALSE(parent.send(std::string(16 << 20, 'x')));
}

TEST(Pool, ReportsTheLevelReached) {
    test::Folder folder;
    folder.file("fine", "test:fine");
    EXPECT_NE(run_hooked(folder.path(), {}).run.isolation.find("seccomp"), std::string::npos);
}

}  // namespace
}  // namespace ascribe

// A parser that crashes, hangs or eats memory costs its part only: listed with the reason, and the run goes on.
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>

#include "support.hpp"

namespace ascribe {
namespace {

int claim_test(std::string_view, std::span<const std::byte> head) {
    return as_text(head).starts_with("test:") ? 100 : 0;
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

TEST(Pool, ReportsTheLevelReached) {
    test::Folder folder;
    folder.file("fine", "test:fine");
    EXPECT_NE(run_hooked(folder.path(), {}).run.isolation.find("seccomp"), std::string::npos);
}

}  // namespace
}  // namespace ascribe

// How long one question "who was it" takes: all groups of the built-in knowledge against 5, 40 and 150 items, without
// and with the ledger and the leave-one-out that an answer carries; and 30,000 of them on one core and on two.
#include <benchmark/benchmark.h>

#include <thread>

#include "attribute/attribute.hpp"
#include "attribute/terms.hpp"

namespace ascribe {
namespace {

const AttributionModel& model() {
    static const AttributionModel loaded = load_attribution("").value();
    return loaded;
}

Observation observed(std::size_t count) {
    std::vector<std::string> ids;
    const auto& items = model().knowledge.items;
    for (std::size_t i = 0; i < count; ++i) ids.push_back(items[i * items.size() / count].id);
    auto out = observe(model().knowledge, "bench", ids, 18'690);
    out.items.resize(std::min(out.items.size(), count));  // parents came on top
    return out;
}

void compare(benchmark::State& state) {
    View view(model().knowledge);
    auto observation = observed(static_cast<std::size_t>(state.range(0)));
    for (auto _ : state) benchmark::DoNotOptimize(Comparison(view, observation).terms().data());
}
BENCHMARK(compare)->Arg(5)->Arg(40)->Arg(150)->Unit(benchmark::kMicrosecond);

void answer(benchmark::State& state) {
    View view(model().knowledge);
    auto observation = observed(static_cast<std::size_t>(state.range(0)));
    for (auto _ : state) benchmark::DoNotOptimize(attribute(view, observation, model().weights));
}
BENCHMARK(answer)->Arg(5)->Arg(40)->Arg(150)->Unit(benchmark::kMicrosecond);

/// 30,000 incidents with the items of reports, as `ascribe attribute INCIDENTS.json` answers them, but for the text.
void incidents(benchmark::State& state) {
    constexpr std::size_t kIncidents = 30'000;
    View view(model().knowledge);
    const auto& accounts = model().knowledge.accounts;
    auto threads = static_cast<std::size_t>(state.range(0));
    for (auto _ : state) {
        auto work = [&](std::size_t thread) {
            for (std::size_t i = thread; i < kIncidents; i += threads) {
                const AttackAccount& account = accounts[i % accounts.size()];
                Observation observation{.id = "bench", .items = account.items, .day = 18'690, .unknown = {}};
                benchmark::DoNotOptimize(attribute(view, observation, model().weights));
            }
        };
        std::vector<std::jthread> pool;
        for (std::size_t thread = 0; thread < threads; ++thread) pool.emplace_back(work, thread);
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kIncidents));
}
BENCHMARK(incidents)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(1);

void view(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(View(model().knowledge).total_weight());
}
BENCHMARK(view)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace ascribe

BENCHMARK_MAIN();

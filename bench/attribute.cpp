// How long one question "who was it" takes: all groups of the built-in knowledge against 5, 40 and 150 items, without
// and with the ledger and the leave-one-out that an answer carries.
#include <benchmark/benchmark.h>

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

}  // namespace
}  // namespace ascribe

BENCHMARK_MAIN();

// How fast events are decoded and judged, beside what the machine could do at best: read the same bytes once.
//   ASCRIBE_BENCH_EVTX   an event log, well filled and larger than the caches
//   ASCRIBE_BENCH_RULES  a folder of Sigma rules
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <malloc.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "base/text.hpp"
#include "detect/sigma/matcher.hpp"
#include "detect/sigma/sources.hpp"
#include "parse/all.hpp"
#include "parse/evtx/crc32.hpp"

namespace ascribe {
namespace {

struct Discard : Sink {
    std::uint64_t rows = 0;
    void batch(RecordBatch batch) override { rows += batch.size(); }
    void bad(const Error&) override {}
    void damage(const Error&) override {}
    void directives(std::uint64_t) override {}
    void lines(std::uint64_t) override {}
};

struct Judge : Discard {
    explicit Judge(sigma::Matcher& judging) : matcher(judging) {}
    void batch(RecordBatch batch) override {
        rows += batch.size();
        matcher.enter(batch);
        for (std::size_t i = 0; i < batch.size(); ++i) hits += matcher.match(batch[i]).size();
    }
    sigma::Matcher& matcher;
    std::uint64_t hits = 0;
};

const Bytes& log_bytes() {
    static const Bytes bytes = [] {
        const char* path = std::getenv("ASCRIBE_BENCH_EVTX");
        int file = path != nullptr ? open(path, O_RDONLY | O_CLOEXEC) : -1;
        struct stat status {};
        if (file < 0 || fstat(file, &status) != 0) return Bytes();
        auto mapped = Bytes::map(file, static_cast<std::uint64_t>(status.st_size));
        close(file);
        return mapped ? std::move(*mapped) : Bytes();
    }();
    return bytes;
}

/// Every part of the log through the EVTX parser.
void read_all(Sink& sink) {
    for (const Parser& parser : parsers()) {
        if (parser.name != "evtx") continue;
        const Bytes& bytes = log_bytes();
        for (std::uint64_t begin = 0; begin < bytes.size();) {
            Part part;
            part.whole = bytes;
            part.begin = begin;
            begin += begin < parser.origin ? parser.origin + parser.unit : parser.unit;
            begin = part.end = std::min<std::uint64_t>(begin, bytes.size());
            parser.parse(part, sink);
        }
    }
}

void count(benchmark::State& state, std::uint64_t rows) {
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * log_bytes().size()));
    if (rows > 0) state.SetItemsProcessed(static_cast<std::int64_t>(rows));
}

bool skip(benchmark::State& state) {
    if (log_bytes().size() == 0) state.SkipWithError("set ASCRIBE_BENCH_EVTX to an event log");
    return log_bytes().size() == 0;
}

void limit_read(benchmark::State& state) {
    if (skip(state)) return;
    for (auto _ : state) {
        auto text = log_bytes().text();
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i + 8 <= text.size(); i += 8) {
            std::uint64_t word = 0;
            std::memcpy(&word, text.data() + i, 8);
            sum += word;
        }
        benchmark::DoNotOptimize(sum);
    }
    count(state, 0);
}

void checksums(benchmark::State& state) {
    if (skip(state)) return;
    for (auto _ : state) benchmark::DoNotOptimize(crc32(log_bytes().view()));
    count(state, 0);
}

/// The ways of computing it, fastest first.
void checksums_by(benchmark::State& state) {
    auto ways = checksum_ways();
    if (skip(state) || static_cast<std::size_t>(state.range(0)) >= ways.size()) return;
    const ChecksumWay& way = ways[static_cast<std::size_t>(state.range(0))];
    for (auto _ : state) benchmark::DoNotOptimize(way.run(log_bytes().view(), 0));
    state.SetLabel(std::string(way.name));
    count(state, 0);
}

void decode(benchmark::State& state) {
    if (skip(state)) return;
    Discard sink;
    for (auto _ : state) read_all(sink);
    count(state, sink.rows);
}

/// Judges with every `state.range(0)`-th rule, so that what a rule more costs can be seen.
void hunt(benchmark::State& state) {
    const char* folder = std::getenv("ASCRIBE_BENCH_RULES");
    if (skip(state)) return;
    if (folder == nullptr) return state.SkipWithError("set ASCRIBE_BENCH_RULES to a folder of Sigma rules");
    auto loaded = sigma::load_rules({folder}, {});
    std::size_t number = 0;
    std::erase_if(loaded.rules, [&](const sigma::Rule& rule) {
        return rule.correlation || number++ % static_cast<std::size_t>(state.range(0)) != 0;
    });
    auto rules = sigma::RuleSet::compile(std::move(loaded), *sigma::builtin_sources());
    sigma::Matcher matcher(*rules);
    Judge sink(matcher);
    for (auto _ : state) read_all(sink);
    count(state, sink.rows);
    state.counters["rules"] = static_cast<double>(rules->rules().size());
    state.counters["hits"] = benchmark::Counter(static_cast<double>(sink.hits), benchmark::Counter::kAvgIterations);
}

BENCHMARK(limit_read)->Unit(benchmark::kMillisecond);
BENCHMARK(checksums)->Unit(benchmark::kMillisecond);
BENCHMARK(checksums_by)->DenseRange(0, 2)->Unit(benchmark::kMillisecond);
BENCHMARK(decode)->Unit(benchmark::kMillisecond);
BENCHMARK(hunt)->Arg(4)->Arg(2)->Arg(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace ascribe

int main(int count, char** words) {
    // As the worker processes do: memory that one batch gives back serves the next.
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 64 << 20);
    benchmark::Initialize(&count, words);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}

// A tally that slides must say of every window what counting the window afresh says, for every type of correlation; and
// a flood of hits in one long span must cost no more than its hits.
#include "detect/sigma/tally.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <random>
#include <set>

namespace ascribe::sigma {
namespace {

using Places = std::map<std::uint32_t, std::vector<std::size_t>>;

double number_of(const Correlation& correlation, std::span<const Counted> window, bool& any) {
    std::set<std::uint32_t> rules;
    std::set<std::string> values;
    std::vector<double> numbers;
    for (const Counted& hit : window) {
        rules.insert(hit.rule);
        if (hit.value) values.insert(*hit.value);
        if (hit.number) numbers.push_back(*hit.number);
    }
    std::ranges::sort(numbers);
    double sum = 0;
    for (double number : numbers) sum += number;
    auto count = static_cast<double>(numbers.size());
    any = !numbers.empty();
    switch (correlation.type) {
        case CorrelationType::event_count: return static_cast<double>(window.size());
        case CorrelationType::temporal: return static_cast<double>(rules.size());
        case CorrelationType::value_count: return static_cast<double>(values.size());
        case CorrelationType::value_sum: return sum;
        case CorrelationType::value_avg: return sum / count;
        default: break;
    }
    if (!any) return 0;
    return numbers[static_cast<std::size_t>(std::max(1.0, std::ceil(count * correlation.percentile / 100))) - 1];
}

bool afresh(const Correlation& correlation, std::span<const Counted> window, const Places& places) {
    if (correlation.type == CorrelationType::temporal_ordered) {
        std::size_t next = 0;
        for (const Counted& hit : window)
            if (next < correlation.rules.size() && std::ranges::count(places.at(hit.rule), next) > 0) ++next;
        return next == correlation.rules.size();
    }
    bool any = false;
    double have = number_of(correlation, window, any);
    bool of_numbers = correlation.type >= CorrelationType::value_sum;
    return (any || !of_numbers) && have >= correlation.bounds.front().number;
}

TEST(Tally, SaysOfEveryWindowWhatCountingAfreshSays) {
    std::mt19937 random(20210302);  // fixed, so that a failure can be repeated
    constexpr CorrelationType kTypes[] = {CorrelationType::event_count,      CorrelationType::value_count,
                                          CorrelationType::temporal,         CorrelationType::temporal_ordered,
                                          CorrelationType::value_sum,        CorrelationType::value_avg,
                                          CorrelationType::value_percentile, CorrelationType::value_median};
    for (int round = 0; round < 2'000; ++round) {
        Correlation correlation;
        correlation.type = kTypes[static_cast<std::size_t>(round) % std::size(kTypes)];
        correlation.rules = {"a", "b", "a"};
        correlation.percentile =
            correlation.type == CorrelationType::value_median ? 50 : static_cast<double>(random() % 101);
        Correlation::Bound bound;
        bound.number = static_cast<double>(random() % 6);
        correlation.bounds = {bound};
        const Places places{{0, {0, 2}}, {1, {1}}, {2, {}}};
        std::vector<Counted> hits(random() % 12 + 1);
        for (Counted& hit : hits) {
            hit.rule = static_cast<std::uint32_t>(random() % 3);
            if (random() % 4 != 0) hit.value = std::string(1, static_cast<char>('a' + random() % 4));
            if (random() % 4 != 0) hit.number = static_cast<double>(random() % 5);
        }
        Tally tally(correlation, hits, places);
        std::size_t end = 0;
        for (std::size_t begin = 0; begin < hits.size(); ++begin) {
            for (auto until = std::min(hits.size(), std::max(end, begin + 1) + random() % 4); end < until; ++end)
                tally.take();
            auto window = std::span(hits).subspan(begin, end - begin);
            ASSERT_EQ(tally.holds(), afresh(correlation, window, places))
                << "round " << round << " window " << begin << ".." << end;
            tally.drop();
        }
    }
}

TEST(Tally, AFloodInOneSpanCostsNoMoreThanItsHits) {
    Correlation correlation;
    correlation.type = CorrelationType::value_percentile;
    correlation.bounds = {{}};
    std::vector<Counted> hits(200'000);
    for (std::size_t i = 0; i < hits.size(); ++i) hits[i].number = static_cast<double>(i * 7919 % hits.size());
    Tally tally(correlation, hits, {});
    auto begun = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < hits.size(); ++i) {
        tally.take();
        if (i >= hits.size() / 2) tally.drop();
        ASSERT_TRUE(tally.holds());
    }
    // A second where counting afresh would take hours; generous, for sanitizers and shared machines.
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(20));
}

}  // namespace
}  // namespace ascribe::sigma

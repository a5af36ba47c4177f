#include "detect/sigma/tally.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace ascribe::sigma {
namespace {

constexpr std::size_t kNone = SIZE_MAX;

}  // namespace

Tally::Tally(const Correlation& correlation, std::span<const Counted> hits,
             const std::map<std::uint32_t, std::vector<std::size_t>>& places)
    : correlation_(correlation), rules_(places.size()), sums_{0}, numbers_{0} {
    std::map<std::string, std::size_t> values;
    std::map<std::uint32_t, std::size_t> rules;
    for (const Counted& hit : hits) {
        if (correlation.type == CorrelationType::temporal)
            kind_.push_back(rules.try_emplace(hit.rule, rules.size()).first->second);
        else
            kind_.push_back(hit.value ? values.try_emplace(*hit.value, values.size()).first->second : kNone);
        sums_.push_back(sums_.back() + hit.number.value_or(0));
        numbers_.push_back(numbers_.back() + (hit.number ? 1 : 0));
        if (hit.number) sorted_.push_back(*hit.number);
    }
    seen_.resize(std::max(values.size(), rules.size()));
    std::ranges::sort(sorted_);
    sorted_.erase(std::ranges::unique(sorted_).begin(), sorted_.end());
    tree_.resize(sorted_.size() + 1);
    for (const Counted& hit : hits)
        rank_.push_back(hit.number
                            ? static_cast<std::size_t>(std::ranges::lower_bound(sorted_, *hit.number) - sorted_.begin())
                            : kNone);
    if (correlation.type == CorrelationType::temporal_ordered) follow(hits, places);
}

/// For each hit, the latest begin of a chain of all rules in their order that has ended by then. A window holds a chain
/// when that begin lies in it.
void Tally::follow(std::span<const Counted> hits, const std::map<std::uint32_t, std::vector<std::size_t>>& places) {
    // By place n: of the chain's first n + 1 rules, plus one; 0: none.
    std::vector<std::size_t> begin_of(correlation_.rules.size());
    for (std::size_t i = 0; i < hits.size(); ++i) {
        if (auto at = places.find(hits[i].rule); at != places.end())
            // Backwards: a hit serves one place.
            for (auto place = at->second.rbegin(); place != at->second.rend(); ++place)
                begin_of[*place] = *place == 0 ? i + 1 : std::max(begin_of[*place], begin_of[*place - 1]);
        chain_begins_.push_back(begin_of.empty() ? 0 : begin_of.back());
    }
}

void Tally::take() { count(end_++, 1); }
void Tally::drop() { count(begin_++, -1); }

void Tally::count(std::size_t hit, int change) {
    auto step = static_cast<std::uint64_t>(std::int64_t{change});  // adding it wraps round where it is -1
    if (auto kind = kind_[hit]; kind != kNone) {
        if (change > 0 && seen_[kind] == 0) ++different_;
        seen_[kind] += step;
        if (change < 0 && seen_[kind] == 0) --different_;
    }
    if (rank_[hit] != kNone)
        for (auto at = rank_[hit] + 1; at < tree_.size(); at += at & (~at + 1)) tree_[at] += step;
}

/// The smallest number that so many percent do not exceed.
double Tally::percentile(double percent, std::uint64_t numbers) const {
    auto rest =
        std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(static_cast<double>(numbers) * percent / 100)));
    std::size_t at = 0;
    for (auto step = std::bit_floor(tree_.size()); step > 0; step /= 2)
        if (at + step < tree_.size() && tree_[at + step] < rest) {
            at += step;
            rest -= tree_[at];
        }
    return sorted_[at];
}

bool Tally::holds() const {
    auto numbers = numbers_[end_] - numbers_[begin_];
    switch (correlation_.type) {
        case CorrelationType::event_count: return correlation_.within_bounds(static_cast<double>(end_ - begin_));
        case CorrelationType::temporal_ordered: return end_ > begin_ && chain_begins_[end_ - 1] > begin_;
        case CorrelationType::temporal:
            return correlation_.bounds.empty() ? different_ >= rules_
                                               : correlation_.within_bounds(static_cast<double>(different_));
        case CorrelationType::value_count: return correlation_.within_bounds(static_cast<double>(different_));
        case CorrelationType::value_sum: return numbers > 0 && correlation_.within_bounds(sums_[end_] - sums_[begin_]);
        case CorrelationType::value_avg:
            return numbers > 0 &&
                   correlation_.within_bounds((sums_[end_] - sums_[begin_]) / static_cast<double>(numbers));
        case CorrelationType::value_percentile:
            return numbers > 0 && correlation_.within_bounds(percentile(correlation_.percentile, numbers));
        case CorrelationType::value_median: return numbers > 0 && correlation_.within_bounds(percentile(50, numbers));
    }
    return false;
}

}  // namespace ascribe::sigma

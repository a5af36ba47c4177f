// What a correlation asks of a window, kept up to date while the window slides over the hits of one group: each hit
// enters once and leaves once, so a hundred thousand failed logons cost a hundred thousand steps, however long the time
// span is.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "detect/sigma/rule.hpp"

namespace ascribe::sigma {

/// A hit as the tally sees it.
struct Counted {
    std::uint32_t rule = 0;
    std::optional<std::string> value;  // of the condition's fields together, without case; empty where one is missing
    std::optional<double> number;      // the first field's
};

class Tally {
public:
    /// `hits` of one group, in order of time; `places`: where in Correlation::rules each rule stands.
    Tally(const Correlation& correlation, std::span<const Counted> hits,
          const std::map<std::uint32_t, std::vector<std::size_t>>& places);

    void take();  // the next hit enters the window
    void drop();  // the first one leaves it
    bool holds() const;

private:
    void follow(std::span<const Counted> hits, const std::map<std::uint32_t, std::vector<std::size_t>>& places);
    void count(std::size_t hit, int change);
    double percentile(double percent, std::uint64_t numbers) const;

    const Correlation& correlation_;
    std::size_t rules_ = 0;  // different rules it names
    std::size_t begin_ = 0, end_ = 0;
    std::vector<std::size_t> kind_;       // by hit: its rule or value as a small number; kNone: neither
    std::vector<std::uint64_t> seen_;     // by kind: hits in the window
    std::uint64_t different_ = 0;         // kinds in the window
    std::vector<double> sums_;            // of the numbers before each hit
    std::vector<std::uint64_t> numbers_;  // how many those are
    std::vector<double> sorted_;          // different numbers of the group
    std::vector<std::uint64_t> tree_;     // Fenwick tree over sorted_: numbers in the window
    std::vector<std::size_t> rank_;       // by hit: in sorted_
    /// By hit: latest begin of a whole chain that has ended by it, plus one; 0: none.
    std::vector<std::size_t> chain_begins_;
};

}  // namespace ascribe::sigma

// Sets of programs, numbered, so that what may hold of a row can be remembered and joined as one number. 0 is the empty
// set. Bounded: with too many different sets, all further ones are the set of all programs, which is slow and right.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <numeric>
#include <span>
#include <vector>

namespace ascribe::sigma {

class Candidates {
public:
    using Set = std::uint32_t;

    explicit Candidates(std::size_t programs) {
        number({});
        std::vector<std::uint32_t> all(programs);
        std::iota(all.begin(), all.end(), 0U);
        all_ = number(std::move(all));
    }
    Set number(std::vector<std::uint32_t> programs) {
        std::ranges::sort(programs);
        programs.erase(std::unique(programs.begin(), programs.end()), programs.end());
        if (auto at = numbers_.find(programs); at != numbers_.end()) return at->second;
        if (sets_.size() >= kSets) return all_;
        sets_.push_back(programs);
        return numbers_[std::move(programs)] = static_cast<Set>(sets_.size() - 1);
    }
    Set join(Set a, Set b) {
        if (a == b || b == 0) return a;
        if (a == 0) return b;
        auto [at, added] = joined_.try_emplace({a, b}, all_);
        if (!added) return at->second;
        auto both = sets_[a];
        both.insert(both.end(), sets_[b].begin(), sets_[b].end());
        return at->second = number(std::move(both));
    }
    /// Ascending.
    std::span<const std::uint32_t> programs(Set set) const { return sets_[set]; }

private:
    static constexpr std::size_t kSets = 1 << 12;

    std::vector<std::vector<std::uint32_t>> sets_;
    std::map<std::vector<std::uint32_t>, Set> numbers_;
    std::map<std::pair<Set, Set>, Set> joined_;
    Set all_ = 0;
};

}  // namespace ascribe::sigma

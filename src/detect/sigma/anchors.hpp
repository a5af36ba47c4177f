// What a record must hold for a rule to hold: literals or expressions without which the condition cannot be true. Rules
// are not judged at all unless some anchor of each of their covers is there.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "detect/sigma/rule_set.hpp"

namespace ascribe::sigma {

struct Anchored {
    std::uint32_t field;  // index in RuleSet::fields; kKeyword: any value
    Scanner::Anchor anchor;
    friend bool operator==(const Anchored&, const Anchored&) = default;
};

/// Anchors of which at least one must occur.
struct Cover {
    std::vector<Anchored> anchors;
    double weight = 0;  // how rare they are, by guess
    friend bool operator==(const Cover& a, const Cover& b) { return a.anchors == b.anchors; }
};

/// Covers kept of a rule: the rarest. A third one rarely keeps out what two let in.
inline constexpr std::size_t kCovers = 3;

/// The covers of `rule`, whose items are these atoms, the rarest first; none: it must always be judged.
std::vector<Cover> covers_of(const Rule& rule, std::span<const Atom> atoms,
                             std::span<const std::uint32_t> atoms_of_items);

}  // namespace ascribe::sigma

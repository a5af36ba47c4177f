// What the documents of a rule set mean for one another: global filters that narrow rules, correlations that count
// them.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "detect/sigma/rule.hpp"

namespace ascribe::sigma {

/// Rules by what correlations may call them; of several with a name, the first.
class RuleNames {
public:
    explicit RuleNames(std::span<const Rule> rules);
    std::optional<std::size_t> find(const std::string& name) const;

private:
    std::unordered_map<std::string, std::size_t> index_;
};

/// Joins each filter to the rules it names, and takes the filters out.
void apply_filters(std::vector<Rule>& rules);

/// Takes out correlations that count what is not there, or themselves, and says so; rules that are only counted become
/// silent.
std::vector<Refusal> settle_correlations(std::vector<Rule>& rules);

}  // namespace ascribe::sigma

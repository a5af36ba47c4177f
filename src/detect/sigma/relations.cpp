#include "detect/sigma/relations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace ascribe::sigma {
namespace {

/// Whether what `filter` names of a log source holds for `source`.
bool speaks_of(const LogSource& filter, const LogSource& source) {
    auto holds = [](const std::string& wanted, const std::string& have) { return wanted.empty() || wanted == have; };
    return holds(filter.product, source.product) && holds(filter.category, source.category) &&
           holds(filter.service, source.service);
}

bool is_meant(const Rule& rule, const Rule& filter) {
    auto is_any = [](const std::string& name) { return lower(name) == "any"; };
    return !rule.correlation && speaks_of(filter.source, rule.source) &&
           (std::ranges::any_of(filter.filtered_rules, is_any) || rule.is_among(filter.filtered_rules));
}

/// Both conditions must hold: a filter says `not` itself.
void narrow(Rule& rule, const Rule& filter) {
    auto items = static_cast<std::uint32_t>(rule.items.size());
    auto nodes = static_cast<std::uint32_t>(rule.nodes.size());
    auto root = nodes - 1;
    rule.items.insert(rule.items.end(), filter.items.begin(), filter.items.end());
    for (Node node : filter.nodes) {
        node.item += items;
        for (auto& child : node.children) child += nodes;
        rule.nodes.push_back(std::move(node));
    }
    auto filtered = static_cast<std::uint32_t>(rule.nodes.size() - 1);
    rule.nodes.push_back({.kind = Node::Kind::all, .children = {root, filtered}});
}

/// Correlations whose counted rules are all there, and counted correlations good in turn: those with no fault left.
/// Circles never come to that.
class Correlations {
public:
    Correlations(std::span<const Rule> rules, const RuleNames& names) : open_(rules.size()), missing_(rules.size()) {
        std::vector<std::vector<std::size_t>> users(rules.size());
        std::vector<std::size_t> ready;
        for (std::size_t i = 0; i < rules.size(); ++i) {
            if (!rules[i].correlation) continue;
            for (const std::string& name : rules[i].correlation->rules) {
                auto inner = names.find(name);
                if (inner && !rules[*inner].correlation) continue;
                ++open_[i];  // for ever, where there is no such rule
                if (inner)
                    users[*inner].push_back(i);
                else
                    missing_[i] = name;
            }
            if (open_[i] == 0) ready.push_back(i);
        }
        while (!ready.empty()) {
            auto good = ready.back();
            ready.pop_back();
            for (auto user : users[good])
                if (--open_[user] == 0) ready.push_back(user);
        }
    }

    bool is_good(std::size_t rule) const { return open_[rule] == 0; }
    std::string fault(std::size_t rule) const {
        return missing_[rule].empty() ? "correlation: it counts itself, or one that is refused"
                                      : fmt::format("correlation: there is no rule '{}'", missing_[rule]);
    }

private:
    std::vector<std::size_t> open_;  // by rule: counted correlations not yet known to be good
    std::vector<std::string> missing_;
};

}  // namespace

RuleNames::RuleNames(std::span<const Rule> rules) {
    for (std::size_t i = 0; i < rules.size(); ++i)
        for (const std::string& name : {rules[i].id, rules[i].name, rules[i].title})
            if (!name.empty()) index_.try_emplace(name, i);
}

std::optional<std::size_t> RuleNames::find(const std::string& name) const {
    auto at = index_.find(name);
    return at == index_.end() ? std::nullopt : std::optional(at->second);
}

void apply_filters(std::vector<Rule>& rules) {
    std::vector<Rule> kept, filters;
    for (Rule& rule : rules) (rule.is_filter ? filters : kept).push_back(std::move(rule));
    for (const Rule& filter : filters)
        for (Rule& rule : kept)
            if (is_meant(rule, filter)) narrow(rule, filter);
    rules = std::move(kept);
}

std::vector<Refusal> settle_correlations(std::vector<Rule>& rules) {
    RuleNames names(rules);
    Correlations correlations(rules, names);
    std::vector<Refusal> refusals;
    for (std::size_t i = 0; i < rules.size(); ++i) {
        if (!correlations.is_good(i))
            refusals.push_back({rules[i].file, rules[i].title, correlations.fault(i)});
        else if (rules[i].correlation && !rules[i].correlation->generate)
            for (const std::string& name : rules[i].correlation->rules) rules[*names.find(name)].silent = true;
    }
    std::vector<Rule> kept;
    for (std::size_t i = 0; i < rules.size(); ++i)
        if (correlations.is_good(i)) kept.push_back(std::move(rules[i]));
    rules = std::move(kept);
    return refusals;
}

}  // namespace ascribe::sigma

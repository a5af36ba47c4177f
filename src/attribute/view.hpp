// What is known of all groups, seen without the accounts that are to be hidden: nothing for a real question, the
// incident's own reports when accuracy is measured. Counts, weights and rarities are those of what is left, so that
// nothing hidden leaks.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/attack.hpp"

namespace ascribe {

class View {
public:
    /// `visible` by account; empty: all are.
    explicit View(const AttackKnowledge& knowledge, const std::vector<bool>& visible = {});

    const AttackKnowledge& knowledge() const { return *knowledge_; }
    bool visible(std::size_t account) const { return weights_[account] > 0; }
    /// How much an account counts: a report of a few items says less of an actor's habits than a long one.
    double weight(std::size_t account) const { return weights_[account]; }
    /// Sum of the weights of a group's accounts; of all accounts.
    double group_weight(std::size_t group) const { return group_weights_[group]; }
    double total_weight() const { return total_weight_; }
    /// Accounts of a group that name an item; of all groups.
    int count(std::size_t group, std::size_t item) const { return counts_[group * items_ + item]; }
    int count(std::size_t item) const { return item_counts_[item]; }
    int groups_using(std::size_t item) const { return users_[item]; }
    /// ln(groups / groups that use the item); of an item that nobody uses, ln(groups).
    double rarity(std::size_t item) const { return rarities_[item]; }
    /// Length of a group's, of an account's vector of rarities.
    double group_norm(std::size_t group) const { return group_norms_[group]; }
    double account_norm(std::size_t account) const { return account_norms_[account]; }
    /// Distinct items of a group.
    int profile(std::size_t group) const { return profiles_[group]; }
    /// Visible accounts that name an item.
    std::span<const std::uint32_t> accounts_with(std::size_t item) const {
        return {with_.data() + with_from_[item], with_from_[item + 1] - with_from_[item]};
    }
    /// By group: how much of what an account names the group uses too, common items counting less.
    std::span<const double> company(std::size_t account) const {
        return {company_.data() + account * group_weights_.size(), group_weights_.size()};
    }

private:
    void keep_company();

    const AttackKnowledge* knowledge_;
    std::size_t items_;
    double total_weight_ = 0;
    std::vector<double> weights_, group_weights_, rarities_, group_norms_, account_norms_, company_;
    std::vector<std::uint32_t> with_, with_from_;
    std::vector<int> counts_, item_counts_, users_, profiles_;
};

/// What was published before that day, by account: to judge an intrusion as it could have been judged then. Reports
/// without a date are left out, for nobody can say when they were known.
std::vector<bool> known_before(const AttackKnowledge& knowledge, Day day);

}  // namespace ascribe

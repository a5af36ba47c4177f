// What is known of all groups, seen without the accounts that are to be hidden: nothing for a real question, the
// incident's own reports when accuracy is measured. Counts, weights and rarities are those of what is left, so that
// nothing hidden leaks.
#pragma once

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

private:
    const AttackKnowledge* knowledge_;
    std::size_t items_;
    double total_weight_ = 0;
    std::vector<double> weights_, group_weights_, rarities_, group_norms_, account_norms_;
    std::vector<int> counts_, item_counts_, users_, profiles_;
};

}  // namespace ascribe

#include "attribute/view.hpp"

#include <algorithm>
#include <cmath>

namespace ascribe {
namespace {

/// Items from which on a report counts in full (guide of the model: n_g is the sum of min(1, size / 8)).
constexpr double kFullReport = 8;

}  // namespace

View::View(const AttackKnowledge& knowledge, const std::vector<bool>& visible)
    : knowledge_(&knowledge),
      items_(knowledge.items.size()),
      weights_(knowledge.accounts.size()),
      group_weights_(knowledge.groups.size()),
      rarities_(items_),
      group_norms_(knowledge.groups.size()),
      account_norms_(knowledge.accounts.size()),
      counts_(knowledge.groups.size() * items_),
      item_counts_(items_),
      users_(items_),
      profiles_(knowledge.groups.size()) {
    for (std::size_t i = 0; i < knowledge.accounts.size(); ++i) {
        const AttackAccount& account = knowledge.accounts[i];
        if (account.items.empty() || (!visible.empty() && !visible[i])) continue;
        weights_[i] = std::min(1.0, static_cast<double>(account.items.size()) / kFullReport);
        group_weights_[account.group] += weights_[i];
        total_weight_ += weights_[i];
        for (auto item : account.items) {
            if (counts_[account.group * items_ + item]++ == 0) {
                ++users_[item];
                ++profiles_[account.group];
            }
            ++item_counts_[item];
        }
    }
    for (std::size_t item = 0; item < items_; ++item)
        rarities_[item] =
            std::log(static_cast<double>(knowledge.groups.size()) / static_cast<double>(std::max(users_[item], 1)));
    for (std::size_t group = 0; group < knowledge.groups.size(); ++group) {
        double sum = 0;
        for (std::size_t item = 0; item < items_; ++item)
            if (counts_[group * items_ + item] > 0) sum += rarities_[item] * rarities_[item];
        group_norms_[group] = std::sqrt(sum);
    }
    for (std::size_t i = 0; i < knowledge.accounts.size(); ++i) {
        double sum = 0;
        for (auto item : knowledge.accounts[i].items) sum += rarities_[item] * rarities_[item];
        account_norms_[i] = std::sqrt(sum);
    }
}

}  // namespace ascribe

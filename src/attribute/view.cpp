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
    keep_company();
}

void View::keep_company() {
    const auto& accounts = knowledge_->accounts;
    std::size_t groups = group_weights_.size();
    std::vector<std::uint32_t> used, used_from(items_ + 1);  // groups by item
    for (std::size_t item = 0; item < items_; ++item) {
        for (std::uint32_t group = 0; group < groups; ++group)
            if (counts_[group * items_ + item] > 0) used.push_back(group);
        used_from[item + 1] = static_cast<std::uint32_t>(used.size());
    }
    with_from_.assign(items_ + 1, 0);
    for (std::size_t item = 0; item < items_; ++item)
        with_from_[item + 1] = with_from_[item] + static_cast<std::uint32_t>(item_counts_[item]);
    with_.resize(with_from_.back());
    auto next = with_from_;
    company_.assign(accounts.size() * groups, 0);
    for (std::uint32_t i = 0; i < accounts.size(); ++i) {
        if (!visible(i)) continue;
        double* row = &company_[i * groups];
        for (auto item : accounts[i].items) {
            with_[next[item]++] = i;
            double share = 1 / std::sqrt(static_cast<double>(item_counts_[item]));
            for (auto at = used_from[item]; at < used_from[item + 1]; ++at) row[used[at]] += share;
        }
    }
}

std::vector<bool> known_before(const AttackKnowledge& knowledge, Day day) {
    std::vector<bool> known;
    for (const AttackAccount& account : knowledge.accounts) {
        const auto& published = knowledge.reports[account.report].day;
        known.push_back(published && *published < day);
    }
    return known;
}

}  // namespace ascribe

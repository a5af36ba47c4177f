#include "attribute/terms.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace ascribe {
namespace {

constexpr std::size_t at(Term term) { return static_cast<std::size_t>(term); }

/// Pseudo-reports of background mixed into a group's own habits; results hardly depend on it between 0.25 and 4.
constexpr double kShrink = 1;
/// Nothing is as good as certain.
constexpr double kMostLikely = 0.98, kMostCommon = 0.95;
/// How fast reports fade, and what stands for the distance of a report without a date: years.
constexpr double kFading = 3, kUndated = 3;
constexpr double kYear = 365;
/// A group without any dated report near: as good as twelve years away.
constexpr double kFarthest = 12;
constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

}  // namespace

std::string_view to_string(Term term) {
    static constexpr std::array<std::string_view, kTerms> kNames = {"technique",
                                                                    "sub_technique",
                                                                    "parent",
                                                                    "software",
                                                                    "group_likeness",
                                                                    "report_likeness",
                                                                    "report_overlap",
                                                                    "cover",
                                                                    "software_cover",
                                                                    "software_rarity",
                                                                    "software_rarity_damped",
                                                                    "software_missing",
                                                                    "activity",
                                                                    "recency"};
    return kNames[at(term)];
}

OtherTerms other_terms(const AttackKnowledge& knowledge, const Observation& observation) {
    auto all = static_cast<double>(std::max<std::size_t>(observation.items.size(), 1));
    auto software = static_cast<double>(
        std::ranges::count_if(observation.items, [&](auto item) { return knowledge.items[item].software(); }));
    return {1, std::log(all), std::log(1 + software), software / all};
}

Comparison::Comparison(const View& view, const Observation& observation)
    : view_(view), observation_(observation), terms_(view.knowledge().groups.size()) {
    const auto& items = view.knowledge().items;
    std::set<std::string_view> parents;
    for (auto item : observation.items)
        if (items[item].sub_technique()) parents.insert(items[item].parent());
    std::size_t software = 0;
    for (auto item : observation.items) {
        const AttackItem& known = items[item];
        classes_.push_back(known.software()             ? Class::software
                           : known.sub_technique()      ? Class::sub_technique
                           : parents.contains(known.id) ? Class::parent
                                                        : Class::technique);
        backgrounds_.push_back(std::min((view.count(item) + 0.5) / (view.total_weight() + 1), kMostCommon));
        norm_ += view.rarity(item) * view.rarity(item);
        if (known.software()) ++software;
    }
    norm_ = std::max(std::sqrt(norm_), 1e-9);
    technique_damping_ = std::sqrt(static_cast<double>(std::max<std::size_t>(observation.items.size(), 1)));
    software_damping_ = std::sqrt(static_cast<double>(std::max<std::size_t>(software, 1)));
    compare_reports();
    for (std::size_t group = 0; group < terms_.size(); ++group) {
        if (!alive(group)) continue;
        for (const Terms& of : by_item(group))
            for (std::size_t i = 0; i < kTerms; ++i) terms_[group][i] += of[i];
    }
    add_activity();
}

double Comparison::log_ratio(std::size_t group, std::size_t index) const {
    double background = backgrounds_[index];
    double own =
        (view_.count(group, observation_.items[index]) + kShrink * background) / (view_.group_weight(group) + kShrink);
    return std::log(std::min(own, kMostLikely) / background);
}

void Comparison::compare_reports() {
    const AttackKnowledge& knowledge = view_.knowledge();
    likest_.assign(knowledge.groups.size(), kNone);
    overlapping_.assign(knowledge.groups.size(), kNone);
    std::vector<double> likeness(knowledge.groups.size());
    std::vector<std::size_t> overlap(knowledge.groups.size());
    std::vector<char> observed(knowledge.items.size());
    for (auto item : observation_.items) observed[item] = 1;
    for (std::uint32_t i = 0; i < knowledge.accounts.size(); ++i) {
        if (!view_.visible(i)) continue;
        const AttackAccount& account = knowledge.accounts[i];
        double sum = 0;
        std::size_t shared = 0;
        for (auto item : account.items)
            if (observed[item] != 0) {
                sum += view_.rarity(item) * view_.rarity(item);
                ++shared;
            }
        sum /= std::max(view_.account_norm(i), 1e-9);
        if (sum > likeness[account.group]) likeness[account.group] = sum, likest_[account.group] = i;
        if (shared > overlap[account.group]) overlap[account.group] = shared, overlapping_[account.group] = i;
    }
}

std::vector<Terms> Comparison::by_item(std::size_t group) const {
    const auto& accounts = view_.knowledge().accounts;
    auto holds = [&](std::uint32_t account, std::uint32_t item) {
        return account != kNone && std::ranges::binary_search(accounts[account].items, item);
    };
    std::size_t shared = 0;
    for (auto item : observation_.items) shared += holds(overlapping_[group], item) ? 1 : 0;
    double overlap_each = shared == 0 ? 0 : std::log1p(static_cast<double>(shared)) / static_cast<double>(shared);
    double group_norm = std::max(view_.group_norm(group), 1e-9);
    std::vector<Terms> out(observation_.items.size());
    for (std::size_t i = 0; i < out.size(); ++i) {
        auto item = observation_.items[i];
        double ratio = log_ratio(group, i), rarity = view_.rarity(item);
        bool used = view_.count(group, item) > 0, software = classes_[i] == Class::software;
        Terms& terms = out[i];
        switch (classes_[i]) {
            case Class::technique: terms[at(Term::technique)] = ratio / technique_damping_; break;
            case Class::sub_technique: terms[at(Term::sub_technique)] = ratio / technique_damping_; break;
            case Class::parent: terms[at(Term::parent)] = ratio; break;
            case Class::software: terms[at(Term::software)] = ratio; break;
        }
        if (used) {
            terms[at(Term::group_likeness)] = rarity * rarity / group_norm / norm_;
            terms[at(Term::cover)] = rarity * rarity / norm_ / norm_;
            if (software) {
                terms[at(Term::software_cover)] = terms[at(Term::cover)];
                terms[at(Term::software_rarity)] = rarity;
                terms[at(Term::software_rarity_damped)] = rarity / software_damping_;
            }
        } else if (software && view_.count(item) > 0) {
            terms[at(Term::software_missing)] = 1;
        }
        if (holds(likest_[group], item))
            terms[at(Term::report_likeness)] =
                rarity * rarity / std::max(view_.account_norm(likest_[group]), 1e-9) / norm_;
        if (holds(overlapping_[group], item)) terms[at(Term::report_overlap)] = overlap_each;
    }
    return out;
}

void Comparison::add_activity() {
    if (!observation_.day) return;  // the same for all groups: nothing is known of when
    const AttackKnowledge& knowledge = view_.knowledge();
    std::vector<double> activity(knowledge.groups.size()), nearest(knowledge.groups.size(), kFarthest);
    for (std::size_t i = 0; i < knowledge.accounts.size(); ++i) {
        if (!view_.visible(i)) continue;
        const auto& day = knowledge.reports[knowledge.accounts[i].report].day;
        double years = day ? std::abs(*day - *observation_.day) / kYear : kUndated;
        auto group = knowledge.accounts[i].group;
        activity[group] += view_.weight(i) * std::exp(-years / kFading);
        nearest[group] = std::min(nearest[group], years);
    }
    for (std::size_t group = 0; group < terms_.size(); ++group) {
        if (!alive(group)) continue;
        terms_[group][at(Term::activity)] = std::log(activity[group] + 0.05);
        terms_[group][at(Term::recency)] = std::log(nearest[group] + 0.25);
    }
}

}  // namespace ascribe

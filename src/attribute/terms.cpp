#include "attribute/terms.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace ascribe {
namespace {

constexpr std::size_t at(Term term) { return static_cast<std::size_t>(term); }

/// Pseudo-reports of background mixed into a group's own habits. Accuracy hardly depends on it between 0.25 and 4; with
/// many, that a group was not seen with what is common says less.
constexpr double kShrink = 4;
/// Nothing is as good as certain.
constexpr double kMostLikely = 0.98, kMostCommon = 0.95;
/// How fast reports fade, what stands for the distance of a report without a date, what is as good as at once, and what
/// as far as any: years.
constexpr double kFading = 3, kUndated = 3, kAtOnce = 0.5, kFarthest = 12;
constexpr double kYear = 365;
/// How much more a report counts that is more alike: between "all of them" (0) and "the most alike one" (many).
constexpr double kSharpness = 5;

}  // namespace

std::string_view to_string(Term term) {
    static constexpr std::array<std::string_view, kTerms> kNames = {
        "sub_technique", "parent",          "tactics",      "group_likeness", "report_likeness",
        "company",       "software_rarity", "software_own", "activity",       "outside"};
    return kNames[at(term)];
}

std::string_view to_string(OtherTerm term) {
    static constexpr std::array<std::string_view, kOtherTerms> kNames = {"other", "other_software",
                                                                         "other_software_new", "other_rarity"};
    return kNames[static_cast<std::size_t>(term)];
}

OtherTerms Comparison::other() const {
    double software = 0, news = 0, rarity = 0;
    for (auto item : observation_.items) {
        rarity += view_.rarity(item);
        if (!view_.knowledge().items[item].software()) continue;
        software += 1;
        news += view_.count(item) == 0 ? 1 : 0;
    }
    return {1, std::log1p(software), std::log1p(news), std::log1p(rarity)};
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
    damp_by_tactic();
    compare_reports();
    keep_company();
    for (std::size_t group = 0; group < terms_.size(); ++group) {
        for (const Terms& of : by_item(group))
            for (std::size_t i = 0; i < kTerms; ++i) terms_[group][i] += of[i];
    }
    add_activity();
}

/// Techniques of one tactic come together more than others: each counts by one over the root of how many there are,
/// averaged over its tactics.
void Comparison::damp_by_tactic() {
    const auto& items = view_.knowledge().items;
    std::map<std::string_view, double> served;
    auto counts = [&](std::size_t i) { return classes_[i] != Class::software && classes_[i] != Class::parent; };
    for (std::size_t i = 0; i < classes_.size(); ++i)
        if (counts(i))
            for (const std::string& tactic : items[observation_.items[i]].tactics) served[tactic] += 1;
    tactic_damping_.assign(classes_.size(), 0);
    for (std::size_t i = 0; i < classes_.size(); ++i) {
        const auto& tactics = items[observation_.items[i]].tactics;
        if (!counts(i) || tactics.empty()) continue;
        for (const std::string& tactic : tactics) tactic_damping_[i] += 1 / std::sqrt(served[tactic]);
        tactic_damping_[i] /= static_cast<double>(tactics.size());
    }
}

double Comparison::log_ratio(std::size_t group, std::size_t index, double never) const {
    int count = view_.count(group, observation_.items[index]);
    if (count == 0) return never;
    double background = backgrounds_[index];
    double own = (count + kShrink * background) / (view_.group_weight(group) + kShrink);
    return std::log(std::min(own, kMostLikely) / background);
}

/// A group that two reports of ten resemble fits better than one that one resembles. Each item has the part of the sum
/// that it has in the likeness of each report.
void Comparison::compare_reports() {
    const AttackKnowledge& knowledge = view_.knowledge();
    std::size_t groups = knowledge.groups.size();
    std::vector<std::uint32_t> place(knowledge.items.size());  // of an observed item, from one on
    for (std::uint32_t i = 0; i < observation_.items.size(); ++i) place[observation_.items[i]] = i + 1;
    report_parts_.assign(observation_.items.size() * groups, 0);
    std::vector<double> alike(groups);
    std::vector<std::uint32_t> shared;
    for (std::uint32_t i = 0; i < knowledge.accounts.size(); ++i) {
        if (!view_.visible(i)) continue;
        const AttackAccount& account = knowledge.accounts[i];
        shared.clear();
        double sum = 0;
        for (auto item : account.items)
            if (place[item] != 0) {
                sum += view_.rarity(item) * view_.rarity(item);
                shared.push_back(item);
            }
        if (sum <= 0) continue;
        double weight = std::exp(kSharpness * sum / std::max(view_.account_norm(i), 1e-9) / norm_) - 1;
        alike[account.group] += weight;
        for (auto item : shared)
            report_parts_[(place[item] - 1) * groups + account.group] +=
                weight * view_.rarity(item) * view_.rarity(item) / sum;
    }
    for (std::size_t group = 0; group < groups; ++group) {
        if (alike[group] <= 0) continue;
        double each = std::log1p(alike[group]) / alike[group];
        for (std::size_t i = 0; i < observation_.items.size(); ++i) report_parts_[i * groups + group] *= each;
    }
}

/// Items that stand in one report keep company. An item that a group was never seen with, although much of its company
/// was, speaks against it: somebody would have written it down.
void Comparison::keep_company() {
    std::size_t groups = view_.knowledge().groups.size();
    company_.assign(observation_.items.size() * groups, 0);
    for (std::size_t i = 0; i < observation_.items.size(); ++i) {
        auto item = observation_.items[i];
        double* row = &company_[i * groups];
        for (auto account : view_.accounts_with(item)) {
            auto kept = view_.company(account);
            for (std::size_t group = 0; group < groups; ++group) row[group] += kept[group];
        }
        double scale =
            view_.rarity(item) * view_.rarity(item) / std::sqrt(std::max(view_.count(item), 1)) / norm_ / norm_;
        for (std::size_t group = 0; group < groups; ++group)
            row[group] = view_.count(group, item) > 0 ? 0 : row[group] * scale / std::sqrt(view_.profile(group) + 1.0);
    }
}

std::vector<Terms> Comparison::by_item(std::size_t group) const {
    std::size_t groups = view_.knowledge().groups.size();
    double group_norm = std::max(view_.group_norm(group), 1e-9);
    // An item that the group was never seen with: the background cancels, and only how much is known of the group
    // stays.
    double never = -std::log((view_.group_weight(group) + kShrink) / kShrink);
    std::vector<Terms> out(observation_.items.size());
    for (std::size_t i = 0; i < out.size(); ++i) {
        auto item = observation_.items[i];
        double ratio = log_ratio(group, i, never), rarity = view_.rarity(item);
        Terms& terms = out[i];
        if (classes_[i] == Class::sub_technique) terms[at(Term::sub_technique)] = ratio / technique_damping_;
        if (classes_[i] == Class::parent) terms[at(Term::parent)] = ratio;
        terms[at(Term::tactics)] = ratio * tactic_damping_[i];
        terms[at(Term::report_likeness)] = report_parts_[i * groups + group];
        terms[at(Term::company)] = company_[i * groups + group];
        if (view_.count(group, item) == 0) continue;
        terms[at(Term::group_likeness)] = rarity * rarity / group_norm / norm_;
        if (classes_[i] != Class::software) continue;
        terms[at(Term::software_rarity)] = rarity / software_damping_;
        terms[at(Term::software_own)] = view_.groups_using(item) == 1 ? 1 : 0;
    }
    return out;
}

void Comparison::add_activity() {
    const AttackKnowledge& knowledge = view_.knowledge();
    struct Years {
        double activity = 0, first = kFarthest, last = -kFarthest;  // of the reports, from the intrusion on
        bool dated = false;
    };
    std::vector<Years> of(knowledge.groups.size());
    for (std::size_t i = 0; i < knowledge.accounts.size(); ++i) {
        if (!view_.visible(i)) continue;
        Years& years = of[knowledge.accounts[i].group];
        const auto& day = knowledge.reports[knowledge.accounts[i].report].day;
        bool known = day && observation_.day;
        double distance = known ? (*day - *observation_.day) / kYear : kUndated;
        years.activity += view_.weight(i) * std::exp(-std::max(std::abs(distance), kAtOnce) / kFading);
        if (!known) continue;
        years.dated = true;
        years.first = std::min(years.first, distance);
        years.last = std::max(years.last, distance);
    }
    for (std::size_t group = 0; group < terms_.size(); ++group) {
        const Years& years = of[group];
        terms_[group][at(Term::activity)] = std::log(years.activity + 0.05);
        if (!observation_.day) continue;  // the same for all groups: nothing is known of when
        double outside = years.dated    ? std::max({years.first, -years.last, kAtOnce})
                         : alive(group) ? kUndated
                                        : kFarthest;
        terms_[group][at(Term::outside)] = std::log(std::min(outside, kFarthest));
    }
}

}  // namespace ascribe

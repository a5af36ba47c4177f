// From an observation to numbers: for every group a few terms, each a sum over the observed items, so that a score
// (weights times terms) is a sum over items too and can be shown as a ledger.
//
// Three kinds of sums. Log likelihood ratios ln(P(item | group) / P(item)), shrunken towards the background and damped
// by the square root of how many items there are, because techniques come in company. Likeness to the group as a whole
// and to each report of it, items weighted by rarity squared. And what is known beforehand: how much the group was
// reported around the time of the intrusion. There half a year is as good as a day: reports follow intrusions by
// months, and a finer term would learn in which months the measurement hides reports.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "attribute/view.hpp"
#include "model/attribution.hpp"

namespace ascribe {

enum class Term : std::uint8_t {
    sub_technique,    // log ratios of sub-techniques, damped
    parent,           // of techniques of which a sub-technique was observed too
    tactics,          // of all techniques but such parents, damped by how many serve the same tactic
    group_likeness,   // cosine with all of the group's items
    report_likeness,  // ln of how many of the group's reports are alike, each counting e^(5 cosine) - 1
    company,          // rare items that keep company with what the group uses, while it was never seen with them
    software_rarity,  // sum of the rarity of software the group uses, damped
    software_own,     // software that no other group was seen with
    activity,         // ln of the weight of its reports, each fading with its distance in time
    outside,          // ln of how far outside the years in which it was reported
};
inline constexpr std::size_t kTerms = static_cast<std::size_t>(Term::outside) + 1;
std::string_view to_string(Term term);
using Terms = std::array<double, kTerms>;

/// What the probability of "other" rests on.
enum class OtherTerm : std::uint8_t {
    constant,
    software,      // ln(1 + software observed)
    software_new,  // ln(1 + software observed that no group was seen with)
    rarity,        // ln(1 + the sum of the rarity of what was observed): common items hardly add to it
};
inline constexpr std::size_t kOtherTerms = static_cast<std::size_t>(OtherTerm::rarity) + 1;
std::string_view to_string(OtherTerm term);
using OtherTerms = std::array<double, kOtherTerms>;

/// An observation looked at from one view.
class Comparison {
public:
    Comparison(const View& view, const Observation& observation);

    /// By group.
    std::span<const Terms> terms() const { return terms_; }
    OtherTerms other() const;
    /// Whether anything is known of a group; of others a fit can learn nothing.
    bool alive(std::size_t group) const { return view_.group_weight(group) > 1e-9; }
    /// What each observed item adds to each term of a group; sums to terms() but for what is known beforehand.
    std::vector<Terms> by_item(std::size_t group) const;

private:
    enum class Class : std::uint8_t { technique, sub_technique, parent, software };

    double log_ratio(std::size_t group, std::size_t index, double never) const;
    void damp_by_tactic();
    void compare_reports();
    void keep_company();
    void add_activity();

    const View& view_;
    const Observation& observation_;
    std::vector<Class> classes_;       // by observed item
    std::vector<double> backgrounds_;  // P(item)
    std::vector<double> tactic_damping_;
    double norm_ = 0, technique_damping_ = 1, software_damping_ = 1;
    std::vector<Terms> terms_;
    std::vector<double> report_parts_;  // by observed item and group: its part of report_likeness
    std::vector<double> company_;       // the same of company
};

}  // namespace ascribe

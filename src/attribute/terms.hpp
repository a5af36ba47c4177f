// From an observation to numbers: for every group a few terms, each a sum over the observed items, so that a score
// (weights times terms) is a sum over items too and can be shown as a ledger.
//
// Three kinds of sums. Log likelihood ratios ln(P(item | group) / P(item)), shrunken towards the background and damped
// by the square root of how many items there are, because techniques come in company. Likeness to the group as a whole
// and to the one report of it that is most alike, items weighted by rarity squared. And what is known beforehand: how
// much the group was reported around the time of the intrusion. There half a year is as good as a day: reports follow
// intrusions by months, and a finer term would learn in which months the measurement hides reports.
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
    technique,        // log ratios of techniques, damped
    sub_technique,    // of sub-techniques, damped
    parent,           // of techniques of which a sub-technique was observed too
    software,         // of software
    group_likeness,   // cosine with all of the group's items
    report_likeness,  // cosine with the report that is most alike
    report_overlap,   // ln(1 + items shared with the report that shares most)
    cover,            // share of the observed rarity that the group has been seen with
    software_cover,   // the same of software alone
    software_rarity,  // sum of the rarity of software the group uses
    software_rarity_damped,
    software_missing,  // software that others use and the group was never seen with
    software_own,      // software that no other group was seen with
    tactics,           // log ratios of techniques, damped by how many serve the same tactic
    activity,          // ln of the weight of its reports, each fading with its distance in time
    outside,           // ln of how far outside the years in which it was reported
};
inline constexpr std::size_t kTerms = static_cast<std::size_t>(Term::outside) + 1;
std::string_view to_string(Term term);
using Terms = std::array<double, kTerms>;

/// What the probability of "other" rests on.
enum class OtherTerm : std::uint8_t {
    constant,
    items,           // ln of how many items were observed
    software,        // ln(1 + software observed)
    software_share,  // of the items
    software_new,    // ln(1 + software observed that no group was seen with)
};
inline constexpr std::size_t kOtherTerms = static_cast<std::size_t>(OtherTerm::software_new) + 1;
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
    void compare_reports();
    void damp_by_tactic();
    void add_activity();

    const View& view_;
    const Observation& observation_;
    std::vector<Class> classes_;       // by observed item
    std::vector<double> backgrounds_;  // P(item)
    std::vector<double> tactic_damping_;
    double norm_ = 0, technique_damping_ = 1, software_damping_ = 1;
    std::vector<Terms> terms_;
    std::vector<std::uint32_t> likest_, overlapping_;  // by group: its account that is most alike, shares most
};

}  // namespace ascribe

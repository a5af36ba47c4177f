// Halving what each artefact keeps, whenever all of them have too much, ends at the same share in any order: it is the
// largest with which all that came would fit.
#include "engine/damage_list.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace ascribe {
namespace {

/// Whole parts or files that were not read: told before lines that were not.
bool is_grave(const Damage& damage) {
    switch (damage.fault) {
        case Fault::crashed:
        case Fault::timed_out:
        case Fault::cancelled:
        case Fault::io:
        case Fault::unsupported:
        case Fault::encrypted:
        case Fault::repeated: return true;
        default: return damage.what.starts_with("worker.") || damage.what.starts_with("archive.");
    }
}

auto place_of(const Damage& d) { return std::tie(d.offset, d.what, d.need, d.fault, d.have); }

bool comes_before(const Damage& a, const Damage& b) {
    if (is_grave(a) != is_grave(b)) return is_grave(a);
    return place_of(a) < place_of(b);
}

}  // namespace

void DamageList::trim(Kept& kept) {
    for (; kept.first.size() > each_; ++kept.lost, --count_) {
        std::ranges::pop_heap(kept.first, comes_before);
        kept.first.pop_back();
    }
}

void DamageList::add(Damage damage) {
    Kept& kept = artefacts_[damage.artefact];
    kept.first.push_back(std::move(damage));
    std::ranges::push_heap(kept.first, comes_before);
    ++count_;
    trim(kept);
    while (count_ > most_ && each_ > 1) {
        each_ /= 2;
        for (auto& [artefact, each] : artefacts_) trim(each);
    }
}

std::vector<Damage> DamageList::take() {
    std::vector<Damage> all;
    for (auto& [artefact, kept] : artefacts_) {
        std::ranges::sort(kept.first, [](const Damage& a, const Damage& b) { return place_of(a) < place_of(b); });
        std::ranges::move(kept.first, std::back_inserter(all));
        if (kept.lost > 0)
            all.push_back(
                {artefact, Fault::too_large, "damage.not_listed", 0, kept.first.size() + kept.lost, kept.first.size()});
    }
    artefacts_.clear();
    count_ = 0;
    return all;
}

}  // namespace ascribe

// What of a case's damage is listed. It comes in any order, from any number of workers, and as much of it as somebody
// cares to write; what is kept depends on what came, never on its order.
#pragma once

#include <map>
#include <vector>

#include "model/artefact.hpp"

namespace ascribe {

class DamageList {
public:
    /// Entries of all artefacts together; a hundred megabytes. Where more came, each artefact keeps fewer.
    static constexpr std::size_t kMost = 1'000'000;

    explicit DamageList(std::size_t most = kMost) : most_(most) {}

    void add(Damage damage);
    /// All that was kept, by artefact and offset, and of each artefact with more how many they were.
    std::vector<Damage> take();

private:
    struct Kept {
        std::vector<Damage> first;  // a heap: the one to go next in front
        std::uint64_t lost = 0;
    };
    void trim(Kept& kept);

    std::size_t most_;
    std::size_t each_ = kDamageListed;  // an artefact keeps so many
    std::size_t count_ = 0;
    std::map<ArtefactId, Kept> artefacts_;
};

}  // namespace ascribe

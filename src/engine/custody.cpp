#include "engine/custody.hpp"

#include <fmt/format.h>

#include <map>

#include "base/text.hpp"

namespace ascribe {

bool check_custody(Case& investigated) {
    // A claim speaks of its own collection: other servers have files of the same paths.
    std::map<std::pair<std::string_view, std::string>, const Artefact*> held;
    for (const Artefact& artefact : investigated.artefacts)
        if (!artefact.windows_path.empty() && artefact.sha256)
            held.emplace(std::pair(std::string_view(artefact.group), lower(artefact.windows_path)), &artefact);
    bool failed = false;
    for (const Incident& incident : investigated.incidents)
        for (const HashSeen& claim : incident.facts.hashes) {
            if (claim.ref.artefact.value >= investigated.artefacts.size()) continue;  // a worker's word is not trusted
            const Artefact& listing = investigated.artefacts[claim.ref.artefact.value];
            auto at = held.find({listing.group, lower(claim.path)});
            if (at == held.end() || to_hex(*at->second->sha256) == lower(claim.sha256)) continue;
            investigated.damage.push_back(
                {at->second->id, Fault::checksum,
                 fmt::format("{}: the collector noted {}, the evidence has {}", kCustodyDamage, lower(claim.sha256),
                             to_hex(*at->second->sha256)),
                 0, 0, 0});
            failed = true;
        }
    return failed;
}

}  // namespace ascribe

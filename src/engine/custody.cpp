#include "engine/custody.hpp"

#include <map>

#include "base/text.hpp"

namespace ascribe {

bool check_custody(Case& investigated) {
    std::map<std::string, const Artefact*> by_path;
    for (const Artefact& artefact : investigated.artefacts)
        if (!artefact.windows_path.empty() && artefact.sha256) by_path.emplace(lower(artefact.windows_path), &artefact);
    bool failed = false;
    for (const Incident& incident : investigated.incidents)
        for (const HashSeen& claim : incident.facts.hashes) {
            auto at = by_path.find(lower(claim.path));
            if (at == by_path.end() || to_hex(*at->second->sha256) == lower(claim.sha256)) continue;
            investigated.damage.push_back({at->second->id, Fault::checksum, "custody.sha256_differs_from_collector", 0, 0, 0});
            failed = true;
        }
    return failed;
}

}  // namespace ascribe

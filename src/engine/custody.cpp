// A collector's note is believed only where the collector alone could write it: beside the server's files. A file of
// the server's own, or one in an archive that lay there, may be the intruder's, who would like exit code 4 better
// than 1.
#include "engine/custody.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.hpp"

namespace ascribe {
namespace {

/// Server's group and path there in lower case: other servers have files of the same paths.
using Place = std::pair<std::string, std::string>;

Place place_of(const Artefact& artefact, std::string_view windows_path) {
    return {artefact.group, lower(windows_path)};
}

/// Paths of files that were on a server.
std::set<std::string_view> server_files(const Case& investigated) {
    std::set<std::string_view> paths;
    for (const Artefact& artefact : investigated.artefacts)
        if (!artefact.windows_path.empty()) paths.insert(artefact.path);
    return paths;
}

/// Whether the artefact, or an archive around it, was on a server. A name with more marks than any nesting has is
/// somebody's play, and no collector's.
bool lay_on_server(const Artefact& artefact, const std::set<std::string_view>& on_server) {
    constexpr std::ptrdiff_t kMarks = 64;
    std::string_view path = artefact.path;
    if (!artefact.windows_path.empty() || std::ranges::count(path, '!') > kMarks) return true;
    for (auto at = path.find('!'); at != std::string_view::npos; at = path.find('!', at + 1))
        if (on_server.contains(path.substr(0, at))) return true;
    return false;
}

/// What collectors noted, by place: more than one digest where a file was taken twice and changed between.
std::map<Place, std::set<std::string>> notes_of(const Case& investigated) {
    auto on_server = server_files(investigated);
    std::map<Place, std::set<std::string>> notes;
    std::map<const Artefact*, bool> believed;
    for (const Incident& incident : investigated.incidents)
        for (const HashSeen& claim : incident.facts.hashes) {
            const Artefact* listing = investigated.artefact(claim.ref.artefact);  // a worker's word is not trusted
            if (!listing) continue;
            auto [at, is_new] = believed.try_emplace(listing);
            if (is_new) at->second = !lay_on_server(*listing, on_server);
            if (at->second) notes[place_of(*listing, claim.path)].insert(lower(claim.sha256));
        }
    return notes;
}

}  // namespace

bool check_custody(Case& investigated) {
    auto notes = notes_of(investigated);
    bool failed = false;
    for (const Incident& incident : investigated.incidents)
        if (incident.facts.hashes_cut && !incident.facts.hashes.empty())
            investigated.damage.push_back({incident.facts.hashes.front().ref.artefact, Fault::too_large,
                                           "custody.hashes: the collector noted more than are compared", 0,
                                           incident.facts.hashes.size(), 0});
    for (const Artefact& artefact : investigated.artefacts) {
        if (artefact.windows_path.empty() || !artefact.sha256) continue;
        auto noted = notes.find(place_of(artefact, artefact.windows_path));
        auto held = to_hex(*artefact.sha256);
        if (noted == notes.end() || noted->second.contains(held)) continue;
        auto what = fmt::format("{}: the collector noted {}, the evidence has {}", kCustodyDamage,
                                fmt::join(noted->second, " and "), held);
        investigated.damage.push_back({artefact.id, Fault::checksum, std::move(what), 0, 0, 0});
        failed = true;
    }
    return failed;
}

}  // namespace ascribe

#include "attribute/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"

namespace ascribe {
namespace {

/// How a vendor's names look: a last word, a first word or a beginning.
struct Manner {
    std::string_view vendor;
    std::vector<std::string_view> last, first, begins;
};

/// Microsoft names weather since April 2023, CrowdStrike animals by country, Secureworks metals, Mandiant letters with
/// numbers: each vendor's own page on naming says so.
const std::vector<Manner>& manners() {
    static const std::vector<Manner> kManners = {
        {"microsoft",
         {"Typhoon", "Blizzard", "Sleet", "Sandstorm", "Tempest", "Flood", "Tsunami", "Cyclone"},
         {},
         {"Storm-"}},
        {"crowdstrike", {"Panda", "Bear", "Kitten", "Spider", "Chollima", "Buffalo", "Leopard", "Jackal"}, {}, {}},
        {"mandiant", {}, {}, {"APT", "FIN", "UNC", "TEMP."}},
        {"secureworks", {}, {"BRONZE", "IRON", "COBALT", "GOLD", "NICKEL", "TUNGSTEN", "ZINC", "ALUMINUM"}, {}},
    };
    return kManners;
}

bool fits(const Manner& manner, std::string_view name) {
    auto space = name.rfind(' ');
    if (space != std::string_view::npos)
        for (auto word : manner.last)
            if (equals_folded(name.substr(space + 1), word)) return true;
    auto first = name.substr(0, name.find(' '));
    for (auto word : manner.first)
        if (first.size() < name.size() && equals_folded(first, word)) return true;
    for (auto start : manner.begins) {
        if (!name.starts_with(start) || name.size() == start.size()) continue;
        bool numbered = name[start.size()] >= '0' && name[start.size()] <= '9';
        if (numbered || start.ends_with('.')) return true;
    }
    return false;
}

}  // namespace

std::vector<std::string> naming_vendors(const ActorNames& names) {
    std::set<std::string> out;
    for (const Manner& manner : manners()) out.emplace(manner.vendor);
    for (const auto& [group, edges] : names.names)
        for (const AliasEdge& edge : edges)
            if (!edge.vendor.empty()) out.insert(lower(edge.vendor));
    return {out.begin(), out.end()};
}

std::vector<AliasEdge> aliases_of(const AttackKnowledge& knowledge, const ActorNames& names, const AttackGroup& group) {
    std::vector<AliasEdge> out;
    if (auto at = names.names.find(group.id); at != names.names.end()) out = at->second;
    auto add = [&](const std::string& name) {
        auto manner = std::ranges::find_if(manners(), [&](const Manner& each) { return fits(each, name); });
        bool known = manner != manners().end();
        out.push_back({name, known ? std::string(manner->vendor) : "",
                       fmt::format("ATT&CK {}, {}", knowledge.version, group.id), "",
                       known ? "stated; vendor inferred" : "stated"});
    };
    add(group.name);
    for (const std::string& alias : group.aliases) add(alias);
    return out;
}

std::string name_for(const AttackKnowledge& knowledge, const ActorNames& names, const AttackGroup& group,
                     std::string_view vendor) {
    if (vendor.empty()) return group.name;
    for (const AliasEdge& edge : aliases_of(knowledge, names, group))
        if (equals_folded(edge.vendor, vendor))
            return edge.name == group.name ? edge.name : fmt::format("{} [{}]", edge.name, group.name);
    return group.name;
}

}  // namespace ascribe

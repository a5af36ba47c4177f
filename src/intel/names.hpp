// Names, sponsors and targets of actors as others state them: read from MISP's threat-actor galaxy, kept in
// intel/names.tsv as one edge a line, each with its source and date. https://github.com/MISP/misp-galaxy
#pragma once

#include <expected>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/attack.hpp"

namespace ascribe {

/// One name of a group: who uses it, and who says that it is the same. An edge, never a merge: an alias says that
/// somebody saw an overlap, not that two clusters are one.
struct AliasEdge {
    std::string name, vendor;  // "Silk Typhoon", "Microsoft"; "" where nobody says whose name it is
    std::string source, date;  // "MISP threat-actor galaxy 349"; ISO date, "" where it does not say
    std::string confidence;    // "stated", "listed", "listed as a synonym"
};

/// What others state of who is behind a group. Quoted, never computed.
struct SponsorStatement {
    std::string sponsor, source, date;
};

/// What others state of whom a group goes for: a word of kSectors.
struct TargetStatement {
    std::string sector, source, date;
};

/// The words for sectors, one for what sources spell in many ways. "Private sector" is none: it excludes hardly
/// anybody.
inline constexpr std::string_view kSectors =
    "government military diplomacy finance energy telecommunications technology industry healthcare education "
    "civil-society media transport trade leisure legal";
bool is_sector(std::string_view word);
/// The word of kSectors that a source's own means: "finance" of "Financial services"; "" for none.
std::string_view sector_of(std::string_view word);

/// By a group's id. Apart from the knowledge that answers rest on, so that no name and no sponsor can change a number;
/// targets do only where the victim's sector is told.
struct ActorNames {
    std::map<std::string, std::vector<AliasEdge>, std::less<>> names;
    std::map<std::string, std::vector<SponsorStatement>, std::less<>> sponsors;
    std::map<std::string, std::vector<TargetStatement>, std::less<>> targets;
};

/// Edges of the galaxy's entries that state an id of ATT&CK, or have the very name of a group of `knowledge`, as the
/// table; entries that state several are left out, for they are no one group's. `producers`: the galaxy of producers,
/// which says whose names are whose; "" where it is not at hand. `date`: on which the galaxy was published.
std::expected<std::string, std::string> names_of_galaxy(std::string_view galaxy, std::string_view producers,
                                                        const AttackKnowledge& knowledge, const std::string& date,
                                                        const std::string& origin);

/// The error names the line.
std::expected<ActorNames, std::string> read_names(std::string_view table, const std::string& origin);
/// names.tsv of that folder, or the built-in where it has none or "" is given.
std::expected<ActorNames, std::string> load_names(const std::string& intel_directory);

}  // namespace ascribe

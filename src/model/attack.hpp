// What MITRE ATT&CK knows of actors, as facts: who used what, by which report. https://attack.mitre.org
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ascribe {

/// Days since 1970-01-01: reports are dated to the day at best.
using Day = std::int32_t;

/// A technique ("T1505.003") or software ("S0020").
struct AttackItem {
    std::string id, name;
    std::vector<std::string> tactics;  // of techniques

    bool software() const { return id.starts_with('S'); }
    bool sub_technique() const { return id.find('.') != std::string::npos; }
    std::string_view parent() const { return std::string_view(id).substr(0, id.find('.')); }
};

struct AttackGroup {
    std::string id, name;  // "G0125", "HAFNIUM"
    std::vector<std::string> aliases;
};

/// A publication that ATT&CK cites.
struct AttackReport {
    std::string key;  // its address without scheme, www and fragment; else its name
    std::string name;
    std::optional<Day> day;
};

/// What one report says one group used; campaigns count for the group they are attributed to.
struct AttackAccount {
    std::uint32_t group = 0, report = 0;
    std::vector<std::uint32_t> items;  // ascending, without repeats; a sub-technique brings its parent
    std::uint32_t stated = 0;          // items without the parents that were only implied
};

struct AttackKnowledge {
    std::string origin, version;          // "builtin" or the file given; "18.1"
    std::vector<AttackGroup> groups;      // by id
    std::vector<AttackItem> items;        // by id
    std::vector<AttackReport> reports;    // by key
    std::vector<AttackAccount> accounts;  // by (group, report)

    /// Index of the item of that id (case folded); nothing: unknown.
    std::optional<std::uint32_t> item(std::string_view id) const;
    std::optional<std::uint32_t> group(std::string_view id) const;
    /// By address or name, as a report's key is made.
    std::optional<std::uint32_t> report(std::string_view key) const;
};

/// The key of a report: "https://www.example.com/post/#top" gives "example.com/post".
std::string report_key(std::string_view address, std::string_view name);

}  // namespace ascribe

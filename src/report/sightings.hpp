// What a hunt saw, as lines for programs and as tables for people.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/sighting.hpp"

namespace ascribe {

/// One JSON object on one line, every character beyond ASCII escaped.
std::string sighting_json(const Sighting& sighting);
/// The names of the CSV columns, and one row. Cells that a spreadsheet would take for formulas begin with '.
std::string sighting_csv_head();
std::string sighting_csv(const Sighting& sighting);

/// Sightings by rule; grows with rules, hosts and tactics, never with sightings.
class SightingTables {
public:
    void add(const Sighting& sighting);
    /// Rules by level, then number; then hosts and tactics. 80 columns, nothing of the evidence unescaped.
    std::string text() const;
    std::uint64_t alerts() const { return alerts_; }

private:
    struct Group {
        std::string title, level, example, where;
        std::uint64_t count = 0, folded = 0;
        Time first = kNoTime, last = kNoTime;
        std::set<std::string> hosts;
        bool scan = false;
    };
    std::map<std::string, Group> by_rule_;
    std::map<std::string, std::uint64_t> by_host_, by_tactic_;
    std::set<std::uint64_t> seen_;  // fingerprints of sightings, to fold copies of one event
    std::uint64_t alerts_ = 0;
};

}  // namespace ascribe

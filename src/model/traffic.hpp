// What a web log says of itself: how many requests, of what outcome, for which pages, from whom, and when each page was
// first asked for. A value made by a fold (engine/watch/traffic_fold.hpp) and shown by report/top.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/time.hpp"
#include "model/finding.hpp"

namespace ascribe {

struct Visits {
    std::uint64_t requests = 0, posts = 0, errors = 0;  // errors: status 400 and above
    Time first = kNoTime, last = kNoTime;
    bool was_there = false;  // answered below 400 once
};

struct Traffic {
    /// Pages and clients counted one by one; requests beyond them are counted as those of `others`. About 30 MB.
    static constexpr std::size_t kNames = 100'000;
    /// Minutes kept, of the log's own time: an hour of rates.
    static constexpr std::size_t kMinutes = 60;
    /// Bytes of a name; the rest is cut. Paths of attacks are long.
    static constexpr std::size_t kNameBytes = 256;

    std::uint64_t requests = 0, probes = 0;         // probes: the server's own health checks, in nothing else
    std::array<std::uint64_t, 6> status{};          // 1xx to 5xx; [0]: none or another
    std::unordered_map<std::string, Visits> pages;  // by path without query, lower case
    std::unordered_map<std::string, Visits> clients;
    Visits other_pages, other_clients;
    std::map<std::int64_t, std::uint64_t> minutes;  // requests by minute since 1970, the latest ones
    Time first = kNoTime, last = kNoTime;
};

/// One address (or page, where the log has no address) with what was found about it.
struct Suspect {
    std::string name, statement;  // statement: of the gravest finding
    Level level = Level::attempt;
    std::uint64_t findings = 0, rows = 0;
    std::optional<Time> last;
};

struct TopView {
    const Traffic* traffic = nullptr;
    std::vector<Suspect> suspects;  // the gravest first, then the latest
    std::uint64_t scan_notes = 0;   // addresses that only probed
    std::uint64_t bad = 0, bytes = 0;
    std::size_t logs = 0, archives = 0;  // that are followed; that are not looked into
    bool reading = false;                // more is there already than was read
};

}  // namespace ascribe

// The third pipeline, without an end: growing files -> records -> what detectors know of the last day -> findings that
// are new -> outlets. One process watches, workers read, outlets deliver. Every step is repeated after a kill until the
// state that follows it is on disk, and what is told twice has the same id twice: so nothing is lost, and a file that
// knows the ids it holds has everything once.
#pragma once

#include <atomic>
#include <expected>
#include <functional>
#include <string>
#include <vector>

#include "detect/all.hpp"
#include "engine/isolation.hpp"
#include "engine/watch/follower.hpp"
#include "model/notice.hpp"
#include "notify/outlet.hpp"
#include "parse/all.hpp"

namespace ascribe {

/// The detectors that can alarm: all but those of facts, which serve coverage, and the one that sums up what others
/// tell.
std::span<const Detector> alarms();

struct WatchOptions {
    std::vector<std::string> roots;  // folders with all below them, or files
    From from = From::now;           // where there is no state to go on from
    Level least = Level::attempt;    // what is told
    std::string state;               // the state file; "": none, nothing is remembered
    struct Sending {
        const Outlet* outlet;
        Destination destination;
    };
    std::vector<Sending> outlets;
    Known known;  // addresses, pages and notice ids that are not told
    int workers = 2;
    Isolation isolation = Isolation::full;
    bool once = false;  // ends when everything there was read and delivered
    const std::atomic<bool>* stop = nullptr;
    std::span<const Parser> parsers = ascribe::parsers();
};

struct WatchSummary {
    std::uint64_t told = 0, alerts = 0;  // alerts: attempts and successes
    std::uint64_t records = 0, bad = 0, bytes = 0;
    std::size_t undelivered = 0;  // kept in the state
    // Files that are there, those of them that are followed as logs, and archives, which are not looked into.
    std::size_t files = 0, logs = 0, archives = 0;
    bool resumed = false;  // went on from a saved state
    std::string isolation;
};

/// Watches until stopped (or through, once). `told` gets every finding that is new or graver than before; `note` gets
/// sentences about trouble. The error is a sentence.
std::expected<WatchSummary, std::string> watch(const WatchOptions& options, const Intel& intel,
                                               const std::function<void(const Notice&)>& told,
                                               const std::function<void(const std::string&)>& note);

}  // namespace ascribe

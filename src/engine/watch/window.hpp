// What the detectors know of the last half day to day: the memory of a watch, bounded for weeks of running. A detector
// is a fold, so what a worker saw in one part is merged into two states of it: the window, which concludes, and the
// recent one. When a generation is over the recent states become the window's and a new generation begins; the window
// thus spans one to two generations and never grows beyond them. A flood ends a generation early, by bytes.
//
// Conclusions are drawn only where a part brought something: a state that saves to the bytes of an empty one is not
// even loaded.
#pragma once

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/worker.hpp"

namespace ascribe {

class Window {
public:
    /// Half a day: an intruder's next stage, or the next command, seldom waits longer, and a window of two holds a day.
    static constexpr auto kGeneration = std::chrono::hours(12);
    /// Saved states of one generation; twice that are kept, which is some hundred megabytes in memory at the very most.
    static constexpr std::size_t kGenerationBytes = 32 << 20;
    /// Servers told apart; rows of further ones count as rows of the folder they were found in.
    static constexpr std::size_t kServers = 1'024;

    explicit Window(const Stages& stages);

    /// Merges what one part told. `server` is who its rows without a name of their own speak of.
    void add(const std::string& server, const SavedStates& states);
    /// The same of rows that the parent made itself: files and their hashes.
    void observe(const std::string& server, const RecordBatch& batch);

    struct Concluded {
        std::string server;
        Finding finding;
    };
    /// Findings of the detectors that saw something since the last call, in order of time: those of the window, with
    /// all their rows, then, of detectors that judge row by row, those of the new rows alone: they name who came now
    /// where the window names who came most.
    std::vector<Concluded> conclude();

    /// Whether this generation is over, by its age or its bytes. The next one begins with turn().
    bool is_over(std::chrono::system_clock::time_point now);
    void turn();
    void save(Writer& out) const;
    /// Whether `bytes` were saved by a build whose detectors save their states as ours do. Others are not to be taken
    /// up: what they mean may have changed where they can still be read.
    static bool is_of_this_version(std::string_view bytes);
    /// Takes up saved states, all of which conclude again; those of detectors that are no more, or cannot be read, are
    /// left out and counted.
    Result<std::size_t> load(Reader& in);
    /// As when it was made.
    void clear();

private:
    struct States {
        std::vector<std::any> window, recent;
    };
    const std::string& named(const std::string& server);
    void merge(std::any& into, std::size_t detector, const std::any& state) const;
    void take(const std::string& server, std::size_t detector, const std::any& state);

    const Stages& stages_;
    std::vector<std::string> blank_;  // what an empty state saves to, by detector
    std::map<std::string, States> servers_;
    std::set<std::pair<std::string, std::size_t>> touched_;
    std::vector<Concluded> news_;
    std::chrono::system_clock::time_point began_;
    std::size_t recent_bytes_ = 0;  // at most so many when saved
};

}  // namespace ascribe

// Follows files as they grow, are rotated and replaced, and reads what is new of them through the pool of confined
// workers: of logs every line that has its end, of other files (pages, settings, programs) all of it once it changed.
//
// A worker never sees the file itself. What is new is copied into a sealed memory file, so a log that is truncated
// meanwhile cannot end the worker that reads it, and with it goes the header line in force, as with members of archives
// that come in segments. A range that ends its worker twice is halved until the one line is found that does so; that
// line is told as damage, its neighbours are read.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/pool.hpp"
#include "engine/watch/folders.hpp"

namespace ascribe {

enum class From : std::uint8_t {
    start,  // files that are there already are read from their beginning
    now,    // only what is added to them, or changed in them, from now on
};

/// What was read, handed over in order for each file.
struct NewPart {
    const Position& position;   // `offset` and `lines` of the part's beginning
    const std::string& server;  // which root the file lies in, in the user's words
    std::string windows_path;   // of files that are judged whole, where their place says it
};

class Follower {
public:
    using Steady = std::chrono::steady_clock;
    using Booked = std::function<void(const NewPart&, Reply&&)>;
    using Note = std::function<void(const std::string&)>;

    Follower(Folders& folders, Pool& pool, std::span<const Parser> parsers, From from, Booked booked, Note note);

    /// Takes up where another run stood: before the first step().
    void resume(std::vector<Position> positions, std::uint32_t next_artefact);
    /// Looks what is new and queues what is to be read; what was read is booked while the pool works.
    void step();
    /// Nothing is waiting to be read, as far as the last step() saw.
    bool idle() const { return pending_.empty() && busy_ == 0; }

    /// All that must be known to go on later; consistent with what was booked.
    std::vector<Position> positions() const;
    std::uint32_t next_artefact() const { return next_artefact_; }
    /// Counts, for whoever shows them.
    std::uint64_t bytes() const { return bytes_; }
    std::size_t logs() const;
    std::size_t files() const { return files_.size(); }
    std::size_t archives() const { return archives_; }

private:
    struct Followed {
        Position at;
        std::uint32_t folder = 0;
        std::string name;
        std::uint64_t seen_size = 0;
        std::int64_t seen_modified = -1;
        bool is_fresh = true;    // not yet compared with what was followed before: it may be a copy
        bool is_busy = false;    // a job reads it
        bool is_no_log = false;  // its beginning said so: it is judged whole
        bool is_unread_said = false;
        bool is_missing = false;         // no longer in any folder, or truncated
        bool was_saved = false;          // known from another run and not seen in this one
        ArtefactId copy_of;              // the same so far as a file that is followed: waits for that one's end
        Descriptor open;                 // kept while it grows, so that it can be read to its end after it was deleted
        Ends ends;                       // of what was read, once it was compared with `at.print`
        std::deque<std::string> pieces;  // a range that ended its worker, halved
        Steady::time_point changed{}, first_change{}, last_read{};
        bool is_log() const { return !at.parser.empty(); }
    };
    using Number = std::uint32_t;  // of the artefact

    void meet(const Seen& seen);
    void lose(const Look& look);
    Followed& start(const Seen& seen);
    bool advance(Followed& file);  // true while it is to be looked at again
    enum class Origin : std::uint8_t { settled, copy, later };
    Origin settle_origin(Followed& file);
    bool take_over(Followed& file, Followed& from);
    bool stands(Followed& file);
    void restart(Followed& file);
    void release_copies(const std::set<ArtefactId>& over);
    void forget();

    void tell_unread(Followed& file, int fault);
    bool open(Followed& file);
    bool read_log(Followed& file);
    bool judge(Followed& file);
    void find_header(Followed& file);
    void submit_piece(Followed& file);
    void submit(Followed& file, Job job, Descriptor bytes, std::function<void(Followed&, Reply&&)> done,
                std::function<void(Followed&, const Damage&)> failed);
    void begin_at_end(Followed& file);
    const Parser* parser_of(const Followed& file) const;
    Job job_for(const Followed& file) const;
    void say_unread(Followed& file, const Reply& reply);
    void book_whole(Followed& file, Reply&& reply);

    Folders& folders_;
    Pool& pool_;
    std::span<const Parser> parsers_;
    From from_;
    Booked booked_;
    Note note_;
    std::map<Number, Followed> files_;
    std::map<FileId, Number> by_file_;
    std::set<Number> pending_;
    std::size_t busy_ = 0, open_ = 0, archives_ = 0;
    std::uint32_t next_artefact_ = 0;
    std::uint64_t bytes_ = 0;
    bool is_first_look_ = true, was_resumed_ = false;
    Steady::time_point next_sweep_{};
};

}  // namespace ascribe

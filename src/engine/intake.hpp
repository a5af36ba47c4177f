// Evidence to artefacts: folders, files, standard input and archives within archives become artefacts with ids, and
// their parts become jobs. Ids follow the evidence's own order, so they are the same for any number of workers.
#pragma once

#include <deque>
#include <expected>
#include <functional>
#include <string>

#include "engine/decoder.hpp"
#include "engine/ledger.hpp"
#include "engine/pool.hpp"

namespace ascribe {

struct Progress {
    std::uint64_t artefacts = 0, bytes_known = 0, bytes_done = 0;
    std::string now;  // path of the artefact taken last; evidence text, not escaped
};

/// Told of parts as they are done, in any order, and of artefacts that nothing more will come of.
class PartObserver {
public:
    virtual ~PartObserver() = default;
    virtual void part(ArtefactId artefact, std::uint64_t begin, std::uint64_t end, Reply& reply) = 0;
    virtual void closed(ArtefactId artefact) = 0;
};

struct IntakeOptions {
    OpenOptions open;
    Isolation isolation = Isolation::full;
    Limits limits;
    std::uint64_t max_output = 0;  // 0: the larger of kOutputFloor and kOutputFactor times the input
    std::function<void(const Progress&)> progress;
    PartObserver* observer = nullptr;
    bool hash = true;  // take the hash of every artefact
};

/// Bytes of decoded members that may wait in memory at once.
inline constexpr std::uint64_t kMembersInMemory = 512ull << 20;
/// Bytes that `-` may spool to an unnamed temporary file.
inline constexpr std::uint64_t kSpoolLimit = 64ull << 30;

class Intake {
public:
    Intake(Pool& pool, Ledger& ledger, const IntakeOptions& options)
        : pool_(pool),
          ledger_(ledger),
          options_(options),
          decoder_(open_options(options), options.isolation, options.limits) {}

    /// Takes one evidence argument. The error is a sentence: what could not be opened, why, what to do.
    std::expected<void, std::string> take(const std::string& argument);
    /// Opens the containers found, and those found in them, then waits for the last job.
    void finish();

private:
    /// What members are opened with.
    static OpenOptions open_options(const IntakeOptions& options) {
        auto open = options.open;
        open.hash = options.hash;
        open.whole = open.whole || options.hash;  // copies are set aside before anything of them is read
        return open;
    }
    std::string below_argument(std::string_view path) const;
    struct Container {
        ArtefactId artefact;
        std::uint32_t opener;
        Pool::SharedDescriptor descriptor;
        std::uint64_t size;
        int depth;
    };
    struct Member;

    enum class Streamed : bool { no, yes };  // yes: this is a member's first segment and more follow
    void submit_whole(ArtefactId id, const Pool::SharedDescriptor& descriptor, std::uint64_t size, int depth,
                      Streamed streamed);
    void submit_rest(const Job& first, const Reply& reply, const Pool::SharedDescriptor& descriptor);
    void open_container(const Container& container);
    Continuation take_segment(Member& member, const Container& outer, Segment segment);
    void find_out(Member& member);
    void read_on(const Member& member, const Segment& segment, const Pool::SharedDescriptor& bytes);
    void wait_for_memory();
    /// Sets an artefact aside whose bytes were read before, so that they count once; false when it is to be read. The
    /// digest is asked for only where an artefact of this size was there already.
    bool set_aside(ArtefactId id, std::uint64_t size, const std::function<std::optional<Digest>()>& digest);
    void record_entry(const Artefact& artefact, const Entry& entry);
    std::expected<void, std::string> take_stream(const std::string& argument);
    void report(const std::string& now);

    void book(const Job& done, std::uint64_t end, Reply reply);
    void one_less(ArtefactId artefact);

    struct Alike {  // artefacts of one size
        std::vector<ArtefactId> unsettled;
        std::map<Digest, ArtefactId> by_digest;
    };

    Pool& pool_;
    Ledger& ledger_;
    const IntakeOptions& options_;
    Decoder decoder_;
    std::deque<Container> containers_;
    std::vector<std::string> arguments_;
    std::map<std::uint64_t, Alike> by_size_;
    std::optional<ArtefactId> awaited_;          // to be inspected before anything else of it is taken
    std::map<ArtefactId, std::size_t> pending_;  // jobs, and one for a member that is still coming
    Progress progress_;
    std::uint64_t input_ = 0;
    std::uint64_t in_memory_ = 0;
    std::uint64_t output_ = 0, entries_ = 0, names_ = 0;
};

}  // namespace ascribe

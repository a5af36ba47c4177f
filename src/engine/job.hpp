// What the parent asks of a worker and what comes back. Both travel as bytes; the parent trusts nothing of a reply.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/channel.hpp"
#include "model/stage.hpp"

namespace ascribe {

enum class Task : std::uint8_t {
    inspect,  // recognise the artefact by its head; read its first part; hash it when that is all of it
    parse,    // read one further part with the parser already known
    hash,     // SHA-256 of an artefact of several parts
};

struct Job {
    Task task = Task::inspect;
    ArtefactId artefact;
    std::string path;                  // windows_path where known, else path
    std::string shown;                 // path, as the evidence names it
    std::uint64_t size = 0;            // of the bytes behind the descriptor
    std::uint64_t base = 0;            // artefact offset of the descriptor's first byte (streamed members)
    std::uint64_t begin = 0, end = 0;  // artefact offsets
    std::uint32_t parser = UINT32_MAX;
    std::string header;     // streamed members: the header line in force at `base`
    bool streamed = false;  // more segments follow: say which header is in force at the end
    bool hash = true;       // inspect: take the hash too
    bool window = false;    // the bytes may change: they are copied before they are read
    bool reuse = false;     // dumps: nobody reads the file of this worker's last lines any more

    void save(Writer&) const;
    static Result<Job> load(Reader&);
};

/// States by the server the rows speak of, then by detector; only detectors that saw rows have bytes.
using SavedStates = std::map<std::string, std::map<std::uint32_t, std::string>>;

/// What one rule cost a part.
struct RuleCost {
    std::uint32_t rule = 0;
    std::uint64_t judged = 0, held = 0;  // times its condition was evaluated, and held
};

struct Reply {
    std::uint32_t opener = UINT32_MAX;  // the artefact is a container of this kind
    std::uint32_t parser = UINT32_MAX;  // the parser that claimed it
    std::string unreadable;             // known by name and not read: why, and what to do
    std::string head;                   // the first bytes, to quote for claims about the file itself
    std::uint64_t parsed_until = 0;     // artefact offset
    std::string header;                 // streamed members: the header line in force at the end of the segment
    bool hashed = false;
    Digest digest{};
    std::uint64_t records = 0, recovered = 0, bad = 0, directives = 0, lines = 0, scanned = 0;
    std::vector<Damage> damage;
    Citations citations;
    SavedStates states;
    std::string hits;  // hunts: see engine/hunter.hpp
    std::uint64_t read_by_rules = 0, hits_not_listed = 0;
    std::vector<RuleCost> judged;
    std::uint64_t lines_bytes = 0;           // dumps: see engine/dumper.hpp
    std::shared_ptr<Descriptor> lines_file;  // dumps: what they are in; goes beside the bytes
    std::string examined;                    // scans of scripts: see engine/examiner.hpp
    std::uint64_t rows_of_kind = 0, rows_dumped = 0, rows_not_dumped = 0;
    std::uint64_t conditions_named = 0;  // dumps: bits of the first 64 conditions whose field some row had

    void save(Writer&) const;
    static Result<Reply> load(Reader&);
};

/// Bytes of a file's head that a reply carries.
inline constexpr std::size_t kQuotedHead = 512;
/// Hosts one part may name; rows of further hosts count as rows of no named server. A forwarded log names hundreds.
inline constexpr std::size_t kHostsPerPart = 4'096;

}  // namespace ascribe

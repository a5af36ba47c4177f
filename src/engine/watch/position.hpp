// Where reading of a growing file stands, and how the file is known again whatever it is called by then: by its inode,
// and by some bytes of its start and some just before the place reached. A file whose bytes there differ was truncated
// or replaced; another file with the same bytes there is a copy of it (copytruncate of logrotate, a move to another
// disk). The same inode is not enough: file systems give a deleted file's number to the next one.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/hash.hpp"
#include "base/reader.hpp"
#include "base/writer.hpp"
#include "model/artefact.hpp"

namespace ascribe {

/// Bytes hashed at each end. The header of an IIS log with its date, or some lines of any other log, fit in.
inline constexpr std::uint32_t kPrintBytes = 1'024;

/// What is remembered of the bytes read. Sizes are smaller where less was read.
struct Print {
    std::uint32_t head_size = 0, tail_size = 0;
    Digest head{}, tail{};
    friend bool operator==(const Print&, const Print&) = default;
};

/// The bytes themselves, at both ends of what was read. They are kept from the bytes that were read, not read again
/// afterwards: by then the file may be another.
struct Ends {
    std::string head, tail;
    /// What was read next.
    void add(std::string_view bytes);
};
/// The ends of the first `offset` bytes behind a descriptor; empty where they cannot be read.
Ends ends_of(int descriptor, std::uint64_t offset);
Print print_of(const Ends& ends);

/// The first bytes of a file, to be compared with the prints of many: read once, and hashed once for each size.
class Beginning {
public:
    explicit Beginning(int descriptor);
    /// Whether they are those of `print`. A print without a head is of nothing, and matches.
    bool is_of(const Print& print);

private:
    std::string bytes_;
    std::map<std::uint32_t, Digest> digests_;  // by size
};
/// The last bytes before `size` of two files are the same, as they are in a file and its copy.
bool same_before(int one, int other, std::uint64_t size);

/// Bytes [offset, offset + most) of a file, fewer at its end; nothing when they cannot be read.
std::optional<std::string> read_range(int descriptor, std::uint64_t offset, std::size_t most);

struct FileState {
    std::uint64_t size = 0;
    std::int64_t modified = 0;  // nanoseconds since 1970
    bool is_deleted = false;    // it has no name any more
};
FileState file_state(int descriptor);

struct FileId {
    std::uint64_t device = 0, inode = 0;
    friend auto operator<=>(const FileId&, const FileId&) = default;
};

struct Position {
    FileId file;
    std::string path;     // as last seen
    ArtefactId artefact;  // one for each file, and another once it was truncated
    std::string parser;   // name; "": not recognised yet, or no log
    std::uint64_t offset = 0;
    Print print;              // of the first `offset` bytes
    std::string header;       // the header line in force at `offset`
    std::uint64_t lines = 0;  // before `offset`
    bool counted = true;      // lines were counted from the start
    std::uint64_t size = 0;   // files that are judged whole: as judged
    std::int64_t modified = 0;

    void save(Writer& out) const;
    static Result<Position> load(Reader& in);
};

}  // namespace ascribe

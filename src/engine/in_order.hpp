// Parts are done in any order, by any worker; what they yield leaves in order of artefact and offset: the front
// artefact's pieces as they follow on each other, all others' when their turn comes. What waits for its turn is in
// memory up to a limit and in a file without a name beyond it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/bytes.hpp"
#include "engine/channel.hpp"
#include "model/artefact.hpp"

namespace ascribe {

class InOrder {
public:
    /// What one part yields: bytes, or a memory file of lines, which its writer may still change: see
    /// engine/memory_file.hpp.
    struct Piece {
        std::uint64_t begin = 0, end = 0;  // of the part
        std::uint64_t lines = 0;           // in the part
        std::string bytes;
        std::shared_ptr<Descriptor> file;
        std::uint64_t size = 0;  // of what is in the file
    };
    /// Gets every piece's bytes in order: at once, or of a file some whole lines at a time. `lines`: in the parts
    /// before it.
    using Release = std::function<void(ArtefactId, std::string_view bytes, std::uint64_t lines)>;

    explicit InOrder(Release release) : release_(std::move(release)) {}

    void add(ArtefactId artefact, Piece piece);
    /// Nothing more will come of this one.
    void close(ArtefactId artefact);
    /// Releases whatever still waits.
    void finish() { go_on(true); }
    /// Bytes that could not be read back; they were released as none.
    std::uint64_t lost() const { return lost_; }

private:
    struct Waiting {
        std::map<std::uint64_t, Piece> pieces;  // by where they begin
        std::uint64_t next = 0, lines = 0;
        bool closed = false;
    };
    struct Spilled {
        std::uint64_t at = 0, size = 0;
        bool lines = false;  // released some at a time, as from a file
    };

    void go_on(bool all);
    void spill(ArtefactId artefact, Piece& piece);
    void release(ArtefactId artefact, Piece& piece, std::uint64_t lines);
    void release_lines(ArtefactId artefact, int file, std::uint64_t at, std::uint64_t size, std::uint64_t lines);

    Release release_;
    std::map<ArtefactId, Waiting> artefacts_;
    ArtefactId front_{0};
    std::uint64_t waiting_ = 0;  // bytes
    std::size_t files_ = 0;
    Descriptor spill_;
    std::uint64_t spill_size_ = 0, lost_ = 0;
    std::map<std::pair<ArtefactId, std::uint64_t>, Spilled> spilled_;  // by artefact and begin
    std::string block_;                                                // of lines on their way
};

}  // namespace ascribe

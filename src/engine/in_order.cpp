#include "engine/in_order.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace ascribe {
namespace {

/// Bytes that wait for their turn in memory, and memory files that hold them: a process may have 1,024 files open, and
/// evidence needs most of them.
constexpr std::uint64_t kWaiting = 64 << 20;
constexpr std::size_t kFiles = 128;
/// A memory file up to this size is taken over as bytes, so that a folder of small logs needs no file each.
constexpr std::uint64_t kSmall = 64 << 10;

std::string read_at(int file, std::uint64_t at, std::uint64_t size) {
    std::string bytes(size, '\0');
    for (std::size_t done = 0; done < size;) {
        auto got = pread(file, bytes.data() + done, size - done, static_cast<off_t>(at + done));
        if (got <= 0) return {};
        done += static_cast<std::size_t>(got);
    }
    return bytes;
}

bool write_at(int file, std::uint64_t at, std::string_view bytes) {
    while (!bytes.empty()) {
        auto wrote = pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(at));
        if (wrote <= 0) return false;
        at += static_cast<std::uint64_t>(wrote);
        bytes.remove_prefix(static_cast<std::size_t>(wrote));
    }
    return true;
}

Descriptor unnamed_file() {
    const char* folder = std::getenv("TMPDIR");
    return Descriptor(open(folder != nullptr ? folder : "/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
}

std::uint64_t size_of(const InOrder::Piece& piece) { return piece.bytes.size() + (piece.file ? piece.size : 0); }

}  // namespace

void InOrder::add(ArtefactId artefact, Piece piece) {
    if (piece.begin == piece.end && size_of(piece) == 0) return;  // a hash job
    if (piece.file && piece.size <= kSmall) {
        piece.bytes = read_at(piece.file.number(), 0, piece.size);
        lost_ += piece.size - piece.bytes.size();
        piece.file = {};
    }
    bool is_next = artefact == front_ && piece.begin <= artefacts_[artefact].next;
    if (!is_next && (waiting_ + size_of(piece) > kWaiting || (piece.file && files_ >= kFiles))) spill(artefact, piece);
    waiting_ += size_of(piece);
    files_ += piece.file ? 1 : 0;
    auto begin = piece.begin;
    artefacts_[artefact].pieces[begin] = std::move(piece);
    go_on(false);
}

void InOrder::close(ArtefactId artefact) {
    artefacts_[artefact].closed = true;
    go_on(false);
}

void InOrder::spill(ArtefactId artefact, Piece& piece) {
    if (!spill_) spill_ = unnamed_file();
    if (!spill_) return;  // nowhere to write: it stays in memory
    auto size = size_of(piece);
    auto mapped = piece.file ? Bytes::map(piece.file.number(), size) : Result<Bytes>(Bytes{});
    if (!mapped) return;
    if (!write_at(spill_.number(), spill_size_, piece.file ? mapped->text() : std::string_view(piece.bytes))) return;
    spilled_[{artefact, piece.begin}] = {spill_size_, size};
    spill_size_ += size;
    piece.bytes = {};
    piece.file = {};
}

void InOrder::go_on(bool all) {
    while (!artefacts_.empty()) {
        auto at = all ? artefacts_.begin() : artefacts_.find(front_);
        if (at == artefacts_.end()) return;
        front_ = at->first;
        Waiting& waiting = at->second;
        while (!waiting.pieces.empty()) {
            auto first = waiting.pieces.begin();
            if (first->first > waiting.next && !waiting.closed && !all) return;  // a part before it is missing
            auto piece = std::move(first->second);
            waiting.pieces.erase(first);
            release(at->first, piece, waiting.lines);
            waiting.lines += piece.lines;
            waiting.next = std::max(waiting.next, piece.end);
        }
        if (!waiting.closed && !all) return;
        artefacts_.erase(at);
        front_ = ArtefactId{front_.value + 1};
    }
}

void InOrder::release(ArtefactId artefact, Piece& piece, std::uint64_t lines) {
    waiting_ -= size_of(piece);
    files_ -= piece.file ? 1 : 0;
    if (auto spilled = spilled_.find({artefact, piece.begin}); spilled != spilled_.end()) {
        piece.bytes = read_at(spill_.number(), spilled->second.at, spilled->second.size);
        lost_ += spilled->second.size - piece.bytes.size();
        spilled_.erase(spilled);
    }
    if (!piece.file) return release_(artefact, piece.bytes, lines);
    auto mapped = Bytes::map(piece.file.number(), piece.size);
    if (!mapped) lost_ += piece.size;
    release_(artefact, mapped ? mapped->text() : std::string_view{}, lines);
}

}  // namespace ascribe

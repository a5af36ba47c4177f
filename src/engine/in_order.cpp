#include "engine/in_order.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <span>

namespace ascribe {
namespace {

/// Bytes that wait for their turn in memory, and memory files that hold them: a process may have 1,024 files open, and
/// evidence needs most of them.
constexpr std::uint64_t kWaiting = 64 << 20;
constexpr std::size_t kFiles = 128;
/// A memory file up to this size is taken over as bytes, so that a folder of small logs needs no file each.
constexpr std::uint64_t kSmall = 64 << 10;
/// Lines on their way: so many stay in the second-level cache while they are looked at and written.
constexpr std::size_t kBlock = 256 << 10;
/// No row makes a longer line; a worker in the intruder's hands may say that it did.
constexpr std::size_t kLine = 64 << 20;

bool read_at(int file, std::uint64_t at, std::span<char> into) {
    while (!into.empty()) {
        auto got = pread(file, into.data(), into.size(), static_cast<off_t>(at));
        if (got <= 0) return false;
        at += static_cast<std::uint64_t>(got);
        into = into.subspan(static_cast<std::size_t>(got));
    }
    return true;
}

std::string read_at(int file, std::uint64_t at, std::uint64_t size) {
    std::string bytes(size, '\0');
    return read_at(file, at, std::span(bytes)) ? bytes : std::string();
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

/// By way of a block: the file's writer may change it meanwhile, and a mapping would fail when it shrinks.
bool copy(int from, std::uint64_t size, int into, std::uint64_t at) {
    std::string block(kBlock, '\0');
    for (std::uint64_t done = 0; done < size;) {
        auto taken = std::span(block).first(static_cast<std::size_t>(std::min<std::uint64_t>(size - done, kBlock)));
        if (!read_at(from, done, taken) || !write_at(into, at + done, {taken.data(), taken.size()})) return false;
        done += taken.size();
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
        piece.bytes = read_at(piece.file->number(), 0, piece.size);
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
    if (!piece.file && !write_at(spill_.number(), spill_size_, piece.bytes)) return;
    if (piece.file && !copy(piece.file->number(), size, spill_.number(), spill_size_)) return;
    spilled_[{artefact, piece.begin}] = {spill_size_, size, piece.file != nullptr};
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
        auto [at, size, is_lines] = spilled->second;
        spilled_.erase(spilled);
        if (is_lines) return release_lines(artefact, spill_.number(), at, size, lines);
        piece.bytes = read_at(spill_.number(), at, size);
        lost_ += size - piece.bytes.size();
    }
    if (piece.file) return release_lines(artefact, piece.file->number(), 0, piece.size, lines);
    release_(artefact, piece.bytes, lines);
}

/// A block at a time, each cut behind its last line's end; a longer line makes a longer block.
void InOrder::release_lines(ArtefactId artefact, int file, std::uint64_t at, std::uint64_t size, std::uint64_t lines) {
    std::size_t kept = 0;  // the beginning of a line, from the block before
    for (std::uint64_t left = size; left > 0;) {
        auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(left, kBlock));
        if (block_.size() < kept + taken) block_.resize(kept + taken);
        if (kept > kLine || !read_at(file, at, std::span(block_).subspan(kept, taken))) {
            lost_ += left + kept;
            return;
        }
        at += taken;
        left -= taken;
        std::string_view block(block_.data(), kept + taken);
        auto whole = left > 0 ? block.rfind('\n') + 1 : block.size();
        if (whole > 0) release_(artefact, block.substr(0, whole), lines);
        kept = block.size() - whole;
        std::memmove(block_.data(), block.data() + whole, kept);
    }
}

}  // namespace ascribe

#include "engine/watch/position.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace ascribe {
namespace {

using Piece = std::array<std::byte, kPrintBytes>;

/// Reads exactly `size` bytes at `offset`; empty when they are not there.
std::span<const std::byte> read_piece(int descriptor, std::uint64_t offset, std::size_t size, Piece& into) {
    for (std::size_t done = 0; done < size;) {
        auto got = pread(descriptor, into.data() + done, size - done, static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return {};
        done += static_cast<std::size_t>(got);
    }
    return std::span(into).first(size);
}

Result<void> load_digest(Reader& in, Digest& digest) {
    auto raw = TRY(in.take(digest.size(), "position.digest"));
    std::ranges::copy(raw, digest.begin());
    return {};
}

void save_digest(Writer& out, const Digest& digest) {
    for (std::byte byte : digest) out.little(static_cast<std::uint8_t>(byte));
}

}  // namespace

std::optional<std::string> read_range(int descriptor, std::uint64_t offset, std::size_t most) {
    std::string bytes(most, '\0');
    std::size_t done = 0;
    while (done < most) {
        auto got = pread(descriptor, bytes.data() + done, most - done, static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return {};
        if (got == 0) break;
        done += static_cast<std::size_t>(got);
    }
    bytes.resize(done);
    return bytes;
}

FileState file_state(int descriptor) {
    struct stat status {};
    if (fstat(descriptor, &status) != 0) return {};
    return {static_cast<std::uint64_t>(status.st_size), status.st_mtim.tv_sec * 1'000'000'000L + status.st_mtim.tv_nsec,
            status.st_nlink == 0};
}

Print print_of(int descriptor, std::uint64_t offset) {
    Print print;
    Piece piece;
    auto size = static_cast<std::uint32_t>(std::min<std::uint64_t>(offset, kPrintBytes));
    if (auto head = read_piece(descriptor, 0, size, piece); size > 0 && head.size() == size) {
        print.head = sha256(head);
        print.head_size = size;
    }
    if (auto tail = read_piece(descriptor, offset - size, size, piece); size > 0 && tail.size() == size) {
        print.tail = sha256(tail);
        print.tail_size = size;
    }
    return print;
}

bool begins_as(int descriptor, const Print& print) {
    Piece piece;
    auto head = read_piece(descriptor, 0, print.head_size, piece);
    return print.head_size == 0 || (head.size() == print.head_size && sha256(head) == print.head);
}

bool same_before(int one, int other, std::uint64_t size) {
    Piece mine, theirs;
    auto tail = static_cast<std::size_t>(std::min<std::uint64_t>(size, kPrintBytes));
    auto a = read_piece(one, size - tail, tail, mine), b = read_piece(other, size - tail, tail, theirs);
    return a.size() == tail && std::ranges::equal(a, b);
}

void Position::save(Writer& out) const {
    out.little(file.device);
    out.little(file.inode);
    out.text(path);
    out.little(artefact.value);
    out.text(parser);
    out.little(offset);
    out.little(print.head_size);
    save_digest(out, print.head);
    out.little(print.tail_size);
    save_digest(out, print.tail);
    out.text(header);
    out.little(lines);
    out.little(static_cast<std::uint8_t>(counted));
    out.little(size);
    out.little(modified);
}

Result<Position> Position::load(Reader& in) {
    Position position;
    position.file.device = TRY(in.little<std::uint64_t>("position.device"));
    position.file.inode = TRY(in.little<std::uint64_t>("position.inode"));
    position.path = TRY(in.text("position.path"));
    position.artefact.value = TRY(in.little<std::uint32_t>("position.artefact"));
    position.parser = TRY(in.text("position.parser"));
    position.offset = TRY(in.little<std::uint64_t>("position.offset"));
    position.print.head_size = TRY(in.little<std::uint32_t>("position.head_size"));
    TRY(load_digest(in, position.print.head));
    position.print.tail_size = TRY(in.little<std::uint32_t>("position.tail_size"));
    TRY(load_digest(in, position.print.tail));
    if (position.print.head_size > kPrintBytes || position.print.tail_size > kPrintBytes)
        return std::unexpected(Error{Fault::too_large, "position.print", in.offset()});
    position.header = TRY(in.text("position.header"));
    position.lines = TRY(in.little<std::uint64_t>("position.lines"));
    position.counted = TRY(in.little<std::uint8_t>("position.counted")) != 0;
    position.size = TRY(in.little<std::uint64_t>("position.size"));
    position.modified = TRY(in.little<std::int64_t>("position.modified"));
    return position;
}

}  // namespace ascribe

#include "engine/watch/position.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace ascribe {
namespace {

/// Exactly `size` bytes at `offset`; empty when they are not there.
std::string exactly(int descriptor, std::uint64_t offset, std::size_t size) {
    auto bytes = read_range(descriptor, offset, size);
    return bytes && bytes->size() == size ? std::move(*bytes) : std::string();
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

void Ends::add(std::string_view bytes) {
    head += bytes.substr(0, kPrintBytes - std::min<std::size_t>(head.size(), kPrintBytes));
    tail += bytes.substr(bytes.size() - std::min<std::size_t>(bytes.size(), kPrintBytes));
    if (tail.size() > kPrintBytes) tail.erase(0, tail.size() - kPrintBytes);
}

Ends ends_of(int descriptor, std::uint64_t offset) {
    auto size = static_cast<std::size_t>(std::min<std::uint64_t>(offset, kPrintBytes));
    return {exactly(descriptor, 0, size), exactly(descriptor, offset - size, size)};
}

Print print_of(const Ends& ends) {
    Print print{static_cast<std::uint32_t>(ends.head.size()), static_cast<std::uint32_t>(ends.tail.size()), {}, {}};
    if (!ends.head.empty()) print.head = sha256(ends.head);
    if (!ends.tail.empty()) print.tail = sha256(ends.tail);
    return print;
}

Beginning::Beginning(int descriptor) : bytes_(read_range(descriptor, 0, kPrintBytes).value_or("")) {}

bool Beginning::is_of(const Print& print) {
    if (print.head_size == 0) return true;
    if (print.head_size > bytes_.size()) return false;
    auto [digest, is_new] = digests_.try_emplace(print.head_size);
    if (is_new) digest->second = sha256(std::string_view(bytes_).substr(0, print.head_size));
    return digest->second == print.head;
}

bool same_before(int one, int other, std::uint64_t size) {
    auto tail = static_cast<std::size_t>(std::min<std::uint64_t>(size, kPrintBytes));
    auto mine = exactly(one, size - tail, tail);
    return mine.size() == tail && mine == exactly(other, size - tail, tail);
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

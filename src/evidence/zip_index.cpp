#include "evidence/zip_index.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "base/reader.hpp"
#include "evidence/opener.hpp"

namespace ascribe {
namespace {

// Record sizes and signatures: PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16.
constexpr std::uint32_t kDirectoryEntry = 0x02014B50, kDirectoryEnd = 0x06054B50;
constexpr std::size_t kEndSize = 22, kCommentLimit = 0xFFFF;
constexpr std::uint64_t kDirectoryLimit = 512ull << 20;  // 2 M entries of 256 bytes

std::vector<std::byte> read_at(int descriptor, std::uint64_t offset, std::uint64_t size) {
    std::vector<std::byte> bytes(size);
    auto got = pread(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
}

struct Extent {
    std::uint64_t begin, size;
};

/// The extents of compressed data named by the directory; 64-bit entries are left to libarchive.
Result<std::vector<Extent>> extents(Reader& in, std::uint32_t count) {
    std::vector<Extent> list;
    for (std::uint32_t i = 0; i < count; ++i) {
        auto magic = TRY(in.little<std::uint32_t>("zip.directory.magic"));
        if (magic != kDirectoryEntry) break;
        TRY(in.take(16, "zip.directory.versions"));
        auto packed = TRY(in.little<std::uint32_t>("zip.directory.packed_size"));
        TRY(in.take(4, "zip.directory.size"));
        auto name = TRY(in.little<std::uint16_t>("zip.directory.name_size"));
        auto extra = TRY(in.little<std::uint16_t>("zip.directory.extra_size"));
        auto comment = TRY(in.little<std::uint16_t>("zip.directory.comment_size"));
        TRY(in.take(8, "zip.directory.attributes"));
        auto offset = TRY(in.little<std::uint32_t>("zip.directory.offset"));
        TRY(in.take(std::size_t{name} + extra + comment, "zip.directory.names"));
        if (packed != UINT32_MAX && offset != UINT32_MAX && packed > 0) list.push_back({offset, packed});
    }
    return list;
}

}  // namespace

Result<void> check_zip_index(int descriptor) {
    struct stat status{};
    if (fstat(descriptor, &status) != 0 || status.st_size < static_cast<off_t>(kEndSize)) return {};
    auto size = static_cast<std::uint64_t>(status.st_size);
    auto tail = read_at(descriptor, size - std::min<std::uint64_t>(size, kEndSize + kCommentLimit), std::min<std::uint64_t>(size, kEndSize + kCommentLimit));
    auto at = as_text(tail).rfind("PK\5\6");
    if (at == std::string_view::npos) return {};
    Reader end(std::span<const std::byte>(tail).subspan(at));
    auto magic = TRY(end.little<std::uint32_t>("zip.end.magic"));
    if (magic != kDirectoryEnd || !end.take(6, "zip.end.disks")) return {};
    auto count = end.little<std::uint16_t>("zip.end.entries");
    auto length = end.little<std::uint32_t>("zip.end.directory_size");
    auto start = end.little<std::uint32_t>("zip.end.directory_offset");
    if (!count || !length || !start || *length > kDirectoryLimit || std::uint64_t{*start} + *length > size) return {};
    auto directory = read_at(descriptor, *start, *length);
    Reader in(std::span<const std::byte>(directory), *start);
    auto list = extents(in, *count);
    if (!list) return {};
    std::ranges::sort(*list, {}, &Extent::begin);
    for (std::size_t i = 1; i < list->size(); ++i)
        if ((*list)[i].begin < (*list)[i - 1].begin + (*list)[i - 1].size)
            return std::unexpected(Error{Fault::too_large, "archive.overlap", (*list)[i].begin, (*list)[i - 1].begin + (*list)[i - 1].size, (*list)[i].begin});
    return {};
}

}  // namespace ascribe

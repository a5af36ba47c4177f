// Reads the end record, the 64-bit end record where there is one, and the directory entries, and chooses the same
// records as libarchive does, so that what is checked here is what is decoded there. Memory: 16 bytes an entry. PKWARE
// APPNOTE 6.3.10: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
#include "evidence/zip_index.hpp"

#include <unistd.h>

#include <algorithm>
#include <vector>

#include "base/reader.hpp"
#include "evidence/opener.hpp"

namespace ascribe {
namespace {

using namespace std::string_view_literals;

// Record sizes and signatures: APPNOTE 4.3.7 (local header), 4.3.12 (directory entry), 4.3.14 to 4.3.16 (end records).
constexpr std::string_view kEntryMagic = "PK\1\2"sv, kEndMagic = "PK\5\6"sv, kEnd64Magic = "PK\6\6"sv,
                           kLocatorMagic = "PK\6\7"sv;
constexpr std::uint64_t kLocalHeaderSize = 30, kEntrySize = 46, kEndSize = 22, kEnd64Size = 56, kLocatorSize = 20;
constexpr std::uint64_t kCommentLimit = 0xFFFF;
constexpr std::uint16_t kExtra64 = 1;  // APPNOTE 4.5.3
constexpr std::size_t kWindow = 1 << 20,
                      kLargestEntry = 46 + 3 * 0xFFFF;  // a name, an extra field and a comment of 64 KiB

std::vector<std::byte> read_at(int descriptor, std::uint64_t offset, std::uint64_t size) {
    std::vector<std::byte> bytes(size);
    std::size_t have = 0;
    while (have < bytes.size()) {
        auto got = pread(descriptor, bytes.data() + have, bytes.size() - have, static_cast<off_t>(offset + have));
        if (got <= 0) break;
        have += static_cast<std::size_t>(got);
    }
    bytes.resize(have);
    return bytes;
}

/// Where the directory begins, by the last end record of the file; nothing when there is no sane one.
std::optional<std::uint64_t> directory_start(int descriptor, std::uint64_t size) {
    if (size < kEndSize) return {};
    auto tail_size = std::min(size, kEndSize + kCommentLimit + kLocatorSize);
    auto tail_start = size - tail_size;
    auto tail = read_at(descriptor, tail_start, tail_size);
    if (tail.size() < kEndSize) return {};
    auto at = as_text(tail).rfind(kEndMagic, tail.size() - kEndSize);
    if (at == std::string_view::npos) return {};
    auto field = [&](std::size_t offset) {
        Reader in(std::span<const std::byte>(tail).subspan(at + offset));
        return std::uint64_t{in.little<std::uint32_t>("zip.end").value_or(0)};
    };
    auto end = tail_start + at;
    if (at >= kLocatorSize && as_text(tail).substr(at - kLocatorSize).starts_with(kLocatorMagic)) {
        Reader locator(std::span<const std::byte>(tail).subspan(at - kLocatorSize + 8));
        auto where = locator.little<std::uint64_t>("zip.locator").value_or(size);
        if (where < size && size - where >= kEnd64Size) {
            auto record = read_at(descriptor, where, kEnd64Size);
            Reader in(record);
            if (as_text(record).starts_with(kEnd64Magic) && in.seek(48, "zip.end64"))
                return in.little<std::uint64_t>("zip.end64.directory_offset").value_or(size);
        }
    }
    auto length = field(12);
    return length <= end ? std::optional(end - length) : std::nullopt;
}

struct Extent {
    std::uint64_t begin, size;
};

struct DirectoryEntry {
    std::uint64_t offset = 0, packed = 0;
    std::string_view name;
    std::size_t length = 0;  // of the directory entry itself
};

/// The 64-bit values an extra field holds for those that are all ones, in the order of APPNOTE 4.5.3.
void widen(std::span<const std::byte> extra, std::uint32_t unpacked, DirectoryEntry& entry) {
    Reader in(extra);
    while (in.left() >= 4) {
        auto kind = *in.little<std::uint16_t>("zip.extra.kind");
        auto body = in.take(*in.little<std::uint16_t>("zip.extra.size"), "zip.extra");
        if (!body) return;
        if (kind != kExtra64) continue;
        Reader wide(*body);
        auto next = [&](std::uint64_t otherwise) {
            return wide.little<std::uint64_t>("zip.extra.value").value_or(otherwise);
        };
        if (unpacked == UINT32_MAX) next(0);
        if (entry.packed == UINT32_MAX) entry.packed = next(entry.packed);
        if (entry.offset == UINT32_MAX) entry.offset = next(entry.offset);
    }
}

Result<DirectoryEntry> read_entry(std::span<const std::byte> bytes) {
    Reader in(bytes);
    DirectoryEntry entry;
    if (!as_text(bytes).starts_with(kEntryMagic))
        return std::unexpected(Error{Fault::bad_magic, "zip.directory.magic"});
    TRY(in.take(20, "zip.directory.versions"));
    entry.packed = TRY(in.little<std::uint32_t>("zip.directory.packed_size"));
    auto unpacked = TRY(in.little<std::uint32_t>("zip.directory.size"));
    auto name = TRY(in.little<std::uint16_t>("zip.directory.name_size"));
    auto extra = TRY(in.little<std::uint16_t>("zip.directory.extra_size"));
    auto comment = TRY(in.little<std::uint16_t>("zip.directory.comment_size"));
    TRY(in.take(8, "zip.directory.attributes"));
    entry.offset = TRY(in.little<std::uint32_t>("zip.directory.offset"));
    auto name_bytes = TRY(in.take(name, "zip.directory.name"));
    auto extra_bytes = TRY(in.take(extra, "zip.directory.extra"));
    entry.name = as_text(name_bytes);
    widen(extra_bytes, unpacked, entry);
    entry.length = kEntrySize + name + extra + std::size_t{comment};
    return entry;
}

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

struct Directory {
    std::vector<Extent> extents;
    std::vector<std::pair<std::uint64_t, std::string>> names;  // by local header
};

Directory read_directory(int descriptor, std::uint64_t start) {
    Directory directory;
    auto window = read_at(descriptor, start, kWindow);
    // Data put before the archive shifts every offset; libarchive looks forward for the first entry, and so do we.
    auto first = as_text(window).find(kEntryMagic);
    std::size_t at = first == std::string_view::npos ? window.size() : first;
    while (directory.extents.size() <= kEntryLimit) {
        if (window.size() == kWindow && window.size() - at < kLargestEntry) {
            start += at;
            at = 0;
            window = read_at(descriptor, start, kWindow);
        }
        auto entry = read_entry(std::span<const std::byte>(window).subspan(std::min(at, window.size())));
        if (!entry) break;
        auto size = kLocalHeaderSize + entry->name.size() + entry->packed;
        directory.extents.push_back({entry->offset, size < entry->packed ? entry->packed : size});
        if (!is_ascii(entry->name)) directory.names.emplace_back(entry->offset, entry->name);
        at += entry->length;
    }
    return directory;
}

}  // namespace

Result<ZipIndex> read_zip_index(int descriptor) {
    auto size = size_of(descriptor);
    if (size < 0) return ZipIndex{};
    auto start = directory_start(descriptor, static_cast<std::uint64_t>(size));
    if (!start) return ZipIndex{};
    auto [extents, names] = read_directory(descriptor, *start);
    std::ranges::sort(extents, {}, &Extent::begin);
    for (std::size_t i = 1; i < extents.size(); ++i) {
        const Extent &before = extents[i - 1], &after = extents[i];
        if (after.begin - before.begin < before.size) {
            auto at = std::min(after.begin, static_cast<std::uint64_t>(size));  // the directory may say anything
            return std::unexpected(
                Error{Fault::too_large, "archive.overlap", at, before.size, after.begin - before.begin});
        }
    }
    ZipIndex index;
    for (auto& [offset, name] : names) {
        auto place = std::ranges::lower_bound(extents, offset, {}, &Extent::begin) - extents.begin();
        std::ranges::replace(name, '\0', '_');
        index.names.emplace(static_cast<std::uint64_t>(place), std::move(name));
    }
    return index;
}

}  // namespace ascribe

// Archives and single compressed files through libarchive. This is third-party C code on hostile bytes: it runs in a
// confined process that holds the container's descriptor and nothing else, and hands members to a sink that counts bytes.
#include <archive.h>
#include <archive_entry.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <vector>

#include "base/bytes.hpp"
#include "base/text.hpp"
#include "evidence/opener.hpp"
#include "evidence/zip_index.hpp"

namespace ascribe {
namespace {

/// The container as libarchive reads it: positioned reads, so that the descriptor may be shared.
struct Input {
    int descriptor;
    std::int64_t at = 0, size = 0;
    std::array<char, 1 << 16> buffer;
};

la_ssize_t read_some(archive*, void* context, const void** bytes) {
    auto& input = *static_cast<Input*>(context);
    auto got = pread(input.descriptor, input.buffer.data(), input.buffer.size(), input.at);
    if (got > 0) input.at += got;
    *bytes = input.buffer.data();
    return got;
}

la_int64_t skip(archive*, void* context, la_int64_t bytes) {
    auto& input = *static_cast<Input*>(context);
    auto step = std::min(bytes, input.size - input.at);
    input.at += std::max<la_int64_t>(step, 0);
    return std::max<la_int64_t>(step, 0);
}

la_int64_t seek(archive*, void* context, la_int64_t offset, int whence) {
    auto& input = *static_cast<Input*>(context);
    auto to = whence == SEEK_SET ? offset : whence == SEEK_CUR ? input.at + offset : input.size + offset;
    if (to < 0 || to > input.size) return ARCHIVE_FATAL;
    return input.at = to;
}

using Archive = std::unique_ptr<archive, decltype(&archive_read_free)>;

std::optional<Time> time_of(bool set, std::int64_t seconds, long nanoseconds) {
    constexpr std::int64_t kYear1601 = -11'644'473'600, kYear10000 = 253'402'300'800;
    if (!set || seconds <= kYear1601 || seconds >= kYear10000) return {};
    return Time{std::chrono::seconds{seconds}} + Ticks{nanoseconds / 100};
}

Entry describe(archive_entry* item, std::string_view otherwise) {
    Entry entry;
    const char* name = archive_entry_pathname(item);
    if (name == nullptr) name = archive_entry_pathname_utf8(item);
    entry.path = name != nullptr ? std::string(name) : std::string(otherwise);
    auto type = archive_entry_filetype(item);
    bool linked = type == AE_IFLNK || archive_entry_hardlink(item) != nullptr;
    entry.kind = linked            ? EntryKind::link
                 : type == AE_IFDIR ? EntryKind::directory
                 : type == AE_IFREG || type == 0 ? EntryKind::file
                                    : EntryKind::device;
    if (entry.kind == EntryKind::file && entry.path.ends_with('/')) entry.kind = EntryKind::directory;
    if (linked) {
        const char* target = type == AE_IFLNK ? archive_entry_symlink(item) : archive_entry_hardlink(item);
        if (target != nullptr) entry.link_target = target;
    }
    entry.size = archive_entry_size_is_set(item) ? static_cast<std::uint64_t>(std::max<la_int64_t>(archive_entry_size(item), 0)) : 0;
    entry.modified = time_of(archive_entry_mtime_is_set(item) != 0, archive_entry_mtime(item), archive_entry_mtime_nsec(item));
    entry.created = time_of(archive_entry_birthtime_is_set(item) != 0, archive_entry_birthtime(item), archive_entry_birthtime_nsec(item));
    entry.encrypted = archive_entry_is_encrypted(item) != 0;
    return entry;
}

/// What libarchive's message means for us.
Error error_of(archive* reader, std::int64_t offset, bool encrypted) {
    const char* text = archive_error_string(reader);
    std::string_view message = text != nullptr ? text : "";
    auto at = static_cast<std::uint64_t>(std::max<std::int64_t>(offset, 0));
    if (encrypted || contains_folded(message, "passphrase") || contains_folded(message, "encrypt"))
        return {Fault::encrypted, "archive.member: give the password with --password-file", at};
    if (contains_folded(message, "truncated")) return {Fault::truncated, "archive", at};
    if (contains_folded(message, "crc") || contains_folded(message, "checksum")) return {Fault::checksum, "archive.member", at};
    if (contains_folded(message, "unsupported")) return {Fault::unsupported, "archive.member", at};
    return {Fault::bad_value, "archive", at};
}

enum class Member { whole, damaged, stopped, over };

/// Streams one member's bytes, holes of sparse files as zeros, so that the sink counts every byte produced.
Member copy_member(archive* reader, const Input& input, const Entry& entry, MemberSink& sink) {
    static constexpr std::array<std::byte, 1 << 16> zeros{};
    const void* bytes = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0, written = 0;
    while (true) {
        int status = archive_read_data_block(reader, &bytes, &size, &offset);
        if (status == ARCHIVE_EOF) return Member::whole;
        if (status < ARCHIVE_WARN) {
            sink.damage(error_of(reader, input.at, entry.encrypted), entry.path);
            return status == ARCHIVE_FATAL ? Member::over : Member::damaged;
        }
        while (written < offset) {
            auto step = std::min<la_int64_t>(offset - written, static_cast<la_int64_t>(zeros.size()));
            if (!sink.write(std::span(zeros).first(static_cast<std::size_t>(step)))) return Member::stopped;
            written += step;
        }
        if (size > 0 && !sink.write({static_cast<const std::byte*>(bytes), size})) return Member::stopped;
        written += static_cast<la_int64_t>(size);
    }
}

std::string name_without_suffix(std::string_view path) {
    auto name = base_name(path.substr(path.rfind('!') == std::string_view::npos ? 0 : path.rfind('!') + 1));
    auto dot = name.rfind('.');
    return std::string(dot == std::string_view::npos || dot == 0 ? name : name.substr(0, dot));
}

Result<void> read_all(archive* reader, int descriptor, std::string_view path, const OpenOptions& options, MemberSink& sink) {
    struct stat status{};
    if (fstat(descriptor, &status) != 0) return std::unexpected(Error{Fault::io, "archive.size"});
    auto input = std::make_unique<Input>();
    input->descriptor = descriptor;
    input->size = status.st_size;
    for (const std::string& password : options.passwords) archive_read_add_passphrase(reader, password.c_str());
    archive_read_set_read_callback(reader, read_some);
    archive_read_set_skip_callback(reader, skip);
    archive_read_set_seek_callback(reader, seek);
    archive_read_set_callback_data(reader, input.get());
    if (archive_read_open1(reader) != ARCHIVE_OK) return std::unexpected(error_of(reader, input->at, false));
    auto otherwise = name_without_suffix(path);
    while (true) {
        archive_entry* item = nullptr;
        int header = archive_read_next_header(reader, &item);
        if (header == ARCHIVE_EOF) return {};
        if (header == ARCHIVE_FATAL) return std::unexpected(error_of(reader, input->at, false));
        if (header < ARCHIVE_WARN) {
            sink.damage(error_of(reader, input->at, false), "");
            continue;
        }
        Entry entry = describe(item, otherwise);
        if (entry.path == "data" && archive_format(reader) == ARCHIVE_FORMAT_RAW) entry.path = otherwise;
        if (!sink.begin(entry)) return {};
        if (entry.kind != EntryKind::file) continue;
        auto copied = copy_member(reader, *input, entry, sink);
        if (copied == Member::stopped) return {};
        if (!sink.end()) return {};
        if (copied == Member::over) return {};
    }
}

bool starts_with(std::span<const std::byte> head, std::string_view magic) { return as_text(head).starts_with(magic); }

/// zip, 7z, rar and tar by their magic; the name only decides ties.
int claim_archive(std::string_view, std::span<const std::byte> head) {
    using namespace std::string_view_literals;
    if (starts_with(head, "PK\3\4"sv) || starts_with(head, "PK\5\6"sv) || starts_with(head, "7z\xBC\xAF\x27\x1C"sv) || starts_with(head, "Rar!\x1A\x07"sv)) return 95;
    return head.size() >= 262 && as_text(head).substr(257, 5) == "ustar" ? 95 : 0;
}

Result<void> open_archive(int descriptor, std::string_view path, const OpenOptions& options, MemberSink& sink) {
    if (auto sane = check_zip_index(descriptor); !sane) return std::unexpected(sane.error());
    Archive reader(archive_read_new(), archive_read_free);
    archive_read_support_format_zip_seekable(reader.get());
    archive_read_support_format_7zip(reader.get());
    archive_read_support_format_rar(reader.get());
    archive_read_support_format_rar5(reader.get());
    archive_read_support_format_tar(reader.get());
    return read_all(reader.get(), descriptor, path, options, sink);
}

int claim_compressed(std::string_view, std::span<const std::byte> head) {
    using namespace std::string_view_literals;
    for (auto magic : {"\x1F\x8B\x08"sv, "\xFD" "7zXZ\0"sv, "\x28\xB5\x2F\xFD"sv, "BZh"sv, "\x04\x22\x4D\x18"sv})
        if (starts_with(head, magic)) return 90;
    return 0;
}

/// gz, xz, zst, bz2, lz4: one stream, which may be a tar.
Result<void> open_compressed(int descriptor, std::string_view path, const OpenOptions& options, MemberSink& sink) {
    Archive reader(archive_read_new(), archive_read_free);
    archive_read_support_filter_gzip(reader.get());
    archive_read_support_filter_xz(reader.get());
    archive_read_support_filter_zstd(reader.get());
    archive_read_support_filter_bzip2(reader.get());
    archive_read_support_filter_lz4(reader.get());
    archive_read_support_format_tar(reader.get());
    archive_read_support_format_raw(reader.get());
    return read_all(reader.get(), descriptor, path, options, sink);
}

}  // namespace

extern const Opener kArchiveOpener, kCompressedOpener;
const Opener kArchiveOpener{"archive", "zip, 7z, rar and tar archives", claim_archive, open_archive};
const Opener kCompressedOpener{"compressed", "single files and tars compressed with gzip, xz, zstd, bzip2 or lz4", claim_compressed, open_compressed};

}  // namespace ascribe

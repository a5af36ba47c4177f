// Archives and single compressed files through libarchive. This is third-party C code on hostile bytes: it runs in a
// confined process that holds the container's descriptor and nothing else, and hands members to a sink that counts
// bytes.
//
// What libarchive leaves to us: names are given in the process's character set or not at all, so UTF-8 is set for the
// time of the call, and a zip's names come from its own directory; a member that cannot be decoded ends a zip for
// libarchive, so the zip is opened again behind that member; DOS times are turned by the process's time zone, so that
// is UTC here.
#include "evidence/archive.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <vector>

#include "base/bytes.hpp"
#include "base/reader.hpp"
#include "base/text.hpp"
#include "evidence/gzip.hpp"
#include "evidence/zip_index.hpp"

namespace ascribe {
namespace {

using namespace std::string_view_literals;

// A zip is opened again behind this many broken members; more is a broken zip, not a zip with broken members.
constexpr int kResumes = 64;
// Headers that fail in a row before the rest is given up: libarchive tries the next 512 bytes of a damaged tar each
// time.
constexpr int kBadHeaders = 4'096;
// Blocks without bytes in a row before a member is given up: libarchive repeats a warning without moving on.
constexpr int kIdleBlocks = 16;
// Told by their first bytes, which no text has: a log that lies in one as it is, is not what the file is.
constexpr int kCertain = 98;

locale_t utf8() {
    static const locale_t loaded = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    return loaded;
}

/// UTF-8 names and UTC for the time of one call.
class Surroundings {
public:
    Surroundings() : before_(utf8() != nullptr ? uselocale(utf8()) : nullptr) {
        setenv("TZ", "UTC0", 1);  // the notation that needs no file
        tzset();
    }
    ~Surroundings() {
        if (before_ != nullptr) uselocale(before_);
    }
    Surroundings(const Surroundings&) = delete;
    Surroundings& operator=(const Surroundings&) = delete;

private:
    locale_t before_;
};

/// The container as libarchive reads it: positioned reads, so that the descriptor may be shared. What gzip packed is
/// unpacked before libarchive sees it.
struct Input {
    int descriptor;
    std::int64_t at = 0, size = 0;
    std::array<char, 1 << 16> buffer;
    std::optional<GzipStream> gzip = {};
};

la_ssize_t read_some(archive*, void* context, const void** bytes) {
    auto& input = *static_cast<Input*>(context);
    auto got = pread(input.descriptor, input.buffer.data(), input.buffer.size(), input.at);
    if (got > 0) input.at += got;
    *bytes = input.buffer.data();
    return got;
}

/// Where the rest cannot be read the stream ends for libarchive, which would drop the bytes before an error that it
/// looked ahead for.
la_ssize_t read_gzip(archive*, void* context, const void** bytes) {
    auto got = static_cast<Input*>(context)->gzip->next();
    *bytes = got.data();
    return static_cast<la_ssize_t>(got.size());
}

la_int64_t skip(archive*, void* context, la_int64_t bytes) {
    auto& input = *static_cast<Input*>(context);
    auto step = std::max<la_int64_t>(std::min(bytes, input.size - input.at), 0);
    input.at += step;
    return step;
}

la_int64_t seek(archive*, void* context, la_int64_t offset, int whence) {
    auto& input = *static_cast<Input*>(context);
    auto from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? input.at : input.size;
    la_int64_t to = 0;
    if (__builtin_add_overflow(from, offset, &to) || to < 0 || to > input.size) return ARCHIVE_FATAL;
    return input.at = to;
}

using Archive = std::unique_ptr<archive, decltype(&archive_read_free)>;
using Support = void (*)(archive*);

std::optional<Time> time_of(bool set, std::int64_t seconds, long nanoseconds) {
    constexpr std::int64_t kYear1601 = -11'644'473'600, kYear10000 = 253'402'300'800;
    if (!set || seconds <= kYear1601 || seconds >= kYear10000) return {};
    return Time{std::chrono::seconds{seconds}} + Ticks{nanoseconds / 100};
}

Entry describe(archive_entry* item) {
    Entry entry;
    const char* name = archive_entry_pathname(item);
    if (name == nullptr) name = archive_entry_pathname_utf8(item);
    if (name != nullptr) entry.path = name;
    auto type = archive_entry_filetype(item);
    bool linked = type == AE_IFLNK || archive_entry_hardlink(item) != nullptr;
    entry.kind = linked                          ? EntryKind::link
                 : type == AE_IFDIR              ? EntryKind::directory
                 : type == AE_IFREG || type == 0 ? EntryKind::file
                                                 : EntryKind::device;
    if (entry.kind == EntryKind::file && entry.path.ends_with('/')) entry.kind = EntryKind::directory;
    if (linked) {
        const char* target = type == AE_IFLNK ? archive_entry_symlink(item) : archive_entry_hardlink(item);
        if (target != nullptr) entry.link_target = target;
    }
    if (archive_entry_size_is_set(item))
        entry.size = static_cast<std::uint64_t>(std::max<la_int64_t>(archive_entry_size(item), 0));
    entry.modified =
        time_of(archive_entry_mtime_is_set(item) != 0, archive_entry_mtime(item), archive_entry_mtime_nsec(item));
    entry.created = time_of(archive_entry_birthtime_is_set(item) != 0, archive_entry_birthtime(item),
                            archive_entry_birthtime_nsec(item));
    entry.encrypted = archive_entry_is_encrypted(item) != 0;
    return entry;
}

/// One container being decoded.
struct Work {
    int descriptor;
    std::string_view path;
    const OpenOptions& options;
    MemberSink& sink;
    Support support;
    ZipIndex index;
    bool zip = false;
    bool gzip = false;
};

/// What libarchive's message means for us.
Error error_of(archive* reader, const Work& work, const Input& input, bool encrypted) {
    if (input.gzip && input.gzip->fault()) return *input.gzip->fault();
    const char* text = archive_error_string(reader);
    std::string_view message = text != nullptr ? text : "";
    auto at = static_cast<std::uint64_t>(std::max<std::int64_t>(input.at, 0));
    auto says = [&](std::string_view word) { return contains_folded(message, word); };
    // liblzma's words for input that ended too soon.
    if (says("truncated") || (says("no progress is possible") && input.at >= input.size))
        return {Fault::truncated, "archive", at};
    if (says("currently not supported") || says("encryption support"))
        return {Fault::encrypted, "archive.member: this encryption is not read; unpack it and give the folder", at};
    if (encrypted || says("passphrase") || says("encrypt"))
        return {Fault::encrypted,
                work.options.passwords.empty() ? "archive.member: give the password with --password-file"
                                               : "archive.member: no password of --password-file fits",
                at};
    if (says("crc") || says("checksum")) return {Fault::checksum, "archive.member", at};
    if (says("unsupported")) return {Fault::unsupported, "archive.member", at};
    if (says("allocate") || says("memory")) return {Fault::too_large, "archive.memory", at};
    if (says("unrecognized archive format")) return {Fault::bad_magic, "archive", at};
    return {Fault::bad_value, "archive", at};
}

enum class Member { whole, damaged, stopped, over };

bool write_zeros(MemberSink& sink, la_int64_t count) {
    static constexpr std::array<std::byte, 1 << 16> zeros{};
    while (count > 0) {
        auto step = std::min<la_int64_t>(count, static_cast<la_int64_t>(zeros.size()));
        if (!sink.write(std::span(zeros).first(static_cast<std::size_t>(step)))) return false;
        count -= step;
    }
    return true;
}

/// Streams one member's bytes, holes of sparse files as zeros, so that the sink counts every byte produced.
Member copy_member(archive* reader, const Work& work, const Input& input, const Entry& entry) {
    la_int64_t written = 0;
    bool warned = false;
    for (int idle = 0; idle < kIdleBlocks;) {
        const void* bytes = nullptr;
        std::size_t size = 0;
        la_int64_t offset = written;
        int status = archive_read_data_block(reader, &bytes, &size, &offset);
        if (status < ARCHIVE_WARN) {
            work.sink.damage(error_of(reader, work, input, entry.encrypted), entry.path);
            return status == ARCHIVE_FATAL ? Member::over : Member::damaged;
        }
        if (status < ARCHIVE_OK && !warned) {
            work.sink.damage(error_of(reader, work, input, entry.encrypted), entry.path);
            warned = true;
        }
        // The last block of a sparse file is its end: an offset without bytes.
        if (!write_zeros(work.sink, offset - written)) return Member::stopped;
        written = std::max(written, offset);
        if (status == ARCHIVE_EOF) return Member::whole;
        idle = size > 0 ? 0 : idle + 1;
        if (size > 0 && !work.sink.write({static_cast<const std::byte*>(bytes), size})) return Member::stopped;
        written += static_cast<la_int64_t>(size);
    }
    work.sink.damage({Fault::bad_value, "archive.member", static_cast<std::uint64_t>(input.at)}, entry.path);
    return Member::damaged;
}

/// "u_ex210301.log" of "old.zip!logs/u_ex210301.log.gz".
std::string name_without_suffix(std::string_view path) {
    auto archive = path.rfind('!');
    auto name = base_name(archive == std::string_view::npos ? path : path.substr(archive + 1));
    auto dot = name.rfind('.');
    return std::string(dot == std::string_view::npos || dot == 0 ? name : name.substr(0, dot));
}

/// The name as the container writes it. `place` counts the entries before this one.
void name_entry(Entry& entry, const Work& work, archive* reader, const Input& input, std::uint64_t place) {
    if (archive_format(reader) == ARCHIVE_FORMAT_RAW) {
        entry.path = name_without_suffix(work.path);  // a gzip header's own name may be anything
    } else if (auto raw = work.index.names.find(place); raw != work.index.names.end()) {
        entry.path = raw->second;
    } else if (entry.path.empty()) {
        work.sink.damage({Fault::bad_value, "archive.name", static_cast<std::uint64_t>(input.at)}, "");
    }
}

/// What was wrong with the gzip stream while a member was read; true when that is why there is no more.
bool tell_gzip(archive* reader, const Work& work, const GzipStream& gzip, const Entry& entry, std::size_t& misfits) {
    for (; misfits < gzip.misfits().size(); ++misfits) work.sink.damage(gzip.misfits()[misfits], entry.path);
    bool ended = gzip.fault() && archive_format(reader) == ARCHIVE_FORMAT_RAW;
    if (ended) work.sink.damage(*gzip.fault(), entry.path);
    return ended;
}

/// Reads on from the entry numbered `from`. Returns the number of the first entry not reached when libarchive lost its
/// way within a member, nothing when the end was reached or the sink stopped.
Result<std::optional<std::uint64_t>> read_pass(const Work& work, std::uint64_t from) {
    auto size = size_of(work.descriptor);
    if (size < 0) return std::unexpected(Error{Fault::io, "archive.size"});
    auto input = std::make_unique<Input>();
    input->descriptor = work.descriptor;
    input->size = size;
    Archive owner(archive_read_new(), archive_read_free);
    archive* reader = owner.get();
    work.support(reader);
    for (const std::string& password : work.options.passwords) archive_read_add_passphrase(reader, password.c_str());
    if (work.gzip) {
        input->gzip.emplace(work.descriptor);
        archive_read_set_read_callback(reader, read_gzip);
    } else {
        archive_read_set_read_callback(reader, read_some);
        archive_read_set_skip_callback(reader, skip);
        archive_read_set_seek_callback(reader, seek);
    }
    archive_read_set_callback_data(reader, input.get());
    auto failed = [&] { return std::unexpected(error_of(reader, work, *input, false)); };
    if (archive_read_open1(reader) != ARCHIVE_OK) return failed();
    archive_entry* item = nullptr;
    int bad = 0;
    std::size_t misfits = 0;  // of gzip, told so far
    bool is_told = false;     // why gzip's stream ended
    for (std::uint64_t place = 0;; ++place) {
        int header = archive_read_next_header(reader, &item);
        if (header == ARCHIVE_EOF && input->gzip && input->gzip->fault() && !is_told) return failed();
        if (header == ARCHIVE_EOF) return std::nullopt;
        if (header == ARCHIVE_FATAL || bad > kBadHeaders) return failed();
        if (header == ARCHIVE_RETRY || header < ARCHIVE_WARN) {
            if (bad++ == 0) work.sink.damage(error_of(reader, work, *input, false), "");
            continue;
        }
        bad = 0;
        if (place < from) continue;
        // A compressor's magic with nothing behind it: libarchive would give the container's own bytes as its member.
        if (archive_format(reader) == ARCHIVE_FORMAT_RAW && !work.gzip &&
            archive_filter_code(reader, 0) == ARCHIVE_FILTER_NONE)
            return std::unexpected(Error{Fault::truncated, "archive.stream", static_cast<std::uint64_t>(input->size)});
        Entry entry = describe(item);
        name_entry(entry, work, reader, *input, place);
        if (!work.sink.begin(entry)) return std::nullopt;
        const char* warning = header == ARCHIVE_WARN ? archive_error_string(reader) : nullptr;
        if (warning != nullptr && !contains_folded(warning, "current locale"))
            work.sink.damage(error_of(reader, work, *input, false), entry.path);
        if (entry.kind != EntryKind::file) continue;
        auto copied = copy_member(reader, work, *input, entry);
        if (input->gzip) is_told = tell_gzip(reader, work, *input->gzip, entry, misfits);
        if (copied == Member::stopped || !work.sink.end()) return std::nullopt;
        if (copied == Member::over)
            return archive_format(reader) == ARCHIVE_FORMAT_RAW ? std::nullopt : std::optional(place + 1);
    }
}

Result<void> read_all(const Work& work) {
    Surroundings surroundings;
    std::uint64_t from = 0;
    for (int resume = 0; resume <= kResumes; ++resume) {
        auto lost = TRY(read_pass(work, from));
        if (!lost) return {};
        from = *lost;
        if (!work.zip) break;  // the next member of a tar, rar or solid 7z cannot be found without the one before
    }
    work.sink.damage({Fault::bad_value, "archive.members_behind_damage", 0, 0, from}, "");
    return {};
}

bool starts_with(std::span<const std::byte> head, std::string_view magic) { return as_text(head).starts_with(magic); }

/// A tar header's checksum: the sum of its 512 bytes with the checksum field as spaces (POSIX.1-1988, ustar).
bool is_tar_header(std::span<const std::byte> head) {
    constexpr std::size_t kHeader = 512, kField = 148, kFieldSize = 8;
    if (head.size() < kHeader || head[0] == std::byte{0}) return false;
    unsigned sum = 0, stored = 0;
    for (std::size_t i = 0; i < kHeader; ++i)
        sum += i >= kField && i < kField + kFieldSize ? unsigned{' '} : std::to_integer<unsigned>(head[i]);
    for (char c : trim(as_text(head).substr(kField, kFieldSize))) {
        if (c < '0' || c > '7') break;
        stored = stored * 8 + static_cast<unsigned>(c - '0');
    }
    return sum == stored;
}

/// The formats by their magic, one each: libarchive must not take a rar for the zip that is stored at its end.
struct Format {
    std::string_view magic;
    Support support;
};
constexpr Support kZip = [](archive* reader) { archive_read_support_format_zip(reader); };
constexpr Support kTar = [](archive* reader) { archive_read_support_format_tar(reader); };
constexpr Format kFormats[] = {
    {"PK\3\4"sv, kZip},
    {"PK\5\6"sv, kZip},          // without members
    {"PK\7\x08PK\3\4"sv, kZip},  // once meant to be split (APPNOTE 8.5.4)
    {"PK00PK\3\4"sv, kZip},      // the same, by older programs (APPNOTE 8.5.5)
    {"7z\xBC\xAF\x27\x1C"sv, [](archive* reader) { archive_read_support_format_7zip(reader); }},
    {"Rar!\x1A\x07\0"sv, [](archive* reader) { archive_read_support_format_rar(reader); }},
    {"Rar!\x1A\x07\1\0"sv, [](archive* reader) { archive_read_support_format_rar5(reader); }},
};

Support support_for(std::span<const std::byte> head) {
    for (const Format& format : kFormats)
        if (starts_with(head, format.magic)) return format.support;
    return is_tar_header(head) ? kTar : nullptr;
}

int claim_archive(std::string_view, std::span<const std::byte> head) {
    return support_for(head) != nullptr ? kCertain : 0;
}

Result<void> open_archive(int descriptor, std::string_view path, const OpenOptions& options, MemberSink& sink) {
    std::array<std::byte, 512> head{};
    auto got = pread(descriptor, head.data(), head.size(), 0);
    auto support = support_for(std::span(head).first(static_cast<std::size_t>(std::max<ssize_t>(got, 0))));
    Work work{descriptor, path, options, sink, support != nullptr ? support : kTar, {}};
    if (support == kZip) {
        work.index = TRY(read_zip_index(descriptor));
        work.zip = true;
    }
    return read_all(work);
}

int claim_compressed(std::string_view, std::span<const std::byte> head) {
    for (auto magic : {"\x1F\x8B\x08"sv,
                       "\xFD"
                       "7zXZ\0"sv,
                       "\x28\xB5\x2F\xFD"sv, "\x04\x22\x4D\x18"sv})
        if (starts_with(head, magic)) return kCertain;
    // bzip2: "BZh", the block size, and the first six digits of pi or, when empty, of its square root.
    bool bzip2 = starts_with(head, "BZh"sv) && head.size() >= 10;
    auto block = bzip2 ? as_text(head).substr(4, 6) : ""sv;
    return block == "\x31\x41\x59\x26\x53\x59"sv || block == "\x17\x72\x45\x38\x50\x90"sv ? kCertain : 0;
}

/// Notices what libarchive is silent about: a file of no bytes.
class Watched : public MemberSink {
public:
    explicit Watched(MemberSink& sink) : sink_(sink) {}
    bool begin(const Entry& entry) override {
        silent_ = false;
        return sink_.begin(entry);
    }
    bool write(std::span<const std::byte> bytes) override { return sink_.write(bytes); }
    bool end() override { return sink_.end(); }
    void damage(const Error& error, std::string_view entry) override {
        silent_ = false;
        sink_.damage(error, entry);
    }

    bool silent() const { return silent_; }

private:
    MemberSink& sink_;
    bool silent_ = true;
};

/// gz, xz, zst, bz2, lz4: one stream, which may be a tar.
Result<void> open_compressed(int descriptor, std::string_view path, const OpenOptions& options, MemberSink& sink) {
    Watched watched(sink);
    constexpr Support single = [](archive* reader) {
        archive_read_support_filter_gzip(reader);
        archive_read_support_filter_xz(reader);
        archive_read_support_filter_zstd(reader);
        archive_read_support_filter_bzip2(reader);
        archive_read_support_filter_lz4(reader);
        archive_read_support_format_raw(reader);
        archive_read_support_format_empty(reader);
    };
    constexpr Support any = [](archive* reader) {
        single(reader);
        archive_read_support_format_tar(reader);
    };
    std::array<std::byte, 3> magic{};
    bool gzip = pread(descriptor, magic.data(), magic.size(), 0) == 3 && is_gzip(magic);
    auto read_as = [&](Support support) {
        return read_all({descriptor, path, options, watched, support, {}, false, gzip});
    };
    TRY(read_as(any));
    // A log that begins with 512 NUL bytes is for libarchive a tar without members.
    if (watched.silent()) TRY(read_as(single));
    if (watched.silent() && sink.begin({.path = name_without_suffix(path)})) sink.end();
    return {};
}

}  // namespace

const Opener kArchiveOpener{"archive", "zip, 7z, rar and tar archives", claim_archive, open_archive};
const Opener kCompressedOpener{"compressed", "single files and tars compressed with gzip, xz, zstd, bzip2 or lz4",
                               claim_compressed, open_compressed};

void prepare_archives() { utf8(); }

}  // namespace ascribe

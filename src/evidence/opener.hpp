// Where bytes live. An opener turns one stream of bytes that holds others (zip, tar, 7z, gz ...) into members. Openers
// call third-party C code on hostile bytes, so the engine runs them in a confined worker only; the parent assigns ids.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace ascribe {

/// Limits of issue 2. Exceeding one is a finding and a coverage gap, never a full disk or a hang.
inline constexpr int kNestingDepth = 8;
inline constexpr std::uint64_t kEntryLimit = 2'000'000;
/// A longer name of a member is cut. Windows allows 32,767 characters; layouts are told from 4,096 bytes at most.
inline constexpr std::size_t kNameLimit = 32 << 10;
/// Bytes of the names of all members of a run, with those of the archives around them: they are kept to its end. As
/// many entries as are allowed, with the longest names that Windows gives by default.
inline constexpr std::uint64_t kNamesLimit = 512 << 20;
inline constexpr std::uint64_t kOutputFloor = 64ull << 30;  // output: the larger of this
inline constexpr std::uint64_t kOutputFactor = 200;         // and this times the input (--max-output)
inline constexpr std::uint64_t kRatioAlarm = 1'032;         // DEFLATE's own maximum; more is a bomb ...
inline constexpr std::uint64_t kRatioAlarmAfter =
    16 << 20;  // ... but only past this output (IIS logs compress 20-30 times)

enum class EntryKind : std::uint8_t { file, directory, link, device };

/// One name found in evidence. A name is metadata: nothing is ever created under it.
struct Entry {
    std::string path;  // as the container writes it, bytes unchanged except NUL; may be empty, absolute, or lie
    EntryKind kind = EntryKind::file;
    std::uint64_t size = 0;  // as the container claims
    std::optional<Time> modified, created;
    std::string link_target;
    bool encrypted = false;
};

/// Receives members in the container's order. Any call returning false stops the opener at once.
class MemberSink {
public:
    virtual ~MemberSink() = default;
    virtual bool begin(const Entry& entry) = 0;
    virtual bool write(std::span<const std::byte> bytes) = 0;  // decoded bytes of the entry begun last; files only
    virtual bool end() = 0;                                    // of a file; nothing else has one
    virtual void damage(const Error& error, std::string_view entry) = 0;  // offset: in the container, where known
};

/// Bytes behind a descriptor, -1 when it has no end. By lseek: fstat of glibc 2.33 and later is a system call that also
/// takes names, which a confined process may not make. Openers read at explicit offsets, so the position does not
/// matter.
std::int64_t size_of(int descriptor);

struct OpenOptions {
    std::vector<std::string> passwords;
    bool hash = true;    // members are to be hashed as they are decoded
    bool whole = false;  // a long text log, too, is to be seen whole as far as memory allows
};

struct Opener {
    std::string_view name, about;
    int (*claim)(std::string_view path, std::span<const std::byte> head);  // 0 not mine .. 100 certain; content first
    /// Decodes the whole container from an open descriptor (regular file or sealed memory file, read by pread or mmap).
    Result<void> (*open)(int descriptor, std::string_view path, const OpenOptions&, MemberSink&);
};

std::span<const Opener> openers();

}  // namespace ascribe

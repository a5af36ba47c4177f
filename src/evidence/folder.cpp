// An explicit stack of open folders, one descriptor a level: nothing is looked up by its full path, so that a folder
// swapped for a link while we walk leads nowhere. Links, devices and FIFOs are told by fstatat and never opened.
#include "evidence/folder.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

namespace ascribe {
namespace {

// Deeper folders are refused: Windows paths end at 260 characters by default and 32,767 at most; no collection nests so
// deep.
constexpr std::size_t kFolderDepth = 128;

/// Opens for reading only, without following a link, without waiting on a FIFO and, where allowed, without touching the
/// access time.
int open_quietly(int folder, const char* name, int more) {
    int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | more;
    int number = openat(folder, name, flags | O_NOATIME);
    if (number < 0 && errno == EPERM) number = openat(folder, name, flags);
    return number;
}

/// Nothing for what has no notation: some file systems keep 64 bits of seconds.
std::optional<Time> time_of(const timespec& t) {
    constexpr std::int64_t kYear1601 = -11'644'473'600, kYear10000 = 253'402'300'800;
    if (t.tv_sec <= kYear1601 || t.tv_sec >= kYear10000) return {};
    return Time{std::chrono::seconds{t.tv_sec}} + Ticks{t.tv_nsec / 100};
}

Entry describe(const std::string& path, const struct stat& status) {
    Entry entry;
    entry.path = path;
    entry.size = S_ISREG(status.st_mode) ? static_cast<std::uint64_t>(status.st_size) : 0;
    entry.kind = S_ISREG(status.st_mode)   ? EntryKind::file
                 : S_ISDIR(status.st_mode) ? EntryKind::directory
                 : S_ISLNK(status.st_mode) ? EntryKind::link
                                           : EntryKind::device;
    entry.modified = time_of(status.st_mtim);
    return entry;
}

/// A folder's names in byte order, and why the list is not whole: 0 when it is.
struct Names {
    std::vector<std::string> list;
    int error = 0;
};

/// At most kEntryLimit names and one more, which makes the walk say that the limit was reached.
Names names_in(int folder) {
    Names names;
    int own = fcntl(folder, F_DUPFD_CLOEXEC, 0);
    DIR* list = own >= 0 ? fdopendir(own) : nullptr;
    if (list == nullptr) {
        names.error = errno;
        if (own >= 0) close(own);
        return names;
    }
    while (names.list.size() <= kEntryLimit) {
        errno = 0;
        dirent* item = readdir(list);
        if (item == nullptr) {
            names.error = errno;
            break;
        }
        std::string_view name = item->d_name;
        if (name != "." && name != "..") names.list.emplace_back(name);
    }
    closedir(list);
    std::ranges::sort(names.list);
    return names;
}

struct Open {
    int descriptor;
    std::string path;  // relative to the root, "" for the root
    std::vector<std::string> names;
    std::size_t next = 0;
};

}  // namespace

std::expected<void, std::string> walk(const std::string& root, const std::function<void(const Entry&, int)>& visit,
                                      const std::function<void(const Entry&, int)>& refuse) {
    // The argument itself may be a link, so only the access time is spared here.
    int top = open(root.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOATIME);
    if (top < 0 && errno == EPERM) top = open(root.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    struct stat status {};
    if (top < 0 || fstat(top, &status) != 0) {
        auto why =
            fmt::format("{}: {}; give a folder, a file or an archive that can be read", root, std::strerror(errno));
        if (top >= 0) close(top);
        return std::unexpected(why);
    }
    if (!S_ISDIR(status.st_mode)) {
        if (!S_ISREG(status.st_mode)) {
            close(top);
            return std::unexpected(fmt::format(
                "{}: is neither a folder nor a regular file; copy its contents to a file and give that", root));
        }
        visit(describe("", status), top);
        return {};
    }
    std::vector<Open> stack;
    auto enter = [&](int descriptor, Entry entry) {
        auto names = names_in(descriptor);
        if (names.error != 0) refuse(entry, names.error);
        stack.push_back({descriptor, std::move(entry.path), std::move(names.list)});
    };
    enter(top, describe("", status));
    std::uint64_t entries = 0;
    while (!stack.empty()) {
        Open& folder = stack.back();
        if (folder.next == folder.names.size()) {
            close(folder.descriptor);
            stack.pop_back();
            continue;
        }
        const std::string name = folder.names[folder.next++];
        const std::string path = folder.path.empty() ? name : folder.path + "/" + name;
        if (++entries > kEntryLimit) {
            refuse({.path = path}, E2BIG);
            for (Open& open : stack) close(open.descriptor);
            return {};
        }
        if (fstatat(folder.descriptor, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
            refuse({.path = path}, errno);
            continue;
        }
        Entry entry = describe(path, status);
        if (entry.kind == EntryKind::link || entry.kind == EntryKind::device) {
            visit(entry, -1);
            continue;
        }
        bool directory = entry.kind == EntryKind::directory;
        int number = open_quietly(folder.descriptor, name.c_str(), directory ? O_DIRECTORY : 0);
        if (number < 0 || (directory && stack.size() >= kFolderDepth)) {
            refuse(entry, number < 0 ? errno : ELOOP);
            if (number >= 0) close(number);
            continue;
        }
        if (directory) {
            visit(entry, -1);
            enter(number, std::move(entry));
        } else if (fstat(number, &status) == 0 && S_ISREG(status.st_mode)) {
            visit(describe(path, status), number);
        } else {  // it changed between the two looks
            close(number);
            refuse(entry, ESTALE);
        }
    }
    return {};
}

}  // namespace ascribe

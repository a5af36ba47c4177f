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

// Deeper folders are refused: Windows paths end at 260 characters by default and 32,767 at most; no collection nests so deep.
constexpr std::size_t kFolderDepth = 128;

/// Opens for reading only, without following a link, without waiting on a FIFO and, where allowed, without touching the
/// access time.
int open_quietly(int folder, const char* name, int more) {
    int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | more;
    int number = openat(folder, name, flags | O_NOATIME);
    if (number < 0 && errno == EPERM) number = openat(folder, name, flags);
    return number;
}

Time time_of(const timespec& t) {
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

/// The names of a folder in byte order.
std::vector<std::string> names_in(int folder) {
    std::vector<std::string> names;
    DIR* list = fdopendir(dup(folder));
    if (list == nullptr) return names;
    while (dirent* item = readdir(list)) {
        std::string_view name = item->d_name;
        if (name != "." && name != "..") names.emplace_back(name);
    }
    closedir(list);
    std::ranges::sort(names);
    return names;
}

struct Open {
    int descriptor;
    std::string path;                // relative to the root, "" for the root
    std::vector<std::string> names;
    std::size_t next = 0;
};

}  // namespace

std::expected<void, std::string> walk(const std::string& root, const std::function<void(const Entry&, int)>& visit,
                                      const std::function<void(const Entry&, int)>& refuse) {
    int top = open(root.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);  // the argument itself may be a link
    struct stat status{};
    if (top < 0 || fstat(top, &status) != 0) {
        auto why = fmt::format("{}: {}; give a folder, a file or an archive that can be read", root, std::strerror(errno));
        if (top >= 0) close(top);
        return std::unexpected(why);
    }
    if (!S_ISDIR(status.st_mode)) {
        if (!S_ISREG(status.st_mode)) {
            close(top);
            return std::unexpected(fmt::format("{}: is neither a folder nor a regular file; copy its contents to a file and give that", root));
        }
        visit(describe("", status), top);
        return {};
    }
    std::vector<Open> stack;
    stack.push_back({top, "", names_in(top)});
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
            stack.push_back({number, path, names_in(number)});
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

#include "engine/watch/folders.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "base/text.hpp"

namespace ascribe {
namespace {

using std::chrono::steady_clock;

constexpr auto kRelist = std::chrono::seconds(5), kRelistBlind = std::chrono::seconds(1);
constexpr int kRelistCost = 20;      // listing may take one part in so many of the time
constexpr std::size_t kNames = 256;  // changed names of a folder; with more, all of it is listed

constexpr std::uint32_t kEvents = IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB | IN_CREATE | IN_DELETE | IN_MOVED_FROM |
                                  IN_MOVED_TO | IN_ONLYDIR | IN_EXCL_UNLINK;

/// Opens below `root` without following a link on the way: whoever writes into a watched folder must not lead us out
/// of it. Kernels before 5.6 lack openat2; there only the last name is protected.
int open_below(int root, const std::string& path, int flags) {
    open_how how{};
    how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
    auto name = path.empty() ? "." : path.c_str();
    auto number = static_cast<int>(syscall(SYS_openat2, root, name, &how, sizeof how));
    if (number >= 0 || errno != ENOSYS) return number;
    return openat(root, name, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
}

std::string joined(const std::string& folder, std::string_view name) {
    return folder.empty() ? std::string(name) : fmt::format("{}/{}", folder, name);
}

Seen seen_of(std::uint32_t folder, std::string name, const struct stat& status) {
    return {.folder = folder,
            .name = std::move(name),
            .file = {status.st_dev, status.st_ino},
            .size = static_cast<std::uint64_t>(status.st_size),
            .modified = status.st_mtim.tv_sec * 1'000'000'000L + status.st_mtim.tv_nsec};
}

}  // namespace

std::expected<Folders, std::string> Folders::open(const std::vector<std::string>& roots) {
    Folders all;
    all.names_ = roots;
    all.inotify_ = Descriptor(inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    if (!all.inotify_) all.blind_ = true;
    for (const std::string& given : roots) {
        struct stat status {};
        if (stat(given.c_str(), &status) != 0)
            return std::unexpected(fmt::format("{}: {}; give a folder or a log", given, strerror(errno)));
        Root root;
        root.path = given;
        if (!S_ISDIR(status.st_mode)) {
            root.only = base_name(given);
            root.path = given.size() > root.only.size() ? given.substr(0, given.size() - root.only.size()) : ".";
        }
        while (root.path.size() > 1 && root.path.ends_with('/')) root.path.pop_back();
        root.folder = Descriptor(::open(root.path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!root.folder)
            return std::unexpected(fmt::format("{}: {}; give one that can be read", given, strerror(errno)));
        all.roots_.push_back(std::move(root));
        all.add(static_cast<std::uint32_t>(all.roots_.size() - 1), "", 0);
    }
    return all;
}

void Folders::note(std::string sentence) {
    constexpr std::size_t kNotes = 100;
    if (noted_.size() < kNotes && noted_.insert(sentence).second) notes_.push_back(std::move(sentence));
}

std::string Folders::path(std::uint32_t folder) const {
    const Folder& one = folders_[folder];
    const auto& root = roots_[one.root].path;
    if (root == "." && !one.path.empty()) return one.path;
    return one.path.empty() ? root : joined(root == "/" ? "" : root, one.path);
}

std::uint32_t Folders::add(std::uint32_t root, const std::string& path, std::size_t depth) {
    auto place = free_.empty() ? static_cast<std::uint32_t>(folders_.size()) : free_.back();
    auto [at, added] = index_.try_emplace({root, path}, place);
    if (!added) return at->second;
    if (free_.empty())
        folders_.emplace_back();
    else
        free_.pop_back();
    Folder folder{root, path, -1, depth};
    // By way of our own descriptor, so that no link is followed here either.
    if (Descriptor own(open_below(roots_[root].folder.number(), path, O_RDONLY | O_DIRECTORY)); own && inotify_)
        folder.watch =
            inotify_add_watch(inotify_.number(), fmt::format("/proc/self/fd/{}", own.number()).c_str(), kEvents);
    if (folder.watch < 0) {
        blind_ = true;
        if (errno == ENOSPC)
            note(
                "the limit of inotify watches is reached (fs.inotify.max_user_watches): some folders are looked at "
                "once a second only");
    } else {
        auto [before, first] = by_watch_.insert_or_assign(folder.watch, at->second);
        // A folder that was renamed keeps its watch: under its old name nothing is left.
        if (!first) stirred_[before->second].all = true;
    }
    folders_[place] = std::move(folder);
    stirred_[place].all = true;
    return at->second;
}

void Folders::stir(int watch, std::uint32_t mask, const char* name) {
    if ((mask & IN_Q_OVERFLOW) != 0) next_full_ = {};
    auto at = by_watch_.find(watch);
    if (at == by_watch_.end()) return;
    auto folder = at->second;
    if ((mask & IN_IGNORED) != 0) by_watch_.erase(at);
    auto [stirred, first] = stirred_.try_emplace(folder, Stirred{false, {}});
    bool content = (mask & (IN_MODIFY | IN_CLOSE_WRITE)) != 0 && (mask & IN_ISDIR) == 0;
    if (content && stirred->second.names.size() < kNames)
        stirred->second.names.insert(name);
    else
        stirred->second.all = true;
}

void Folders::read_events() {
    alignas(inotify_event) char events[64 << 10];
    // A few times the size of the kernel's queue at most, so that a busy disk cannot keep us here.
    for (int i = 0; i < 64 && inotify_; ++i) {
        auto got = read(inotify_.number(), events, sizeof events);
        if (got <= 0) return;
        for (const char* at = events; at < events + got;) {
            auto* event = reinterpret_cast<const inotify_event*>(at);
            stir(event->wd, event->mask, event->len > 0 ? event->name : "");
            at += sizeof(inotify_event) + event->len;
        }
    }
}

/// True when the name is a regular file that counts.
bool Folders::see(std::uint32_t folder, int descriptor, const char* name, Look& into) {
    const Folder& own = folders_[folder];
    const Root& root = roots_[own.root];
    struct stat status {};
    if (!root.only.empty() && root.only != name) return false;
    // The one file that the user named may be a link, as log folders have them; nothing else may.
    if (fstatat(descriptor, name, &status, root.only.empty() ? AT_SYMLINK_NOFOLLOW : 0) != 0) return false;
    if (S_ISREG(status.st_mode)) into.files.push_back(seen_of(folder, name, status));
    if (S_ISDIR(status.st_mode) && root.only.empty()) {
        if (own.depth >= kDepth || folders_.size() >= kFolders)
            note(fmt::format("{}: not all below it is watched: more than {} folders, or deeper than {}", path(folder),
                             kFolders, kDepth));
        else
            add(own.root, joined(own.path, name), own.depth + 1);
    }
    return S_ISREG(status.st_mode);
}

void Folders::list(std::uint32_t folder, Look& into) {
    auto own = open_below(roots_[folders_[folder].root].folder.number(), folders_[folder].path, O_RDONLY | O_DIRECTORY);
    into.listed.push_back(folder);
    std::unique_ptr<DIR, int (*)(DIR*)> entries(own >= 0 ? fdopendir(own) : nullptr, closedir);
    if (!entries) {
        if (own >= 0) close(own);
        if (errno == EACCES) note(fmt::format("{}: cannot be read; what is in it is not watched", path(folder)));
        if (!folders_[folder].path.empty() && errno == ENOENT) {  // gone; should it come back, it is another one
            index_.erase({folders_[folder].root, folders_[folder].path});
            if (auto at = by_watch_.find(folders_[folder].watch); at != by_watch_.end() && at->second == folder)
                by_watch_.erase(at);
            free_.push_back(folder);
        }
        return;
    }
    while (auto* entry = readdir(entries.get()))
        if (std::string_view name = entry->d_name; name != "." && name != "..")
            see(folder, dirfd(entries.get()), entry->d_name, into);
}

Look Folders::look() {
    read_events();
    auto now = steady_clock::now();
    bool full = now >= next_full_;
    if (full)
        for (const auto& [key, folder] : index_) stirred_[folder].all = true;
    Look look;
    while (!stirred_.empty()) {
        auto [folder, stirred] = *stirred_.begin();
        stirred_.erase(stirred_.begin());
        if (stirred.all) {
            list(folder, look);
            continue;
        }
        Descriptor own(
            open_below(roots_[folders_[folder].root].folder.number(), folders_[folder].path, O_RDONLY | O_DIRECTORY));
        for (const std::string& name : stirred.names)
            if (own) see(folder, own.number(), name.c_str(), look);
    }
    if (full) {
        auto cost = steady_clock::now() - now;
        next_full_ = now + std::max<steady_clock::duration>(blind_ ? kRelistBlind : kRelist, kRelistCost * cost);
    }
    return look;
}

Descriptor Folders::open(std::uint32_t folder, const std::string& name) const {
    const Root& root = roots_[folders_[folder].root];
    int number = root.only.empty() ? open_below(root.folder.number(), joined(folders_[folder].path, name), O_RDONLY)
                                   : openat(root.folder.number(), name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    Descriptor opened(number);
    struct stat status {};
    if (!opened || fstat(opened.number(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
    return opened;
}

}  // namespace ascribe

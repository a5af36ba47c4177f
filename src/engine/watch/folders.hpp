// What lies below the watched folders and what stirred there. inotify only says where to look; what is believed is the
// listing, so an event lost (a full queue, a network disk that sends none) costs seconds and nothing else: all folders
// are listed anew every few seconds whatever inotify said.
// https://man7.org/linux/man-pages/man7/inotify.7.html
#pragma once

#include <chrono>
#include <expected>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/channel.hpp"
#include "engine/watch/position.hpp"

namespace ascribe {

/// A regular file as a listing shows it.
struct Seen {
    std::uint32_t folder = 0;  // index of the folder it lies in
    std::string name;
    FileId file;
    std::uint64_t size = 0;
    std::int64_t modified = 0;  // nanoseconds since 1970
};

struct Look {
    std::vector<Seen> files;            // new, changed or just listed again
    std::vector<std::uint32_t> listed;  // folders of which `files` has every file
};

class Folders {
public:
    /// Deeper folders, and more of them, are not watched; it is said once.
    static constexpr std::size_t kDepth = 64, kFolders = 100'000;

    /// Each root is a folder, watched with all below it, or a file, of which only that name is. Links are followed for
    /// the roots themselves and nowhere below them. The error is a sentence.
    static std::expected<Folders, std::string> open(const std::vector<std::string>& roots);

    /// Readable when something stirred.
    int descriptor() const { return inotify_.number(); }
    /// What changed since the last call; the first call lists everything.
    Look look();
    /// Opens a file for reading; nothing when it is not there. No link is followed on the way, and nothing but a
    /// regular file is opened.
    Descriptor open(std::uint32_t folder, const std::string& name) const;

    /// A folder's path, as the user would name it, and its path below its root.
    std::string path(std::uint32_t folder) const;
    const std::string& below_root(std::uint32_t folder) const { return folders_[folder].path; }
    std::uint32_t root(std::uint32_t folder) const { return folders_[folder].root; }
    const std::vector<std::string>& roots() const { return names_; }
    /// Sentences about what cannot be watched, once each.
    std::vector<std::string> take_notes() { return std::exchange(notes_, {}); }

private:
    struct Root {
        Descriptor folder;
        std::string only;  // the one name that counts; "": all
        std::string path;  // of the folder
    };
    struct Folder {
        std::uint32_t root = 0;
        std::string path;  // below the root; "": the root itself
        int watch = -1;
        std::size_t depth = 0;
    };
    struct Stirred {
        bool all = true;
        std::set<std::string> names;
    };

    std::uint32_t add(std::uint32_t root, const std::string& path, std::size_t depth);
    void read_events();
    void stir(int watch, std::uint32_t mask, const char* name);
    void list(std::uint32_t folder, Look& into);
    bool see(std::uint32_t folder, int descriptor, const char* name, Look& into);
    void note(std::string sentence);

    Descriptor inotify_;
    std::vector<Root> roots_;
    std::vector<std::string> names_;
    std::vector<Folder> folders_;
    std::vector<std::uint32_t> free_;  // places of folders that are gone
    std::map<std::pair<std::uint32_t, std::string>, std::uint32_t> index_;
    std::unordered_map<int, std::uint32_t> by_watch_;
    std::map<std::uint32_t, Stirred> stirred_;
    std::vector<std::string> notes_;
    std::set<std::string> noted_;
    std::chrono::steady_clock::time_point next_full_{};
    bool blind_ = false;  // some folder has no inotify watch: listed every second
};

}  // namespace ascribe

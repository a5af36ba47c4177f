// What reading and compiling rules took time for, kept from one run to the next: documents as trees, automata as
// Vectorscan writes them down. Each under the digest of all that it was made from, so nothing stale is ever found, and
// the file can be deleted at any time.
//
// The file is trusted no further than it must be: it is used only when this user owns it, nobody else may write it, and
// the digest over all of it holds. What it says is then still checked when it is read.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.hpp"

namespace ascribe::sigma {

class Cache {  // find() and keep() from any thread
public:
    /// The cache for rules of these paths, in $XDG_CACHE_HOME/ascribe or ~/.cache/ascribe; empty, and kept nowhere,
    /// where there is neither.
    static Cache of_rules(const std::vector<std::string>& paths);
    /// A file that does not hold up is as good as none.
    static Cache open(std::string path);

    /// Of something made by this program's `maker` from `source`.
    static Digest key(std::string_view maker, std::string_view source);

    std::optional<std::string_view> find(const Digest& key);
    void keep(const Digest& key, std::string bytes);

    /// Writes what was found or kept in this run, if anything is new: into a file beside it, then moved over it.
    /// Returns whether the file is there; a cache that cannot be written only costs time.
    bool save() const;

private:
    struct Entry {
        std::string bytes;
        bool used = false;
    };
    std::string path_;
    std::unique_ptr<std::mutex> mutex_ = std::make_unique<std::mutex>();
    std::map<Digest, Entry> entries_;
    std::vector<std::map<Digest, Entry>::node_type> retired_;  // what find() gave stays, though it was no good
    bool grown_ = false;
};

}  // namespace ascribe::sigma

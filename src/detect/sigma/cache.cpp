#include "detect/sigma/cache.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "base/bytes.hpp"
#include "base/reader.hpp"
#include "base/writer.hpp"

namespace ascribe::sigma {
namespace {

/// The number changes with the shape of the file or of what is in it.
constexpr std::string_view kMagic = "ascribe rules 1\n";
/// Five times what every rule of SigmaHQ needs; a larger file is not ours.
constexpr std::uint64_t kFileLimit = 256U << 20;

Result<void> read_entries(std::string_view text, auto&& each) {
    Reader in(as_bytes(text));
    auto magic = as_text(TRY(in.take(kMagic.size(), "magic")));
    auto digest = TRY(in.take(sizeof(Digest), "digest"));
    auto body = TRY(in.take(in.left(), "body"));
    if (magic != kMagic || !std::ranges::equal(digest, sha256(body)))
        return std::unexpected(Error{Fault::bad_value, "cache", 0, 0, 0});
    Reader entries(body);
    auto count = TRY(entries.count("entries"));
    for (std::uint32_t i = 0; i < count; ++i) {
        Digest key;
        std::ranges::copy(TRY(entries.take(key.size(), "key")), key.begin());
        each(key, TRY(entries.text("entry")));
    }
    return {};
}

}  // namespace

Cache Cache::of_rules(const std::vector<std::string>& paths) {
    const char* given = std::getenv("XDG_CACHE_HOME");
    const char* home = std::getenv("HOME");
    std::string folder = given != nullptr && *given == '/' ? given
                         : home != nullptr && *home == '/' ? fmt::format("{}/.cache", home)
                                                           : "";
    if (folder.empty()) return {};
    std::string all;
    for (const std::string& path : paths) {
        std::error_code error;
        auto full = std::filesystem::canonical(path, error);
        all += (error ? path : full.string()) + '\0';
    }
    auto name = to_hex(sha256(std::string_view(all))).substr(0, 16);
    return open(fmt::format("{}/ascribe/rules-{}", folder, name));
}

Cache Cache::open(std::string path) {
    Cache cache;
    cache.path_ = std::move(path);
    int file = ::open(cache.path_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct stat status {};
    bool ours = file >= 0 && fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid() &&
                (status.st_mode & (S_IWGRP | S_IWOTH)) == 0 && static_cast<std::uint64_t>(status.st_size) <= kFileLimit;
    if (ours) {
        auto bytes = Bytes::map(file, static_cast<std::uint64_t>(status.st_size));
        auto keep = [&](const Digest& key, std::string_view entry) { cache.entries_[key].bytes = entry; };
        if (bytes && !read_entries(bytes->text(), keep)) cache.entries_.clear();
    }
    if (file >= 0) close(file);
    return cache;
}

Digest Cache::key(std::string_view maker, std::string_view source) {
    return sha256(std::string_view(fmt::format("{}{}\n{}", kMagic, maker, source)));
}

std::optional<std::string_view> Cache::find(const Digest& key) {
    std::scoped_lock lock(*mutex_);
    auto at = entries_.find(key);
    if (at == entries_.end()) return {};
    at->second.used = true;
    return at->second.bytes;
}

void Cache::keep(const Digest& key, std::string bytes) {
    std::scoped_lock lock(*mutex_);
    if (auto at = entries_.find(key); at != entries_.end()) retired_.push_back(entries_.extract(at));
    entries_[key] = {std::move(bytes), true};
    grown_ = true;
}

bool Cache::save() const {
    if (path_.empty()) return false;
    if (!grown_) return true;
    Writer body;
    std::size_t count = 0;
    for (const auto& [key, entry] : entries_) count += entry.used ? 1 : 0;
    body.count(count);
    std::string out(kMagic);
    for (const auto& [key, entry] : entries_) {
        if (!entry.used) continue;
        for (auto byte : key) body.little(static_cast<std::uint8_t>(byte));
        body.text(entry.bytes);
    }
    auto digest = sha256(std::string_view(body.bytes()));
    out.append(as_text(digest));
    out += body.bytes();
    if (out.size() > kFileLimit) return false;
    std::error_code error;
    std::filesystem::create_directories(std::filesystem::path(path_).parent_path(), error);
    auto part = fmt::format("{}.{}", path_, getpid());
    int file = ::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
    if (file < 0) return false;
    bool whole = true;
    for (std::size_t done = 0; done < out.size() && whole;) {
        auto wrote = write(file, out.data() + done, out.size() - done);
        whole = wrote > 0;
        done += static_cast<std::size_t>(wrote > 0 ? wrote : 0);
    }
    whole = close(file) == 0 && whole && std::rename(part.c_str(), path_.c_str()) == 0;
    if (!whole) unlink(part.c_str());
    return whole;
}

}  // namespace ascribe::sigma

#include "engine/watch/state_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "base/bytes.hpp"
#include "base/hash.hpp"

namespace ascribe {
namespace {

constexpr std::string_view kMagic = "ascribe watch 1\n";
/// More than any state: two generations of states, a hundred thousand subjects, as many files.
constexpr std::uintmax_t kLimit = 1u << 30;

std::string trouble(const std::string& path, std::string_view what) {
    return fmt::format("{}: {}: {}", path, what, strerror(errno));
}

/// The bytes of a whole state file; nothing when it is damaged.
std::optional<std::string> whole(const std::string& path) {
    std::error_code fault;
    if (auto size = std::filesystem::file_size(path, fault); fault || size > kLimit) return {};
    std::ifstream file(path, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(file), {});
    constexpr std::size_t kHead = kMagic.size() + sizeof(Digest);
    if (!text.starts_with(kMagic) || text.size() < kHead) return {};
    auto bytes = text.substr(kHead);
    if (as_text(sha256(bytes)) != std::string_view(text).substr(kMagic.size(), sizeof(Digest))) return {};
    return bytes;
}

bool write_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        auto wrote = ::write(descriptor, bytes.data(), bytes.size());
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(wrote));
    }
    return true;
}

}  // namespace

std::expected<StateFile, std::string> StateFile::take(const std::string& path) {
    StateFile state;
    state.path_ = path;
    std::error_code ignored;
    if (auto folder = std::filesystem::path(path).parent_path(); !folder.empty())
        std::filesystem::create_directories(folder, ignored);
    auto lock = path + ".lock";
    state.lock_ = Descriptor(open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!state.lock_) return std::unexpected(trouble(lock, "cannot be made; give a --state that can be written"));
    // Tried for a moment: one that was killed may still be on its way out.
    for (int i = 0; i < 20; ++i) {
        if (flock(state.lock_.number(), LOCK_EX | LOCK_NB) == 0) return state;
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return std::unexpected(fmt::format("{}: another watch uses this state; give each its own --state", path));
}

StateFile::Content StateFile::read() const {
    std::error_code ignored;
    bool is_there = std::filesystem::exists(path_, ignored);
    if (auto bytes = whole(path_)) return {std::move(*bytes), {}};
    if (is_there) rename(path_.c_str(), (path_ + ".damaged").c_str());  // never to take the place of the one before
    auto before = path_ + ".before";
    bool was_there = std::filesystem::exists(before, ignored);
    if (!is_there && !was_there) return {};
    if (auto bytes = whole(before)) {
        // Killed between two renames: nothing is damaged.
        auto note = is_there ? fmt::format(
                                   "{}: is damaged; going on from the state before it, so some lines are read "
                                   "again",
                                   path_)
                             : std::string();
        return {std::move(*bytes), std::move(note)};
    }
    return {{}, fmt::format("{}: is damaged, and so is the state before it; everything is read from its start", path_)};
}

std::expected<void, std::string> StateFile::write(std::string_view bytes) const {
    auto next = path_ + ".next";
    {
        Descriptor file(open(next.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
        auto digest = sha256(bytes);
        if (!file || !write_all(file.number(), kMagic) || !write_all(file.number(), as_text(digest)) ||
            !write_all(file.number(), bytes) || fsync(file.number()) != 0)
            return std::unexpected(trouble(next, "the state cannot be written"));
    }
    rename(path_.c_str(), (path_ + ".before").c_str());  // the first time there is none
    if (rename(next.c_str(), path_.c_str()) != 0) return std::unexpected(trouble(path_, "the state cannot be written"));
    auto folder = std::filesystem::path(path_).parent_path().string();
    Descriptor entry(open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (entry) fsync(entry.number());
    return {};
}

}  // namespace ascribe

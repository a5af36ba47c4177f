// A file of JSON lines that holds every message exactly once, whatever was killed meanwhile. A line is whole or it is
// not there: what a kill left of a line is cut off before the next is written, and before the file is opened for
// writing its own end is read to know what it holds already. The file is locked while it is open, so that the successor
// of a killed process waits for the last of its bytes.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <unordered_map>

#include "notify/outlet.hpp"

namespace ascribe {
namespace {

/// Bytes of the file's end that are read at the start: some 50,000 messages. Whoever asks again for an older one must
/// have lost its own memory of what it told too.
constexpr std::int64_t kTail = 64 << 20;

constexpr std::string_view kIdMark = R"({"id":")", kLevelMark = R"(","level":")";

/// The value behind `mark` at `at`, which moves behind it; "" when the text differs.
std::string_view value_after(std::string_view& text, std::string_view mark) {
    if (!text.starts_with(mark)) return {};
    text.remove_prefix(mark.size());
    auto value = text.substr(0, text.find('"'));
    text.remove_prefix(value.size());
    return value;
}

std::uint8_t level_of(std::string_view name) { return name == "success" ? 2 : name == "attempt" ? 1 : 0; }

class File {
public:
    explicit File(std::string path) : path_(std::move(path)) {}
    ~File() { shut(); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    std::string open() {
        shut();
        number_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (number_ < 0) return trouble("cannot be opened");
        while (flock(number_, LOCK_EX) != 0)
            if (errno != EINTR) return trouble("cannot be locked");
        struct stat status {};
        if (fstat(number_, &status) != 0) return trouble("cannot be read");
        device_ = status.st_dev, inode_ = status.st_ino;
        return read_end(status.st_size);
    }

    Delivery deliver(std::span<const Message> messages) {
        if (was_moved())
            if (auto fault = open(); !fault.empty()) return {0, fault};
        std::string lines;
        std::unordered_map<std::string, std::uint8_t> added;
        for (const Message& message : messages) {
            auto held = held_.find(message.id), now = added.find(message.id);
            bool told = (held != held_.end() && held->second >= message.level) ||
                        (now != added.end() && now->second >= message.level);
            if (told) continue;
            lines += message.line + '\n';
            added[message.id] = message.level;
        }
        if (!append(lines)) return {0, trouble("cannot be written")};
        for (const auto& [id, level] : added) held_[id] = level;
        return {messages.size(), {}};
    }

private:
    void shut() {
        if (number_ >= 0) close(number_);
        number_ = -1;
        held_.clear();
    }

    std::string trouble(std::string_view what) const { return fmt::format("{}: {}: {}", path_, what, strerror(errno)); }

    /// Somebody renamed the file (log rotation) or took it away.
    bool was_moved() const {
        struct stat status {};
        return number_ < 0 || stat(path_.c_str(), &status) != 0 || status.st_dev != device_ || status.st_ino != inode_;
    }

    /// Learns what the file holds and cuts off what a kill left of a line.
    std::string read_end(std::int64_t size) {
        auto from = std::max<std::int64_t>(0, size - kTail);
        std::string tail(static_cast<std::size_t>(size - from), '\0');
        for (std::size_t done = 0; done < tail.size();) {
            auto got = pread(number_, tail.data() + done, tail.size() - done, from + static_cast<std::int64_t>(done));
            if (got < 0 && errno == EINTR) continue;
            if (got <= 0) return trouble("cannot be read");
            done += static_cast<std::size_t>(got);
        }
        auto end = tail.rfind('\n');
        auto whole = end == std::string::npos ? 0 : end + 1;
        std::string_view text(tail.data(), whole);
        if (from > 0) text.remove_prefix(std::min(text.size(), text.find('\n') + 1));  // begins in the middle of a line
        while (!text.empty()) {
            auto line = text.substr(0, text.find('\n'));
            text.remove_prefix(line.size() + 1);
            auto id = value_after(line, kIdMark), level = value_after(line, kLevelMark);
            if (id.empty()) continue;
            auto& held = held_[std::string(id)];
            held = std::max(held, level_of(level));
        }
        end_ = from + static_cast<std::int64_t>(whole);
        // A file that ends in no line of ours is not cut: --file may name something by mistake.
        if (whole < tail.size() && !tail.substr(whole).starts_with(std::string(kIdMark).substr(0, tail.size() - whole)))
            return fmt::format("{}: is no file of notices: its last line is unfinished and none of ours", path_);
        if (ftruncate(number_, end_) != 0) return trouble("cannot be cut to whole lines");
        return {};
    }

    bool append(std::string_view lines) {
        auto left = lines;
        for (auto at = end_; !left.empty();) {
            auto wrote = pwrite(number_, left.data(), left.size(), at);
            if (wrote < 0 && errno == EINTR) continue;
            if (wrote <= 0) {
                auto reason = errno;
                // A full disk leaves a part of a line, which goes; if even that fails, the file is opened anew.
                if (ftruncate(number_, end_) != 0) shut();
                errno = reason;
                return false;
            }
            left.remove_prefix(static_cast<std::size_t>(wrote));
            at += wrote;
        }
        if (!lines.empty() && fdatasync(number_) != 0 && errno != EINVAL) return false;  // EINVAL: a pipe or a device
        end_ += static_cast<std::int64_t>(lines.size());
        return true;
    }

    std::string path_;
    int number_ = -1;
    dev_t device_ = 0;
    ino_t inode_ = 0;
    std::int64_t end_ = 0;
    std::unordered_map<std::string, std::uint8_t> held_;  // id -> highest level in the file
};

std::string refuse(const Destination& destination) {
    struct stat status {};
    bool there = stat(destination.target.c_str(), &status) == 0;
    if (there && !S_ISREG(status.st_mode))
        return fmt::format("{}: is no regular file; --file needs one to append to", destination.target);
    return {};
}

std::expected<Deliver, std::string> open_file(const Destination& destination) {
    auto file = std::make_shared<File>(destination.target);
    if (auto fault = file->open(); !fault.empty()) return std::unexpected(fault);
    return [file](std::span<const Message> messages) { return file->deliver(messages); };
}

}  // namespace

extern const Outlet kFileOutlet;
const Outlet kFileOutlet{"file", "JSON lines, every finding exactly once", refuse, open_file};

}  // namespace ascribe

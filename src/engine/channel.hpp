// Framed messages between parent and worker over a socket pair, with descriptors passed alongside. The parent never
// waits for the rest of a frame: a worker may be in the intruder's hands and send half of one for ever.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace ascribe {

/// Owns a file descriptor.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept;
    ~Descriptor();
    int number() const { return number_; }
    int release() { return std::exchange(number_, -1); }
    explicit operator bool() const { return number_ >= 0; }

private:
    int number_ = -1;
};

/// Several frames that are sent together, with the descriptors that go beside them.
class Frames {
public:
    /// Frames that one send carries; each has at most one descriptor.
    static constexpr std::size_t kMost = 32;

    void add(std::string_view frame, int passed = -1);
    void clear();
    std::size_t count() const { return count_; }
    const std::string& bytes() const { return bytes_; }
    std::span<const int> passed() const { return passed_; }

private:
    std::size_t count_ = 0;
    std::string bytes_;
    std::vector<int> passed_;
};

class Channel {
public:
    /// A frame larger than this is refused before it is received: no honest worker sends one.
    static constexpr std::uint64_t kFrameLimit = 1ull << 30;

    explicit Channel(Descriptor socket) : socket_(std::move(socket)) {}
    /// Two connected ends: first for the parent, second for the child.
    static std::pair<Descriptor, Descriptor> pair();

    int descriptor() const { return socket_.number(); }
    /// From now on sending waits no longer than this for an end that does not listen.
    void send_within(std::chrono::seconds limit);
    /// Sends a whole frame, with `passed` when it is not -1. Blocks. False when the other end is gone, or does not
    /// listen: of a frame it then has a part, so nothing more can be said to it.
    bool send(std::string_view frame, int passed = -1);
    bool send(const Frames& frames);
    /// Sends a short frame without waiting; false when the other end is gone or does not listen.
    bool send_at_once(std::string_view frame);
    /// Receives what is there without waiting; false when the other end is gone or misbehaves.
    bool pump();
    /// The next whole frame, if one has arrived.
    std::optional<std::string> next();
    /// Whether next() would give one.
    bool has_next() const;
    /// Waits for a frame; nothing when the other end is gone.
    std::optional<std::string> wait();
    /// The descriptor that came with the frames so far, oldest first.
    Descriptor take_descriptor();

private:
    bool receive(bool wait);
    /// The size of the next frame, as its sender says.
    std::optional<std::uint64_t> announced() const;

    Descriptor socket_;
    std::string inbox_;
    std::size_t taken_ = 0;
    std::deque<Descriptor> descriptors_;
};

}  // namespace ascribe

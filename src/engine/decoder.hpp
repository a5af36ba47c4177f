// Archives are decoded by a confined process of its own, which hands each member over in memory files: nothing is
// written to disk, no name from the evidence is ever created, and a member larger than a segment comes in several.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/channel.hpp"
#include "engine/isolation.hpp"
#include "engine/member_sender.hpp"
#include "model/artefact.hpp"

namespace ascribe {

/// One piece of a member.
struct Segment {
    Descriptor bytes;
    std::uint64_t size = 0, base = 0;    // base: where it begins in the member
    bool last = false;                   // nothing follows it ...
    Digest digest{};                     // ... and this is the whole member's
    std::shared_ptr<const void> window;  // where it is in one: to be kept as long as anybody reads it
    std::string header;                  // of a window: in force where it begins
};

/// What reads a member of several segments, and the header in force at the end of the first one: so that the decoder
/// can tell which is in force at each window's begin.
struct Continuation {
    std::uint32_t parser = UINT32_MAX;
    std::string header;
};

/// What the decoder says, in order. The size of what is no window is the kernel's, not the decoder's word.
struct MemberEvents {
    std::function<void(const Entry&)> begin;
    std::function<Continuation(Segment segment)> segment;  // of the member begun last
    std::function<void(const Damage& damage, const std::string& entry)> damage;
};

class Pool;
class Listener;

/// Decodes containers, each in a process of its own: whoever takes one over sees nothing of the next, and what one
/// leaves behind costs no other.
class Decoder {
public:
    Decoder(const OpenOptions& options, Isolation isolation, const Limits& limits)
        : options_(options), isolation_(isolation), limits_(limits) {}
    ~Decoder() { stop(); }
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;

    /// Decodes one container to its end, keeping `pool` busy meanwhile. The quota is what is left; it is drawn down.
    void decode(std::uint32_t opener, int container, std::string_view path, std::uint64_t size, Quota& quota,
                Pool& pool, const MemberEvents& events);

private:
    void start(std::size_t windows);
    void stop();
    /// Follows the container at hand to its end.
    void follow(Listener& listener, Pool& pool, const MemberEvents& events);

    const OpenOptions options_;
    const Isolation isolation_;
    const Limits limits_;
    int process_ = -1;
    std::shared_ptr<Channel> channel_;
};

}  // namespace ascribe

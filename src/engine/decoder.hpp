// Archives are decoded by a confined process of its own, which hands each member over in memory files: nothing is
// written to disk, no name from the evidence is ever created, and a member larger than a segment comes in several.
#pragma once

#include <memory>
#include <string>

#include "engine/isolation.hpp"
#include "engine/listener.hpp"

namespace ascribe {

class Pool;

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

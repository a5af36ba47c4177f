// Archives are decoded by a confined process of its own, which hands each member over as sealed memory files: nothing
// is written to disk, no name from the evidence is ever created, and a member larger than a segment comes in several.
#pragma once

#include <functional>
#include <string>

#include "engine/channel.hpp"
#include "engine/isolation.hpp"
#include "evidence/opener.hpp"
#include "model/artefact.hpp"

namespace ascribe {

/// A member larger than this is handed over in segments, each cut at a line end (or where an EVTX chunk ends), so that
/// a 100 GiB log inside an archive needs no more memory than this.
inline constexpr std::uint64_t kSegmentSize = 256ull << 20;

/// The same for logs read line by line. Two parts: one being decoded, one being read and one between them take 96 MiB.
inline constexpr std::uint64_t kTextSegmentSize = 32ull << 20;

struct Quota {
    std::uint64_t output_left = 0;  // bytes all archives of the run may still produce
    std::uint64_t entries_left = kEntryLimit;
};

/// What the decoder says, in order. Every size is the kernel's, not the decoder's word.
struct MemberEvents {
    std::function<void(const Entry&)> begin;
    /// One piece of the member begun last; `last` when nothing follows it, and then `digest` is the whole member's.
    std::function<void(Descriptor bytes, std::uint64_t size, std::uint64_t base, bool last, const Digest& digest)>
        segment;
    std::function<void(const Damage& damage, const std::string& entry)> damage;
};

class Pool;

/// The process that decodes containers. Small ones share it one after the other, since to fork takes longer than to
/// decode them; a large one has it for itself, and one that ended, or said what it should not, is left for a new one.
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
    void start();
    void stop();
    /// Follows the container at hand to its end; false when the process is not to be asked again.
    bool follow(Quota& quota, Pool& pool, const MemberEvents& events);

    const OpenOptions options_;
    const Isolation isolation_;
    const Limits limits_;
    int process_ = -1;
    Channel channel_{Descriptor()};
};

}  // namespace ascribe

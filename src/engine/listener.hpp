// The parent's ear while one container is decoded. What a decoder says is checked word by word, because it may be in
// the intruder's hands: the first thing that cannot be so ends the container.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/channel.hpp"
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

class Listener {
public:
    /// `container`: bytes of its name, which stands before that of each member.
    Listener(std::shared_ptr<Channel> channel, std::size_t windows, Quota& quota, const MemberEvents& events,
             std::size_t container = 0)
        : channel_(std::move(channel)), out_(windows), container_(container), quota_(quota), events_(events) {}

    enum class Next { more, finished };
    Result<Next> take(std::string_view frame);
    Channel& channel() { return *channel_; }
    /// It may be waiting for us: windows it filled are being read.
    bool owes() const {
        return std::ranges::any_of(out_, [](const auto& use) { return !use.expired(); });
    }

private:
    Result<void> take_begin(Reader& in);
    Result<void> take_segment(Reader& in);
    Result<void> follow_member(const Segment& segment);
    Result<void> take_damage(Reader& in);
    static bool answer(Channel& channel, Receipt kind, std::uint32_t number, std::string_view header);

    std::shared_ptr<Channel> channel_;
    std::vector<std::weak_ptr<const void>> out_;  // windows that are being read
    std::size_t container_;
    bool has_beginning_ = false, has_end_ = false;  // of the member at hand
    std::uint64_t damages_ = 0;
    Quota& quota_;
    const MemberEvents& events_;
};

}  // namespace ascribe

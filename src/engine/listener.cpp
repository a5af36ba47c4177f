#include "engine/listener.hpp"

#include <algorithm>
#include <cstring>

#include "base/reader.hpp"
#include "base/writer.hpp"
#include "engine/memory_file.hpp"

namespace ascribe {
namespace {

Result<std::optional<Time>> load_time(Reader& in) {
    auto ticks = TRY(in.little<std::int64_t>("decoder.time"));
    Time time{Ticks{ticks}};
    return time == kNoTime ? std::nullopt : std::optional(time);
}

Result<std::string_view> load_name(Reader& in) {
    auto name = TRY(in.text("decoder.entry.name"));
    if (name.size() > kNameLimit)
        return std::unexpected(Error{Fault::too_large, "decoder.entry.name", 0, kNameLimit, name.size()});
    return name;
}

Result<Entry> load_entry(Reader& in) {
    Entry entry;
    entry.path = TRY(load_name(in));
    auto kind = TRY(in.little<std::uint8_t>("decoder.entry.kind"));
    if (kind > static_cast<std::uint8_t>(EntryKind::device))
        return std::unexpected(Error{Fault::bad_value, "decoder.entry.kind"});
    entry.kind = static_cast<EntryKind>(kind);
    entry.size = TRY(in.little<std::uint64_t>("decoder.entry.size"));
    entry.modified = TRY(load_time(in));
    entry.created = TRY(load_time(in));
    entry.link_target = TRY(load_name(in));
    entry.encrypted = TRY(in.little<std::uint8_t>("decoder.entry.encrypted")) != 0;
    return entry;
}

}  // namespace

/// Never waits: a decoder that does not listen is let go.
bool Listener::answer(Channel& channel, Receipt kind, std::uint32_t number, std::string_view header) {
    Writer out;
    out.little(static_cast<std::uint8_t>(kind));
    out.little(number);
    out.text(header);
    return channel.send_at_once(out.bytes());
}

/// A member has one beginning and one end, and something in between: else one could be told of for ever.
Result<void> Listener::follow_member(const Segment& segment) {
    bool begins = segment.base == 0;
    bool countable = segment.size <= UINT64_MAX - segment.base;  // who takes it adds the two up
    if (!countable || has_end_ || (begins && has_beginning_) || (segment.size == 0 && !segment.last))
        return std::unexpected(Error{Fault::bad_value, "decoder.segment.member"});
    has_beginning_ = has_beginning_ || begins;
    has_end_ = segment.last;
    return {};
}

/// Takes a sealed file only when it is one, so that nobody can change or shrink it while it is read; and a window only
/// when nobody reads it: its bytes are copied before anything looks at them.
Result<void> Listener::take_segment(Reader& in) {
    Segment segment;
    segment.base = TRY(in.little<std::uint64_t>("decoder.segment.base"));
    segment.size = TRY(in.little<std::uint64_t>("decoder.segment.size"));
    auto window = TRY(in.little<std::uint32_t>("decoder.segment.window"));
    segment.last = TRY(in.little<std::uint8_t>("decoder.segment.last")) != 0;
    auto text = TRY(in.text("decoder.segment.digest"));
    if (text.size() != segment.digest.size()) return std::unexpected(Error{Fault::bad_value, "decoder.segment.digest"});
    std::memcpy(segment.digest.data(), text.data(), text.size());
    segment.header = TRY(in.text("decoder.segment.header"));
    segment.bytes = channel_->take_descriptor();
    bool sealed = window == kNoWindow;
    if (sealed) {
        auto size = sealed_size(segment.bytes.number());
        if (!size) return std::unexpected(Error{Fault::bad_value, "decoder.segment.memory"});
        segment.size = *size;
    } else if (window >= out_.size() || !out_[window].expired() || segment.base == 0 ||
               segment.size > kTextSegmentSize || !segment.bytes) {
        return std::unexpected(Error{Fault::bad_value, "decoder.segment.window"});
    }
    TRY(follow_member(segment));
    if (segment.size > quota_.output_left)
        return std::unexpected(Error{Fault::too_large, "archive.output", 0, quota_.output_left, segment.size});
    quota_.output_left -= segment.size;
    if (!sealed) {
        segment.window = {channel_.get(), [window, listener = std::weak_ptr(channel_)](const void*) {
                              if (auto channel = listener.lock()) answer(*channel, Receipt::window_free, window, "");
                          }};
        out_[window] = segment.window;
        events_.segment(std::move(segment));
        return {};
    }
    // The next is decoded while this one is read; it then waits until we look. The first of several waits until it is
    // known what the member is.
    bool known = segment.base > 0 || segment.last;
    if (known) answer(*channel_, Receipt::taken, UINT32_MAX, "");
    auto continuation = events_.segment(std::move(segment));
    if (!known) answer(*channel_, Receipt::taken, continuation.parser, continuation.header);
    return {};
}

Result<void> Listener::take_begin(Reader& in) {
    auto entry = TRY(load_entry(in));
    if (quota_.entries_left == 0)
        return std::unexpected(Error{Fault::too_large, "archive.entries", 0, kEntryLimit, kEntryLimit + 1});
    auto name = container_ + entry.path.size();
    if (name > quota_.names_left)
        return std::unexpected(Error{Fault::too_large, "archive.names", 0, quota_.names_left, name});
    --quota_.entries_left;
    quota_.names_left -= name;
    has_beginning_ = has_end_ = false;
    events_.begin(entry);
    return {};
}

Result<void> Listener::take_damage(Reader& in) {
    if (++damages_ > kEntryLimit)
        return std::unexpected(Error{Fault::too_large, "archive.damage", 0, kEntryLimit, damages_});
    auto fault = TRY(in.little<std::uint8_t>("decoder.damage.fault"));
    if (fault > static_cast<std::uint8_t>(Fault::repeated))
        return std::unexpected(Error{Fault::bad_value, "decoder.damage.fault"});
    Damage damage{{}, static_cast<Fault>(fault), "", 0, 0, 0};
    damage.what = TRY(in.text("decoder.damage.what"));
    auto entry = TRY(in.text("decoder.damage.entry"));
    for (std::uint64_t* value : {&damage.offset, &damage.need, &damage.have})
        *value = TRY(in.little<std::uint64_t>("decoder.damage.value"));
    events_.damage(damage, std::string(entry));
    return {};
}

Result<Listener::Next> Listener::take(std::string_view frame) {
    Reader in(as_bytes(frame));
    auto kind = TRY(in.little<std::uint8_t>("decoder.message"));
    switch (static_cast<MemberMessage>(kind)) {
        case MemberMessage::begin: TRY(take_begin(in)); return Next::more;
        case MemberMessage::segment: TRY(take_segment(in)); return Next::more;
        case MemberMessage::damage: TRY(take_damage(in)); return Next::more;
        case MemberMessage::done: return Next::finished;
    }
    return std::unexpected(Error{Fault::bad_value, "decoder.message"});
}

}  // namespace ascribe

#include "engine/decoder.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <memory>
#include <vector>

#include "base/reader.hpp"
#include "base/writer.hpp"
#include "engine/memory_file.hpp"
#include "engine/pool.hpp"

namespace ascribe {
namespace {

Result<std::optional<Time>> load_time(Reader& in) {
    auto ticks = TRY(in.little<std::int64_t>("decoder.time"));
    Time time{Ticks{ticks}};
    return time == kNoTime ? std::nullopt : std::optional(time);
}

/// What is asked of a decoder; the container's descriptor goes beside it.
struct Request {
    std::uint32_t opener = 0;
    std::string path;
    std::uint64_t size = 0;
    Quota quota;

    void save(Writer& out) const {
        out.little(opener);
        out.text(path);
        for (std::uint64_t value : {size, quota.output_left, quota.entries_left}) out.little(value);
    }
    static Result<Request> load(Reader& in) {
        Request request;
        request.opener = TRY(in.little<std::uint32_t>("request.opener"));
        request.path = TRY(in.text("request.path"));
        for (std::uint64_t* value : {&request.size, &request.quota.output_left, &request.quota.entries_left})
            *value = TRY(in.little<std::uint64_t>("request.value"));
        return request;
    }
};

void live_as_decoder(Channel& parent, const OpenOptions& options, Isolation isolation, const Limits& limits,
                     std::size_t windows) {
    // Memory files are shared memory, which RLIMIT_DATA does not count: bound each file and their number instead.
    rlimit file{kSegmentSize * 2, kSegmentSize * 2}, open_files{16 + kWindowLimit, 16 + kWindowLimit};
    setrlimit(RLIMIT_FSIZE, &file);
    setrlimit(RLIMIT_NOFILE, &open_files);
    confine(isolation, limits);
    auto frame = parent.wait();
    if (!frame) return;
    Descriptor container = parent.take_descriptor();
    Reader in(as_bytes(*frame));
    auto request = Request::load(in);
    if (!request || request->opener >= openers().size()) return;
    MemberSender sender(parent, request->size, request->quota, options, windows);
    const Opener& opener = openers()[request->opener];
    if (auto opened = opener.open(container.number(), request->path, options, sender); !opened)
        sender.damage(opened.error(), "");
    Writer out;
    out.little(static_cast<std::uint8_t>(MemberMessage::done));
    if (sender.settle()) parent.send(out.bytes());
}

Result<Entry> load_entry(Reader& in) {
    Entry entry;
    entry.path = TRY(in.text("decoder.entry.path"));
    auto kind = TRY(in.little<std::uint8_t>("decoder.entry.kind"));
    if (kind > static_cast<std::uint8_t>(EntryKind::device))
        return std::unexpected(Error{Fault::bad_value, "decoder.entry.kind"});
    entry.kind = static_cast<EntryKind>(kind);
    entry.size = TRY(in.little<std::uint64_t>("decoder.entry.size"));
    entry.modified = TRY(load_time(in));
    entry.created = TRY(load_time(in));
    entry.link_target = TRY(in.text("decoder.entry.link"));
    entry.encrypted = TRY(in.little<std::uint8_t>("decoder.entry.encrypted")) != 0;
    return entry;
}

}  // namespace

/// The parent's ear while one container is decoded.
class Listener {
public:
    Listener(std::shared_ptr<Channel> channel, std::size_t windows, Quota& quota, const MemberEvents& events)
        : channel_(std::move(channel)), out_(windows), quota_(quota), events_(events) {}

    enum class Next { more, finished };
    Result<Next> take(std::string_view frame);
    Channel& channel() { return *channel_; }
    /// It may be waiting for us: windows it filled are being read.
    bool owes() const {
        return std::ranges::any_of(out_, [](const auto& use) { return !use.expired(); });
    }

private:
    Result<void> take_segment(Reader& in);
    Result<void> take_damage(Reader& in);
    static bool answer(Channel& channel, Receipt kind, std::uint32_t number, std::string_view header);

    std::shared_ptr<Channel> channel_;
    std::vector<std::weak_ptr<const void>> out_;  // windows that are being read
    Quota& quota_;
    const MemberEvents& events_;
};

/// Never waits: a decoder that does not listen is let go.
bool Listener::answer(Channel& channel, Receipt kind, std::uint32_t number, std::string_view header) {
    Writer out;
    out.little(static_cast<std::uint8_t>(kind));
    out.little(number);
    out.text(header);
    return channel.send_at_once(out.bytes());
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

Result<void> Listener::take_damage(Reader& in) {
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
        case MemberMessage::begin: {
            auto entry = TRY(load_entry(in));
            if (quota_.entries_left == 0)
                return std::unexpected(Error{Fault::too_large, "archive.entries", 0, kEntryLimit, kEntryLimit + 1});
            --quota_.entries_left;
            events_.begin(entry);
            return Next::more;
        }
        case MemberMessage::segment: TRY(take_segment(in)); return Next::more;
        case MemberMessage::damage: TRY(take_damage(in)); return Next::more;
        case MemberMessage::done: return Next::finished;
    }
    return std::unexpected(Error{Fault::bad_value, "decoder.message"});
}

void Decoder::start(std::size_t windows) {
    stop();
    auto [mine, theirs] = Channel::pair();
    process_ = fork_confined(std::move(theirs), -1, [&](Channel parent, int) {
        live_as_decoder(parent, options_, isolation_, limits_, windows);
    });
    channel_ = std::make_shared<Channel>(std::move(mine));
}

void Decoder::stop() {
    if (process_ < 0) return;
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
    process_ = -1;
    channel_.reset();
}

void Decoder::decode(std::uint32_t opener, int container, std::string_view path, std::uint64_t size, Quota& quota,
                     Pool& pool, const MemberEvents& events) {
    auto windows = std::min(pool.workers() + 2, kWindowLimit);
    start(windows);
    Writer out;
    Request{opener, std::string(path), size, quota}.save(out);
    if (!channel_->send(out.bytes(), container)) {
        events.damage({{}, Fault::crashed, "decoder.crashed", 0, 0, 0}, "");
        return stop();
    }
    Listener listener(channel_, windows, quota, events);
    follow(listener, pool, events);
    stop();
}

void Decoder::follow(Listener& listener, Pool& pool, const MemberEvents& events) {
    auto fail = [&](const Error& error) {
        events.damage({{}, error.fault, std::string(error.what), error.offset, error.need, error.have}, "");
    };
    Channel& channel = listener.channel();
    auto silent_since = std::chrono::steady_clock::now();
    while (!pool.stopped()) {
        pool.pump(std::chrono::milliseconds(100), channel.descriptor());
        bool alive = channel.pump();
        auto frame = channel.next();
        if (!frame && !alive) return fail({Fault::crashed, "decoder.crashed"});
        bool spoke = frame.has_value();
        for (; frame; frame = channel.next()) {
            auto next = listener.take(*frame);
            if (!next) return fail(next.error());
            if (*next == Listener::Next::finished) return;
        }
        // What took us long is not its silence.
        if (spoke || listener.owes())
            silent_since = std::chrono::steady_clock::now();
        else if (std::chrono::steady_clock::now() - silent_since > std::chrono::seconds(limits_.wall_seconds))
            return fail({Fault::timed_out, "decoder.time"});
    }
}

}  // namespace ascribe

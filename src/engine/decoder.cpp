#include "engine/decoder.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <memory>

#include "base/reader.hpp"
#include "base/writer.hpp"
#include "engine/pool.hpp"

namespace ascribe {
namespace {

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

}  // namespace

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
    Listener listener(channel_, windows, quota, events, path.size() + 1);
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

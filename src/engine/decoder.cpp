#include "engine/decoder.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <vector>

#include "base/reader.hpp"
#include "base/writer.hpp"
#include "engine/memory_file.hpp"
#include "engine/pool.hpp"
#include "parse/all.hpp"
#include "parse/lines.hpp"

namespace ascribe {
namespace {

enum class Message : std::uint8_t { begin, segment, damage, done };

constexpr std::uint64_t kEvtxHeader = 4'096;  // EVTX: chunks of 64 KiB follow a header of 4 KiB
constexpr std::uint64_t kEvtxChunk = 64 << 10;
constexpr std::size_t kLineSearch = 16 << 20;  // as far as a segment looks back for a line end
/// After a container up to this size the process is kept for the next one; others cost more to decode than to fork, and
/// leave its memory in pieces.
constexpr std::uint64_t kSmallContainer = 1 << 20;
constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;

void save(Writer& out, const std::optional<Time>& time) {
    out.little((time ? *time : kNoTime).time_since_epoch().count());
}

Result<std::optional<Time>> load_time(Reader& in) {
    auto ticks = TRY(in.little<std::int64_t>("decoder.time"));
    Time time{Ticks{ticks}};
    return time == kNoTime ? std::nullopt : std::optional(time);
}

/// Runs in the decoder: gathers a member's bytes into memory files and passes them on.
class Sender : public MemberSink {
public:
    Sender(Channel& parent, std::uint64_t input, const Quota& quota, bool hash)
        : parent_(parent), input_(input), quota_(quota), hashes_(hash) {}

    bool begin(const Entry& entry) override {
        if (entries_++ >= quota_.entries_left) return refuse("archive.entries", quota_.entries_left, entries_);
        Writer out;
        out.little(static_cast<std::uint8_t>(Message::begin));
        out.text(entry.path);
        out.little(static_cast<std::uint8_t>(entry.kind));
        out.little(entry.size);
        save(out, entry.modified);
        save(out, entry.created);
        out.text(entry.link_target);
        out.little(static_cast<std::uint8_t>(entry.encrypted));
        entry_ = entry.path;
        base_ = 0;
        segment_ = 0;
        binary_ = false;
        hash_ = Sha256();
        return parent_.send(out.bytes());
    }

    bool write(std::span<const std::byte> bytes) override {
        produced_ += bytes.size();
        if (produced_ > quota_.output_left) return refuse("archive.output", quota_.output_left, produced_);
        if (produced_ > kRatioAlarmAfter && produced_ / kRatioAlarm > input_)
            return refuse("archive.ratio", kRatioAlarm, produced_ / std::max<std::uint64_t>(input_, 1));
        if (base_ == 0 && held_.empty()) binary_ = as_text(bytes).starts_with("ElfFile");
        if (hashes_) hash_.update(bytes);
        held_.insert(held_.end(), bytes.begin(), bytes.end());
        if (segment_ == 0 && held_.size() >= kHeadBytes) segment_ = segment_size();
        return held_.size() < segment_ || segment_ == 0 || flush(false);
    }

    bool end() override { return flush(true); }

    void damage(const Error& error, std::string_view entry) override {
        Writer out;
        out.little(static_cast<std::uint8_t>(Message::damage));
        out.little(static_cast<std::uint8_t>(error.fault));
        out.text(error.what);
        out.text(entry);
        for (std::uint64_t value : {error.offset, error.need, error.have}) out.little(value);
        parent_.send(out.bytes());
    }

private:
    bool refuse(std::string_view limit, std::uint64_t allowed, std::uint64_t reached) {
        damage({Fault::too_large, limit, 0, allowed, reached}, entry_);
        return false;
    }

    /// Logs that are read line by line come in small segments, so that one is scanned while the next is decoded;
    /// whatever has to be seen whole comes whole as far as memory allows.
    std::uint64_t segment_size() const {
        auto head = std::span(held_).first(kHeadBytes);
        const Parser* surest = nullptr;
        int most = 0;
        for (const Parser& parser : parsers())
            if (int sureness = parser.claim(entry_, head); sureness > most) {
                most = sureness;
                surest = &parser;
            }
        return surest != nullptr && surest->unit == kTextUnit ? kTextSegmentSize : kSegmentSize;
    }

    /// Where this segment ends so that the next begins with a whole line or chunk.
    std::size_t cut() const {
        if (binary_) {
            auto end = base_ + held_.size();
            return static_cast<std::size_t>((end - kEvtxHeader) / kEvtxChunk * kEvtxChunk + kEvtxHeader - base_);
        }
        auto tail = as_text(held_).substr(held_.size() - std::min<std::size_t>(held_.size(), kLineSearch));
        auto at = tail.rfind('\n');
        return at == std::string_view::npos ? held_.size() : held_.size() - (tail.size() - at - 1);
    }

    bool flush(bool last) {
        auto size = last ? held_.size() : cut();
        Descriptor memory(memfd_create("member", MFD_CLOEXEC | MFD_ALLOW_SEALING));
        for (std::size_t done = 0; done < size;) {
            auto wrote = ::write(memory.number(), held_.data() + done, size - done);
            if (wrote <= 0) return refuse("archive.memory", size, done);
            done += static_cast<std::size_t>(wrote);
        }
        fcntl(memory.number(), F_ADD_SEALS, kSeals);
        Writer out;
        out.little(static_cast<std::uint8_t>(Message::segment));
        out.little(base_);
        out.little(static_cast<std::uint8_t>(last));
        out.text(as_text(last && hashes_ ? hash_.finish() : Digest{}));
        if (!parent_.send(out.bytes(), memory.number())) return false;
        if (!parent_.wait()) return false;  // the parent asks for more when it has room
        held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(size));
        base_ += size;
        return true;
    }

    Channel& parent_;
    std::uint64_t input_, produced_ = 0, entries_ = 0, base_ = 0;
    Quota quota_;
    bool hashes_;
    std::uint64_t segment_ = 0;  // bytes; 0: not known yet
    bool binary_ = false;
    std::string entry_;
    Sha256 hash_;
    std::vector<std::byte> held_;
};

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

void live_as_decoder(Channel& parent, const OpenOptions& options, Isolation isolation, const Limits& limits) {
    // Memory files are shared memory, which RLIMIT_DATA does not count: bound each file and their number instead.
    rlimit file{kSegmentSize * 2, kSegmentSize * 2}, open_files{16, 16};
    setrlimit(RLIMIT_FSIZE, &file);
    setrlimit(RLIMIT_NOFILE, &open_files);
    confine(isolation, limits);
    while (auto frame = parent.wait()) {
        Descriptor container = parent.take_descriptor();
        Reader in(as_bytes(*frame));
        auto request = Request::load(in);
        if (!request || request->opener >= openers().size()) return;
        Sender sender(parent, request->size, request->quota, options.hash);
        const Opener& opener = openers()[request->opener];
        if (auto opened = opener.open(container.number(), request->path, options, sender); !opened)
            sender.damage(opened.error(), "");
        Writer out;
        out.little(static_cast<std::uint8_t>(Message::done));
        if (!parent.send(out.bytes())) return;
    }
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

/// Takes a segment only when it is what it claims: sealed, so that nobody can change or shrink it while it is read.
Result<void> take_segment(Reader& in, Channel& channel, Quota& quota, const MemberEvents& events) {
    auto base = TRY(in.little<std::uint64_t>("decoder.segment.base"));
    bool last = TRY(in.little<std::uint8_t>("decoder.segment.last")) != 0;
    auto text = TRY(in.text("decoder.segment.digest"));
    Digest digest{};
    if (text.size() != digest.size()) return std::unexpected(Error{Fault::bad_value, "decoder.segment.digest"});
    std::memcpy(digest.data(), text.data(), digest.size());
    Descriptor memory = channel.take_descriptor();
    auto sealed = sealed_size(memory.number());
    if (!sealed) return std::unexpected(Error{Fault::bad_value, "decoder.segment.memory"});
    auto size = *sealed;
    if (size > quota.output_left)
        return std::unexpected(Error{Fault::too_large, "archive.output", 0, quota.output_left, size});
    quota.output_left -= size;
    channel.send("more");  // the next is decoded while this one is read; it then waits until we look
    events.segment(std::move(memory), size, base, last, digest);
    return {};
}

enum class Next { more, finished };

Result<Next> take_message(std::string_view frame, Channel& channel, Quota& quota, const MemberEvents& events) {
    Reader in(as_bytes(frame));
    auto kind = TRY(in.little<std::uint8_t>("decoder.message"));
    switch (static_cast<Message>(kind)) {
        case Message::begin: {
            auto entry = TRY(load_entry(in));
            if (quota.entries_left == 0)
                return std::unexpected(Error{Fault::too_large, "archive.entries", 0, kEntryLimit, kEntryLimit + 1});
            --quota.entries_left;
            events.begin(entry);
            return Next::more;
        }
        case Message::segment: TRY(take_segment(in, channel, quota, events)); return Next::more;
        case Message::damage: {
            auto fault = TRY(in.little<std::uint8_t>("decoder.damage.fault"));
            if (fault > static_cast<std::uint8_t>(Fault::repeated))
                return std::unexpected(Error{Fault::bad_value, "decoder.damage.fault"});
            Damage damage{{}, static_cast<Fault>(fault), "", 0, 0, 0};
            damage.what = TRY(in.text("decoder.damage.what"));
            auto entry = TRY(in.text("decoder.damage.entry"));
            for (std::uint64_t* value : {&damage.offset, &damage.need, &damage.have})
                *value = TRY(in.little<std::uint64_t>("decoder.damage.value"));
            events.damage(damage, std::string(entry));
            return Next::more;
        }
        case Message::done: return Next::finished;
    }
    return std::unexpected(Error{Fault::bad_value, "decoder.message"});
}

}  // namespace

void Decoder::start() {
    stop();
    auto [mine, theirs] = Channel::pair();
    process_ = fork_confined(std::move(theirs), -1,
                             [this](Channel parent, int) { live_as_decoder(parent, options_, isolation_, limits_); });
    channel_ = Channel(std::move(mine));
}

void Decoder::stop() {
    if (process_ < 0) return;
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
    process_ = -1;
}

void Decoder::decode(std::uint32_t opener, int container, std::string_view path, std::uint64_t size, Quota& quota,
                     Pool& pool, const MemberEvents& events) {
    bool idle = process_ >= 0 && channel_.pump() && !channel_.has_next();
    if (!idle) start();
    Writer out;
    Request{opener, std::string(path), size, quota}.save(out);
    if (!channel_.send(out.bytes(), container)) {
        events.damage({{}, Fault::crashed, "decoder.crashed", 0, 0, 0}, "");
        return stop();
    }
    if (!follow(quota, pool, events) || size > kSmallContainer) stop();
}

bool Decoder::follow(Quota& quota, Pool& pool, const MemberEvents& events) {
    auto fail = [&](const Error& error) {
        events.damage({{}, error.fault, std::string(error.what), error.offset, error.need, error.have}, "");
        return false;
    };
    auto silent_since = std::chrono::steady_clock::now();
    while (!pool.stopped()) {
        pool.pump(std::chrono::milliseconds(100), channel_.descriptor());
        bool alive = channel_.pump();
        auto frame = channel_.next();
        if (!frame && !alive) return fail({Fault::crashed, "decoder.crashed"});
        if (frame)
            silent_since = std::chrono::steady_clock::now();
        else if (std::chrono::steady_clock::now() - silent_since > std::chrono::seconds(limits_.wall_seconds))
            return fail({Fault::timed_out, "decoder.time"});
        for (; frame; frame = channel_.next()) {
            auto next = take_message(*frame, channel_, quota, events);
            if (!next) return fail(next.error());
            if (*next == Next::finished) return true;
        }
    }
    return false;
}

}  // namespace ascribe

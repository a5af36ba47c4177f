#include "engine/watch/messenger.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <thread>
#include <vector>

#include "engine/pool.hpp"

namespace ascribe {
namespace {

using namespace std::chrono_literals;

/// Given to an outlet at once: a file is synced once for all of them.
constexpr std::size_t kAtOnce = 64;
/// ... in so many bytes at most, unless one has more: they fit into the socket, so that an outlet which is not open yet
/// holds nothing up.
constexpr std::size_t kBytesAtOnce = 64 << 10;
/// Back-off after a failure: doubled up to the longest.
constexpr auto kFirstWait = 250ms, kLongestWait = 30'000ms;
/// An outlet's process that ended is not started again sooner.
constexpr auto kRestart = 1s;

void save_message(Writer& out, const Message& message) {
    out.text(message.id);
    out.little(message.level);
    out.little(message.severity);
    out.text(message.line);
}

Result<Message> load_message(Reader& in) {
    Message message;
    message.id = TRY(in.text("message.id"));
    message.level = TRY(in.little<std::uint8_t>("message.level"));
    message.severity = TRY(in.little<std::uint8_t>("message.severity"));
    message.line = TRY(in.text("message.line"));
    return message;
}

Result<std::vector<Message>> load_messages(std::string_view frame) {
    Reader in(as_bytes(frame));
    auto count = TRY(in.count("messages"));
    std::vector<Message> messages;
    for (std::uint32_t i = 0; i < count; ++i) {
        auto message = TRY(load_message(in));
        messages.push_back(std::move(message));
    }
    return messages;
}

/// What an outlet says: how many of the oldest messages arrived, and what is wrong.
std::string report(std::size_t delivered, std::string_view trouble) {
    Writer out;
    out.count(delivered);
    out.text(trouble);
    return out.take();
}

/// The life of an outlet's process: it delivers what it is given, in order, however long that takes.
void deliver_all(Channel parent, const Outlet& outlet, const Destination& destination) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGTERM, SIG_IGN);  // the parent decides when to stop, and has this process end with it
    auto wait = std::chrono::milliseconds(kFirstWait);
    auto back_off = [&](const std::string& trouble) {
        parent.send(report(0, trouble));
        std::this_thread::sleep_for(wait);
        wait = std::min<std::chrono::milliseconds>(2 * wait, kLongestWait);
    };
    auto open = outlet.open(destination);
    while (!open) {
        back_off(open.error());
        open = outlet.open(destination);
    }
    while (auto frame = parent.wait()) {
        auto messages = load_messages(*frame);
        if (!messages) return;
        for (std::span<const Message> left = *messages; !left.empty();) {
            auto [delivered, trouble] = (*open)(left);
            left = left.subspan(std::min(delivered, left.size()));
            if (delivered > 0) {
                wait = kFirstWait;
                if (!parent.send(report(delivered, ""))) return;
            }
            if (!left.empty()) back_off(trouble);
        }
    }
}

}  // namespace

Messenger::Messenger(const Outlet& outlet, Destination destination, std::function<void(const std::string&)> note)
    : outlet_(outlet), destination_(std::move(destination)), note_(std::move(note)) {
    start();
}

Messenger::~Messenger() {
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
}

std::string Messenger::name() const { return fmt::format("{} {}", outlet_.name, destination_.target); }

void Messenger::start() {
    auto [mine, theirs] = Channel::pair();
    process_ = fork_confined(std::move(theirs), -1,
                             [this](Channel parent, int) { deliver_all(std::move(parent), outlet_, destination_); });
    channel_ = Channel(std::move(mine));
    started_ = std::chrono::steady_clock::now();
    sent_ = 0;
}

void Messenger::add(Message message) {
    queue_.push_back(std::move(message));
    if (queue_.size() <= kWaiting) return;
    queue_.erase(queue_.begin() + static_cast<std::ptrdiff_t>(sent_));  // those on their way are not counted twice
    if (dropped_++ == 0)
        note_(fmt::format("{}: more than {} findings wait; the oldest are dropped", outlet_.name, kWaiting));
}

void Messenger::learn(std::string_view frame) {
    Reader in(as_bytes(frame));
    auto delivered = in.little<std::uint32_t>("outlet.delivered");
    auto trouble = in.text("outlet.trouble");
    if (!delivered || !trouble) return;
    auto arrived = std::min<std::size_t>(*delivered, sent_);
    queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(arrived));
    sent_ -= arrived;
    if (*trouble == trouble_) return;
    if (!trouble->empty())
        note_(fmt::format("{}: {}; trying again", outlet_.name, *trouble));
    else if (!trouble_.empty())
        note_(fmt::format("{}: delivers again", outlet_.name));
    trouble_ = *trouble;
}

void Messenger::pump() {
    bool alive = channel_.pump();
    while (auto frame = channel_.next()) learn(*frame);
    if (!alive) {
        sent_ = 0;
        if (std::chrono::steady_clock::now() - started_ < kRestart) return;
        kill(process_, SIGKILL);
        waitpid(process_, nullptr, 0);
        start();
    }
    if (sent_ > 0 || queue_.empty()) return;
    Writer out;
    std::size_t count = 0, bytes = 0;
    while (count < std::min(queue_.size(), kAtOnce) && (count == 0 || bytes + queue_[count].line.size() < kBytesAtOnce))
        bytes += queue_[count++].line.size();
    out.count(count);
    for (std::size_t i = 0; i < count; ++i) save_message(out, queue_[i]);
    if (channel_.send(out.bytes())) sent_ = count;
}

void Messenger::save(Writer& out) const {
    out.count(queue_.size());
    for (const Message& message : queue_) save_message(out, message);
}

Result<void> Messenger::load(Reader& in) {
    auto count = TRY(in.count("messenger.waiting"));
    for (std::uint32_t i = 0; i < count; ++i) {
        auto message = TRY(load_message(in));
        add(std::move(message));
    }
    return {};
}

}  // namespace ascribe

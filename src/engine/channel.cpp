#include "engine/channel.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace ascribe {
namespace {

constexpr std::size_t kControl = CMSG_SPACE(sizeof(int) * Frames::kMost);

bool send_all(int socket, std::span<iovec> pieces, std::span<const int> passed) {
    alignas(cmsghdr) char control[kControl] = {};
    msghdr message{};
    if (!passed.empty()) {
        auto size = std::min(passed.size(), Frames::kMost) * sizeof(int);
        message.msg_control = control;
        message.msg_controllen = CMSG_SPACE(size);
        cmsghdr* item = CMSG_FIRSTHDR(&message);
        item->cmsg_level = SOL_SOCKET;
        item->cmsg_type = SCM_RIGHTS;
        item->cmsg_len = CMSG_LEN(size);
        std::memcpy(CMSG_DATA(item), passed.data(), size);
    }
    while (!pieces.empty()) {
        message.msg_iov = pieces.data();
        message.msg_iovlen = pieces.size();
        ssize_t sent = sendmsg(socket, &message, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return false;
        message.msg_control = nullptr;  // the descriptors went with the first byte
        message.msg_controllen = 0;
        for (auto done = static_cast<std::size_t>(sent); !pieces.empty();) {
            iovec& first = pieces.front();
            auto step = std::min(done, first.iov_len);
            first.iov_base = static_cast<char*>(first.iov_base) + step;
            first.iov_len -= step;
            done -= step;
            if (first.iov_len > 0) break;
            pieces = pieces.subspan(1);
        }
    }
    return true;
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    if (this != &other) {
        if (number_ >= 0) close(number_);
        number_ = std::exchange(other.number_, -1);
    }
    return *this;
}

Descriptor::~Descriptor() {
    if (number_ >= 0) close(number_);
}

std::pair<Descriptor, Descriptor> Channel::pair() {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        throw std::system_error(errno, std::generic_category(), "socketpair");
    return {Descriptor(ends[0]), Descriptor(ends[1])};
}

void Frames::add(std::string_view frame, int passed) {
    std::uint64_t size = frame.size();
    bytes_.append(reinterpret_cast<const char*>(&size), sizeof size);
    bytes_ += frame;
    if (passed >= 0) passed_.push_back(passed);
    ++count_;
}

void Frames::clear() {
    bytes_.clear();
    passed_.clear();
    count_ = 0;
}

void Channel::send_within(std::chrono::seconds limit) {
    timeval most{.tv_sec = limit.count(), .tv_usec = 0};
    setsockopt(socket_.number(), SOL_SOCKET, SO_SNDTIMEO, &most, sizeof most);
}

bool Channel::send(std::string_view frame, int passed) {
    std::uint64_t size = frame.size();
    std::array<iovec, 2> pieces{{{&size, sizeof size}, {const_cast<char*>(frame.data()), frame.size()}}};
    return send_all(socket_.number(), pieces, std::span(&passed, passed >= 0 ? 1 : 0));
}

bool Channel::send(const Frames& frames) {
    std::array<iovec, 1> pieces{{{const_cast<char*>(frames.bytes().data()), frames.bytes().size()}}};
    return send_all(socket_.number(), pieces, frames.passed());
}

bool Channel::send_at_once(std::string_view frame) {
    Frames one;
    one.add(frame);
    auto sent = ::send(socket_.number(), one.bytes().data(), one.bytes().size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent == static_cast<ssize_t>(one.bytes().size());
}

bool Channel::receive(bool wait) {
    constexpr std::size_t kPiece = 1 << 18;
    auto size = inbox_.size();
    inbox_.resize_and_overwrite(size + kPiece, [](char*, std::size_t room) { return room; });  // not cleared first
    iovec piece{inbox_.data() + size, kPiece};
    alignas(cmsghdr) char control[kControl];
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    ssize_t got = recvmsg(socket_.number(), &message, MSG_CMSG_CLOEXEC | (wait ? 0 : MSG_DONTWAIT));
    inbox_.resize(size + static_cast<std::size_t>(got > 0 ? got : 0));
    if (got < 0) return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    if (got == 0) return false;
    for (cmsghdr* item = CMSG_FIRSTHDR(&message); item != nullptr; item = CMSG_NXTHDR(&message, item)) {
        if (item->cmsg_level != SOL_SOCKET || item->cmsg_type != SCM_RIGHTS) continue;
        auto count = (item->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int number = -1;
            std::memcpy(&number, CMSG_DATA(item) + i * sizeof(int), sizeof number);
            descriptors_.emplace_back(number);
        }
    }
    constexpr std::size_t kDescriptorsAhead = 64;  // more than frames in flight can carry: the sender misbehaves
    return descriptors_.size() <= kDescriptorsAhead && announced().value_or(0) <= kFrameLimit;
}

std::optional<std::uint64_t> Channel::announced() const {
    std::uint64_t size = 0;
    if (inbox_.size() - taken_ < sizeof size) return {};
    std::memcpy(&size, inbox_.data() + taken_, sizeof size);
    return size;
}

bool Channel::pump() { return receive(false); }

bool Channel::has_next() const {
    auto size = announced();
    return size && *size <= kFrameLimit && inbox_.size() - taken_ - sizeof *size >= *size;
}

std::optional<std::string> Channel::next() {
    if (!has_next()) return {};
    auto size = *announced();
    std::string frame = inbox_.substr(taken_ + sizeof size, size);
    taken_ += sizeof size + size;
    if (taken_ == inbox_.size() || taken_ > (4u << 20)) {
        inbox_.erase(0, taken_);
        taken_ = 0;
    }
    return frame;
}

std::optional<std::string> Channel::wait() {
    while (true) {
        if (auto frame = next()) return frame;
        if (!receive(true)) return {};
    }
}

Descriptor Channel::take_descriptor() {
    if (descriptors_.empty()) return {};
    Descriptor first = std::move(descriptors_.front());
    descriptors_.pop_front();
    return first;
}

}  // namespace ascribe

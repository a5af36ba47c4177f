#include "engine/channel.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace ascribe {

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

bool Channel::send(std::string_view frame, int passed) {
    char header[8];
    std::uint64_t size = frame.size();
    std::memcpy(header, &size, sizeof size);
    iovec pieces[2] = {{header, sizeof header}, {const_cast<char*>(frame.data()), frame.size()}};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
    msghdr message{};
    message.msg_iov = pieces;
    message.msg_iovlen = 2;
    if (passed >= 0) {
        message.msg_control = control;
        message.msg_controllen = sizeof control;
        cmsghdr* item = CMSG_FIRSTHDR(&message);
        item->cmsg_level = SOL_SOCKET;
        item->cmsg_type = SCM_RIGHTS;
        item->cmsg_len = CMSG_LEN(sizeof(int));
        std::memcpy(CMSG_DATA(item), &passed, sizeof passed);
    }
    std::size_t left = sizeof header + frame.size();
    while (left > 0) {
        ssize_t sent = sendmsg(socket_.number(), &message, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return false;
        left -= static_cast<std::size_t>(sent);
        message.msg_control = nullptr;  // the descriptor went with the first byte
        message.msg_controllen = 0;
        for (auto rest = static_cast<std::size_t>(sent); rest > 0 && message.msg_iovlen > 0;) {
            auto step = std::min(rest, message.msg_iov->iov_len);
            message.msg_iov->iov_base = static_cast<char*>(message.msg_iov->iov_base) + step;
            message.msg_iov->iov_len -= step;
            rest -= step;
            if (message.msg_iov->iov_len == 0) ++message.msg_iov, --message.msg_iovlen;
        }
    }
    return true;
}

bool Channel::receive(bool wait) {
    constexpr std::size_t kPiece = 1 << 18;
    auto size = inbox_.size();
    inbox_.resize_and_overwrite(size + kPiece, [](char*, std::size_t room) { return room; });  // not cleared first
    iovec piece{inbox_.data() + size, kPiece};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * 4)];
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
    return descriptors_.size() <= kDescriptorsAhead;
}

bool Channel::pump() { return receive(false); }

std::optional<std::string> Channel::next() {
    std::uint64_t size = 0;
    if (inbox_.size() - taken_ < sizeof size) return {};
    std::memcpy(&size, inbox_.data() + taken_, sizeof size);
    if (size > kFrameLimit || inbox_.size() - taken_ - sizeof size < size) return {};
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

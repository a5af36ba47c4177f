// Syslog: to the local daemon's socket (/dev/log) or by UDP to HOST:PORT. The message is RFC 5424's with the finding as
// JSON; the id stands in MSGID too. UDP and a daemon that is being restarted lose without a word, and a kill between
// sending and noting it sends again: at least once, as far as the kernel took it.
// https://www.rfc-editor.org/rfc/rfc5424 https://www.rfc-editor.org/rfc/rfc5426
#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>

#include "base/time.hpp"
#include "notify/outlet.hpp"

namespace ascribe {
namespace {

constexpr int kAuthPrivate = 10;  // facility "security/authorization messages (private)", RFC 5424 table 1
/// RFC 5424 table 2: informational, notice, warning, error, critical, for note .. critical.
constexpr int kSeverities[] = {6, 5, 4, 3, 2};

bool is_path(std::string_view target) { return target.starts_with('/'); }

std::string refuse(const Destination& destination) {
    const auto& target = destination.target;
    if (is_path(target)) {
        if (target.size() >= sizeof(sockaddr_un::sun_path))
            return fmt::format("{}: is too long for the path of a socket", target);
        return {};
    }
    auto colon = target.rfind(':');
    if (colon == std::string::npos || colon == 0 || colon + 1 == target.size())
        return fmt::format("--syslog needs a socket such as /dev/log, or HOST:PORT, not '{}'", target);
    // The host may come up later, a port that is none never will.
    addrinfo hints{}, *found = nullptr;
    hints.ai_socktype = SOCK_DGRAM;
    if (int fault = getaddrinfo(nullptr, target.c_str() + colon + 1, &hints, &found); fault != 0)
        return fmt::format("--syslog {}: {} is no port: {}", target, target.substr(colon + 1), gai_strerror(fault));
    freeaddrinfo(found);
    return {};
}

class Socket {
public:
    explicit Socket(std::string target) : target_(std::move(target)) {
        char name[256] = "-";
        if (gethostname(name, sizeof name - 1) == 0) host_ = name;
    }
    ~Socket() { shut(); }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    Delivery deliver(std::span<const Message> messages) {
        for (std::size_t i = 0; i < messages.size(); ++i) {
            if (number_ < 0)
                if (auto fault = connect(); !fault.empty()) return {i, fault};
            auto text = framed(messages[i]);
            if (send(number_, text.data(), text.size(), MSG_NOSIGNAL) >= 0) continue;
            auto fault = fmt::format("{}: {}", target_, strerror(errno));
            shut();  // a daemon that was started anew has another socket
            return {i, fault};
        }
        return {messages.size(), {}};
    }

private:
    void shut() {
        if (number_ >= 0) close(number_);
        number_ = -1;
    }

    std::string framed(const Message& message) const {
        auto now = std::chrono::time_point_cast<Ticks>(std::chrono::system_clock::now());
        auto priority = kAuthPrivate * 8 + kSeverities[std::min<std::size_t>(message.severity, 4)];
        return fmt::format("<{}>1 {} {} ascribe {} {} - {}", priority, format_time(now), host_, getpid(), message.id,
                           message.line);
    }

    std::string connect() {
        if (!is_path(target_)) return connect_udp();
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        target_.copy(address.sun_path, sizeof address.sun_path - 1);
        number_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (number_ >= 0 && ::connect(number_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return {};
        auto fault = fmt::format("{}: {}", target_, strerror(errno));
        shut();
        return fault;
    }

    std::string connect_udp() {
        auto colon = target_.rfind(':');
        auto host = target_.substr(0, colon), port = target_.substr(colon + 1);
        if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
        addrinfo hints{}, *found = nullptr;
        hints.ai_socktype = SOCK_DGRAM;
        if (int fault = getaddrinfo(host.c_str(), port.c_str(), &hints, &found); fault != 0)
            return fmt::format("{}: {}", target_, gai_strerror(fault));
        std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> held(found, freeaddrinfo);
        for (auto* each = found; each != nullptr && number_ < 0; each = each->ai_next) {
            number_ = socket(each->ai_family, each->ai_socktype | SOCK_CLOEXEC, each->ai_protocol);
            if (number_ >= 0 && ::connect(number_, each->ai_addr, each->ai_addrlen) != 0) shut();
        }
        return number_ >= 0 ? std::string() : fmt::format("{}: {}", target_, strerror(errno));
    }

    std::string target_, host_ = "-";
    int number_ = -1;
};

std::expected<Deliver, std::string> open_socket(const Destination& destination) {
    auto socket = std::make_shared<Socket>(destination.target);
    return [socket](std::span<const Message> messages) { return socket->deliver(messages); };
}

}  // namespace

extern const Outlet kSyslogOutlet;
const Outlet kSyslogOutlet{"syslog", "RFC 5424 to a local socket or by UDP, at least once", refuse, open_socket};

}  // namespace ascribe

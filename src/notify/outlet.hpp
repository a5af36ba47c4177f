// Where the messages of a watch go: files, syslog, web hooks. An outlet knows nothing of evidence and nothing of who
// calls it; it may block, for it lives in a process of its own (engine/watch/messenger.hpp).
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace ascribe {

struct Message {
    std::string id;             // stable: the same for the same finding in every run
    std::uint8_t level = 0;     // of the finding: scan 0, attempt 1, success 2; told again only when it rises
    std::uint8_t severity = 0;  // note 0 .. critical 4
    std::string line;           // one JSON object, printable ASCII, without its end
};

struct Delivery {
    std::size_t delivered = 0;  // the first so many are where they should be, for good
    std::string trouble;        // why not the rest: a sentence; "" when all are
};

/// Delivers messages in order and stops at the first that cannot be delivered now.
using Deliver = std::function<Delivery(std::span<const Message>)>;

struct Destination {
    std::string target;   // a path, HOST:PORT, a URL
    std::string headers;  // web hooks: further header lines, a line each
};

struct Outlet {
    std::string_view name, about;
    /// "" when the destination can be right; else a sentence that says what is wrong with it.
    std::string (*refuse)(const Destination&);
    /// Called in the outlet's own process. The error is a sentence; opening is tried again later.
    std::expected<Deliver, std::string> (*open)(const Destination&);
};

/// Every outlet, in the order of --help.
std::span<const Outlet> outlets();
/// The outlet of that name, which there must be.
const Outlet& outlet(std::string_view name);

}  // namespace ascribe

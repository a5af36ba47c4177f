// Carries messages to one outlet. The outlet lives in a process of its own, so a receiver that is slow or away holds
// nothing up: messages wait here, in a queue that is part of the saved state, until the outlet says that they arrived.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <string>

#include "base/reader.hpp"
#include "base/writer.hpp"
#include "engine/channel.hpp"
#include "notify/outlet.hpp"

namespace ascribe {

class Messenger {
public:
    /// Messages that may wait; with more the oldest goes, counted and said. A day of 400 an hour.
    static constexpr std::size_t kWaiting = 10'000;

    Messenger(const Outlet& outlet, Destination destination, std::function<void(const std::string&)> note);
    ~Messenger();
    Messenger(Messenger&&) = delete;
    Messenger& operator=(Messenger&&) = delete;

    void add(Message message);
    /// Sends what waits and learns what arrived; never waits itself.
    void pump();
    std::size_t waiting() const { return queue_.size(); }
    /// "webhook https://...": which queue of a saved state is this one's.
    std::string name() const;

    void save(Writer& out) const;
    Result<void> load(Reader& in);

private:
    void start();
    void learn(std::string_view frame);

    const Outlet& outlet_;
    Destination destination_;
    std::function<void(const std::string&)> note_;
    std::deque<Message> queue_;
    std::size_t sent_ = 0;  // of the queue's front, given to the outlet
    std::uint64_t dropped_ = 0;
    std::string trouble_;
    int process_ = -1;
    std::chrono::steady_clock::time_point started_{};
    Channel channel_{Descriptor()};
};

}  // namespace ascribe

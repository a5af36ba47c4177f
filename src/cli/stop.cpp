#include "cli/stop.hpp"

#include <csignal>

namespace ascribe {
namespace {

std::atomic<bool> stop = false;
static_assert(std::atomic<bool>::is_always_lock_free);  // else a signal handler must not touch it

}  // namespace

std::atomic<bool>& stop_on_signals() {
    for (int signal : {SIGINT, SIGTERM}) std::signal(signal, [](int) { stop = true; });
    return stop;
}

}  // namespace ascribe

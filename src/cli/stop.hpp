// Long work ends in good order when the user or the system asks for it.
#pragma once

#include <atomic>

namespace ascribe {

/// True once SIGINT or SIGTERM has come; may be set by whoever finds that nobody reads any more. From the first call
/// on, these signals only set it.
std::atomic<bool>& stop_on_signals();

}  // namespace ascribe

// What `ascribe top` shows: the traffic of some logs and who in it looks like an attacker, as the logs grow.
#pragma once

#include <atomic>
#include <expected>
#include <functional>
#include <string>
#include <vector>

#include "engine/isolation.hpp"
#include "model/traffic.hpp"

namespace ascribe {

struct Intel;

struct TopOptions {
    std::vector<std::string> logs;
    int workers = 2;
    Isolation isolation = Isolation::full;
    const std::atomic<bool>* stop = nullptr;
};

/// Reads the logs and follows them. `show` is called some times a second with what is known, and ends it by returning
/// false; `note` gets sentences about what cannot be read. The error is a sentence.
std::expected<void, std::string> top(const TopOptions& options, const Intel& intel,
                                     const std::function<bool(const TopView&)>& show,
                                     const std::function<void(const std::string&)>& note);

}  // namespace ascribe

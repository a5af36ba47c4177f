// A loop over numbers by several threads, for what is done before workers are forked.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace ascribe::sigma {

/// Calls `call` with each number below `count` once, from so many threads; none is left running.
void in_parallel(std::size_t threads, std::size_t count, const auto& call) {
    std::atomic<std::size_t> next = 0;
    auto work = [&] {
        for (auto i = next++; i < count; i = next++) call(i);
    };
    std::vector<std::jthread> others;
    for (std::size_t thread = 1; thread < std::min(threads, count); ++thread) others.emplace_back(work);
    work();
}

}  // namespace ascribe::sigma

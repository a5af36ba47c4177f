// The parent's side of the workers: hands out jobs, watches the clock, retries a part once after a crash, and goes on.
// Single-threaded: workers are forked, and forked again, from a process without threads.
#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/worker.hpp"

namespace ascribe {

/// Forks a child that keeps two of the parent's descriptors, `socket` and `given` (-1: none), and runs `life` in it.
int fork_confined(Descriptor socket, int given, const std::function<void(Channel, int given)>& life);

class Pool {
public:
    /// Called in the parent when a job is done; the reply's faults are in `fault` when the worker failed twice.
    using Done = std::function<void(const Job&, std::expected<Reply, Damage>)>;
    using SharedDescriptor = std::shared_ptr<Descriptor>;

    Pool(int workers, const Stages& stages, Isolation isolation, const Limits& limits, const std::atomic<bool>& stop);
    ~Pool();
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    /// Queues a job; never blocks, so a Done may call it.
    void enqueue(Job job, SharedDescriptor descriptor, Done done);
    /// Works until fewer than `jobs` wait or run, or until stopped.
    void work_until_below(std::size_t jobs);
    /// Hands out, waits at most `timeout` for any worker or for `also` to become readable, and collects.
    void pump(std::chrono::milliseconds timeout, int also = -1);
    bool stopped() const { return stop_; }
    std::size_t workers() const { return crew_.size(); }
    /// The lowest isolation level any worker reached.
    const std::string& isolation() const { return level_; }

private:
    struct Assignment {
        Job job;
        SharedDescriptor descriptor;
        Done done;
        int tries = 0;
        bool alone = false;  // it was among several, one of which a worker did not survive
    };
    struct Worker {
        int process = -1;
        Channel channel{Descriptor()};
        std::deque<Assignment> tasks;  // several at a time where they are small; answered in this order
        SharedDescriptor lines;        // the memory file that it writes dumps into
        std::chrono::steady_clock::time_point deadline;
    };
    void start(Worker& worker);
    void assign(Worker& worker);
    bool is_small(const Assignment& task) const;
    void collect(Worker& worker);
    void bury(Worker& worker, bool timed_out);

    const Stages stages_;
    const Isolation isolation_;
    const Limits limits_;
    const std::atomic<bool>& stop_;
    std::string level_;
    std::vector<Worker> crew_;
    std::deque<Assignment> queue_;
};

}  // namespace ascribe

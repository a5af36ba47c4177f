#include "engine/pool.hpp"

#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <ctime>
#include <new>
#include <system_error>
#include <thread>
#include <tuple>

#include "base/hash.hpp"

namespace ascribe {
namespace {

/// Files up to this size are handed out several at a time: for each by itself, waking one another would take longer
/// than most take to read.
constexpr std::uint64_t kSmall = 64 << 10;
constexpr int kExitMemory = 3;  // a worker that ran out of memory says so

/// Renews the CPU budget: the limit counts a process's whole life, a part is what we want to bound.
void renew_cpu_limit(int process, std::uint64_t seconds) {
    clockid_t clock{};
    timespec used{};
    if (clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &used) != 0) return;
    rlimit budget{static_cast<rlim_t>(used.tv_sec) + seconds, RLIM_INFINITY};
    prlimit(process, RLIMIT_CPU, &budget, nullptr);
}

/// Artefacts first come, first served, each from its start, so that little waits for what comes before it; hashes,
/// which nothing waits for, behind the artefact's parts.
std::tuple<ArtefactId, bool, std::uint64_t> turn(const Job& job) {
    return {job.artefact, job.task == Task::hash, job.begin};
}

// A worker that ends by itself closes its socket a moment before its status is there; one that gives back much memory
// on a busy machine takes more than a second.
constexpr auto kLastWords = std::chrono::milliseconds(5000);

/// A worker without a task waits for one: it reads it at once, however busy the machine.
constexpr auto kListens = std::chrono::seconds(60);

/// The status with which a process ended by itself within `patience`, else after it was killed.
int reap(int process, std::chrono::milliseconds patience) {
    constexpr auto kStep = std::chrono::milliseconds(5);
    int status = 0;
    for (auto waited = std::chrono::milliseconds(0); waited < patience; waited += kStep) {
        if (waitpid(process, &status, WNOHANG) == process) return status;
        std::this_thread::sleep_for(kStep);
    }
    kill(process, SIGKILL);
    waitpid(process, &status, 0);
    return status;
}

Damage describe_death(const Job& job, int status, bool timed_out) {
    Damage damage{job.artefact, Fault::crashed, "worker.crashed", job.begin, job.end - job.begin, 0};
    if (timed_out || (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)) {
        damage.fault = Fault::timed_out;
        damage.what = "worker.time";
    } else if (WIFEXITED(status) && WEXITSTATUS(status) == kExitMemory) {
        damage.fault = Fault::too_large;
        damage.what = "worker.memory";
    } else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS) {
        damage.what = "worker.evidence_changed_while_read";
    }
    return damage;
}

/// What one batch of rows, or one reply, gives back serves the next: the kernel clears each page it hands out anew,
/// which took a quarter of the time of decoding events. Called before each fork, since it also gathers what was freed:
/// a child that did so would first copy each page of the parent's that holds such a piece.
void keep_memory() {
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 64 << 20);
#endif
}

}  // namespace

int fork_confined(Descriptor socket, int given, const std::function<void(Channel, int given)>& life) {
    // The library of hashes makes its tables at the first one; else every child would make its own, 3 ms each.
    [[maybe_unused]] static const Digest ready = sha256(std::string_view());
    keep_memory();
    int child = fork();
    if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
    if (child > 0) return child;
    // In the child: standard streams to nowhere, the socket as 3, the given one as 4, nothing else.
    int nowhere = open("/dev/null", O_RDWR);
    dup2(nowhere, STDIN_FILENO);
    dup2(nowhere, STDOUT_FILENO);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    dup2(nowhere, STDERR_FILENO);
#endif
    signal(SIGINT, SIG_IGN);  // the parent decides when to stop
    // Both may stand in each other's new place, so they are moved out of the way first.
    int spare_socket = fcntl(socket.number(), F_DUPFD, 16), spare_given = given < 0 ? -1 : fcntl(given, F_DUPFD, 16);
    dup2(spare_socket, 3);
    if (given >= 0) dup2(spare_given, 4);
    close_range(given >= 0 ? 5 : 4, ~0u, 0);
    socket.release();
    try {
        life(Channel(Descriptor(3)), given >= 0 ? 4 : -1);
    } catch (const std::bad_alloc&) {
        _exit(kExitMemory);
    } catch (...) {
        _exit(1);
    }
    _exit(0);
}

Pool::Pool(int workers, const Stages& stages, Isolation isolation, const Limits& limits, const std::atomic<bool>& stop)
    : stages_(stages),
      isolation_(isolation),
      limits_(limits),
      stop_(stop),
      crew_(static_cast<std::size_t>(std::max(workers, 1))) {
    for (Worker& worker : crew_) start(worker);
}

Pool::~Pool() {
    for (Worker& worker : crew_) {
        kill(worker.process, SIGKILL);
        waitpid(worker.process, nullptr, 0);
    }
}

void Pool::start(Worker& worker) {
    auto [mine, theirs] = Channel::pair();
    worker.process = fork_confined(std::move(theirs), -1, [this](Channel parent, int) {
        live_as_worker(std::move(parent), stages_, isolation_, limits_);
    });
    worker.channel = Channel(std::move(mine));
    worker.channel.send_within(kListens);
    auto hello = worker.channel.wait();
    std::string level = hello.value_or("none (a worker ended before it was confined)");
    if (level_.empty() || !level.starts_with("full")) level_ = level;
}

void Pool::enqueue(Job job, SharedDescriptor descriptor, Done done) {
    auto place = std::ranges::upper_bound(queue_, turn(job), {}, [](const Assignment& task) { return turn(task.job); });
    queue_.insert(place, {std::move(job), std::move(descriptor), std::move(done)});
}

/// A whole small file whose rows nobody dumps: memory files of lines are handed over one at a time.
bool Pool::is_small(const Assignment& task) const {
    return task.job.task == Task::inspect && task.job.size <= kSmall && !task.alone && stages_.dump == nullptr;
}

void Pool::assign(Worker& worker) {
    auto most = std::min(Frames::kMost, 1 + queue_.size() / (2 * crew_.size()));
    do {
        worker.tasks.push_back(std::move(queue_.front()));
        queue_.pop_front();
    } while (worker.tasks.size() < most && !queue_.empty() && is_small(worker.tasks.back()) &&
             is_small(queue_.front()));
    renew_cpu_limit(worker.process, limits_.cpu_seconds);
    worker.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(limits_.wall_seconds);
    worker.tasks.front().job.reuse = worker.lines.use_count() == 1;
    Frames jobs;
    for (const Assignment& task : worker.tasks) {
        Writer out;
        task.job.save(out);
        jobs.add(out.bytes(), task.descriptor->number());
    }
    if (!worker.channel.send(jobs)) bury(worker, false);
}

void Pool::collect(Worker& worker) {
    bool alive = worker.channel.pump();
    while (auto frame = worker.channel.next()) {
        Reader in(as_bytes(*frame));
        auto reply = Reply::load(in);
        if (!reply || worker.tasks.empty()) return bury(worker, false);  // it no longer speaks our language
        if (auto lines = worker.channel.take_descriptor())
            worker.lines = std::make_shared<Descriptor>(std::move(lines));
        if (reply->lines_bytes > 0) reply->lines_file = worker.lines;
        auto task = std::move(worker.tasks.front());
        worker.tasks.pop_front();
        task.done(task.job, std::move(*reply));
    }
    if (!alive) bury(worker, false);
}

/// A job that a worker did not survive is tried once more. Of several it is not known which it was: each is done again
/// by itself.
void Pool::bury(Worker& worker, bool timed_out) {
    int status = reap(worker.process, timed_out ? std::chrono::milliseconds(0) : kLastWords);
    auto tasks = std::exchange(worker.tasks, {});
    worker.lines = {};
    start(worker);
    bool several = tasks.size() > 1;
    for (auto task = tasks.rbegin(); task != tasks.rend(); ++task) {
        task->alone = true;
        if (several || ++task->tries < 2)
            queue_.push_front(std::move(*task));
        else
            task->done(task->job, std::unexpected(describe_death(task->job, status, timed_out)));
    }
}

void Pool::pump(std::chrono::milliseconds timeout, int also) {
    for (Worker& worker : crew_)
        if (worker.tasks.empty() && !queue_.empty()) assign(worker);
    std::vector<pollfd> watched;
    watched.reserve(crew_.size() + 1);
    for (Worker& worker : crew_) watched.push_back({worker.channel.descriptor(), POLLIN, 0});
    if (also >= 0) watched.push_back({also, POLLIN, 0});
    if (poll(watched.data(), watched.size(), static_cast<int>(timeout.count())) < 0) return;
    auto now = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < crew_.size(); ++i) {
        if (watched[i].revents != 0) collect(crew_[i]);
        // Whatever it says meanwhile: half an answer after the other is none.
        if (!crew_[i].tasks.empty() && now > crew_[i].deadline) bury(crew_[i], true);
    }
}

void Pool::work_until_below(std::size_t jobs) {
    auto open = [&] {
        std::size_t running = 0;
        for (const Worker& worker : crew_) running += worker.tasks.size();
        return queue_.size() + running;
    };
    while (!stopped() && open() >= jobs) pump(std::chrono::milliseconds(100));
}

}  // namespace ascribe

#include "engine/isolation.hpp"

#include <fmt/format.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace ascribe {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized =
    true;  // a sanitizer maps terabytes and reads /proc for its report: memory limits would end it
#else
constexpr bool kSanitized = false;
#endif

// Landlock's rights by ABI, from the kernel's include/uapi/linux/landlock.h. Debian 12's header (6.1) ends at ABI 2, so
// the newer bits are written out here.
constexpr std::uint64_t kFileRightsAbi1 = (1ull << 13) - 1;
constexpr std::uint64_t kRefer = 1ull << 13;        // ABI 2
constexpr std::uint64_t kTruncate = 1ull << 14;     // ABI 3
constexpr std::uint64_t kTcp = 3;                   // ABI 4: bind, connect
constexpr std::uint64_t kIoctlDevice = 1ull << 15;  // ABI 5
constexpr std::uint64_t kScopes = 3;                // ABI 6: abstract sockets, signals

struct RulesetAttributes {
    std::uint64_t handled_access_fs, handled_access_net, scoped;
};

/// Denies every file, TCP port and outside process by handling all rights and granting none. Returns the ABI, 0 on
/// failure.
int restrict_with_landlock() {
    auto abi = static_cast<int>(syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION));
    if (abi < 1) return 0;
    RulesetAttributes attributes{kFileRightsAbi1, 0, 0};
    if (abi >= 2) attributes.handled_access_fs |= kRefer;
    if (abi >= 3) attributes.handled_access_fs |= kTruncate;
    if (abi >= 4) attributes.handled_access_net = kTcp;
    if (abi >= 5) attributes.handled_access_fs |= kIoctlDevice;
    if (abi >= 6) attributes.scoped = kScopes;
    std::size_t size = abi >= 6 ? sizeof attributes : abi >= 4 ? 2 * sizeof(std::uint64_t) : sizeof(std::uint64_t);
    auto ruleset = static_cast<int>(syscall(SYS_landlock_create_ruleset, &attributes, size, 0));
    if (ruleset < 0) return 0;
    long done = syscall(SYS_landlock_restrict_self, ruleset, 0);
    close(ruleset);
    return done == 0 ? abi : 0;
}

/// Allows memory, time, the given descriptors and new memory files; everything else fails with EPERM, so that a library
/// that asks in vain reports an error instead of ending the worker.
bool filter_system_calls() {
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (filter == nullptr) return false;
    static constexpr int allowed[] = {
        SCMP_SYS(read),
        SCMP_SYS(readv),
        SCMP_SYS(pread64),
        SCMP_SYS(preadv),
        SCMP_SYS(write),
        SCMP_SYS(writev),
        SCMP_SYS(pwrite64),
        SCMP_SYS(recvmsg),
        SCMP_SYS(sendmsg),
        SCMP_SYS(recvfrom),
        SCMP_SYS(sendto),
        SCMP_SYS(close),
        SCMP_SYS(fstat),
        SCMP_SYS(lseek),
        SCMP_SYS(fcntl),
        SCMP_SYS(poll),
        SCMP_SYS(ppoll),
        SCMP_SYS(mmap),
        SCMP_SYS(munmap),
        SCMP_SYS(mremap),
        SCMP_SYS(mprotect),
        SCMP_SYS(madvise),
        SCMP_SYS(brk),
        SCMP_SYS(memfd_create),
        SCMP_SYS(ftruncate),
        SCMP_SYS(clock_gettime),
        SCMP_SYS(gettimeofday),
        SCMP_SYS(time),
        SCMP_SYS(getrandom),
        SCMP_SYS(futex),
        SCMP_SYS(sched_yield),
        SCMP_SYS(nanosleep),
        SCMP_SYS(clock_nanosleep),
        SCMP_SYS(getpid),
        SCMP_SYS(gettid),
        SCMP_SYS(rt_sigaction),
        SCMP_SYS(rt_sigprocmask),
        SCMP_SYS(rt_sigreturn),
        SCMP_SYS(sigaltstack),
        SCMP_SYS(getrusage),
        SCMP_SYS(exit),
        SCMP_SYS(exit_group),
        SCMP_SYS(restart_syscall),
    };
    bool good = true;
    for (int call : allowed) good = seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) == 0 && good;
    // abort() signals itself; no other process may be signalled.
    good = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                            SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(getpid()))) == 0 &&
           good;
    if (kSanitized)
        for (int call : {SCMP_SYS(openat), SCMP_SYS(readlink), SCMP_SYS(sched_getaffinity), SCMP_SYS(getdents64)})
            good = seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) == 0 && good;
    good = good && seccomp_load(filter) == 0;
    seccomp_release(filter);
    return good;
}

void limit(int resource, std::uint64_t value) {
    rlimit both{value, value};
    setrlimit(static_cast<__rlimit_resource_t>(resource), &both);
}

}  // namespace

std::string confine(Isolation wanted, const Limits& limits) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    limit(RLIMIT_CORE, 0);
    if (!kSanitized) limit(RLIMIT_DATA, limits.data_bytes);
    if (wanted == Isolation::none) return "none (--isolation none)";
    prctl(PR_SET_DUMPABLE, 0);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return "none (no_new_privs refused)";
    int landlock = restrict_with_landlock();
    bool seccomp = filter_system_calls();
    if (landlock > 0 && seccomp) return fmt::format("full (Landlock {}, seccomp)", landlock);
    if (seccomp) return "reduced (seccomp; this kernel has no Landlock)";
    if (landlock > 0) return fmt::format("reduced (Landlock {}; seccomp refused)", landlock);
    return "none (this kernel offers neither Landlock nor seccomp)";
}

}  // namespace ascribe

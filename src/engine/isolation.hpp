// Confinement of the processes that read hostile bytes: Landlock takes away every file, seccomp every system call that
// a parser does not need. What a worker may touch is the descriptors it was given, nothing else.
#pragma once

#include <cstdint>
#include <string>

namespace ascribe {

enum class Isolation : std::uint8_t { full, none };

/// What one worker may use up. Exceeding a limit costs the part it was reading, never the run.
struct Limits {
    std::uint64_t data_bytes =
        2ull << 30;                    // RLIMIT_DATA: private memory (maps of evidence are read-only and not counted)
    std::uint64_t cpu_seconds = 120;   // RLIMIT_CPU, renewed for every part
    std::uint64_t wall_seconds = 300;  // the parent's clock; a worker cannot stop it
};

/// Confines the calling process for good and names the level reached: "full (Landlock 4, seccomp)", "reduced (...)"
/// with what is missing, or "none". Call after fork and before any hostile byte is read.
std::string confine(Isolation wanted, const Limits& limits);

}  // namespace ascribe

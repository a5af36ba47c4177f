// Any bytes as a container: whatever an archive or a compressed file says of itself, members come one after the other,
// only files have bytes, and what is said to be damaged lies within the container.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>

#include "evidence/opener.hpp"
#include "require.hpp"

namespace ascribe {
namespace {

/// Enough to see a stream go on, little enough for many a second.
constexpr std::size_t kOutput = 4 << 20;
constexpr std::size_t kMembers = 4'096;

class Checked : public MemberSink {
public:
    explicit Checked(std::size_t size) : size_(size) {}
    bool begin(const Entry& entry) override {
        require(!in_file_ && !stopped_, "a member begins in another");
        require(entry.path.find('\0') == std::string::npos, "a path holds NUL");
        in_file_ = entry.kind == EntryKind::file;
        return go_on(++members_ < kMembers);
    }
    bool write(std::span<const std::byte> bytes) override {
        require(in_file_ && !stopped_, "bytes of no file");
        for (auto byte : bytes) sum_ += static_cast<unsigned>(byte);  // all of them can be read
        produced_ += bytes.size();
        return go_on(produced_ < kOutput);
    }
    bool end() override {
        require(in_file_ && !stopped_, "an end of no file");
        in_file_ = false;
        return true;
    }
    void damage(const Error& error, std::string_view) override {
        if (error.offset > size_)
            std::fprintf(stderr, "%.*s at %llu\n", static_cast<int>(error.what.size()), error.what.data(),
                         static_cast<unsigned long long>(error.offset));
        require(error.offset <= size_, "damage lies outside the container");
    }

private:
    bool go_on(bool is_little) {
        stopped_ = !is_little;
        return is_little;
    }
    std::size_t size_, produced_ = 0, members_ = 0;
    volatile unsigned sum_ = 0;
    bool in_file_ = false, stopped_ = false;
};

}  // namespace
}  // namespace ascribe

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ascribe;
    static const int memory = memfd_create("container", MFD_CLOEXEC);
    require(ftruncate(memory, 0) == 0 && pwrite(memory, data, size, 0) == static_cast<ssize_t>(size), "memory");
    auto head = std::as_bytes(std::span(data, size)).first(std::min<std::size_t>(size, 4'096));
    for (const Opener& opener : openers()) {
        if (opener.claim("a.bin", head) == 0) continue;
        Checked sink(size);
        OpenOptions options;
        options.passwords = {"infected"};
        if (auto opened = opener.open(memory, "a.bin", options, sink); !opened) sink.damage(opened.error(), "");
    }
    return 0;
}

#include "engine/memory_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace ascribe {
namespace {

constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;

}  // namespace

void MemoryFile::begin_again(bool same) {
    size_ = 0;
    if (!same || (file_ && lseek(file_.number(), 0, SEEK_SET) != 0)) file_ = {};
}

int MemoryFile::hand_over() { return std::exchange(is_new_, false) ? file_.number() : -1; }

bool MemoryFile::write(std::string_view bytes) {
    if (!file_) {
        file_ = Descriptor(memfd_create("lines", MFD_CLOEXEC | MFD_ALLOW_SEALING));
        is_new_ = true;
    }
    if (!file_) return false;
    for (std::string_view left = bytes; !left.empty();) {
        auto wrote = ::write(file_.number(), left.data(), left.size());
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) {
            bool back = ftruncate(file_.number(), static_cast<off_t>(size_)) == 0 &&
                        lseek(file_.number(), static_cast<off_t>(size_), SEEK_SET) >= 0;
            if (!back) file_ = {}, size_ = 0;
            return false;
        }
        left.remove_prefix(static_cast<std::size_t>(wrote));
    }
    size_ += bytes.size();
    return true;
}

Descriptor MemoryFile::seal() {
    if (size_ == 0 || fcntl(file_.number(), F_ADD_SEALS, kSeals) != 0) return {};
    size_ = 0;
    return std::move(file_);
}

std::optional<std::uint64_t> sealed_size(int descriptor) {
    struct stat status {};
    int seals = fcntl(descriptor, F_GET_SEALS);  // -1, which has every bit, for what is no memory file
    if (seals < 0 || (seals & kSeals) != kSeals || fstat(descriptor, &status) != 0) return {};
    return static_cast<std::uint64_t>(status.st_size);
}

}  // namespace ascribe

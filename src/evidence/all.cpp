#include <unistd.h>

#include "evidence/archive.hpp"
#include "evidence/opener.hpp"
#include "evidence/wide_text.hpp"

namespace ascribe {

std::int64_t size_of(int descriptor) { return lseek(descriptor, 0, SEEK_END); }

std::span<const Opener> openers() {
    static const Opener all[] = {kArchiveOpener, kCompressedOpener, kWideTextOpener};
    prepare_archives();
    return all;
}

}  // namespace ascribe

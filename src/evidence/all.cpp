#include "evidence/opener.hpp"

namespace ascribe {

extern const Opener kArchiveOpener, kCompressedOpener;

std::span<const Opener> openers() {
    static const Opener all[] = {kArchiveOpener, kCompressedOpener};
    return all;
}

}  // namespace ascribe

// Names of archive members are metadata: whatever one says, placing it gives short text, the same every time.
#include <cstdlib>
#include <string_view>

#include "evidence/layout.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    std::string_view path(reinterpret_cast<const char*>(data), size);
    auto placed = ascribe::place(path), again = ascribe::place(path);
    if (placed.windows_path != again.windows_path || placed.group != again.group) std::abort();
    constexpr std::size_t kPrefix = 64;  // a drive or a folder's true name may be put in front
    if (placed.windows_path.size() > size * 3 + kPrefix) std::abort();  // %xx decoded may be written as \xNN
    return 0;
}

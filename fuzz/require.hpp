// What must hold of any bytes; a fuzzer that finds it broken ends with the sentence that says what.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace ascribe {

inline void require(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "broken: %s\n", what);
    std::abort();
}

}  // namespace ascribe

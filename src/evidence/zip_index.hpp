// A look at a zip's central directory before anything is decoded.
#pragma once

#include "base/result.hpp"

namespace ascribe {

/// Refuses a zip whose entries overlap: the same compressed bytes counted many times are an archive bomb
/// (D. Fifield, "A better zip bomb", 2019). A file that is not a zip, or whose directory cannot be read, passes: libarchive
/// then says what is wrong with it.
Result<void> check_zip_index(int descriptor);

}  // namespace ascribe

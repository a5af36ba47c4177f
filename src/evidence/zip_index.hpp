// A look at a zip's central directory before anything is decoded.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/result.hpp"

namespace ascribe {

/// What libarchive does not give: names it cannot convert, byte for byte.
struct ZipIndex {
    std::map<std::uint64_t, std::string> names;  // those beyond ASCII, by their place in the order of local headers
};

/// Refuses a zip whose entries overlap: the same compressed bytes counted many times are an archive bomb
/// (D. Fifield, "A better zip bomb", 2019). A zip whose directory is missing or cannot be read passes with an empty
/// index: libarchive then says what is wrong with it.
Result<ZipIndex> read_zip_index(int descriptor);

}  // namespace ascribe

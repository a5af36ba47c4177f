// One file, from bytes to a verdict: the prefilter, the analyser, the model.
#pragma once

#include <string_view>

#include "base/bytes.hpp"
#include "shells/analysis.hpp"

namespace ascribe::shells {

/// Bytes of a file that are read; a script beyond is judged by its beginning, and the verdict says so.
inline constexpr std::size_t kScriptBytes = 16 << 20;

/// Never fails: what cannot be read is benign as far as it was seen, with the limit named. `path` as it was on the
/// server, or as the evidence names it. Without `all`, files that cannot hold a script that does harm are passed over
/// by the prefilter: they are benign and have no layers but the first; nor are reasons told of what is benign.
enum class Depth : std::uint8_t { filtered, all };
Analysis examine(std::string_view path, std::string_view bytes, Depth depth = Depth::filtered);

}  // namespace ascribe::shells

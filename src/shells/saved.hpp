// An Analysis as bytes, for the way from the worker that made it to the parent that tells it. The parent checks
// everything: the worker read hostile bytes.
#pragma once

#include "base/reader.hpp"
#include "base/writer.hpp"
#include "shells/analysis.hpp"

namespace ascribe::shells {

/// Whether the layers' texts travel too: explanations quote them, listings do not.
enum class Detail : std::uint8_t { listing, explanation };

void save(const Analysis& analysis, Detail detail, Writer& out);
Result<Analysis> load(Reader& in);

/// Bytes of a layer's text that travel. What is cut is said where it is shown.
inline constexpr std::size_t kLayerText = 256 << 10;
/// Layers, flows, steps of a trail, reasons and limits of one file that travel.
inline constexpr std::size_t kListed = 1'000;

}  // namespace ascribe::shells

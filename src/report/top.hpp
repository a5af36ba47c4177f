// The screen of `ascribe top` as lines of text: drawn by curses or printed once.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/traffic.hpp"

namespace ascribe {

/// What a line is, for whoever has colours.
enum class Tone : std::uint8_t { plain, heading, faint, attempt, success };

struct ScreenLine {
    std::string text;  // UTF-8, nothing of the evidence unescaped, at most as many columns as asked for
    Tone tone = Tone::plain;
};

/// A view in `columns` columns (40 at least are needed) and at most `lines` lines; the lists share what room there is.
std::vector<ScreenLine> top_screen(const TopView& view, std::size_t columns, std::size_t lines);

/// Evidence text made visible and cut to so many columns, "…" at the end of what was cut. Characters of East Asian
/// scripts count as two, which is what terminals give them at most.
std::string fitted(std::string_view text, std::size_t columns);

}  // namespace ascribe

// A terminal taken over by curses, given back whatever happens.
#pragma once

#include <cstddef>
#include <vector>

#include "report/top.hpp"

namespace ascribe {

/// Whether NO_COLOR is there and not empty: https://no-color.org
bool wants_no_colour();

class TerminalScreen {
public:
    /// Whether the terminal is known and places text where it is told: a dumb one does not.
    static bool can_draw();
    /// Colours unless the user wants none or the terminal has none.
    TerminalScreen();
    ~TerminalScreen();
    TerminalScreen(const TerminalScreen&) = delete;
    TerminalScreen& operator=(const TerminalScreen&) = delete;

    std::size_t columns() const;
    std::size_t lines() const;
    void draw(const std::vector<ScreenLine>& lines);
    /// The keys pressed meanwhile; true when one of them is q. A resize redraws at the next draw().
    bool wants_to_quit();

private:
    void* screen_ = nullptr;
    bool colours_ = false;
};

}  // namespace ascribe

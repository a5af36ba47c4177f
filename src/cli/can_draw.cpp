// Apart from the rest of the screen, because term.h makes macros of words such as lines, columns and tone.
#include "cli/screen.hpp"

#include <curses.h>
#include <unistd.h>

#include <term.h>

namespace ascribe {

bool TerminalScreen::can_draw() {
    int status = 0;
    if (setupterm(nullptr, STDOUT_FILENO, &status) != OK) return false;
    const char* place = tigetstr("cup");
    return place != nullptr && place != reinterpret_cast<const char*>(-1);  // -1: no text (curs_terminfo(3X))
}

}  // namespace ascribe

#include "cli/screen.hpp"

#include <curses.h>

#include <algorithm>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace ascribe {
namespace {

constexpr short kAttemptPair = 1, kSuccessPair = 2;

}  // namespace

bool wants_no_colour() {
    const char* told = std::getenv("NO_COLOR");
    return told != nullptr && *told != '\0';
}

TerminalScreen::TerminalScreen() {
    std::setlocale(LC_ALL, "");  // curses asks it how wide a character is
    screen_ = newterm(nullptr, stdout, stdin);
    if (screen_ == nullptr) throw std::runtime_error("the terminal is not known (TERM); try --once");
    cbreak();
    noecho();
    curs_set(0);
    nodelay(stdscr, TRUE);
    keypad(stdscr, TRUE);
    colours_ = !wants_no_colour() && has_colors() == TRUE && start_color() == OK;
    if (!colours_) return;
    use_default_colors();
    init_pair(kAttemptPair, COLOR_YELLOW, -1);
    init_pair(kSuccessPair, COLOR_RED, -1);
}

TerminalScreen::~TerminalScreen() {
    endwin();
    delscreen(static_cast<SCREEN*>(screen_));
}

std::size_t TerminalScreen::columns() const { return static_cast<std::size_t>(std::max(COLS, 1)); }
std::size_t TerminalScreen::lines() const { return static_cast<std::size_t>(std::max(LINES, 1)); }

void TerminalScreen::draw(const std::vector<ScreenLine>& lines) {
    erase();
    for (std::size_t i = 0; i < lines.size() && i < this->lines(); ++i) {
        attr_t style = A_NORMAL;
        switch (lines[i].tone) {
            case Tone::plain: break;
            case Tone::heading: style = A_BOLD; break;
            case Tone::faint: style = A_DIM; break;
            case Tone::attempt: style = colours_ ? static_cast<attr_t>(COLOR_PAIR(kAttemptPair)) : A_NORMAL; break;
            case Tone::success: style = A_BOLD | (colours_ ? static_cast<attr_t>(COLOR_PAIR(kSuccessPair)) : 0); break;
        }
        attrset(static_cast<int>(style));
        mvaddnstr(static_cast<int>(i), 0, lines[i].text.c_str(), static_cast<int>(lines[i].text.size()));
    }
    attrset(A_NORMAL);
    refresh();
}

bool TerminalScreen::wants_to_quit() {
    for (int key = getch(); key != ERR; key = getch())  // KEY_RESIZE is one of them: curses has the new size by then
        if (key == 'q' || key == 'Q') return true;
    return false;
}

}  // namespace ascribe

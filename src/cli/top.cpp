// `ascribe top`: a web log as it is written, seen with an attacker in mind.
#include "engine/watch/top.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/investigate.hpp"
#include "cli/options.hpp"
#include "cli/screen.hpp"
#include "cli/stop.hpp"
#include "report/top.hpp"

namespace ascribe {
namespace {

constexpr std::size_t kColumns = 80, kLines = 60;  // of --once
constexpr std::size_t kNotes = 20;                 // of what cannot be read: the first say what is wrong

Exit run(const Arguments& arguments) {
    auto common = evidence_of(arguments);
    if (!common) return fail(Exit::usage, common.error());
    auto intel = intel_of(arguments);
    if (!intel) return fail(Exit::usage, intel.error());
    TopOptions options;
    options.logs = arguments.positional;
    if (common->workers > 0) options.workers = common->workers;
    options.isolation = common->intake.isolation;
    options.stop = &stop_on_signals();
    bool once = arguments.has("--once");
    if (!once && (isatty(STDIN_FILENO) == 0 || isatty(STDOUT_FILENO) == 0))
        return fail(Exit::usage, "top needs a terminal; give --once to have it as text");
    if (!once && !TerminalScreen::can_draw())
        return fail(Exit::usage,
                    "the terminal (TERM) is not known or cannot place text; give --once to have it as text");

    bool found = false, read = false;
    std::unique_ptr<TerminalScreen> screen;
    auto show = [&](const TopView& view) {
        found = !view.suspects.empty();
        read = view.logs > 0;
        if (once) {
            if (view.reading) return true;
            for (const ScreenLine& line : top_screen(view, kColumns, kLines)) fmt::print("{}\n", line.text);
            return false;
        }
        // Taken over late, so that a fault before is printed as a sentence and workers never see it.
        if (!screen) screen = std::make_unique<TerminalScreen>();
        if (screen->wants_to_quit()) return false;
        screen->draw(top_screen(view, screen->columns(), screen->lines()));
        return true;
    };
    std::vector<std::string> notes;  // told when the screen is no longer ours
    auto done = top(options, *intel, show, [&](const std::string& note) {
        if (notes.size() < kNotes) notes.push_back(note);
    });
    screen.reset();
    for (const std::string& note : notes) tell(note);
    if (!done) return fail(Exit::usage, done.error());
    if (!read && once)
        return fail(Exit::insufficient,
                    "no log that can be read and followed is there: archives, event logs, texts in UTF-16 and "
                    "JSON over several lines are for investigate and hunt");
    return found ? Exit::findings : Exit::clean;
}

constexpr Option kOptions[] = {
    {"--once", "", "", "Read what is there, print it as text, 80 columns wide, and end"},
    {"--workers", "-j", "N", "Worker processes; two unless given"},
    options::kIsolation,
    options::kIntel,
};
constexpr std::string_view kExamples[] = {
    "ascribe top inetpub/logs/LogFiles/W3SVC1",
    "ascribe top u_ex210304.log --once",
};

}  // namespace

extern const Command kTop;
const Command kTop{"top",
                   "A live view of web logs: traffic, new pages, suspects",
                   "LOG... [options]",
                   "LOG is a log or a folder of logs, followed as they grow. q quits. Times and rates are those of the "
                   "log. NO_COLOR is honoured. `watch` tells findings; this only shows them.",
                   kOptions,
                   kExamples,
                   1,
                   -1,
                   run};

}  // namespace ascribe

// The commands that speak of the program itself.
#include <fmt/format.h>

#include "cli/command.hpp"

namespace ascribe {
namespace {

constexpr std::string_view kCompletionExamples[] = {
    "ascribe completions bash > ~/.local/share/bash-completion/completions/ascribe"};
constexpr std::string_view kManualExamples[] = {"ascribe manual | man -l -"};

Exit run_completions(const Arguments& arguments) {
    const std::string& shell = arguments.positional.front();
    if (shell != "bash" && shell != "zsh" && shell != "fish")
        return fail(Exit::usage, fmt::format("no completions for '{}'; there are bash, zsh and fish", shell));
    fmt::print("{}", completions(shell));
    return Exit::clean;
}

Exit run_manual(const Arguments&) {
    fmt::print("{}", manual());
    return Exit::clean;
}

}  // namespace

extern const Command kCompletions, kManual;
const Command kCompletions{"completions",
                           "Print shell completions: bash, zsh or fish",
                           "bash|zsh|fish",
                           "",
                           {},
                           kCompletionExamples,
                           1,
                           1,
                           run_completions,
                           "bash zsh fish"};
const Command kManual{"manual", "Print the man page", "", "", {}, kManualExamples, 0, 0, run_manual};

}  // namespace ascribe

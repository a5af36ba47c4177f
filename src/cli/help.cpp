// Help texts and the man page, from the commands' structs.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "cli/command.hpp"

namespace ascribe {
namespace {

struct ExitLine {
    Exit code;
    std::string_view about;
};
constexpr ExitLine kExits[] = {
    {Exit::clean, "the evidence covers the question and nothing at or above --fail-on was found"},
    {Exit::findings, "findings at or above --fail-on"},
    {Exit::usage, "usage, reference data or output path; nothing was investigated"},
    {Exit::insufficient, "nothing found, but the evidence is insufficient to say that nothing happened"},
    {Exit::integrity, "evidence does not match the hashes its collector noted (wins over 1 and 3)"},
    {Exit::interrupted, "interrupted"},
    {Exit::internal, "internal error"},
};

constexpr std::size_t kColumns = 80;

/// Words filled to 80 columns, continued at `indent`.
std::string fill(std::string_view text, std::size_t indent) {
    std::string out;
    std::size_t column = indent;
    for (auto word : split(text, ' ')) {
        if (column + word.size() + 1 > kColumns && column > indent) {
            out += "\n" + std::string(indent, ' ');
            column = indent;
        } else if (!out.empty()) {
            out += ' ';
            ++column;
        }
        out += word;
        column += word.size();
    }
    return out;
}

std::string flag_text(const Option& option) {
    return fmt::format("{}{}{}{}{}", option.letter, option.letter.empty() ? "" : ", ", option.flag,
                       option.value.empty() ? "" : " ", option.value);
}

std::string exits() {
    std::string out = "\nExit codes:\n";
    for (const auto& line : kExits)
        out += fmt::format("  {:>2}  {}\n", static_cast<int>(line.code), fill(line.about, 6));
    return out;
}

std::string troff(std::string_view text) {
    std::string out;
    for (char c : text) {
        if (c == '-')
            out += "\\-";
        else if (c == '\\')
            out += "\\e";
        else
            out += c;
    }
    return out;
}

}  // namespace

std::string usage_line(const Command& command) {
    return fmt::format("{}{}{}", command.name, command.usage.empty() ? "" : " ", command.usage);
}

std::string help(const Command* command) {
    if (command == nullptr) {
        std::string out =
            "ascribe - was this server hacked, how, what is left, and how sure can we be?\n\n"
            "Usage: ascribe COMMAND ...\n\nCommands:\n";
        for (const Command& each : commands()) out += fmt::format("  {:<13}{}\n", each.name, fill(each.about, 15));
        out +=
            "\nExamples:\n  ascribe demo\n  ascribe investigate EXCH01-triage.zip\n  ascribe investigate "
            "/mnt/collection -o case.ascribe\n";
        return out + exits() + "\n'ascribe COMMAND --help' tells more.\n";
    }
    std::string out = fmt::format("{}\n\nUsage: ascribe {}\n", fill(command->about, 0), usage_line(*command));
    if (!command->detail.empty()) out += "\n" + fill(command->detail, 0) + "\n";
    if (!command->options.empty()) out += "\nOptions:\n";
    for (const Option& option : command->options)
        out += fmt::format("  {:<24} {}\n", flag_text(option),
                           fill(option.choices.empty() ? std::string(option.about)
                                                       : fmt::format("{} ({})", option.about, option.choices),
                                27));
    if (!command->examples.empty()) out += "\nExamples:\n";
    for (auto example : command->examples) out += fmt::format("  {}\n", example);
    return out + (command->name == "investigate" ? exits() : "");
}

std::string manual() {
    std::string out = fmt::format(
        ".TH ASCRIBE 1 \"\" \"ascribe {}\" \"User Commands\"\n.SH NAME\nascribe \\- forensic verdict on a mail or web "
        "server that may have been hacked\n"
        ".SH SYNOPSIS\n.B ascribe\n.I COMMAND\n[options]\n.SH DESCRIPTION\n"
        "Ascribe reads evidence collected from a server, touches nothing, needs no network, and gives a verdict in "
        "which every number leads to bytes.\n",
        version());
    for (const Command& command : commands()) {
        out += fmt::format(".SH {}\n.B ascribe {}\n{}\n.PP\n{}\n", lower(command.name), command.name,
                           troff(command.usage), troff(command.about));
        if (!command.detail.empty()) out += fmt::format(".PP\n{}\n", troff(command.detail));
        for (const Option& option : command.options)
            out += fmt::format(".TP\n.B {}\n{}{}\n", troff(flag_text(option)), troff(option.about),
                               option.choices.empty() ? "" : fmt::format(". One of: {}.", option.choices));
        if (!command.examples.empty()) out += ".PP\nExamples:\n";
        for (auto example : command.examples) out += fmt::format(".RS\n.EX\n{}\n.EE\n.RE\n", troff(example));
    }
    out += ".SH EXIT STATUS\n";
    for (const auto& line : kExits)
        out += fmt::format(".TP\n.B {}\n{}\n", static_cast<int>(line.code), troff(line.about));
    out +=
        ".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nNot empty: no colour in the terminal output.\n.TP\n.B "
        "TMPDIR\nWhere standard input is spooled, in a file without a name.\n";
    return out;
}

}  // namespace ascribe

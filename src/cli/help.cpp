// Help texts, the man page and shell completions, all from the commands' structs.
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
    std::string out =
        fmt::format("{}\n\nUsage: ascribe {} {}\n", fill(command->about, 0), command->name, command->usage);
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
        ".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nNo colour in the terminal output, whatever its value.\n.TP\n.B "
        "TMPDIR\nWhere standard input is spooled, in a file without a name.\n";
    return out;
}

namespace {

std::string with_before(std::string_view text, std::string_view special, std::string_view mark) {
    std::string out;
    for (char c : text) {
        if (special.find(c) != std::string_view::npos) out += mark;
        out += c;
    }
    return out;
}

/// In single quotes, and for zsh in the brackets or behind the colon of a description.
std::string for_zsh(std::string_view text) {
    std::string out;
    for (char c : with_before(text, "[]:\\", "\\")) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out;
}
std::string for_fish(std::string_view text) { return with_before(text, "'\\", "\\"); }

}  // namespace

std::string completions(std::string_view shell) {
    std::string names;
    for (const Command& command : commands()) names += (names.empty() ? "" : " ") + std::string(command.name);
    std::string out;
    if (shell == "bash") {
        out =
            "# bash completion for ascribe: source this file, or copy it to "
            "/usr/share/bash-completion/completions/ascribe\n"
            "_ascribe() {\n  local word=${COMP_WORDS[COMP_CWORD]} options=\n  COMPREPLY=()\n"
            "  case ${COMP_WORDS[1]}:${COMP_WORDS[COMP_CWORD-1]} in\n";
        for (const Command& command : commands())
            for (const Option& option : command.options)
                if (!option.choices.empty())
                    out += fmt::format("    {}:{}) COMPREPLY=($(compgen -W \"{}\" -- \"$word\")); return ;;\n",
                                       command.name, option.flag, option.choices);
        out += "  esac\n  case ${COMP_WORDS[1]} in\n";
        for (const Command& command : commands()) {
            out += fmt::format("    {}) options=\"--help", command.name);
            for (const Option& option : command.options) out += fmt::format(" {}", option.flag);
            out += "\" ;;\n";
        }
        out += fmt::format(
            "  esac\n  if [ \"$COMP_CWORD\" = 1 ]; then COMPREPLY=($(compgen -W \"{} --help --version\" -- "
            "\"$word\"))\n"
            "  elif [[ $word == -* ]]; then COMPREPLY=($(compgen -W \"$options\" -- \"$word\")); fi\n"
            "}}\n# Where the function has no answer, files: bash itself quotes the spaces in their names.\n"
            "complete -o default -F _ascribe ascribe\n",
            names);
    } else if (shell == "zsh") {
        out =
            "#compdef ascribe\n# zsh completion for ascribe: copy to a folder of $fpath as _ascribe\n_ascribe() {\n  "
            "local -a commands\n  commands=(\n";
        for (const Command& command : commands())
            out += fmt::format("    '{}:{}'\n", command.name, for_zsh(command.about));
        out += "  )\n  if (( CURRENT == 2 )); then _describe command commands; return; fi\n  case $words[2] in\n";
        for (const Command& command : commands()) {
            out += fmt::format("    {}) _arguments '--help[help]'", command.name);
            for (const Option& option : command.options)
                out += fmt::format(
                    " '{}[{}]{}'", option.flag, for_zsh(option.about),
                    option.value.empty()
                        ? ""
                        : fmt::format(":{}:{}", for_zsh(option.value),
                                      option.choices.empty() ? "_files" : fmt::format("({})", option.choices)));
            out += " '*:file:_files' ;;\n";
        }
        out += "  esac\n}\n_ascribe \"$@\"\n";
    } else {
        out = "# fish completion for ascribe: copy to ~/.config/fish/completions/ascribe.fish\n";
        for (const Command& command : commands()) {
            out += fmt::format("complete -c ascribe -n __fish_use_subcommand -a {} -d '{}'\n", command.name,
                               for_fish(command.about));
            for (const Option& option : command.options)
                out += fmt::format("complete -c ascribe -n '__fish_seen_subcommand_from {}' -l {} -d '{}'{}\n",
                                   command.name, option.flag.substr(2), for_fish(option.about),
                                   option.value.empty()     ? ""
                                   : option.choices.empty() ? " -r"
                                                            : fmt::format(" -x -a '{}'", option.choices));
        }
    }
    return out;
}

}  // namespace ascribe

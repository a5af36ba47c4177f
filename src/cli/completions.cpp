// Completions of bash, zsh and fish, from the commands' structs. Where a script has no answer, the shell offers files.
#include <fmt/format.h>

#include "cli/command.hpp"

namespace ascribe {
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

std::string names_of_commands() {
    std::string names;
    for (const Command& command : commands()) names += (names.empty() ? "" : " ") + std::string(command.name);
    return names;
}

std::string bash_choices(const Command& command) {
    constexpr auto kCase = "    {}:{}) COMPREPLY=($(compgen -W \"{}\" -- \"$word\")); return ;;\n";
    std::string out;
    for (const Option& option : command.options)
        if (!option.choices.empty()) out += fmt::format(kCase, command.name, option.flag, option.choices);
    return out;
}

std::string bash_command(const Command& command) {
    std::string flags = "--help";
    for (const Option& option : command.options) flags += fmt::format(" {}", option.flag);
    auto first = command.first_words.empty() ? std::string() : fmt::format(" first=\"{}\"", command.first_words);
    return fmt::format("    {}) options=\"{}\"{} ;;\n", command.name, flags, first);
}

std::string for_bash() {
    std::string out =
        "# bash completion for ascribe: source this file, or copy it to "
        "/usr/share/bash-completion/completions/ascribe\n"
        "_ascribe() {\n  local word=${COMP_WORDS[COMP_CWORD]} options= first=\n  COMPREPLY=()\n"
        "  case ${COMP_WORDS[1]}:${COMP_WORDS[COMP_CWORD-1]} in\n";
    for (const Command& command : commands()) out += bash_choices(command);
    out += "  esac\n  case ${COMP_WORDS[1]} in\n";
    for (const Command& command : commands()) out += bash_command(command);
    return out + fmt::format(
                     "  esac\n  if [ \"$COMP_CWORD\" = 1 ]; then COMPREPLY=($(compgen -W \"{} --help --version\" -- "
                     "\"$word\"))\n"
                     "  elif [[ $word == -* ]]; then COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
                     "  elif [ \"$COMP_CWORD\" = 2 ]; then COMPREPLY=($(compgen -W \"$first\" -- \"$word\")); fi\n"
                     "}}\n# Where the function has no answer, files: bash itself quotes the spaces in their names.\n"
                     "complete -o default -F _ascribe ascribe\n",
                     names_of_commands());
}

std::string zsh_option(const Option& option) {
    std::string value;
    if (!option.value.empty())
        value = fmt::format(":{}:{}", for_zsh(option.value),
                            option.choices.empty() ? "_files" : fmt::format("({})", option.choices));
    return fmt::format(" '{}[{}]{}'", option.flag, for_zsh(option.about), value);
}

std::string zsh_command(const Command& command) {
    std::string out = fmt::format("    {}) _arguments '--help[help]'", command.name);
    for (const Option& option : command.options) out += zsh_option(option);
    if (!command.first_words.empty())
        out += fmt::format(" '1:word: _alternative \"word:word:({})\" \"file:file:_files\"'", command.first_words);
    return out + " '*:file:_files' ;;\n";
}

std::string for_zsh() {
    std::string out =
        "#compdef ascribe\n# zsh completion for ascribe: copy to a folder of $fpath as _ascribe\n_ascribe() {\n  "
        "local -a commands\n  commands=(\n";
    for (const Command& command : commands()) out += fmt::format("    '{}:{}'\n", command.name, for_zsh(command.about));
    // _arguments counts from the word after the command.
    out +=
        "  )\n  if (( CURRENT == 2 )); then _describe command commands; return; fi\n"
        "  local chosen=$words[2]\n  shift words; (( CURRENT-- ))\n  case $chosen in\n";
    for (const Command& command : commands()) out += zsh_command(command);
    return out + "  esac\n}\n_ascribe \"$@\"\n";
}

std::string fish_command(const Command& command) {
    std::string out = fmt::format("complete -c ascribe -n __fish_use_subcommand -a {} -d '{}'\n", command.name,
                                  for_fish(command.about));
    auto after = fmt::format("complete -c ascribe -n '__fish_seen_subcommand_from {}'", command.name);
    if (!command.first_words.empty()) out += fmt::format("{} -a '{}'\n", after, command.first_words);
    for (const Option& option : command.options) {
        std::string value;
        if (!option.value.empty()) value = option.choices.empty() ? " -r" : fmt::format(" -x -a '{}'", option.choices);
        out += fmt::format("{} -l {} -d '{}'{}\n", after, option.flag.substr(2), for_fish(option.about), value);
    }
    return out;
}

std::string for_fish() {
    std::string out = "# fish completion for ascribe: copy to ~/.config/fish/completions/ascribe.fish\n";
    for (const Command& command : commands()) out += fish_command(command);
    return out;
}

}  // namespace

std::string completions(std::string_view shell) {
    return shell == "bash" ? for_bash() : shell == "zsh" ? for_zsh() : for_fish();
}

}  // namespace ascribe

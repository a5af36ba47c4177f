// From words to a command. CLI11 does the parsing; what it parses is declared in the commands' structs.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <exception>

#include "base/text.hpp"
#include "cli/command.hpp"

namespace ascribe {
namespace {

/// One CLI11 subcommand with storage for what it parses.
struct Parsed {
    CLI::App* app;
    std::map<std::string_view, std::vector<std::string>> values;
    std::map<std::string_view, bool> switches;
    std::vector<std::string> positional;
};

void declare(CLI::App& program, const Command& command, Parsed& parsed) {
    CLI::App* app = program.add_subcommand(std::string(command.name), std::string(command.about));
    app->set_help_flag();
    app->add_flag("--help,-h", parsed.switches["--help"]);
    for (const Option& option : command.options) {
        std::string names(option.flag);
        if (!option.letter.empty()) names += "," + std::string(option.letter);
        if (option.value.empty()) {
            app->add_flag(names, parsed.switches[option.flag]);
            continue;
        }
        auto* added = app->add_option(names, parsed.values[option.flag])->expected(1)->take_all();
        if (!option.choices.empty()) {
            std::vector<std::string> choices;
            for (auto choice : split(option.choices, ' ')) choices.emplace_back(choice);
            added->check(CLI::IsMember(choices));
        }
    }
    auto* words = app->add_option("ARGUMENT", parsed.positional);
    words->expected(0, command.most < 0 ? 1 << 20 : std::max(command.most, 1));
    parsed.app = app;
}

Exit run_command(const Command& command, Parsed& parsed, std::string command_line) {
    if (parsed.switches["--help"]) {
        fmt::print("{}", help(&command));
        return Exit::clean;
    }
    Arguments arguments;
    arguments.command_line = std::move(command_line);
    arguments.positional = std::move(parsed.positional);
    for (auto& [flag, values] : parsed.values)
        if (!values.empty()) arguments.values.emplace(flag, std::move(values));
    for (auto& [flag, on] : parsed.switches)
        if (on) arguments.values.emplace(flag, std::vector<std::string>{"on"});
    auto given = static_cast<int>(arguments.positional.size());
    if (given < command.least || (command.most >= 0 && given > command.most))
        return fail(Exit::usage, fmt::format("{0} needs: ascribe {0} {1}\nTry 'ascribe {0} --help'.", command.name, command.usage));
    return command.run(arguments);
}

}  // namespace

std::string_view version() { return ASCRIBE_VERSION; }

Exit fail(Exit code, std::string_view sentence) {
    std::string shown;
    for (auto line : split(sentence, '\n')) shown += (shown.empty() ? "" : "\n") + visible(line);
    fmt::print(stderr, "ascribe: {}\n", shown);
    return code;
}

int run_program(int count, char** words) {
    std::string command_line;
    for (int i = 0; i < count; ++i) command_line += (i ? " " : "") + std::string(words[i]);
    try {
        CLI::App program;
        program.set_help_flag();
        bool wants_help = false, wants_version = false;
        program.add_flag("--help,-h", wants_help);
        program.add_flag("--version,-V", wants_version);
        std::vector<Parsed> parsed(commands().size());
        for (std::size_t i = 0; i < commands().size(); ++i) declare(program, commands()[i], parsed[i]);
        try {
            program.parse(count, words);
        } catch (const CLI::ParseError& error) {
            return static_cast<int>(fail(Exit::usage, fmt::format("{}\nTry 'ascribe --help'.", error.what())));
        }
        if (wants_version) {
            fmt::print("ascribe {}\n", version());
            return 0;
        }
        for (std::size_t i = 0; i < parsed.size(); ++i)
            if (parsed[i].app->parsed()) return static_cast<int>(run_command(commands()[i], parsed[i], std::move(command_line)));
        fmt::print("{}", help(nullptr));
        return wants_help ? 0 : static_cast<int>(Exit::usage);
    } catch (const std::exception& error) {
        return static_cast<int>(fail(Exit::internal, fmt::format("internal error: {}. This is a fault of ours: please report it with the command line.", error.what())));
    }
}

}  // namespace ascribe

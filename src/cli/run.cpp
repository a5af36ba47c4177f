// From words to a command. CLI11 does the parsing; what it parses is declared in the commands' structs.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <system_error>

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
        auto* added =
            app->add_option(names, parsed.values[option.flag])->expected(1)->take_all()->allow_extra_args(false);
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
        return fail(Exit::usage,
                    fmt::format("{0} needs: ascribe {0} {1}\nTry 'ascribe {0} --help'.", command.name, command.usage));
    return command.run(arguments);
}

/// "" for a command that there is; else what the user may have meant.
std::string unknown_command(std::string_view word) {
    constexpr std::size_t kTypos = 3;  // letters wrong
    const Command* nearest = nullptr;
    auto distance = kTypos + 1;
    for (const Command& command : commands()) {
        auto typos = edit_distance(command.name, word, kTypos);
        if (typos == 0) return {};
        if (typos < distance) nearest = &command;
        distance = std::min(distance, typos);
    }
    auto meant = nearest ? fmt::format("did you mean '{}'? ", nearest->name) : std::string();
    return fmt::format("there is no command '{}'; {}Try 'ascribe --help'.", word, meant);
}

/// Descriptors 0 to 2 that the caller closed would be given to evidence or a report. They are filled so that every use
/// of them fails: reading from 0, writing to 1 and 2.
void hold_standard_descriptors() {
    for (int number = 0; number <= STDERR_FILENO; ++number)
        if (fcntl(number, F_GETFD) < 0 && errno == EBADF)
            open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

/// An answer that did not reach the reader is no answer.
Exit refuse_output() {
    return fail(Exit::usage, fmt::format("standard output cannot be written: {}; nothing, or only a part, was printed",
                                         std::strerror(errno)));
}

int report_fault(const std::exception& error) {
    constexpr auto kSentence = "internal error: {}. This is a fault of ours: please report it with the command line.";
    return static_cast<int>(fail(Exit::internal, fmt::format(kSentence, error.what())));
}

int finish(Exit code) { return static_cast<int>(std::fflush(stdout) == 0 ? code : refuse_output()); }

}  // namespace

std::string_view version() { return ASCRIBE_VERSION; }

void tell(std::string_view sentence) {
    std::string shown;
    for (auto line : split(sentence, '\n')) shown += (shown.empty() ? "" : "\n") + visible(line);
    std::fputs(fmt::format("ascribe: {}\n", shown).c_str(), stderr);  // a closed stderr does not change the exit code
}

Exit fail(Exit code, std::string_view sentence) {
    tell(sentence);
    return code;
}

int run_program(int count, char** words) {
    hold_standard_descriptors();
    std::string command_line;
    for (int i = 0; i < count; ++i) command_line += (i ? " " : "") + std::string(words[i]);
    try {
        if (count > 1 && words[1][0] != '-')
            if (auto fault = unknown_command(words[1]); !fault.empty())
                return static_cast<int>(fail(Exit::usage, fault));
        CLI::App program;
        program.set_help_flag();
        program.require_subcommand(0, 1);  // a folder may have the name of a command: ascribe investigate report
        bool wants_help = false, wants_version = false;
        program.add_flag("--help,-h", wants_help);
        program.add_flag("--version,-V", wants_version);
        std::vector<Parsed> parsed(commands().size());
        for (std::size_t i = 0; i < commands().size(); ++i) declare(program, commands()[i], parsed[i]);
        try {
            program.parse(count, words);
        } catch (const CLI::ParseError& error) {
            auto asked = program.get_subcommands();
            auto of = asked.empty() ? std::string() : asked.front()->get_name() + " ";
            return static_cast<int>(fail(Exit::usage, fmt::format("{}\nTry 'ascribe {}--help'.", error.what(), of)));
        }
        if (wants_version) {
            fmt::print("ascribe {}\n", version());
            return finish(Exit::clean);
        }
        for (std::size_t i = 0; i < parsed.size(); ++i)
            if (parsed[i].app->parsed()) return finish(run_command(commands()[i], parsed[i], std::move(command_line)));
        fmt::print("{}", help(nullptr));
        return finish(wants_help ? Exit::clean : Exit::usage);
    } catch (const std::system_error& error) {
        if (std::ferror(stdout) == 0) return report_fault(error);
        errno = error.code().value();
        return static_cast<int>(refuse_output());
    } catch (const std::exception& error) {
        return report_fault(error);
    }
}

}  // namespace ascribe

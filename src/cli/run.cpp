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

/// "" for one of the choices.
std::string wrong_choice(std::string_view choices, const std::string& word) {
    for (auto choice : split(choices, ' '))
        if (choice == word) return {};
    return fmt::format("'{}' is none of: {}", word, choices);
}

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
        if (!option.choices.empty())
            added->check([choices = option.choices](const std::string& word) { return wrong_choice(choices, word); });
    }
    constexpr int kAnyNumber = 1 << 20;  // run_command() counts them
    app->add_option("ARGUMENT", parsed.positional)->expected(0, kAnyNumber);
    parsed.app = app;
}

std::string one_too_many(std::string_view word, const Command& command) {
    return fmt::format("'{}' is one word too many: ascribe {}", word, usage_line(command));
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
    if (given < command.least)
        return misused(command.name, fmt::format("{} needs more words: ascribe {}", command.name, usage_line(command)));
    if (command.most >= 0 && given > command.most)
        return misused(command.name, one_too_many(arguments.positional.back(), command));
    return command.run(arguments);
}

/// "; did you mean '--workers'?", or nothing where no name is near.
std::string meant(std::string_view word, std::span<const std::string_view> names) {
    const std::size_t typos_forgiven = std::min<std::size_t>(word.size() / 3, 3);  // one letter in three
    std::string_view nearest;
    auto distance = typos_forgiven + 1;
    for (std::string_view name : names) {
        auto typos = edit_distance(name, word, typos_forgiven);
        if (typos < distance) nearest = name;
        distance = std::min(distance, typos);
    }
    return nearest.empty() ? std::string() : fmt::format("; did you mean '{}'?", nearest);
}

/// "" for a command that there is; else what the user may have meant.
std::string unknown_command(std::string_view word) {
    std::vector<std::string_view> names;
    for (const Command& command : commands()) names.push_back(command.name);
    if (std::ranges::find(names, word) != names.end()) return {};
    return fmt::format("there is no command '{}'{}", word, meant(word, names));
}

/// A word that CLI11 had no use for: an option that there is not, or one word more than the command takes.
std::string unexpected_word(std::string_view word, const Command* command) {
    std::vector<std::string_view> names;
    if (command != nullptr) {
        if (!word.starts_with('-')) return one_too_many(word, *command);
        for (const Option& option : command->options) names.push_back(option.flag);
    }
    return fmt::format("there is no option '{}'{}", word, meant(word, names));
}

/// Tells what CLI11 found wrong, in our words.
Exit wrong_words(const CLI::App& program, const CLI::ParseError& error) {
    auto asked = program.get_subcommands();
    const CLI::App& app = asked.empty() ? program : *asked.front();
    auto name = app.get_name();
    auto command = std::ranges::find(commands(), std::string_view(name), &Command::name);
    if (auto words = app.remaining(); dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr && !words.empty())
        return misused(name, unexpected_word(words.front(), command == commands().end() ? nullptr : &*command));
    std::string sentence = error.what();
    if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr)
        sentence = sentence.substr(0, sentence.find(':')) + " needs a value";
    return misused(name, sentence);
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
    // A closed stderr does not change the exit code.
    std::fputs(fmt::format("ascribe: {}\n", visible(sentence)).c_str(), stderr);
}

Exit fail(Exit code, std::string_view sentence) {
    tell(sentence);
    return code;
}

Exit misused(std::string_view command, std::string_view sentence) {
    tell(sentence);
    std::fputs(fmt::format("Try 'ascribe {}{}--help'.\n", command, command.empty() ? "" : " ").c_str(), stderr);
    return Exit::usage;
}

int run_program(int count, char** words) {
    hold_standard_descriptors();
    std::string command_line;
    for (int i = 0; i < count; ++i) command_line += (i ? " " : "") + std::string(words[i]);
    try {
        if (count > 1 && words[1][0] != '-')
            if (auto fault = unknown_command(words[1]); !fault.empty()) return static_cast<int>(misused("", fault));
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
            return static_cast<int>(wrong_words(program, error));
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

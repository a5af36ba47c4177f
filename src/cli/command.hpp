// One declaration, many uses: a command is a constant struct; parsing, --help, the man page and the completions of
// three shells are made from it.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ascribe {

/// Exit codes, the same for every command and documented in --help and the man page.
enum class Exit : int {
    clean = 0,         // covered, and nothing at or above --fail-on
    findings = 1,      // something at or above --fail-on
    usage = 2,         // the command line, the reference data or the output path; nothing was investigated
    insufficient = 3,  // nothing found, but the evidence cannot show that there was nothing
    integrity = 4,     // evidence does not match its collector's hashes; wins over 1 and 3
    interrupted = 5,
    internal = 70,
};

struct Option {
    std::string_view flag;     // "--workers"
    std::string_view letter;   // "-o" or ""
    std::string_view value;    // "N"; "" for a switch
    std::string_view about;    // one sentence
    std::string_view choices;  // "html json md": also checked
};

class Arguments;

struct Command {
    std::string_view name, about, usage;  // usage: what follows the name, "EVIDENCE... [options]"
    std::string_view detail;              // a paragraph for the man page and --help
    std::span<const Option> options;
    std::span<const std::string_view> examples;  // whole command lines
    int least, most;                             // positional arguments; most -1: any number
    Exit (*run)(const Arguments&);
    std::string_view first_words = {};  // "list test explain": what the first argument may be, for completions
};

/// What the user gave, already checked against the command's declaration.
class Arguments {
public:
    std::vector<std::string> positional;
    std::map<std::string, std::vector<std::string>, std::less<>> values;
    std::string command_line;

    bool has(std::string_view flag) const { return values.contains(flag); }
    std::optional<std::string> value(std::string_view flag) const {
        auto at = values.find(flag);
        return at == values.end() || at->second.empty() ? std::nullopt : std::optional(at->second.back());
    }
};

/// Every command, in the order of --help.
std::span<const Command> commands();

/// Parses and runs; the whole program.
int run_program(int count, char** words);

/// Prints "ascribe: <sentence>" to stderr, on one line whatever evidence put into it, and returns `code`.
Exit fail(Exit code, std::string_view sentence);
/// The same of a wrong command line, with a line that says whose help tells more; "" for the program's.
Exit misused(std::string_view command, std::string_view sentence);
/// The same where the run goes on.
void tell(std::string_view sentence);

/// The program's version, "0.1.0".
std::string_view version();

/// "investigate EVIDENCE... [options]"
std::string usage_line(const Command& command);
/// --help of one command, or of the program when null.
std::string help(const Command* command);
/// The man page, troff.
std::string manual();
/// A completion script; shell is bash, zsh or fish.
std::string completions(std::string_view shell);

}  // namespace ascribe

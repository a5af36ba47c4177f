// `ascribe watch`: follows logs and web folders, prints findings as they come and sends them on.
#include "engine/watch/watch.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/files.hpp"
#include "cli/investigate.hpp"
#include "cli/known.hpp"
#include "cli/options.hpp"
#include "cli/rules.hpp"
#include "cli/stop.hpp"
#include "report/notices.hpp"

namespace ascribe {
namespace {

/// ~/.local/state/ascribe/watch-<of these folders>.state, as the XDG base directory specification has it; "" where
/// there is no home. https://specifications.freedesktop.org/basedir-spec/latest/
std::string default_state(const std::vector<std::string>& roots) {
    const char *given = std::getenv("XDG_STATE_HOME"), *home = std::getenv("HOME");
    std::string folder = given != nullptr && *given == '/' ? given
                         : home != nullptr                 ? fmt::format("{}/.local/state", home)
                                                           : std::string();
    if (folder.empty()) return {};
    std::string all;
    for (const std::string& root : roots) {
        std::error_code fault;
        auto whole = std::filesystem::weakly_canonical(root, fault).string();
        all += (fault ? root : whole) + '\n';
    }
    return fmt::format("{}/ascribe/watch-{}.state", folder, to_hex(sha256(all)).substr(0, 12));
}

std::expected<WatchOptions, std::string> options_of(const Arguments& arguments) {
    auto common = TRY(evidence_of(arguments));
    WatchOptions options;
    options.roots = arguments.positional;
    options.from = arguments.has("--existing") ? From::start : From::now;
    options.least = level_named(arguments.value("--level").value_or("attempt"));
    options.once = arguments.has("--once");
    if (!arguments.has("--no-state")) {
        options.state = arguments.value("--state").value_or(default_state(options.roots));
        if (options.state.empty())
            return std::unexpected("there is no home folder for the state; give --state FILE, or --no-state");
    }
    if (common.workers > 0) options.workers = common.workers;
    options.isolation = common.intake.isolation;
    options.stop = &stop_on_signals();
    if (auto path = arguments.value("--known")) options.known = TRY(load_known(*path));
    std::string headers;
    if (auto path = arguments.value("--webhook-headers")) headers = TRY(contents_of(*path));
    for (std::string_view name : {"file", "syslog", "webhook"})
        if (auto at = arguments.values.find(fmt::format("--{}", name)); at != arguments.values.end())
            for (const std::string& target : at->second)
                options.outlets.push_back({&outlet(name), {target, name == "webhook" ? headers : ""}});
    return options;
}

/// A sentence when a run through what is there saw nothing that could have alarmed; "" when it did.
std::string nothing_read(const WatchSummary& summary, const WatchOptions& options) {
    bool read = summary.records + summary.bad > 0 || summary.logs > 0;
    if (read || (summary.resumed && summary.files > 0)) return {};
    if (summary.files == 0)
        return fmt::format("no file is below {}: logs of web servers and of Exchange are followed, and pages judged",
                           fmt::join(options.roots, ", "));
    auto files = fmt::format("{} file{}", summary.files, summary.files == 1 ? "" : "s");
    if (options.from == From::now)
        return fmt::format("nothing was read: of {} only what is added is; --existing reads what is there", files);
    return fmt::format(
        "nothing was read: in {} is no line of a log and no page; archives and event logs are for "
        "investigate and hunt",
        files);
}

Exit run(const Arguments& arguments) {
    auto options = options_of(arguments);
    if (!options) return fail(Exit::usage, options.error());
    auto intel = intel_of(arguments);
    if (!intel) return fail(Exit::usage, intel.error());
    if (arguments.has("--rules")) {
        auto rules = rules_of(arguments);
        if (!rules) return fail(Exit::usage, rules.error());
        if (!arguments.has("--quiet")) tell_refused(**rules);
        intel->rules = std::move(*rules);
    }
    std::signal(SIGPIPE, SIG_IGN);
    bool json = arguments.has("--jsonl");
    int refused = 0;  // why standard output took no more
    auto summary = watch(
        *options, *intel,
        [&](const Notice& notice) {
            auto text = json ? notice_json(notice) + '\n' : notice_text(notice);
            std::fwrite(text.data(), 1, text.size(), stdout);
            if (refused != 0 || std::fflush(stdout) == 0) return;
            refused = errno;
            stop_on_signals() = true;  // nobody reads any more
        },
        [&](const std::string& sentence) { tell(sentence); });
    if (!summary) return fail(Exit::usage, summary.error());
    if (!arguments.has("--quiet"))
        tell(fmt::format(
            "{} finding{} told, {} of them alerts; {} records, {} bad lines, {} bytes{}; isolation {}", summary->told,
            summary->told == 1 ? "" : "s", summary->alerts, summary->records, summary->bad, summary->bytes,
            summary->archives == 0
                ? ""
                : fmt::format("; archives not looked into, which are for investigate and hunt: {}", summary->archives),
            summary->isolation));
    if (summary->undelivered > 0)
        tell(options->state.empty()
                 ? fmt::format("{} findings did not reach their outlets and are lost, for --no-state keeps nothing",
                               summary->undelivered)
                 : fmt::format("{} findings wait in the state for their outlets", summary->undelivered));
    if (refused != 0 && refused != EPIPE)
        return fail(Exit::usage, fmt::format("standard output cannot be written: {}; findings may be lost to it",
                                             std::strerror(refused)));
    if (auto sentence = nothing_read(*summary, *options); options->once && !sentence.empty())
        return fail(Exit::insufficient, sentence);
    return summary->alerts > 0 ? Exit::findings : Exit::clean;
}

constexpr Option kOptions[] = {
    {"--file", "", "FILE", "Append findings as JSON lines, each exactly once"},
    {"--syslog", "", "TO", "Send findings to a socket such as /dev/log, or by UDP to HOST:PORT; at least once"},
    {"--webhook", "", "URL", "POST each finding as JSON, again until the answer is 2xx; at least once"},
    {"--webhook-headers", "", "FILE", "Further header lines for the web hook, such as its token"},
    {"--jsonl", "", "", "Print findings as JSON lines, as they are sent"},
    {"--level", "", "LEVEL", "Least that is told: scan, attempt or success; attempt unless given",
     "scan attempt success"},
    {"--existing", "", "", "Without a saved state: read what is there already, not only what comes"},
    {"--state", "", "FILE", "Where reading stands; ~/.local/state/ascribe/... unless given"},
    {"--no-state", "", "", "Remember nothing"},
    {"--once", "", "", "End when everything there has been read and delivered"},
    {"--rules", "", "PATH", "Sigma rules to judge by too: a file or a folder of them; may be given again"},
    {"--min-level", "", "LEVEL", "Least level of rules", "informational low medium high critical"},
    {"--status", "", "NAME", "Only rules of this status; may be given again"},
    options::kExclude,
    options::kMapping,
    options::kPlaceholders,
    options::kNoCache,
    {"--known", "", "FILE", "What is yours and must not alarm: 'address A', 'page P' a line"},
    {"--workers", "-j", "N", "Worker processes; two unless given"},
    options::kIsolation,
    options::kIntel,
    {"--quiet", "-q", "", "No summary and no refused rules on stderr"},
};
constexpr std::string_view kExamples[] = {
    "ascribe watch /srv/exch01/inetpub --file findings.jsonl",
    "ascribe watch logs/ --webhook https://chat.example/hook --syslog /dev/log",
    "ascribe watch logs/ --existing --once --jsonl",
};

}  // namespace

extern const Command kWatch;
const Command kWatch{"watch",
                     "Follow growing logs and web folders, tell findings as they come",
                     "DIR... [options]",
                     "Logs are followed through rotation, pages are judged when they change, and after a restart "
                     "reading goes on where it stood. A finding is told when it is new and again when its level rises, "
                     "always under the same id. DIR may be a single log.",
                     kOptions,
                     kExamples,
                     1,
                     -1,
                     run};

}  // namespace ascribe

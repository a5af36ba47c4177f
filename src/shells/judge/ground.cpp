#include "shells/judge/ground.hpp"

#include <algorithm>

namespace ascribe::shells {
namespace {

bool visitor(const Flow& flow) { return flow.origin <= Origin::upload; }

bool signalled(const Analysis& analysis, std::string_view name) {
    return std::ranges::find(analysis.signals, name, &Signal::name) != analysis.signals.end();
}

bool begins_with_one_of(std::string_view name, auto&& beginnings) {
    return std::ranges::any_of(beginnings, [&](std::string_view begin) { return name.starts_with(begin); });
}

/// How many times a script was packed.
std::size_t depth_of(const Analysis& analysis) {
    std::vector<std::size_t> depth(analysis.layers.size());
    for (std::size_t i = 1; i < depth.size(); ++i)
        depth[i] = depth[std::min<std::size_t>(analysis.layers[i].from.layer, i - 1)] + 1;
    return depth.empty() ? 0 : *std::ranges::max_element(depth);
}
constexpr std::size_t kOftenPacked = 2;

/// One constant holds most of the script: packing makes a text a third longer (base64) or shorter. One that hides a
/// part of itself has a reason to.
bool is_packed(const Analysis& analysis) {
    if (!signalled(analysis, "conceal.layer")) return false;
    auto half = analysis.layers.front().text.size() / 2;
    return std::ranges::any_of(analysis.layers, [&](const Layer& layer) {
        return &layer != &analysis.layers.front() && layer.text.size() >= half;
    });
}

/// It can do nothing, or nothing but run code of which no part comes from elsewhere: constants of its own, which are
/// layers, and what they can do is told besides.
bool only_runs_itself(const Analysis& analysis) {
    auto is_code = [](Capability capability) { return capability == Capability::code; };
    return std::ranges::all_of(analysis.capabilities, is_code) &&
           std::ranges::none_of(analysis.flows, is_code, &Flow::capability);
}

/// What large applications do every day.
constexpr std::string_view kUsual[] = {"call.",
                                       "database.",
                                       "session",
                                       "inform.setting",
                                       "inform.user",
                                       "inform.disk",
                                       "include.",
                                       "errors_off",
                                       "time_limit_off",
                                       "limits_off",
                                       "putenv",
                                       "object.files",
                                       "object.stream",
                                       "file.",
                                       "files.list",
                                       "touch",
                                       "network.connect",
                                       "upload.checks_image",
                                       "upload.checked_name",
                                       "decrypt",
                                       "process.kill",
                                       "schedule",
                                       "loader.instance",
                                       "eval.constant",
                                       "unserialize",
                                       "stays_alive",
                                       "variables.registered",
                                       "conceal.escapes",
                                       "assembly.",
                                       "idle"};
/// What small ones do too: a lookup of a database under its name, an address that is fetched, texts put together bit by
/// bit. Whether a visitor says what is written or uploaded, flows tell, with the checks before them.
constexpr std::string_view kUsualAlone[] = {
    "loader.jndi",         "network.fetch", "network.shown", "conceal.bits",        "chmod",
    "write.visitors_file", "files.delete",  "key",           "reflection.instance", "reflection.invoke",
    "upload.visitors_name"};
/// What an application's page of its own state shows, a file that is sent to a visitor, and a plug-in: where nothing is
/// interpreted, settings are compiled in and what is loaded was put there by who installed it. Whether a visitor says
/// which, flows tell.
constexpr std::string_view kUsualCompiled[] = {"inform.system", "inform.processes", "files.drives", "files.send",
                                               "loader.assembly_file"};
/// Together what goes through many servers does, and keeps quiet: no page that fetches one address needs the first two.
constexpr std::string_view kSweep[] = {"errors_off", "time_limit_off", "network.fetch"};

/// What a flow or signal of one script is worth as ground.
class Ground {
public:
    explicit Ground(const Analysis& analysis)
        : analysis_(analysis),
          handles_files_(analysis.platform == Platform::cfml || is_command_line()),
          unpacked_(is_packed(analysis) && analysis.limits.empty()),
          declares_(unpacked_ && signalled(analysis, "idle")),
          still_(only_runs_itself(analysis) || signalled(analysis, "idle") ||
                 (!analysis.flows.empty() && std::ranges::all_of(analysis.flows, is_quiet))),
          undone_(still_ && analysis.limits.empty() && !signalled(analysis, "call.unknown_value")) {}

    bool tells(const Flow& flow) const {
        if (flow.capability == Capability::database) return visitor(flow) && flow.whole;
        // What a visitor sent is read where it was put: what every upload begins with.
        if (flow.capability == Capability::file_read && flow.origin == Origin::upload) return false;
        // A reader of what a request holds is no reader of a file.
        bool body = flow.capability == Capability::file_read && flow.origin == Origin::body;
        if (body && flow.sink == "new StreamReader") return false;
        // What lands, as it was checked or in a document of the page's own, where no server runs it.
        bool kept = flow.capability == Capability::file_write && flow.checked && analysis_.platform != Platform::php;
        if (kept && visitor(flow)) return false;
        if (flow.concealed) return flow.capability != Capability::file_read || visitor(flow);
        // Unpacked, and nothing calls what is in it: what it would be given nobody knows.
        if (declares_ && !visitor(flow)) return false;
        if (visitor(flow)) return true;
        switch (flow.origin) {
            case Origin::session:
            case Origin::network: return true;
            case Origin::constant:
            case Origin::environment: return false;
            default: break;
        }
        switch (flow.capability) {  // of which nobody knows what it will be
            case Capability::code:
            case Capability::loader:  // elsewhere frameworks load by name
                return analysis_.platform == Platform::php && !flow.checked;
            case Capability::command:
            case Capability::dropper:
            case Capability::mail: return true;
            default: return false;
        }
    }

    bool shows(const Signal& signal) const {
        if (handles_files_ && signal.name.starts_with("files.")) return false;
        // Packed, and all of it was unpacked: what was in it speaks for itself. Nobody packs thrice but to hide.
        if (signal.name == "conceal.layer") return !analysis_.limits.empty() || depth_of(analysis_) > kOftenPacked;
        // Texts were hidden, not names that are called, and all was undone: what was hidden can do nothing.
        bool text =
            signal.name == "conceal.bits" || signal.name == "conceal.globals" || signal.name == "conceal.include";
        if (text && undone_) return false;
        if (signal.name == "conceal.object_name" && undone_) return false;
        // Of what was packed, only what tells without the packing: classes that decrypt or ask for the system's name
        // are an application's.
        constexpr std::string_view kPacked[] = {"inform.", "network.", "conceal.decrypts"};
        if (unpacked_ && still_ && begins_with_one_of(signal.name, kPacked)) return false;
        if (declares_ && !signal.name.starts_with("conceal.")) return false;
        return !begins_with_one_of(signal.name, kUsual);
    }

    bool tells_alone(const Flow& flow) const {
        if (!tells(flow)) return false;
        if (flow.concealed) return true;
        if (is_gathered(flow)) return true;
        bool named = flow.capability == Capability::include || flow.capability == Capability::file_read ||
                     flow.capability == Capability::download || flow.capability == Capability::tunnel;
        // One of the files that a folder or server of its own holds, or what is sent to one.
        if (named && flow.led && flow.origin <= Origin::session) return false;
        if (!visitor(flow)) return tells_alone_unsent(flow);
        // A form of contact: the page says who is written to, its visitor what.
        bool form = flow.capability == Capability::mail && flow.origin == Origin::request;
        bool open = signalled(analysis_, "mail.recipient") || signalled(analysis_, "mail.login");
        if (form && !open) return false;
        // Who installs an application says where its database is.
        if (flow.capability == Capability::database && opens_database(flow) && !queries_database()) return false;
        // No check makes a whole command line safe, and no log-in is reason to let somebody send a program.
        bool command = flow.capability == Capability::command && is_line(flow);
        bool name = flow.sink == "new" || flow.sink == "call of a value";  // which checks can limit, as no script
        bool evaluated =
            flow.capability == Capability::code && flow.whole && !name && analysis_.platform == Platform::php;
        if (flow.checked) return command || evaluated;
        bool code = (flow.capability == Capability::code || flow.capability == Capability::loader) && flow.whole;
        return command || code || !flow.guarded || !analysis_.password.empty();
    }

    bool shows_alone(const Signal& signal) const {
        // Programs and modules of these languages connect and listen for reasons of their own.
        if (is_command_line() && signal.name.starts_with("network.")) return false;
        // Nobody puts a name together bit by bit, and calls it, but to hide it.
        if (signal.name == "conceal.bits" && signalled(analysis_, "call.unknown_value")) return shows(signal);
        // Shells of the system that are given no more than what was checked.
        bool runs = signal.name == "object.shell" || signal.name == "process.start";
        if (runs && has_checked_commands()) return false;
        // A configuration that is kept as a script, of what was checked: what an installer leaves.
        if (signal.name == "write.script_name" && (has_checked_script() || writes_own_script())) return false;
        if (signal.name.starts_with("write.script") && writes_only_layers()) return false;
        // Who asks for an account before it does anything may tell an administrator what it runs on.
        if (signal.name.starts_with("inform.") && asks_for_account()) return false;
        // The answer to a form goes to whom its sender says; what it says is the page's.
        if (signal.name == "mail.recipient" && !mails_visitors_text()) return false;
        bool compiled = analysis_.platform == Platform::aspnet || analysis_.platform == Platform::jsp;
        if (compiled && begins_with_one_of(signal.name, kUsualCompiled)) return false;
        return shows(signal) && !begins_with_one_of(signal.name, kUsualAlone);
    }

private:
    /// What it does, it does with constants, or it looks at files and databases as no visitor says.
    static bool is_quiet(const Flow& flow) {
        if (flow.capability == Capability::database) return true;
        if (visitor(flow)) return false;
        bool looks = flow.capability == Capability::file_read || flow.capability == Capability::file_manage;
        return looks || (flow.origin == Origin::constant && !flow.concealed);
    }

    template <class Matches>
    bool has(Capability capability, Matches matches) const {
        return std::ranges::any_of(analysis_.flows,
                                   [&](const Flow& flow) { return flow.capability == capability && matches(flow); });
    }
    bool has(Capability capability) const {
        return has(capability, [](const Flow&) { return true; });
    }
    /// A visitor says what is done in a database.
    bool queries_database() const {
        return has(Capability::database, [](const Flow& flow) { return visitor(flow) && !opens_database(flow); });
    }
    bool mails_visitors_text() const { return has(Capability::mail, visitor); }
    bool has_checked_commands() const {
        return has(Capability::command) &&
               !has(Capability::command, [](const Flow& flow) { return !flow.checked || is_line(flow); });
    }
    /// All of a command line, and not of a list of a program and its arguments that was checked.
    static bool is_line(const Flow& flow) { return flow.whole && !(flow.checked && flow.sink == "new ProcessBuilder"); }
    bool has_checked_script() const {
        return has(Capability::dropper) && !has(Capability::dropper, [](const Flow& flow) { return !flow.checked; });
    }
    bool asks_for_account() const {
        return analysis_.password.empty() && !analysis_.flows.empty() &&
               std::ranges::all_of(analysis_.flows, &Flow::guarded);
    }
    /// PHP tells of every script that is written with what somebody else says, and of constants that are written.
    bool writes_own_script() const {
        auto constant = [](const Flow& flow) { return flow.origin == Origin::constant; };
        return analysis_.platform == Platform::php && !has(Capability::dropper) && !has(Capability::download) &&
               has(Capability::file_write) && !has(Capability::file_write, constant);
    }
    /// What is written as scripts are constants, told as layers: what they can do is told besides.
    bool writes_only_layers() const {
        auto other = [](const Flow& flow) { return flow.origin != Origin::constant || flow.concealed; };
        return has(Capability::dropper) && !has(Capability::dropper, other) && analysis_.limits.empty();
    }
    static bool opens_database(const Flow& flow) {
        return flow.sink.starts_with("new ") || flow.sink.ends_with("connect");
    }

    /// All that visitors send is kept or sent away, made unreadable for who finds it.
    static bool is_gathered(const Flow& flow) {
        constexpr std::string_view kDisguises[] = {
            "base64_encode",  "bin2hex",         "convert_uuencode",       "gzdeflate", "gzcompress",
            "mcrypt_encrypt", "openssl_encrypt", "openssl_public_encrypt", "str_rot13", "strrev"};
        bool kept = flow.capability == Capability::file_write || flow.capability == Capability::mail ||
                    flow.capability == Capability::download || flow.capability == Capability::tunnel;
        bool whole_table = flow.source.starts_with('$') && !flow.source.contains('[');
        // What a mail or a line of it holds is written so. RFC 2045, section 6.8
        bool mailed = std::ranges::find(flow.trail, "chunk_split", &TrailStep::what) != flow.trail.end();
        return kept && whole_table && !mailed && std::ranges::any_of(flow.trail, [&](const TrailStep& step) {
                   return std::ranges::find(kDisguises, step.what) != std::end(kDisguises);
               });
    }

    /// Languages whose programs are as often somebody's at a prompt as a visitor's.
    bool is_command_line() const {
        return analysis_.platform == Platform::perl || analysis_.platform == Platform::python;
    }
    /// Whether it is a script, no module, and looks at what a server hands to one. RFC 3875, section 4.1
    bool is_asked() const {
        const auto& text = analysis_.layers.front().text;
        constexpr std::string_view kAsked[] = {"QUERY_STRING", "CONTENT_LENGTH", "REQUEST_METHOD"};
        return text.starts_with("#!") && std::ranges::any_of(kAsked, [&](auto name) { return text.contains(name); });
    }

    /// No visitor's: another server's, a session's, or of which nobody knows what it will be.
    bool tells_alone_unsent(const Flow& flow) const {
        if (flow.origin == Origin::session) return true;
        if (flow.checked || flow.guarded) return false;
        if (flow.capability == Capability::mail) return flow.origin != Origin::database;
        return flow.origin == Origin::network || !is_command_line() || is_asked();
    }

    const Analysis& analysis_;
    bool handles_files_, unpacked_, declares_, still_, undone_;
};

/// A module of Perl does nothing by itself; whoever uses it says what.
bool is_module(const Analysis& analysis) {
    constexpr std::size_t kHead = 4096;  // bytes, notices before it
    std::string_view text = analysis.layers.front().text;
    if (analysis.platform != Platform::perl || text.starts_with("#!")) return false;
    auto head = text.substr(0, kHead);
    return head.starts_with("package ") || head.contains("\npackage ");
}

/// The lists hold hardly any clean Python, so the model has not learned what is ordinary in libraries, which do much in
/// one file: the shortest of Python's own that scores as a shell has 25 KB. Shells are a few; there the score counts.
/// What settles it does at any length.
bool is_little_known(const Analysis& analysis) {
    constexpr std::size_t kScript = 16 << 10;
    return analysis.platform == Platform::python && analysis.layers.front().text.size() > kScript;
}

}  // namespace

bool is_grounded(const Analysis& analysis) {
    Ground ground(analysis);
    return std::ranges::any_of(analysis.flows, [&](const Flow& flow) { return ground.tells(flow); }) ||
           std::ranges::any_of(analysis.signals, [&](const Signal& signal) { return ground.shows(signal); });
}

bool is_grounded_alone(const Analysis& analysis) {
    Ground ground(analysis);
    return std::ranges::all_of(kSweep, [&](auto name) { return signalled(analysis, name); }) ||
           std::ranges::any_of(analysis.flows, [&](const Flow& flow) { return ground.tells_alone(flow); }) ||
           std::ranges::any_of(analysis.signals, [&](const Signal& signal) { return ground.shows_alone(signal); });
}

bool is_shown(const Analysis& analysis, bool decisive) {
    if (decisive) return is_grounded(analysis);
    return !is_little_known(analysis) && !is_module(analysis) && is_grounded_alone(analysis);
}

}  // namespace ascribe::shells

#include "shells/judge/decisive.hpp"

#include <algorithm>

namespace ascribe::shells {
namespace {

/// A longer script may check a file's name where the analyser does not see it.
constexpr std::size_t kShort = 16 << 10;  // bytes

const Signal* signal_of(const Analysis& analysis, std::string_view name) {
    auto found = std::ranges::find(analysis.signals, name, &Signal::name);
    return found == analysis.signals.end() ? nullptr : &*found;
}

bool is_visitors(const Flow& flow) { return flow.origin <= Origin::upload; }
bool is_open(const Flow& flow) { return is_visitors(flow) && !flow.guarded && !flow.checked; }

/// Where it ends, if that was kept.
std::optional<Place> place_of(const Flow& flow) {
    return flow.trail.empty() ? std::nullopt : std::optional(flow.trail.back().place);
}

bool is_open_write(const Flow& flow) { return flow.capability == Capability::file_write && !flow.guarded; }

bool is_open_file(const Flow& flow) {
    return is_open(flow) && (flow.capability == Capability::upload || flow.capability == Capability::file_write);
}

/// What a visitor sends is run as code, as a command or as a library, or written where he says, as it comes.
const Flow* open_flow(const Analysis& analysis) {
    const Flow* written = nullptr;
    bool chosen = signal_of(analysis, "write.visitors_file") != nullptr;
    // All of what is written, into a page: an application of PHP's has its settings so.
    bool page = analysis.platform != Platform::php && signal_of(analysis, "write.script_name") != nullptr;
    // An uploader and no more: it leaves a file under the name it came with.
    bool uploader =
        analysis.layers.front().text.size() <= kShort && signal_of(analysis, "upload.visitors_name") != nullptr;
    for (const Flow& flow : analysis.flows) {
        if (!is_open(flow)) continue;
        switch (flow.capability) {
            case Capability::command:
            case Capability::loader: return &flow;
            case Capability::code:
            case Capability::include:
                if (flow.whole || flow.origin == Origin::upload) return &flow;
                break;
            case Capability::upload:
                // Where it goes is a value of the request, not the name the file came with.
                if (flow.whole && (uploader || flow.origin != Origin::upload)) return &flow;
                break;
            case Capability::download:
                if (chosen && flow.whole) return &flow;
                break;
            case Capability::file_write:  // twice: what is written, and where
                if (chosen || (page && flow.whole)) return &flow;
                if (written != nullptr && (written->whole || flow.whole)) return &flow;
                written = &flow;
                break;
            default: break;
        }
    }
    return nullptr;
}

/// It opens to whoever sends a constant that it holds itself, and then does as he says: accounts of an application are
/// kept elsewhere. A query tells nothing, unless he also says which database it is for.
const Flow* flow_behind_own_key(const Analysis& analysis) {
    if (analysis.password.empty()) return nullptr;
    bool console = signal_of(analysis, "console.database") != nullptr;
    auto tells = [&](const Flow& flow) {
        if (!is_visitors(flow) || !flow.guarded || flow.checked) return false;
        if (flow.capability == Capability::inform) return false;
        return flow.capability != Capability::database || (console && flow.whole);
    };
    auto found = std::ranges::find_if(analysis.flows, tells);
    return found == analysis.flows.end() ? nullptr : &*found;
}

/// Another server says what is run: an application's code is its own.
const Flow* fetched(const Analysis& analysis) {
    bool compiled = analysis.platform == Platform::aspnet || analysis.platform == Platform::jsp;
    auto runs = [compiled](const Flow& flow) {
        bool code = flow.capability == Capability::code || (compiled && flow.capability == Capability::loader);
        bool command = flow.capability == Capability::command && flow.whole;
        return (code || command) && flow.origin == Origin::network;
    };
    auto found = std::ranges::find_if(analysis.flows, runs);
    return found == analysis.flows.end() ? nullptr : &*found;
}

/// A visitor says what to connect to, and what is sent there.
const Flow* tunnel(const Analysis& analysis) {
    const Flow* first = nullptr;
    for (const Flow& flow : analysis.flows) {
        if (flow.capability != Capability::tunnel || !is_open(flow)) continue;
        if (first != nullptr && first->sink != flow.sink) return &flow;
        if (first == nullptr) first = &flow;
    }
    return nullptr;
}

/// A visitor says which database to open, and what is done there.
const Flow* database_console(const Analysis& analysis) {
    if (signal_of(analysis, "console.database") == nullptr) return nullptr;
    constexpr std::string_view kOpening[] = {"Connection", "ConnectionString", "Connection.Open"};  // ends of sinks
    auto asks = [&](const Flow& flow) {
        if (flow.capability != Capability::database || !is_open(flow) || !flow.whole) return false;
        return std::ranges::none_of(kOpening, [&](auto end) { return flow.sink.ends_with(end); });
    };
    auto found = std::ranges::find_if(analysis.flows, asks);
    return found == analysis.flows.end() ? nullptr : &*found;
}

/// A visitor walks through the folders of the server, and has the files that he finds there shown. PHP's applications
/// tell by other files who may: there he also has to change what he finds.
const Flow* file_browser(const Analysis& analysis) {
    bool php = analysis.platform == Platform::php;
    if (signal_of(analysis, php ? "file.list" : "files.list") == nullptr) return nullptr;
    auto drives = [&](Capability capability) {
        return std::ranges::find_if(analysis.flows, [&](const Flow& flow) {
            return flow.capability == capability && is_open(flow) && flow.whole;
        });
    };
    auto read = drives(Capability::file_read);
    if (read == analysis.flows.end()) return nullptr;
    if (php && drives(Capability::file_manage) == analysis.flows.end()) return nullptr;
    return &*read;
}

/// How many trades of an intruder's one page plies as its visitor says.
std::size_t tools(const Analysis& analysis) {
    bool runs = false, reads = false, writes = false, manages = false, queries = false, connects = false, mails = false;
    for (const Flow& flow : analysis.flows) {
        if (!is_visitors(flow)) continue;
        switch (flow.capability) {
            case Capability::code:
            case Capability::command:
            case Capability::include:
            case Capability::loader: runs = true; break;
            case Capability::file_read: reads = true; break;
            case Capability::file_write:
            case Capability::download:
            case Capability::upload: writes = true; break;
            case Capability::file_manage: manages = true; break;
            case Capability::database: queries = true; break;
            case Capability::tunnel: connects = true; break;
            case Capability::mail: mails = true; break;
            default: break;
        }
    }
    return std::size_t{runs} + reads + writes + manages + queries + connects + mails;
}
constexpr std::size_t kManyTools = 4;

}  // namespace

std::optional<Decisive> decisive_of(const Analysis& analysis) {
    if (analysis.layers.empty()) return std::nullopt;
    if (const Flow* flow = open_flow(analysis))
        return Decisive{"what a visitor sends is run or written as it comes, unguarded and unchecked", place_of(*flow)};
    if (const Flow* flow = flow_behind_own_key(analysis))
        return Decisive{"it does as a visitor says who knows a constant of its own", place_of(*flow)};
    if (const Flow* flow = fetched(analysis)) return Decisive{"what another server sends is run", place_of(*flow)};
    if (const Flow* flow = tunnel(analysis))
        return Decisive{"a visitor says where it connects and what it sends there", place_of(*flow)};
    if (const Flow* flow = database_console(analysis))
        return Decisive{"a visitor says which database it opens and what it does there", place_of(*flow)};
    if (const Flow* flow = file_browser(analysis))
        return Decisive{"a visitor walks through the server's folders and reads its files", place_of(*flow)};
    if (const Signal* object = signal_of(analysis, "object.visitors_name"); object != nullptr)
        return Decisive{"a visitor says which object of the system is made", object->place};
    if (tools(analysis) >= kManyTools)
        return Decisive{"many tools in one page, each driven by its visitor", std::nullopt};
    // Code for a server in a file that it runs: a page that brings another. PHP's applications write such caches.
    if (const Signal* page = signal_of(analysis, "write.script_name");
        page != nullptr && analysis.platform != Platform::php && signal_of(analysis, "write.script") != nullptr)
        return Decisive{"it writes code for a server into a file that a server would run", page->place};
    // Filters, servlets and endpoints are an application's, which its descriptor names; a page that adds one leaves it
    // in the memory of the server when the page is gone.
    auto plants = [](const Signal& signal) { return signal.name.starts_with("memory."); };
    if (auto planted = std::ranges::find_if(analysis.signals, plants); planted != analysis.signals.end())
        return Decisive{"a page adds a handler of requests to the running server", planted->place};
    if (const Signal* account = signal_of(analysis, "account.administrator");
        account != nullptr && (signal_of(analysis, "account.of_constants") != nullptr ||
                               signal_of(analysis, "account.of_visitor") != nullptr))
        return Decisive{"it makes an administrator's account under a name that it holds or a visitor gives",
                        account->place};
    if (const Signal* account = signal_of(analysis, "account.assumed"); account != nullptr)
        return Decisive{"it logs whoever asks in, as a user that it or he names", account->place};
    if (const Signal* account = signal_of(analysis, "account.system"); account != nullptr)
        return Decisive{"it makes an account of the system, or sets its password", account->place};
    if (const Signal* keys = signal_of(analysis, "write.access_keys"); keys != nullptr)
        return Decisive{"it writes the keys that log in to the server", keys->place};
    if (const Signal* handler = signal_of(analysis, "write.handler"); handler != nullptr)
        return Decisive{"it has the server run files of another kind as scripts", handler->place};
    if (const Signal* handler = signal_of(analysis, "config.document_handler"); handler != nullptr)
        return Decisive{"it has the server run pictures or documents as scripts", handler->place};
    // Told of PHP's scripts by none: its applications save themselves so, where elsewhere the database does that.
    if (const Signal* table = signal_of(analysis, "dump.each_table");
        table != nullptr && std::ranges::any_of(analysis.flows, is_open_write))
        return Decisive{"it goes through the tables of a database and writes them to files", table->place};
    if (const Signal* registry = signal_of(analysis, "registry.read"); registry != nullptr)
        for (const Flow& flow : analysis.flows)
            if (flow.capability == Capability::inform && is_visitors(flow))
                return Decisive{"the registry is read where a visitor says", registry->place};
    // A command interpreter is started and a connection opened: one is tied to the other, or it would be of no use.
    if (const Signal* shell = signal_of(analysis, "command.interpreter");
        shell != nullptr &&
        (signal_of(analysis, "network.connect") != nullptr || signal_of(analysis, "network.listen") != nullptr))
        return Decisive{"a command interpreter is started beside a connection: a reverse or bind shell", shell->place};
    if (const Signal* library = signal_of(analysis, "loader.preload");
        library != nullptr && std::ranges::any_of(analysis.flows, is_open_file))
        return Decisive{"it has processes load a library first, beside a file that a visitor sends", library->place};
    if (const Signal* run = signal_of(analysis, "conceal.include_picture"); run != nullptr)
        return Decisive{"it runs a picture", run->place};
    if (const Signal* picture = signal_of(analysis, "conceal.in_picture");
        picture != nullptr && !analysis.capabilities.empty())
        return Decisive{"a script that poses as a picture", picture->place};
    return std::nullopt;
}

}  // namespace ascribe::shells

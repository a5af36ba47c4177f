#include "detect/shells/decisive.hpp"

#include <algorithm>

namespace ascribe::shells {
namespace {

/// A script this short does one thing; a longer one may check a file's name where the analyser does not see it.
constexpr std::size_t kShort = 4 << 10;  // bytes

const Signal* signal_of(const Analysis& analysis, std::string_view name) {
    auto found = std::ranges::find(analysis.signals, name, &Signal::name);
    return found == analysis.signals.end() ? nullptr : &*found;
}

bool is_visitors(const Flow& flow) { return flow.origin <= Origin::upload; }
bool is_open(const Flow& flow) { return is_visitors(flow) && !flow.guarded && !flow.checked; }

/// What a visitor sends is run as code, as a command or as a library, or written where he says, as it comes.
const Flow* open_flow(const Analysis& analysis) {
    const Flow* written = nullptr;
    bool chosen = signal_of(analysis, "write.visitors_file") != nullptr;
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
                if (flow.whole) return &flow;
                break;
            case Capability::upload:
                // Where it goes is a value of the request, not the name the file came with.
                if (flow.whole && (uploader || flow.origin != Origin::upload)) return &flow;
                break;
            case Capability::download:
                if (chosen && flow.whole) return &flow;
                break;
            case Capability::file_write:  // twice: what is written, and where
                if (chosen) return &flow;
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
        return Decisive{"what a visitor sends is run or written as it comes, unguarded and unchecked",
                        flow->trail.empty() ? std::nullopt : std::optional(flow->trail.back().place)};
    if (const Flow* flow = flow_behind_own_key(analysis))
        return Decisive{"it does as a visitor says who knows a constant of its own", flow->trail.back().place};
    if (const Flow* flow = tunnel(analysis))
        return Decisive{"a visitor says where it connects and what it sends there", flow->trail.back().place};
    if (tools(analysis) >= kManyTools)
        return Decisive{"many tools in one page, each driven by its visitor", std::nullopt};
    if (const Signal* registry = signal_of(analysis, "registry.read"); registry != nullptr)
        for (const Flow& flow : analysis.flows)
            if (flow.capability == Capability::inform && (is_visitors(flow) || flow.origin == Origin::environment))
                return Decisive{"the registry is walked through, or read where a visitor says", registry->place};
    // A command interpreter is started and a connection opened: one is tied to the other, or it would be of no use.
    if (const Signal* shell = signal_of(analysis, "command.interpreter");
        shell != nullptr &&
        (signal_of(analysis, "network.connect") != nullptr || signal_of(analysis, "network.listen") != nullptr))
        return Decisive{"a command interpreter is started beside a connection: a reverse or bind shell", shell->place};
    if (const Signal* hidden = signal_of(analysis, "conceal.include");
        hidden != nullptr && signal_of(analysis, "conceal.include_picture") != nullptr)
        return Decisive{"it runs a picture whose name it hides", hidden->place};
    if (const Signal* picture = signal_of(analysis, "conceal.in_picture");
        picture != nullptr && !analysis.capabilities.empty())
        return Decisive{"a script that poses as a picture", picture->place};
    return std::nullopt;
}

}  // namespace ascribe::shells

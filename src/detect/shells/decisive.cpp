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

bool is_open(const Flow& flow) { return flow.origin <= Origin::upload && !flow.guarded && !flow.checked; }

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
                if (uploader && flow.whole) return &flow;
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

}  // namespace

std::optional<Decisive> decisive_of(const Analysis& analysis) {
    if (analysis.layers.empty()) return std::nullopt;
    if (const Flow* flow = open_flow(analysis))
        return Decisive{"what a visitor sends is run or written as it comes, unguarded and unchecked",
                        flow->trail.empty() ? std::nullopt : std::optional(flow->trail.back().place)};
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

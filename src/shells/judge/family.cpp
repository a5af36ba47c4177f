#include "shells/judge/family.hpp"

#include <algorithm>

namespace ascribe::shells {
namespace {

constexpr std::size_t kShort = 4 << 10;  // bytes: a client does the work, the page only runs what it sends

bool visitor(const Flow& flow) { return flow.origin <= Origin::upload; }

bool flows(const Analysis& analysis, Capability capability) {
    return std::ranges::any_of(analysis.flows,
                               [&](const Flow& flow) { return flow.capability == capability && visitor(flow); });
}

bool can(const Analysis& analysis, Capability capability) {
    return std::ranges::find(analysis.capabilities, capability) != analysis.capabilities.end();
}

bool signalled(const Analysis& analysis, std::string_view name) {
    return std::ranges::find(analysis.signals, name, &Signal::name) != analysis.signals.end();
}

bool is_short(const Analysis& analysis) { return analysis.layers.front().text.size() <= kShort; }

bool has_session_flow(const Analysis& analysis) {
    return std::ranges::any_of(analysis.flows, [](const Flow& flow) {
        return flow.origin == Origin::session &&
               (flow.capability == Capability::code || flow.capability == Capability::loader);
    });
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

struct Shape {
    std::string_view name;
    bool (*fits)(const Analysis&);
};

constexpr Shape kShapes[] = {
    // A payload is sent once, kept in the session, and called by later requests: Godzilla.
    // https://unit42.paloaltonetworks.com/manageengine-godzilla-nglite-kdcsponge/
    {"a payload kept in the session (as Godzilla)", has_session_flow},
    // The body is decrypted with a key that is constant or in the session, then evaluated or loaded: Behinder.
    // https://github.com/rebeyond/Behinder
    {"an encrypted loader (as Behinder)",
     [](const Analysis& a) {
         return signalled(a, "conceal.decrypts") && (flows(a, Capability::code) || flows(a, Capability::loader));
     }},
    // Sockets opened and fed by requests: reGeorg and its kin. https://github.com/sensepost/reGeorg
    {"a tunnel (as reGeorg)",
     [](const Analysis& a) { return can(a, Capability::tunnel) && flows(a, Capability::tunnel); }},
    // One evaluator of one value: China Chopper's server part. https://attack.mitre.org/software/S0020/
    {"a one-line evaluator (as China Chopper)",
     [](const Analysis& a) { return is_short(a) && flows(a, Capability::code) && !can(a, Capability::upload); }},
    {"a command prompt", [](const Analysis& a) { return is_short(a) && flows(a, Capability::command); }},
    {"a console of many tools",
     [](const Analysis& a) {
         return !is_short(a) && (can(a, Capability::command) || can(a, Capability::code)) &&
                (can(a, Capability::file_manage) || can(a, Capability::file_write)) && a.capabilities.size() >= 4;
     }},
    {"a file manager",
     [](const Analysis& a) { return flows(a, Capability::file_manage) && can(a, Capability::file_read); }},
    {"an uploader", [](const Analysis& a) { return is_short(a) && can(a, Capability::upload); }},
    {"a dropper", [](const Analysis& a) { return can(a, Capability::dropper); }},
    {"a mailer", [](const Analysis& a) { return flows(a, Capability::mail); }},
};

}  // namespace

bool is_grounded(const Analysis& analysis) {
    // What large applications do every day.
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
    bool handles_files = analysis.platform == Platform::cfml || analysis.platform == Platform::perl ||
                         analysis.platform == Platform::python;
    bool declares = signalled(analysis, "idle") && is_packed(analysis) && analysis.limits.empty();
    auto tells = [&](const Flow& flow) {
        if (flow.capability == Capability::database) return visitor(flow) && flow.whole;
        // What a visitor sent is read where it was put: what every upload begins with.
        if (flow.capability == Capability::file_read && flow.origin == Origin::upload) return false;
        if (flow.concealed) return flow.capability != Capability::file_read || visitor(flow);
        // Unpacked, and nothing calls what is in it: what it would be given nobody knows.
        if (declares && !visitor(flow)) return false;
        // What lands, as it was checked or in a document of the page's own, where no server runs it.
        bool kept = flow.capability == Capability::file_write && flow.checked && analysis.platform != Platform::php;
        if (visitor(flow)) return !kept;
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
                return analysis.platform == Platform::php && !flow.checked;
            case Capability::command:
            case Capability::dropper:
            case Capability::mail: return true;
            default: return false;
        }
    };
    // What it does, it does with constants, or it looks at files and databases as no visitor says.
    auto quiet = [](const Flow& flow) {
        if (flow.capability == Capability::database) return true;
        if (visitor(flow)) return false;
        bool looks = flow.capability == Capability::file_read || flow.capability == Capability::file_manage;
        return looks || (flow.origin == Origin::constant && !flow.concealed);
    };
    bool still = only_runs_itself(analysis) || signalled(analysis, "idle") ||
                 (!analysis.flows.empty() && std::ranges::all_of(analysis.flows, quiet));
    bool undone = still && analysis.limits.empty() && !signalled(analysis, "call.unknown_value");
    bool unpacked = is_packed(analysis) && analysis.limits.empty();
    auto shows = [&](const Signal& signal) {
        if (handles_files && signal.name.starts_with("files.")) return false;
        // Packed, and all of it was unpacked: what was in it speaks for itself. Nobody packs thrice but to hide.
        if (signal.name == "conceal.layer") return !analysis.limits.empty() || depth_of(analysis) > kOftenPacked;
        // Texts were hidden, not names that are called, and all was undone: what was hidden can do nothing.
        bool text =
            signal.name == "conceal.bits" || signal.name == "conceal.globals" || signal.name == "conceal.include";
        if (text && undone) return false;
        if (signal.name == "conceal.object_name" && undone) return false;
        // Of what was packed, only what tells without the packing: classes that decrypt or ask for the system's name
        // are an application's.
        for (std::string_view usual : {"inform.", "network.", "conceal.decrypts"})
            if (unpacked && still && signal.name.starts_with(usual)) return false;
        if (declares && !signal.name.starts_with("conceal.")) return false;
        return std::ranges::none_of(kUsual, [&](auto usual) { return signal.name.starts_with(usual); });
    };
    return std::ranges::any_of(analysis.flows, tells) || std::ranges::any_of(analysis.signals, shows);
}

bool is_driven(const Analysis& analysis) {
    return std::ranges::any_of(analysis.flows, [](const Flow& flow) {
        bool told = visitor(flow) || flow.concealed || flow.origin == Origin::session || flow.origin == Origin::network;
        switch (flow.capability) {
            case Capability::mail:
            case Capability::inform: return false;
            case Capability::file_read:
            case Capability::download: return visitor(flow);
            case Capability::database: return visitor(flow) && flow.whole;
            default: return told;
        }
    });
}

bool is_tool(const Analysis& analysis) {
    // Adminer 4.8 has 163 places with queries, one-page dumpers have a dozen.
    constexpr double kManyQueries = 20;
    bool able = false, guarded = false;
    for (const Flow& flow : analysis.flows) {
        guarded = guarded || flow.guarded;
        switch (flow.capability) {
            case Capability::code:
            case Capability::command:
            case Capability::loader:
            case Capability::dropper:
            case Capability::tunnel:
            case Capability::include:
                if (visitor(flow) || flow.origin == Origin::session || flow.concealed) return false;
                break;
            case Capability::database: able = able || visitor(flow); break;
            default: break;
        }
    }
    auto queries = std::ranges::find(analysis.signals, "database.query", &Signal::name);
    bool console = queries != analysis.signals.end() && queries->value >= kManyQueries;
    // Who administers databases runs no commands.
    return able && guarded && console && analysis.layers.size() < 2 && !can(analysis, Capability::command);
}

std::string_view family_of(const Analysis& analysis) {
    for (const Shape& shape : kShapes)
        if (shape.fits(analysis)) return shape.name;
    return "";
}

}  // namespace ascribe::shells

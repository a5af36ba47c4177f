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

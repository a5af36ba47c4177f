// An analysis as text, for golden files: layers with what they were recovered from, flows, signals, what
// settles it, limits.
#pragma once

#include <fmt/format.h>

#include <string>

#include "base/text.hpp"
#include "shells/analysis.hpp"
#include "shells/judge/decisive.hpp"

namespace ascribe::shells {

inline std::string tell(const Analysis& analysis) {
    std::string out = fmt::format("platform {}\n", to_string(analysis.platform));
    for (std::size_t i = 1; i < analysis.layers.size(); ++i) {
        const auto& layer = analysis.layers[i];
        out += fmt::format("layer {} from {}:{}+{} {} by {}\n", i, layer.from.layer, layer.from.span.offset,
                           layer.from.span.size, to_string(layer.language), visible(layer.how));
        for (auto line : split(layer.text, '\n')) out += fmt::format("  | {}\n", visible(line, 400));
    }
    for (const auto& flow : analysis.flows) {
        out += fmt::format("flow {} from {}{}{}{}{}:", to_string(flow.capability), to_string(flow.origin),
                           flow.whole ? " whole" : "", flow.concealed ? " concealed" : "",
                           flow.guarded ? " guarded" : "", flow.checked ? " checked" : "");
        for (const auto& step : flow.trail)
            out += fmt::format(" > {} {}:{}", visible(step.what, 80), step.place.layer, step.place.span.offset);
        out += '\n';
    }
    for (const auto& signal : analysis.signals) out += fmt::format("signal {} {}\n", signal.name, signal.value);
    for (auto capability : analysis.capabilities) out += fmt::format("can {}\n", to_string(capability));
    if (!analysis.password.empty()) out += fmt::format("password {}\n", visible(analysis.password));
    if (auto decisive = decisive_of(analysis)) out += fmt::format("decisive {}\n", decisive->sentence);
    for (const auto& limit : analysis.limits) out += fmt::format("limit {}\n", limit);
    return out;
}

}  // namespace ascribe::shells

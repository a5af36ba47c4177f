#include "detect/shells/judge.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "detect/shells/features.hpp"
#include "detect/shells/model.hpp"

namespace ascribe::shells {
namespace {

/// Reasons told of one file: a person reads ten, a machine some more.
constexpr std::size_t kReasons = 24;

bool is_strong(Capability capability) {
    switch (capability) {
        case Capability::code:
        case Capability::command:
        case Capability::file_write:
        case Capability::file_manage:
        case Capability::upload:
        case Capability::database:
        case Capability::tunnel:
        case Capability::loader:
        case Capability::dropper:
        case Capability::include: return true;
        default: return false;
    }
}

/// An administrator's tool: it can what a shell can, behind a log-in, and hides nothing.
bool is_tool(const Analysis& analysis) {
    bool able = false;
    for (const Flow& flow : analysis.flows) {
        if (flow.concealed) return false;
        able = able || is_strong(flow.capability);
    }
    return able && analysis.layers.size() < 2 &&
           std::ranges::any_of(analysis.flows, [](const Flow& flow) { return flow.guarded; });
}

}  // namespace

void judge(Analysis& analysis, std::string_view) {
    const Model& model = builtin_model();
    auto features = features_of(analysis);
    auto score = model.score(features);
    analysis.probability = score.probability;
    if (score.probability >= model.malicious())
        analysis.verdict = Verdict::malicious;
    else if (score.probability >= model.suspicious())
        analysis.verdict = is_tool(analysis) ? Verdict::dual_use : Verdict::suspicious;
    else
        analysis.verdict = Verdict::benign;
    analysis.reasons.clear();
    for (const Share& share : score.shares) {
        if (analysis.reasons.size() >= kReasons) break;
        const std::string& name = model.features()[share.feature];
        auto at = std::ranges::lower_bound(features, name, {}, &Feature::name);
        bool present = at != features.end() && at->name == name;
        analysis.reasons.push_back(
            {name, describe(name, present ? at->value : 0), share.weight, present ? at->place : std::nullopt});
    }
}

}  // namespace ascribe::shells

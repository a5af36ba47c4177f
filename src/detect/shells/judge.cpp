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

// Where visitors' files land, no script belongs: twice the odds. A round number of ours; the training lists have no
// places.
constexpr double kUploadFolder = 0.69;
constexpr std::string_view kUploadFolders[] = {"upload", "uploads", "userfiles", "avatars", "attachments",
                                               "images", "img",     "pictures",  "photos",  "thumbs",
                                               "cache",  "media",   "fonts",     "css",     "aspnet_client"};

bool lies_among_uploads(std::string_view path) {
    auto folders = split(path, path.find('\\') != std::string_view::npos ? '\\' : '/');
    if (!folders.empty()) folders.pop_back();
    return std::ranges::any_of(folders, [](std::string_view folder) {
        return std::ranges::any_of(kUploadFolders, [&](auto known) { return equals_folded(known, folder); });
    });
}

}  // namespace

void judge(Analysis& analysis, std::string_view path) {
    const Model& model = builtin_model();
    auto features = features_of(analysis);
    auto score = model.score(features);
    // Only what is suspicious by itself: a place alone makes no shell.
    bool uploaded = score.raw > model.thresholds(analysis.platform).suspicious && lies_among_uploads(path);
    if (uploaded) {
        score.raw += kUploadFolder;
        score.probability = model.calibrated(score.raw);
    }
    auto thresholds = model.thresholds(analysis.platform);
    analysis.probability = score.probability;
    if (score.raw >= thresholds.malicious)
        analysis.verdict = Verdict::malicious;
    else if (score.raw >= thresholds.suspicious)
        analysis.verdict = is_tool(analysis) ? Verdict::dual_use : Verdict::suspicious;
    else
        analysis.verdict = Verdict::benign;
    analysis.reasons.clear();
    if (uploaded)
        analysis.reasons.push_back({"context.upload_folder", "it lies where visitors' files land", kUploadFolder, {}});
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

#include "shells/judge/judge.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "shells/judge/decisive.hpp"
#include "shells/judge/family.hpp"
#include "shells/judge/features.hpp"
#include "shells/judge/ground.hpp"
#include "shells/judge/model.hpp"

namespace ascribe::shells {
namespace {

/// Reasons told of one file: a person reads ten, a machine some more.
constexpr std::size_t kReasons = 24;

// Where visitors' files land, no script belongs: twice the odds. A round number of ours; the training lists have no
// places.
constexpr double kUploadFolder = 0.69;
constexpr std::string_view kUploadFolders[] = {"upload", "uploads", "userfiles", "avatars", "attachments",
                                               "images", "img",     "pictures",  "photos",  "thumbs",
                                               "cache",  "media",   "fonts",     "css",     "aspnet_client"};

// What settles it is worth this much in log odds. script/train-shells adds the same before it looks for thresholds.
// Infected files are long and mostly an application's: their other features weigh 7 or 8 against it.
constexpr double kDecisive = 8;

bool lies_among_uploads(std::string_view path) {
    auto folders = split(path, path.find('\\') != std::string_view::npos ? '\\' : '/');
    if (!folders.empty()) folders.pop_back();
    return std::ranges::any_of(folders, [](std::string_view folder) {
        return std::ranges::any_of(kUploadFolders, [&](auto known) { return equals_folded(known, folder); });
    });
}

// Sources and texts that no web server runs under their name, though pages are quoted in them: programs that are
// compiled, documents, translations, settings, listings. A shell among them has to be renamed first.
constexpr std::string_view kNoPages[] = {
    ".c",   ".cc",   ".cpp",  ".cxx",   ".h",   ".hh",   ".hpp",  ".hxx", ".go",  ".rs",      ".md",
    ".rst", ".adoc", ".diff", ".patch", ".yml", ".yaml", ".json", ".out", ".ts",  ".kt",      ".swift",
    ".pyc", ".so",   ".exe",  ".dll",   ".mo",  ".po",   ".pod",  ".3pm", ".tex", ".rst.txt", ".md.txt"};

/// A compiled page or assembly is triaged, not understood: it answers requests and runs, loads or compiles something.
bool is_alarming_assembly(const Analysis& analysis) {
    auto has = [&](std::string_view name) {
        return std::ranges::find(analysis.signals, name, &Signal::name) != analysis.signals.end();
    };
    return has("assembly.request") && (has("assembly.command") || has("assembly.loader") || has("assembly.compile"));
}

}  // namespace

bool is_no_page(std::string_view path) {
    return std::ranges::any_of(kNoPages, [&](auto ending) { return ends_folded(path, ending); });
}

void judge(Analysis& analysis, std::string_view path, bool explains) {
    const Model& model = builtin_model();
    auto features = features_of(analysis);
    auto score = model.score(features);
    auto decisive = decisive_of(analysis);
    if (decisive) {
        score.raw += kDecisive;
        score.probability = model.calibrated(score.raw);
    }
    // Only what is suspicious by itself: a place alone makes no shell.
    bool uploaded = score.raw > model.thresholds(analysis.platform).suspicious && lies_among_uploads(path);
    if (uploaded) {
        score.raw += kUploadFolder;
        score.probability = model.calibrated(score.raw);
    }
    auto thresholds = model.thresholds(analysis.platform);
    analysis.probability = score.probability;
    if (score.raw < thresholds.suspicious)
        analysis.verdict = Verdict::benign;
    else if (is_tool(analysis))
        analysis.verdict = Verdict::dual_use;
    else
        analysis.verdict = score.raw >= thresholds.malicious && is_shown(analysis, decisive.has_value())
                               ? Verdict::malicious
                               : Verdict::suspicious;
    bool no_page = analysis.verdict == Verdict::malicious && is_no_page(path);
    if (no_page) analysis.verdict = Verdict::suspicious;
    bool assembly = is_alarming_assembly(analysis);
    if (assembly && analysis.verdict == Verdict::benign) analysis.verdict = Verdict::suspicious;
    if (analysis.verdict != Verdict::benign) analysis.family = family_of(analysis);
    analysis.reasons.clear();
    if (decisive) analysis.reasons.push_back({"decisive", std::string(decisive->sentence), kDecisive, decisive->place});
    if (uploaded)
        analysis.reasons.push_back({"context.upload_folder", "it lies where visitors' files land", kUploadFolder, {}});
    if (no_page)
        analysis.reasons.push_back({"context.no_page", "a file of this name is no page: no server runs it", 0, {}});
    if (assembly)
        analysis.reasons.push_back(
            {"assembly", "a compiled page that answers requests and runs, loads or compiles something", 0, {}});
    if (analysis.verdict == Verdict::benign && !explains) return;
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

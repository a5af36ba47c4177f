#include "shells/examine.hpp"

#include <algorithm>

#include "shells/judge/judge.hpp"
#include "shells/page/decode.hpp"
#include "shells/page/islands.hpp"
#include "shells/prefilter.hpp"
#if __has_include("shells/analyse.hpp")
#include "shells/analyse.hpp"
#endif

namespace ascribe::shells {

namespace {

/// Limits behind which steps or layers stay unread. Of 90,000 clean files none but one reaches any; loops that are left
/// and calls that are not followed ("rounds", "calls") leave nothing of the text out, and libraries do reach those.
constexpr std::string_view kLeftOut[] = {"steps",       "script.bytes", "work",  "memory",        "layers",
                                         "layer bytes", "layer depth",  "stack", "decoded bytes", "written"};

/// A page of which a part was never read, and which holds what a shell needs: whoever fills a page up so that reading
/// ends before his line is not to have it called benign.
void doubt(Analysis& analysis, std::string_view path, std::string_view bytes) {
    auto is_left_out = [](const auto& limit) { return std::ranges::find(kLeftOut, limit) != std::end(kLeftOut); };
    if (analysis.verdict != Verdict::benign || std::ranges::none_of(analysis.limits, is_left_out)) return;
    if (analysis.platform == Platform::unknown || is_no_page(path) || !may_matter(path, bytes)) return;
    analysis.verdict = Verdict::suspicious;
    analysis.reasons.insert(
        analysis.reasons.begin(),
        {"context.unread", "it is so long, or costs so much, that a part of it was not read", 0, {}});
}

}  // namespace

Analysis examine(std::string_view path, std::string_view bytes, Depth depth) {
    if (depth == Depth::filtered && !may_matter(path, bytes)) {
        Analysis passed;
        passed.platform = platform_of_name(path);
        passed.layers.push_back({.size = bytes.size()});
        return passed;
    }
#if __has_include("shells/analyse.hpp")
    auto analysis = analyse(path, bytes.substr(0, kScriptBytes));
#else
    Analysis analysis;
    auto decoded = decode(bytes);
    analysis.platform = read_page(decoded.text, path).platform;
    analysis.layers.push_back({.from = {}, .how = "", .language = Language::none, .text = decoded.text, .size = 0});
#endif
    if (bytes.size() > kScriptBytes) analysis.limits.emplace_back("script.bytes");
    judge(analysis, path, depth == Depth::all);
    doubt(analysis, path, bytes);
    return analysis;
}

}  // namespace ascribe::shells

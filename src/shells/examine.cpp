#include "shells/examine.hpp"

#include "shells/judge/judge.hpp"
#include "shells/page/decode.hpp"
#include "shells/page/islands.hpp"
#include "shells/prefilter.hpp"
#if __has_include("shells/analyse.hpp")
#include "shells/analyse.hpp"
#endif

namespace ascribe::shells {

Analysis examine(std::string_view path, std::string_view bytes, Depth depth) {
    if (depth == Depth::filtered && !may_matter(path, bytes.substr(0, kScriptBytes))) {
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
    return analysis;
}

}  // namespace ascribe::shells

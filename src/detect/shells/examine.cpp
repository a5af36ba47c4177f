#include "detect/shells/examine.hpp"

#include "detect/shells/judge.hpp"
#if __has_include("detect/shells/analyse.hpp")
#include "detect/shells/analyse.hpp"
#endif

namespace ascribe::shells {

Analysis examine(std::string_view path, std::string_view bytes, Depth) {
#if __has_include("detect/shells/analyse.hpp")
    auto analysis = analyse(path, bytes.substr(0, kScriptBytes));
#else
    Analysis analysis;
    analysis.layers.push_back(
        {.from = {}, .how = "", .language = Language::none, .text = std::string(bytes), .size = 0});
#endif
    if (bytes.size() > kScriptBytes) analysis.limits.emplace_back("script.bytes");
    judge(analysis, path);
    return analysis;
}

}  // namespace ascribe::shells

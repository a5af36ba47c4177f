// Every front end. Adding one is a file beside this one and a line here.
#include "shells/languages/front_end.hpp"

#include <algorithm>
#include <array>

namespace ascribe::shells {

extern const FrontEnd kPhpFrontEnd, kVbscriptFrontEnd, kJscriptFrontEnd, kCsharpFrontEnd, kVbnetFrontEnd, kJavaFrontEnd,
    kCfmlFrontEnd, kPerlFrontEnd, kPythonFrontEnd;

std::span<const FrontEnd> front_ends() {
    static const std::array kAll = {kPhpFrontEnd,  kVbscriptFrontEnd, kJscriptFrontEnd, kCsharpFrontEnd, kVbnetFrontEnd,
                                    kJavaFrontEnd, kCfmlFrontEnd,     kPerlFrontEnd,    kPythonFrontEnd};
    return kAll;
}

const FrontEnd* front_end(Language language) {
    auto all = front_ends();
    auto found = std::ranges::find(all, language, &FrontEnd::language);
    return found == all.end() ? nullptr : &*found;
}

}  // namespace ascribe::shells

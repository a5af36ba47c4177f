#include <array>

#include "detect/shells/front_end.hpp"

namespace ascribe::shells {

extern const FrontEnd kPhpFrontEnd;
extern const FrontEnd kVbscriptFrontEnd;
extern const FrontEnd kJscriptFrontEnd;
extern const FrontEnd kCsharpFrontEnd;
extern const FrontEnd kVbnetFrontEnd;
extern const FrontEnd kJavaFrontEnd;

std::span<const FrontEnd> front_ends() {
    static const std::array kAll = {
        kPhpFrontEnd, kVbscriptFrontEnd, kJscriptFrontEnd, kCsharpFrontEnd, kVbnetFrontEnd, kJavaFrontEnd,
    };
    return kAll;
}

const FrontEnd* front_end(Language language) {
    for (const auto& each : front_ends())
        if (each.language == language) return &each;
    return nullptr;
}

}  // namespace ascribe::shells

#include <array>

#include "detect/shells/front_end.hpp"

namespace ascribe::shells {

extern const FrontEnd kPhp;

std::span<const FrontEnd> front_ends() {
    static const std::array kAll = {kPhp};
    return kAll;
}

const FrontEnd* front_end(Language language) {
    for (const auto& each : front_ends())
        if (each.language == language) return &each;
    return nullptr;
}

}  // namespace ascribe::shells

// Which tables each language looks up, in order.
#include <array>

#include "detect/shells/library/php.hpp"

namespace ascribe::shells {

std::span<const std::span<const Entry>> library(Language language) {
    static const std::array<std::span<const Entry>, 4> kPhpTables{kPhpScript, kPhpText, kPhpArrays, kPhpSystem};
    switch (language) {
        case Language::php: return kPhpTables;
        default: return {};
    }
}

}  // namespace ascribe::shells

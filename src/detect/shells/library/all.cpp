// Which tables each language looks up, in order.
#include <array>

#include "detect/shells/library/php.hpp"
#include "detect/shells/library/tables.hpp"

namespace ascribe::shells {

std::span<const std::span<const Entry>> library(Language language) {
    static const std::array<std::span<const Entry>, 9> kPhpTables{
        kPhpScript, kPhpObjects, kPhpText, kPhpEncodings, kPhpPatterns, kPhpFormats, kPhpArrays, kPhpSets, kPhpSystem};
    static const std::array<std::span<const Entry>, 2> kVbscriptTables{kBasicLibrary, kAspLibrary},
        kVbnetTables{kDotnetLibrary, kBasicLibrary};
    // Script engines of Java run JScript too, and hand it Java's library.
    static const std::array<std::span<const Entry>, 4> kJscriptTables{kScriptLibrary, kAspLibrary, kDotnetLibrary,
                                                                      kJavaLibrary};
    static const std::array<std::span<const Entry>, 1> kCsharpTables{kDotnetLibrary}, kJavaTables{kJavaLibrary},
        kPerlTables{kPerlLibrary}, kPythonTables{kPythonLibrary};
    static const std::array<std::span<const Entry>, 2> kCfmlTables{kCfmlLibrary, kJavaLibrary};
    switch (language) {
        case Language::php: return kPhpTables;
        case Language::vbscript: return kVbscriptTables;
        case Language::vbnet: return kVbnetTables;
        case Language::jscript: return kJscriptTables;
        case Language::csharp: return kCsharpTables;
        case Language::java: return kJavaTables;
        case Language::cfml: return kCfmlTables;
        case Language::perl: return kPerlTables;
        case Language::python: return kPythonTables;
        default: return {};
    }
}

}  // namespace ascribe::shells

// Which tables each language looks up, in order.
#include <array>

#include "base/text.hpp"
#include "shells/library/php.hpp"
#include "shells/library/tables.hpp"

namespace ascribe::shells {

std::span<const std::span<const Entry>> library(Language language) {
    static const std::array<std::span<const Entry>, 17> kPhpTables{
        kPhpScript,    kPhpFiles,     kPhpConstants,  kPhpIterators, kPhpObjects, kPhpText,
        kPhpEncodings, kPhpAddresses, kPhpPatterns,   kPhpFormats,   kPhpArrays,  kPhpSets,
        kPhpWordpress, kPhpWriters,   kPhpFrameworks, kPhpServices,  kPhpSystem};
    static const std::array<std::span<const Entry>, 4> kVbscriptTables{kBasicLibrary, kAspLibrary, kAspPatterns,
                                                                       kComLibrary};
    static const std::array<std::span<const Entry>, 6> kVbnetTables{kDotnetLibrary, kDotnetEngines, kDotnetUploads,
                                                                    kDotnetText,    kBasicLibrary,  kComLibrary};
    // Script engines of Java run JScript too, and hand it Java's library.
    static const std::array<std::span<const Entry>, 10> kJscriptTables{
        kScriptLibrary, kAspLibrary, kComLibrary,  kDotnetLibrary, kDotnetEngines,
        kDotnetUploads, kDotnetText, kJavaLibrary, kJavaEngines,   kJavaUploads};
    static const std::array<std::span<const Entry>, 5> kCsharpTables{kDotnetLibrary, kDotnetEngines, kDotnetUploads,
                                                                     kDotnetText, kComLibrary};
    static const std::array<std::span<const Entry>, 4> kJavaTables{kJavaLibrary, kJavaEngines, kJavaUploads, kJavaText};
    static const std::array<std::span<const Entry>, 1> kPerlTables{kPerlLibrary};
    static const std::array<std::span<const Entry>, 2> kPythonTables{kPythonLibrary, kPythonText};
    static const std::array<std::span<const Entry>, 5> kCfmlTables{kCfmlLibrary, kJavaLibrary, kJavaEngines, kJavaText,
                                                                   kComLibrary};
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

std::string_view type_as_declared(Language language, std::string_view had, std::string_view declared) {
    declared = declared.substr(declared.rfind('.') + 1);
    if (had.starts_with('#') && equals_folded(declared, "string")) return had;  // what is known of a text
    if (language == Language::php) return php_type(declared);
    bool dotnet = language == Language::csharp || language == Language::vbnet || language == Language::jscript;
    return dotnet ? dotnet_type(had, declared) : declared;
}

}  // namespace ascribe::shells

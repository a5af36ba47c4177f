// The tables of the languages but PHP, by what brings the names along.
#pragma once

#include <span>

#include "shells/library/library.hpp"

namespace ascribe::shells {

extern const std::span<const Entry> kAspLibrary,  // ASP's own objects: VBScript, JScript
    kAspPatterns,                                 // regular expressions of VBScript
    kComLibrary,                                  // what CreateObject gives: those, and .NET's languages
    kBasicLibrary,                                // functions of VBScript and VB.NET
    kScriptLibrary,                               // of JScript
    kDotnetLibrary,                               // the .NET library: C#, VB.NET, JScript.NET
    kDotnetEngines,                               // what runs, loads or starts there
    kDotnetText,                                  // its texts, numbers and lists
    kDotnetUploads,                               // files that visitors send
    kJavaLibrary, kJavaEngines, kJavaUploads,
    kJavaText,  // its texts, lists and streams
    kCfmlLibrary, kPerlLibrary, kPythonLibrary,
    kPythonText;  // its texts, lists and encodings

/// As type_as_declared, for the types of .NET.
std::string_view dotnet_type(std::string_view had, std::string_view declared);

}  // namespace ascribe::shells

// The tables of the languages but PHP, by what brings the names along.
#pragma once

#include <span>

#include "detect/shells/library.hpp"

namespace ascribe::shells {

extern const std::span<const Entry> kAspLibrary,  // ASP's objects and COM's: VBScript, JScript
    kBasicLibrary,                                // functions of VBScript and VB.NET
    kScriptLibrary,                               // of JScript
    kDotnetLibrary,                               // the .NET library: C#, VB.NET, JScript.NET
    kJavaLibrary, kCfmlLibrary, kPerlLibrary, kPythonLibrary;

}  // namespace ascribe::shells

// The tables of the languages but PHP, by what brings the names along.
#pragma once

#include <span>

#include "detect/shells/library.hpp"

namespace ascribe::shells {

extern const std::span<const Entry> kAsp,  // ASP's objects and COM's: VBScript, JScript
    kBasic,                                // functions of VBScript and VB.NET
    kScript,                               // of JScript
    kDotnet,                               // the .NET library: C#, VB.NET, JScript.NET
    kJava, kCfml, kPerl, kPython;

}  // namespace ascribe::shells

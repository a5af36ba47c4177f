// Triage of .NET assemblies: precompiled pages (App_Web_*.dll) and what intruders drop beside them. No code is read;
// what an assembly refers to in the library says what it can do.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shells/analysis.hpp"

namespace ascribe::shells {

/// A method or field of another assembly that this one uses.
struct Reference {
    std::string_view space, type, member;  // "System.Reflection", "Assembly", "Load"
    Span span;                             // of the member's name
};

struct Assembly {
    std::vector<Reference> references;
    bool damaged = false;  // metadata end early or contradict themselves; what was read before is kept
};

/// Whether the bytes are a PE file with a CLI header.
bool is_assembly(std::string_view bytes);
/// Bounds-checked, linear in the metadata. Texts point into `bytes`.
Assembly read_assembly(std::string_view bytes);
/// "assembly.command", "assembly.loader", "assembly.request", ...: one signal for each thing it can do.
std::vector<Signal> signals_of(const Assembly& assembly);

}  // namespace ascribe::shells

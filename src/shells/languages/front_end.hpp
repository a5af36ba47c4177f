// Extension point: one front end a language. Adding one is a file in languages/ and a line in languages/all.cpp.
#pragma once

#include <span>
#include <string_view>

#include "shells/program.hpp"

namespace ascribe::shells {

struct FrontEnd {
    Language language;
    std::string_view name, spec;  // spec: link to the grammar
    /// Linear time, no recursion, never fails: what cannot be read is passed over and counted. `text` outlives the
    /// program. For languages that live in islands (PHP, ASP, JSP) `text` is one island's code; islands.hpp finds them.
    Program (*compile)(std::string_view text, Span where);
    bool folds_names;  // names of variables and functions do not depend on case
    /// For text that the language evaluates (eval), where that differs from a page or file; else nullptr.
    Program (*compile_code)(std::string_view text, Span where) = nullptr;
};

std::span<const FrontEnd> front_ends();
const FrontEnd* front_end(Language language);

}  // namespace ascribe::shells

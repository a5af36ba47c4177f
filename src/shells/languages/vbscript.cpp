// VBScript, classic ASP's own language. https://learn.microsoft.com/previous-versions/t0aew7h6(v=vs.85)
#include "shells/languages/basic.hpp"

namespace ascribe::shells {
namespace {

Program compile(std::string_view text, Span where) { return compile_basic(text, where, Language::vbscript); }

Program compile_code(std::string_view text, Span where) { return compile_basic_code(text, where, Language::vbscript); }

}  // namespace

extern const FrontEnd kVbscriptFrontEnd;
const FrontEnd kVbscriptFrontEnd{
    Language::vbscript, "vbscript", "https://learn.microsoft.com/previous-versions/t0aew7h6(v=vs.85)", compile, true,
    compile_code};

}  // namespace ascribe::shells

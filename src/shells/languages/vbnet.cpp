// Visual Basic of ASP.NET. https://learn.microsoft.com/dotnet/visual-basic/reference/language-specification
#include "shells/languages/basic.hpp"

namespace ascribe::shells {
namespace {

Program compile(std::string_view text, Span where) { return compile_basic(text, where, Language::vbnet); }

Program compile_code(std::string_view text, Span where) { return compile_basic_code(text, where, Language::vbnet); }

}  // namespace

extern const FrontEnd kVbnetFrontEnd;
const FrontEnd kVbnetFrontEnd{
    Language::vbnet, "vbnet", "https://learn.microsoft.com/dotnet/visual-basic/reference/language-specification",
    compile,         true,    compile_code};

}  // namespace ascribe::shells

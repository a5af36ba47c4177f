// C#. https://learn.microsoft.com/dotnet/csharp/language-reference/language-specification/
#include "shells/languages/curly.hpp"

namespace ascribe::shells {
namespace {

constexpr CurlyDialect kDialect{.language = Language::csharp, .typed = true, .verbatim = true, .request = "Request"};
Program compile(std::string_view text, Span where) { return Curly::compile(text, where, kDialect); }
Program compile_code(std::string_view text, Span where) { return Curly::compile_code(text, where, kDialect); }

}  // namespace

extern const FrontEnd kCsharpFrontEnd;
const FrontEnd kCsharpFrontEnd{
    Language::csharp, "csharp", "https://learn.microsoft.com/dotnet/csharp/language-reference/language-specification/",
    compile,          false,    compile_code};

}  // namespace ascribe::shells

// JScript and JScript.NET. https://learn.microsoft.com/previous-versions/hbxc2t98(v=vs.85)
#include "shells/languages/curly.hpp"

namespace ascribe::shells {
namespace {

constexpr CurlyDialect kDialect{.language = Language::jscript, .apostrophes = true, .request = "Request"};
Program compile(std::string_view text, Span where) { return Curly::compile(text, where, kDialect); }
Program compile_code(std::string_view text, Span where) { return Curly::compile_code(text, where, kDialect); }

}  // namespace

extern const FrontEnd kJscriptFrontEnd;
const FrontEnd kJscriptFrontEnd{
    Language::jscript, "jscript", "https://ecma-international.org/publications-and-standards/standards/ecma-262/",
    compile,           false,     compile_code};

}  // namespace ascribe::shells

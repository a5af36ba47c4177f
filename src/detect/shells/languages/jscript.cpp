// JScript and JScript.NET. https://learn.microsoft.com/previous-versions/hbxc2t98(v=vs.85)
#include "detect/shells/languages/curly.hpp"

namespace ascribe::shells {
namespace {

constexpr CurlyDialect kDialect{.language = Language::jscript, .apostrophes = true, .request = "Request"};
Program compile(std::string_view text, Span where) { return Curly::compile(text, where, kDialect); }

}  // namespace

extern const FrontEnd kJscriptFrontEnd;
const FrontEnd kJscriptFrontEnd{
    Language::jscript, "jscript", "https://ecma-international.org/publications-and-standards/standards/ecma-262/",
    compile,           false,     compile};

}  // namespace ascribe::shells

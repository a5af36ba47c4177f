// Python, read as a language with braces: python_tokens.hpp spells it so, and the grammar of curly.hpp does the rest.
// https://docs.python.org/3/reference/
#include <string_view>
#include <utility>
#include <vector>

#include "shells/languages/curly.hpp"
#include "shells/languages/python_tokens.hpp"

namespace ascribe::shells {
namespace {

constexpr CurlyDialect kDialect{
    .language = Language::python, .parents = true, .request = "#visitor", .gateway = "environ"};

Program compile_tokens(std::string_view text, Span where, bool code) {
    Assembler to(Language::python);
    bool cut = false;
    auto tokens = PythonLexer(text, where, to.program().arena).read(cut);
    match_brackets(tokens);
    if (cut) to.cut();
    Curly curly(std::move(tokens), kDialect, to);
    if (code) curly.gives_value();
    curly.run();
    return to.finish();
}
Program compile(std::string_view text, Span where) { return compile_tokens(text, where, false); }
Program compile_code(std::string_view text, Span where) { return compile_tokens(text, where, true); }

}  // namespace

extern const FrontEnd kPythonFrontEnd;
const FrontEnd kPythonFrontEnd{Language::python, "python", "https://docs.python.org/3/reference/",
                               compile,          false,    compile_code};

}  // namespace ascribe::shells

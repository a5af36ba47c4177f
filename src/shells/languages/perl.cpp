// Perl, read as a language with braces: perl_tokens.hpp spells it so, and the grammar of curly.hpp does the rest.
#include <string_view>
#include <utility>
#include <vector>

#include "shells/languages/curly.hpp"
#include "shells/languages/perl_tokens.hpp"

namespace ascribe::shells {
namespace {

constexpr CurlyDialect kDialect{.language = Language::perl, .request = "param"};

Program compile_tokens(std::string_view text, Span where, bool code) {
    Assembler to(Language::perl);
    bool cut = false;
    PerlLexer lexer(text, where, to.program().arena);
    auto tokens = lexer.read(cut);
    for (auto name : code ? std::vector<std::string_view>{} : lexer.shared()) {
        to.step(Op::variable, {}, name);
        to.step(Op::unknown, {});
        to.assign({});
        to.step(Op::drop, {});
    }
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

extern const FrontEnd kPerlFrontEnd;
const FrontEnd kPerlFrontEnd{Language::perl, "perl", "https://perldoc.perl.org/perlsyn", compile, false, compile_code};

}  // namespace ascribe::shells

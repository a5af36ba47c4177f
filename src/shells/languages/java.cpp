// Java, as JSP holds it. https://docs.oracle.com/javase/specs/jls/se21/html/
#include "shells/languages/curly.hpp"

namespace ascribe::shells {
namespace {

constexpr CurlyDialect kDialect{.language = Language::java, .typed = true, .request = "request"};
Program compile(std::string_view text, Span where) { return Curly::compile(text, where, kDialect); }
Program compile_code(std::string_view text, Span where) { return Curly::compile_code(text, where, kDialect); }

}  // namespace

extern const FrontEnd kJavaFrontEnd;
const FrontEnd kJavaFrontEnd{Language::java, "java", "https://docs.oracle.com/javase/specs/jls/se21/html/",
                             compile,        false,  compile_code};

}  // namespace ascribe::shells

// Python's words, spelt as the signs and words of curly.hpp that mean the same: indentation becomes braces, line ends
// become semicolons. https://docs.python.org/3/reference/lexical_analysis.html
#pragma once

#include <cctype>
#include <string_view>
#include <vector>

#include "shells/languages/script_lexer.hpp"

namespace ascribe::shells {

/// Reads one script, once.
class PythonLexer : ScriptLexer {
public:
    /// `where` the text stands in its layer; texts that are made live in `arena`.
    PythonLexer(std::string_view text, Span where, Arena& arena) : ScriptLexer(text, where, arena) {}

    /// All tokens, the last of them Kind::end; `cut`: there were more than kMostTokens.
    std::vector<Token> read(bool& cut);

private:
    // python_tokens.cpp: lines, statements, words
    void word(std::string_view text) { add(Kind::word, text); }

    void end_line();

    /// The beginning of a line: its indentation says which blocks are over.
    void line();
    bool line_ends() const { return peek() == '\n' || peek() == '\r'; }  // old Macintosh's too
    void blank();

    /// What a statement begins with decides how its header reads.
    void statement();
    /// from os import system as s: s = os.system
    void imports();
    /// @app.route("/x/<y>"): a visitor says what y is.
    void decorator();
    void skip_line();

    void token();

    /// `except X as e`, `class A(B)`: of the rest of the header only a name counts.
    void skipped();

    void colon();

    void number();

    void name();
    // python_values.cpp: what Python spells in another order
    /// with open(x) as f: f = open(x)
    void resource();
    /// a if c else b is c ? a : b: where `a` begins is noted here, and otherwise() puts them in order.
    void condition();
    /// Where the value begins that ends here.
    std::size_t value_begin() const;
    /// e for a, b in list is #each((a, b) => e, list): a list, whatever brackets are around. Conditions and further
    /// loops are arguments more. False where it is none.
    bool comprehension();
    bool in_comprehension() const { return !comprehensions_.empty() && comprehensions_.back().depth == depth_; }
    static bool begins_value(const Token& before);
    /// False where no condition is open.
    bool otherwise();
    /// x[2:8], x[::-1] with numbers that are written out: a method of x.
    bool slice();
    /// lambda a, b: e is (a, b) => e
    void lambda();

    // python_texts.cpp
    void string(std::string_view prefix);
    /// f"a{x}b" reads as ("a"+(x)+"b").
    void formatted(std::string_view value);
    /// Where the expression of a hole ends: before its '}', or how it is written.
    static std::size_t hole_end(std::string_view value, std::size_t at);
    void hole(std::size_t begin, std::size_t end);

    std::string_view unescaped(std::string_view text);

    void operation();

    std::vector<std::size_t> indents_{0};
    struct Condition {
        std::size_t begin = 0, middle = 0, depth = 0;  // its value, what decides, brackets around
    };
    std::vector<Condition> conditions_;
    struct Comprehension {
        std::size_t depth = 0;  // brackets around
        bool list = false;      // of which the innermost were [ and ]
    };
    std::vector<Comprehension> comprehensions_;
    std::vector<std::size_t> lists_;  // depths of ( ) that hold lists
    std::size_t depth_ = 0, closers_ = 0, singles_ = 0, with_at_ = 0, nested_ = 0;
    bool fresh_ = true, opened_ = false, header_ = false, parenthesis_ = false, skipping_ = false, with_ = false;
};

}  // namespace ascribe::shells

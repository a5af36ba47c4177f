// The front end for languages with braces: JScript, C#, Java, CFScript. One grammar that takes what any of them takes;
// a dialect says the little that differs. Statements and expressions lie on one Yard, since functions stand in
// expressions.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "shells/languages/assembler.hpp"
#include "shells/languages/front_end.hpp"
#include "shells/languages/tokens.hpp"

namespace ascribe::shells {

struct CurlyDialect {
    Language language{};
    bool typed = false;        // declarations begin with a type; else with var and function
    bool apostrophes = false;  // 'x' is a string, /x/ a regular expression
    bool verbatim = false;     // @"x", $"{x}", @name, [attributes], # lines
    bool folded = false;       // names do not depend on case
    bool hashes = false;       // #x# within strings (CFScript)
    bool parents = false;      // class A(B): B is what A extends
    std::string_view request;  // what holds a visitor's parameters
    std::string_view gateway;  // what a server calls `application(x, start)` with: x is what has this name else
};

/// The decorator that another lexer puts before a function that visitors call; its arguments are what they say.
inline constexpr std::string_view kHandler = "#handler";
/// And what makes the next function the getter of a property.
inline constexpr std::string_view kGetter = "#getter";

class Curly {
public:
    Curly(std::string_view text, Span where, const CurlyDialect& dialect);
    /// For a front end that finds pieces of this language in another one: they write to its program.
    Curly(std::string_view text, Span where, const CurlyDialect& dialect, Assembler& to);
    /// The same for tokens that another lexer made so that they read as this language's.
    Curly(std::vector<Token> tokens, const CurlyDialect& dialect, Assembler& to);
    /// See compile_code().
    void gives_value() { value_wanted_ = true; }
    void run();
    /// One expression from the first token on; exactly one value is left on the stack.
    void single_expression();

    static Program compile(std::string_view text, Span where, const CurlyDialect& dialect);
    /// Text that is evaluated: the value of its last expression is what it gives.
    static Program compile_code(std::string_view text, Span where, const CurlyDialect& dialect);

private:
    enum Bracket : int {
        // Statements that are open
        kBlock = 1,
        kIf,
        kElse,
        kLoop,
        kEach,
        kDo,
        kSwitch,
        kTry,
        kCatch,
        kWithin,
        kFunction,
        kType,
        kNamespace,
        // Expressions of statements
        kFirstExpression,
        kDrop = kFirstExpression,
        kLeave,
        kRaise,
        kEcho,
        kDeclare,
        kCondition,
        kWhile,
        kDoWhile,
        kForStart,
        kForCondition,
        kForNext,
        kEachOf,
        kSwitchOn,
        kWith,
        kCaseOf,
        kResource,
        kAlone,
        // Within expressions
        kFirstInner,
        kParen = kFirstInner,
        kCall,
        kMethod,
        kIndex,
        kValue,
        kCreate,
        kArraySize,
        kList,
        kObject,
        kFill,
        kLambda
    };
    /// Of a type: the constants of an enumeration are still to come.
    static constexpr std::uint32_t kConstants = 1;
    struct Loop {
        Assembler::Label leave, next;
        bool is_switch = false;
        std::string_view label;
    };

    // tokens
    const Token& token(std::size_t ahead = 0) const { return tokens_[std::min(at_ + ahead, tokens_.size() - 1)]; }
    const Token& token_at(std::size_t at) const { return tokens_[std::min(at, tokens_.size() - 1)]; }
    bool word(std::string_view text, std::size_t ahead = 0) const { return token(ahead).is_word(text); }
    bool sign(std::string_view text, std::size_t ahead = 0) const { return token(ahead).is(text); }
    void pass();
    void jump_to(std::size_t at) { at_ = std::min(at, tokens_.size() - 1); }
    bool at_end() const { return at_ + 1 >= tokens_.size(); }
    bool brackets() const { return yard_.depth() > 0; }

    // statements: curly.cpp, curly_flow.cpp
    void statement();
    bool keyword(const Token& it);
    void completed();
    void close_brace();
    void loop_control(bool leaves);
    void for_head(const Token& it);
    void switch_case(bool other);
    void case_of(std::string_view looked_at, Assembler::Label next, Span span);
    void statement_ends(bool consume);
    bool begin(int kind, Span span, std::string_view text = {});
    bool begin_like(int kind, const Yard::Bracket& old);
    void skip_line(std::size_t line_of);
    void close_loop(const Yard::Bracket& top);
    void leave(Span span);
    void caught(Span span);
    void import();
    void rename(std::string_view alias, std::string_view name);

    // declarations: curly_declarations.cpp
    struct Declaration {
        bool found = false, method = false, property = false;
        std::size_t type = 0, name = 0, after = 0;  // tokens; after: behind the name
    };
    Declaration declaration_at(std::size_t at) const;
    std::size_t behind_type(std::size_t at) const;  // 0: no type there
    std::size_t behind_generics(std::size_t at) const;
    std::string_view type_text(std::size_t begin, std::size_t end);
    static bool names_type(std::string_view text);
    void member();
    void constant();
    std::uint32_t open_getter(Span span);
    void declarators(std::string_view type);
    void declarator();
    void end_declarator(const Yard::Bracket& top);
    void method(const Declaration& found, bool constructor);
    void function(bool expression, std::string_view name);
    void body(std::string_view name, bool expression, std::uint32_t number, Span span);
    void parameters(std::size_t open);
    void property(const Declaration& found);
    void accessor(const Token& it);
    void type_declaration();
    void open_type(std::string_view name, std::string_view parent, bool expression, Span span);
    void end_function(const Yard::Bracket& top);
    bool attribute();
    bool is_entry(std::string_view name);
    void native_function(std::string_view name, std::string_view entry, Span span);
    void from_request(std::string_view name, Span span);

    // expressions: curly_expressions.cpp
    void part();
    void operand();
    void behind_operand();
    void word_operand(const Token& it);
    bool lambda();
    bool cast();
    void create(const Token& it);
    void behind_create();
    void open(int kind, const Token& it, std::string_view text = {});
    void begin_element();
    void comma();
    void close_inner();
    void close_lambda();
    bool close_to(std::initializer_list<int> kinds);
    void value(Op op, const Token& it, std::string_view text = {});

    std::vector<Token> tokens_;
    const CurlyDialect dialect_;
    Assembler own_;
    Assembler& to_;
    Yard yard_;
    std::size_t at_ = 0;
    std::vector<Loop> loops_;
    std::string_view type_, label_;
    std::size_t renamed_ = 0;
    std::vector<std::string_view> visitors_;  // parameters of the function that follows that a visitor says
    bool web_method_ = false, statics_ = false, member_ = false, value_wanted_ = false;
    std::string_view native_;  // what the function that follows is called in its library; "#": by its own name
    std::string_view declared_type_;
    std::string_view property_;
    bool other_case_ = false;                      // the next word is "case", of the same body as the one before
    Assembler::Label case_holds_{}, case_body_{};  // where the cases of a body come together, and the body
    bool getter_ = false;                          // the next function is one of a property
    std::size_t keys_ = 0;                         // the bracket of what an indexer is asked with; 0: it is a property
};

}  // namespace ascribe::shells

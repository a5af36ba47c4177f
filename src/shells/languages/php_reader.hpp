// The reader of PHP: one loop over the words; what has been opened and not closed (brackets, statements, functions,
// types) stands on the yard, so nothing recurses. Its members are in php_statements.cpp, php_declarations.cpp,
// php_expressions.cpp, php_separators.cpp, php_closing.cpp and php_bodies.cpp.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/text.hpp"
#include "shells/languages/assembler.hpp"
#include "shells/languages/php_lexer.hpp"

namespace ascribe::shells::php {

using TK = PhpToken::Kind;
using Label = Assembler::Label;

/// What stands on the yard.
enum K : int {
    k_none,
    // Statements
    k_block,          // { }
    k_statement,      // an expression up to ';'; count: Ending
    k_if_head,        // ( ); second: end of the chain, flag: it is an elseif
    k_if_body,        // first: else, second: end; flag: up to endif
    k_else_body,      // second: end; flag: up to endif
    k_while_head,     // first: again, second: end
    k_while_body,     // the same; flag: up to endwhile
    k_do_body,        // first: again, second: end, third: condition
    k_do_head,        //
    k_for_head,       // count: part 0-2; first: condition, second: end, third: step; other: 1 when the part has a value
    k_for_body,       //
    k_each_head,      // first: again, second: end; text: value's name; flag: "as" was seen
    k_each_body,      //
    k_switch_head,    //
    k_switch_body,    // text: value's name; first: end, second: next test, third: default; count: kHasDefault,
                      // kCasesBehind
    k_case_label,     //
    k_try_body,       //
    k_catch_body,     // first: behind it
    k_function_body,  // flag: a closure, within an expression
    k_class_body,     // text: name; flag: within an expression; count: arguments of `new`
    k_member_value,   // value of a property or constant: up to , or ;
    k_namespace,      //
    // Expressions
    k_paren,
    k_call,          // text: function
    k_call_value,    //
    k_method,        // text: method
    k_method_value,  //
    k_create,        // text: type; "" when its name is on the stack
    k_index,         // ]; other: 1 when closed by }
    k_array,  // count: pairs; other: 1 when closed by ); flag: the key of the pair at hand was given; first..: see
              // chunk
    k_isset,  // count
    k_empty,
    k_exit,
    k_dynamic,      // ${ }
    k_member_name,  // ->{ }
    k_template,     // count: pieces
    k_embed,        // { } in a template; flag: "${"
    k_params,       // flag: in a default
    k_arrow,        // fn() =>: up to what ends its surroundings
    k_match_head,
    k_match_body,  // text: value's name; first: end, second: next arm, third: body; flag: in a result
    k_create_name  // new (expression)
};

/// Of a switch: it has a default, and cases behind that.
constexpr std::uint32_t kHasDefault = 1, kCasesBehind = 2;

enum Ending : std::uint32_t { e_drop, e_leave, e_echo, e_raise, e_constant, e_static };

constexpr std::size_t kChunk = 4096;  // pairs of an array in one step

class Php {
public:
    Php(std::string_view text, bool code) : to_(Language::php), lexer_(text, code, to_.program().arena), yard_(to_) {}

    Program run() {
        for (;;) {
            auto token = lexer_.next();
            if (token.kind == TK::end) break;
            take(token);
            if (to_.program().cut) break;
        }
        while (yard_.depth() > 0) force_close();
        if (lexer_.cut()) to_.cut();
        return to_.finish();
    }

private:
    // -- Dispatch
    void take(const PhpToken& token);
    void statement(const PhpToken& token);
    bool keyword_statement(const PhpToken& token, std::string_view word);
    bool branch_word(const PhpToken& token, std::string_view word);
    bool loop_word(const PhpToken& token, std::string_view word);
    bool leaving_word(const PhpToken& token, std::string_view word);
    bool declaring_word(const PhpToken& token, std::string_view word);
    bool ends_alternative(std::initializer_list<int> kinds);
    void expression(const PhpToken& token);
    void operand(const PhpToken& token);
    void text(const PhpToken& token);
    void name_operand(const PhpToken& token);
    void after_operand(const PhpToken& token);
    void class_member(const PhpToken& token);
    void parameter(const PhpToken& token);
    void trait_rules(Type& type);
    void piece(const PhpToken& token);

    // -- Ends
    void end_statement();
    void close_by(const PhpToken& token);
    void close_curly(const PhpToken& token);
    void close_top(Span span);
    void close_expression(const Yard::Bracket& top, Span span);
    void function_as_value(const Yard::Bracket& top, Span where);
    void close_head(Span span);
    void close_statement(Span span);
    void close_body(Span span);
    void after_try(Span span);
    void comma(const PhpToken& token);
    void semicolon(const PhpToken& token);
    void arrow_sign(const PhpToken& token);
    void force_close();
    void finish_virtual(bool all);
    bool unwind(bool (*wanted)(const Yard::Bracket&), Span span);
    void complete(Span span);
    bool argument(Span span);

    // -- Helpers
    Span here() { return lexer_.peek().span; }
    bool peek_is(std::string_view sign) { return lexer_.peek().is(sign); }
    bool accept(std::string_view sign) {
        if (!peek_is(sign)) return false;
        lexer_.next();
        return true;
    }
    bool peek_word(std::string_view word) { return lexer_.peek().is_name() && equals_folded(lexer_.peek().text, word); }
    bool accept_word(std::string_view word) {
        if (!peek_word(word)) return false;
        lexer_.next();
        return true;
    }
    bool open(int kind, Span span, std::string_view text = {}) {
        if (yard_.open(kind, span, text)) return true;
        return false;
    }
    void open_expression(Ending ending, Span span) {
        if (!open(k_statement, span)) return;
        yard_.top().count = ending;
        at_statement_ = false;
        yard_.restart();
    }
    bool head(int kind, Span span) {
        if (!peek_is("(")) {
            to_.unread();
            return false;
        }
        lexer_.next();
        if (!open(kind, span)) return false;
        at_statement_ = false;
        yard_.restart();
        return true;
    }
    std::string_view function_name(std::string_view text) { return qualified(text, functions_); }
    std::string_view type_name(std::string_view text) {
        if (equals_folded(text, "self") && !types_.empty()) return types_.back();
        return qualified(text, imports_);
    }
    using Names = std::unordered_map<std::string_view, std::string_view>;
    std::string_view qualified(std::string_view text, const Names& names);
    void import(const PhpToken& first);
    void call_opened(int kind, Span span, std::string_view text);
    void new_operand(Span span);
    void type_header(std::uint32_t type);
    void open_type(std::string_view name, Span span, bool within);
    void open_member_value(std::string_view name, Span span, bool of_type);
    void function_opened(std::string_view name, std::string_view type, Span span, bool within, bool arrow);
    void params_closed(Span span);
    void each_target(Span span);
    void static_variable();
    void global_variables();
    void constant(const PhpToken& token, std::string_view word);
    void pass_until_semicolon();
    void body(int kind);

    Assembler to_;
    PhpLexer lexer_;
    Yard yard_;
    bool at_statement_ = true;
    bool other_case_ = false;       // the next word is "case", of the same body as the one before
    Label case_holds_, case_body_;  // where the cases of a body come together, and the body
    bool static_ = false;           // modifiers of the class member at hand
    bool promoted_ = false;         // the parameter at hand is a property too
    bool by_reference_ = false, rest_ = false;
    std::string_view param_type_;
    std::vector<std::string_view> types_;  // names of the classes being read
    std::vector<bool> within_, arrows_;    // of functions being read: in an expression; fn
    Names imports_, functions_;
    std::uint32_t anonymous_ = 0;
};

}  // namespace ascribe::shells::php

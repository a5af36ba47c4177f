// PHP, from version 4 to 8, as far as the Zend engine would run it. https://www.php.net/manual/en/langref.php
// One loop over the words; what has been opened and not closed (brackets, statements, functions, types) stands on the
// yard, so nothing recurses. What makes no sense is passed over and counted.
#include "detect/shells/languages/php.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>

#include "base/text.hpp"
#include "detect/shells/assembler.hpp"
#include "detect/shells/front_end.hpp"
#include "detect/shells/languages/php_lexer.hpp"

namespace ascribe::shells {
namespace {

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
    k_switch_body,    // text: value's name; first: end, second: next test, third: default; count: 1 has default, 2 had
                      // case
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
    void expression(const PhpToken& token);
    void operand(const PhpToken& token);
    void name_operand(const PhpToken& token);
    void after_operand(const PhpToken& token);
    void class_member(const PhpToken& token);
    void parameter(const PhpToken& token);
    void piece(const PhpToken& token);

    // -- Ends
    void end_statement();
    void close_by(const PhpToken& token);
    void close_curly(const PhpToken& token);
    void close_top(Span span);
    void close_expression(const Yard::Bracket& top, Span span);
    void close_head(Span span);
    void close_statement(Span span);
    void close_body(Span span);
    void after_try(Span span);
    void comma(const PhpToken& token);
    void semicolon(const PhpToken& token);
    void arrow_sign(const PhpToken& token);
    void force_close();
    void finish_virtual(bool all);
    template <class Wanted>
    bool unwind(Wanted wanted, Span span);
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
    bool static_ = false;    // modifiers of the class member at hand
    bool promoted_ = false;  // the parameter at hand is a property too
    bool by_reference_ = false, rest_ = false;
    std::string_view param_type_;
    std::vector<std::string_view> types_;  // names of the classes being read
    std::vector<bool> within_, arrows_;    // of functions being read: in an expression; fn
    Names imports_, functions_;
    std::uint32_t anonymous_ = 0;
};

// "\a\b" and imported names, folded, parts joined by '.'.
std::string_view Php::qualified(std::string_view text, const Names& names) {
    bool plain = true;
    for (char c : text) plain = plain && c != '\\' && c == lower(c);
    if (!plain) {
        auto name = lower(text);
        if (name.starts_with('\\')) name.erase(0, 1);
        if (name.starts_with("namespace\\")) name.erase(0, 10);
        std::replace(name.begin(), name.end(), '\\', '.');
        text = to_.keep(name);
    }
    if (names.empty()) return text;
    auto found = names.find(text);
    return found == names.end() ? text : found->second;
}

void Php::take(const PhpToken& token) {
    if (token.kind == TK::markup) {
        if (!at_statement_) semicolon(token);
        to_.step(Op::markup, token.span, token.text);
        return;
    }
    if (token.kind == TK::echo_tag) {
        if (!at_statement_) semicolon(token);
        open_expression(e_echo, token.span);
        return;
    }
    if (yard_.is(k_template)) return piece(token);
    if (at_statement_) {
        if (yard_.is(k_class_body)) return class_member(token);
        return statement(token);
    }
    if (yard_.is(k_params) && !yard_.top().flag) return parameter(token);
    expression(token);
}

// ---------------------------------------------------------------------------------------------- statements

// A head becomes the body it is followed by; a colon makes that end at a word of its own.
void Php::body(int kind) {
    yard_.top().kind = kind;
    yard_.top().flag = accept(":");
    at_statement_ = true;
}

void Php::statement(const PhpToken& token) {
    if (token.kind == TK::close_tag || token.is(";")) return end_statement();
    if (token.is("{")) {
        if (!open(k_block, token.span)) return;
        return;
    }
    if (token.is("}")) return close_curly(token);
    if (token.is_name()) {
        auto word = to_.keep_lower(token.text);
        if (keyword_statement(token, word)) return;
        if (peek_is(":") && word != "default" && word != "parent" && word != "self") {  // a goto's label
            lexer_.next();
            to_.named_label(word);
            return;
        }
    }
    if (token.is(")") || token.is("]") || token.is(",")) {
        to_.unread();
        return;
    }
    open_expression(e_drop, token.span);
    if (!at_statement_) expression(token);
}

void Php::pass_until_semicolon() {
    while (lexer_.peek().kind != TK::end && !peek_is(";") && lexer_.peek().kind != TK::close_tag && !peek_is("{") &&
           !peek_is("}"))
        lexer_.next();
}

bool Php::keyword_statement(const PhpToken& token, std::string_view word) {
    auto span = token.span;
    auto is = [&](std::string_view other) { return word == other; };
    auto ends_alternative = [&](std::initializer_list<int> kinds) {
        for (int kind : kinds)
            if (yard_.is(kind) && yard_.top().flag) return true;
        return false;
    };
    if (is("if")) {
        auto end = to_.label();
        if (head(k_if_head, span)) yard_.top().second = end;
        return true;
    }
    if (is("else") || is("elseif")) {
        if (!ends_alternative({k_if_body})) {
            to_.unread();
            return true;
        }
        auto ifs = yard_.close();
        to_.jump(Op::jump, ifs.second, span);
        to_.place(ifs.first);
        bool chained = is("elseif") || (peek_word("if") && (lexer_.next(), true));
        if (chained) {
            if (head(k_if_head, span))
                yard_.top().second = ifs.second;
            else
                to_.place(ifs.second);
        } else if (open(k_else_body, span)) {
            yard_.top().second = ifs.second;
            yard_.top().flag = accept(":");
        }
        return true;
    }
    if (is("endif")) {
        if (ends_alternative({k_if_body, k_else_body})) {
            auto ifs = yard_.close();
            if (ifs.kind == k_if_body) to_.place(ifs.first);
            to_.place(ifs.second);
            accept(";");
            end_statement();
        }
        return true;
    }
    if (is("endwhile") || is("endfor") || is("endforeach") || is("endswitch") || is("enddeclare")) {
        int kind = is("endwhile")     ? k_while_body
                   : is("endfor")     ? k_for_body
                   : is("endforeach") ? k_each_body
                                      : k_switch_body;
        accept(";");
        if (!is("enddeclare") && ends_alternative({kind})) {
            yard_.top().flag = false;
            if (kind == k_switch_body)
                close_curly(token);
            else
                end_statement();
        }
        return true;
    }
    if (is("while")) {
        if (yard_.is(k_do_body)) {
            to_.unread();
            return true;
        }
        auto again = to_.label(), end = to_.label();
        to_.place(again);
        if (head(k_while_head, span)) {
            yard_.top().first = again;
            yard_.top().second = end;
        }
        return true;
    }
    if (is("do")) {
        auto again = to_.label(), end = to_.label(), condition = to_.label();
        if (!open(k_do_body, span)) return true;
        yard_.top().first = again;
        yard_.top().second = end;
        yard_.top().third = condition;
        to_.place(again);
        to_.open_loop(end, condition);
        return true;
    }
    if (is("for")) {
        if (head(k_for_head, span)) {
            yard_.top().first = to_.label();
            yard_.top().second = to_.label();
            yard_.top().third = to_.label();
        }
        return true;
    }
    if (is("foreach")) {
        if (head(k_each_head, span)) {
            yard_.top().first = to_.label();
            yard_.top().second = to_.label();
        }
        return true;
    }
    if (is("switch")) {
        head(k_switch_head, span);
        return true;
    }
    if ((is("case") || is("default")) && yard_.is(k_switch_body)) {
        auto& top = yard_.top();
        auto body = to_.label();
        if (is("default")) {
            accept(":") || accept(";");
            to_.place(top.third);
            top.count |= 1;
            return true;
        }
        to_.jump(Op::jump, body, span);
        to_.place(top.second);
        top.second = to_.label();
        to_.step(Op::variable, span, top.text);
        if (open(k_case_label, span)) {
            yard_.top().third = body;
            at_statement_ = false;
            yard_.restart();
        }
        return true;
    }
    if (is("break") || is("continue")) {
        std::size_t depth = 1;
        if (lexer_.peek().kind == TK::number)
            depth = static_cast<std::size_t>(std::clamp(lexer_.next().number, 1.0, 1e6));
        bool done = is("break") ? to_.break_loop(depth, span) : to_.continue_loop(depth, span);
        if (!done) to_.unread();
        pass_until_semicolon();
        return true;
    }
    if (is("goto")) {
        if (lexer_.peek().is_name()) to_.go(to_.keep_lower(lexer_.next().text), span);
        return true;
    }
    if (is("return")) {
        open_expression(e_leave, span);
        return true;
    }
    if (is("echo")) {
        open_expression(e_echo, span);
        return true;
    }
    if (is("throw")) {
        open_expression(e_raise, span);
        return true;
    }
    if (is("try")) {
        if (accept("{")) open(k_try_body, span);
        return true;
    }
    if (is("finally") || is("catch")) {  // behind a try that was not understood
        to_.unread();
        return true;
    }
    if (is("function")) {
        if (peek_is("(")) return false;  // a closure that is not used
        bool reference = accept("&");
        if (reference && peek_is("(")) return false;
        if (!lexer_.peek().is_name()) return false;
        auto name = to_.keep_lower(lexer_.next().text);
        function_opened(name, {}, span, false, false);
        return true;
    }
    if (is("abstract") || is("final") || is("readonly")) {
        if (lexer_.peek().is_name()) return true;
        return false;
    }
    if ((is("class") || is("interface") || is("trait") || is("enum")) && lexer_.peek().is_name()) {
        auto name = to_.keep_lower(lexer_.next().text);
        open_type(name, span, false);
        return true;
    }
    if (is("namespace") && (lexer_.peek().is_name() || peek_is("{") || peek_is(";"))) {
        if (lexer_.peek().is_name()) lexer_.next();
        if (accept("{")) open(k_block, span);
        return true;
    }
    if (is("use") && !peek_is("(")) {
        import(token);
        return true;
    }
    if (is("const") && lexer_.peek().is_name()) {
        open_expression(e_constant, span);
        if (at_statement_) return true;
        to_.step(Op::text, span, lexer_.next().text);
        accept("=");
        return true;
    }
    if (is("static") && lexer_.peek().kind == TK::variable) {
        static_variable();
        return true;
    }
    if (is("global")) {
        global_variables();
        return true;
    }
    if (is("declare") && peek_is("(")) {
        while (lexer_.peek().kind != TK::end && !peek_is(")")) lexer_.next();
        accept(")");
        if (accept(":")) return true;
        if (peek_is(";")) lexer_.next();
        return true;
    }
    if (is("__halt_compiler")) {
        lexer_.halt();
        return true;
    }
    return false;
}

void Php::import(const PhpToken&) {
    bool functions = accept_word("function");
    if (!functions) accept_word("const");
    std::string group;
    while (lexer_.peek().kind != TK::end && !peek_is(";") && lexer_.peek().kind != TK::close_tag) {
        auto token = lexer_.next();
        if (token.is("{")) continue;
        if (token.is("}")) group.clear();
        if (!token.is_name()) continue;
        auto full = group + lower(token.text);
        if (peek_is("\\") || (peek_is("{"))) {
            group = full + "\\";
            continue;
        }
        std::replace(full.begin(), full.end(), '\\', '.');
        if (full.starts_with('.')) full.erase(0, 1);
        auto alias = full.substr(full.rfind('.') + 1);
        if (accept_word("as") && lexer_.peek().is_name()) alias = lower(lexer_.next().text);
        if (alias != full) (functions ? functions_ : imports_)[to_.keep(alias)] = to_.keep(full);
    }
}

// static $x = 1: a variable that outlives the call, under a name of its own in the globals.
void Php::static_variable() {
    do {
        if (lexer_.peek().kind != TK::variable) return;
        auto token = lexer_.next();
        auto name = "#static/" + std::to_string(to_.program().functions.size()) + "/" + std::string(token.text);
        auto hidden = to_.keep(name);
        to_.step(Op::variable, token.span, token.text);
        to_.step(Op::variable, token.span, hidden);
        to_.step(Op::reference, token.span);
        to_.step(Op::drop, token.span);
        if (!accept("=")) continue;
        auto behind = to_.label();
        to_.step(Op::variable, token.span, hidden);
        to_.step(Op::defined, token.span);
        to_.jump(Op::jump_if, behind, token.span);
        to_.step(Op::variable, token.span, hidden);
        if (!open(k_statement, token.span)) return;
        yard_.top().count = e_static;
        yard_.top().first = behind;
        at_statement_ = false;
        yard_.restart();
        return;
    } while (accept(","));
}

void Php::global_variables() {
    while (lexer_.peek().kind == TK::variable || peek_is("$")) {
        auto token = lexer_.next();
        if (token.is("$")) {
            pass_until_semicolon();
            return;
        }
        to_.step(Op::variable, token.span, token.text);
        to_.step(Op::variable, token.span, "GLOBALS");
        to_.step(Op::text, token.span, token.text);
        to_.step(Op::element, token.span);
        to_.step(Op::reference, token.span);
        to_.step(Op::drop, token.span);
        if (!accept(",")) return;
    }
}

// A statement is complete; so may be those that it is the body of.
void Php::end_statement() {
    at_statement_ = true;
    while (yard_.depth() > 0) {
        auto span = yard_.top().span;
        switch (yard_.top().kind) {
            case k_if_body: {
                if (yard_.top().flag) return;
                auto ifs = yard_.close();
                bool chained = peek_word("elseif"), otherwise = peek_word("else");
                if (!chained && !otherwise) {
                    to_.place(ifs.first);
                    to_.place(ifs.second);
                    break;
                }
                span = lexer_.next().span;
                to_.jump(Op::jump, ifs.second, span);
                to_.place(ifs.first);
                if (otherwise && accept_word("if")) chained = true;
                if (chained) {
                    if (head(k_if_head, span))
                        yard_.top().second = ifs.second;
                    else
                        to_.place(ifs.second);
                    return;
                }
                if (!open(k_else_body, span)) return;
                yard_.top().second = ifs.second;
                yard_.top().flag = accept(":");
                return;
            }
            case k_else_body:
                if (yard_.top().flag) return;
                to_.place(yard_.close().second);
                break;
            case k_while_body: {
                if (yard_.top().flag) return;
                auto loop = yard_.close();
                to_.jump(Op::jump, loop.first, span);
                to_.place(loop.second);
                to_.close_loop();
                break;
            }
            case k_for_body: {
                if (yard_.top().flag) return;
                auto loop = yard_.close();
                to_.jump(Op::jump, loop.third, span);
                to_.place(loop.second);
                to_.close_loop();
                break;
            }
            case k_each_body: {
                if (yard_.top().flag) return;
                auto loop = yard_.close();
                to_.jump(Op::jump, loop.first, span);
                to_.place(loop.second);
                to_.step(Op::each_end, span);
                to_.close_loop();
                break;
            }
            case k_do_body: {
                auto loop = yard_.top();
                to_.place(loop.third);
                if (!accept_word("while") || !accept("(")) {
                    yard_.close();
                    to_.place(loop.second);
                    to_.close_loop();
                    break;
                }
                yard_.top().kind = k_do_head;
                at_statement_ = false;
                yard_.restart();
                return;
            }
            default: return;
        }
    }
}

// ---------------------------------------------------------------------------------------------- functions and types

void Php::function_opened(std::string_view name, std::string_view type, Span span, bool within, bool arrow) {
    to_.open_function(name, type, span);
    within_.push_back(within);
    arrows_.push_back(arrow);
    if (arrow) to_.function().sees_outside = true;
    if (accept("(") && open(k_params, span)) {
        at_statement_ = false;
        param_type_ = {};
        promoted_ = by_reference_ = rest_ = false;
        return;
    }
    to_.unread();
    within_.pop_back();
    arrows_.pop_back();
    to_.close_function();
    at_statement_ = !within;
    if (within) {
        to_.step(Op::nothing, span);
        yard_.operand();
    }
}

void Php::parameter(const PhpToken& token) {
    if (token.is_name()) {
        auto word = lower(token.text);
        if (word == "public" || word == "private" || word == "protected" || word == "readonly")
            promoted_ = true;
        else
            param_type_ = type_name(token.text);
        return;
    }
    if (token.is("&")) by_reference_ = true;
    if (token.is("...")) rest_ = true;
    if (token.kind == TK::variable) {
        auto& function = to_.function();
        if (function.parameters.size() < 256)
            function.parameters.push_back({token.text, param_type_, by_reference_, rest_});
        param_type_ = {};
        by_reference_ = rest_ = false;
        yard_.top().text = token.text;
        yard_.top().other = promoted_ ? 1 : 0;
        promoted_ = false;
        if (accept("=")) {
            yard_.top().flag = true;
            yard_.top().first = to_.label();
            to_.step(Op::variable, token.span, token.text);
            to_.step(Op::defined, token.span);
            to_.jump(Op::jump_if, yard_.top().first, token.span);
            to_.step(Op::variable, token.span, token.text);
            yard_.restart();
            return;
        }
        if (yard_.top().other == 1) {
            to_.step(Op::variable, token.span, "this");
            to_.step(Op::member, token.span, token.text);
            to_.step(Op::variable, token.span, token.text);
            to_.assign(token.span);
            to_.step(Op::drop, token.span);
        }
        return;
    }
    if (token.is(")")) return params_closed(token.span);
    if (token.is("{") || token.is(";") || token.kind == TK::close_tag) {  // the bracket was forgotten
        to_.unread();
        params_closed(token.span);
    }
}

// Behind the parameters: what a closure captures, the type of the result, the body.
void Php::params_closed(Span span) {
    yard_.close();
    bool within = within_.back(), arrow = arrows_.back();
    if (accept_word("use") && accept("(")) {
        bool reference = false;
        while (lexer_.peek().kind != TK::end && !peek_is(")") && !peek_is("{")) {
            auto token = lexer_.next();
            if (token.is("&")) reference = true;
            if (token.kind != TK::variable) continue;
            if (to_.function().captured.size() < 256)
                to_.function().captured.push_back({token.text, {}, reference, false});
            reference = false;
        }
        accept(")");
    }
    if (accept(":"))
        while (lexer_.peek().is_name() || peek_is("?") || peek_is("|") || peek_is("&") || peek_is("(") ||
               peek_is(")")) {
            if (peek_is(")") && !within) break;
            lexer_.next();
        }
    if (arrow) {
        accept("=>");
        if (open(k_arrow, span)) {
            at_statement_ = false;
            yard_.restart();
            return;
        }
    } else if (accept("{")) {
        if (open(k_function_body, span)) {
            yard_.top().flag = within;
            at_statement_ = true;
            return;
        }
    }
    accept(";");
    within_.pop_back();
    arrows_.pop_back();
    to_.close_function();
    at_statement_ = !within;
    if (within) {
        to_.step(Op::nothing, span);
        yard_.operand();
    } else {
        end_statement();
    }
}

void Php::open_type(std::string_view name, Span span, bool within) {
    Type type{name, {}, span, {}};
    bool parent = false;
    while (lexer_.peek().kind != TK::end && !peek_is("{") && !peek_is(";")) {
        auto token = lexer_.next();
        if (!token.is_name()) continue;
        auto word = to_.keep_lower(token.text);
        if (word == "extends")
            parent = true;
        else if (word == "implements")
            parent = false;
        else if (parent && type.parent.empty())
            type.parent = type_name(token.text);
        else if (type.others.size() < 64)
            type.others.push_back(type_name(token.text));
    }
    to_.program().types.push_back(std::move(type));
    if (!accept("{")) return;
    if (!open(k_class_body, span, name)) return;
    yard_.top().flag = within;
    types_.push_back(name);
    at_statement_ = true;
    static_ = false;
}

void Php::open_member_value(std::string_view name, Span span, bool of_type) {
    to_.open_function(of_type ? kInitialiseType : kInitialise, types_.back(), span);
    if (of_type)
        to_.step(Op::type, span, types_.back());
    else
        to_.step(Op::variable, span, "this");
    to_.step(Op::member, span, name);
    if (!open(k_member_value, span)) {
        to_.close_function();
        return;
    }
    at_statement_ = false;
    yard_.restart();
}

void Php::class_member(const PhpToken& token) {
    if (token.is("}")) return close_curly(token);
    if (token.is(";") || token.kind == TK::close_tag) {
        static_ = false;
        return;
    }
    if (token.kind == TK::variable) {
        bool of_type = static_;
        if (accept("=")) return open_member_value(token.text, token.span, of_type);
        if (!accept(",")) static_ = false;
        return;
    }
    if (token.is("{")) {  // rules of a trait, hooks of a property
        open(k_block, token.span);
        return;
    }
    if (!token.is_name()) {
        if (!token.is("?") && !token.is("|") && !token.is(",") && !token.is("&") && !token.is("(") && !token.is(")"))
            to_.unread();
        return;
    }
    auto word = to_.keep_lower(token.text);
    if (word == "static") {
        static_ = true;
    } else if (word == "function") {
        accept("&");
        auto name = lexer_.peek().is_name() ? to_.keep_lower(lexer_.next().text) : std::string_view{};
        static_ = false;
        function_opened(name, types_.back(), token.span, false, false);
    } else if (word == "const" || word == "case") {
        auto name = lexer_.peek();
        while (lexer_.peek().is_name()) name = lexer_.next();  // a typed constant's name is the last word
        if (accept("=")) {
            static_ = word == "const";
            open_member_value(name.text, name.span, true);
        }
    } else if (word == "use") {
        auto& all = to_.program().types;
        auto type = std::find_if(all.rbegin(), all.rend(), [&](const Type& t) { return t.name == types_.back(); });
        while (lexer_.peek().is_name() || peek_is(",")) {
            auto name = lexer_.next();
            if (name.is_name() && type != all.rend() && type->others.size() < 64)
                type->others.push_back(type_name(name.text));
        }
    } else if (lexer_.peek().is("=") && static_) {  // const A = 1, B = 2
        lexer_.next();
        open_member_value(token.text, token.span, true);
    }
}

// ---------------------------------------------------------------------------------------------- expressions

void Php::call_opened(int kind, Span span, std::string_view text) {
    if (!open(kind, span, text)) return;
    yard_.restart();
}

void Php::expression(const PhpToken& token) {
    if (token.kind == TK::close_tag) return semicolon(token);
    if (token.kind == TK::sign) {
        auto s = token.text;
        if (s == ";") return semicolon(token);
        if (s == ")" || s == "]" || s == "}") return close_by(token);
        if (s == ",") return comma(token);
    }
    if (yard_.wants_operand()) return operand(token);
    after_operand(token);
}

void Php::operand(const PhpToken& token) {
    auto span = token.span;
    switch (token.kind) {
        case TK::variable: to_.step(Op::variable, span, token.text); return yard_.operand();
        case TK::text: to_.step(Op::text, span, token.text); return yard_.operand();
        case TK::number: to_.number(span, token.number); return yard_.operand();
        case TK::template_open: open(k_template, span); return;
        case TK::cast: return yard_.prefix_step(Op::cast, binding::kPrefix, span, token.text);
        case TK::name: return name_operand(token);
        case TK::sign: break;
        default: return to_.unread();
    }
    auto s = token.text;
    if (s == "$") {  // $$x, ${...}
        std::uint32_t more = 1;
        while (accept("$")) ++more;
        if (lexer_.peek().kind == TK::variable) {
            auto name = lexer_.next();
            to_.step(Op::variable, span, name.text);
            for (; more > 0; --more) to_.step(Op::dynamic, span);
            return yard_.operand();
        }
        if (accept("{") && open(k_dynamic, span)) {
            yard_.top().count = more;
            return;
        }
        return to_.unread();
    }
    if (s == "(") {
        open(k_paren, span);
        return;
    }
    if (s == "[") {
        open(k_array, span);
        return;
    }
    if (s == "!") return yard_.prefix(Operator::logical_not, binding::kPrefix, span);
    if (s == "-") return yard_.prefix(Operator::negate, binding::kPrefix, span);
    if (s == "~") return yard_.prefix(Operator::bit_not, binding::kPrefix, span);
    if (s == "++") return yard_.prefix(Operator::increment, binding::kPrefix, span);
    if (s == "--") return yard_.prefix(Operator::decrement, binding::kPrefix, span);
    if (s == "+" || s == "@" || s == "&" || s == "...") return;
    if (s == "?" || s == "=>" || s == ":") {  // an operand is missing
        to_.step(Op::nothing, span);
        yard_.operand();
        return after_operand(token);
    }
    to_.unread();
}

void Php::new_operand(Span span) {
    if (accept_word("class")) {
        auto name = to_.keep("class@" + std::to_string(++anonymous_));
        if (accept("(")) {
            if (open(k_create, span, name)) yard_.top().flag = true;
            return;
        }
        return open_type(name, span, true);
    }
    const auto& next = lexer_.peek();
    if (next.is_name()) {
        auto name = type_name(lexer_.next().text);
        if (accept("(")) return call_opened(k_create, span, name);
        to_.step(Op::create, span, name, 0);
        return yard_.operand();
    }
    if (next.kind == TK::variable) {
        auto name = lexer_.next();
        to_.step(Op::variable, name.span, name.text);
        // new $a->b['c'](...): what names the type goes on up to the bracket.
        for (;;) {
            if (peek_is("->") || peek_is("?->") || peek_is("::")) {
                lexer_.next();
                if (lexer_.peek().is_name() || lexer_.peek().kind == TK::variable)
                    to_.step(Op::member, span, lexer_.next().text);
            } else if (peek_is("[")) {
                lexer_.next();
                auto key = lexer_.next();
                if (key.kind == TK::variable)
                    to_.step(Op::variable, key.span, key.text);
                else if (key.kind == TK::number)
                    to_.number(key.span, key.number);
                else
                    to_.step(Op::text, key.span, key.text);
                to_.step(Op::element, key.span);
                accept("]");
            } else {
                break;
            }
        }
        if (accept("(")) return call_opened(k_create, span, {});
        to_.step(Op::create_value, span, {}, 0);
        return yard_.operand();
    }
    if (accept("(")) {
        open(k_create_name, span);
        return;
    }
    to_.unread();
}

void Php::constant(const PhpToken& token, std::string_view word) {
    auto span = token.span;
    if (word == "true" || word == "false")
        to_.truth(span, word == "true");
    else if (word == "null")
        to_.step(Op::nothing, span);
    else if (word == "__line__")
        to_.number(span, 1);
    else if (word == "__class__")
        to_.step(Op::text, span, types_.empty() ? std::string_view{} : types_.back());
    else if (word == "__function__" || word == "__method__")
        to_.step(Op::text, span, to_.in_function() ? to_.function().name : std::string_view{});
    else if (word == "__namespace__")
        to_.step(Op::text, span, "");
    else {
        auto name = token.text;
        if (auto cut = name.rfind('\\'); cut != std::string_view::npos) name.remove_prefix(cut + 1);
        to_.step(Op::text, span, name);
        to_.step(Op::call, span, "constant", 1);
        to_.program().steps.back().detail = 1;  // written as a bare word: before PHP 8 its own text when there is none
    }
    yard_.operand();
}

void Php::name_operand(const PhpToken& token) {
    auto span = token.span;
    auto word = to_.keep_lower(token.text);
    auto is = [&](std::string_view other) { return word == other; };
    if (yard_.is(k_call) || yard_.is(k_method) || yard_.is(k_create) || yard_.is(k_call_value)) {
        if (peek_is(":")) {  // f(name: value)
            lexer_.next();
            return;
        }
    }
    if (is("default") && yard_.is(k_match_body) && !yard_.top().flag && accept("=>")) {
        to_.place(yard_.top().third);
        yard_.top().flag = true;
        return yard_.restart();
    }
    if (is("new")) return new_operand(span);
    if (is("function") || is("fn") || (is("static") && (peek_word("function") || peek_word("fn")))) {
        bool arrow = is("fn");
        if (is("static")) arrow = lower(lexer_.next().text) == "fn";
        accept("&");
        if (peek_is("(")) return function_opened({}, {}, span, true, arrow);
        if (lexer_.peek().is_name()) {
            lexer_.next();
            if (peek_is("(")) return function_opened({}, {}, span, true, arrow);
        }
        return to_.unread();
    }
    if (is("array") && accept("(")) {
        if (open(k_array, span)) yard_.top().other = 1;
        return;
    }
    if (is("list") && accept("(")) {
        if (open(k_array, span)) yard_.top().other = 1;
        return;
    }
    if (is("isset") && accept("(")) return call_opened(k_isset, span, {});
    if (is("empty") && accept("(")) return call_opened(k_empty, span, {});
    if (is("exit") || is("die")) {
        if (accept("(")) return call_opened(k_exit, span, {});
        to_.step(Op::nothing, span);
        to_.step(Op::leave, span);
        to_.step(Op::nothing, span);
        return yard_.operand();
    }
    if (is("include") || is("include_once") || is("require") || is("require_once"))
        return yard_.prefix_step(Op::include, binding::kWordOr + 3, span, word);
    if (is("print")) return yard_.prefix_step(Op::call, binding::kWordOr + 3, span, "print", 1);
    if (is("clone")) return yard_.prefix_step(Op::call, binding::kPower + 2, span, "clone", 1);
    if (is("throw")) return yard_.prefix_step(Op::call, binding::kWordOr + 3, span, "#throw", 1);
    if (is("yield")) {
        accept_word("from");
        if (peek_is(";") || peek_is(")") || peek_is(",") || peek_is("]")) {
            to_.step(Op::unknown, span);
            return yard_.operand();
        }
        return yard_.prefix_step(Op::call, binding::kWordOr + 3, span, "#yield", 1);
    }
    if (is("match") && peek_is("(")) {
        lexer_.next();
        return call_opened(k_match_head, span, {});
    }
    if (is("__halt_compiler")) {
        lexer_.halt();
        to_.step(Op::nothing, span);
        return yard_.operand();
    }
    if (peek_is("(")) {
        lexer_.next();
        return call_opened(k_call, span, function_name(token.text));
    }
    if (peek_is("::")) {
        to_.step(Op::type, span, type_name(token.text));
        return yard_.operand();
    }
    constant(token, word);
}

void Php::after_operand(const PhpToken& token) {
    auto span = token.span;
    if (token.is_name()) {
        auto word = to_.keep_lower(token.text);
        if (word == "and" || word == "or")
            return yard_.short_circuit(word == "and" ? Operator::logical_and : Operator::logical_or,
                                       word == "and" ? binding::kWordAnd : binding::kWordOr, span);
        if (word == "xor") return yard_.binary(Operator::logical_xor, binding::kWordXor, span);
        if (word == "instanceof") {
            if (lexer_.peek().is_name()) {
                auto type = lexer_.next();
                to_.step(Op::text, type.span, type_name(type.text));
                to_.step(Op::call, span, "#instanceof", 2);
                return;
            }
            return yard_.binary_step(Op::call, binding::kNot, span, "#instanceof", 2);
        }
        if (word == "as" && yard_.is(k_each_head)) return each_target(span);
    }
    if (token.kind != TK::sign) {
        // Two operands side by side: the sign between them is missing. A new statement where there may be one.
        to_.unread();
        finish_virtual(true);
        if (yard_.is(k_statement)) {
            semicolon(token);
            take(token);
        }
        return;
    }
    auto s = token.text;
    if (s == "(") return call_opened(k_call_value, span, {});
    if (s == "[") return call_opened(k_index, span, {});
    if (s == "{") {
        call_opened(k_index, span, {});
        if (yard_.is(k_index)) yard_.top().other = 1;
        return;
    }
    if (s == "->" || s == "?->" || s == "::") {
        const auto& next = lexer_.peek();
        if (next.is_name()) {
            auto name = lexer_.next();
            if (accept("(")) return call_opened(k_method, span, to_.keep_lower(name.text));
            if (s == "::" && equals_folded(name.text, "class")) return;  // the type's value is its name
            to_.step(Op::member, span, name.text);
            return;
        }
        if (next.kind == TK::variable) {
            auto name = lexer_.next();
            if (s == "::" && !peek_is("(")) {
                to_.step(Op::member, span, name.text);
                return;
            }
            to_.step(Op::variable, name.span, name.text);
            if (accept("(")) return call_opened(k_method_value, span, {});
            to_.step(Op::element, span);  // a member whose name is a value
            return;
        }
        if (accept("{") || (s == "::" && accept("$") && accept("{"))) {
            call_opened(k_member_name, span, {});
            return;
        }
        return to_.unread();
    }
    if (s == "++" || s == "--") return yard_.postfix(s == "++" ? Operator::increment : Operator::decrement, span);
    if (s == "?") {
        if (accept(":")) return yard_.elvis(span);
        return yard_.question(span);
    }
    if (s == ":") {
        if (yard_.colon(span)) return;
        finish_virtual(true);
        if (yard_.is(k_case_label)) return semicolon(token);
        return to_.unread();
    }
    if (s == "=>") return arrow_sign(token);
    if (s == ".") return yard_.binary(Operator::concat, binding::kConcat, span);
    if (s == ".=") return yard_.assign(span, Operator::concat);
    if (s == "<=>") return yard_.binary(Operator::subtract, binding::kLess, span);
    if (s == "<>") return yard_.binary(Operator::not_equal, binding::kEqual, span);
    if (s == "=" && peek_is("&")) {
        lexer_.next();
        return yard_.reference(span);
    }
    if (s == "@" || s == "!") return to_.unread();
    if (const auto* symbol = c_symbol(s, 0); symbol != nullptr && symbol->text.size() == s.size())
        return shells::take(yard_, *symbol, span);
    to_.unread();
}

// Before something closes: an operand that is missing becomes nothing, so that each operator finds its values.
void Php::complete(Span span) {
    if (yard_.wants_operand() && yard_.waiting()) to_.step(Op::nothing, span);
    yard_.settle();
}

// Ends an argument, element or piece of the innermost bracket; false when there is none: f(), [1,].
bool Php::argument(Span span) {
    if (yard_.wants_operand() && !yard_.waiting()) return false;
    complete(span);
    yard_.restart();
    return true;
}

// Functions that have no bracket of their own end with what ends their surroundings.
void Php::finish_virtual(bool all) {
    while (yard_.is(k_arrow)) {
        auto span = yard_.top().span;
        if (yard_.wants_operand() && !yard_.waiting()) to_.step(Op::nothing, span);
        complete(span);
        yard_.close();
        to_.step(Op::leave, span);
        auto function = to_.function_number();
        to_.close_function();
        within_.pop_back();
        arrows_.pop_back();
        to_.closure(function, span);
        yard_.operand();
        if (!all) break;
    }
}

void Php::comma(const PhpToken& token) {
    finish_virtual(true);
    auto span = token.span;
    if (yard_.depth() == 0) return to_.unread();
    auto& top = yard_.top();
    switch (top.kind) {
        case k_call:
        case k_call_value:
        case k_method:
        case k_method_value:
        case k_create:
            if (argument(span)) ++top.count;
            return;
        case k_isset:
            if (argument(span)) {
                to_.step(Op::defined, span);
                if (++top.count > 1) to_.binary(Operator::logical_and, span);
            }
            return;
        case k_array: {
            bool key = top.flag;
            top.flag = false;
            if (!argument(span)) {
                to_.step(Op::nothing, span);
                if (!key) to_.step(Op::nothing, span);
            } else if (!key) {
                to_.step(Op::nothing, span);
                to_.step(Op::swap, span);
            }
            if (++top.count < kChunk) return;
            to_.step(Op::list, span, {}, top.count);
            if (top.commas > 0) to_.step(Op::call, span, "array_merge", 2);
            ++top.commas;
            top.count = 0;
            return;
        }
        case k_statement:
            if (top.count == e_echo) {
                if (argument(span)) to_.step(Op::echo, span);
                return;
            }
            if (top.count == e_constant || top.count == e_static) {
                auto ending = top.count;
                semicolon(token);
                if (ending == e_static && lexer_.peek().kind == TK::variable)
                    static_variable();
                else if (lexer_.peek().is_name() && ending == e_constant) {
                    open_expression(e_constant, span);
                    to_.step(Op::text, span, lexer_.next().text);
                    accept("=");
                }
                return;
            }
            to_.unread();
            if (argument(span)) to_.step(Op::drop, span);
            return;
        case k_for_head:
            if (argument(span)) to_.step(Op::drop, span);
            return;
        case k_params: {
            complete(span);
            to_.assign(span);
            to_.step(Op::drop, span);
            to_.place(top.first);
            top.flag = false;
            if (top.other == 1) {
                to_.step(Op::variable, span, "this");
                to_.step(Op::member, span, top.text);
                to_.step(Op::variable, span, top.text);
                to_.assign(span);
                to_.step(Op::drop, span);
            }
            return;
        }
        case k_match_body:
            if (top.flag) {  // a result is complete
                complete(span);
                to_.jump(Op::jump, top.first, span);
                to_.place(top.second);
                top.flag = false;
                top.second = to_.label();
                top.third = to_.label();
            } else if (argument(span)) {
                to_.binary(Operator::equal, span);
                to_.jump(Op::jump_if, top.third, span);
            }
            if (!peek_is("}") && !peek_word("default")) to_.step(Op::variable, span, top.text);
            yard_.restart();
            return;
        case k_member_value: {
            complete(span);
            to_.assign(span);
            to_.step(Op::drop, span);
            yard_.close();
            to_.close_function();
            at_statement_ = true;
            return;
        }
        default:
            to_.unread();
            if (argument(span)) to_.step(Op::drop, span);
    }
}

void Php::arrow_sign(const PhpToken& token) {
    auto span = token.span;
    finish_virtual(true);
    if (yard_.is(k_array)) {
        if (argument(span)) yard_.top().flag = true;
        return;
    }
    if (yard_.is(k_match_body) && !yard_.top().flag) {
        auto& top = yard_.top();
        if (argument(span)) {
            to_.binary(Operator::equal, span);
            to_.jump(Op::jump_unless, top.second, span);
        }
        to_.place(top.third);
        top.flag = true;
        return;
    }
    if (yard_.is(k_each_head) && yard_.top().flag) {  // what was read is the key's place
        if (argument(span)) {
            to_.step(Op::variable, span, to_.keep(std::string(yard_.top().text) + "k"));
            to_.assign(span);
            to_.step(Op::drop, span);
        }
        return;
    }
    if (argument(span)) to_.step(Op::drop, span);
}

// foreach (container as
void Php::each_target(Span span) {
    auto& top = yard_.top();
    complete(span);
    auto value = to_.fresh();
    top.text = value;
    top.flag = true;
    top.other = lexer_.by_reference() ? 1 : 0;
    to_.step(Op::each_begin, span);
    to_.place(top.first);
    to_.jump(Op::each_next, top.second, span);
    if (top.other == 1) {
        to_.step(Op::variable, span, value);
        to_.step(Op::swap, span);
        to_.step(Op::reference, span);
        to_.step(Op::drop, span);
    } else {
        to_.store(value, span);
    }
    to_.store(to_.keep(std::string(value) + "k"), span);
    yard_.restart();
}

// ---------------------------------------------------------------------------------------------- ends

bool is_round(const Yard::Bracket& b) {
    switch (b.kind) {
        case k_paren:
        case k_call:
        case k_call_value:
        case k_method:
        case k_method_value:
        case k_create:
        case k_isset:
        case k_empty:
        case k_exit:
        case k_create_name:
        case k_params:
        case k_if_head:
        case k_while_head:
        case k_do_head:
        case k_for_head:
        case k_each_head:
        case k_switch_head:
        case k_match_head: return true;
        case k_array: return b.other == 1;
        default: return false;
    }
}
bool is_square(const Yard::Bracket& b) {
    return (b.kind == k_index && b.other == 0) || (b.kind == k_array && b.other == 0);
}
bool is_block(const Yard::Bracket& b) {
    return b.kind == k_block || b.kind == k_function_body || b.kind == k_class_body || b.kind == k_switch_body ||
           b.kind == k_try_body || b.kind == k_catch_body;
}
bool is_curly(const Yard::Bracket& b) {
    return is_block(b) || b.kind == k_match_body || b.kind == k_dynamic || b.kind == k_member_name ||
           b.kind == k_embed || (b.kind == k_index && b.other == 1);
}

// Closes what is above the nearest bracket that is wanted. Round and square ones are not looked for beyond a block.
template <class Wanted>
bool Php::unwind(Wanted wanted, Span span) {
    std::size_t above = 0;
    for (; above < yard_.depth(); ++above) {
        const auto& bracket = yard_.at(above);
        if (wanted(bracket)) break;
        if (is_block(bracket) || bracket.kind == k_template) above = yard_.depth();
    }
    if (above >= yard_.depth()) return false;
    if (above > 0) to_.unread();
    auto depth = yard_.depth() - above;
    while (yard_.depth() > depth) {
        auto before = yard_.depth();
        close_top(span);
        if (yard_.depth() >= before) yard_.close();  // a head that turned into a body, a class behind its arguments
    }
    return true;
}

void Php::close_by(const PhpToken& token) {
    finish_virtual(true);
    if (token.is("}")) return close_curly(token);
    bool found = token.is(")") ? unwind(is_round, token.span) : unwind(is_square, token.span);
    if (!found) return to_.unread();
    close_top(token.span);
}

void Php::close_curly(const PhpToken& token) {
    finish_virtual(true);
    if (!unwind(is_curly, token.span)) return to_.unread();
    close_top(token.span);
}

void Php::semicolon(const PhpToken& token) {
    finish_virtual(true);
    auto ends = [](const Yard::Bracket& b) {
        return b.kind == k_statement || b.kind == k_member_value || b.kind == k_case_label || b.kind == k_for_head;
    };
    if (!unwind(ends, token.span)) {
        to_.unread();
        if (argument(token.span)) to_.step(Op::drop, token.span);
        return;
    }
    if (!yard_.is(k_for_head)) return close_top(token.span);
    auto& top = yard_.top();
    auto span = token.span;
    bool value = argument(span);
    if (top.count == 0) {
        if (value) to_.step(Op::drop, span);
        to_.place(top.first);
    } else if (top.count == 1) {
        if (value) to_.jump(Op::jump_unless, top.second, span);
        auto body = to_.label();
        top.other = body.number;
        to_.jump(Op::jump, body, span);
        to_.place(top.third);
    }
    ++top.count;
    yard_.restart();
}

void Php::force_close() {
    auto before = yard_.depth();
    at_statement_ = true;
    close_top({});
    if (yard_.depth() >= before) yard_.close();
}

void Php::close_top(Span span) {
    switch (yard_.top().kind) {
        case k_if_head:
        case k_while_head:
        case k_do_head:
        case k_for_head:
        case k_each_head:
        case k_switch_head:
        case k_match_head: return close_head(span);
        case k_statement:
        case k_case_label:
        case k_member_value: return close_statement(span);
        case k_arrow: return finish_virtual(false);
        case k_params:
            if (yard_.top().flag) comma({TK::sign, ",", {}, span, 0});
            return params_closed(span);
        case k_block:
        case k_function_body:
        case k_class_body:
        case k_switch_body:
        case k_try_body:
        case k_catch_body:
        case k_if_body:
        case k_else_body:
        case k_while_body:
        case k_for_body:
        case k_each_body:
        case k_do_body: return close_body(span);
        default: break;
    }
    bool value = argument(span);
    auto top = yard_.top();
    if (top.kind == k_array && (value || top.flag)) {
        if (!value) to_.step(Op::nothing, span);
        if (!top.flag) {
            to_.step(Op::nothing, span);
            to_.step(Op::swap, span);
        }
        ++top.count;
    } else if (value) {
        ++top.count;
    }
    yard_.close();
    if (value) yard_.operand();
    close_expression(top, span);
}

// `top` was an expression's bracket and is off the yard. Its count is complete.
void Php::close_expression(const Yard::Bracket& top, Span span) {
    auto where = Span{top.span.offset,
                      span.offset + span.size > top.span.offset ? span.offset + span.size - top.span.offset : 1};
    bool value = !yard_.wants_operand();
    auto otherwise_nothing = [&] {
        if (!value) to_.step(Op::nothing, span);
    };
    yard_.operand();
    switch (top.kind) {
        case k_call: to_.step(Op::call, where, top.text, top.count); break;
        case k_call_value: to_.step(Op::call_value, where, {}, top.count); break;
        case k_method: to_.step(Op::method, where, top.text, top.count); break;
        case k_method_value: to_.step(Op::method_value, where, {}, top.count); break;
        case k_create:
            if (top.flag) {
                open_type(top.text, top.span, true);
                if (yard_.is(k_class_body))
                    yard_.top().count = top.count;
                else
                    to_.step(Op::create, where, top.text, top.count);
                break;
            }
            to_.step(top.text.empty() ? Op::create_value : Op::create, where, top.text, top.count);
            break;
        case k_index: to_.step(value ? Op::element : Op::append, where); break;
        case k_array:
            to_.step(Op::list, where, {}, top.count);
            if (top.commas > 0) to_.step(Op::call, where, "array_merge", 2);
            break;
        case k_isset:
            if (value) {
                to_.step(Op::defined, span);
                if (top.count > 1) to_.binary(Operator::logical_and, span);
            } else if (top.count == 0) {
                to_.truth(span, false);
            }
            break;
        case k_empty:
            otherwise_nothing();
            to_.unary(Operator::logical_not, where);
            break;
        case k_exit:
            if (value) to_.step(Op::echo, span);
            to_.step(Op::nothing, span);
            to_.step(Op::leave, span);
            to_.step(Op::nothing, span);
            break;
        case k_dynamic:
            otherwise_nothing();
            for (auto more = std::max(1u, top.count - (value ? 1 : 0)); more > 0; --more) to_.step(Op::dynamic, where);
            break;
        case k_member_name:
            otherwise_nothing();
            if (accept("("))
                call_opened(k_method_value, span, {});
            else
                to_.step(Op::element, where);
            break;
        case k_create_name:
            otherwise_nothing();
            if (accept("("))
                call_opened(k_create, span, {});
            else
                to_.step(Op::create_value, where, {}, 0);
            break;
        case k_embed:
            otherwise_nothing();
            if (top.flag) to_.step(Op::dynamic, where);
            if (yard_.is(k_template)) ++yard_.top().count;
            break;
        case k_template: to_.step(Op::join, where, {}, top.count); break;
        case k_match_body:
            if (top.flag) {
                otherwise_nothing();
                to_.jump(Op::jump, top.first, span);
                to_.place(top.second);
            } else if (value) {
                to_.step(Op::drop, span);
            }
            to_.step(Op::nothing, span);
            to_.place(top.first);
            break;
        default: otherwise_nothing();
    }
}

void Php::close_head(Span span) {
    if (yard_.is(k_for_head)) {
        auto& top = yard_.top();
        if (argument(span)) to_.step(Op::drop, span);
        if (top.count < 2) {  // fewer than two semicolons
            to_.unread();
            if (top.count == 0) to_.place(top.first);
            to_.place(top.third);
        } else {
            to_.jump(Op::jump, top.first, span);
            to_.place({top.other});
        }
        to_.open_loop(top.second, top.third);
        return body(k_for_body);
    }
    bool value = argument(span);
    auto& top = yard_.top();
    if (top.kind == k_each_head && top.flag) {
        if (value) {
            to_.step(Op::variable, span, top.text);
            if (top.other == 1)
                to_.step(Op::reference, span);
            else
                to_.assign(span);
            to_.step(Op::drop, span);
        }
        to_.open_loop(top.second, top.first);
        return body(k_each_body);
    }
    if (!value) to_.step(Op::nothing, span);
    switch (top.kind) {
        case k_if_head:
            top.first = to_.label();
            to_.jump(Op::jump_unless, top.first, span);
            return body(k_if_body);
        case k_while_head:
            to_.jump(Op::jump_unless, top.second, span);
            to_.open_loop(top.second, top.first);
            return body(k_while_body);
        case k_do_head:
            to_.jump(Op::jump_if, top.first, span);
            to_.place(top.second);
            to_.close_loop();
            yard_.close();
            accept(";");
            return end_statement();
        case k_each_head:  // without "as"
            to_.unread();
            to_.step(Op::each_begin, span);
            to_.place(top.first);
            to_.jump(Op::each_next, top.second, span);
            to_.step(Op::drop, span);
            to_.step(Op::drop, span);
            to_.open_loop(top.second, top.first);
            return body(k_each_body);
        case k_switch_head: {
            auto name = to_.fresh();
            to_.store(name, span);
            top.kind = k_switch_body;
            top.text = name;
            top.first = to_.label();
            top.second = to_.label();
            top.third = to_.label();
            top.count = 0;
            top.flag = false;
            to_.jump(Op::jump, top.second, span);
            to_.open_loop(top.first, top.first);
            if (accept(":"))
                top.flag = true;
            else
                accept("{");
            at_statement_ = true;
            return;
        }
        case k_match_head: {
            auto name = to_.fresh();
            to_.store(name, span);
            yard_.close();
            if (!accept("{") || !open(k_match_body, span, name)) {
                to_.unread();
                to_.step(Op::nothing, span);
                return yard_.operand();
            }
            yard_.top().first = to_.label();
            yard_.top().second = to_.label();
            yard_.top().third = to_.label();
            if (!peek_word("default")) to_.step(Op::variable, span, name);
            return yard_.restart();
        }
        default: return;
    }
}

void Php::close_statement(Span span) {
    bool value = argument(span);
    auto top = yard_.close();
    if (top.kind == k_case_label) {
        if (!value) to_.step(Op::nothing, span);
        to_.binary(Operator::equal, span);
        if (yard_.is(k_switch_body))
            to_.jump(Op::jump_unless, yard_.top().second, span);
        else
            to_.step(Op::drop, span);
        to_.place(top.third);
        at_statement_ = true;
        return;
    }
    if (top.kind == k_member_value) {
        if (!value) to_.step(Op::nothing, span);
        to_.assign(span);
        to_.step(Op::drop, span);
        to_.close_function();
        static_ = false;
        at_statement_ = true;
        return;
    }
    if (!value && top.count != e_drop && top.count != e_echo) to_.step(Op::nothing, span);
    switch (top.count) {
        case e_leave: to_.step(Op::leave, top.span); break;
        case e_raise: to_.step(Op::raise, top.span); break;
        case e_constant:
            to_.step(Op::call, top.span, "define", 2);
            to_.step(Op::drop, span);
            break;
        case e_static:
            to_.assign(span);
            to_.step(Op::drop, span);
            to_.place(top.first);
            break;
        case e_echo:
            if (value) to_.step(Op::echo, top.span);
            break;
        default:
            if (value) to_.step(Op::drop, span);
    }
    end_statement();
}

void Php::close_body(Span span) {
    auto top = yard_.close();
    switch (top.kind) {
        case k_function_body: {
            to_.step(Op::nothing, span);
            to_.step(Op::leave, span);
            auto function = to_.function_number();
            to_.close_function();
            within_.pop_back();
            arrows_.pop_back();
            if (!top.flag) break;
            to_.closure(function, top.span);
            yard_.operand();
            at_statement_ = false;
            return;
        }
        case k_class_body:
            types_.pop_back();
            if (!top.flag) break;
            to_.step(Op::create, top.span, top.text, top.count);
            yard_.operand();
            at_statement_ = false;
            return;
        case k_switch_body:
            to_.jump(Op::jump, top.first, span);
            to_.place(top.second);
            if ((top.count & 1) != 0) to_.jump(Op::jump, top.third, span);
            to_.place(top.first);
            to_.close_loop();
            break;
        case k_try_body: return after_try(span);
        case k_catch_body: to_.place(top.first); return after_try(span);
        // The rest only when the text ends too early.
        case k_if_body:
            to_.place(top.first);
            to_.place(top.second);
            break;
        case k_else_body: to_.place(top.second); break;
        case k_while_body:
        case k_for_body:
        case k_each_body:
            to_.jump(Op::jump, top.kind == k_for_body ? top.third : top.first, span);
            to_.place(top.second);
            if (top.kind == k_each_body) to_.step(Op::each_end, span);
            to_.close_loop();
            break;
        case k_do_body:
            to_.place(top.third);
            to_.place(top.second);
            to_.close_loop();
            break;
        default: break;
    }
    end_statement();
}

void Php::after_try(Span span) {
    at_statement_ = true;
    if (accept_word("catch")) {
        auto behind = to_.label();
        to_.maybe(behind, span);
        accept("(");
        while (lexer_.peek().kind != TK::end && !peek_is(")") && !peek_is("{")) {
            auto token = lexer_.next();
            if (token.kind != TK::variable) continue;
            to_.step(Op::variable, token.span, token.text);
            to_.step(Op::unknown, token.span);
            to_.assign(token.span);
            to_.step(Op::drop, token.span);
        }
        accept(")");
        if (accept("{") && open(k_catch_body, span))
            yard_.top().first = behind;
        else
            to_.place(behind);
        return;
    }
    if (accept_word("finally")) {
        if (accept("{")) open(k_block, span);
        return;
    }
    end_statement();
}

// ---------------------------------------------------------------------------------------------- strings that
// interpolate

void Php::piece(const PhpToken& token) {
    auto span = token.span;
    auto& top = yard_.top();
    switch (token.kind) {
        case TK::piece: to_.step(Op::text, span, token.text); break;
        case TK::piece_variable: to_.step(Op::variable, span, token.text); break;
        case TK::piece_member:
            to_.step(Op::variable, span, token.text);
            to_.step(Op::member, span, token.key);
            break;
        case TK::piece_element: {
            to_.step(Op::variable, span, token.text);
            auto key = token.key;
            bool digits = !key.empty() && key.find_first_not_of("0123456789") == std::string_view::npos;
            if (key.starts_with('$'))
                to_.step(Op::variable, span, key.substr(1));
            else if (digits && key.size() < 10)
                to_.number(span, static_cast<double>(parse_number(key).value_or(0)));
            else {
                if (key.size() > 1 && (key.front() == '\'' || key.front() == '"')) key = key.substr(1, key.size() - 2);
                to_.step(Op::text, span, key);
            }
            to_.step(Op::element, span);
            break;
        }
        case TK::embed_open:
            if (open(k_embed, span)) yard_.restart();
            return;
        case TK::embed_dynamic: {
            if (!open(k_embed, span)) return;
            yard_.restart();
            yard_.top().flag = true;
            if (!lexer_.peek().is_name()) return;
            auto name = lexer_.next();  // "${name}" and "${name[...]}" are variables
            if (!peek_is("}") && !peek_is("[")) {
                name_operand(name);
                return;
            }
            yard_.top().flag = false;
            to_.step(Op::variable, name.span, name.text);
            yard_.operand();
            return;
        }
        case TK::template_close: {
            auto done = yard_.close();
            to_.step(Op::join, {done.span.offset, span.offset + span.size - done.span.offset}, {}, done.count);
            if (token.text == "`") to_.step(Op::shell, done.span);
            return yard_.operand();
        }
        default: {
            to_.unread();
            auto done = yard_.close();
            to_.step(Op::join, done.span, {}, done.count);
            yard_.operand();
            take(token);
            return;
        }
    }
    ++top.count;
}

}  // namespace

Program compile_php(std::string_view text, Span) { return Php(text, false).run(); }
Program compile_php_code(std::string_view text, Span) { return Php(text, true).run(); }

extern const FrontEnd kPhpFrontEnd;
const FrontEnd kPhpFrontEnd{Language::php, "PHP", "https://www.php.net/manual/en/langref.php",
                            compile_php,   false, compile_php_code};

}  // namespace ascribe::shells

// PHP statements: what begins with a word of the language, and where a statement ends.
#include <algorithm>

#include "shells/languages/php_reader.hpp"

namespace ascribe::shells::php {

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

// True when the word began, continued or ended a statement of its own and was taken.
bool Php::keyword_statement(const PhpToken& token, std::string_view word) {
    return branch_word(token, word) || loop_word(token, word) || leaving_word(token, word) ||
           declaring_word(token, word);
}

// Whether what an alternative end word closes is innermost: `if (...):` ... `endif`.
bool Php::ends_alternative(std::initializer_list<int> kinds) {
    for (int kind : kinds)
        if (yard_.is(kind) && yard_.top().flag) return true;
    return false;
}

bool Php::branch_word(const PhpToken& token, std::string_view word) {
    auto span = token.span;
    auto is = [&](std::string_view other) { return word == other; };
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
    if (is("switch")) {
        head(k_switch_head, span);
        return true;
    }
    if ((is("case") || is("default")) && yard_.is(k_switch_body)) {
        auto& top = yard_.top();
        auto body = to_.label();
        if (is("default")) {
            accept(":") || accept(";");
            to_.jump(Op::jump, top.third, span);  // from the case before
            to_.place(top.second);
            top.second = to_.label();
            to_.jump(Op::jump, top.second, span);  // cases behind it come first
            to_.place(top.third);
            top.count = kHasDefault;
            return true;
        }
        if ((top.count & kHasDefault) != 0) top.count |= kCasesBehind;
        bool other = other_case_;  // of the same body: case 1: case 2:
        other_case_ = false;
        if (!other) {
            to_.jump(Op::jump, body, span);
            to_.place(top.second);
            top.second = to_.label();
            case_holds_ = to_.label();
            case_body_ = body;
        }
        body = case_body_;
        to_.step(Op::variable, span, top.text);
        if (open(k_case_label, span)) {
            yard_.top().third = body;
            at_statement_ = false;
            yard_.restart();
        }
        return true;
    }
    return false;
}

bool Php::loop_word(const PhpToken& token, std::string_view word) {
    auto span = token.span;
    auto is = [&](std::string_view other) { return word == other; };
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
    return false;
}

bool Php::leaving_word(const PhpToken& token, std::string_view word) {
    auto span = token.span;
    auto is = [&](std::string_view other) { return word == other; };
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
    return false;
}

bool Php::declaring_word(const PhpToken& token, std::string_view word) {
    auto span = token.span;
    auto is = [&](std::string_view other) { return word == other; };
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

}  // namespace ascribe::shells::php

// PHP heads become bodies, bodies end: conditions, loops, functions, classes, try.
#include "shells/languages/php_reader.hpp"

namespace ascribe::shells::php {

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
        if (yard_.is(k_switch_body) && peek_word("case")) {
            to_.step(Op::copy, span);
            to_.jump(Op::jump_if, case_holds_, span);
            to_.step(Op::drop, span);
            other_case_ = true;
            at_statement_ = true;
            return;
        }
        if (yard_.is(k_switch_body)) {
            to_.place(case_holds_);
            to_.jump(Op::jump_unless, yard_.top().second, span);
        } else {
            to_.step(Op::drop, span);
        }
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
            if (top.count == kHasDefault) {
                to_.place_at(top.second, top.third);
            } else {
                to_.place(top.second);
                if (top.count != 0) to_.jump(Op::jump, top.third, span);
            }
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
            to_.step(Op::variable, token.span, kThrown);
            to_.store(token.text, token.span);
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

}  // namespace ascribe::shells::php

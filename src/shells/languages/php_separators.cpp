// What separates within PHP brackets: commas, arrows, semicolons, "as"; and how an operand that is missing is made
// good.
#include <algorithm>

#include "shells/languages/php_reader.hpp"

namespace ascribe::shells::php {

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
            } else if (peek_is("=>")) {
                return;  // a comma behind the last
            } else if (argument(span)) {
                to_.binary(Operator::equal, span);
                to_.step(Op::copy, span);
                to_.jump(Op::jump_if, top.third, span);
                to_.step(Op::drop, span);
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
    if (yard_.second_operand("#yield", "#yield_pair")) return;
    finish_virtual(true);
    if (yard_.is(k_array)) {
        if (argument(span)) yard_.top().flag = true;
        return;
    }
    if (yard_.is(k_match_body) && !yard_.top().flag) {
        auto& top = yard_.top();
        if (argument(span)) to_.binary(Operator::equal, span);
        to_.place(top.third);
        to_.jump(Op::jump_unless, top.second, span);
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

}  // namespace ascribe::shells::php

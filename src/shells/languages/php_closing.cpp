// Where PHP brackets close, and what steps the finished expression becomes.
#include "shells/languages/php_reader.hpp"

namespace ascribe::shells::php {

namespace {
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
}  // namespace

// Closes what is above the nearest bracket that is wanted. Round and square ones are not looked for beyond a block.
bool Php::unwind(bool (*wanted)(const Yard::Bracket&), Span span) {
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

// f(...), $f(...), $x->f(...): the function itself.
// https://www.php.net/manual/en/functions.first_class_callable_syntax.php
void Php::function_as_value(const Yard::Bracket& top, Span where) {
    if (top.kind == k_call_value) return;  // it stands there as it is
    if (top.kind != k_method_value) to_.step(Op::text, where, top.text);
    if (top.kind != k_call) to_.step(Op::call, where, "#callable", 2);
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
    if (top.flag && top.kind >= k_call && top.kind <= k_method_value) return function_as_value(top, where);
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
            to_.step(Op::leave, span, {}, 1);
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

}  // namespace ascribe::shells::php

// PHP expressions: what stands where an operand is wanted, and what stands behind one.
#include "shells/languages/php_reader.hpp"

namespace ascribe::shells::php {

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

void Php::text(const PhpToken& token) {
    to_.step(Op::text, token.span, token.text);
    to_.program().steps.back().detail = token.hidden ? 1 : 0;
}

void Php::operand(const PhpToken& token) {
    auto span = token.span;
    switch (token.kind) {
        case TK::variable: to_.step(Op::variable, span, token.text); return yard_.operand();
        case TK::text: text(token); return yard_.operand();
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
    if (s == "..." && peek_is(")") && yard_.depth() > 0) yard_.top().flag = true;  // f(...): the function as a value
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
    bool call = yard_.is(k_call) || yard_.is(k_method) || yard_.is(k_create) || yard_.is(k_call_value);
    if (call && !yard_.waiting() && accept(":"))  // f(name: value)
        return yard_.prefix_step(Op::named, binding::kBracket + 1, span, token.text);
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
        to_.step(Op::leave, span, {}, 1);
        to_.step(Op::nothing, span);
        return yard_.operand();
    }
    if (is("include") || is("include_once") || is("require") || is("require_once"))
        return yard_.prefix_step(Op::include, binding::kWordOr + 3, span, word);
    if (is("print")) return yard_.prefix_step(Op::call, binding::kWordOr + 3, span, "print", 1);
    if (is("clone")) return yard_.prefix_step(Op::call, binding::kPower + 2, span, "clone", 1);
    if (is("throw")) return yard_.prefix_step(Op::call, binding::kWordOr + 3, span, "#throw", 1);
    if (is("yield")) {
        bool all = accept_word("from");
        if (peek_is(";") || peek_is(")") || peek_is(",") || peek_is("]")) {
            to_.step(Op::unknown, span);
            return yard_.operand();
        }
        return yard_.prefix_step(Op::call, binding::kWordOr + 3, span, all ? "#yield_from" : "#yield", 1);
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
    if (s == "|>") return yard_.binary_step(Op::call, binding::kConcat - 1, span, "#pipe", 2);
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

}  // namespace ascribe::shells::php

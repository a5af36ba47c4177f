// PHP functions, parameters, classes and their members.
#include <algorithm>
#include <utility>

#include "shells/languages/php_reader.hpp"

namespace ascribe::shells::php {

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
        if (type != all.rend() && accept("{")) trait_rules(*type);
    } else if (lexer_.peek().is("=") && static_) {  // const A = 1, B = 2
        lexer_.next();
        open_member_value(token.text, token.span, true);
    }
}

/// { A::f insteadof B; f as protected g; }
void Php::trait_rules(Type& type) {
    constexpr std::size_t kMostAliases = 64;
    while (lexer_.peek().kind != TK::end && !peek_is("}")) {
        Type::Alias alias;
        bool as = false, instead = false;
        while (lexer_.peek().kind != TK::end && !peek_is(";") && !peek_is("}")) {
            auto token = lexer_.next();
            if (token.is("::")) {
                alias.type = std::exchange(alias.method, {});
                continue;
            }
            if (!token.is_name()) continue;
            auto word = to_.keep_lower(token.text);
            if (word == "as" || word == "insteadof")
                (word == "as" ? as : instead) = true;
            else if (as)
                alias.name = word;  // the last one: a visibility may stand before it
            else if (!instead)
                alias.method = word;
        }
        if (instead) alias.name = alias.method;
        if (!alias.type.empty()) alias.type = type_name(alias.type);
        if (!alias.name.empty() && type.aliases.size() < kMostAliases) type.aliases.push_back(alias);
        accept(";");
    }
    accept("}");
}

}  // namespace ascribe::shells::php

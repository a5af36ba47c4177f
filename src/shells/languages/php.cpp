// PHP, from version 4 to 8, as far as the Zend engine would run it. https://www.php.net/manual/en/langref.php
// Which part of the reader takes a word; strings that interpolate. What makes no sense is passed over and counted.
#include "shells/languages/php.hpp"

#include <algorithm>

#include "shells/languages/front_end.hpp"
#include "shells/languages/php_reader.hpp"

namespace ascribe::shells {
namespace php {

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
void Php::piece(const PhpToken& token) {
    auto span = token.span;
    auto& top = yard_.top();
    switch (token.kind) {
        case TK::piece: text(token); break;
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

}  // namespace php

Program compile_php(std::string_view text, Span) { return php::Php(text, false).run(); }
Program compile_php_code(std::string_view text, Span) { return php::Php(text, true).run(); }

extern const FrontEnd kPhpFrontEnd;
const FrontEnd kPhpFrontEnd{Language::php, "PHP", "https://www.php.net/manual/en/langref.php",
                            compile_php,   false, compile_php_code};

}  // namespace ascribe::shells

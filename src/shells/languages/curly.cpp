// Statements with braces. Each open statement is a bracket on the yard; what is complete closes what waited for it.
// https://learn.microsoft.com/dotnet/csharp/language-reference/language-specification/statements,
// https://docs.oracle.com/javase/specs/jls/se21/html/jls-14.html,
// https://ecma-international.org/publications-and-standards/standards/ecma-262/
#include "shells/languages/curly.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace ascribe::shells {

using Kind = Token::Kind;

Curly::Curly(std::string_view text, Span where, const CurlyDialect& dialect, Assembler& to)
    : dialect_(dialect), own_(dialect.language), to_(to), yard_(to_) {
    bool cut = false;
    tokens_ = curly_tokens(text, where, dialect_, to_.program().arena, cut);
    if (cut) to_.cut();
}

Curly::Curly(std::string_view text, Span where, const CurlyDialect& dialect)
    : dialect_(dialect), own_(dialect.language), to_(own_), yard_(to_) {
    bool cut = false;
    tokens_ = curly_tokens(text, where, dialect_, to_.program().arena, cut);
    if (cut) to_.cut();
}

Curly::Curly(std::vector<Token> tokens, const CurlyDialect& dialect, Assembler& to)
    : tokens_(std::move(tokens)), dialect_(dialect), own_(dialect.language), to_(to), yard_(to_) {}

Program Curly::compile(std::string_view text, Span where, const CurlyDialect& dialect) {
    Curly curly(text, where, dialect);
    curly.run();
    return curly.own_.finish();
}

Program Curly::compile_code(std::string_view text, Span where, const CurlyDialect& dialect) {
    Curly curly(text, where, dialect);
    curly.value_wanted_ = true;
    curly.run();
    return curly.own_.finish();
}

/// Leaves with the value on the stack. Outside of functions that is less certain: what encloses it may stand in a part
/// of the page that was not understood.
void Curly::leave(Span span) {
    if (to_.in_function() || value_wanted_) return void(to_.step(Op::leave, span));
    auto stays = to_.label(), after = to_.label();
    to_.maybe(stays, span);
    to_.step(Op::leave, span);
    to_.step(Op::nothing, span);
    to_.place(stays);
    to_.step(Op::drop, span);
    to_.place(after);
}

void Curly::run() {
    // Each turn takes a token or opens or closes a bracket, so turns are linear in the tokens; should two ever undo
    // each other, the budget ends it.
    auto budget = tokens_.size() * 8 + 64;
    while (!at_end()) {
        if (budget-- == 0) {
            to_.cut();
            break;
        }
        if (!brackets() || yard_.top().kind < kFirstExpression)
            statement();
        else
            part();
    }
    while (brackets()) {
        if (yard_.top().kind < kFirstExpression)
            close_brace();
        else
            statement_ends(false);
    }
}

void Curly::pass() {
    to_.unread();
    jump_to(at_ + 1);
}

bool Curly::begin(int kind, Span span, std::string_view text) {
    if (yard_.open(kind, span, text)) return true;
    jump_to(at_ + 1);  // too deep: what is inside is read as if it were not
    return false;
}

bool Curly::begin_like(int kind, const Yard::Bracket& old) {
    if (!begin(kind, old.span, old.text)) return false;
    auto& top = yard_.top();
    top.first = old.first, top.second = old.second, top.third = old.third;
    top.other = old.other, top.flag = old.flag, top.count = old.count;
    return true;
}

void Curly::statement() {
    const auto it = token();
    bool in_type = brackets() && yard_.top().kind == kType;
    if (it.kind == Kind::end) return jump_to(at_ + 1);
    if (it.kind == Kind::echo) {
        jump_to(at_ + 1);
        begin(kEcho, it.span);
        return;
    }
    if (it.is("}")) return close_brace();
    if (it.is(";")) {
        jump_to(at_ + 1);
        if (in_type)
            yard_.top().other = 0;  // behind an enumeration's constants
        else
            completed();
        return;
    }
    if (attribute()) return;
    if (in_type) return member();
    if (it.is("{")) {
        jump_to(at_ + 1);
        begin(kBlock, it.span);
        return;
    }
    if (it.kind == Kind::word && !it.quoted && keyword(it)) return;
    if (it.kind == Kind::word && sign(":", 1) && !sign("::", 1)) {
        to_.named_label(it.text);
        label_ = it.text;
        return jump_to(at_ + 2);
    }
    if (dialect_.typed && it.kind == Kind::word) {
        auto found = declaration_at(at_);
        if (found.method) return method(found, false);
        if (found.property && dialect_.verbatim) return property(found);
        if (found.found && !found.property) {
            declared_type_ = type_text(found.type, found.name);
            at_ = found.name;
            return declarator();
        }
    }
    begin(kDrop, it.span);
}

void Curly::skip_line(std::size_t line_of) {
    auto at = line_of + 1;
    while (at + 1 < tokens_.size() && !tokens_[at].is(";") && !tokens_[at].fresh && tokens_[at].kind != Kind::end) ++at;
    jump_to(tokens_[at].is(";") ? at + 1 : at);
}

bool Curly::keyword(const Token& it) {
    auto name = it.text;
    auto next = [this] { jump_to(at_ + 1); };
    auto head = [&](int kind) {  // `word (`
        next();
        if (!begin(kind, it.span)) return;
        if (sign("(")) next();
    };
    if (sign("=", 1) || sign(".", 1)) {
        if (name != "this" && name != "base" && name != "super") return false;
    }
    if (name == "if") return head(kCondition), true;
    if (name == "while") {
        auto top = to_.label(), leave = to_.label();
        to_.place(top);
        loops_.push_back({leave, top, false, std::exchange(label_, {})});
        head(kWhile);
        if (yard_.is(kWhile)) yard_.top().first = leave, yard_.top().second = top;
        return true;
    }
    if (name == "do") {
        next();
        if (!begin(kDo, it.span)) return true;
        auto& top = yard_.top();
        top.first = to_.label(), top.second = to_.label(), top.third = to_.label();  // leave, condition, body
        to_.place(top.third);
        loops_.push_back({top.first, top.second, false, std::exchange(label_, {})});
        return true;
    }
    if (name == "for" || name == "foreach") return for_head(it), true;
    if (name == "switch") return head(kSwitchOn), true;
    if (name == "case" || (name == "default" && sign(":", 1))) return switch_case(name == "default"), true;
    if (name == "return") {
        next();
        bool nothing = sign(";") || sign("}") || token().kind == Kind::end || (token().fresh && !dialect_.typed);
        if (!nothing) return begin(kLeave, it.span), true;
        to_.step(Op::nothing, it.span);
        leave(it.span);
        if (sign(";")) next();
        completed();
        return true;
    }
    if (name == "throw") return next(), begin(kRaise, it.span), true;
    if (name == "break" || name == "continue") return loop_control(name == "break"), true;
    if (name == "goto") {
        to_.go(token(1).text, it.span);
        jump_to(at_ + 2);
        begin(kDrop, it.span);
        return true;
    }
    if (name == "try" || name == "finally" || name == "synchronized" || name == "lock" || name == "using" ||
        name == "fixed" || name == "unsafe" || name == "checked" || name == "unchecked") {
        if (name == "using" && !sign("(", 1) && !(declaration_at(at_ + 1).found)) return import(), true;
        next();
        if (sign("(")) {
            next();
            begin(kResource, it.span);
            auto found = dialect_.typed ? declaration_at(at_) : Declaration{};
            if (found.found && !found.method) {
                declared_type_ = type_text(found.type, found.name);
                at_ = found.name;
                declarator();
            }
        } else if (sign("{")) {
            begin(kTry, it.span);
        }
        return true;
    }
    if (name == "catch") {  // behind what was no try: walked all the same
        next();
        caught(it.span);
        begin(kTry, it.span);
        return true;
    }
    if (name == "else") return next(), to_.unread(), true;
    if (name == "with" && sign("(", 1)) return head(kWith), true;
    if (name == "import") return import(), true;
    if (name == "package" && dialect_.typed) return skip_line(at_), true;
    if (name == "delegate" && dialect_.verbatim && token(1).kind == Kind::word) return skip_line(at_), true;
    if (name == "namespace" || name == "package") {
        auto at = at_ + 1;
        while (token_at(at).kind == Kind::word || token_at(at).is(".")) ++at;
        jump_to(token_at(at).is("{") || token_at(at).is(";") ? at + 1 : at);
        if (token_at(at).is("{")) begin(kNamespace, it.span);
        return true;
    }
    if ((name == "class" || name == "interface" || name == "struct" || name == "enum" || name == "record") &&
        token(1).kind == Kind::word)
        return type_declaration(), true;
    if (name == "function" && (token(1).kind == Kind::word || dialect_.folded)) {
        next();
        function(false, {});
        return true;
    }
    if (!dialect_.typed && (name == "var" || name == "let" || name == "const") && token(1).kind == Kind::word) {
        next();
        declared_type_ = {};
        declarator();
        return true;
    }
    for (auto each : {"public",    "private", "protected", "internal", "static",  "final", "abstract",
                      "readonly",  "sealed",  "virtual",   "override", "partial", "async", "volatile",
                      "transient", "native",  "extern",    "const",    "expando", "hide"})
        if (name == each && (token(1).kind == Kind::word || sign("{", 1))) return next(), true;
    if (name == "yield" && word("return", 1)) {  // of C#
        jump_to(at_ + 2);
        begin(kDrop, it.span);
        yard_.prefix_step(Op::call, binding::kWordOr, it.span, "#yield", 1);
        return true;
    }
    if (name == "yield" && token(1).kind == Kind::word) return next(), true;
    return false;
}

/// using static T, import static T.m: the members of T go by their bare names. using A = T: A is T.
void Curly::import() {
    auto span = token().span;
    auto end = at_ + 1;
    for (auto limit = at_ + 64; end < limit && !token_at(end).is(";") && token_at(end).kind != Kind::end;) ++end;
    if (word("static", 1)) {
        bool member = word("import") && end >= at_ + 4;
        to_.step(Op::type, span, type_text(at_ + 2, member ? end - 2 : end));
        to_.step(Op::within, span);
    } else if (token(1).kind == Kind::word && sign("=", 2)) {
        auto name = type_text(at_ + 3, end);
        rename(token(1).text, name.substr(name.rfind('.') + 1));
    }
    skip_line(at_);
}

void Curly::rename(std::string_view alias, std::string_view name) {
    constexpr std::size_t kMostRenamed = 32;
    if (name.empty() || name == alias || ++renamed_ > kMostRenamed) return;
    for (auto i = at_ + 3; i < tokens_.size(); ++i)
        if (tokens_[i].is_word(alias) && !tokens_[i - 1].is(".")) tokens_[i].text = name;
}

/// Behind the word catch: what was thrown has a name.
void Curly::caught(Span span) {
    if (!sign("(")) return;
    auto close = static_cast<std::size_t>(token().match);
    auto name = token_at(close - 1);
    bool named = name.kind == Kind::word && close > at_ + (dialect_.typed ? 2 : 1);
    jump_to(close + 1);
    if (!named) return;
    to_.step(Op::variable, span, kThrown);
    to_.store(name.text, name.span);
}

}  // namespace ascribe::shells

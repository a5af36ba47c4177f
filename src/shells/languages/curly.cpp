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
        if (!in_type) completed();
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
        if (name == "using" && !sign("(", 1) && !(declaration_at(at_ + 1).found)) return skip_line(at_), true;
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
        if (sign("(")) jump_to(token().match + 1);
        begin(kTry, it.span);
        return true;
    }
    if (name == "else") return next(), to_.unread(), true;
    if (name == "with" && sign("(", 1)) return jump_to(token(1).match + 1), true;
    if (name == "import" || (name == "package" && dialect_.typed)) return skip_line(at_), true;
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
    if (name == "yield" && token(1).kind == Kind::word) return next(), true;
    return false;
}

// Loops
// -----------------------------------------------------------------------------------------------------------------

void Curly::for_head(const Token& it) {
    jump_to(at_ + 1);
    if (word("each") || word("await")) jump_to(at_ + 1);
    if (!sign("(")) return;
    auto open = at_, close = static_cast<std::size_t>(token().match);
    jump_to(at_ + 1);
    // for (T x : container), foreach (T x in container), for (x in container)
    std::size_t in = 0;
    for (auto i = open + 1; i < close && i < open + 32; ++i) {
        if (tokens_[i].is(";") || tokens_[i].is("=") || tokens_[i].is("?")) break;
        if ((tokens_[i].is_word("in") || tokens_[i].is_word("of") || tokens_[i].is(":")) &&
            tokens_[i - 1].kind == Kind::word) {
            in = i;
            break;
        }
    }
    Loop loop{to_.label(), to_.label(), false, std::exchange(label_, {})};
    if (in != 0) {
        auto name = tokens_[in - 1].text;
        bool key = tokens_[in].is_word("in") && !dialect_.typed && it.text == "for" && !dialect_.folded;
        jump_to(in + 1);
        if (!begin(kEachOf, it.span, name)) return;
        yard_.top().first = loop.leave, yard_.top().second = loop.next, yard_.top().flag = key;
        auto type = tokens_[open + 1].is_word("final") ? open + 2 : open + 1;
        if (dialect_.typed && type + 1 < in)  // from here up to the name
            yard_.top().other = static_cast<std::uint32_t>(type),
            yard_.top().count = static_cast<std::uint32_t>(in - 1);
        loops_.push_back(loop);
        return;
    }
    if (!begin(kForStart, it.span)) return;
    auto& top = yard_.top();
    top.first = loop.leave, top.second = loop.next, top.third = to_.label();
    loops_.push_back(loop);
    if (word("var") || word("let")) {
        bool declares = !dialect_.typed;
        if (declares) {
            jump_to(at_ + 1);
            declared_type_ = {};
            return declarator();
        }
    }
    auto found = dialect_.typed ? declaration_at(at_) : Declaration{};
    if (found.found && !found.method) {
        declared_type_ = type_text(found.type, found.name);
        at_ = found.name;
        declarator();
    }
}

void Curly::loop_control(bool leaves) {
    auto span = token().span;
    jump_to(at_ + 1);
    std::string_view name;
    if (token().kind == Kind::word && !token().fresh) {
        name = token().text;
        jump_to(at_ + 1);
    }
    std::size_t outside = 0;
    for (std::size_t i = 0; i < yard_.depth(); ++i)
        if (yard_.at(i).kind == kFunction) {
            outside = yard_.at(i).other;
            break;
        }
    for (auto i = loops_.size(); i > outside; --i) {
        const auto& loop = loops_[i - 1];
        if ((!leaves && loop.is_switch) || (!name.empty() && loop.label != name)) continue;
        to_.jump(Op::jump, leaves ? loop.leave : loop.next, span);
        break;
    }
    if (sign(";")) jump_to(at_ + 1);
    completed();
}

void Curly::switch_case(bool other) {
    auto span = token().span;
    jump_to(at_ + (other ? 2 : 1));
    while (brackets() && yard_.top().kind != kSwitch && yard_.top().kind < kFirstExpression &&
           yard_.top().kind != kBlock && yard_.top().kind != kFunction && yard_.top().kind != kType)
        close_loop(yard_.close());
    if (!yard_.is(kSwitch)) return to_.unread();
    auto& top = yard_.top();
    auto body = to_.label();
    if (top.count++ > 0) to_.jump(Op::jump, body, span);
    to_.place(top.second);
    top.second = to_.label();
    if (other) {
        to_.maybe(top.second, span);
        to_.place(body);
        return;
    }
    auto next = top.second;
    to_.step(Op::variable, span, top.text);
    if (!begin(kCaseOf, span)) return;
    yard_.top().first = body, yard_.top().second = next;
}

/// What a statement that is closed leaves behind.
void Curly::close_loop(const Yard::Bracket& top) {
    switch (top.kind) {
        case kIf:
        case kElse:
        case kCatch: to_.place(top.first); break;
        case kLoop:
            to_.jump(Op::jump, top.second, top.span);
            to_.place(top.first);
            if (!loops_.empty()) loops_.pop_back();
            break;
        case kEach:
            to_.jump(Op::jump, top.second, top.span);
            to_.place(top.first);
            to_.step(Op::each_end, top.span);
            if (!loops_.empty()) loops_.pop_back();
            break;
        case kDo:
            to_.place(top.second);
            to_.place(top.first);
            if (!loops_.empty()) loops_.pop_back();
            break;
        case kSwitch:
            to_.place(top.second);
            to_.place(top.first);
            if (!loops_.empty()) loops_.pop_back();
            break;
        default: break;
    }
}

/// A statement is complete: so is every statement that waited for just this one.
void Curly::completed() {
    while (brackets()) {
        auto kind = yard_.top().kind;
        if (kind == kIf) {
            auto top = yard_.close();
            auto at = at_;
            while (token_at(at).kind == Kind::end && at + 1 < tokens_.size()) ++at;  // `<% } %> <% else { %>`
            if (!token_at(at).is_word("else")) {
                close_loop(top);
                continue;
            }
            auto end = to_.label();
            to_.jump(Op::jump, end, top.span);
            to_.place(top.first);
            jump_to(at + 1);
            if (begin(kElse, top.span)) yard_.top().first = end;
            return;
        }
        if (kind == kTry || kind == kCatch) {
            close_loop(yard_.close());
            if (word("catch")) {
                auto span = token().span;
                jump_to(at_ + 1);
                if (sign("(")) jump_to(token().match + 1);
                if (word("when") && sign("(", 1)) jump_to(token(1).match + 1);
                auto label = to_.label();
                to_.maybe(label, span);
                if (begin(kCatch, span)) yard_.top().first = label;
                return;
            }
            if (word("finally")) {
                jump_to(at_ + 1);
                begin(kTry, token().span);
                return;
            }
            continue;
        }
        if (kind == kDo) {
            auto top = yard_.close();
            if (!word("while")) {
                close_loop(top);
                continue;
            }
            to_.place(top.second);
            jump_to(at_ + 1);
            if (sign("(")) jump_to(at_ + 1);
            begin_like(kDoWhile, top);
            return;
        }
        if (kind != kElse && kind != kLoop && kind != kEach) return;
        close_loop(yard_.close());
    }
}

void Curly::close_brace() {
    if (!brackets()) return pass();  // the page closes what another island opened elsewhere
    // What still waits for its statement gets none.
    while (brackets() && (yard_.top().kind == kIf || yard_.top().kind == kElse || yard_.top().kind == kLoop ||
                          yard_.top().kind == kEach || yard_.top().kind == kDo || yard_.top().kind == kTry ||
                          yard_.top().kind == kCatch))
        close_loop(yard_.close());
    if (!brackets()) return pass();
    if (yard_.top().kind >= kFirstExpression) return statement_ends(false);
    auto top = yard_.close();
    bool brace = sign("}");
    if (brace) jump_to(at_ + 1);
    switch (top.kind) {
        case kFunction: return end_function(top);
        case kType:
            type_ = top.text;
            if (top.flag)
                yard_.operand();
            else
                completed();
            return;
        case kSwitch: close_loop(top); break;
        default: break;
    }
    completed();
}

/// The expression of the innermost statement is over.
void Curly::statement_ends(bool consume) {
    while (brackets() && yard_.top().kind >= kFirstInner) close_inner();
    if (!brackets() || yard_.top().kind < kFirstExpression) return;
    bool empty = yard_.wants_operand() && !yard_.waiting();
    if (yard_.wants_operand() && !empty) to_.step(Op::nothing, token().span);
    auto top = yard_.close();
    yard_.restart();
    auto next = [&] {
        if (consume) jump_to(at_ + 1);
    };
    auto need = [&] {
        if (empty) to_.step(Op::nothing, top.span);
    };
    switch (top.kind) {
        case kDrop:
            next();
            if (!empty) to_.step(value_wanted_ && !brackets() && at_end() ? Op::leave : Op::drop, top.span);
            return completed();
        case kLeave:
        case kRaise:
            need();
            if (top.kind == kRaise)
                to_.step(Op::raise, top.span);
            else
                leave(top.span);
            next();
            if (top.flag) return end_function(top);  // => expression;
            return completed();
        case kEcho:
            if (!empty) to_.step(Op::echo, top.span);
            next();
            return completed();
        case kDeclare: need(); return end_declarator(top);
        case kCondition:
            need();
            to_.jump(Op::jump_unless, top.first = to_.label(), top.span);
            next();
            begin_like(kIf, top);
            return;
        case kWhile:
            need();
            to_.jump(Op::jump_unless, top.first, top.span);
            next();
            begin_like(kLoop, top);
            return;
        case kDoWhile:
            need();
            to_.jump(Op::jump_if, top.third, top.span);
            to_.place(top.first);
            if (!loops_.empty()) loops_.pop_back();
            next();
            if (sign(";")) jump_to(at_ + 1);
            return completed();
        case kForStart:
            if (!empty) to_.step(Op::drop, top.span);
            to_.place(top.third);
            next();
            begin_like(kForCondition, top);
            return;
        case kForCondition: {
            if (!empty) to_.jump(Op::jump_unless, top.first, top.span);
            auto body = to_.label();
            to_.jump(Op::jump, body, top.span);
            to_.place(top.second);
            top.other = body.number;
            next();
            begin_like(kForNext, top);
            return;
        }
        case kForNext:
            if (!empty) to_.step(Op::drop, top.span);
            to_.jump(Op::jump, top.third, top.span);
            to_.place(Assembler::Label{top.other});
            next();
            begin_like(kLoop, top);
            return;
        case kEachOf:
            need();
            to_.step(Op::each_begin, top.span);
            to_.place(top.second);
            to_.jump(Op::each_next, top.first, top.span);
            if (top.flag) {
                to_.step(Op::drop, top.span);
                to_.store(top.text, top.span);
            } else {
                auto type = top.other == 0 ? std::string_view{} : type_text(top.other, top.count);
                if (names_type(type)) to_.step(Op::cast, top.span, type);
                to_.store(top.text, top.span);
                to_.step(Op::drop, top.span);
            }
            top.other = top.count = 0;
            next();
            begin_like(kEach, top);
            return;
        case kSwitchOn: {
            need();
            top.text = to_.fresh();
            to_.store(top.text, top.span);
            top.first = to_.label(), top.second = to_.label();
            top.count = 0;
            loops_.push_back({top.first, top.first, true, {}});
            next();
            if (sign("{")) jump_to(at_ + 1);
            begin_like(kSwitch, top);
            return;
        }
        case kCaseOf:
            need();
            to_.binary(Operator::equal, top.span);
            to_.jump(Op::jump_unless, top.second, top.span);
            to_.place(top.first);
            next();
            return;
        case kResource:
            if (!empty) to_.step(Op::drop, top.span);
            next();
            begin(kTry, top.span);
            return;
        default:
            need();
            next();
            return;
    }
}

}  // namespace ascribe::shells

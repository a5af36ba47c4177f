// Loops, choices and attempts of languages with braces: what their heads say, and what their ends leave behind.
#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "shells/languages/curly.hpp"

namespace ascribe::shells {

using Kind = Token::Kind;

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
    bool same = std::exchange(other_case_, false);  // case 1: case 2: have one body
    if (!yard_.is(kSwitch)) return to_.unread();
    auto& top = yard_.top();
    if (same && !other) return case_of(top.text, top.second, span);
    auto body = to_.label();
    if (top.count++ > 0) to_.jump(Op::jump, body, span);
    to_.place(top.second);
    top.second = to_.label();
    if (other) {
        to_.maybe(top.second, span);
        to_.place(body);
        return;
    }
    case_holds_ = to_.label();
    case_body_ = body;
    case_of(top.text, top.second, span);
}

void Curly::case_of(std::string_view looked_at, Assembler::Label next, Span span) {
    to_.step(Op::variable, span, looked_at);
    if (!begin(kCaseOf, span)) return;
    yard_.top().first = case_body_, yard_.top().second = next;
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
        case kWithin: to_.step(Op::without, top.span); break;
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
                auto label = to_.label();
                to_.maybe(label, span);
                caught(span);
                if (word("when") && sign("(", 1)) jump_to(token(1).match + 1);
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
        if (kind != kElse && kind != kLoop && kind != kEach && kind != kWithin) return;
        close_loop(yard_.close());
    }
}

void Curly::close_brace() {
    if (!brackets()) return pass();  // the page closes what another island opened elsewhere
    // What still waits for its statement gets none.
    while (brackets() && (yard_.top().kind == kIf || yard_.top().kind == kElse || yard_.top().kind == kLoop ||
                          yard_.top().kind == kEach || yard_.top().kind == kDo || yard_.top().kind == kTry ||
                          yard_.top().kind == kCatch || yard_.top().kind == kWithin))
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
        case kWith:
            need();
            to_.step(Op::within, top.span);
            next();
            begin(kWithin, top.span);
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
            other_case_ = consume && token(1).is_word("case");
            if (other_case_) {
                to_.step(Op::copy, top.span);
                to_.jump(Op::jump_if, case_holds_, top.span);
                to_.step(Op::drop, top.span);
            } else {
                to_.place(case_holds_);
                to_.jump(Op::jump_unless, top.second, top.span);
                to_.place(top.first);
            }
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

// Expressions with braces languages' operators. One token at a time; what it means depends on whether a value is
// wanted.
#include <algorithm>

#include "base/text.hpp"
#include "shells/languages/curly.hpp"

namespace ascribe::shells {

using Kind = Token::Kind;

/// Text of a list's bracket that holds the arms of a switch which is an expression.
static constexpr std::string_view kArms = "=>";
static constexpr std::string_view kOfElement = "[]";  // a call of what stands in brackets

void Curly::value(Op op, const Token& it, std::string_view text) {
    to_.step(op, it.span, text);
    yard_.operand();
    jump_to(at_ + 1);
}

/// Closes brackets within expressions until one of the kinds is on top; false when a statement stands before.
bool Curly::close_to(std::initializer_list<int> kinds) {
    for (std::size_t i = 0; i < yard_.depth(); ++i) {
        auto kind = yard_.at(i).kind;
        if (std::ranges::find(kinds, kind) != kinds.end()) {
            while (i-- > 0) close_inner();
            return true;
        }
        if (kind < kFirstInner) return false;
    }
    return false;
}

/// A token within an expression.
void Curly::part() {
    const auto it = token();
    if (it.kind == Kind::end || it.kind == Kind::echo) return statement_ends(it.kind == Kind::end);
    if (it.kind == Kind::sign && it.text.size() == 1) {
        switch (it.text[0]) {
            case ';': {
                statement_ends(true);
                return;
            }
            case '}':
                if (close_to({kObject, kList, kFill})) {
                    close_inner();
                    return jump_to(at_ + 1);
                }
                return statement_ends(false);
            case ']':
                if (close_to({kIndex, kArraySize, kList})) close_inner();
                jump_to(at_ + 1);
                if (yard_.depth() > 0) behind_create();
                return;
            case ')': {
                if (close_to({kParen, kCall, kMethod, kValue, kCreate, kList})) {
                    bool created = yard_.top().kind == kCreate;
                    close_inner();
                    jump_to(at_ + 1);
                    if (created) behind_create();
                    return;
                }
                while (brackets() && yard_.top().kind >= kFirstInner) close_inner();
                auto kind = brackets() ? yard_.top().kind : 0;
                bool head = kind == kCondition || kind == kWhile || kind == kDoWhile || kind == kForNext ||
                            kind == kEachOf || kind == kSwitchOn || kind == kWith || kind == kResource ||
                            kind == kForStart || kind == kForCondition;
                if (head || kind == kDeclare) return statement_ends(head);
                return pass();
            }
            case ',':
                if (yard_.is(kLambda)) return close_lambda();
                return comma();
            case ':':
                if (yard_.is(kCaseOf) && !yard_.wants_operand()) {
                    if (yard_.colon(it.span)) return jump_to(at_ + 1);
                    return statement_ends(true);
                }
                if (yard_.colon(it.span)) return jump_to(at_ + 1);
                return pass();
            default: break;
        }
    }
    if (yard_.wants_operand())
        operand();
    else
        behind_operand();
}

void Curly::open(int kind, const Token& it, std::string_view text) {
    if (!yard_.open(kind, it.span, text)) {
        jump_to(it.match + 1);
        to_.step(Op::unknown, it.span);
        yard_.operand();
        return;
    }
    jump_to(at_ + 1);
    begin_element();
}

/// What lists, objects and initialisers want on the stack before a value.
void Curly::begin_element() {
    auto& top = yard_.top();
    if (top.kind != kList && top.kind != kObject && top.kind != kFill) return;
    if (sign("}") || sign("]") || sign(")")) return;
    auto span = token().span;
    if (top.text == kArms) {
        auto arrow = at_;
        for (auto limit = at_ + 64; arrow < limit && !token_at(arrow).is("=>") && !token_at(arrow).is("}");) ++arrow;
        if (token_at(arrow).is("=>")) jump_to(arrow + 1);
    }
    bool variables = dialect_.language == Language::perl;  // are its words
    bool keyed =
        (token().kind == Kind::word && !variables) || token().kind == Kind::string || token().kind == Kind::number;
    ++top.count;
    if (top.kind == kFill) {
        top.operand = token().kind == Kind::word && sign("=", 1);     // A = value, else Add(value)
        top.flag = sign("[") && token_at(token().match + 1).is("=");  // ["a"] = value
        to_.step(Op::copy, span);
        if (top.flag) return yard_.operand();
        if (!top.operand) return;
        to_.step(Op::member, span, token().text);
        jump_to(at_ + 2);
        if (sign("{")) open(kList, token());
        return;
    }
    bool key = top.kind == kObject && keyed && (sign(":", 1) || sign("=", 1));
    to_.step(key ? Op::text : Op::nothing, span, key ? token().text : std::string_view{});
    if (key) jump_to(at_ + 2);
}

void Curly::comma() {
    const auto it = token();
    auto kind = yard_.top().kind;
    if (kind == kDeclare) return statement_ends(false);
    if (yard_.wants_operand() && (kind == kDrop || kind == kForStart || kind == kForNext) && !yard_.waiting())
        return jump_to(at_ + 1);
    if (yard_.wants_operand()) {
        to_.step(Op::nothing, it.span);
        yard_.operand();
    }
    yard_.settle();
    auto& top = yard_.top();
    ++top.commas;
    switch (kind) {
        case kIndex: to_.step(Op::element, it.span); break;
        case kFill:
            if (top.operand)
                to_.assign(it.span);
            else if (!top.flag)
                to_.step(Op::method, it.span, "Add", 1);
            to_.step(Op::drop, it.span);
            break;
        case kCall:
        case kMethod:
        case kValue:
        case kCreate:
        case kList:
        case kObject: break;
        default: to_.step(Op::drop, it.span); break;  // the comma operator: the last one counts
    }
    yard_.restart();
    jump_to(at_ + 1);
    begin_element();
}

/// Closes the innermost bracket within an expression; its value is complete then.
void Curly::close_inner() {
    if (yard_.is(kLambda)) return close_lambda();
    auto span = token().span;
    bool empty = yard_.wants_operand() && !yard_.waiting() && yard_.top().commas == 0;
    if (yard_.is(kList) || yard_.is(kObject) || yard_.is(kFill)) empty = yard_.top().count == 0;
    bool trailing =
        yard_.wants_operand() && yard_.top().count == yard_.top().commas && yard_.top().count > 0 && !yard_.waiting();
    if (yard_.wants_operand() && !empty && !(trailing && yard_.top().kind >= kList)) to_.step(Op::nothing, span);
    auto top = yard_.close();
    auto arguments = static_cast<std::uint16_t>(empty ? 0 : std::min<std::uint32_t>(top.commas + 1, UINT16_MAX));
    auto pairs = static_cast<std::uint16_t>(std::min<std::uint32_t>(top.count, UINT16_MAX));
    switch (top.kind) {
        case kCall: to_.step(Op::call, top.span, top.text, arguments); break;
        case kMethod: to_.step(Op::method, top.span, top.text, arguments); break;
        case kValue:
            to_.step(top.text == kOfElement ? Op::method_value : Op::call_value, top.span, {}, arguments);
            break;
        case kCreate: to_.step(Op::create, top.span, top.text, arguments); break;
        case kIndex:
            if (!empty) to_.step(Op::element, top.span);
            break;
        case kArraySize:
            if (!empty) to_.step(Op::call, top.span, kSized, 1);
            if (empty) to_.step(Op::list, top.span, {}, 0);
            break;
        case kList:
        case kObject: to_.step(Op::list, top.span, {}, pairs); break;
        case kFill:
            if (!empty && !trailing) {
                if (top.operand)
                    to_.assign(top.span);
                else if (!top.flag)
                    to_.step(Op::method, top.span, "Add", 1);
                to_.step(Op::drop, top.span);
            }
            to_.step(Op::drop, top.span);
            to_.step(Op::variable, top.span, top.text);
            break;
        default:
            if (empty) to_.step(Op::nothing, top.span);
            break;
    }
    yard_.operand();
}

void Curly::close_lambda() {
    if (yard_.wants_operand()) to_.step(Op::nothing, token().span);
    auto top = yard_.close();
    to_.step(Op::leave, top.span);
    to_.close_function();
    loops_.resize(std::min<std::size_t>(loops_.size(), top.other));
    to_.closure(top.count, top.span);
    yard_.operand();
}

// Where a value is wanted
// -----------------------------------------------------------------------------------------------

void Curly::operand() {
    const auto it = token();
    switch (it.kind) {
        case Kind::string: return value(Op::text, it, it.text);
        case Kind::number:
            to_.number(it.span, it.number);
            yard_.operand();
            return jump_to(at_ + 1);
        case Kind::word: return word_operand(it);
        default: break;
    }
    struct Prefix {
        std::string_view sign;
        Operator what;
    };
    static constexpr Prefix kPrefixes[] = {{"!", Operator::logical_not},
                                           {"~", Operator::bit_not},
                                           {"-", Operator::negate},
                                           {"++", Operator::increment},
                                           {"--", Operator::decrement}};
    for (const auto& prefix : kPrefixes)
        if (it.is(prefix.sign)) {
            yard_.prefix(prefix.what, binding::kPrefix, it.span);
            return jump_to(at_ + 1);
        }
    if (it.is("(")) {
        if (lambda() || cast()) return;
        // ($a, $b) = ...: the list is what is written to.
        bool target = dialect_.language == Language::perl && token_at(it.match + 1).is("=");
        return open(target ? kList : kParen, it);
    }
    if (it.is("[")) return open(kList, it);
    if (it.is("{")) return open(dialect_.typed ? kList : kObject, it);
    if (it.is("+") || it.is("&") || it.is("*") || it.is("...") || it.is("@")) return jump_to(at_ + 1);
    pass();
}

void Curly::word_operand(const Token& it) {
    auto name = it.text;
    auto next = [this] { jump_to(at_ + 1); };
    if (!it.quoted) {
        if (name == "true" || name == "false") {
            to_.truth(it.span, name == "true");
            yard_.operand();
            return next();
        }
        if (name == "null" || name == "undefined") return value(Op::nothing, it);
        // A page's own members are its variables here: its class is never written down.
        if (name == "this" && dialect_.typed && type_.empty() && sign(".", 1) && token(2).kind == Kind::word)
            return jump_to(at_ + 2);
        if ((name == "this" || name == "base" || name == "super") && !sign("(", 1))
            return value(Op::variable, it, "this");
        if (name == "new") return next(), create(it);
        if (name == "function") return next(), function(true, {});
        if (name == "delegate" && (sign("(", 1) || sign("{", 1))) return next(), function(true, {});
        if (name == "await" || name == "async" || name == "out" || name == "ref" || name == "in" || name == "checked" ||
            name == "unchecked" || name == "params" || name == "stackalloc" || name == "throw") {
            if (token(1).kind == Kind::word || sign("(", 1)) return next();
        }
        if (name == "typeof" && dialect_.typed && sign("(", 1)) {
            to_.step(Op::type, it.span, type_text(at_ + 2, token(1).match));
            yard_.operand();
            return jump_to(token(1).match + 1);
        }
        if (name == "typeof" || name == "void" || name == "delete") {
            if (name == "typeof") yard_.prefix_step(Op::call, binding::kPrefix, it.span, "typeof", 1);
            return next();
        }
        if (name == "default" && sign("(", 1)) {
            to_.step(Op::nothing, it.span);
            yard_.operand();
            return jump_to(token(1).match + 1);
        }
        if (dialect_.folded && name == "not") {
            yard_.prefix(Operator::logical_not, binding::kNot, it.span);
            return next();
        }
    }
    // Scopes of CFML that hold what is a plain variable elsewhere.
    bool scope = dialect_.hashes && (name == "arguments" || name == "variables" || name == "local") && sign(".", 1);
    if (scope && token(2).kind == Kind::word) {
        return jump_to(at_ + 2);  // the name itself comes next
    }
    if (lambda()) return;
    auto after = at_ + 1;
    if (dialect_.typed && token_at(after).is("<")) {
        auto behind = behind_generics(after);
        if (behind != 0 && token_at(behind).is("(")) after = behind;
    }
    if (token_at(after).is("(")) {
        jump_to(after);
        return open(kCall, token(), name);
    }
    bool named_argument = sign(":", 1) && (yard_.is(kCall) || yard_.is(kMethod) || yard_.is(kCreate)) &&
                          !yard_.waiting() && (token_at(at_ - 1).is("(") || token_at(at_ - 1).is(","));
    if (named_argument) return jump_to(at_ + 2);
    bool assigned_argument =
        dialect_.folded && sign("=", 1) && (yard_.is(kCall) || yard_.is(kMethod)) && !yard_.waiting();
    if (assigned_argument) return jump_to(at_ + 2);
    value(Op::variable, it, name);
}

/// x => ..., (a, b) => ..., () -> {...}
bool Curly::lambda() {
    const auto it = token();
    std::size_t arrow = it.is("(") ? it.match + 1 : at_ + 1;
    if (!token_at(arrow).is("=>") && !token_at(arrow).is("->")) return false;
    auto number = to_.open_function("", type_, it.span);
    to_.function().sees_outside = true;
    if (it.is("("))
        parameters(at_);
    else
        to_.function().parameters.push_back({it.text});
    jump_to(arrow);
    body({}, true, number, it.span);
    return true;
}

/// (Type) value
bool Curly::cast() {
    if (!dialect_.typed) return false;
    const auto it = token();
    auto end = behind_type(at_ + 1);
    if (end == 0 || end != it.match) return false;
    auto name = token_at(at_ + 1).text;
    static constexpr std::string_view kPlain[] = {"byte",   "char",  "int",     "short",  "long", "float",
                                                  "double", "bool",  "boolean", "string", "uint", "ushort",
                                                  "ulong",  "sbyte", "object",  "decimal"};
    bool plain = std::ranges::find(kPlain, name) != std::end(kPlain);
    const auto& behind = token_at(end + 1);
    bool value = behind.kind == Kind::word || behind.kind == Kind::string || behind.kind == Kind::number ||
                 behind.is("!") || behind.is("~") ||
                 (behind.is("(") && (plain || (name[0] >= 'A' && name[0] <= 'Z'))) || (behind.is("{")) ||
                 (plain && (behind.is("-") || behind.is("+")));
    if (behind.is_word("is") || behind.is_word("as") || behind.is_word("instanceof") || behind.is_word("in"))
        value = false;
    if (!value) return false;
    yard_.prefix_step(Op::cast, binding::kPrefix, it.span, type_text(at_ + 1, end));
    jump_to(end + 1);
    return true;
}

/// Behind `new`.
void Curly::create(const Token& it) {
    if (sign("[")) {  // new[] {...}
        jump_to(token().match + 1);
        if (sign("{")) return open(kList, token());
    }
    if (sign("{")) return open(kObject, token());
    auto end = behind_type(at_);
    if (end == 0) {
        if (!sign("(")) return pass();
        return;
    }
    auto type = type_text(at_, end);
    bool array = token_at(end - 1).is("]");
    jump_to(end);
    if (array) {
        if (sign("{")) return open(kList, token());
        to_.step(Op::list, it.span, {}, 0);
        yard_.operand();
        return;
    }
    if (sign("[")) return open(kArraySize, token(), type);
    if (sign("(")) return open(kCreate, token(), type);
    to_.step(Op::create, it.span, type, 0);
    yard_.operand();
    behind_create();
}

/// Behind a new object: its initialiser, or the body of a class without a name.
void Curly::behind_create() {
    if (!sign("{") || yard_.wants_operand() || !dialect_.typed || to_.next() == 0) return;
    const auto& last = to_.program().steps.back();
    if ((last.op == Op::list && last.count == 0) ||
        (last.op == Op::call && last.text == kSized)) {  // new byte[3] {...}
        to_.step(Op::drop, last.span);
        yard_.restart();
        return open(kList, token());
    }
    if (last.op != Op::create) return;
    auto span = last.span;
    if (dialect_.verbatim) {  // it has a name meanwhile: what fills it changes it
        auto held = to_.fresh();
        to_.store(held, span);
        to_.step(Op::variable, span, held);
        yard_.restart();
        return open(kFill, token(), held);
    }
    auto parent = last.text;
    auto name = to_.fresh();
    to_.program().steps.back().text = name;
    jump_to(at_ + 1);
    open_type(name, parent, true, span);
}

// Behind a value
// --------------------------------------------------------------------------------------------------------

void Curly::behind_operand() {
    const auto it = token();
    auto next = [this] { jump_to(at_ + 1); };
    if (it.kind == Kind::word) {
        if (it.text == "switch" && dialect_.verbatim && sign("{", 1)) {  // x switch { a => b, _ => c }: any of them
            to_.step(Op::drop, it.span);
            yard_.restart();
            next();
            return open(kList, token(), kArms);
        }
        if (it.text == "instanceof" || (it.text == "is" && dialect_.verbatim)) {
            to_.step(Op::drop, it.span);
            to_.step(Op::unknown, it.span);
            auto end = behind_type(at_ + 1);
            jump_to(end == 0 ? at_ + 2 : end);
            if (token().kind == Kind::word && !sign("(", 1) && !word("is")) next();
            return;
        }
        if (it.text == "as" && dialect_.verbatim) {
            auto end = behind_type(at_ + 1);
            to_.step(Op::cast, it.span, type_text(at_ + 1, end == 0 ? at_ + 2 : end));
            return jump_to(end == 0 ? at_ + 2 : end);
        }
        if (it.text == "in" && !dialect_.typed) {
            yard_.binary_step(Op::call, binding::kLess, it.span, "in", 2);
            return next();
        }
        if (dialect_.folded) {
            struct Word {
                std::string_view text;
                Operator what;
                int binds;
            };
            static constexpr Word kWords[] = {
                {"and", Operator::logical_and, binding::kAnd},    {"or", Operator::logical_or, binding::kOr},
                {"eq", Operator::equal, binding::kEqual},         {"is", Operator::equal, binding::kEqual},
                {"neq", Operator::not_equal, binding::kEqual},    {"lt", Operator::less, binding::kLess},
                {"gt", Operator::greater, binding::kLess},        {"lte", Operator::less_equal, binding::kLess},
                {"gte", Operator::greater_equal, binding::kLess}, {"mod", Operator::remainder, binding::kMultiply},
                {"contains", Operator::equal, binding::kEqual},   {"le", Operator::less_equal, binding::kLess},
                {"ge", Operator::greater_equal, binding::kLess}};
            for (const auto& each : kWords)
                if (it.text == each.text) {
                    yard_.binary(each.what, each.binds, it.span);
                    return next();
                }
        }
    }
    if (it.kind == Kind::word || it.kind == Kind::string || it.kind == Kind::number) {
        // A statement without its semicolon, or something that is none.
        bool statement = brackets() && yard_.top().kind < kFirstInner;
        if (statement) return statement_ends(false);
        return pass();
    }
    if (it.is(".") || it.is("?.") || it.is("::")) {
        const auto name = token(1);
        if (name.kind != Kind::word) return next();
        jump_to(at_ + 2);
        auto after = dialect_.typed ? behind_generics(at_) : at_;
        if (after != 0 && token_at(after).is("(")) {
            jump_to(after);
            return open(kMethod, token(), name.text);
        }
        auto step = to_.step(Op::member, name.span, name.text);
        bool reference = dialect_.language == Language::java && it.is("::");
        if (reference && step < to_.next()) to_.program().steps[step].detail = 1;
        return;
    }
    if (it.is("(")) {
        auto& steps = to_.program().steps;
        bool element = dialect_.language == Language::jscript && at_ > 0 && token_at(at_ - 1).is("]") &&
                       !steps.empty() && steps.back().op == Op::element;
        if (element) steps.pop_back();  // object["name"](x) is object.name(x)
        return open(kValue, it, element ? kOfElement : std::string_view{});
    }
    if (it.is("[")) return open(kIndex, it);
    if ((it.is("++") || it.is("--")) && !it.fresh) {
        yard_.postfix(it.is("++") ? Operator::increment : Operator::decrement, it.span);
        return next();
    }
    if (it.is("?")) return yard_.question(it.span), next();
    if (it.is("?:") && dialect_.folded) return yard_.elvis(it.span), next();
    if (it.is("{")) {
        bool statement = brackets() && yard_.top().kind < kFirstInner;
        if (statement) return statement_ends(false);
        return pass();
    }
    if (it.is("#.=")) return yard_.assign(it.span, Operator::concat), next();  // Perl's dot
    if (it.is("#.") || (it.is("&") && dialect_.folded)) {
        yard_.binary(Operator::concat, it.is("#.") ? binding::kAdd : binding::kConcat, it.span);
        return next();
    }
    const auto* symbol = it.kind == Kind::sign ? c_symbol(it.text, 0) : nullptr;
    if (symbol != nullptr && symbol->text.size() == it.text.size()) {
        take(yard_, *symbol, it.span);
        return next();
    }
    if (it.is("!")) return next();  // x! of C#
    pass();
}

void Curly::single_expression() {
    if (!begin(kAlone, token().span)) {
        to_.step(Op::unknown, token().span);
        return;
    }
    auto depth = yard_.depth();
    auto budget = tokens_.size() * 8 + 64;
    while (!at_end() && yard_.depth() >= depth && budget-- > 0) {
        if (yard_.top().kind < kFirstExpression)
            statement();
        else
            part();
    }
    while (yard_.depth() >= depth) {
        if (yard_.top().kind < kFirstExpression)
            close_brace();
        else
            statement_ends(false);
    }
}

}  // namespace ascribe::shells

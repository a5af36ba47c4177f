// Visual Basic's expressions, put in order by a Yard; what the statements of basic.cpp stand on.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "shells/languages/assembler.hpp"
#include "shells/languages/tokens.hpp"

namespace ascribe::shells::basic {

using Kind = Token::Kind;
using Words = std::initializer_list<std::string_view>;

inline bool one_of(std::string_view word, Words words) { return std::ranges::find(words, word) != words.end(); }
inline bool one_of(std::string_view word, std::span<const std::string_view> words) {
    return std::ranges::find(words, word) != words.end();
}

// Where a value should begin, but the statement's next part does.
inline constexpr std::string_view kStops[] = {"then", "to", "step", "else", "elseif", "end", "loop", "until"};

class BasicExpressions {
public:
    BasicExpressions(std::string_view text, Span where, Language language)
        : to_(language), yard_(to_), dotnet_(language == Language::vbnet) {
        bool cut = false;
        tokens_ = basic_tokens(text, where, dotnet_, to_.program().arena, cut);
        if (cut) to_.cut();
    }

protected:
    // Tokens ----------------------------------------------------------------------------------------------------------
    const Token& token(std::size_t ahead = 0) const { return tokens_[std::min(at_ + ahead, tokens_.size() - 1)]; }
    /// The token behind a bracket's end; the last one where nobody closes it.
    std::size_t behind(const Token& bracket) const {
        return std::min<std::size_t>(bracket.match + std::size_t{1}, tokens_.size() - 1);
    }
    bool word(std::string_view text, std::size_t ahead = 0) const { return token(ahead).is_word(text); }
    bool sign(std::string_view text, std::size_t ahead = 0) const { return token(ahead).is(text); }
    bool ends(const Token& it) const {
        return it.kind == Kind::line || it.kind == Kind::end || it.kind == Kind::echo || it.is(":");
    }
    bool ends_statement(std::size_t ahead = 0) const { return ends(token(ahead)) && token(ahead).kind != Kind::echo; }
    bool take_word(std::string_view text) {
        if (!word(text)) return false;
        ++at_;
        return true;
    }
    void pass() {
        to_.unread();
        ++at_;
    }
    void skip_statement() {
        while (!ends(token())) ++at_;
    }

    /// System.IO.Stream, List(Of String), Byte()
    std::string_view type_name() {
        std::string name;
        while (token().kind == Kind::word) {
            name += token().text;
            ++at_;
            if (!sign(".")) break;
            name += '.';
            ++at_;
        }
        while (sign("(") && (word("of", 1) || sign(")", 1) || sign(",", 1))) at_ = behind(token());
        if (sign("?")) ++at_;
        return to_.keep(name);
    }

    void parameters() {
        auto end = token().match;
        ++at_;
        Parameter parameter;
        parameter.by_reference = !dotnet_;
        while (at_ < end) {
            if (word("byval") || word("byref")) {
                parameter.by_reference = word("byref");
                ++at_;
            } else if (word("optional") || word("paramarray")) {
                parameter.rest = word("paramarray");
                ++at_;
            } else if (word("as")) {
                ++at_;
                parameter.type = type_name();
            } else if (sign(",")) {
                if (!parameter.name.empty()) to_.function().parameters.push_back(parameter);
                parameter = {};
                parameter.by_reference = !dotnet_;
                ++at_;
            } else {
                if (token().kind == Kind::word && parameter.name.empty()) parameter.name = token().text;
                ++at_;
            }
        }
        if (!parameter.name.empty()) to_.function().parameters.push_back(parameter);
        at_ = std::min<std::size_t>(end + 1, tokens_.size() - 1);
    }

    // Expressions -----------------------------------------------------------------------------------------------------
    struct Bind {
        static constexpr int imp = 2, eqv = 3, exclusive = 4, either = 5, both = 6, negation = 7, compare = 10,
                             shift = 12, concat = 14, add = 16, mod = 18, whole = 20, multiply = 22, negative = 24,
                             power = 26;
    };
    enum Bracket : int { kParen = 1, kCall, kMethod, kIndex, kValue, kCreate, kList, kCast, kInitialise };

    static Operator comparison(const Token& it) {
        if (it.is("<")) return Operator::less;
        if (it.is(">")) return Operator::greater;
        if (it.is("<=") || it.is("=<")) return Operator::less_equal;
        if (it.is(">=") || it.is("=>")) return Operator::greater_equal;
        if (it.is("<>") || it.is("><")) return Operator::not_equal;
        return Operator::equal;
    }

    /// One expression from at_ on; afterwards exactly one value more is on the stack. `place`: its last bracket is an
    /// element that will be written to. Stops before limit_.
    void expression(bool place = false) {
        auto depth = yard_.depth();
        if (!yard_.open(kParen, token().span)) {
            to_.step(Op::unknown, token().span);
            return skip_statement();
        }
        while (at_ < std::min(limit_, tokens_.size() - 1)) {
            const auto& it = token();
            if (it.kind == Kind::line || it.kind == Kind::end || it.kind == Kind::echo) break;
            bool outermost = yard_.depth() == depth + 1;
            if (!(yard_.wants_operand() ? operand(outermost, place) : behind_operand(outermost, place))) break;
        }
        while (yard_.depth() > depth) close_bracket();
    }

    void value(Op op, const Token& it, std::string_view text = {}) {
        to_.step(op, it.span, text);
        yard_.operand();
        ++at_;
    }

    /// Where a value may begin. False: the expression is over.
    bool operand(bool outermost, bool place) {
        const auto it = token();
        switch (it.kind) {
            case Kind::string: return value(Op::text, it, it.text), true;
            case Kind::number:
                to_.number(it.span, it.number);
                yard_.operand();
                ++at_;
                return true;
            case Kind::word: return word_operand(it, outermost, place);
            case Kind::sign: break;
            default: return false;
        }
        if (it.is("-") || it.is("+")) {
            if (it.is("-")) yard_.prefix(Operator::negate, Bind::negative, it.span);
            ++at_;
            return true;
        }
        if (it.is("(") || it.is("{")) return open_bracket(it.is("(") ? kParen : kList, it);
        if (it.is(".") && yard_.is(kInitialise)) {
            to_.step(Op::copy, it.span);
            yard_.operand();
            return true;
        }
        if (it.is(".") || it.is("!")) {  // within With
            to_.step(Op::variable, it.span, with_.empty() ? std::string_view("#with") : with_);
            yard_.operand();
            return true;
        }
        if (it.is(",") && !outermost) {  // an argument left out
            to_.step(Op::nothing, it.span);
            yard_.operand();
            return true;
        }
        if ((it.is(")") || it.is("}")) && !outermost) return shut(outermost);
        if (outermost) return false;
        pass();
        return true;
    }

    bool open_bracket(int kind, const Token& it, std::string_view text = {}) {
        if (!yard_.open(kind, it.span, text)) {
            at_ = behind(it);
            to_.step(Op::unknown, it.span);
            yard_.operand();
            return true;
        }
        ++at_;
        if (kind == kList && !sign("}")) to_.step(Op::nothing, it.span);  // the first key
        return true;
    }

    bool word_operand(const Token& it, bool outermost, bool place) {
        auto name = it.text;
        if (!it.quoted) {
            if (name == "not") return yard_.prefix(Operator::logical_not, Bind::negation, it.span), ++at_, true;
            if (name == "true" || name == "false") {
                to_.truth(it.span, name == "true");
                yard_.operand();
                ++at_;
                return true;
            }
            if (name == "nothing" || name == "null" || name == "empty") return value(Op::nothing, it), true;
            if (name == "me" || name == "mybase" || name == "myclass") return value(Op::variable, it, "this"), true;
            if (name == "addressof" || name == "await" || name == "typeof" || name == "byval") return ++at_, true;
            if (name == "new") return ++at_, create(it);
            if (dotnet_ && (name == "ctype" || name == "directcast" || name == "trycast") && sign("(", 1))
                return ++at_, open_bracket(kCast, token());
            if (dotnet_ && name == "gettype" && sign("(", 1) && token(2).kind == Kind::word) {
                auto end = token(1).match;
                at_ += 2;
                to_.step(Op::type, it.span, type_name());
                yard_.operand();
                at_ = std::min<std::size_t>(end + 1, tokens_.size() - 1);
                return true;
            }
            if (dotnet_ && (name == "function" || name == "sub") && sign("(", 1)) return lambda(it);
            if (name == "if" && dotnet_ && sign("(", 1)) return ++at_, open_bracket(kCall, token(), "iif");
            if (outermost && one_of(name, kStops)) return false;
            if (auto text = constant(name); !text.empty() && !variables_.contains(name) && !sign("(", 1))
                return value(Op::text, it, text), true;
        }
        if (token(1).is(":=")) {  // a named argument
            at_ += 2;
            return true;
        }
        if (!sign("(", 1)) {
            bool function = functions_.contains(name) && !place && !(in_function(name));
            to_.step(function || (called_ && outermost && at_ + 1 == limit_) ? Op::call : Op::variable, it.span, name);
            yard_.operand();
            ++at_;
            return true;
        }
        bool last = token(1).match + 1 == limit_;
        if ((place && last) || (variables_.contains(name) && !(called_ && outermost && last))) {
            to_.step(Op::variable, it.span, name);
            ++at_;
            return open_bracket(kIndex, token());
        }
        ++at_;
        return open_bracket(kCall, token(), name);
    }
    static std::string_view constant(std::string_view name) {
        if (name == "vbcrlf" || name == "vbnewline") return "\r\n";
        if (name == "vblf") return "\n";
        if (name == "vbcr") return "\r";
        if (name == "vbtab") return "\t";
        if (name == "vbnullchar") return std::string_view("\0", 1);
        return {};
    }
    bool in_function(std::string_view name) { return to_.in_function() && to_.function().name == name; }

    bool create(const Token& it) {
        auto name = type_name();
        if (sign("(")) {
            auto after = behind(token());
            if (!tokens_[after].is("{")) return open_bracket(kCreate, token(), name);
            at_ = after;  // New Byte() {1, 2}
            return open_bracket(kList, token());
        }
        if (sign("{")) return open_bracket(kList, token());
        to_.step(Op::create, it.span, name, 0);
        yard_.operand();
        return true;
    }

    /// Function(x) expression, Sub(x) statement: its body is one expression here.
    bool lambda(const Token& it) {
        ++at_;
        auto number = to_.open_function("", type_, it.span);
        to_.function().sees_outside = true;
        parameters();
        if (word("as")) {
            ++at_;
            type_name();
        }
        auto saved = std::exchange(limit_, SIZE_MAX);
        expression();
        limit_ = saved;
        to_.step(Op::leave, it.span);
        to_.close_function();
        to_.closure(number, it.span);
        yard_.operand();
        return true;
    }

    /// Behind a value: brackets, members, operators. False: the expression is over.
    bool behind_operand(bool outermost, bool place) {
        const auto it = token();
        if (it.kind == Kind::word) return word_operator(it, outermost);
        if (it.kind != Kind::sign) return outermost ? false : (pass(), true);
        if (it.is("(")) return open_bracket(called_ && outermost && it.match + 1 == limit_ ? kValue : kIndex, it);
        if ((it.is(".") || it.is("!")) && token(1).kind == Kind::word) return member(it, outermost, place);
        if (it.is(".") && sign("(", 1)) return ++at_, true;
        if (it.is(",")) {
            if (outermost) return false;
            comma();
            return true;
        }
        if (it.is(")") || it.is("}")) return shut(outermost);
        if (it.is(":")) return false;
        if (it.is("=") && yard_.is(kInitialise) && !yard_.waiting()) {
            yard_.binary_step(Op::assign, 1, it.span);
            ++at_;
            return true;
        }
        struct Sign {
            std::string_view text;
            Operator what;
            int binds;
        };
        static constexpr Sign kSigns[] = {
            {"&", Operator::concat, Bind::concat},
            {"+", Operator::add, Bind::add},
            {"-", Operator::subtract, Bind::add},
            {"*", Operator::multiply, Bind::multiply},
            {"/", Operator::divide, Bind::multiply},
            {"\\", Operator::whole_divide, Bind::whole},
            {"^", Operator::power, Bind::power},
            {"=", Operator::equal, Bind::compare},
            {"<>", Operator::not_equal, Bind::compare},
            {"<", Operator::less, Bind::compare},
            {">", Operator::greater, Bind::compare},
            {"<=", Operator::less_equal, Bind::compare},
            {">=", Operator::greater_equal, Bind::compare},
            {"=<", Operator::less_equal, Bind::compare},
            {"=>", Operator::greater_equal, Bind::compare},
            {"><", Operator::not_equal, Bind::compare},
            {"<<", Operator::shift_left, Bind::shift},
            {">>", Operator::shift_right, Bind::shift},
        };
        for (const auto& each : kSigns) {
            if (!it.is(each.text)) continue;
            yard_.binary(each.what, each.binds, it.span);
            ++at_;
            return true;
        }
        if (outermost) return false;
        pass();
        return true;
    }

    bool word_operator(const Token& it, bool outermost) {
        struct Word {
            std::string_view text;
            Operator what;
            int binds;
        };
        static constexpr Word kWords[] = {
            {"and", Operator::logical_and, Bind::both},  {"or", Operator::logical_or, Bind::either},
            {"xor", Operator::bit_xor, Bind::exclusive}, {"mod", Operator::remainder, Bind::mod},
            {"is", Operator::equal, Bind::compare},      {"isnot", Operator::not_equal, Bind::compare},
            {"like", Operator::equal, Bind::compare},    {"eqv", Operator::equal, Bind::eqv},
            {"imp", Operator::logical_or, Bind::imp},
        };
        if (!it.quoted) {
            if (it.text == "andalso" || it.text == "orelse") {
                bool both = it.text == "andalso";
                yard_.short_circuit(both ? Operator::logical_and : Operator::logical_or,
                                    both ? Bind::both : Bind::either, it.span);
                ++at_;
                return true;
            }
            for (const auto& each : kWords) {
                if (it.text != each.text) continue;
                yard_.binary(each.what, each.binds, it.span);
                ++at_;
                return true;
            }
            if (dotnet_ && (it.text == "with" || it.text == "from") && sign("{", 1)) {
                ++at_;
                if (it.text == "with") return open_bracket(kInitialise, token());
                to_.step(Op::drop, it.span);  // the object: what it holds stands for it
                yard_.restart();
                yard_.prefix_step(Op::call, Bind::power, it.span, shells::kTableOf, 1);
                return open_bracket(kList, token());
            }
        }
        if (outermost) return false;
        if (yard_.is(kCast) && it.text == "as") {
            ++at_;
            return true;
        }
        pass();
        return true;
    }

    bool member(const Token& it, bool outermost, bool place) {
        const auto name = token(1);
        at_ += 2;
        bool last = outermost && at_ == limit_;
        if (it.is("!")) {
            to_.step(Op::text, name.span, name.text);
            to_.step(Op::element, name.span);
        } else if (sign("(") && !word("of", 1)) {
            bool element = place && token().match + 1 == limit_;
            if (!element) return open_bracket(kMethod, token(), name.text);
            to_.step(Op::member, name.span, name.text);
            return open_bracket(kIndex, token());
        } else {
            if (sign("(")) at_ = behind(token());
            if (sign("(")) return open_bracket(kMethod, token(), name.text);
            to_.step(last && called_ ? Op::method : Op::member, name.span, name.text);
        }
        yard_.operand();
        return true;
    }

    void comma() {
        yard_.settle();
        auto& top = yard_.top();
        if (top.kind == kIndex) to_.step(Op::element, top.span);
        if (top.kind == kInitialise || top.kind == kParen) to_.step(Op::drop, top.span);
        if (top.kind == kList) to_.step(Op::nothing, top.span);
        ++top.commas;
        ++at_;
        if (top.kind == kCast) {
            top.text = type_name();
            yard_.operand();
            return;
        }
        yard_.restart();
    }

    bool shut(bool outermost) {
        if (outermost) return false;
        close_bracket();
        ++at_;
        return true;
    }

    void close_bracket() {
        bool empty = yard_.wants_operand() && !yard_.waiting() && yard_.top().commas == 0;
        if (yard_.wants_operand() && !empty) to_.step(Op::nothing, token().span);
        auto top = yard_.close();
        auto count = static_cast<std::uint16_t>(empty ? 0 : std::min<std::uint32_t>(top.commas + 1, UINT16_MAX));
        switch (top.kind) {
            case kCall: to_.step(Op::call, top.span, top.text, count); break;
            case kMethod: to_.step(Op::method, top.span, top.text, count); break;
            case kCreate: to_.step(Op::create, top.span, top.text, count); break;
            case kIndex:
                if (!empty) to_.step(Op::element, top.span);
                break;
            case kValue: to_.step(Op::call_value, top.span, {}, count); break;
            case kList: to_.step(Op::list, top.span, {}, count); break;
            case kCast:
                if (empty) to_.step(Op::nothing, top.span);
                to_.step(Op::cast, top.span, top.text);
                break;
            case kInitialise:
                if (!empty) to_.step(Op::drop, top.span);
                break;
            default:
                if (empty) to_.step(Op::nothing, top.span);
                break;
        }
        yard_.operand();
    }

    Assembler to_;
    Yard yard_;
    bool dotnet_;
    std::vector<Token> tokens_;
    std::size_t at_ = 0, limit_ = SIZE_MAX;
    bool called_ = false;  // the expression is a statement: its last name is called
    std::string_view type_, with_;
    std::unordered_set<std::string_view> functions_, variables_;
};

}  // namespace ascribe::shells::basic

// Visual Basic, statement by statement: a keyword says what a line is, blocks end with a line that names them. Blocks
// live on a stack of their own; one expression is put in order by a Yard within one statement.
// https://learn.microsoft.com/previous-versions/t0aew7h6(v=vs.85),
// https://learn.microsoft.com/dotnet/visual-basic/reference/language-specification
#include "detect/shells/languages/basic.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "detect/shells/languages/basic_expressions.hpp"

namespace ascribe::shells {
namespace {

using namespace basic;

constexpr std::string_view kModifiers[] = {"public",     "private",   "protected",   "friend",       "shared",
                                           "shadows",    "overrides", "overridable", "mustoverride", "notoverridable",
                                           "overloads",  "default",   "readonly",    "writeonly",    "partial",
                                           "async",      "static",    "iterator",    "mustinherit",  "notinheritable",
                                           "withevents", "widening",  "narrowing"};
constexpr std::string_view kOldModifiers[] = {"public", "private", "default"};  // VBScript's
constexpr std::string_view kNewWords[] = {
    "module",     "structure",  "interface",     "namespace",  "enum",  "operator", "inherits", "return",
    "try",        "catch",      "finally",       "throw",      "using", "synclock", "goto",     "imports",
    "implements", "addhandler", "removehandler", "raiseevent", "event", "delegate", "declare",  "resume",
    "continue",   "get"};  // VB.NET's only
bool is_number_type(std::string_view name) {
    return one_of(name, {"integer", "long", "short", "byte", "double", "single", "boolean", "string"});
}
constexpr std::size_t kMostShared = 500;  // variables that functions share without declaring them

class Basic : private BasicExpressions {
public:
    using BasicExpressions::BasicExpressions;

    Program compile(bool value_wanted) {
        value_wanted_ = value_wanted;
        survey();
        while (at_ + 1 < tokens_.size()) {
            auto before = at_;
            if (ends_statement()) {
                if (token().kind != Kind::sign) close_single_lines();
                ++at_;
                continue;
            }
            statement();
            if (at_ == before) pass();
        }
        while (!blocks_.empty()) close_block();
        return to_.finish();
    }

private:
    struct Block {
        enum class Kind : std::uint8_t { choice, loop, each, select, with, function, type, attempt, plain } kind{};
        bool single = false;  // an If of one line
        Assembler::Label end{}, next{}, top{};
        std::string_view name = {};  // of a function; of a type before this one; the variable of Select, With, For
        std::string_view limit = {}, step = {};
        bool down = false, first = true, returns = false;
        std::string_view word = {};  // what names it at its end: "if", "for", "sub"
        Span span = {};
    };

    /// Which names are functions and which variables: a(1) means different things.
    void survey() {
        bool fresh = true;
        std::size_t inside = 0;                       // the token that names the function at hand; 0 outside
        std::unordered_set<std::string_view> own;     // of that function
        std::unordered_set<std::string_view> shared;  // written in functions that do not declare it: it is everybody's
        for (std::size_t i = 0; i + 1 < tokens_.size(); ++i) {
            const auto& it = tokens_[i];
            if (it.kind == Kind::word && i + 1 < tokens_.size() && tokens_[i + 1].kind == Kind::word &&
                one_of(it.text, {"function", "sub", "property"}) && !it.quoted &&
                !tokens_[i - (i > 0)].is_word("end") && !tokens_[i - (i > 0)].is_word("exit")) {
                auto name = i + 1;
                if (one_of(tokens_[name].text, {"get", "let", "set"})) ++name;
                functions_.insert(tokens_[name].text);
                inside = name;
                own = {tokens_[name].text};
                parameters_of(name + 1, own);
                if (tokens_[i].is_word("function")) grow(inside, tokens_[name].text);
            } else if (fresh && it.kind == Kind::word && tokens_[i + 1].is("=")) {
                variables_.insert(it.text);
                if (inside == 0) declared_.insert(it.text);
                if (inside != 0 && !dotnet_ && !own.contains(it.text)) shared.insert(it.text);
                for (auto at = i + 2; at < i + 34 && at < tokens_.size() && !ends(tokens_[at]); ++at)
                    if (tokens_[at].text == it.text && tokens_[at].kind == Kind::word) grow(inside, it.text);
            } else if (it.is_word("end") && i + 1 < tokens_.size() &&
                       (tokens_[i + 1].is_word("function") || tokens_[i + 1].is_word("sub"))) {
                inside = 0;
            } else if (it.is_word("set") && i + 2 < tokens_.size() && tokens_[i + 2].is("=")) {
                variables_.insert(tokens_[i + 1].text);
            } else if (it.is_word("dim") || it.is_word("redim") || it.is_word("each") || it.is_word("for") ||
                       it.is_word("preserve")) {
                for (auto at = i + 1; at < tokens_.size() && tokens_[at].kind == Kind::word;) {
                    variables_.insert(tokens_[at].text);
                    if (inside == 0) declared_.insert(tokens_[at].text);
                    own.insert(tokens_[at].text);
                    if (tokens_[at + 1].is("(")) at = tokens_[at + 1].match;
                    if (at + 1 >= tokens_.size() || !tokens_[at + 1].is(",")) break;
                    at += 2;
                }
            }
            fresh = ends(it) || it.is_word("then") || it.is_word("else");
        }
        for (auto name : functions_) variables_.erase(name);
        std::ranges::sort(growing_, {}, [](const Growing& each) { return std::pair(each.inside, each.name); });
        std::vector<std::string_view> names;
        for (auto name : shared)
            if (!declared_.contains(name) && !functions_.contains(name)) names.push_back(name);
        std::ranges::sort(names);
        if (names.size() > kMostShared) names.resize(kMostShared);
        for (auto name : names) {
            to_.step(Op::variable, {}, name);
            to_.step(Op::unknown, {});
            assign({});
        }
        empty_growing(0, {});
    }
    /// x = x & "...": x is empty before, wherever it was not given a value.
    void grow(std::size_t inside, std::string_view name) {
        if (growing_.size() < 10'000) growing_.push_back({inside, name});
    }
    void empty_growing(std::size_t inside, Span span) {
        auto [first, last] = std::ranges::equal_range(growing_, inside, {}, &Growing::inside);
        std::string_view before;
        for (auto each = first; each != last; ++each) {
            bool given = each->name == before;
            if (inside != 0) {
                for (const auto& parameter : to_.function().parameters) given = given || parameter.name == each->name;
                auto global = std::ranges::equal_range(growing_, std::size_t{0}, {}, &Growing::inside);
                for (const auto& other : global) given = given || other.name == each->name;
                given = given || (each->name != to_.function().name && declared_.contains(each->name));
            }
            before = each->name;
            if (given) continue;
            to_.step(Op::variable, span, each->name);
            to_.step(Op::nothing, span);
            assign(span);
        }
    }
    void parameters_of(std::size_t at, std::unordered_set<std::string_view>& own) {
        if (at >= tokens_.size() || !tokens_[at].is("(")) return;
        for (auto i = at + 1; i < tokens_[at].match && i < at + 1024; ++i)
            if (tokens_[i].kind == Kind::word &&
                (tokens_[i + 1].is(",") || tokens_[i + 1].is(")") || tokens_[i + 1].is_word("as")))
                variables_.insert(tokens_[i].text), own.insert(tokens_[i].text);
    }

    // Statements ------------------------------------------------------------------------------------------------------
    void statement() {
        if (token().kind == Kind::echo) return echo();
        if (dotnet_ && sign("<")) return attributes();
        if (sign("#")) return skip_line();
        if (token().kind == Kind::word && !token().quoted && keyword()) return;
        if (token().kind == Kind::word || sign(".")) return plain_statement();
        pass();
    }

    void skip_line() {
        while (token().kind != Kind::line && token().kind != Kind::end) ++at_;
    }

    void echo() {
        auto span = token().span;
        ++at_;
        if (!ends_statement()) {
            expression();
            to_.step(Op::echo, span);
        }
        while (token().kind != Kind::end) pass();
    }

    /// `<WebMethod()>`: parameters of what follows come from the visitor.
    void attributes() {
        while (!ends(token()) && !sign(">")) {
            if (word("webmethod") || word("webmethodattribute")) web_method_ = true;
            ++at_;
        }
        if (sign(">")) ++at_;
        while (token().kind == Kind::line) ++at_;
    }

    bool keyword() {
        auto name = token().text;
        auto span = token().span;
        if (name == "response" || name == "request" || sign("=", 1)) return false;
        if (!dotnet_ && one_of(name, kNewWords)) return false;
        if (dotnet_ && name == "set" && sign("(", 1)) return skip_statement(), true;  // of a property
        if (name == "dim" || name == "const" || name == "redim") return ++at_, declaration(name == "redim"), true;
        if (one_of(name, dotnet_ ? std::span<const std::string_view>(kModifiers) : kOldModifiers))
            return ++at_, modified(), true;
        if (name == "if") return ++at_, choice(span), true;
        if (name == "elseif") return ++at_, else_if(span), true;
        if (name == "else") return ++at_, otherwise(span), true;
        if (name == "set" || name == "let") return ++at_, true;
        if (name == "call") return ++at_, plain_statement(), true;
        if (name == "for") return ++at_, loop(span), true;
        if (name == "next") return ++at_, skip_to_end(Words{"for", "each"}), true;
        if (name == "do") return ++at_, do_loop(span), true;
        if (name == "loop") return ++at_, end_do(span), true;
        if (name == "while") return ++at_, while_loop(span), true;
        if (name == "wend") return ++at_, skip_to_end(Words{"while"}), true;
        if (name == "select") return ++at_, select(span), true;
        if (name == "case") return ++at_, select_case(span), true;
        if (name == "sub" || name == "function" || name == "property" || name == "operator")
            return ++at_, function(name, span), true;
        if (name == "class" || name == "module" || name == "structure" || name == "interface" || name == "namespace" ||
            name == "enum")
            return ++at_, type(name, span), true;
        if (name == "inherits") return ++at_, inherits(), true;
        if (name == "with") return ++at_, with(span), true;
        if (name == "end") return ++at_, end(span), true;
        if (name == "exit" || name == "continue") return ++at_, exit(name == "exit", span), true;
        if (name == "return") return ++at_, give(span), true;
        if (name == "get") return ++at_, true;
        if (name == "try") return ++at_, push({.kind = Block::Kind::attempt, .end = to_.label(), .word = "try"}), true;
        if (name == "catch" || name == "finally") return ++at_, rescue(name == "catch", span), true;
        if (name == "throw") return ++at_, raise(span), true;
        if (name == "using") return ++at_, push({.kind = Block::Kind::plain, .word = "using"}), using_resource(), true;
        if (name == "synclock")
            return ++at_, push({.kind = Block::Kind::plain, .word = "synclock"}), skip_statement(), true;
        if (name == "goto") return ++at_, to_.go(token().text, span), skip_statement(), true;
        if (one_of(name, {"on", "option", "imports", "implements", "addhandler", "removehandler", "raiseevent", "event",
                          "erase", "stop", "delegate", "declare", "resume"}))
            return skip_statement(), true;
        if (dotnet_ && token(1).is(":") && at_ > 0 && tokens_[at_ - 1].kind == Kind::line &&
            !functions_.contains(name)) {
            to_.named_label(name);
            at_ += 2;
            return true;
        }
        return false;
    }

    void modified() {
        while (token().kind == Kind::word && one_of(token().text, kModifiers)) {
            if (word("mustoverride")) return skip_statement();
            ++at_;
        }
        if (token().kind == Kind::word &&
            one_of(token().text, {"sub", "function", "property", "class", "module", "structure", "const", "enum",
                                  "event", "delegate", "declare", "operator", "interface", "dim"}))
            return;
        if (ends_statement()) return;
        declaration(false);
    }

    /// Dim a, b(10), c As New T(...), d As T = value
    void declaration(bool again) {
        take_word("preserve");
        for (;;) {
            if (token().kind != Kind::word) return skip_statement();
            auto name = token().text;
            auto span = token().span;
            ++at_;
            bool array = sign("(");
            if (array) at_ = std::min<std::size_t>(token().match + 1, tokens_.size() - 1);
            std::string_view type;
            bool made = false;
            if (take_word("as")) {
                if (word("new")) {
                    to_.step(Op::variable, span, name);
                    expression();
                    assign(span);
                    made = true;
                } else {
                    type = type_name();
                }
            }
            if (!made && sign("=")) {
                ++at_;
                to_.step(Op::variable, span, name);
                expression();
                if (!type.empty()) to_.step(Op::cast, span, type);
                assign(span);
            } else if (!made && !array && !type.empty() && !is_number_type(type)) {  // of a type, and empty
                to_.step(Op::variable, span, name);
                to_.step(Op::unknown, span);
                to_.step(Op::cast, span, type);
                assign(span);
            }
            if (again && !ends(token()) && !sign(",")) skip_statement();
            if (!sign(",")) break;
            ++at_;
        }
    }
    void assign(Span span, Operator what = Operator::none) {
        to_.assign(span, what);
        to_.step(Op::drop, span);
    }

    void plain_statement() {
        auto span = token().span;
        // The chain that the statement begins with: name, members, brackets.
        auto end = at_, callee = at_;  // callee: the chain without its last bracket
        bool bracket = false;
        while (end < tokens_.size()) {
            const auto& it = tokens_[end];
            if (it.is("(") && end > at_) {
                callee = end;
                end = it.match + 1;
                bracket = true;
            } else if (it.kind == Kind::word && (end == at_ || tokens_[end - 1].is(".") || tokens_[end - 1].is("!"))) {
                ++end;
                bracket = false;
            } else if ((it.is(".") || it.is("!")) &&
                       tokens_[end + 1 < tokens_.size() ? end + 1 : end].kind == Kind::word) {
                // In `.a .b` the second begins an argument, but only within With, and only with a blank before.
                if (end > at_ && it.spaced && !bracket) break;
                ++end;
            } else {
                break;
            }
        }
        if (end == at_) return pass();
        end = std::min(end, tokens_.size() - 1);
        const auto& next = tokens_[end];
        auto compound = compound_operator(next);
        if (next.is("=") && end == at_ + 1 && grows(end + 1)) {  // x = x & y is x &= y: decoders build long texts so
            to_.step(Op::variable, span, token().text);
            at_ = end + 3;
            expression();
            return assign(span, Operator::concat);
        }
        if (next.is("=") || compound != Operator::none) {
            limit_ = end;
            expression(true);
            limit_ = SIZE_MAX;
            at_ = end + 1;
            expression();
            assign(span, compound);
            return;
        }
        if (ends(next) || next.is_word("else") || next.is_word("end")) {
            limit_ = end;
            called_ = true;
            expression();
            limit_ = SIZE_MAX;
            called_ = false;
            at_ = std::max(at_, end);
            return end_call(span);
        }
        call_without_brackets(bracket ? callee : end, span);
    }
    /// Whether the value that begins at `at` is the variable at hand & something, and no looser operator follows.
    bool grows(std::size_t at) const {
        if (at + 2 >= tokens_.size() || tokens_[at].kind != Kind::word || tokens_[at].text != token().text ||
            !tokens_[at + 1].is("&"))
            return false;
        for (auto i = at + 2; i < at + 256 && i < tokens_.size(); ++i) {
            const auto& it = tokens_[i];
            if (ends(it)) return true;
            if (it.is("(")) {
                i = it.match;
                continue;
            }
            bool looser = it.is("=") || it.is("<>") || it.is("<") || it.is(">") || it.is("<=") || it.is(">=");
            if (it.kind == Kind::word && !it.quoted)
                looser = one_of(it.text, {"and", "or", "xor", "not", "is", "else", "end", "like", "eqv", "imp",
                                          "andalso", "orelse"});
            if (looser) return it.is_word("else") || it.is_word("end");
        }
        return false;
    }
    static Operator compound_operator(const Token& it) {
        if (it.kind != Kind::sign || it.text.size() != 2 || it.text[1] != '=') return Operator::none;
        switch (it.text[0]) {
            case '+': return Operator::add;
            case '-': return Operator::subtract;
            case '*': return Operator::multiply;
            case '/': return Operator::divide;
            case '\\': return Operator::whole_divide;
            case '&': return Operator::concat;
            case '^': return Operator::power;
            default: return Operator::none;
        }
    }

    /// Response.Write "a", b
    void call_without_brackets(std::size_t callee_end, Span span) {
        auto last = callee_end - 1;  // the name that is called
        auto name = tokens_[last];
        bool method = last > at_;
        if (name.kind != Kind::word) return skip_statement();
        if (method && last == at_ + 1) {  // .Write within With
            to_.step(Op::variable, name.span, with_.empty() ? std::string_view("#with") : with_);
        } else if (method) {
            limit_ = last - 1;  // without the dot
            expression();
            limit_ = SIZE_MAX;
        }
        at_ = callee_end;
        std::uint16_t count = 0;
        while (!ends(token()) && !word("else")) {
            if (sign(",")) {
                to_.step(Op::nothing, token().span);
            } else {
                auto before = at_;
                expression();
                if (at_ == before) {
                    to_.step(Op::drop, span);
                    pass();
                    continue;
                }
            }
            ++count;
            if (!sign(",")) break;
            ++at_;
        }
        to_.step(method ? Op::method : Op::call, name.span, name.text, count);
        end_call(span);
        while (!ends(token()) && !word("else") && !word("end")) pass();
    }

    /// A call's value is of use to nobody, unless it is what evaluated text gives.
    void end_call(Span span) {
        bool last = value_wanted_ && blocks_.empty() && at_ + 2 >= tokens_.size();
        to_.step(last ? Op::leave : Op::drop, span);
    }

    // Blocks ----------------------------------------------------------------------------------------------------------
    void push(Block block) {
        if (blocks_.size() >= kMostNesting) {
            to_.cut();
            return;
        }
        block.span = token().span;
        blocks_.push_back(block);
    }

    void close_single_lines() {
        while (!blocks_.empty() && blocks_.back().single) close_block();
    }

    /// Closes the innermost block that one of the words names, and all within; false when there is none.
    bool close_named(Words words) {
        for (auto i = blocks_.size(); i-- > 0;) {
            if (!one_of(blocks_[i].word, words) || blocks_[i].single) continue;
            while (blocks_.size() > i) close_block();
            return true;
        }
        to_.unread();
        return false;
    }
    void skip_to_end(Words words) {
        close_named(words);
        skip_statement();
    }

    void close_block() {
        auto block = blocks_.back();
        blocks_.pop_back();
        auto span = token().span;
        switch (block.kind) {
            case Block::Kind::choice:
                to_.place(block.next);
                to_.place(block.end);
                break;
            case Block::Kind::loop:
                to_.place(block.next);
                if (!block.limit.empty()) {
                    to_.step(Op::variable, span, block.name);
                    to_.step(Op::variable, span, block.step);
                    assign(span, Operator::add);
                }
                to_.jump(Op::jump, block.top, span);
                to_.place(block.end);
                to_.close_loop();
                break;
            case Block::Kind::each:
                to_.jump(Op::jump, block.next, span);
                to_.place(block.end);
                to_.step(Op::each_end, span);
                to_.close_loop();
                break;
            case Block::Kind::select:
                to_.place(block.next);
                to_.place(block.end);
                to_.close_loop();
                break;
            case Block::Kind::function:
                if (block.returns) {
                    to_.step(Op::variable, span, block.name);
                    to_.step(Op::leave, span);
                }
                to_.close_function();
                break;
            case Block::Kind::type: type_ = block.name; break;
            case Block::Kind::attempt: to_.place(block.end); break;
            case Block::Kind::with: with_ = block.name; break;
            case Block::Kind::plain: break;
        }
    }

    void choice(Span span) {
        Block block{.kind = Block::Kind::choice, .end = to_.label(), .next = to_.label(), .word = "if"};
        expression();
        to_.jump(Op::jump_unless, block.next, span);
        take_word("then");
        block.single = !(token().kind == Kind::line || token().kind == Kind::end);
        push(block);
    }
    Block* innermost_choice() {
        for (auto i = blocks_.size(); i-- > 0;) {
            if (blocks_[i].kind != Block::Kind::choice) continue;
            bool direct = blocks_[i].single == false;
            if (direct || i + 1 == blocks_.size()) {
                while (blocks_.size() > i + 1) close_block();
                return &blocks_.back();
            }
            return nullptr;
        }
        return nullptr;
    }
    void else_if(Span span) {
        auto* block = innermost_choice();
        if (block == nullptr) return pass();
        to_.jump(Op::jump, block->end, span);
        to_.place(block->next);
        auto next = block->next = to_.label();
        expression();
        to_.jump(Op::jump_unless, next, span);
        take_word("then");
    }
    void otherwise(Span span) {
        auto* block = innermost_choice();
        if (block == nullptr) return pass();
        to_.jump(Op::jump, block->end, span);
        to_.place(block->next);
        block->next = to_.label();
    }

    void loop(Span span) {
        if (take_word("each")) return each(span);
        auto name = token().text;
        ++at_;
        if (take_word("as")) type_name();
        if (!sign("=")) return skip_statement();
        ++at_;
        to_.step(Op::variable, span, name);
        expression();
        assign(span);
        auto limit = to_.fresh(), step = to_.fresh();
        if (take_word("to")) {
            expression();
            to_.store(limit, span);
        }
        bool down = false;
        if (take_word("step")) {
            down = sign("-");
            expression();
        } else {
            to_.number(span, 1);
        }
        to_.store(step, span);
        Block block{.kind = Block::Kind::loop,
                    .end = to_.label(),
                    .next = to_.label(),
                    .top = to_.label(),
                    .name = name,
                    .limit = limit,
                    .step = step,
                    .down = down,
                    .word = "for"};
        to_.place(block.top);
        to_.step(Op::variable, span, name);
        to_.step(Op::variable, span, limit);
        to_.binary(down ? Operator::greater_equal : Operator::less_equal, span);
        to_.jump(Op::jump_unless, block.end, span);
        to_.open_loop(block.end, block.next, "for");
        push(block);
    }
    void each(Span span) {
        auto name = token().text;
        ++at_;
        if (take_word("as")) type_name();
        if (!take_word("in")) return skip_statement();
        expression();
        Block block{.kind = Block::Kind::each, .end = to_.label(), .next = to_.label(), .word = "for"};
        to_.step(Op::each_begin, span);
        to_.place(block.next);
        to_.jump(Op::each_next, block.end, span);
        to_.store(name, span);
        to_.step(Op::drop, span);
        to_.open_loop(block.end, block.next, "for");
        push(block);
    }

    void condition(Block& block, Span span) {
        bool until = word("until");
        ++at_;
        expression();
        to_.jump(until ? Op::jump_if : Op::jump_unless, block.end, span);
    }
    void do_loop(Span span) {
        Block block{
            .kind = Block::Kind::loop, .end = to_.label(), .next = to_.label(), .top = to_.label(), .word = "do"};
        to_.place(block.top);
        if (word("while") || word("until")) condition(block, span);
        to_.open_loop(block.end, block.next, "do");
        push(block);
    }
    void end_do(Span span) {
        auto at = std::ranges::find(blocks_.rbegin(), blocks_.rend(), std::string_view("do"), &Block::word);
        if (at != blocks_.rend() && (word("while") || word("until"))) {
            while (blocks_.back().word != "do") close_block();
            to_.place(blocks_.back().next);
            blocks_.back().next = to_.label();
            condition(blocks_.back(), span);
        }
        close_named({"do"});
    }
    void while_loop(Span span) {
        Block block{
            .kind = Block::Kind::loop, .end = to_.label(), .next = to_.label(), .top = to_.label(), .word = "while"};
        to_.place(block.top);
        expression();
        to_.jump(Op::jump_unless, block.end, span);
        to_.open_loop(block.end, block.next, "while");
        push(block);
    }

    void select(Span span) {
        take_word("case");
        expression();
        Block block{.kind = Block::Kind::select,
                    .end = to_.label(),
                    .next = to_.label(),
                    .name = to_.fresh(),
                    .word = "select"};
        to_.store(block.name, span);
        to_.open_loop(block.end, block.end, "select");
        push(block);
    }
    void select_case(Span span) {
        auto found = std::ranges::find(blocks_.rbegin(), blocks_.rend(), Block::Kind::select, &Block::kind);
        if (found == blocks_.rend()) return skip_statement();
        while (blocks_.back().kind != Block::Kind::select) close_block();
        auto& block = blocks_.back();
        if (!block.first) to_.jump(Op::jump, block.end, span);
        block.first = false;
        to_.place(block.next);
        block.next = to_.label();
        auto next = block.next;
        auto name = block.name;
        if (take_word("else")) return;
        auto body = to_.label();
        while (!ends(token())) {
            auto before = at_;
            to_.step(Op::variable, span, name);
            auto what = Operator::equal;
            if (take_word("is") || sign("<") || sign(">") || sign("<=") || sign(">=") || sign("<>")) {
                what = comparison(token());
                ++at_;
            }
            expression();
            if (take_word("to")) {  // a range: its lower end decides, the upper one is read over
                what = Operator::greater_equal;
                expression();
                to_.step(Op::drop, span);
            }
            to_.binary(what, span);
            to_.jump(Op::jump_if, body, span);
            if (sign(",")) ++at_;
            if (at_ == before) pass();
        }
        to_.jump(Op::jump, next, span);
        to_.place(body);
    }

    void function(std::string_view word_of, Span span) {
        if (word_of == "property") {
            if (word("get") || word("let") || word("set")) ++at_;
        }
        auto name = token().text;
        if (token().kind != Kind::word) return pass();
        auto named_at = at_;
        ++at_;
        to_.open_function(name, type_, span);
        if (sign("(") && word("of", 1)) at_ = token().match + 1;
        if (sign("(")) parameters();
        bool handles =
            std::find_if(tokens_.begin() + static_cast<std::ptrdiff_t>(at_), tokens_.end(), [this](const Token& it) {
                return ends(it) || it.is_word("handles");
            })->is_word("handles");
        if (dotnet_)  // As T, Handles, Implements; VBScript's body may begin on the same line
            while (token().kind != Kind::line && token().kind != Kind::end && !sign(":")) ++at_;
        if (handles || is_entry(name)) to_.program().entry_points.push_back(name);
        if (web_method_) {
            to_.program().entry_points.push_back(name);
            for (auto& parameter : std::vector(to_.function().parameters)) from_request(parameter.name, span);
        }
        web_method_ = false;
        empty_growing(named_at, span);
        auto body = at_;
        while (tokens_[body].kind == Kind::line && body + 1 < tokens_.size()) ++body;
        bool automatic = dotnet_ && word_of == "property" && !tokens_[body].is_word("get") &&
                         !tokens_[body].is_word("set") && !tokens_[body].is("<") &&
                         !one_of(tokens_[body].text, kModifiers);
        if (automatic) return to_.close_function();
        push({.kind = Block::Kind::function, .name = name, .returns = word_of != "sub", .word = word_of});
    }
    bool is_entry(std::string_view name) {
        bool page = name.starts_with("page_") || name.starts_with("application_") || name.starts_with("session_") ||
                    name == "processrequest" || name == "render" || name.starts_with("onload") ||
                    name.starts_with("oninit");
        const auto& parameters = to_.function().parameters;
        bool event = dotnet_ && parameters.size() == 2 &&
                     (parameters[1].type.empty() || ends_folded(parameters[1].type, "eventargs"));
        return page || event;
    }
    void from_request(std::string_view name, Span span) {
        to_.step(Op::variable, span, name);
        to_.step(Op::text, span, name);
        to_.step(Op::call, span, "request", 1);
        assign(span);
    }
    void type(std::string_view word_of, Span span) {
        std::string_view name = token().text;
        skip_statement();
        push({.kind = Block::Kind::type, .name = type_, .word = word_of});
        if (word_of == "namespace" || word_of == "enum") return;
        type_ = name;
        to_.program().types.push_back({name, {}, span});
    }
    void inherits() {
        auto parent = type_name();
        if (!to_.program().types.empty()) to_.program().types.back().parent = parent;
        skip_statement();
    }
    void with(Span span) {
        expression();
        auto name = to_.fresh();
        to_.store(name, span);
        push({.kind = Block::Kind::with, .name = with_, .word = "with"});
        with_ = name;
    }

    void end(Span span) {
        if (token().kind != Kind::word) {  // End: the script ends here, or in another branch
            auto after = to_.label();
            to_.maybe(after, span);
            to_.step(Op::nothing, span);
            to_.step(Op::leave, span);
            to_.place(after);
            return;
        }
        auto name = token().text;
        ++at_;
        if (name == "get" || name == "set") return;
        close_named({name});
        skip_statement();
    }
    void exit(bool leaves, Span span) {
        auto name = token().text;
        ++at_;
        if (name == "sub" || name == "function" || name == "property") return give(span);
        if (leaves)
            to_.break_loop(name, span);
        else
            to_.continue_loop(name, span);
    }
    void give(Span span) {
        if (!ends(token()) && !word("else")) {
            expression();
        } else {
            auto found = std::ranges::find(blocks_.rbegin(), blocks_.rend(), Block::Kind::function, &Block::kind);
            bool returns = found != blocks_.rend() && found->returns;
            to_.step(returns ? Op::variable : Op::nothing, span, returns ? found->name : std::string_view{});
        }
        to_.step(Op::leave, span);
    }
    void raise(Span span) {
        if (!ends(token()))
            expression();
        else
            to_.step(Op::nothing, span);
        to_.step(Op::raise, span);
    }
    void rescue(bool caught, Span span) {
        auto found = std::ranges::find(blocks_.rbegin(), blocks_.rend(), Block::Kind::attempt, &Block::kind);
        if (found == blocks_.rend()) return skip_statement();
        while (blocks_.back().kind != Block::Kind::attempt) close_block();
        to_.place(blocks_.back().end);
        blocks_.back().end = to_.label();
        if (caught) to_.maybe(blocks_.back().end, span);
        skip_statement();
    }
    void using_resource() {
        if (token(1).is_word("as") || token(1).is("=")) return declaration(false);
        expression();
        to_.step(Op::drop, token().span);
    }

    bool value_wanted_ = false;
    bool web_method_ = false;  // an attribute said so
    std::vector<Block> blocks_;
    struct Growing {
        std::size_t inside = 0;
        std::string_view name;
    };
    std::vector<Growing> growing_;                   // by place
    std::unordered_set<std::string_view> declared_;  // outside of functions
};

}  // namespace

Program compile_basic(std::string_view text, Span where, Language language) {
    return Basic(text, where, language).compile(false);
}
Program compile_basic_code(std::string_view text, Span where, Language language) {
    return Basic(text, where, language).compile(true);
}

}  // namespace ascribe::shells

// Visual Basic, statement by statement: a keyword says what a line is, blocks end with a line that names them
// (basic_blocks.hpp); one expression is put in order by a Yard within one statement (basic_expressions.hpp).
// https://learn.microsoft.com/previous-versions/t0aew7h6(v=vs.85),
// https://learn.microsoft.com/dotnet/visual-basic/reference/language-specification
#include "shells/languages/basic.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "shells/languages/basic_blocks.hpp"

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

class Basic : private BasicBlocks {
public:
    using BasicBlocks::BasicBlocks;

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
        if (dotnet_ && name == "set" && sign("(", 1)) return ++at_, setter(span), true;
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
        if (name == "on" && word("error", 1)) return on_error(), true;
        if (name == "imports" && token(1).kind == Kind::word && sign("=", 2)) return import(), true;
        if (one_of(name, {"option", "imports", "implements", "addhandler", "removehandler", "raiseevent", "event",
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

    /// On Error Resume Next, On Error GoTo 0. Pages whose line ends became blanks go on behind it.
    void on_error() {
        at_ += 2;
        if (word("resume") || word("goto")) ++at_;
        if (!ends(token())) ++at_;
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
    void declaration(bool again, bool property = false) {
        take_word("preserve");
        // What a class declares is there from the beginning, and its methods share it; so are the fields of a page.
        bool is_field = !to_.in_function() && (dotnet_ || !type_.empty());
        bool of_object = is_field && !type_.empty() && !blocks_.empty() && blocks_.back().kind == Block::Kind::type &&
                         one_of(blocks_.back().word, {"class", "structure"});
        for (;;) {
            if (token().kind != Kind::word) return skip_statement();
            auto name = token().text;
            auto span = token().span;
            ++at_;
            bool array = sign("(") && !property;
            if (sign("(")) at_ = behind(token());
            std::string_view type;
            bool made = false;
            if (of_object) to_.open_function(shells::kInitialise, type_, span);
            if (take_word("as")) {
                if (word("new")) {
                    place_of(name, of_object, span);
                    expression();
                    assign(span);
                    made = true;
                } else {
                    type = type_name();
                }
            }
            bool given = !made && sign("=");
            bool typed = !made && !array && !type.empty() && !is_number_type(type);  // of a type, and empty
            if (given || typed || (is_field && !made && !array)) {
                if (given) ++at_;
                place_of(name, of_object, span);
                if (given)
                    expression();
                else
                    to_.step(dotnet_ ? Op::unknown : Op::nothing, span);
                if (!type.empty() && (given || typed)) to_.step(Op::cast, span, type);
                assign(span);
            }
            if (of_object) to_.close_function();
            if (again && !ends(token()) && !sign(",")) skip_statement();
            if (!sign(",")) break;
            ++at_;
        }
    }

    /// The variable, or this object's field, of that name.
    void place_of(std::string_view name, bool of_object, Span span) {
        to_.step(Op::variable, span, of_object ? std::string_view("this") : name);
        if (of_object) to_.step(Op::member, span, name);
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

    // Declarations ----------------------------------------------------------------------------------------------------
    void function(std::string_view word_of, Span span) {
        bool stores = false;
        if (word_of == "property") {
            stores = word("let") || word("set");
            if (stores || word("get")) ++at_;
        }
        auto name = token().text;
        if (token().kind != Kind::word) return pass();
        auto named_at = at_;
        ++at_;
        if (stores) name = to_.keep(std::string(name).append(kSetter));
        to_.open_function(name, type_, span);
        if (sign("(") && word("of", 1)) at_ = behind(token());
        if (sign("(")) parameters();
        to_.function().getter = word_of == "property" && !stores && to_.function().parameters.empty();
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
        if (automatic) {  // a field, but for its name
            to_.function().name = {};
            to_.close_function();
            functions_.erase(name);
            variables_.insert(name);
            at_ = named_at;
            return declaration(false, true);
        }
        push({.kind = Block::Kind::function, .name = name, .returns = word_of != "sub" && !stores, .word = word_of});
    }
    /// Set(value As T), in a property: what came before was its getter.
    void setter(Span span) {
        bool inside =
            !blocks_.empty() && blocks_.back().kind == Block::Kind::function && blocks_.back().word == "property";
        if (!inside) return skip_statement();
        auto name = blocks_.back().name;
        to_.step(Op::variable, span, name);
        to_.step(Op::leave, span);
        to_.close_function();
        to_.open_function(to_.keep(std::string(name).append(kSetter)), type_, span);
        parameters();
        blocks_.back().returns = false;
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
        if (token().kind != Kind::word) skip_statement();
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
        if (caught && token().kind == Kind::word && !word("when")) {
            auto name = token().text;
            to_.step(Op::variable, span, kThrown);
            to_.store(name, span);
        }
        skip_statement();
    }
    /// Imports A = T: A is T.
    void import() {
        constexpr std::size_t kMostRenamed = 32;
        auto alias = token(1).text;
        auto begins = at_ += 3;
        auto name = type_name();
        name = name.substr(name.rfind('.') + 1);
        if (name.empty() || name == alias || ++renamed_ > kMostRenamed) return skip_statement();
        for (auto i = begins; i < tokens_.size(); ++i)
            if (tokens_[i].is_word(alias) && !tokens_[i - 1].is(".")) tokens_[i].text = name;
        skip_statement();
    }
    void using_resource() {
        if (token(1).is_word("as") || token(1).is("=")) return declaration(false);
        expression();
        to_.step(Op::drop, token().span);
    }

    std::size_t renamed_ = 0;  // by Imports
    bool value_wanted_ = false;
    bool web_method_ = false;  // an attribute said so
};

}  // namespace

Program compile_basic(std::string_view text, Span where, Language language) {
    return Basic(text, where, language).compile(false);
}
Program compile_basic_code(std::string_view text, Span where, Language language) {
    return Basic(text, where, language).compile(true);
}

}  // namespace ascribe::shells

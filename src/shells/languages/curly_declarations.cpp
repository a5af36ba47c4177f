// What a declaration looks like in languages with braces: `Type name`, `function name(...)`, classes and their members.
#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "shells/languages/curly.hpp"

namespace ascribe::shells {
namespace {

using Kind = Token::Kind;
constexpr std::size_t kMostTypeTokens = 64;

bool names_no_type(std::string_view word) {
    static constexpr std::string_view kWords[] = {
        "return", "new",        "throw",  "else",     "await",  "yield",     "case",    "goto",  "in",  "is",
        "as",     "instanceof", "break",  "continue", "typeof", "delete",    "if",      "while", "for", "do",
        "switch", "try",        "import", "package",  "using",  "namespace", "default", "out",   "ref"};
    return std::ranges::find(kWords, word) != std::end(kWords);
}

bool is_number_type(std::string_view name) {
    static constexpr std::string_view kNames[] = {"int", "long", "short", "byte", "double", "float", "uint", "char"};
    return std::ranges::find(kNames, name) != std::end(kNames);
}

}  // namespace

std::size_t Curly::behind_generics(std::size_t at) const {
    if (!token_at(at).is("<")) return at;
    std::size_t depth = 0;
    for (auto i = at; i < at + kMostTypeTokens && i < tokens_.size(); ++i) {
        const auto& it = tokens_[i];
        if (it.kind == Kind::word || it.is(",") || it.is(".") || it.is("?") || it.is("[") || it.is("]") || it.is("&"))
            continue;
        if (it.is("<")) {
            ++depth;
        } else if (it.is(">") || it.is(">>") || it.is(">>>")) {
            if (it.text.size() >= depth) return i + 1;
            depth -= it.text.size();
        } else {
            return 0;
        }
    }
    return 0;
}

std::size_t Curly::behind_type(std::size_t at) const {
    if (token_at(at).kind != Kind::word || token_at(at).quoted || names_no_type(token_at(at).text)) return 0;
    ++at;
    for (auto limit = at + kMostTypeTokens; at < limit && token_at(at).is(".") && token_at(at + 1).kind == Kind::word;)
        at += 2;
    at = behind_generics(at);
    if (at == 0) return 0;
    if (token_at(at).is("?") && (token_at(at + 1).kind == Kind::word || token_at(at + 1).is("["))) ++at;
    while (token_at(at).is("[") && (token_at(at + 1).is("]") || token_at(at + 1).is(",")) && at + 1 < tokens_.size())
        at = std::min<std::size_t>(token_at(at).match + 1, tokens_.size() - 1);
    return at;
}

std::string_view Curly::type_text(std::size_t begin, std::size_t end) {
    std::string name;
    for (auto i = begin; i < end && i < tokens_.size(); ++i) {
        if (tokens_[i].kind != Kind::word && !tokens_[i].is(".")) break;
        if (!name.empty() && tokens_[i].kind == Kind::word && name.back() != '.') break;
        name += tokens_[i].text;
    }
    for (auto i = begin; i < end && i < tokens_.size(); ++i)
        if (tokens_[i].is("[")) return to_.keep(name + "[]");
    return to_.keep(name);
}

Curly::Declaration Curly::declaration_at(std::size_t at) const {
    static constexpr std::string_view kModifiers[] = {"final",     "const",    "static",   "public",   "private",
                                                      "protected", "internal", "readonly", "unsafe",   "async",
                                                      "volatile",  "override", "virtual",  "abstract", "synchronized"};
    while (token_at(at).kind == Kind::word &&
           std::ranges::find(kModifiers, token_at(at).text) != std::end(kModifiers) && at + 1 < tokens_.size())
        ++at;
    Declaration found;
    found.type = at;
    found.name = behind_type(at);
    if (found.name == 0 || token_at(found.name).kind != Kind::word || token_at(found.name).quoted) return found;
    auto name = token_at(found.name).text;
    // Operators elsewhere, but names that Java's programs are fond of.
    bool operates = name == "in" || name == "is" || name == "as" || name == "instanceof" || name == "of";
    const auto& follows = token_at(found.name + 1);
    if (operates && !follows.is("=") && !follows.is(";") && !follows.is(",") && !follows.is(")")) return found;
    found.after = behind_generics(found.name + 1);
    if (found.after == 0) found.after = found.name + 1;
    const auto& next = token_at(found.after);
    if (next.is("(")) {
        const auto& behind = token_at(next.match + 1);
        found.method =
            behind.is("{") || behind.is("=>") || behind.is_word("throws") || behind.is_word("where") || behind.is(";");
        if (behind.is(";") && !yard_.depth() && native_.empty()) found.method = false;
        found.found = found.method;
        return found;
    }
    found.property = next.is("{") || next.is("=>");
    found.found = next.is("=") || next.is(";") || next.is(",") || next.is(":") || next.is_word("in") || next.is(")") ||
                  next.is("[") || next.kind == Kind::end || found.property;
    return found;
}

/// [WebMethod], @Override(...)
bool Curly::attribute() {
    if (sign("@") && token(1).kind == Kind::word && !token(1).is_word("interface")) {
        if (word(kGetter, 1)) getter_ = true;
        auto at = at_ + 2;
        while (token_at(at).is(".") && token_at(at + 1).kind == Kind::word) at += 2;
        if (token_at(at).is("(")) {
            for (auto i = at + 1; word(kHandler, 1) && i < token_at(at).match; ++i)
                if (tokens_[i].kind == Kind::word) visitors_.push_back(tokens_[i].text);
            at = token_at(at).match + 1;
        }
        jump_to(at);
        return true;
    }
    bool begins = dialect_.verbatim && sign("[") && (!brackets() || yard_.top().kind < kFirstExpression);
    if (!begins) return false;
    auto end = static_cast<std::size_t>(token().match);
    for (auto i = at_; i < end; ++i) {
        if (tokens_[i].is_word("WebMethod") || tokens_[i].is_word("WebMethodAttribute")) web_method_ = true;
        if (tokens_[i].is_word("DllImport")) native_ = "#";
        if (tokens_[i].is_word("EntryPoint") && token_at(i + 2).kind == Kind::string) native_ = token_at(i + 2).text;
    }
    jump_to(end + 1);
    return true;
}

/// [DllImport("x", EntryPoint = "f")] static extern int g(...): by whatever name, it is the system's function.
void Curly::native_function(std::string_view name, std::string_view entry, Span span) {
    if (entry == "#") entry = name;
    if (entry == "system") entry = "_wsystem";  // the same, and no namespace's name
    if (entry == name) {
        to_.function().name = {};
        return;
    }
    auto given = std::vector(to_.function().parameters);
    for (const auto& parameter : given) to_.step(Op::variable, span, parameter.name);
    to_.step(Op::call, span, entry, static_cast<std::uint32_t>(given.size()));
    to_.step(Op::leave, span);
}

void Curly::open_type(std::string_view name, std::string_view parent, bool expression, Span span) {
    if (!begin(kType, span, type_)) return;
    yard_.top().flag = expression;
    type_ = name;
    statics_ = false;
    to_.program().types.push_back({name, parent, span});
}

/// class A<T> extends B implements C, D {   class A : B, C {
void Curly::type_declaration() {
    auto span = token().span;
    bool values = word("enum");
    auto name = token(1).text;
    auto at = at_ + 2;
    std::string_view parent;
    auto limit = at + 256;
    for (; at < limit && !token_at(at).is("{") && !token_at(at).is(";") && token_at(at).kind != Kind::end; ++at) {
        bool begins = token_at(at).is_word("extends") || token_at(at).is(":") || token_at(at).is_word("implements");
        if (begins && parent.empty()) parent = type_text(at + 1, at + 1 + kMostTypeTokens);
        if (token_at(at).is("(") && parent.empty() && dialect_.parents)
            parent = type_text(at + 1, std::min<std::size_t>(token_at(at).match, tokens_.size() - 1));
        if (token_at(at).is("(")) at = std::min<std::size_t>(token_at(at).match, tokens_.size() - 1);
    }
    if (!token_at(at).is("{")) return jump_to(at + 1);
    if (values && dialect_.language != Language::java) {  // nothing but numbers
        jump_to(token_at(at).match + 1);
        return completed();
    }
    jump_to(at + 1);
    auto depth = yard_.depth();
    open_type(name, parent, false, span);
    if (values && yard_.depth() > depth) yard_.top().other = kConstants;
}

/// RUN, RUN("x"), RUN("x") { ... } of an enumeration: a member of the type, made of it or of one without a name.
void Curly::constant() {
    auto name = token().text;
    auto span = token().span;
    bool named = token().kind == Kind::word;
    jump_to(at_ + 1);
    if (!named || !begin(kDeclare, span)) return;
    auto& top = yard_.top();
    top.flag = true;
    top.other = 1;
    top.count = to_.open_function(kInitialiseType, type_, span);
    to_.step(Op::variable, span, "this");
    to_.step(Op::member, span, name);
    if (sign("(")) return open(kCreate, token(), type_);
    to_.step(Op::create, span, type_, 0);
    yard_.operand();
    behind_create();
}

void Curly::member() {
    if (yard_.top().other == kConstants) return constant();
    const auto it = token();
    auto next = [this] { jump_to(at_ + 1); };
    if (it.is("{")) {  // an initialiser
        next();
        auto number = to_.open_function(statics_ ? kInitialiseType : kInitialise, type_, it.span);
        statics_ = false;
        if (!begin(kFunction, it.span)) return to_.close_function();
        yard_.top().count = number, yard_.top().other = static_cast<std::uint32_t>(loops_.size());
        return;
    }
    if (it.kind != Kind::word) return pass();
    static constexpr std::string_view kModifiers[] = {
        "public",  "private",  "protected",    "internal", "final",    "abstract",  "readonly", "sealed",
        "virtual", "override", "partial",      "async",    "volatile", "transient", "native",   "extern",
        "const",   "unsafe",   "synchronized", "new",      "event",    "strictfp",  "default",  "hide"};
    if (it.text == "static") return statics_ = true, next();
    if (std::ranges::find(kModifiers, it.text) != std::end(kModifiers) && token(1).kind == Kind::word) return next();
    if ((it.text == "class" || it.text == "interface" || it.text == "struct" || it.text == "enum" ||
         it.text == "record") &&
        token(1).kind == Kind::word)
        return type_declaration();
    if ((it.text == "get" || it.text == "set" || it.text == "add" || it.text == "remove" || it.text == "init") &&
        (sign("{", 1) || sign(";", 1) || sign("=>", 1)))
        return accessor(it);
    bool web = it.text == "WebMethodAttribute" || it.text == "WebMethod";  // JScript.NET
    if (web && token(1).kind == Kind::word) return web_method_ = true, next();
    if (it.text == "function") return next(), function(false, {});
    if (it.text == "delegate" && token(1).kind == Kind::word) return skip_line(at_);
    if (!dialect_.typed && (it.text == "var" || it.text == "const")) {
        next();
        declared_type_ = {};
        member_ = true;
        return declarator();
    }
    if (sign("(", 1)) {  // a constructor
        Declaration found;
        found.name = at_;
        found.after = at_ + 1;
        return method(found, true);
    }
    auto found = declaration_at(at_);
    if (!found.found) return pass();
    if (found.method) return method(found, false);
    bool indexer = dialect_.verbatim && token_at(found.name).is_word("this") && token_at(found.after).is("[");
    if (found.property || indexer) return property(found);
    declared_type_ = type_text(found.type, found.name);
    at_ = found.name;
    member_ = true;
    declarator();
}

/// T name { get ... set ... }, T name => value;
void Curly::property(const Declaration& found) {
    auto span = token_at(found.name).span;
    bool indexer = token_at(found.after).is("[");  // T this[key] { ... }
    property_ = indexer ? kElementGetter : token_at(found.name).text;
    keys_ = indexer ? found.after : 0;
    auto after = indexer ? token_at(found.after).match + std::size_t{1} : found.after;
    if (token_at(after).is("=>")) {
        jump_to(after);
        auto number = open_getter(span);
        return body(property_, false, number, span);
    }
    jump_to(after + 1);
    begin(kType, span, type_);
}

std::uint32_t Curly::open_getter(Span span) {
    auto number = to_.open_function(property_, type_, span);
    to_.function().getter = keys_ == 0;
    if (keys_ != 0) parameters(keys_);
    return number;
}

/// get { ... }, set => ...; of a property: the getter goes by the property's name
void Curly::accessor(const Token& it) {
    jump_to(at_ + 1);
    if (sign(";")) return jump_to(at_ + 1);
    if (it.text == "get") {
        auto number = open_getter(it.span);
        return body(property_, false, number, it.span);
    }
    auto number = to_.open_function(to_.keep(std::string(property_).append(kSetter)), type_, it.span);
    to_.function().parameters.push_back({"value"});
    body(property_, false, number, it.span);
}

// Variables
// -------------------------------------------------------------------------------------------------------------

/// At the name: `name [= value] {, name [= value]}`, of type declared_type_; fields when member_.
void Curly::declarator() {
    auto name = token().text;
    auto span = token().span;
    bool field = std::exchange(member_, false);
    jump_to(at_ + 1);
    auto type = declared_type_;
    while (sign("[")) jump_to(token().match + 1);
    if (!dialect_.typed && sign(":") && token(1).kind == Kind::word) {  // JScript.NET: var x : String
        auto end = behind_type(at_ + 1);
        if (end == 0) end = at_ + 2;
        type = type_text(at_ + 1, end);
        jump_to(end);
    }
    if (!begin(kDeclare, span, type)) return;
    auto& top = yard_.top();
    top.flag = field;
    if (field) {
        auto number = to_.open_function(statics_ ? kInitialiseType : kInitialise, type_, span);
        top.count = number;
        to_.step(Op::variable, span, "this");
        to_.step(Op::member, span, name);
    } else {
        to_.step(Op::variable, span, name);
    }
    bool value = sign("=");
    top.other = value ? 1 : 0;
    if (!value) return statement_ends(false);
    jump_to(at_ + 1);
    if (sign("{")) open(dialect_.typed ? kList : kObject, token());
}

/// Whether a declaration says of which type its variable is.
bool Curly::names_type(std::string_view text) {
    return !text.empty() && text != "var" && text != "dynamic" && text != "object" && text != "Object";
}

void Curly::end_declarator(const Yard::Bracket& top) {
    bool typed = names_type(top.text);
    bool field = top.flag && top.other == 0;  // it is there from the beginning, and methods share it
    if (field) to_.step(Op::drop, top.span);  // the value that is not there
    if (field && is_number_type(top.text))
        to_.number(top.span, 0);
    else if (field)
        to_.step(Op::unknown, top.span);
    if (typed && (top.other != 0 || field)) to_.step(Op::cast, top.span, top.text);
    if (top.other != 0 || field) {
        to_.assign(top.span);
    } else {
        to_.step(Op::drop, top.span);  // no value: nothing is written
    }
    to_.step(Op::drop, top.span);
    if (top.flag) to_.close_function();
    if (yard_.is(kType) && yard_.top().other == kConstants) return;
    if (sign(",") && token(1).kind == Kind::word) {
        jump_to(at_ + 1);
        member_ = top.flag;
        return declarator();
    }
    bool head = brackets() && yard_.top().kind >= kFirstExpression;
    if (head) return;
    if (sign(";") || token().kind == Kind::end) jump_to(at_ + 1);
    if (top.flag)
        statics_ = false;
    else
        completed();
}

// Functions
// -------------------------------------------------------------------------------------------------------------

bool Curly::is_entry(std::string_view name) {
    static constexpr std::string_view kNames[] = {
        "ProcessRequest",      "service", "doGet", "doPost", "doPut", "_jspService", "jspInit", "Render", "doFilter",
        "BeginProcessRequest", "doHead",  "init"};
    if (std::ranges::find(kNames, name) != std::end(kNames)) return true;
    if (starts_folded(name, "page_") || starts_folded(name, "application_") || starts_folded(name, "session_") ||
        starts_folded(name, "onload") || starts_folded(name, "oninit") || starts_folded(name, "onprerender"))
        return true;
    const auto& given = to_.function().parameters;
    return given.size() == 2 && given[1].type.ends_with("EventArgs");
}

void Curly::from_request(std::string_view name, Span span) {
    to_.step(Op::variable, span, name);
    to_.step(Op::variable, span, dialect_.request);
    to_.step(Op::text, span, name);
    if (dialect_.language == Language::java)
        to_.step(Op::method, span, "getParameter", 1);
    else
        to_.step(Op::element, span);
    to_.assign(span);
    to_.step(Op::drop, span);
}

void Curly::parameters(std::size_t open) {
    auto close = std::min<std::size_t>(token_at(open).match, tokens_.size() - 1);
    Parameter parameter;
    auto begin = open + 1;
    for (auto i = open + 1; i <= close; ++i) {
        const auto& it = tokens_[i];
        bool last = i == close;
        if (!last && (it.is("(") || it.is("[") || it.is("{"))) {
            i = std::min<std::size_t>(it.match, close - 1);
            continue;
        }
        if (it.is("<")) {
            if (auto behind = behind_generics(i); behind > i && behind <= close) i = behind - 1;
            continue;
        }
        if (!last && !it.is(",")) continue;
        std::size_t name = 0, type = 0;
        for (auto j = begin; j < i && !tokens_[j].is("="); ++j) {
            if (tokens_[j].is("...") || tokens_[j].is_word("params")) parameter.rest = true;
            if (tokens_[j].is_word("ref") || tokens_[j].is_word("out")) parameter.by_reference = true;
            if (tokens_[j].kind != Kind::word) {
                if (tokens_[j].is(":") && !dialect_.typed) {
                    type = j + 1;
                    break;
                }
                continue;
            }
            if (name != 0 && type == 0) type = name;
            name = j;
        }
        if (name != 0) {
            parameter.name = tokens_[name].text;
            if (type != 0) parameter.type = type_text(type, dialect_.typed ? name : i);
            to_.function().parameters.push_back(parameter);
        }
        parameter = {};
        begin = i + 1;
    }
}

void Curly::method(const Declaration& found, bool constructor) {
    auto name = token_at(found.name).text;
    auto span = token_at(found.name).span;
    auto number = to_.open_function(name, type_, span);
    parameters(found.after);
    jump_to(token_at(found.after).match + 1);
    if (constructor && sign(":")) {  // : base(...)
        while (!at_end() && !sign("{") && !sign(";") && !sign("=>")) jump_to(sign("(") ? token().match + 1 : at_ + 1);
    }
    while (!at_end() && !sign("{") && !sign(";") && !sign("=>") && !sign("}") && token().kind != Kind::end)
        jump_to(at_ + 1);
    statics_ = false;
    bool web = std::exchange(web_method_, false) || name == "onMessage";  // of a web socket
    if (web || is_entry(name)) to_.program().entry_points.push_back(name);
    auto native = std::exchange(native_, {});
    if (!native.empty() && sign(";")) native_function(name, native, span);
    if (web)
        for (const auto& parameter : std::vector(to_.function().parameters)) from_request(parameter.name, span);
    body(name, false, number, span);
}

/// `name(parameters) [: type] {`, behind the word function.
void Curly::function(bool expression, std::string_view name) {
    auto span = token().span;
    auto named_at = at_;
    if (token().kind == Kind::word && name.empty()) {
        name = token().text;
        jump_to(at_ + 1);
        if ((name == "get" || name == "set") && token().kind == Kind::word) {
            name = token().text;
            jump_to(at_ + 1);
        }
    }
    auto number = to_.open_function(expression ? std::string_view{} : name, type_, span);
    to_.function().sees_outside = expression;
    to_.function().getter = !expression && std::exchange(getter_, false);
    if (sign("(")) {
        parameters(at_);
        jump_to(token().match + 1);
    }
    if (sign(":")) {
        auto end = behind_type(at_ + 1);
        jump_to(end == 0 ? at_ + 2 : end);
    }
    constexpr std::size_t kMostAttributes = 64;  // tokens: returnformat="plain", of CFML
    for (auto limit = at_ + kMostAttributes; dialect_.hashes && token().kind == Kind::word && at_ < limit;) {
        jump_to(at_ + (sign("=", 1) ? 2 : 1));
        if (token_at(at_ - 1).is("=")) jump_to(sign("(") ? token().match + 1 : at_ + 1);
    }
    std::vector<std::string_view> visitors;
    for (std::size_t back = 1; back < named_at && back < 4; ++back)  // remote string function f(...), of a component
        if (dialect_.hashes && !expression && tokens_[named_at - back].is_word("remote")) web_method_ = true;
    if (!expression) visitors = std::exchange(visitors_, {});
    if (!expression && std::exchange(web_method_, false))
        for (const auto& parameter : to_.function().parameters) visitors.push_back(parameter.name);
    if (!expression && (is_entry(name) || !visitors.empty())) to_.program().entry_points.push_back(name);
    for (auto parameter : visitors) from_request(parameter, span);
    const auto& given = to_.function().parameters;
    if (!expression && !dialect_.gateway.empty() && name == "application" && given.size() == 2) {
        to_.program().entry_points.push_back(name);
        to_.step(Op::variable, span, given[0].name);
        to_.step(Op::variable, span, dialect_.gateway);
        to_.assign(span);
        to_.step(Op::drop, span);
    }
    if (expression && !name.empty()) {  // a function that knows itself by name
        to_.closure(number, span);
        to_.store(name, span);
    }
    body(name, expression, number, span);
}

/// At what should be the function's body.
void Curly::body(std::string_view, bool expression, std::uint32_t number, Span span) {
    bool arrow = sign("=>") || sign("->"), brace = sign("{") || ((arrow) && sign("{", 1));
    if (!arrow && !brace) {  // declared only
        if (sign(";")) jump_to(at_ + 1);
        to_.close_function();
        if (expression) {
            to_.closure(number, span);
            yard_.operand();
        }
        return;
    }
    jump_to(at_ + (arrow && brace ? 2 : 1));
    if (!begin(brace ? kFunction : expression ? kLambda : kLeave, span)) {
        to_.close_function();
        if (expression) {
            to_.step(Op::unknown, span);
            yard_.operand();
        }
        return;
    }
    auto& top = yard_.top();
    top.count = number;
    top.other = static_cast<std::uint32_t>(loops_.size());
    top.flag = brace ? expression : !expression;
}

void Curly::end_function(const Yard::Bracket& top) {
    to_.close_function();
    loops_.resize(std::min<std::size_t>(loops_.size(), top.other));
    bool expression = top.kind == kFunction && top.flag;
    if (!expression) {
        if (!yard_.is(kType)) completed();
        return;
    }
    to_.closure(top.count, top.span);
    yard_.operand();
}

}  // namespace ascribe::shells

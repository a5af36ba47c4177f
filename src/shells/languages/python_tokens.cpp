#include "shells/languages/python_tokens.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "shells/languages/curly.hpp"
#include "shells/languages/python_decorators.hpp"
#include "shells/languages/python_imports.hpp"

namespace ascribe::shells {

std::vector<Token> PythonLexer::read(bool& cut) {
    tokens_.reserve(std::min(text_.size() / 2 + 8, kMostTokens + 1));  // growing would hold them twice
    while (at_ < text_.size() && tokens_.size() < kMostTokens) {
        if (fresh_ && depth_ == 0)
            line();
        else
            token();
    }
    cut = at_ < text_.size();
    begin_ = at_ = text_.size();
    end_line();
    for (; singles_ > 0; --singles_) sign("}");
    for (; indents_.size() > 1; indents_.pop_back()) sign("}");
    add(Kind::end, {});
    return std::move(tokens_);
}

void PythonLexer::end_line() {
    for (; closers_ > 0; --closers_) sign(")");
    if (header_) {  // a header without its colon
        header_ = false;
        if (parenthesis_) sign(")");
        sign("{");
        sign("}");
    } else if (!tokens_.empty() && !tokens_.back().is(";") && !tokens_.back().is("{") && !tokens_.back().is("}")) {
        sign(";");
    }
}

void PythonLexer::line() {
    std::size_t column = 0;
    begin_ = at_;
    while (peek() == ' ' || peek() == '\t') {
        column += peek() == '\t' ? 8 - column % 8 : 1;
        ++at_;
    }
    if (peek() == '\n' || peek() == '\r' || peek() == '#') return blank();
    fresh_ = false;
    begin_ = at_;
    if (column > indents_.back() && opened_) {
        if (indents_.size() < kMostNesting) indents_.push_back(column);
    } else if (opened_) {
        sign("}");  // a block without a body
    }
    opened_ = false;
    while (indents_.size() > 1 && column < indents_.back()) {
        sign("}");
        indents_.pop_back();
    }
    statement();
}

void PythonLexer::blank() {
    while (at_ < text_.size() && !line_ends()) ++at_;
    if (at_ < text_.size()) ++at_;
}

void PythonLexer::statement() {
    if (peek() == '@') return decorator();
    auto stop = at_;
    while (stop < text_.size() && (is_letter(text_[stop]) || is_digit(text_[stop]))) ++stop;
    auto name = text_.substr(at_, stop - at_);
    struct Header {
        std::string_view name, instead;
        bool parenthesis;
    };
    static constexpr Header kHeaders[] = {
        {"if", "if", true},         {"elif", "else", true},        {"else", "else", false},
        {"while", "while", true},   {"for", "foreach", true},      {"try", "try", false},
        {"except", "catch", false}, {"finally", "finally", false}, {"def", "function", false},
        {"class", "class", false},  {"with", "using", true}};
    if (name == "async") {  // what follows is a header all the same
        at_ = stop;
        while (peek() == ' ') ++at_;
        stop = at_;
        while (stop < text_.size() && (is_letter(text_[stop]) || is_digit(text_[stop]))) ++stop;
        name = text_.substr(at_, stop - at_);
    }
    if (name == "import" || name == "from") return imports();
    if (name == "global" || name == "nonlocal" || name == "pass") return skip_line();
    for (const auto& header : kHeaders) {
        if (name != header.name) continue;
        begin_ = at_;
        at_ = stop;
        word(header.instead);
        if (name == "elif") word("if");
        if (header.parenthesis) sign("(");
        header_ = true;
        parenthesis_ = header.parenthesis;
        with_ = name == "with";
        with_at_ = tokens_.size();
        skipping_ = name == "except" || name == "class";
        return;
    }
    if (name == "raise") {
        at_ = stop;
        return word("throw");
    }
    while (peek(stop - at_) == ' ' && stop < text_.size()) ++stop;
    bool bare = (name == "print" || name == "exec") && stop < text_.size() && text_[stop] != '(' &&
                text_[stop] != '=' && text_[stop] != '\n';
    if (bare) {  // Python 2
        at_ += name.size();
        word(name);
        sign("(");
        ++closers_;
    }
}

void PythonLexer::decorator() {
    std::size_t size = 0;
    begin_ = at_;
    auto visitors = visitors_parameters(text_.substr(at_), size);
    auto line = text_.substr(at_, kLongestDecorator);
    auto decorates = line.substr(0, line.find_first_of(" \t\r\n#", 1));
    at_ += size;
    skip_line();
    if (decorates == "@property" || decorates.ends_with("cached_property")) {
        sign("@");
        word(kGetter);
    }
    if (visitors.empty()) return;
    sign("@");
    word(kHandler);
    sign("(");
    for (auto name : visitors) word(name);
    sign(")");
}

void PythonLexer::imports() {
    std::size_t size = 0;
    begin_ = at_;
    auto imported = read_imports(text_.substr(at_), size);
    at_ += size;
    for (const auto& [name, module, member] : imported) {
        if (name == module) continue;
        word(name);
        sign("=");
        word(module);
        if (!member.empty()) {
            sign(".");
            word(member);
        }
        sign(";");
    }
}

void PythonLexer::skip_line() {
    while (at_ < text_.size() && !line_ends()) ++at_;
    fresh_ = true;
    if (at_ < text_.size()) ++at_;
}

void PythonLexer::token() {
    begin_ = at_;
    char c = text_[at_];
    if (c == '\n' || c == '\r') {
        ++at_;
        if (depth_ > 0) return;
        end_line();
        for (; singles_ > 0; --singles_) sign("}");
        fresh_ = true;
    } else if (c == ' ' || c == '\t' || c == '\0' || c == '\f') {
        ++at_;
    } else if (c == '\\' && (peek(1) == '\n' || peek(1) == '\r')) {
        at_ += peek(1) == '\r' && peek(2) == '\n' ? 3 : 2;
    } else if (c == '#') {
        while (at_ < text_.size() && !line_ends()) ++at_;
    } else if (header_ && depth_ == 0 && c == ':') {
        colon();
    } else if (header_ && skipping_ && depth_ == 0 && c != '(') {
        skipped();
    } else if (c == '"' || c == '\'') {
        string({});
    } else if (is_digit(c)) {
        number();
    } else if (is_letter(c)) {
        name();
    } else {
        operation();
    }
}

void PythonLexer::skipped() {
    auto stop = at_;
    while (stop < text_.size() && (is_letter(text_[stop]) || is_digit(text_[stop]))) ++stop;
    bool first = !tokens_.empty() && tokens_.back().is_word("class");
    auto text = text_.substr(at_, stop - at_);
    at_ = std::max(stop, at_ + 1);
    if (first && !text.empty()) add(Kind::word, text);
}

void PythonLexer::colon() {
    ++at_;
    if (parenthesis_) sign(")");
    sign("{");
    header_ = skipping_ = with_ = false;
    while (peek() == ' ' || peek() == '\t') ++at_;
    if (peek() == '#')
        while (at_ < text_.size() && !line_ends()) ++at_;
    if (line_ends() || at_ >= text_.size()) {
        ++at_;
        at_ = std::min(at_, text_.size());
        fresh_ = opened_ = true;
        return;
    }
    ++singles_;  // `if x: y`: the block is the rest of the line
}

void PythonLexer::number() {
    auto value = take_number();
    while (is_letter(peek())) ++at_;
    add(Kind::number, {}).number = value;
}

void PythonLexer::name() {
    auto stop = at_;
    while (stop < text_.size() && (is_letter(text_[stop]) || is_digit(text_[stop]))) ++stop;
    auto name = text_.substr(at_, stop - at_);
    if (stop < text_.size() && (text_[stop] == '"' || text_[stop] == '\'') && name.size() <= 2) {
        at_ = stop;
        return string(name);
    }
    at_ = stop;
    bool member = !tokens_.empty() && tokens_.back().is(".");
    struct Word {
        std::string_view name, sign;
    };
    static constexpr Word kWords[] = {{"and", "&&"}, {"or", "||"}, {"not", "!"}, {"is", "=="}};
    static constexpr Word kNames[] = {{"None", "null"}, {"True", "true"}, {"False", "false"}, {"self", "this"}};
    bool receiver = tokens_.size() > 2 && tokens_.back().is("(") && tokens_[tokens_.size() - 3].is_word("function");
    if (receiver && (name == "self" || name == "cls")) {
        while (peek() == ' ' || peek() == ',') ++at_;
        return;
    }
    if (!member) {
        for (const auto& each : kWords)
            if (name == each.name) return sign(each.sign);
        for (const auto& each : kNames)
            if (name == each.name) return word(each.sign);
        if (name == "lambda") return lambda();
        if (name == "for" && depth_ > 0 && comprehension()) return;
        if (name == "if" && in_comprehension()) return sign(",");
        if (name == "if") return condition();
        if (name == "else" && otherwise()) return;
        if (name == "as" && header_ && with_) return resource();
    }
    add(Kind::word, name).quoted = member;
}

void PythonLexer::operation() {
    static constexpr std::string_view kSigns[] = {"**=", "//=", ">>=", "<<=", "==", "!=", "<=", ">=", "+=", "-=", "*=",
                                                  "/=",  "%=",  "|=",  "&=",  "^=", "<<", ">>", "**", "//", "->"};
    if (text_[at_] == '[' && slice()) return;
    auto rest = text_.substr(at_, 3);
    std::size_t size = 1;
    for (auto each : kSigns)
        if (size == 1 && rest.starts_with(each)) size = each.size();
    at_ += size;
    auto text = text_.substr(begin_, size);
    if (text == "(" || text == "[" || text == "{") ++depth_;
    bool values = !tokens_.empty() && (tokens_.back().is(",") || tokens_.back().is("%"));
    if (text == "(" && values && holds_list(" for ")) {
        lists_.push_back(depth_);
        text = "[";
    }
    if ((text == ")" || text == "]" || text == "}") && depth_ > 0) {
        if (in_comprehension()) {
            if (comprehensions_.back().list) text = ")";
            comprehensions_.pop_back();
            sign(")");
        }
        if (!lists_.empty() && lists_.back() == depth_) {
            lists_.pop_back();
            text = "]";
        }
        --depth_;
    }
    if (text == "//") text = "/";
    if (text == "//=") text = "/=";
    if (text == "->") return;                                                           // what a function gives back
    if (text == ")" && !tokens_.empty() && tokens_.back().is(",")) tokens_.pop_back();  // (x,) holds x
    sign(text);
}

}  // namespace ascribe::shells

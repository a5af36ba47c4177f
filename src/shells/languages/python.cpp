// Python, read as a language with braces: a lexer turns indentation into braces, line ends into semicolons and Python's
// words into the signs that mean the same, and the grammar of curly.hpp does the rest.
// https://docs.python.org/3/reference/lexical_analysis.html
#include <algorithm>
#include <cctype>
#include <charconv>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "shells/languages/curly.hpp"
#include "shells/languages/python_imports.hpp"
#include "shells/page/decode.hpp"

namespace ascribe::shells {
namespace {

constexpr CurlyDialect kDialect{.language = Language::python, .request = "form"};

using Kind = Token::Kind;

bool is_letter(char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }

class Lexer {
public:
    Lexer(std::string_view text, Span where, Arena& arena) : text_(text), where_(where), arena_(arena) {}

    std::vector<Token> read(bool& cut) {
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

private:
    char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

    Token& add(Kind kind, std::string_view text) {
        Token token;
        token.kind = kind;
        token.text = text;
        token.spaced = true;
        token.span = {where_.offset + static_cast<std::uint32_t>(begin_), static_cast<std::uint32_t>(at_ - begin_)};
        tokens_.push_back(token);
        return tokens_.back();
    }
    void sign(std::string_view text) { add(Kind::sign, text); }
    void word(std::string_view text) { add(Kind::word, text); }

    void end_line() {
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

    /// The beginning of a line: its indentation says which blocks are over.
    void line() {
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
    bool line_ends() const { return peek() == '\n' || peek() == '\r'; }  // old Macintosh's too
    void blank() {
        while (at_ < text_.size() && !line_ends()) ++at_;
        if (at_ < text_.size()) ++at_;
    }

    /// What a statement begins with decides how its header reads.
    void statement() {
        if (peek() == '@') return skip_line();
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
    /// from os import system as s: s = os.system
    void imports() {
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
    void skip_line() {
        while (at_ < text_.size() && !line_ends()) ++at_;
        fresh_ = true;
        if (at_ < text_.size()) ++at_;
    }

    void token() {
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

    /// `except X as e`, `class A(B)`: of the rest of the header only a name counts.
    void skipped() {
        auto stop = at_;
        while (stop < text_.size() && (is_letter(text_[stop]) || is_digit(text_[stop]))) ++stop;
        bool first = !tokens_.empty() && tokens_.back().is_word("class");
        auto text = text_.substr(at_, stop - at_);
        at_ = std::max(stop, at_ + 1);
        if (first && !text.empty()) add(Kind::word, text);
    }

    void colon() {
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

    void number() {
        double value = 0;
        if (peek() == '0' && lower(peek(1)) == 'x') {
            for (at_ += 2; std::isxdigit(static_cast<unsigned char>(peek())) != 0; ++at_) {
                char c = lower(peek());
                value = value * 16 + (is_digit(c) ? c - '0' : c - 'a' + 10);
            }
        } else {
            auto from = at_;
            while (is_digit(peek())) ++at_;
            if (peek() == '.' && is_digit(peek(1)))
                for (++at_; is_digit(peek());) ++at_;
            std::from_chars(text_.data() + from, text_.data() + at_, value);
        }
        while (is_letter(peek())) ++at_;
        add(Kind::number, {}).number = value;
    }

    void name() {
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
    /// with open(x) as f: f = open(x)
    void resource() {
        while (peek() == ' ') ++at_;
        begin_ = at_;
        auto stop = at_;
        while (stop < text_.size() && (is_letter(text_[stop]) || is_digit(text_[stop]))) ++stop;
        auto name = text_.substr(at_, stop - at_);
        at_ = stop;
        if (name.empty() || with_at_ > tokens_.size() || tokens_.size() - with_at_ > 64) return;
        word(name);
        sign("=");
        auto from = tokens_.begin() + static_cast<std::ptrdiff_t>(with_at_);
        std::rotate(from, tokens_.end() - 2, tokens_.end());
    }
    /// a if c else b is c ? a : b: where `a` begins is noted here, and otherwise() puts them in order.
    void condition() {
        auto begin = value_begin();
        if (conditions_.size() < kMostNesting) conditions_.push_back({begin, tokens_.size(), depth_});
    }
    /// Where the value begins that ends here.
    std::size_t value_begin() const {
        constexpr std::size_t kLongest = 256;  // tokens: longer ones stay as they are
        std::size_t closed = 0, begin = tokens_.size();
        for (; begin > 0 && tokens_.size() - begin < kLongest; --begin) {
            const Token& before = tokens_[begin - 1];
            if (before.is(")") || before.is("]") || before.is("}")) {
                ++closed;
            } else if (before.is("(") || before.is("[") || before.is("{")) {
                if (closed == 0) break;
                --closed;
            } else if (closed == 0 && begins_value(before)) {
                break;
            }
        }
        return begin;
    }
    /// e for a, b in list is #each((a, b) => e, list): a list, whatever brackets are around. Conditions and further
    /// loops are arguments more. False where it is none.
    bool comprehension() {
        constexpr std::size_t kLongest = 128;  // bytes of the names
        auto names = text_.substr(at_, kLongest);
        auto end = names.find(" in ");
        if (end == std::string_view::npos) end = names.find(" in\n");
        if (end == std::string_view::npos) return false;
        names = names.substr(0, end);
        at_ += end + 4;
        if (in_comprehension()) return sign(","), true;
        auto begin = value_begin(), from = tokens_.size();
        bool list = begin > 0 && tokens_[begin - 1].is("[");
        word("#each");
        sign("(");
        sign("(");
        for (std::size_t i = 0; i < names.size();) {
            auto stop = i;
            while (stop < names.size() && (is_letter(names[stop]) || is_digit(names[stop]))) ++stop;
            if (stop > i) {
                if (!tokens_.back().is("(")) sign(",");
                word(names.substr(i, stop - i));
            }
            i = std::max(stop, i + 1);
        }
        sign(")");
        sign("=>");
        auto place = [&](std::size_t i) { return tokens_.begin() + static_cast<std::ptrdiff_t>(i); };
        std::rotate(place(begin), place(from), tokens_.end());
        sign(",");
        if (list) tokens_[begin - 1].text = "(";
        if (comprehensions_.size() < kMostNesting) comprehensions_.push_back({depth_, list});
        return true;
    }
    /// Whether the bracket that opens before here holds more than one value.
    bool lists() const {
        constexpr std::size_t kLongest = 4096;
        auto text = text_.substr(at_, kLongest);
        std::size_t depth = 0;
        bool commas = false;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] == '(' || text[i] == '[' || text[i] == '{') ++depth;
            if (text[i] == ')' || text[i] == ']' || text[i] == '}')
                if (depth-- == 0) return commas;
            if (depth == 0 && text.substr(i, 5) == " for ") return false;
            commas = commas || (depth == 0 && text[i] == ',');
        }
        return false;
    }
    bool in_comprehension() const { return !comprehensions_.empty() && comprehensions_.back().depth == depth_; }
    static bool begins_value(const Token& before) {
        constexpr std::string_view kBefore[] = {",", ":", ";", "=", "+=", "=>", "?"};
        return before.is_word("return") || std::ranges::any_of(kBefore, [&](auto each) { return before.is(each); });
    }
    /// False where no condition is open.
    bool otherwise() {
        while (!conditions_.empty() && conditions_.back().depth > depth_) conditions_.pop_back();
        if (conditions_.empty() || conditions_.back().depth != depth_) return false;
        auto open = conditions_.back();
        conditions_.pop_back();
        if (open.middle > tokens_.size() || tokens_.size() - open.middle > 256) return false;
        auto place = [&](std::size_t i) { return tokens_.begin() + static_cast<std::ptrdiff_t>(i); };
        sign("?");
        std::rotate(place(open.begin), place(open.middle), tokens_.end());
        sign(":");
        return true;
    }
    /// x[2:8], x[::-1] with numbers that are written out: a method of x.
    bool slice() {
        if (tokens_.empty()) return false;
        const Token& of = tokens_.back();
        bool value = of.kind == Kind::word || of.kind == Kind::string || of.is(")") || of.is("]");
        constexpr std::size_t kLongest = 32;
        auto inner = text_.substr(at_ + 1, kLongest);
        inner = inner.substr(0, inner.find(']'));
        bool plain = std::ranges::all_of(inner, [](char c) { return is_digit(c) || c == ':' || c == '-' || c == ' '; });
        if (!value || !plain || at_ + 1 + inner.size() >= text_.size() || text_[at_ + 1 + inner.size()] != ']' ||
            inner.find(':') == std::string_view::npos)
            return false;
        at_ += inner.size() + 2;
        sign(".");
        add(Kind::word, "slice").quoted = true;
        sign("(");
        bool first = true;
        for (auto bound : split(inner, ':')) {
            if (!std::exchange(first, false)) sign(",");
            bound = trim(bound);
            double number = 0;
            auto [end, error] = std::from_chars(bound.data(), bound.data() + bound.size(), number);
            if (error == std::errc())
                add(Kind::number, {}).number = number;
            else
                word("null");
        }
        sign(")");
        return true;
    }
    /// lambda a, b: e is (a, b) => e
    void lambda() {
        auto limit = std::min(text_.size(), at_ + 256);
        auto end = text_.substr(0, limit).find(':', at_);
        if (end == std::string_view::npos) return word("lambda");
        sign("(");
        while (at_ < end) {
            begin_ = at_;
            if (is_letter(peek())) {
                auto stop = at_;
                while (stop < end && (is_letter(text_[stop]) || is_digit(text_[stop]))) ++stop;
                auto text = text_.substr(at_, stop - at_);
                at_ = stop;
                word(text);
            } else {
                char c = peek();
                ++at_;
                if (c == ',') sign(",");
            }
        }
        at_ = end + 1;
        sign(")");
        sign("=>");
    }

    void string(std::string_view prefix) {
        bool raw = prefix.find_first_of("rR") != std::string_view::npos,
             holes = prefix.find_first_of("fF") != std::string_view::npos;
        char quote = peek();
        bool triple = peek(1) == quote && peek(2) == quote;
        at_ += triple ? 3 : 1;
        auto from = at_;
        while (at_ < text_.size()) {
            if (text_[at_] == '\\') {
                at_ += 2;
                continue;
            }
            if (text_[at_] == quote && (!triple || (peek(1) == quote && peek(2) == quote))) break;
            if (line_ends() && !triple) break;
            ++at_;
        }
        at_ = std::min(at_, text_.size());
        auto value = text_.substr(from, at_ - from);
        at_ = std::min(text_.size(), at_ + (peek() == quote ? (triple ? 3 : 1) : 0));
        bool again = !tokens_.empty() && tokens_.back().kind == Kind::string && !fresh_;
        if (again) sign("+");
        if (holes && value.find('{') != std::string_view::npos) return formatted(value);
        add(Kind::string, raw ? value : unescaped(value));
    }
    /// f"a{x}b" reads as ("a"+(x)+"b").
    void formatted(std::string_view value) {
        constexpr std::size_t kDeepest = 8;
        auto begin = static_cast<std::size_t>(value.data() - text_.data());
        sign("(");
        for (std::size_t at = 0;;) {
            auto open = value.find('{', at);
            while (open != std::string_view::npos && value.substr(open + 1).starts_with('{'))
                open = value.find('{', open + 2);
            add(Kind::string, value.substr(at, open - at));
            if (open == std::string_view::npos) break;
            auto close = hole_end(value, open + 1);
            auto inner = value.substr(open + 1, close - open - 1);
            if (!trim(inner).empty() && nested_ < kDeepest) hole(begin + open + 1, begin + close);
            at = std::min(value.find('}', close), value.size() - 1) + 1;
            if (at >= value.size()) break;
            sign("+");
        }
        sign(")");
    }
    /// Where the expression of a hole ends: before its '}', or how it is written.
    static std::size_t hole_end(std::string_view value, std::size_t at) {
        std::size_t depth = 0;
        for (char quote = '\0'; at < value.size(); ++at) {
            char c = value[at];
            if (quote != '\0') {
                quote = c == quote ? '\0' : quote;
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (depth == 0 && (c == '}' || c == ':' || (c == '!' && !value.substr(at + 1).starts_with('=')))) {
                break;
            } else {
                depth += c == '(' || c == '[' || c == '{';
                depth -= depth > 0 && (c == ')' || c == ']' || c == '}');
            }
        }
        return at;
    }
    void hole(std::size_t begin, std::size_t end) {
        auto text = std::exchange(text_, text_.substr(0, end));
        auto at = std::exchange(at_, begin);
        auto depth = std::exchange(depth_, depth_ + 1);
        ++nested_;
        sign("+");
        sign("(");
        while (at_ < end && tokens_.size() < kMostTokens) token();
        sign(")");
        --nested_;
        depth_ = depth;
        at_ = at;
        text_ = text;
    }

    std::string_view unescaped(std::string_view text) {
        if (text.find('\\') == std::string_view::npos) return text;
        std::string out;
        auto digit = [](char c) {
            return is_digit(c) ? c - '0' : lower(c) >= 'a' && lower(c) <= 'f' ? lower(c) - 'a' + 10 : -1;
        };
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] != '\\' || i + 1 >= text.size()) {
                out += text[i];
                continue;
            }
            char c = text[++i];
            std::size_t most = c == 'x' ? 2 : c == 'u' ? 4 : 0;
            if (most > 0) {
                char32_t code = 0;
                std::size_t digits = 0;
                while (digits < most && i + 1 < text.size() && digit(text[i + 1]) >= 0) {
                    code = code << 4 | static_cast<char32_t>(digit(text[++i]));
                    ++digits;
                }
                append_utf8(out, code);
                continue;
            }
            constexpr std::string_view kFrom = "nrtvabf", kTo = "\n\r\t\v\a\b\f";
            auto at = kFrom.find(c);
            if (c != '\n') out += at == std::string_view::npos ? c : kTo[at];
        }
        return arena_.keep(out);
    }

    void operation() {
        static constexpr std::string_view kSigns[] = {
            "**=", "//=", ">>=", "<<=", "==", "!=", "<=", ">=", "+=", "-=", "*=",
            "/=",  "%=",  "|=",  "&=",  "^=", "<<", ">>", "**", "//", "->"};
        if (text_[at_] == '[' && slice()) return;
        auto rest = text_.substr(at_, 3);
        std::size_t size = 1;
        for (auto each : kSigns)
            if (size == 1 && rest.starts_with(each)) size = each.size();
        at_ += size;
        auto text = text_.substr(begin_, size);
        if (text == "(" || text == "[" || text == "{") ++depth_;
        if (text == "(" && !tokens_.empty() && tokens_.back().is(",") && lists()) {
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
        if (text == "->") return;  // what a function gives back
        if (text == ")" && !tokens_.empty() && tokens_.back().is(",")) tokens_.pop_back();  // (x,) holds x
        sign(text);
    }

    std::string_view text_;
    Span where_;
    Arena& arena_;
    std::vector<Token> tokens_;
    std::vector<std::size_t> indents_{0};
    struct Condition {
        std::size_t begin = 0, middle = 0, depth = 0;  // its value, what decides, brackets around
    };
    std::vector<Condition> conditions_;
    struct Comprehension {
        std::size_t depth = 0;  // brackets around
        bool list = false;      // of which the innermost were [ and ]
    };
    std::vector<Comprehension> comprehensions_;
    std::vector<std::size_t> lists_;  // depths of ( ) that hold lists
    std::size_t at_ = 0, begin_ = 0, depth_ = 0, closers_ = 0, singles_ = 0, with_at_ = 0, nested_ = 0;
    bool fresh_ = true, opened_ = false, header_ = false, parenthesis_ = false, skipping_ = false, with_ = false;
};

Program compile_tokens(std::string_view text, Span where, bool code) {
    Assembler to(Language::python);
    bool cut = false;
    auto tokens = Lexer(text, where, to.program().arena).read(cut);
    match_brackets(tokens);
    if (cut) to.cut();
    Curly curly(std::move(tokens), kDialect, to);
    if (code) curly.gives_value();
    curly.run();
    return to.finish();
}
Program compile(std::string_view text, Span where) { return compile_tokens(text, where, false); }
Program compile_code(std::string_view text, Span where) { return compile_tokens(text, where, true); }

}  // namespace

extern const FrontEnd kPythonFrontEnd;
const FrontEnd kPythonFrontEnd{Language::python, "python", "https://docs.python.org/3/reference/",
                               compile,          false,    compile_code};

}  // namespace ascribe::shells

#include "shells/languages/perl_tokens.hpp"

#include <span>
#include <utility>

#include "base/text.hpp"

namespace ascribe::shells {
namespace {

constexpr std::size_t kMostShared = 500;

/// Functions that are mostly called without brackets.
bool takes_list(std::string_view name) {
    static constexpr std::string_view kNames[] = {
        "system",        "exec",         "eval",    "print",   "printf",  "open",    "die",      "unlink",
        "chdir",         "mkdir",        "rmdir",   "rename",  "opendir", "push",    "unshift",  "chomp",
        "chop",          "lc",           "uc",      "ord",     "chr",     "hex",     "pack",     "unpack",
        "join",          "split",        "sprintf", "close",   "readdir", "kill",    "socket",   "connect",
        "bind",          "listen",       "accept",  "select",  "binmode", "sysread", "syswrite", "read",
        "utime",         "chmod",        "chown",   "symlink", "link",    "exit",    "warn",     "reverse",
        "sort",          "map",          "grep",    "keys",    "values",  "defined", "require",  "do",
        "readlink",      "stat",         "substr",  "index",   "oct",     "sleep",   "return_",  "readpipe",
        "say",           "truncate",     "seek",    "send",    "recv",    "scalar",  "ucfirst",  "lcfirst",
        "decode_base64", "uri_unescape", "shift",   "pop",     "each",    "bless",   "run",      "croak",
        "confess"};
    return std::ranges::find(kNames, name) != std::end(kNames);
}

}  // namespace

std::vector<Token> PerlLexer::read(bool& cut) {
    tokens_.reserve(std::min(text_.size() / 2 + 8, kMostTokens + 1));  // growing would hold them twice
    while (at_ < text_.size() && tokens_.size() < kMostTokens && !over_) token();
    cut = at_ < text_.size() && !over_;
    begin_ = at_ = text_.size();
    close_calls(0);
    end_statement();
    add(Kind::end, {});
    return std::move(tokens_);
}

std::vector<std::string_view> PerlLexer::shared() const {
    std::vector<std::string_view> names;
    for (auto name : seen_)
        if (!own_.contains(name) && name != "ENV" && name != "ARGV" && name != "STDIN") names.push_back(name);
    std::ranges::sort(names);
    if (names.size() > kMostShared) names.resize(kMostShared);
    return names;
}

bool PerlLexer::behind_value() const {
    if (tokens_.empty()) return false;
    const auto& last = tokens_.back();
    if (last.kind == Kind::sign) return last.text == ")" || last.text == "]" || (last.text == "}" && !block_ended_);
    if (last.kind == Kind::word && !last.quoted) {
        static constexpr std::string_view kNo[] = {"return", "if",      "while", "function",
                                                   "else",   "foreach", "for",   "throw"};
        return std::ranges::find(kNo, last.text) == std::end(kNo);
    }
    return last.kind != Kind::end;
}

void PerlLexer::close_calls(std::size_t depth) {
    while (!calls_.empty() && calls_.back() >= depth && (calls_.size() > floor())) {
        sign(")");
        calls_.pop_back();
    }
}

void PerlLexer::token() {
    begin_ = at_;
    if (at_ == gives_at_ && gives_at_ > 0) {
        gives_at_ = 0;
        add(Kind::word, "return");
    }
    char c = text_[at_];
    if (c == '\n') {
        ++at_;
        if (skip_to_ > at_) at_ = std::min(skip_to_, text_.size());  // texts that began on this line
        skip_to_ = 0;
        if (peek() == '=' && is_letter(peek(1))) pod();
    } else if (is_space(c)) {
        ++at_;
    } else if (c == '#') {
        while (at_ < text_.size() && peek() != '\n') ++at_;
    } else if (c == '$' || c == '@') {
        variable();
    } else if ((c == '%' || c == '&') && !behind_value() && (is_letter(peek(1)) || peek(1) == '$' || peek(1) == '{')) {
        if (c == '&') {
            call_ = true;
            calls_now_ = at_ == 0 || text_[at_ - 1] != '\\';  // \&f only names it
        }
        hash_ = c == '%';
        ++at_;
        if (c == '&' && calls_now_ && peek() == '$' && is_letter(peek(1))) return call_variable();
        if (peek() == '{') {  // %{expression}
            ++at_;
            call_ = calls_now_ = false;
            open("(", '{');
        }
        if (peek() == '$') ++at_;
    } else if (c == '"' || c == '`') {
        ++at_;
        quoted(c, c, true, c == '`');
    } else if (c == '\'') {
        ++at_;
        quoted(c, c, false, false);
    } else if (is_digit(c)) {
        number();
    } else if (is_letter(c)) {
        word();
    } else if (c == '/' && (binds_ || !behind_value())) {
        ++at_;
        pattern('/');
    } else if (c == '<' && !behind_value() && angle()) {
    } else {
        operation();
    }
}

void PerlLexer::pod() {
    auto end = text_.find("\n=cut", at_);
    at_ = end == std::string_view::npos ? text_.size() : end + 5;
}

void PerlLexer::variable() {
    char sigil = text_[at_];
    while (peek() == '$' || peek() == '@' || (peek() == '#' && sigil == '$' && at_ > begin_)) {
        ++at_;
        if (at_ - begin_ > 8) break;
    }
    if (peek() == '{') {  // ${name}, @{expression}
        ++at_;
        open("(", '{');
        return;
    }
    auto from = at_;
    if (is_letter(peek()) || peek() == ':') {
        // $main'x is $main::x
        while (is_letter(peek()) || is_digit(peek()) || (peek() == ':' && peek(1) == ':' && ++at_ > 0) ||
               (peek() == '\'' && is_letter(peek(1))))
            ++at_;
    } else if (is_digit(peek())) {
        while (is_digit(peek())) ++at_;
    } else if (at_ < text_.size() && !is_space(peek())) {
        ++at_;  // $_, $!, $@
    }
    auto name = text_.substr(from, at_ - from);
    if (name.size() > 1 || (!name.empty() && name != "_" && is_letter(name.front())))
        (declares_ ? own_ : seen_).insert(name);
    add(Kind::word, name.empty() ? std::string_view("_") : name).quoted = true;
}

void PerlLexer::number() {
    auto value = take_number();
    add(Kind::number, {}).number = value;
}

void PerlLexer::word() {
    auto from = at_;
    while (is_letter(peek()) || is_digit(peek()) ||
           (peek() == ':' && peek(1) == ':' && is_letter(peek(2)) && ++at_ > 0))
        ++at_;
    auto name = text_.substr(from, at_ - from);
    bool member = last_is(".");
    auto next = at_;
    while (next < text_.size() && is_space(text_[next])) ++next;
    char follows = next < text_.size() ? text_[next] : '\0';
    bool key = follows == '=' && next + 1 < text_.size() && text_[next + 1] == '>';
    bool subscript = last_is("[") && follows == '}' && !braces_.empty() && braces_.back() == '[';
    if (key || subscript) return void(add(Kind::string, name));
    if (member) {  // a method, with brackets or without
        add(Kind::word, name).quoted = true;
        if (follows == '(') return;
        sign("(");
        return sign(")");
    }
    if (quote_like(name, next, follows)) return;
    struct Word {
        std::string_view name, sign;
    };
    static constexpr Word kWords[] = {{"and", "&&"}, {"or", "||"}, {"not", "!"}, {"eq", "=="},
                                      {"ne", "!="},  {"lt", "<"},  {"gt", ">"},  {"le", "<="},
                                      {"ge", ">="},  {"x", "*"},   {"cmp", "-"}, {"xor", "^"}};
    for (const auto& each : kWords)
        if (name == each.name && (name == "not" || behind_value())) {
            if (name == "and" || name == "or") close_calls(braces_.size());
            return sign(each.sign);
        }
    if (name == "__END__" || name == "__DATA__") return void(over_ = true);
    if (name == "my" || name == "local") declares_ = name == "my";
    if (name == "my" || name == "our" || name == "local" || name == "no" || name == "strict" || name == "warnings")
        return;
    if (name == "use" || name == "package") {
        auto end = std::min(text_.find(';', at_), text_.size());
        at_ = end;
        return;
    }
    if (name == "sub") return subroutine();
    bool modifier =
        name == "if" || name == "unless" || name == "while" || name == "until" || name == "for" || name == "foreach";
    bool bare = last_is("(") && calls_.size() > floor() && calls_.back() == braces_.size();  // die unless ...
    bool behind = behind_value() || bare || (!tokens_.empty() && tokens_.back().is_word("return"));
    if (modifier && behind && !last_is(";")) return modify(name);
    if (name == "unless") return head("if");
    if (name == "until") return head("while");
    if (name == "elsif") {
        add(Kind::word, "else");
        return head("if");
    }
    if (name == "for" || name == "foreach") return each(next, follows);
    if (name == "last" || name == "next" || name == "redo")
        return void(add(Kind::word, name == "last" ? "break" : "continue"));
    if (name == "if" || name == "while" || name == "else" || name == "return") return void(add(Kind::word, name));
    if ((name == "eval" || name == "do") && follows == '{') {
        if (!behind_value() && (tokens_.empty() || last_is(";") || last_is("{") || last_is("}")))
            add(Kind::word, "try");
        return;
    }
    bool file = name == "do" && (follows == '$' || follows == '"' || follows == '\'');  // no loop: it runs that file
    call(file ? "require" : name, next, follows);
}

void PerlLexer::call_variable() {
    call_ = calls_now_ = false;
    sign("(");
    variable();
    sign(")");
    auto next = at_;
    while (next < text_.size() && is_space(text_[next])) ++next;
    if (next < text_.size() && text_[next] == '(') return;
    sign("(");
    sign(")");
}

void PerlLexer::call(std::string_view name, std::size_t next, char follows) {
    if (auto at = name.rfind("::"); at != std::string_view::npos && !call_) name = name.substr(at + 2);
    bool bare = std::exchange(call_, false) && std::exchange(calls_now_, false) && follows != '(';
    add(Kind::word, name);
    if (bare) {  // &f; hands its own arguments on
        sign("(");
        sign(")");
        return;
    }
    bool takes_first = name == "shift" || name == "pop";
    bool alone = follows == ';' || follows == ')' || follows == '}' || follows == ',' || follows == '|';
    if (takes_first && alone && subs_ > 0) {  // of what a function was called with
        sign("(");
        add(Kind::word, "_").quoted = true;
        return sign(")");
    }
    bool operator_follows = follows == '=' || follows == ',' || follows == ')' || follows == ';' || follows == '}' ||
                            follows == '(' || follows == '-' || follows == '.' || follows == '?' || follows == ':' ||
                            follows == '\0' || follows == ']';
    if (!takes_list(name) || operator_follows) {
        if (takes_list(name) && (follows == ';' || follows == ')' || follows == '}')) {
            sign("(");
            sign(")");
        }
        return;
    }
    sign("(");
    calls_.push_back(braces_.size());
    bool lists = name == "map" || name == "grep" || name == "sort";
    if (lists && follows == '{') return block(next);
    if (name == "print" || name == "printf" || name == "say") printed_to(next);
}

void PerlLexer::block(std::size_t next) {
    at_ = next + 1;
    auto last = last_statement();
    bool one = last == 0;
    if (!one && last != std::string_view::npos) gives_at_ = at_ + last;
    if (!one) add(Kind::word, "function");
    sign("(");
    add(Kind::word, "_").quoted = true;
    sign(")");
    if (one) sign("=>");
    open(one ? "(" : "{", '{');
    blocks_.push_back(braces_.size());
}

bool PerlLexer::quote_like(std::string_view name, std::size_t next, char follows) {
    bool known = name == "q" || name == "qq" || name == "qw" || name == "qx" || name == "m" || name == "qr" ||
                 name == "s" || name == "tr" || name == "y";
    if (!known || follows == '\0' || follows == ',' || follows == ';' || follows == ')' || is_letter(follows) ||
        is_digit(follows))
        return false;
    if (follows == '=' && (next > at_ || name.size() == 1)) return false;
    if (follows == '#' && next > at_) return false;
    at_ = next + 1;
    auto end = closing(follows);
    if (name == "m" || name == "qr")
        pattern(follows);
    else if (name == "s" || name == "tr" || name == "y")
        replacement(follows, name == "s");
    else if (name == "qw")
        quoted_words(end);
    else
        quoted(follows, end, name == "qq" || name == "qx", name == "qx");
    return true;
}

void PerlLexer::subroutine() {
    ++subs_;
    add(Kind::word, "function");
    while (is_space(peek()) && at_ < text_.size()) ++at_;
    begin_ = at_;
    auto from = at_;
    while (is_letter(peek()) || is_digit(peek()) || peek() == ':') ++at_;
    if (at_ > from) add(Kind::word, text_.substr(from, at_ - from));
    while (at_ < text_.size() && peek() != '{' && peek() != ';' && at_ - from < 256) ++at_;
    sign("(");
    sign("...");
    add(Kind::word, "_").quoted = true;
    sign(")");
    if (peek() == '{') gives_last();
}

void PerlLexer::each(std::size_t next, char follows) {
    auto at = next;
    if (text_.substr(at, 3) == "my ") at += 3;
    while (at < text_.size() && is_space(text_[at])) ++at;
    if (at >= text_.size() || text_[at] != '$' || follows == '(') {
        auto close = text_.substr(next, 4096).find(')'), semicolon = text_.substr(next, 4096).find(';');
        bool counts = follows == '(' && semicolon < close;
        add(Kind::word, counts ? "for" : "foreach");
        if (counts) return;
        if (follows != '(') return;
        at_ = next + 1;
        open("(", '(');
        add(Kind::word, "_").quoted = true;
        return void(add(Kind::word, "in"));
    }
    auto stop = ++at;
    while (stop < text_.size() && (is_letter(text_[stop]) || is_digit(text_[stop]))) ++stop;
    auto name = text_.substr(at, stop - at);
    add(Kind::word, "foreach");
    while (stop < text_.size() && is_space(text_[stop])) ++stop;
    at_ = stop;
    if (peek() != '(') return;
    ++at_;
    open("(", '(');
    add(Kind::word, name).quoted = true;
    add(Kind::word, "in");
}

void PerlLexer::open(std::string_view as, char spelt) {
    sign(as);
    begins_before_.push_back(begins_);
    if (as == "{") begins_ = tokens_.size();
    braces_.push_back(spelt == '{' ? as[0] : spelt);
    floors_.push_back(calls_.size());
}

void PerlLexer::shut(char c) {
    close_calls(0);
    if (braces_.empty()) return sign(c == ')' ? ")" : c == ']' ? "]" : "}");
    end_statement();
    char as = braces_.back();
    braces_.pop_back();
    floors_.pop_back();
    if (!begins_before_.empty()) {
        begins_ = begins_before_.back();
        begins_before_.pop_back();
    }
    block_ended_ = as == '{';
    if (as == kHash) named_.pop_back();
    sign(as == '(' ? ")" : as == '[' ? "]" : "}");
    constexpr std::string_view kHeads[] = {"if", "else", "while", "foreach", "for", "function", "try"};
    bool statement =
        as == '{' && begins_ < tokens_.size() &&
        (tokens_[begins_].is("{") || (tokens_[begins_].kind == Kind::word && !tokens_[begins_].quoted &&
                                      std::ranges::find(kHeads, tokens_[begins_].text) != std::end(kHeads)));
    if (statement) begins_ = tokens_.size();
    if (!blocks_.empty() && blocks_.back() == braces_.size() + 1) {
        blocks_.pop_back();
        sign(",");
    }
}

bool PerlLexer::hashes() const {
    constexpr std::size_t kLongest = 256;
    auto text = text_.substr(at_, kLongest);
    std::size_t i = 0;
    auto blanks = [&] {
        while (i < text.size() && is_space(text[i])) ++i;
    };
    blanks();
    if (i < text.size() && (text[i] == '\'' || text[i] == '"')) {
        i = text.find(text[i], i + 1);
        if (i == std::string_view::npos) return false;
        ++i;
    } else {
        while (i < text.size() && (is_letter(text[i]) || is_digit(text[i]))) ++i;
    }
    blanks();
    return text.substr(std::min(i, text.size()), 2) == "=>";
}

void PerlLexer::open_hash() {
    arrow_ = hash_ = false;
    sign("{");
    braces_.push_back(kHash);
    begins_before_.push_back(begins_);
    named_.push_back(false);
    floors_.push_back(calls_.size());
}

void PerlLexer::hash_separator() {
    arrow_ = false;
    close_calls(braces_.size());
    bool simple = tokens_.size() > 1 && (tokens_.back().kind == Kind::string || tokens_.back().kind == Kind::number) &&
                  (tokens_[tokens_.size() - 2].is("{") || tokens_[tokens_.size() - 2].is(","));
    bool name = !named_.back() && simple;
    sign(name ? ":" : ",");
    named_.back() = name;
}

void PerlLexer::operation() {
    static constexpr std::string_view kSigns[] = {
        "<=>", "**=", "||=", "&&=", "//=", "...", "->", "++", "--", "=~", "!~", "==", "!=", "<=", ">=", "&&", "||",
        "//",  "..",  "=>",  "+=",  "-=",  "*=",  "/=", ".=", "%=", "x=", "|=", "&=", "^=", "<<", ">>", "**", "::"};
    if (peek() == '<' && peek(1) == '<' && !behind_value() && heredoc()) return;
    auto rest = text_.substr(at_, 3);
    std::size_t size = 1;
    for (auto each : kSigns)
        if (size == 1 && rest.starts_with(each)) size = each.size();
    auto text = text_.substr(at_, size);
    bool value = behind_value();
    at_ += size;
    bool begins = last_is("=") || last_is("(") || last_is(",") || last_is(":") || last_is("[");
    if (text == "(" && hash_ && last_is("=")) return open_hash();
    if (text == "{" && begins && !arrow_ && hashes()) return open_hash();
    if ((text == "=>" || text == ",") && !braces_.empty() && braces_.back() == kHash) return hash_separator();
    if (text == "{")
        return open(value && !last_is(")") && !tokens_.back().is_word("else") && !tokens_.back().is_word("try") ? "["
                    : arrow_                                                                                    ? "["
                                                                                                                : "{",
                    '{'),
               void(arrow_ = false);
    if (text == "(" && last_is(",") && holds_list("=>")) return open("[", '['), void(arrow_ = false);
    if (text == "[" || text == "(") return open(text, text[0]), void(arrow_ = false);
    if (text == ")" || text == "]" || text == "}") return shut(text[0]);
    arrow_ = false;
    block_ended_ = false;
    if (text == ";" || text == "=") declares_ = false;
    if (text != "=") hash_ = false;
    if (text == "->") {
        auto next = at_;
        while (next < text_.size() && is_space(text_[next])) ++next;
        arrow_ = next < text_.size() && (text_[next] == '{' || text_[next] == '[' || text_[next] == '(');
        if (!arrow_) sign(".");
        return;
    }
    if (text == ";") {
        close_calls(0);
        end_statement();
        if (!block_ended_) sign(";");
        return void(begins_ = tokens_.size());
    }
    // *{"main::name"} = sub {...}: the function of that name.
    constexpr std::string_view kGlobs[] = {"{\"main::", "{'main::", "{\"::", "{\"", "{'"};
    for (auto glob : text == "*" && !value ? std::span(kGlobs) : std::span<const std::string_view>{}) {
        if (!text_.substr(at_).starts_with(glob)) continue;
        auto from = at_ + glob.size(), stop = from;
        while (stop < text_.size() && (is_letter(text_[stop]) || is_digit(text_[stop]))) ++stop;
        if (stop == from || stop + 1 >= text_.size() || text_[stop] != glob[1] || text_[stop + 1] != '}') break;
        at_ = stop + 2;
        return void(add(Kind::word, text_.substr(from, stop - from)).quoted = true);
    }
    if (text == ".") return sign("#.");
    if (text == ".=") return sign("#.=");
    if (text == "=~" || text == "!~") return binds_pattern() ? void(binds_ = true) : sign("==");
    if (text == "=>") return sign(",");
    if (text == "..") return sign(",");
    if (text == "<=>") return sign("-");
    if (text == "//") return sign("||");
    if (text == "//=") return sign("||=");
    if (text == "\\") return;
    if (text == "::") return sign(".");
    sign(text);
}

}  // namespace ascribe::shells

// CFML: tags are statements, their attributes texts with #holes#, and what tags hold is CFScript. Tags that do
// something become calls of functions of that name, so that one table serves tags and script.
// https://helpx.adobe.com/coldfusion/cfml-reference/coldfusion-tags.html
#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "shells/languages/curly.hpp"

namespace ascribe::shells {
namespace {

constexpr CurlyDialect kScript{.language = Language::cfml, .folded = true, .hashes = true, .request = "form"};
constexpr std::size_t kMostTag = 64 << 10;  // bytes of one tag

bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }
bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

class Cfml {
public:
    Cfml(std::string_view text, Span where) : text_(text), where_(where), to_(Language::cfml) {}

    Program compile() {
        bool script = text_.find("<cf") == std::string_view::npos && text_.find("<CF") == std::string_view::npos;
        if (script) {  // a component in script alone
            run_script(0, text_.size());
            return to_.finish();
        }
        while (at_ < text_.size()) {
            auto next = text_.find_first_of("<#", at_);
            if (next == std::string_view::npos) break;
            at_ = next;
            if (text_[at_] == '#')
                hole();
            else
                tag();
        }
        while (!blocks_.empty()) close_block();
        return to_.finish();
    }

private:
    struct Block {
        std::string_view tag;
        Assembler::Label end{}, next{}, top{};
        std::size_t body = 0;  // where the tag's body begins
        std::string_view name;
        bool loop = false, each = false, remote = false;
    };
    struct Attribute {
        std::string_view name;
        std::size_t begin = 0, end = 0;
    };

    Span span(std::size_t begin, std::size_t end) const {
        return {where_.offset + static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end - begin)};
    }

    // Script and texts ------------------------------------------------------------------------------------------------
    void run_script(std::size_t begin, std::size_t end) {
        Curly(text_.substr(begin, end - begin), span(begin, end), kScript, to_).run();
    }
    void expression(std::size_t begin, std::size_t end) {
        Curly(text_.substr(begin, end - begin), span(begin, end), kScript, to_).single_expression();
    }
    /// A text with #holes# as one value.
    void text_value(std::size_t begin, std::size_t end) {
        std::uint16_t pieces = 0;
        auto piece = [&](std::size_t from, std::size_t to) {
            if (from >= to || pieces >= 1000) return;
            to_.step(Op::text, span(from, to), text_.substr(from, to - from));
            ++pieces;
        };
        for (auto at = begin; at < end;) {
            auto open = std::min(text_.find('#', at), end);
            piece(at, open);
            if (open + 1 >= end) break;
            if (text_[open + 1] == '#') {
                piece(open, open + 1);
                at = open + 2;
                continue;
            }
            auto close = std::min(text_.find('#', open + 1), end);
            if (pieces < 1000) {
                expression(open + 1, close);
                ++pieces;
            }
            at = std::min(close + 1, end);
        }
        if (pieces == 0) to_.step(Op::text, span(begin, end), "");
        if (pieces > 1) to_.step(Op::join, span(begin, end), {}, pieces);
    }

    /// #x# in the page itself, where <cfoutput> makes it so.
    void hole() {
        auto limit = std::min(text_.size(), at_ + 4096);
        auto close = text_.substr(0, limit).find('#', at_ + 1);
        if (outputs_ == 0 || close == std::string_view::npos || close == at_ + 1) {
            at_ += close == at_ + 1 ? 2 : 1;
            return;
        }
        auto inner = text_.substr(at_ + 1, close - at_ - 1);
        if (inner.find_first_of("<\n") == std::string_view::npos) {
            expression(at_ + 1, close);
            to_.step(Op::echo, span(at_, close + 1));
            at_ = close + 1;
        } else {
            ++at_;
        }
    }

    // Tags ------------------------------------------------------------------------------------------------------------
    /// Behind the '>' that ends the tag which begins at `at`: not one within quotes.
    std::size_t behind_tag(std::size_t at) const {
        char quote = '\0';
        auto limit = std::min(text_.size(), at + kMostTag);
        for (auto i = at; i < limit; ++i) {
            char c = text_[i];
            if (quote != '\0')
                quote = c == quote ? '\0' : quote;
            else if (c == '"' || c == '\'')
                quote = c;
            else if (c == '>')
                return i + 1;
        }
        auto end = text_.substr(0, limit).find('>', at);
        return end == std::string_view::npos ? limit : end + 1;
    }

    void tag() {
        if (text_.substr(at_, 5) == "<!---") {
            at_ = behind_markup_comment(text_, at_);
            return;
        }
        bool closes = at_ + 1 < text_.size() && text_[at_ + 1] == '/';
        auto from = at_ + (closes ? 2 : 1);
        if (lower(text_.substr(from, 2)) != "cf") {
            ++at_;
            return;
        }
        auto stop = from;
        while (stop < text_.size() && is_word(text_[stop])) ++stop;
        name_ = to_.keep_lower(text_.substr(from, stop - from));
        begin_ = at_;
        end_ = behind_tag(stop);
        inner_ = stop;
        inner_end_ = end_ > stop && text_[end_ - 1] == '>' ? end_ - 1 : end_;
        if (inner_end_ > inner_ && text_[inner_end_ - 1] == '/') --inner_end_;
        at_ = end_;
        if (closes)
            closing();
        else
            opening();
    }

    Attribute attribute(std::string_view name) const {
        for (auto i = inner_; i < inner_end_;) {
            while (i < inner_end_ && !is_word(text_[i])) ++i;
            auto begin = i;
            while (i < inner_end_ && is_word(text_[i])) ++i;
            auto found = text_.substr(begin, i - begin);
            while (i < inner_end_ && is_space(text_[i])) ++i;
            if (i >= inner_end_ || text_[i] != '=') continue;
            for (++i; i < inner_end_ && is_space(text_[i]);) ++i;
            if (i >= inner_end_) break;
            char quote = text_[i];
            auto from = i, to = i;
            if (quote == '"' || quote == '\'') {
                from = i + 1;
                to = std::min(text_.find(quote, from), inner_end_);
                while (to + 1 < inner_end_ && text_[to + 1] == quote)  // written twice, it is one of the text
                    to = std::min(text_.find(quote, to + 2), inner_end_);
                i = to + 1;
            } else {
                while (to < inner_end_ && !is_space(text_[to])) ++to;
                i = to;
            }
            if (equals_folded(found, name)) return {found, from, to};
        }
        return {};
    }
    void value_of(std::string_view name) {
        auto found = attribute(name);
        if (found.name.empty())
            to_.step(Op::nothing, span(begin_, end_));
        else
            text_value(found.begin, found.end);
    }
    std::string_view plain(std::string_view name) {
        auto found = attribute(name);
        return to_.keep_lower(text_.substr(found.begin, found.end - found.begin));
    }

    /// A call with the values of attributes; its result goes to the variable that an attribute names.
    void call(std::string_view function, std::initializer_list<std::string_view> attributes,
              std::string_view result = {}) {
        auto where = span(begin_, end_);
        for (auto each : attributes) value_of(each);
        to_.step(Op::call, where, function, static_cast<std::uint16_t>(attributes.size()));
        keep_result(result);
    }
    void keep_result(std::string_view result) {
        auto where = span(begin_, end_);
        auto name = result.empty() ? std::string_view{} : plain(result);
        if (name.empty()) return void(to_.step(Op::drop, where));
        to_.store(name.substr(name.rfind('.') + 1), where);
    }

    void opening() {
        struct Call {
            std::string_view tag, result;
            std::array<std::string_view, 3> attributes;
        };
        static constexpr Call kCalls[] = {
            {"cfexecute", "variable", {"name", "arguments", "outputfile"}},
            {"cfdirectory", "name", {"directory", "action", "newdirectory"}},
            {"cfhttp", "result", {"url", "method", "file"}},
            {"cfcontent", "", {"file", "variable", ""}},
            {"cfregistry", "variable", {"branch", "entry", "value"}},
            {"cfmail", "", {"to", "subject", ""}},
            {"cfschedule", "", {"url", "file", "path"}},
            {"cfftp", "name", {"server", "localfile", "remotefile"}},
            {"cfzip", "", {"file", "destination", "source"}},
            {"cfheader", "", {"name", "value", ""}},
            {"cfobject", "name", {"type", "class", "action"}},
            {"cfinvoke", "returnvariable", {"component", "method", ""}},
            {"cfsetting", "", {"requesttimeout", "", ""}},
            {"cfdbinfo", "name", {"type", "datasource", ""}},
            {"cfimage", "name", {"source", "destination", ""}},
            {"cfdocument", "name", {"filename", "src", ""}},
        };
        auto where = span(begin_, end_);
        if (name_ == "cfset" || name_ == "cfreturn") return set(where);
        if (name_ == "cfscript") return script();
        if (name_ == "cfif" || name_ == "cfwhile") return condition(where);
        if (name_ == "cfelseif" || name_ == "cfelse") return otherwise(where);
        if (name_ == "cfloop" || (name_ == "cfoutput" && !attribute("query").name.empty())) return loop(where);
        if (name_ == "cfoutput") return void(++outputs_);
        if (name_ == "cffunction") return function(where);
        if (name_ == "cfargument") return argument();
        if (name_ == "cfparam") return parameter(where);
        if (name_ == "cfinclude" || name_ == "cfmodule") return include(where);
        if (name_ == "cffile") return file();
        if (name_ == "cfquery" && !attribute("datasource").name.empty())
            call("cfquery.datasource", {"datasource", "username"});
        if (name_ == "cfquery" || name_ == "cfsavecontent") return push({.tag = name_, .body = at_});
        if (name_ == "cfcatch" || name_ == "cfcase" || name_ == "cfdefaultcase") {
            Block block{.tag = name_, .end = to_.label()};
            to_.maybe(block.end, where);
            return push(block);
        }
        if (name_ == "cfcookie") return call("cfcookie", {"name", "value"});
        for (const auto& each : kCalls)
            if (name_ == each.tag)
                return call(each.tag, {each.attributes[0], each.attributes[1], each.attributes[2]}, each.result);
    }

    void push(Block block) {
        if (blocks_.size() >= kMostNesting) return to_.cut();
        blocks_.push_back(block);
    }

    void set(Span where) {
        if (name_ == "cfset") return run_script(inner_, inner_end_);
        expression(inner_, inner_end_);
        to_.step(Op::leave, where);
    }
    void script() {
        auto end = at_;
        for (;; end += 2) {
            end = std::min(text_.find("</", end), text_.size());
            if (end == text_.size() || starts_folded(text_.substr(end + 2), "cfscript")) break;
        }
        run_script(at_, end);
        at_ = end;
    }
    void condition(Span where) {
        Block block{
            .tag = name_, .end = to_.label(), .next = to_.label(), .top = to_.label(), .loop = name_ == "cfwhile"};
        to_.place(block.top);
        expression(inner_, inner_end_);
        to_.jump(Op::jump_unless, block.next, where);
        push(block);
    }
    void otherwise(Span where) {
        auto found = std::ranges::find(blocks_.rbegin(), blocks_.rend(), std::string_view("cfif"), &Block::tag);
        if (found == blocks_.rend()) return to_.unread();
        while (blocks_.back().tag != "cfif") close_block();
        auto& block = blocks_.back();
        to_.jump(Op::jump, block.end, where);
        to_.place(block.next);
        block.next = to_.label();
        if (name_ != "cfelseif") return;
        auto next = block.next;
        expression(inner_, inner_end_);
        to_.jump(Op::jump_unless, next, where);
    }
    void loop(Span where) {
        bool output = name_ == "cfoutput";
        if (output) ++outputs_;
        auto item = plain("item").empty() ? plain("index") : plain("item");
        for (auto kind : {"array", "list", "collection", "query", "file"}) {
            if (attribute(kind).name.empty()) continue;
            Block block{.tag = name_, .end = to_.label(), .next = to_.label(), .each = true};
            if (std::string_view(kind) == "query")
                to_.step(Op::variable, where, plain(kind));
            else
                value_of(kind);
            to_.step(Op::each_begin, where);
            to_.place(block.next);
            to_.jump(Op::each_next, block.end, where);
            to_.store(item.empty() ? to_.fresh() : item, where);
            to_.step(Op::drop, where);
            return push(block);
        }
        Block block{.tag = name_, .end = to_.label(), .next = to_.label(), .top = to_.label(), .loop = true};
        if (!item.empty()) {
            value_of("from");
            to_.store(item, where);
        }
        to_.place(block.top);
        if (auto found = attribute("condition"); !found.name.empty())
            expression(found.begin, found.end);
        else
            to_.step(Op::unknown, where);
        to_.jump(Op::jump_unless, block.next, where);
        push(block);
    }
    void function(Span where) {
        auto name = plain("name");
        to_.open_function(name, {}, where);
        bool remote = plain("access") == "remote";
        if (remote) to_.program().entry_points.push_back(name);
        push({.tag = name_, .remote = remote});
    }
    void argument() {
        if (to_.in_function()) to_.function().parameters.push_back({plain("name")});
        if (blocks_.empty() || !blocks_.back().remote) return;
        auto where = span(begin_, end_);  // who asks for page.cfc?method=run&command=... says what it is
        to_.step(Op::variable, where, "url");
        to_.step(Op::member, where, plain("name"));
        to_.store(plain("name"), where);
    }
    void parameter(Span where) {
        auto name = plain("name");
        if (name.empty() || name.find('.') != std::string_view::npos || attribute("default").name.empty()) return;
        auto after = to_.label();
        to_.step(Op::variable, where, name);
        to_.step(Op::defined, where);
        to_.jump(Op::jump_if, after, where);
        value_of("default");
        to_.store(name, where);
        to_.place(after);
    }
    void include(Span where) {
        value_of("template");
        to_.step(Op::include, where);
        to_.step(Op::drop, where);
    }
    void file() {
        auto action = plain("action");
        if (action == "upload" || action == "uploadall")
            return call("cffile.upload", {"destination", "filefield", "accept"}, "result");
        if (action == "write" || action == "append") return call("cffile.write", {"file", "output"});
        if (action == "read" || action == "readbinary") return call("cffile.read", {"file"}, "variable");
        if (action == "delete") return call("cffile.delete", {"file"});
        call("cffile.move", {"source", "destination"});
    }

    void closing() {
        if (name_ == "cfoutput" && outputs_ > 0) --outputs_;
        auto found = std::ranges::find(blocks_.rbegin(), blocks_.rend(), name_, &Block::tag);
        if (found == blocks_.rend()) return;
        while (blocks_.back().tag != name_) close_block();
        close_block();
    }
    void close_block() {
        auto block = blocks_.back();
        blocks_.pop_back();
        auto where = span(begin_, end_);
        if (block.tag == "cffunction") return to_.close_function();
        if (block.tag == "cfquery" || block.tag == "cfsavecontent") return body(block);
        if (block.each) {
            to_.jump(Op::jump, block.next, where);
            to_.place(block.end);
            to_.step(Op::each_end, where);
            return;
        }
        if (block.loop) to_.jump(Op::jump, block.top, where);
        to_.place(block.next);
        to_.place(block.end);
    }
    /// <cfquery name=q> select #x# </cfquery>: the body is a text; tags within it were taken as tags already.
    void body(const Block& block) {
        if (block.tag == "cfsavecontent") return;
        auto end = std::max(block.body, begin_);  // no tag follows one that the text ends in
        auto where = span(block.body, end);
        text_value(block.body, end);
        to_.step(Op::call, where, "cfquery", 1);
        to_.step(Op::drop, where);
    }

    std::string_view text_;
    Span where_;
    Assembler to_;
    std::size_t at_ = 0, begin_ = 0, end_ = 0, inner_ = 0, inner_end_ = 0;  // of the tag at hand
    std::string_view name_;
    std::vector<Block> blocks_;
    std::size_t outputs_ = 0;
};

Program compile(std::string_view text, Span where) { return Cfml(text, where).compile(); }
Program compile_code(std::string_view text, Span where) { return Curly::compile_code(text, where, kScript); }

}  // namespace

extern const FrontEnd kCfmlFrontEnd;
const FrontEnd kCfmlFrontEnd{
    Language::cfml, "cfml", "https://helpx.adobe.com/coldfusion/cfml-reference/coldfusion-tags.html",
    compile,        true,   compile_code};

}  // namespace ascribe::shells

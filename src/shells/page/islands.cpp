// Pages as the servers cut them: the first "%>" ends an island even inside a string, "<script runat=server>" is code,
// a directive decides the language. What is no mark is passed over, so an image with a page behind its header is a
// page. https://learn.microsoft.com/previous-versions/iis/6.0-sdk/ms525153(v=vs.90),
// https://learn.microsoft.com/previous-versions/aspnet/fy30at8h(v=vs.100), https://jakarta.ee/specifications/pages/3.1/
#include "shells/page/islands.hpp"

#include <algorithm>
#include <cctype>

#include "base/text.hpp"
#include "shells/page/decode.hpp"
#include "shells/page/unit_writer.hpp"

namespace ascribe::shells {
namespace {

constexpr std::size_t kMostTag = 64 << 10;      // bytes of a tag that is looked at
constexpr std::size_t kMostLooked = 256 << 10;  // bytes that decide a platform nobody declares

bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }
bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// The value of an attribute of a tag or directive, "" when it is missing.
std::string_view attribute(std::string_view tag, std::string_view name) {
    for (std::size_t i = 1; i + name.size() < tag.size(); ++i) {
        bool begins = !is_word(tag[i - 1]) && tag[i - 1] != '-' && equals_folded(tag.substr(i, name.size()), name);
        if (!begins) continue;
        auto at = i + name.size();
        while (at < tag.size() && is_space(tag[at])) ++at;
        if (at >= tag.size() || tag[at] != '=') continue;
        for (++at; at < tag.size() && is_space(tag[at]);) ++at;
        if (at >= tag.size()) return {};
        char quote = tag[at];
        auto begin = at, end = at;
        if (quote == '"' || quote == '\'') {
            begin = at + 1;
            end = std::min(tag.find(quote, begin), tag.size());
        } else {
            while (end < tag.size() && !is_space(tag[end]) && tag[end] != '>' && tag[end] != '%') ++end;
            bool closes = end == tag.size() || tag[end] == '>';
            if (closes && end > begin && tag[end - 1] == '/') --end;
        }
        return trim(tag.substr(begin, end - begin));
    }
    return {};
}

Language language_of(std::string_view name, Platform platform) {
    auto word = lower(name);
    if (auto dot = word.find(".encode"); dot != std::string::npos) word.resize(dot);
    if (word == "vbscript" || word == "vbs") return platform == Platform::aspnet ? Language::vbnet : Language::vbscript;
    if (word == "vb" || word == "visualbasic") return platform == Platform::asp ? Language::vbscript : Language::vbnet;
    if (word == "c#" || word == "cs" || word == "csharp" || word == "c") return Language::csharp;
    if (word.find("script") != std::string::npos && word.find("perl") == std::string::npos) return Language::jscript;
    if (word == "js" || word.starts_with("jscript")) return Language::jscript;
    if (word == "java" || word.starts_with("vj")) return Language::java;
    if (word.starts_with("perl")) return Language::perl;
    if (word.starts_with("python")) return Language::python;
    return Language::none;
}

/// Visual Basic is the default of ASP.NET, and few rely on it: the code says.
Language sniffed_dotnet(std::string_view text) {
    auto head = lower(text.substr(0, kMostLooked));
    int basic = 0, other = 0;
    for (auto word : {"end sub", "end if", "end function", "\ndim ", " then\r", " then\n", " byval "})
        basic += head.find(word) != std::string::npos;
    for (auto word : {";\r", ";\n", "; ", "void ", "{\r", "{\n", ");%>", "==", "protected ", "var "})
        other += head.find(word) != std::string::npos;
    return basic > other ? Language::vbnet : Language::csharp;
}

// Which platform ----------------------------------------------------------------------------------------------------

struct Directive {
    std::string_view name, tag;
};

/// "<%@", and what ASP.NET takes too: "<% @".
bool is_directive(std::string_view rest) {
    std::size_t at = 2;
    while (at < rest.size() && at < 16 && is_space(rest[at])) ++at;
    return rest.starts_with("<%") && at < rest.size() && rest[at] == '@';
}
/// What looks like one within code is none: it is part of a comment or text there.
std::size_t next_directive(std::string_view text, std::size_t from) {
    for (auto at = text.find("<%", from); at != std::string_view::npos;) {
        if (is_directive(text.substr(at))) return at;
        auto end = text.find("%>", at + 2);
        if (end == std::string_view::npos) break;
        at = text.find("<%", end + 2);
    }
    return std::string_view::npos;
}

/// Behind the end of the tag that begins at `at`: the first '>' outside its quotes, or within them when they never end.
/// Code in an attribute ends it before.
std::size_t tag_end(std::string_view text, std::size_t at) {
    auto window = text.substr(0, std::min(at + kMostTag, text.size()));
    char quote = '\0';
    for (auto i = at; i < window.size(); ++i) {
        char c = window[i];
        if (c == '<' && i + 1 < window.size() && window[i + 1] == '%')
            window = window.substr(0, i);
        else if (quote != '\0')
            quote = c == quote ? '\0' : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '>')
            return i;
    }
    return std::min(window.find('>', at), window.size());
}

Directive directive_at(std::string_view text, std::size_t at) {
    auto window = text.substr(0, std::min(at + kMostTag, text.size()));
    auto end = std::min(window.find("%>", at), window.size());
    auto tag = text.substr(at, end - at);
    std::size_t begin = 2;
    while (begin < tag.size() && (is_space(tag[begin]) || tag[begin] == '@')) ++begin;
    auto stop = begin;
    while (stop < tag.size() && is_word(tag[stop])) ++stop;
    return {tag.substr(begin, stop - begin), tag};
}

Platform platform_of(const Directive& directive) {
    auto name = lower(directive.name);
    auto has = [&directive](std::string_view key) { return !attribute(directive.tag, key).empty(); };
    for (auto word : {"webhandler", "webservice", "control", "master", "application", "assembly", "register",
                      "servicehost", "outputcache", "reference", "implements", "mastertype", "previouspagetype"})
        if (name == word) return Platform::aspnet;
    if (name == "import") return Platform::aspnet;
    if (name == "taglib" || name == "tag" || name == "variable" || name == "attribute" || name == "include")
        return Platform::jsp;
    if (name == "page") {
        auto language = lower(attribute(directive.tag, "language"));
        for (auto key : {"import", "pageEncoding", "isELIgnored", "isErrorPage", "extends", "isThreadSafe"})
            if (has(key)) return Platform::jsp;
        if (language == "java") return Platform::jsp;
        for (auto key : {"inherits", "autoeventwireup", "validaterequest", "masterpagefile", "codebehind", "codefile",
                         "trace", "debug", "aspcompat", "enableviewstate", "enableviewstatemac", "responseencoding"})
            if (has(key)) return Platform::aspnet;
        return language.empty() ? Platform::unknown : Platform::aspnet;
    }
    if (name == "language") {
        auto language = language_of(attribute(directive.tag, "language"), Platform::asp);
        if (language == Language::csharp || language == Language::java) return Platform::aspnet;
        return Platform::asp;
    }
    if (name == "codepage" || name == "lcid" || name == "enablesessionstate" || name == "transaction")
        return Platform::asp;
    return Platform::unknown;
}

bool has_tag(std::string_view lowered, std::string_view tag) { return lowered.find(tag) != std::string_view::npos; }

/// Whether text follows a mark somewhere: in a picture or a program of some length each of them stands by chance.
bool begins_text(std::string_view bytes, std::string_view mark) {
    constexpr std::size_t kText = 16;  // bytes, or what is left: as the prefilter asks for
    for (auto at = bytes.find(mark); at != std::string_view::npos; at = bytes.find(mark, at + 1)) {
        auto rest = bytes.substr(at + mark.size(), kText);
        // Pictures tell of themselves (<?xpacket), programs name what they hold (<?Add@@YG), palettes hold any letters.
        if (mark == "<?" && !rest.empty() && !is_space(rest.front())) continue;
        if (std::ranges::all_of(rest, [](char c) { return (c >= ' ' && c <= '~') || is_space(c); })) return true;
    }
    return false;
}

Platform platform_of_directives(std::string_view text) {
    int looked = 0;
    for (auto at = next_directive(text, 0); at != std::string_view::npos && looked < 16;
         at = next_directive(text, at + 2), ++looked)
        if (auto platform = platform_of(directive_at(text, at)); platform != Platform::unknown) return platform;
    return Platform::unknown;
}

Platform platform_of_words(std::string_view lowered) {
    auto count = [lowered](std::initializer_list<std::string_view> words) {
        return std::ranges::count_if(words,
                                     [lowered](auto word) { return lowered.find(word) != std::string_view::npos; });
    };
    auto jsp = count({"request.getparameter", "java.io", "java.lang", "runtime.getruntime", "out.print", "javax.",
                      "pagecontext", "processbuilder", "classloader", "inputstream", "request.getheader", "<%!",
                      "getinputstream"});
    auto asp = count({"server.createobject", "createobject(", "response.write", "execute", "eval request",
                      "eval(request", "end if", "on error", "set ", "dim ", "<%eval", "vbscript", "<% eval"});
    auto dotnet = count({"system.", "page_load", "<asp:", "string[]", "httpcontext", "runat=\"server\"",
                         "request.item[", "request[", "new ", "void ", "processrequest"});
    if (jsp >= asp && jsp >= dotnet && jsp > 0) return Platform::jsp;
    if (dotnet > asp) return Platform::aspnet;
    return Platform::asp;
}

/// What the first line says the script is run by.
Platform interpreter_of(std::string_view lowered) {
    if (!lowered.starts_with("#!") && !lowered.starts_with("\xEF\xBB\xBF#!")) return Platform::unknown;
    auto line = lowered.substr(0, lowered.find('\n'));
    if (line.find("perl") != std::string_view::npos) return Platform::perl;
    if (line.find("python") != std::string_view::npos) return Platform::python;
    if (line.find("php") != std::string_view::npos) return Platform::php;
    return Platform::unknown;
}

Platform platform_of(std::string_view text, std::string_view path) {
    auto named = platform_of_name(path);
    // A program runs as it is, whatever its name.
    bool program = text.starts_with(
                       "\x7F"
                       "ELF") &&
                   (named == Platform::perl || named == Platform::python);
    if (program) return Platform::unknown;
    auto head = lower(text.substr(0, kMostLooked));
    bool binary = named == Platform::unknown && head.find('\0') != std::string::npos;
    auto has_mark = [&](std::string_view mark) { return binary ? begins_text(head, mark) : has_tag(head, mark); };
    bool php = has_mark("<?php") || (has_mark("<?=") && !has_mark("<%"));
    bool marks = binary ? begins_text(text, "<%") : text.find("<%") != std::string_view::npos;
    if (auto declared = platform_of_directives(text); declared != Platform::unknown) {
        // "<%@ Page Language=Jscript %>" and "<%@ Language=JScript %>" are told apart; a name may settle what is left.
        if (named == Platform::jsp && declared == Platform::asp) return Platform::jsp;
        if (named == Platform::aspnet && declared == Platform::asp) return Platform::aspnet;
        if (!((php || has_tag(head, "<?")) && named == Platform::php)) return declared;
        return Platform::php;
    }
    // A program of another language that prints or tests PHP is not PHP, unless it begins as a page.
    bool begins = trim(text.substr(0, kMostLooked)).starts_with('<');
    if (!begins && (named == Platform::python || named == Platform::perl) && !head.starts_with("#!")) return named;
    if (!begins && named == Platform::python) return named;
    if (named == Platform::perl && head.starts_with("#!") && interpreter_of(head) == Platform::perl) return named;
    if (php && (named == Platform::php || named == Platform::unknown || !marks)) return Platform::php;
    // In a picture of some length "<%" stands by chance, which "<?php" does not.
    if (binary && text.find("<?php") != std::string_view::npos) return Platform::php;
    if (auto called = interpreter_of(head); called != Platform::unknown) return called;
    if (has_tag(head, "java.sun.com/jsp/page") || has_tag(head, "<jsp:scriptlet") || has_tag(head, "<jsp:root"))
        return Platform::jsp;
    if (named != Platform::unknown) return named;
    bool cold_fusion = has_tag(head, "<cfset") || has_tag(head, "<cfexecute") || has_tag(head, "<cffile") ||
                       has_tag(head, "<cfoutput") || has_tag(head, "<cfif") || has_tag(head, "<cfscript");
    if (cold_fusion) return Platform::cfml;
    if (marks || has_tag(head, "runat=server") || has_tag(head, "runat=\"server\"") || has_encoded_script(text))
        return platform_of_words(head);
    if (has_tag(head, "use strict;") || has_tag(head, "use cgi") || has_tag(head, "use socket;")) return Platform::perl;
    if (has_mark("<?") && !has_tag(head, "<?xml")) return Platform::php;
    return Platform::unknown;
}

// The page ----------------------------------------------------------------------------------------------------------

class Reader {
public:
    Reader(std::string_view text, Platform platform) : text_(text), platform_(platform), units_(text), controls_(text) {
        default_ = platform == Platform::asp   ? Language::vbscript
                   : platform == Platform::jsp ? Language::java
                                               : Language::none;  // of ASP.NET: declared, or sniffed when it is needed
        find_default();
    }

    Page read() {
        while (at_ < text_.size()) {
            auto next = platform_ == Platform::jsp ? text_.find_first_of("<$#", at_) : text_.find('<', at_);
            if (next == std::string_view::npos) break;
            at_ = next;
            mark();
        }
        // The server makes a page's controls before any of its code runs, wherever they stand.
        Page page{platform_, controls_.take(), std::move(controls_.islands)};
        std::ranges::move(units_.take(), std::back_inserter(page.units));
        page.islands.insert(page.islands.end(), units_.islands.begin(), units_.islands.end());
        std::ranges::sort(page.islands, {}, &Span::offset);
        return page;
    }

private:
    Language language() {
        if (default_ == Language::none) default_ = sniffed_dotnet(text_);
        return default_;
    }

    void find_default() {
        int looked = 0;
        for (auto at = next_directive(text_, 0); at != std::string_view::npos && looked < 16;
             at = next_directive(text_, at + 2), ++looked) {
            auto named = language_of(attribute(directive_at(text_, at).tag, "language"), platform_);
            if (named == Language::none || (platform_ == Platform::jsp && named != Language::java)) continue;
            default_ = named;
            return;
        }
    }

    /// At '<', or at '$' or '#' of JSP.
    void mark() {
        auto rest = text_.substr(at_);
        bool no_classic = platform_ != Platform::asp;
        if (rest[0] != '<') {
            expression_language();
        } else if (no_classic && rest.starts_with("<%--")) {
            skip_behind("--%>");
        } else if (is_directive(rest)) {
            directive();
        } else if (rest.starts_with("<%")) {
            island();
        } else if (platform_ != Platform::jsp && starts_folded(rest, "<script")) {
            script();
        } else if (platform_ == Platform::asp && starts_folded(rest, "<object")) {
            object();
        } else if (platform_ == Platform::jsp && starts_folded(rest, "<jsp:usebean")) {
            bean();
        } else if (platform_ == Platform::aspnet && control()) {
            // at_ moved by one: code may stand in its attributes
        } else if (platform_ == Platform::jsp && xml_island()) {
            // at_ moved behind it
        } else {
            ++at_;
        }
    }

    void skip_behind(std::string_view end) {
        auto stop = text_.find(end, at_);
        at_ = stop == std::string_view::npos ? text_.size() : stop + end.size();
    }

    void directive() {
        auto found = directive_at(text_, at_);
        auto another = text_.find("<%", at_ + 2);
        bool ends = text_.substr(0, another).find("%>", at_) != std::string_view::npos;
        if (!ends && another != std::string_view::npos) {  // it never ends; what follows is read all the same
            at_ = another;
            return;
        }
        skip_behind("%>");
        bool pure = platform_ == Platform::aspnet &&
                    (equals_folded(found.name, "webhandler") || equals_folded(found.name, "webservice") ||
                     equals_folded(found.name, "servicehost") ||
                     (equals_folded(found.name, "language") && !attribute(found.tag, "class").empty()));
        if (!pure) return;
        // The class follows, perhaps behind further directives.
        for (;;) {
            auto next = at_;
            while (next < text_.size() && is_space(text_[next])) ++next;
            if (!is_directive(text_.substr(next))) break;
            at_ = next;
            skip_behind("%>");
        }
        units_.code(language(), at_, text_.size());
        at_ = text_.size();
    }

    void island() {
        auto begin = at_ + 2;
        auto end = std::min(text_.find("%>", begin), text_.size());
        char kind = begin < text_.size() ? text_[begin] : '\0';
        bool shown = kind == '=' || (platform_ == Platform::aspnet && (kind == '#' || kind == ':'));
        if (platform_ == Platform::asp && !shown) {  // "<% = x %>" shows x as well
            auto first = begin;
            while (first < end && is_space(text_[first])) ++first;
            if (first < end && text_[first] == '=') begin = first, shown = true;
        }
        if (shown) {
            ++begin;
            if (platform_ == Platform::aspnet && kind == '#' && begin < end && text_[begin] == ':') ++begin;
            units_.echo(language(), begin, end);
        } else if (kind == '!' && platform_ == Platform::jsp) {
            units_.code(language(), begin + 1, end);
        } else if (!(kind == '$' && platform_ == Platform::aspnet)) {
            units_.code(language(), begin, end);
        }
        at_ = std::min(end + 2, text_.size());
    }

    void script() {
        auto tag = text_.substr(at_, tag_end(text_, at_) - at_);
        auto where = attribute(tag, "runat");
        if (!equals_folded(where, "server")) {
            at_ += tag.size();
            return;
        }
        auto named = language_of(attribute(tag, "language"), platform_);
        auto begin = std::min(at_ + tag.size() + 1, text_.size()), end = begin;
        for (;; end += 2) {  // "</" in a string of the script is not its end
            end = std::min(text_.find("</", end), text_.size());
            if (end == text_.size() || starts_folded(text_.substr(end + 2), "script")) break;
        }
        units_.code(named == Language::none ? language() : named, begin, end);
        at_ = end;
    }

    /// `<object runat=server id=x progid=... or classid=...>` is CreateObject by another name.
    void object() {
        auto tag = text_.substr(at_, tag_end(text_, at_) - at_);
        auto id = attribute(tag, "id"), program = attribute(tag, "progid");
        if (program.empty()) program = attribute(tag, "classid");
        bool named = !id.empty() && std::ranges::all_of(id, is_word);
        if (named && !program.empty() && equals_folded(attribute(tag, "runat"), "server")) {
            auto code = std::string(id) + "=CreateObject(\"" + std::string(program) + "\")";
            if (code.size() <= tag.size()) units_.instead(language(), at_, at_ + tag.size(), code);
        }
        at_ += tag.size();
    }

    /// `<jsp:useBean id=x class=T>` declares x, an object of that type.
    void bean() {
        auto tag = text_.substr(at_, std::min(text_.substr(at_, kMostTag).find('>'), kMostTag));
        auto id = attribute(tag, "id"), type = attribute(tag, "class");
        auto plain = [](std::string_view name) {
            return !name.empty() && std::ranges::all_of(name, [](char c) { return is_word(c) || c == '.'; });
        };
        if (plain(id) && plain(type)) {
            auto code = std::string(id) + "=new " + std::string(type) + "();";
            if (code.size() <= tag.size()) units_.instead(language(), at_, at_ + tag.size(), code);
        }
        at_ += tag.size();
    }

    /// `<asp:TextBox id=x runat=server>` declares x: an object whose text the visitor chooses.
    bool control() {
        constexpr std::size_t kMostControl = 2048;  // bytes of its tag
        auto rest = text_.substr(at_, kMostControl);
        auto another = rest.find('<', 1);  // but code in an attribute
        while (another != std::string_view::npos && rest.substr(another + 1).starts_with('%'))
            another = rest.find('<', another + 1);
        rest = rest.substr(0, another);
        bool form_field =
            starts_folded(rest, "<input") || starts_folded(rest, "<textarea") || starts_folded(rest, "<select");
        if (!form_field && !starts_folded(rest, "<asp:")) return false;
        auto end = rest.find('>');
        if (end == std::string_view::npos) return false;
        auto tag = rest.substr(0, end);
        auto id = attribute(tag, "id");
        bool server = equals_folded(attribute(tag, "runat"), "server");
        bool named =
            !id.empty() && std::ranges::all_of(id, is_word) && std::isdigit(static_cast<unsigned char>(id[0])) == 0;
        if (server && named) {
            std::string type = "HtmlInputText";
            if (form_field && equals_folded(attribute(tag, "type"), "file")) type = "HtmlInputFile";
            if (!form_field) {
                std::size_t stop = 5;
                while (stop < tag.size() && is_word(tag[stop])) ++stop;
                type = tag.substr(5, stop - 5);
            }
            auto code = std::string(id) + "=new " + type + "();";
            if (language() == Language::vbnet) code.back() = ' ';
            if (code.size() <= tag.size()) controls_.instead(language(), at_, at_ + tag.size(), code);
        }
        ++at_;
        return true;
    }

    /// Where the end tag stands; what looks like it within CDATA or a comment is text.
    std::size_t xml_end(std::size_t at, std::string_view ending) const {
        for (at = text_.find('<', at); at != std::string_view::npos; at = text_.find('<', at)) {
            auto rest = text_.substr(at);
            if (rest.starts_with(ending)) return at;
            bool data = rest.starts_with("<![CDATA["), comment = rest.starts_with("<!--");
            auto stop = data ? text_.find("]]>", at) : comment ? text_.find("-->", at) : at + 1;
            if (stop == std::string_view::npos) break;
            at = stop;
        }
        return text_.size();
    }

    /// `<jsp:scriptlet>`, under whatever prefix the page gives the namespace.
    bool xml_island() {
        constexpr std::size_t kMostName = 256;
        auto rest = text_.substr(at_, kMostName);
        std::size_t stop = 1;
        while (stop < rest.size() &&
               (is_word(rest[stop]) || rest[stop] == ':' || rest[stop] == '-' || rest[stop] == '.'))
            ++stop;
        auto qualified = rest.substr(1, stop - 1);
        auto name = qualified.substr(qualified.rfind(':') + 1);  // without a prefix where the namespace is the default
        bool shown = name == "expression";
        if (!shown && name != "scriptlet" && name != "declaration") return false;
        auto begin = std::min(tag_end(text_, at_) + 1, text_.size());
        auto end = xml_end(begin, "</" + std::string(qualified));
        units_.instead(Language::java, begin, end, decode_xml_text(text_.substr(begin, end - begin)));
        if (shown) units_.mark_echo(Language::java, begin - 1);
        at_ = end;
        return true;
    }

    /// The '}' outside texts that ends an expression; npos when another begins before.
    std::size_t expression_end(std::size_t at) const {
        constexpr std::size_t kMostExpression = 16 << 10;
        char quote = '\0';
        for (auto last = std::min(at + kMostExpression, text_.size()); at < last; ++at) {
            char c = text_[at];
            bool begins = (c == '$' || c == '#') && at + 1 < text_.size() && text_[at + 1] == '{';
            if (quote == '\0' && (c == '}' || begins)) return begins ? std::string_view::npos : at;
            if (c == '\\' && quote != '\0')
                ++at;
            else if (quote != '\0')
                quote = c == quote ? '\0' : quote;
            else if (c == '"' || c == '\'')
                quote = c;
        }
        return std::string_view::npos;
    }

    /// `${...}` and `#{...}`
    void expression_language() {
        auto begin = at_ + 2;
        if (begin >= text_.size() || text_[at_ + 1] != '{') {
            ++at_;
            return;
        }
        auto end = expression_end(begin);
        at_ = begin;
        if (end == std::string_view::npos) return;
        units_.echo(Language::java, begin, end);
        at_ = end + 1;
    }

    std::string_view text_;
    Platform platform_;
    UnitWriter units_, controls_;
    Language default_ = Language::none;
    std::size_t at_ = 0;
};

Page whole_file(std::string_view text, Platform platform, Language language) {
    UnitWriter units(text);
    units.whole(language);
    return {platform, units.take(), std::move(units.islands)};
}

/// Disguises of a whole unit are undone here; the unit is then a layer of its own.
void undisguise(Unit& unit) {
    bool scripted = unit.language == Language::vbscript || unit.language == Language::jscript;
    if (scripted && has_encoded_script(unit.text)) {
        unit.text = decode_encoded_script(unit.text);
        unit.how = "script encoder";
    } else if (unit.language == Language::java && hides_ascii(unit.text)) {
        unit.text = decode_unicode_escapes(unit.text);
        unit.how = "unicode escapes";
    }
}

/// A file of PHP under another server's name is what that server makes of it, too.
Page php_and(std::string_view text, std::string_view path) {
    auto page = whole_file(text, Platform::php, Language::php);
    auto named = platform_of_name(path);
    Page other;
    if (named == Platform::cfml) other = whole_file(text, named, Language::cfml);
    if (named == Platform::asp || named == Platform::jsp || named == Platform::aspnet)
        other = Reader(text, named).read();
    for (auto& unit : other.units) {
        undisguise(unit);
        page.units.push_back(std::move(unit));
    }
    page.islands.insert(page.islands.end(), other.islands.begin(), other.islands.end());
    return page;
}

}  // namespace

Platform platform_of_name(std::string_view path) {
    struct Name {
        std::string_view extension;
        Platform platform;
    };
    static constexpr Name kNames[] = {
        {".php", Platform::php},       {".php3", Platform::php},      {".php4", Platform::php},
        {".php5", Platform::php},      {".php7", Platform::php},      {".phtml", Platform::php},
        {".pht", Platform::php},       {".phar", Platform::php},      {".asp", Platform::asp},
        {".asa", Platform::asp},       {".cer", Platform::asp},       {".cdx", Platform::asp},
        {".config", Platform::asp},    {".aspx", Platform::aspnet},   {".ashx", Platform::aspnet},
        {".asmx", Platform::aspnet},   {".ascx", Platform::aspnet},   {".asax", Platform::aspnet},
        {".svc", Platform::aspnet},    {".master", Platform::aspnet}, {".soap", Platform::aspnet},
        {".cshtml", Platform::aspnet}, {".jsp", Platform::jsp},       {".jspx", Platform::jsp},
        {".jspf", Platform::jsp},      {".jspa", Platform::jsp},      {".jsw", Platform::jsp},
        {".jsv", Platform::jsp},       {".tag", Platform::jsp},       {".tagx", Platform::jsp},
        {".cfm", Platform::cfml},      {".cfc", Platform::cfml},      {".cfml", Platform::cfml},
        {".pl", Platform::perl},       {".pm", Platform::perl},       {".cgi", Platform::perl},
        {".py", Platform::python},     {".psgi", Platform::perl},     {".fcgi", Platform::perl},
        {".wsgi", Platform::python},
    };
    auto ending = lower(extension(path));
    for (const auto& name : kNames)
        if (name.extension == ending) return name.platform;
    return Platform::unknown;
}

Page read_page(std::string_view text, std::string_view path) {
    auto platform = platform_of(text, path);
    Page page;
    switch (platform) {
        case Platform::php: return php_and(text, path);
        case Platform::cfml: return whole_file(text, platform, Language::cfml);
        case Platform::perl: return whole_file(text, platform, Language::perl);
        case Platform::python: return whole_file(text, platform, Language::python);
        case Platform::unknown: return page;
        case Platform::asp:
        case Platform::aspnet:
        case Platform::jsp: break;
    }
    if (ends_folded(path, ".cshtml")) {
        UnitWriter units(text);
        read_razor(text, units);
        page = {platform, units.take(), std::move(units.islands)};
    } else {
        page = Reader(text, platform).read();
    }
    bool disguised_whole = page.units.empty() && platform == Platform::asp && has_encoded_script(text);
    if (disguised_whole) page = whole_file(text, platform, Language::vbscript);
    for (auto& unit : page.units) undisguise(unit);
    if (contains_folded(text, "<?php")) {  // two engines may serve the same folder
        auto php = whole_file(text, platform, Language::php);
        page.units.push_back(std::move(php.units.front()));
    }
    return page;
}

}  // namespace ascribe::shells

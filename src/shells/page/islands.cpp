// Pages as the servers cut them: the first "%>" ends an island even inside a string, "<script runat=server>" is code,
// a directive decides the language. What is no mark is passed over, so an image with a page behind its header is a
// page. https://learn.microsoft.com/previous-versions/iis/6.0-sdk/ms525153(v=vs.90),
// https://learn.microsoft.com/previous-versions/aspnet/fy30at8h(v=vs.100), https://jakarta.ee/specifications/pages/3.1/
#include "shells/page/islands.hpp"

#include <algorithm>
#include <cctype>

#include "base/text.hpp"
#include "shells/page/decode.hpp"
#include "shells/page/tags.hpp"
#include "shells/page/unit_writer.hpp"

namespace ascribe::shells {
namespace {

constexpr std::size_t kMostLooked = 256 << 10;  // bytes that decide a language nobody declares

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
        auto begin = at_;
        skip_behind("%>");
        if (platform_ == Platform::aspnet && equals_folded(found.name, "import"))
            alias(attribute(found.tag, "namespace"), begin);
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

    /// `<%@ Import Namespace="P = System.Diagnostics.Process" %>` is `using P = ...` of the code.
    void alias(std::string_view names, std::size_t begin) {
        auto equals = names.find('=');
        auto plain = [](std::string_view name) {
            return !name.empty() && std::ranges::all_of(name, [](char c) { return is_word(c) || c == '.'; });
        };
        if (equals == std::string_view::npos) return;
        auto name = trim(names.substr(0, equals)), type = trim(names.substr(equals + 1));
        if (!plain(name) || !plain(type)) return;
        bool basic = language() == Language::vbnet;
        auto code =
            std::string(basic ? "Imports " : "using ").append(name).append("=").append(type) + (basic ? ' ' : ';');
        if (code.size() <= at_ - begin) units_.instead(language(), begin, at_, code);
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

// Which server runs a page: its directives, its name and its words say so.
#include <algorithm>
#include <initializer_list>
#include <string>

#include "base/text.hpp"
#include "shells/page/decode.hpp"
#include "shells/page/islands.hpp"
#include "shells/page/tags.hpp"

namespace ascribe::shells {
namespace {

constexpr std::size_t kMostLooked = 256 << 10;  // bytes that decide a platform nobody declares

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
    auto has_mark = [&](std::string_view mark) { return binary ? begins_text(head, {mark}) : has_tag(head, mark); };
    bool php = has_mark("<?php") || (has_mark("<?=") && !has_mark("<%"));
    bool marks = binary ? begins_text(text, {"<%"}) : text.find("<%") != std::string_view::npos;
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
    bool served = has_tag(head, "runat=server") || has_tag(head, "runat=\"server\"") || has_encoded_script(text);
    // Templates of browsers' scripts have the same marks.
    bool browsers = ends_folded(path, ".js") || ends_folded(path, ".mjs") || ends_folded(path, ".css");
    if (served || (marks && !browsers)) return platform_of_words(head);
    if (has_tag(head, "use strict;") || has_tag(head, "use cgi") || has_tag(head, "use socket;")) return Platform::perl;
    if (has_mark("<?") && !has_tag(head, "<?xml")) return Platform::php;
    return Platform::unknown;
}

}  // namespace ascribe::shells

#include "shells/page/tags.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace ascribe::shells {

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

bool is_directive(std::string_view rest) {
    std::size_t at = 2;
    while (at < rest.size() && at < 16 && is_space(rest[at])) ++at;
    return rest.starts_with("<%") && at < rest.size() && rest[at] == '@';
}

std::size_t next_directive(std::string_view text, std::size_t from) {
    for (auto at = text.find("<%", from); at != std::string_view::npos;) {
        if (is_directive(text.substr(at))) return at;
        auto end = text.find("%>", at + 2);
        if (end == std::string_view::npos) break;
        at = text.find("<%", end + 2);
    }
    return std::string_view::npos;
}

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

bool begins_text(std::string_view bytes, std::initializer_list<std::string_view> marks) {
    constexpr std::size_t kText = 16;  // bytes, or what is left
    auto plain = [](char c) { return (c >= ' ' && c <= '~') || is_space(c); };
    for (auto at = bytes.find('<'); at != std::string_view::npos; at = bytes.find('<', at + 1))
        for (auto mark : marks) {
            if (!starts_folded(bytes.substr(at), mark)) continue;
            auto rest = bytes.substr(at + mark.size(), kText);
            // Pictures tell of themselves (<?xpacket), programs name what they hold (<?Add@@YG), palettes hold any
            // letters.
            if (mark == "<?" && !rest.empty() && !is_space(rest.front())) continue;
            if (std::ranges::all_of(rest, plain)) return true;
        }
    return false;
}

}  // namespace ascribe::shells

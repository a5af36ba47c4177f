#include "shells/library/stylesheet.hpp"

#include <string>

#include "base/text.hpp"
#include "shells/machine/call.hpp"
#include "shells/page/decode.hpp"

namespace ascribe::shells {
namespace {

constexpr std::size_t kMostBlocks = 8;
constexpr std::size_t kMostTag = 512;

Language language_of(std::string_view tag, Language page) {
    auto word = lower(tag);
    if (word.find("c#") != std::string::npos || word.find("csharp") != std::string::npos) return Language::csharp;
    bool basic = word.find("\"vb") != std::string::npos || word.find("'vb") != std::string::npos ||
                 word.find("visualbasic") != std::string::npos;
    if (basic) return page == Language::vbscript ? Language::vbscript : Language::vbnet;
    return Language::jscript;  // what the processor takes when nothing is said
}

/// The text of a script block, without the tags that name assemblies and namespaces in it.
std::string script_of(std::string_view body) {
    std::string code(body);
    for (std::string_view helper : {":assembly", ":using"})
        for (auto at = code.find(helper); at != std::string::npos; at = code.find(helper, at)) {
            auto begin = code.rfind('<', at), end = code.find('>', at);
            if (begin == std::string::npos || end == std::string::npos || at - begin > 32) break;
            code.erase(begin, end + 1 - begin);
            at = begin;
        }
    return decode_xml_text(code);
}

void run_blocks(Call& call, std::string_view text, std::uint16_t flags) {
    std::size_t blocks = 0;
    for (auto at = text.find(":script"); at != std::string_view::npos && blocks < kMostBlocks;
         at = text.find(":script", at)) {
        auto begin = text.rfind('<', at);
        auto close = text.substr(0, std::min(at + kMostTag, text.size())).find('>', at);
        at += 7;
        if (begin == std::string_view::npos || at - begin > 40 || text[begin + 1] == '/' ||
            close == std::string_view::npos)
            continue;
        auto ending = "</" + std::string(text.substr(begin + 1, at - begin - 1));
        auto end = std::min(text.find(ending, close), text.size());
        auto code = Value::text(script_of(text.substr(close + 1, end - close - 1)));
        code.flags |= flags;
        call.machine.signal("code.xslt_script", call.span);
        call.machine.evaluate(code, language_of(text.substr(at, close - at), call.machine.language()), "stylesheet",
                              call.span);
        at = std::min(end + ending.size(), text.size());
        ++blocks;
    }
}

}  // namespace

bool reads_stylesheet(Call& call) {
    for (std::size_t i = 0; i < call.size(); ++i) {
        if (call.arguments[i].kind != Kind::text || call.arguments[i].tainted()) continue;
        auto text = call.arguments[i].view;
        if (text.find("/XSL/Transform") == std::string_view::npos) continue;
        if (text.find("urn:schemas-microsoft-com:xslt") != std::string_view::npos)
            run_blocks(call, text, call.arguments[i].flags);
        bool classes = text.find("xalan/java") != std::string_view::npos ||
                       text.find("/java/java.lang.") != std::string_view::npos ||
                       text.find("/XSLTransform/java") != std::string_view::npos;
        if (classes) call.machine.signal("code.xslt_classes", call.span);
    }
    return false;
}

}  // namespace ascribe::shells

// pugixml builds its tree without recursion, frees it page by page, and knows no external entities; so a hostile file
// can at worst be too large. https://pugixml.org/docs/manual.html
#include "parse/configuration/xml.hpp"

#include <algorithm>

namespace ascribe {

bool Xml::load(const Part& part, Sink& sink) {
    text_ = part.whole.text();
    if (part.base != 0 || text_.size() > kXmlLimit) {
        sink.damage({Fault::too_large, "xml.limit", 0, text_.size(), kXmlLimit});
        return false;
    }
    auto parsed = document_.load_buffer(text_.data(), text_.size(), pugi::parse_default, pugi::encoding_auto);
    auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
    is_plain_ = parsed.encoding == pugi::encoding_utf8 ||
                (parsed.encoding == pugi::encoding_latin1 && std::ranges::all_of(text_, is_ascii));
    if (!parsed) {
        auto offset = static_cast<std::uint64_t>(std::max<std::ptrdiff_t>(parsed.offset, 0));
        sink.damage({Fault::bad_value, "xml.syntax", std::min<std::uint64_t>(offset, text_.size()), 0, text_.size()});
    }
    return !root().empty();
}

pugi::xml_node Xml::next(pugi::xml_node node) {
    auto is_element = [](pugi::xml_node one) { return one.type() == pugi::node_element; };
    auto following = node.first_child();
    while (true) {
        while (following && !is_element(following)) following = following.next_sibling();
        if (following) return following;
        node = node.parent() ? node : pugi::xml_node();
        if (!node) return {};
        following = node.next_sibling();
        node = node.parent();
    }
}

XmlSpan Xml::tag(pugi::xml_node node) const {
    XmlSpan whole{0, static_cast<std::uint32_t>(text_.size())};
    auto name = node.offset_debug();
    if (!is_plain_ || name < 1 || static_cast<std::size_t>(name) >= text_.size()) return whole;
    auto begin = static_cast<std::size_t>(name) - 1;
    if (text_[begin] != '<' || !text_.substr(begin + 1).starts_with(node.name())) return whole;
    char quote = 0;
    for (auto end = begin; end < text_.size(); ++end) {
        char c = text_[end];
        if (quote != 0 ? c == quote : c == '"' || c == '\'') quote = quote != 0 ? '\0' : c;
        if (quote == 0 && c == '>') return {begin, static_cast<std::uint32_t>(end + 1 - begin)};
    }
    return whole;
}

}  // namespace ascribe

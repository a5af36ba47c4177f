// XML of configuration files, through pugixml, with limits and the way back from an element to its bytes.
#pragma once

#include <cstring>
#include <pugixml.hpp>
#include <string_view>

#include "model/stage.hpp"

namespace ascribe {

/// A larger file is refused. An applicationHost.config of a hosting server with a thousand sites has 5 MB;
/// HealthChecker's output of a large server 10.
inline constexpr std::size_t kXmlLimit = 16 << 20;

struct XmlSpan {
    std::uint64_t offset = 0;
    std::uint32_t size = 0;
};

class Xml {
public:
    /// False, with damage, when the file is too large or broken. What stands before the break is read all the same.
    bool load(const Part& part, Sink& sink);
    pugi::xml_node root() const { return document_.document_element(); }
    /// The element after `node` in document order; null at the end. No recursion, whatever the depth.
    static pugi::xml_node next(pugi::xml_node node);
    /// The bytes of the element's start tag; the whole file where encodings differ and they cannot be found.
    XmlSpan tag(pugi::xml_node node) const;

private:
    pugi::xml_document document_;
    std::string_view text_;
    bool is_plain_ = false;  // read as it lies, so that places in it are places in the file
};

// Children ask for what their parents say, so whatever is asked for costs the same however long the parent is.

/// An element's name; of a longer one than any we know, the beginning.
inline std::string_view name_of(pugi::xml_node node) {
    constexpr std::size_t kLimit = 256;
    return {node.name(), strnlen(node.name(), kLimit)};
}
/// An attribute's value, "" when there is none among the first attributes; of a longer value than any we know (a
/// connection string has some hundred bytes), the beginning.
inline std::string_view attribute(pugi::xml_node node, std::string_view name) {
    constexpr std::size_t kLimit = 8 << 10;
    int left = 256;
    for (auto each = node.first_attribute(); each && left > 0; each = each.next_attribute(), --left)
        if (name == each.name()) return {each.value(), strnlen(each.value(), kLimit)};
    return {};
}

}  // namespace ascribe

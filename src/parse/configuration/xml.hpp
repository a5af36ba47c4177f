// XML of configuration files, through pugixml, with limits and the way back from an element to its bytes.
#pragma once

#include <pugixml.hpp>

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
};

inline std::string_view attribute(pugi::xml_node node, const char* name) { return node.attribute(name).value(); }

}  // namespace ascribe

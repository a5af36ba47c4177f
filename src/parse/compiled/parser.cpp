// *.compiled files of ASP.NET: one is written when a page runs for the first time, names the page, and often outlives
// it. https://learn.microsoft.com/previous-versions/aspnet/ms227430(v=vs.100)
#include <fmt/format.h>

#include "base/text.hpp"
#include "parse/configuration/xml.hpp"

namespace ascribe {
namespace {

int claim(std::string_view path, std::span<const std::byte> head) {
    auto text = as_text(head);
    if (text.find("<preserve ") != std::string_view::npos && text.find("virtualPath=") != std::string_view::npos)
        return 90;
    return ends_folded(path, ".compiled") ? 70 : 0;
}

void parse(const Part& part, Sink& sink) {
    Xml xml;
    if (!xml.load(part, sink)) return;
    RecordBatch batch(RecordKind::setting, part.artefact, part.whole, part.base);
    auto preserve = xml.root();
    if (std::string_view(preserve.name()) != "preserve" || attribute(preserve, "virtualPath").empty())
        return sink.bad({Fault::bad_value, "compiled.virtual_path", 0, 0, part.whole.size()});
    std::string value(attribute(preserve, "assembly"));
    for (auto node = Xml::next(preserve); node; node = Xml::next(node))
        if (std::string_view(node.name()) == "filedep")
            value += fmt::format("{}{}", value.empty() ? "" : "; ", attribute(node, "name"));
    auto tag = xml.tag(preserve);
    auto row = batch.append(kNoTime, tag.offset, tag.size);
    row[Setting::category] = std::string_view("compiled_page");
    row[Setting::name] = batch.keep(attribute(preserve, "virtualPath"));
    row[Setting::value] = batch.keep(value);
    row[Setting::path] = batch.keep(part.path);
    sink.batch(std::move(batch));
}

}  // namespace

extern const Parser kCompiledParser;
const Parser kCompiledParser{"compiled", "Traces of pages that ASP.NET compiled",
                             "https://learn.microsoft.com/previous-versions/aspnet/ms227430(v=vs.100)", claim, parse};

}  // namespace ascribe

#include "report/all.hpp"

#include <algorithm>

namespace ascribe {

extern const Exporter kHtmlExporter, kJsonExporter, kMarkdownExporter;

std::span<const Exporter> exporters() {
    static const Exporter all[] = {kHtmlExporter, kJsonExporter, kMarkdownExporter};
    return all;
}

const Exporter* find_exporter(std::string_view name) {
    auto at = std::ranges::find(exporters(), name, &Exporter::name);
    return at == exporters().end() ? nullptr : &*at;
}

}  // namespace ascribe

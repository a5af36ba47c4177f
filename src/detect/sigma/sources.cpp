#include "detect/sigma/sources.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/result.hpp"
#include "base/text.hpp"
#include "detect/sigma/yaml.hpp"
#include "intel/files.hpp"

namespace ascribe::sigma {
namespace {

void read_fields(const Yaml& map, std::map<std::string, std::string>& fields) {
    for (const auto& [name, field] : map.entries())
        if (name.is_scalar() && field.is_scalar()) fields[name.scalar()] = field.scalar();
}

std::expected<void, std::string> read_document(const Yaml& document, std::vector<Source>& sources) {
    auto kind = document["record"].scalar();
    auto schema = std::ranges::find(record_schemas(), kind, &RecordSchema::name);
    if (schema == record_schemas().end()) return std::unexpected(fmt::format("there is no kind of record '{}'", kind));
    auto list = document["sources"];
    if (!list.is_list()) return std::unexpected("sources: a list is missing");
    for (const auto& entry : list.items()) {
        if (!entry.is_map()) return std::unexpected("sources: an entry is no map");
        Source source;
        source.record = schema->kind;
        source.source = {lower(entry["product"].scalar()), lower(entry["category"].scalar()),
                         lower(entry["service"].scalar())};
        source.channel = lower(entry["channel"].scalar());
        source.scan = entry["level"].scalar() == "scan";
        for (const auto& id : entry["ids"].items()) {
            auto number = parse_number(id.scalar());
            if (!number) return std::unexpected(fmt::format("ids: '{}' is no number", id.scalar()));
            source.ids.push_back(*number);
        }
        read_fields(document["fields"], source.fields);
        read_fields(entry["fields"], source.fields);
        sources.push_back(std::move(source));
    }
    return {};
}

}  // namespace

std::expected<std::vector<Source>, std::string> read_sources(std::string_view yaml, const std::string& file) {
    std::vector<Source> sources;
    try {
        for (const std::string& text : yaml_documents(yaml)) {
            auto document = parse_yaml(text, nullptr);
            if (document.is_null()) continue;
            if (!document.is_map())
                return std::unexpected(fmt::format("{}: not a mapping: no map of names to values", file));
            if (auto read = read_document(document, sources); !read)
                return std::unexpected(fmt::format("{}: {}", file, read.error()));
        }
    } catch (const std::exception& error) {
        return std::unexpected(fmt::format("{}: not a mapping: {}", file, error.what()));
    }
    return sources;
}

std::expected<std::vector<Source>, std::string> builtin_sources() {
    std::vector<Source> all;
    for (const auto& [name, text] : builtin_intel_files()) {
        if (!name.starts_with("mappings/")) continue;
        auto sources = TRY(read_sources(text, name));
        all.insert(all.end(), std::make_move_iterator(sources.begin()), std::make_move_iterator(sources.end()));
    }
    return all;
}

std::vector<const Source*> sources_of(const Rule& rule, const std::vector<Source>& sources) {
    std::vector<const Source*> found;
    const LogSource& wanted = rule.source;
    for (const Source& each : sources) {
        const LogSource& have = each.source;
        bool fits = have.category == wanted.category && (have.product.empty() || have.product == wanted.product) &&
                    (have.service == wanted.service || (have.service.empty() && !have.category.empty()));
        if (fits) found.push_back(&each);
    }
    return found;
}

}  // namespace ascribe::sigma

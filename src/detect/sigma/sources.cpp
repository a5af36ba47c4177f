#include "detect/sigma/sources.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>

#include "base/result.hpp"
#include "base/text.hpp"
#include "detect/sigma/yaml.hpp"
#include "intel/files.hpp"

namespace ascribe::sigma {
namespace {

std::string text_at(const YAML::Node& map, const char* name) {
    const auto& node = map[name];
    return node && node.IsScalar() ? node.Scalar() : std::string();
}

void read_fields(const YAML::Node& map, std::map<std::string, std::string>& fields) {
    if (!map || !map.IsMap()) return;
    for (const auto& entry : map)
        if (entry.first.IsScalar() && entry.second.IsScalar()) fields[entry.first.Scalar()] = entry.second.Scalar();
}

std::expected<void, std::string> read_document(const YAML::Node& document, std::vector<Source>& sources) {
    auto kind = text_at(document, "record");
    auto schema = std::ranges::find(record_schemas(), kind, &RecordSchema::name);
    if (schema == record_schemas().end()) return std::unexpected(fmt::format("there is no kind of record '{}'", kind));
    const auto& list = document["sources"];
    if (!list || !list.IsSequence()) return std::unexpected("sources: a list is missing");
    for (const auto& entry : list) {
        if (!entry.IsMap()) return std::unexpected("sources: an entry is no map");
        Source source;
        source.record = schema->kind;
        source.source = {lower(text_at(entry, "product")), lower(text_at(entry, "category")),
                         lower(text_at(entry, "service"))};
        source.channel = lower(text_at(entry, "channel"));
        source.scan = text_at(entry, "level") == "scan";
        if (const auto& ids = entry["ids"]; ids && ids.IsSequence())
            for (const auto& id : ids) source.ids.push_back(id.as<std::int64_t>());
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
            check_one_document(text);
            auto document = YAML::Load(text);
            if (document.IsNull()) continue;
            if (!document.IsMap())
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

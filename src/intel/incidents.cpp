#include "intel/incidents.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include "base/time.hpp"
#include "intel/day.hpp"
#include "intel/json_text.hpp"
#include "intel/names.hpp"

namespace ascribe {
namespace {

using simdjson::dom::element;

std::expected<ToldIncident, std::string> read_one(element object) {
    ToldIncident out;
    if (!object.is_object()) return std::unexpected("is no object");
    std::int64_t number = 0;
    out.id = object["id"].get(number) == simdjson::SUCCESS ? std::to_string(number) : text_of(object, "id");
    for (auto key : {"techniques", "software", "links"}) {
        element value;
        if (object[key].get(value) != simdjson::SUCCESS || value.is_null()) continue;
        simdjson::dom::array list;
        if (value.get(list) != simdjson::SUCCESS) return std::unexpected(fmt::format("'{}' is no list", key));
        for (element item : list) {
            std::string_view text;
            if (item.get(text) != simdjson::SUCCESS) return std::unexpected(fmt::format("'{}' holds no text", key));
            (std::string_view(key) == "links" ? out.links : out.items).emplace_back(text);
        }
    }
    if (auto date = text_of(object, "date"); !date.empty()) {
        auto time = parse_time(date);
        if (!time) return std::unexpected(fmt::format("'{}' is no date such as 2021-03-02", date));
        out.day = day_of(*time);
    }
    if (auto sector = text_of(object, "sector"); !sector.empty()) {
        if (!is_sector(sector))
            return std::unexpected(fmt::format("'{}' is no sector known here; there are: {}", sector, kSectors));
        out.sector = sector;
    }
    out.group = text_of(object, "group");
    auto address = text_of(object, "url"), name = text_of(object, "citation");
    if (!address.empty() || !name.empty()) out.report = report_key(address, name);
    return out;
}

}  // namespace

std::expected<std::vector<ToldIncident>, std::string> read_incidents(std::string_view json, const std::string& origin) {
    simdjson::dom::parser parser;
    element root;
    if (auto error = parser.parse(json.data(), json.size()).get(root); error != simdjson::SUCCESS)
        return std::unexpected(
            fmt::format("{}: neither a case nor a list of incidents: {}", origin, simdjson::error_message(error)));
    simdjson::dom::array list;
    if (root.get(list) != simdjson::SUCCESS)
        return std::unexpected(
            fmt::format("{}: neither a case nor a list of incidents; see docs/attribution.md", origin));
    std::vector<ToldIncident> out;
    for (element object : list) {
        auto incident = read_one(object);
        if (!incident) return std::unexpected(fmt::format("{}: incident {}: {}", origin, out.size(), incident.error()));
        out.push_back(std::move(*incident));
    }
    if (out.empty()) return std::unexpected(fmt::format("{}: holds no incident; see docs/attribution.md", origin));
    return out;
}

}  // namespace ascribe

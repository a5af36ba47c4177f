// Incidents as others write them down: what was used, when, and, for measuring, by whom and by which report.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/attack.hpp"

namespace ascribe {

struct ToldIncident {
    std::string id;
    std::vector<std::string> items;  // ids of techniques and software
    std::optional<Day> day;
    std::vector<std::string> links;  // "sha256:...", "key:...", "host:...", "address:...": what others may share
    std::string sector = {};         // of the victim: a word of kSectors; "" where not told
    std::string group, report;       // the actor's id; report_key of the source; "" where not told
};

/// A JSON list of objects {"id", "techniques", "software", "date"}, with "links" where something hard is
/// known, "sector" where the victim's is, and
/// "group", "url" and "citation" for measuring. The error names the place.
std::expected<std::vector<ToldIncident>, std::string> read_incidents(std::string_view json, const std::string& origin);

}  // namespace ascribe

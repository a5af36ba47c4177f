#include "intel/names.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "base/result.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "intel/files.hpp"
#include "intel/json_text.hpp"

namespace ascribe {
namespace {

using simdjson::dom::element;

std::vector<std::string> texts_of(element object, std::string_view key) {
    std::vector<std::string> out;
    simdjson::dom::array list;
    if (object[key].get(list) != simdjson::SUCCESS) return out;
    for (element one : list) {
        std::string_view text;
        if (one.get(text) == simdjson::SUCCESS) out.emplace_back(text);
    }
    return out;
}

/// One text, or a list of them.
std::vector<std::string> all_texts_of(element object, std::string_view key) {
    auto out = texts_of(object, key);
    if (auto one = text_of(object, key); !one.empty()) out.push_back(std::move(one));
    return out;
}

/// Parts of the words that sources use, in lower case; the first that fits decides.
struct SectorWord {
    std::string_view part, sector;
};
constexpr SectorWord kSectorWords[] = {
    {"civil society", "civil-society"},
    {"civil engineering", "industry"},
    {"diplomacy", "diplomacy"},
    {"intergovernmental", "diplomacy"},
    {"government", "government"},
    {"security service", "government"},
    {"intelligence", "government"},
    {"justice", "government"},
    {"military", "military"},
    {"defen", "military"},
    {"financ", "finance"},
    {"bank", "finance"},
    {"investment", "finance"},
    {"payment", "finance"},
    {"cryptocurrency", "finance"},
    {"energy", "energy"},
    {"electric", "energy"},
    {"oil", "energy"},
    {"petroleum", "energy"},
    {"gas", "energy"},
    {"mining", "industry"},
    {"telecom", "telecommunications"},
    {"health", "healthcare"},
    {"medical", "healthcare"},
    {"pharma", "healthcare"},
    {"biomedical", "healthcare"},
    {"covid", "healthcare"},
    {"education", "education"},
    {"universit", "education"},
    {"research", "education"},
    {"think tank", "education"},
    {"ngo", "civil-society"},
    {"non-profit", "civil-society"},
    {"activist", "civil-society"},
    {"dissident", "civil-society"},
    {"opposition", "civil-society"},
    {"political", "civil-society"},
    {"religious", "civil-society"},
    {"separatist", "civil-society"},
    {"entertainment", "leisure"},
    {"journalist", "media"},
    {"media", "media"},
    {"news", "media"},
    {"transport", "transport"},
    {"aviation", "transport"},
    {"aerospace", "industry"},
    {"maritime", "transport"},
    {"logistics", "transport"},
    {"rail", "transport"},
    {"travel", "leisure"},
    {"hospitality", "leisure"},
    {"gaming", "leisure"},
    {"gambling", "leisure"},
    {"retail", "trade"},
    {"trade", "trade"},
    {"food", "trade"},
    {"legal", "legal"},
    {"tech", "technology"},
    {"electronic", "technology"},
    {"semiconductor", "technology"},
    {"space", "industry"},
    {"manufactur", "industry"},
    {"industr", "industry"},
    {"automotive", "industry"},
    {"construction", "industry"},
    {"engineering", "industry"},
    {"chemical", "industry"},
};

/// "G0125"
bool is_group_id(std::string_view name) {
    return name.size() == 5 && name[0] == 'G' &&
           std::ranges::all_of(name.substr(1), [](char c) { return c >= '0' && c <= '9'; });
}

/// Names are facts of others, and a tab in one would be a cell more.
std::string cell(std::string text) {
    std::ranges::replace_if(
        text, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    return text;
}

/// A name and the id of the producer who gives it: "Silk Typhoon:d0c33595-...".
struct Given {
    std::string name, vendor;
};

struct Entry {
    std::string value, sponsor;
    std::vector<Given> given;
    std::vector<std::string> synonyms;
    std::set<std::string_view> targets;  // of kSectors
};

Entry entry_of(element value, const std::map<std::string, std::string>& producers) {
    Entry entry{.value = text_of(value, "value"), .sponsor = {}, .given = {}, .synonyms = {}, .targets = {}};
    element meta;
    if (value["meta"].get(meta) != simdjson::SUCCESS) return entry;
    entry.sponsor = text_of(meta, "cfr-suspected-state-sponsor");
    entry.synonyms = texts_of(meta, "synonyms");
    for (const char* key : {"targeted-sector", "cfr-target-category"})
        for (const std::string& word : all_texts_of(meta, key))
            if (auto sector = sector_of(word); !sector.empty()) entry.targets.insert(sector);
    for (const std::string& text : texts_of(meta, "name-attribution")) {
        auto colon = text.rfind(':');
        if (colon == std::string::npos) continue;
        auto at = producers.find(text.substr(colon + 1));
        entry.given.push_back({text.substr(0, colon), at == producers.end() ? std::string() : at->second});
    }
    return entry;
}

/// The one group that the entry is: by the id it states, else by its very name.
std::optional<std::string> group_of(const Entry& entry, const AttackKnowledge& knowledge) {
    std::set<std::string> ids;
    for (const Given& given : entry.given)
        if (is_group_id(given.name)) ids.insert(given.name);
    for (const std::string& synonym : entry.synonyms)
        if (is_group_id(synonym)) ids.insert(synonym);
    if (ids.size() == 1 && knowledge.group(*ids.begin())) return *ids.begin();
    if (!ids.empty()) return {};
    for (const AttackGroup& group : knowledge.groups)
        if (equals_folded(group.name, entry.value)) return group.id;
    return {};
}

std::expected<element, std::string> parse(simdjson::dom::parser& parser, std::string_view json,
                                          const std::string& origin) {
    element root;
    if (auto error = parser.parse(json.data(), json.size()).get(root); error != simdjson::SUCCESS)
        return std::unexpected(fmt::format("{}: not JSON: {}", origin, simdjson::error_message(error)));
    simdjson::dom::array values;
    if (root["values"].get(values) != simdjson::SUCCESS)
        return std::unexpected(fmt::format("{}: has no list 'values'; give a MISP galaxy", origin));
    return root;
}

}  // namespace

std::string_view sector_of(std::string_view word) {
    for (const SectorWord& known : kSectorWords)
        if (contains_folded(word, known.part)) return known.sector;
    return {};
}

bool is_sector(std::string_view word) {
    for (auto sector : split(kSectors, ' '))
        if (word == sector) return true;
    return false;
}

std::expected<std::string, std::string> names_of_galaxy(std::string_view galaxy, std::string_view producers,
                                                        const AttackKnowledge& knowledge, const std::string& date,
                                                        const std::string& origin) {
    std::map<std::string, std::string> by_id;
    if (!producers.empty()) {
        simdjson::dom::parser parser;
        auto root = parse(parser, producers, "the galaxy of producers");
        if (!root) return std::unexpected(root.error());
        for (element value : simdjson::dom::array((*root)["values"]))
            by_id[text_of(value, "uuid")] = text_of(value, "value");
    }
    simdjson::dom::parser parser;
    auto root = parse(parser, galaxy, origin);
    if (!root) return std::unexpected(root.error());
    std::int64_t version = 0;
    std::ignore = (*root)["version"].get(version);
    auto source = fmt::format("MISP threat-actor galaxy {}", version);
    std::set<std::string> lines;  // sorted, so that the table does not depend on the galaxy's order
    for (element value : simdjson::dom::array((*root)["values"])) {
        auto entry = entry_of(value, by_id);
        auto group = group_of(entry, knowledge);
        if (!group || entry.value.empty()) continue;
        std::set<std::string> told;
        auto add = [&](const std::string& name, const std::string& vendor, std::string_view confidence) {
            if (is_group_id(name) || !told.insert(lower(name)).second) return;
            lines.insert(fmt::format("name\t{}\t{}\t{}\t{}\t{}\t{}\n", *group, cell(name), cell(vendor), source, date,
                                     confidence));
        };
        for (const Given& given : entry.given) add(given.name, given.vendor, "stated");
        add(entry.value, "", "listed");
        for (const std::string& synonym : entry.synonyms) add(synonym, "", "listed as a synonym");
        if (!entry.sponsor.empty())
            lines.insert(fmt::format("sponsor\t{}\t{}\tCouncil on Foreign Relations, quoted by {}\t{}\n", *group,
                                     cell(entry.sponsor), source, date));
        for (auto sector : entry.targets)
            lines.insert(fmt::format("target\t{}\t{}\t{}\t{}\n", *group, sector, source, date));
    }
    std::string out = "# Names, suspected sponsors and targets as others state them, made by `ascribe intel import`.\n";
    for (const std::string& line : lines) out += line;
    return out;
}

std::expected<ActorNames, std::string> read_names(std::string_view table, const std::string& origin) {
    ActorNames out;
    std::size_t number = 0;
    for (auto line : split(table, '\n')) {
        ++number;
        if (line.empty() || line.starts_with('#')) continue;
        auto cells = split(line, '\t');
        auto wrong = [&](std::string_view why) {
            return std::unexpected(fmt::format("{}: line {}: {}", origin, number, why));
        };
        bool name = cells[0] == "name" && cells.size() == 7, sponsor = cells[0] == "sponsor" && cells.size() == 5;
        bool target = cells[0] == "target" && cells.size() == 5;
        if (!name && !sponsor && !target) return wrong("neither name, sponsor nor target with its cells");
        if (target && !is_sector(cells[2])) return wrong("names no sector that is known here");
        auto date = name ? cells[5] : cells[4];
        if (!date.empty() && !parse_time(date)) return wrong("its date is no day such as 2021-03-02");
        std::string group(cells[1]);
        if (name)
            out.names[group].push_back({std::string(cells[2]), std::string(cells[3]), std::string(cells[4]),
                                        std::string(cells[5]), std::string(cells[6])});
        else if (target)
            out.targets[group].push_back({std::string(cells[2]), std::string(cells[3]), std::string(cells[4])});
        else
            out.sponsors[group].push_back({std::string(cells[2]), std::string(cells[3]), std::string(cells[4])});
    }
    return out;
}

std::expected<ActorNames, std::string> load_names(const std::string& intel_directory) {
    auto files = builtin_intel_files();
    std::string origin = "names.tsv";
    if (!intel_directory.empty()) {
        auto given = TRY(read_intel_files(intel_directory));
        if (auto at = given.find("names.tsv"); at != given.end()) {
            files["names.tsv"] = std::move(at->second);
            origin = intel_directory + "/names.tsv";
        }
    }
    return read_names(files["names.tsv"], origin);
}

}  // namespace ascribe

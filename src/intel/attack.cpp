#include "intel/attack.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <unordered_map>

#include "base/text.hpp"
#include "base/time.hpp"
#include "intel/day.hpp"
#include "intel/files.hpp"
#include "intel/json_text.hpp"

namespace ascribe {
namespace {

using simdjson::dom::element;

struct Mistake : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Facts in any order, to be numbered when all are there.
struct Gathered {
    std::map<std::string, AttackGroup> groups;
    std::map<std::string, AttackItem> items;
    std::map<std::string, AttackReport> reports;
    std::map<std::pair<std::string, std::string>, std::set<std::string>> accounts;  // (group, report) -> item ids
};

AttackKnowledge number(Gathered gathered) {
    AttackKnowledge out;
    for (auto& [id, group] : gathered.groups) out.groups.push_back(std::move(group));
    for (auto& [id, item] : gathered.items) out.items.push_back(std::move(item));
    for (auto& [key, report] : gathered.reports) out.reports.push_back(std::move(report));
    for (const auto& [place, stated] : gathered.accounts) {
        AttackAccount account{.group = out.group(place.first).value(), .report = out.report(place.second).value()};
        std::set<std::uint32_t> items;
        for (const std::string& id : stated) {
            items.insert(out.item(id).value());
            if (auto parent = out.item(id.substr(0, id.find('.')))) items.insert(*parent);
        }
        account.items.assign(items.begin(), items.end());
        account.stated = static_cast<std::uint32_t>(stated.size());
        out.accounts.push_back(std::move(account));
    }
    return out;
}

template <class Take>
void each(element object, std::string_view key, Take take) {
    simdjson::dom::array list;
    if (object[key].get(list) != simdjson::SUCCESS) return;
    for (element one : list) take(one);
}

bool flag(element object, std::string_view key) {
    bool set = false;
    return object[key].get(set) == simdjson::SUCCESS && set;
}

/// The day in a citation's description, "(2021, March 2). ..."; the middle of the month or the year where it is not
/// told.
std::optional<Day> cited_day(std::string_view description) {
    static constexpr std::string_view kMonths[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                                   "jul", "aug", "sep", "oct", "nov", "dec"};
    for (auto at = description.find('('); at != std::string_view::npos; at = description.find('(', at + 1)) {
        auto rest = description.substr(at + 1);
        if (rest.size() < 4) continue;
        auto year = parse_number(rest.substr(0, 4));
        if (!year) continue;
        if (*year <= 1990 || *year >= 2030) return {};
        rest.remove_prefix(4);
        int month = 0, day = 15;
        if (rest.starts_with(',')) {
            rest = trim(rest.substr(1, 40));
            std::size_t letters = 0;
            while (letters < rest.size() && lower(rest[letters]) >= 'a' && lower(rest[letters]) <= 'z') ++letters;
            auto word = lower(rest.substr(0, std::min<std::size_t>(letters, 3)));
            auto found = std::ranges::find(kMonths, std::string_view(word));
            if (letters >= 3 && found != std::end(kMonths)) {
                month = static_cast<int>(found - std::begin(kMonths)) + 1;
                rest.remove_prefix(letters);
                while (!rest.empty() && (rest[0] == '.' || rest[0] == ' ')) rest.remove_prefix(1);
                std::size_t digits = 0;
                while (digits < rest.size() && digits < 2 && rest[digits] >= '0' && rest[digits] <= '9') ++digits;
                if (auto number = parse_number(rest.substr(0, digits))) day = static_cast<int>(*number);
            }
        }
        if (month == 0) month = 7, day = 1;
        auto time = make_time(static_cast<int>(*year), month, std::clamp(day, 1, 28));
        if (!time) return {};
        return day_of(*time);
    }
    return {};
}

/// The objects of a bundle by STIX id.
struct Bundle {
    struct Object {
        element value;
        std::string type, id;  // "intrusion-set", "G0125"
        bool live = true;      // neither revoked nor deprecated
    };
    std::unordered_map<std::string, Object> objects;
    std::unordered_map<std::string, std::string> replaced;  // revoked object -> its successor
    std::vector<element> uses, attributed;

    /// Follows replacements, which are never many.
    const Object* resolve(std::string reference) const {
        for (int i = 0; i < 5; ++i) {
            auto next = replaced.find(reference);
            if (next == replaced.end()) break;
            reference = next->second;
        }
        auto at = objects.find(reference);
        return at == objects.end() || at->second.id.empty() ? nullptr : &at->second;
    }
};

bool is_live(element object) { return !flag(object, "revoked") && !flag(object, "x_mitre_deprecated"); }

/// Capital letters, digits and dots; anything else is no id of ATT&CK and would not be found again.
bool is_attack_id(std::string_view id) {
    return !id.empty() &&
           std::ranges::all_of(id, [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '.'; });
}

std::string attack_id(element object) {
    std::string id;
    each(object, "external_references", [&](element reference) {
        if (text_of(reference, "source_name") == "mitre-attack") id = text_of(reference, "external_id");
    });
    return is_attack_id(id) ? id : std::string();
}

Bundle sort_objects(element root, std::string& version) {
    Bundle bundle;
    simdjson::dom::array objects;
    if (root["objects"].get(objects) != simdjson::SUCCESS)
        throw Mistake("there is no list 'objects'; give an ATT&CK STIX 2.1 bundle");
    for (element object : objects) {
        auto type = text_of(object, "type");
        if (type == "x-mitre-collection") version = text_of(object, "x_mitre_version");
        if (type == "relationship") {
            auto kind = text_of(object, "relationship_type");
            if (kind == "revoked-by") bundle.replaced[text_of(object, "source_ref")] = text_of(object, "target_ref");
            if (kind == "uses" && is_live(object)) bundle.uses.push_back(object);
            if (kind == "attributed-to" && is_live(object)) bundle.attributed.push_back(object);
        }
        bool wanted = type == "intrusion-set" || type == "campaign" || type == "attack-pattern" || type == "malware" ||
                      type == "tool";
        if (wanted) bundle.objects[text_of(object, "id")] = {object, type, attack_id(object), is_live(object)};
    }
    return bundle;
}

bool is_item(const Bundle::Object& object) {
    return object.type == "attack-pattern" || object.type == "malware" || object.type == "tool";
}

void gather_names(const Bundle& bundle, Gathered& out) {
    for (const auto& [reference, object] : bundle.objects) {
        if (object.id.empty()) continue;
        auto name = text_of(object.value, "name");
        if (object.type == "intrusion-set" && object.live) {
            AttackGroup group{object.id, name, {}};
            each(object.value, "aliases", [&](element alias) {
                std::string_view text;
                if (alias.get(text) == simdjson::SUCCESS && text != name) group.aliases.emplace_back(text);
            });
            out.groups[object.id] = std::move(group);
        }
        if (!is_item(object)) continue;
        auto& known = out.items[object.id];
        if (!known.id.empty() && !object.live) continue;  // the living name of an id that was used again
        known = {object.id, name, {}};
        each(object.value, "kill_chain_phases",
             [&](element phase) { known.tactics.push_back(text_of(phase, "phase_name")); });
    }
}

/// Who campaigns are attributed to.
std::map<std::string, std::set<std::string>> owners_of_campaigns(const Bundle& bundle) {
    std::map<std::string, std::set<std::string>> owners;
    for (element relationship : bundle.attributed) {
        const auto* from = bundle.resolve(text_of(relationship, "source_ref"));
        const auto* to = bundle.resolve(text_of(relationship, "target_ref"));
        if (from != nullptr && to != nullptr) owners[from->id].insert(to->id);
    }
    return owners;
}

void gather_accounts(const Bundle& bundle, Gathered& out) {
    auto owners = owners_of_campaigns(bundle);
    for (element relationship : bundle.uses) {
        const auto* user = bundle.resolve(text_of(relationship, "source_ref"));
        const auto* item = bundle.resolve(text_of(relationship, "target_ref"));
        if (user == nullptr || item == nullptr || !user->live || !is_item(*item)) continue;
        if (user->type != "intrusion-set" && user->type != "campaign") continue;
        std::set<std::string> groups = user->type == "campaign" ? owners[user->id] : std::set{user->id};
        each(relationship, "external_references", [&](element reference) {
            auto name = text_of(reference, "source_name");
            if (name.empty() || name == "mitre-attack") return;
            auto key = report_key(text_of(reference, "url"), name);
            auto& report = out.reports[key];
            if (report.key.empty()) report = {key, name, {}};
            if (!report.day) report.day = cited_day(text_of(reference, "description"));
            for (const std::string& group : groups)
                if (out.groups.contains(group)) out.accounts[{group, key}].insert(item->id);
        });
    }
}

std::string joined(const std::vector<std::string>& texts, char with) {
    std::string out;
    for (const std::string& text : texts) out += (out.empty() ? "" : std::string(1, with)) + text;
    return out;
}

std::vector<std::string> parted(std::string_view text, char at) {
    std::vector<std::string> parts;
    for (auto part : split(text, at))
        if (!part.empty()) parts.emplace_back(part);
    return parts;
}

std::string day_text(const std::optional<Day>& day) {
    return day ? format_day(std::chrono::sys_days(std::chrono::days(*day))) : "-";
}

/// Names are facts of others, and a tab in one would be a cell more.
std::string cell(std::string text) {
    std::ranges::replace_if(
        text, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    return text;
}

}  // namespace

std::expected<AttackKnowledge, std::string> read_attack_bundle(std::string_view json, const std::string& origin) {
    simdjson::dom::parser parser;
    element root;
    if (auto error = parser.parse(json.data(), json.size()).get(root); error != simdjson::SUCCESS)
        return std::unexpected(fmt::format("{}: not JSON: {}", origin, simdjson::error_message(error)));
    try {
        std::string version;
        auto bundle = sort_objects(root, version);
        Gathered gathered;
        gather_names(bundle, gathered);
        gather_accounts(bundle, gathered);
        if (gathered.groups.empty()) throw Mistake("it names no group (intrusion-set); give an ATT&CK STIX 2.1 bundle");
        auto knowledge = number(std::move(gathered));
        knowledge.origin = origin;
        knowledge.version = version;
        return knowledge;
    } catch (const Mistake& mistake) {
        return std::unexpected(fmt::format("{}: {}", origin, mistake.what()));
    }
}

std::string write_attack_table(const AttackKnowledge& knowledge) {
    std::string out = fmt::format(
        "# Facts of MITRE ATT&CK, made by `ascribe intel import`. See NOTICE for MITRE's terms.\n"
        "version\t{}\n",
        cell(knowledge.version));
    for (const AttackGroup& group : knowledge.groups)
        out += fmt::format("group\t{}\t{}\t{}\n", group.id, cell(group.name), cell(joined(group.aliases, '|')));
    for (const AttackItem& item : knowledge.items)
        out += fmt::format("item\t{}\t{}\t{}\n", item.id, cell(item.name), cell(joined(item.tactics, ' ')));
    std::vector<std::vector<const AttackAccount*>> of(knowledge.reports.size());
    for (const AttackAccount& account : knowledge.accounts) of[account.report].push_back(&account);
    for (std::size_t i = 0; i < knowledge.reports.size(); ++i) {
        const AttackReport& report = knowledge.reports[i];
        if (of[i].empty()) continue;
        out += fmt::format("report\t{}\t{}\t{}\n", cell(report.key), day_text(report.day), cell(report.name));
        for (const AttackAccount* account : of[i]) {
            out += fmt::format("uses\t{}\t", knowledge.groups[account->group].id);
            for (std::size_t k = 0; k < account->items.size(); ++k)
                out += (k > 0 ? " " : "") + knowledge.items[account->items[k]].id;
            out += fmt::format("\t{}\n", account->stated);
        }
    }
    return out;
}

std::expected<AttackKnowledge, std::string> read_attack_table(std::string_view table, const std::string& origin) {
    Gathered gathered;
    std::string version, report;
    std::map<std::pair<std::string, std::string>, std::uint32_t> stated;
    std::size_t number_of_line = 0;
    for (auto line : split(table, '\n')) {
        ++number_of_line;
        if (line.empty() || line.starts_with('#')) continue;
        auto cells = split(line, '\t');
        auto wrong = [&](std::string_view why) {
            return std::unexpected(fmt::format("{}: line {}: {}", origin, number_of_line, why));
        };
        if ((cells[0] == "group" || cells[0] == "item") && cells.size() == 4 && !is_attack_id(cells[1]))
            return wrong("the second cell is no id such as G0125, S0020 or T1505.003");
        if (cells[0] == "version" && cells.size() == 2) {
            version = cells[1];
        } else if (cells[0] == "group" && cells.size() == 4) {
            std::string id(cells[1]);
            gathered.groups[id] = {id, std::string(cells[2]), parted(cells[3], '|')};
        } else if (cells[0] == "item" && cells.size() == 4) {
            std::string id(cells[1]);
            gathered.items[id] = {id, std::string(cells[2]), parted(cells[3], ' ')};
        } else if (cells[0] == "report" && cells.size() == 4) {
            report = cells[1];
            AttackReport made{report, std::string(cells[3]), {}};
            if (cells[2] != "-") {
                auto time = parse_time(cells[2]);
                if (!time) return wrong("the third cell is no day such as 2021-03-02");
                made.day = day_of(*time);
            }
            gathered.reports[report] = std::move(made);
        } else if (cells[0] == "uses" && cells.size() == 4 && !report.empty()) {
            std::pair place(std::string(cells[1]), report);
            if (!gathered.groups.contains(place.first)) return wrong("names a group that is not listed above");
            auto count = parse_number(cells[3]);
            if (!count) return wrong("the fourth cell is no number");
            stated[place] = static_cast<std::uint32_t>(*count);
            for (auto& id : parted(cells[2], ' ')) {
                if (!gathered.items.contains(id)) return wrong("names an item that is not listed above");
                gathered.accounts[place].insert(std::move(id));
            }
        } else {
            return wrong("neither version, group, item, report nor uses with its cells");
        }
    }
    if (gathered.groups.empty()) return std::unexpected(fmt::format("{}: names no group", origin));
    auto knowledge = number(std::move(gathered));
    for (AttackAccount& account : knowledge.accounts)
        account.stated = stated[{knowledge.groups[account.group].id, knowledge.reports[account.report].key}];
    knowledge.origin = origin;
    knowledge.version = version;
    return knowledge;
}

std::expected<AttackKnowledge, std::string> load_attack(const std::string& intel_directory) {
    std::expected<IntelFiles, std::string> files = builtin_intel_files();
    if (!intel_directory.empty()) files = read_intel_files(intel_directory);
    if (!files) return std::unexpected(files.error());
    auto at = files->find("attack.tsv");
    if (at == files->end())
        return std::unexpected(
            fmt::format("{}/attack.tsv: is missing; make it with 'ascribe intel import BUNDLE'", intel_directory));
    return read_attack_table(at->second, intel_directory.empty() ? "builtin" : intel_directory + "/attack.tsv");
}

}  // namespace ascribe

// Reads the files of /intel into model values. Everything is checked, because --intel DIR is somebody's edit: the first
// mistake is a sentence with file and place.
#include "intel/load.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "base/text.hpp"
#include "intel/files.hpp"

namespace ascribe {
namespace {

using simdjson::dom::element;

/// A mistake in the data, as a sentence. Thrown inside this file only.
struct Mistake : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// One object of one file, so that mistakes can name their place.
struct Object {
    std::string file;
    std::string place;
    element value;

    [[noreturn]] void refuse(std::string_view key, std::string_view why) const {
        throw Mistake(fmt::format("intel/{}: {}.{}: {}", file, place, key, why));
    }
    std::string text(std::string_view key) const {
        std::string_view found;
        auto error = value[key].get(found);
        if (error == simdjson::NO_SUCH_FIELD || value[key].is_null()) return {};
        if (error != simdjson::SUCCESS) refuse(key, "must be a text");
        return std::string(found);
    }
    std::string needed(std::string_view key) const {
        auto found = text(key);
        if (found.empty()) refuse(key, "is missing");
        return found;
    }
    std::vector<std::string> texts(std::string_view key) const {
        std::vector<std::string> list;
        simdjson::dom::array items;
        if (value[key].get(items) != simdjson::SUCCESS) return list;
        for (element item : items) {
            std::string_view found;
            if (item.get(found) != simdjson::SUCCESS) refuse(key, "must be a list of texts");
            list.emplace_back(found);
        }
        return list;
    }
    std::optional<Time> day(std::string_view key) const {
        auto found = text(key);
        if (found.empty()) return {};
        auto time = parse_time(found);
        if (!time) refuse(key, fmt::format("'{}' is no date such as 2021-03-02", found));
        return time;
    }
    Build build(std::string_view key) const {
        auto found = parse_build(needed(key));
        if (!found) refuse(key, fmt::format("'{}' is no build such as 15.1.2106.2", text(key)));
        return *found;
    }
    bool flag(std::string_view key, bool otherwise) const {
        bool found = otherwise;
        return value[key].get(found) == simdjson::SUCCESS ? found : otherwise;
    }
};

const std::string& file_named(const IntelFiles& files, const std::string& name) {
    auto at = files.find(name);
    if (at == files.end()) throw Mistake(fmt::format("intel/{}: is missing", name));
    return at->second;
}

element parse_file(simdjson::dom::parser& parser, const std::string& name, const std::string& text) {
    element root;
    if (auto error = parser.parse(text).get(root); error != simdjson::SUCCESS)
        throw Mistake(fmt::format("intel/{}: is not JSON: {}", name, simdjson::error_message(error)));
    return root;
}

template <class Take>
void for_each(const IntelFiles& files, const std::string& name, std::string_view key, Take take) {
    simdjson::dom::parser parser;
    element root = parse_file(parser, name, file_named(files, name));
    simdjson::dom::array items;
    if (root[key].get(items) != simdjson::SUCCESS) throw Mistake(fmt::format("intel/{}: has no list '{}'", name, key));
    std::size_t index = 0;
    for (element item : items) take(Object{name, fmt::format("{}[{}]", key, index++), item});
}

void load_builds(const IntelFiles& files, Intel& intel) {
    for_each(files, "builds.json", "builds", [&](const Object& o) {
        intel.builds.push_back({o.build("build"), o.needed("product"), o.text("update"), o.text("security_update"),
                                o.text("released"), o.text("kb"), o.needed("source")});
    });
    std::ranges::stable_sort(intel.builds, {}, &KnownBuild::build);
}

void load_vulnerability(const std::string& name, const std::string& text, const std::set<Build>& known, Intel& intel) {
    simdjson::dom::parser parser;
    Object o{name, "", parse_file(parser, name, text)};
    Vulnerability v;
    v.cve = o.needed("cve");
    v.family = o.needed("family");
    v.title = o.text("gain");
    auto products = o.text("products");
    for (auto product : split(products, ' ')) v.products.emplace_back(product);
    v.disclosed = o.day("disclosed");
    v.patched = o.day("patched");
    v.first_exploited = o.day("first_exploited");
    v.first_exploited_text = o.text("first_exploited_text");
    v.source = o.needed("source");
    v.build_decides = o.flag("build_decides", true);
    v.condition = o.text("condition");
    v.mitigations = o.texts("mitigations");
    v.known_exploited = !o.text("known_exploited_since").empty();
    simdjson::dom::array fixed;
    if (o.value["fixed_in"].get(fixed) == simdjson::SUCCESS)
        for (element item : fixed) {
            Object f{name, "fixed_in", item};
            FirstFixed first{f.needed("product"), f.text("update"), f.build("build"), f.text("rule")};
            if (!known.contains(first.build))
                f.refuse("build", fmt::format("{} is not in builds.json", to_string(first.build)));
            v.fixed_in.push_back(std::move(first));
        }
    intel.vulnerabilities.push_back(std::move(v));
}

void load_vulnerabilities(const IntelFiles& files, Intel& intel) {
    std::set<Build> known;
    for (const KnownBuild& build : intel.builds) known.insert(build.build);
    for (const auto& [name, text] : files)
        if (name.starts_with("vulnerabilities/")) load_vulnerability(name, text, known, intel);
    if (intel.vulnerabilities.empty()) throw Mistake("intel/vulnerabilities: is missing or empty");
    std::ranges::sort(intel.vulnerabilities, [](const Vulnerability& a, const Vulnerability& b) {
        return std::pair(a.window_opens().value_or(kNoTime), std::string_view(a.cve)) <
               std::pair(b.window_opens().value_or(kNoTime), std::string_view(b.cve));
    });
}

void load_indicators(const IntelFiles& files, Intel& intel) {
    for_each(files, "indicators.json", "indicators", [&](const Object& o) {
        auto word = o.needed("confidence");
        auto confidence = word == "high" ? Confidence::high : word == "medium" ? Confidence::medium : Confidence::low;
        if (word != "high" && word != "medium" && word != "low") o.refuse("confidence", "must be low, medium or high");
        intel.indicators.push_back({o.needed("type"), o.needed("value"), o.text("actor"), o.text("context"),
                                    o.needed("source"), o.text("date"), confidence});
        const Indicator& added = intel.indicators.back();
        intel.indicator_index[fmt::format("{}:{}", added.type, lower(added.value))].push_back(intel.indicators.size() -
                                                                                              1);
    });
}

void load_actors(const IntelFiles& files, Intel& intel) {
    for_each(files, "actors.json", "actors", [&](const Object& o) {
        intel.actors.push_back({o.needed("name"), o.text("attack_id"), o.text("vulnerabilities"), o.text("first_seen"),
                                o.text("last_seen"), o.text("shells"), o.text("tools"), o.text("infrastructure"),
                                o.text("basis"), o.needed("source"), o.texts("aliases"), o.texts("techniques"),
                                o.texts("software")});
    });
}

/// "FrontEnd/HttpProxy/owa/auth/logon.aspx" is asked for as owa/auth/logon.aspx.
std::string below_web_root(std::string_view path) {
    for (std::string_view root : {"FrontEnd/HttpProxy/", "ClientAccess/"})
        if (starts_folded(path, root)) return lower(path.substr(root.size()));
    return lower(path);
}

void load_stock(const IntelFiles& files, Intel& intel) {
    for (auto line : split(file_named(files, "stock/pages.tsv"), '\n')) {
        if (line.empty() || line.starts_with('#')) continue;
        auto cells = split(line, '\t');
        if (cells.size() < 2 || cells[1].size() != 64)
            throw Mistake(fmt::format("intel/stock/pages.tsv: '{}' is not a path and a SHA-256", visible(line, 80)));
        auto name = lower(base_name(cells[0]));
        intel.stock_pages.insert(below_web_root(cells[0]));
        intel.stock_names.insert(name);
        intel.stock_digests[name].emplace_back(cells[1]);
    }
}

Intel load(const IntelFiles& files, std::string origin) {
    Intel intel;
    simdjson::dom::parser parser;
    Object manifest{"manifest.json", "", parse_file(parser, "manifest.json", file_named(files, "manifest.json"))};
    intel.version = manifest.needed("version");
    intel.as_of = manifest.day("as_of").value_or(kNoTime);
    intel.origin = std::move(origin);
    load_builds(files, intel);
    load_vulnerabilities(files, intel);
    load_indicators(files, intel);
    load_actors(files, intel);
    load_stock(files, intel);
    return intel;
}

}  // namespace

Intel builtin_intel() { return load(builtin_intel_files(), "builtin"); }

std::expected<Intel, std::string> load_intel(const std::string& directory) {
    auto files = read_intel_files(directory);
    if (!files) return std::unexpected(files.error());
    try {
        return load(*files, directory);
    } catch (const Mistake& mistake) {
        return std::unexpected(
            fmt::format("{}; it was read from {}: compare with the built-in data's files", mistake.what(), directory));
    }
}

IntelNote intel_note(const Intel& intel, Time now) {
    IntelNote note{.name = intel.origin, .version = intel.version, .as_of = intel.as_of};
    if (intel.as_of == kNoTime) {
        note.warning = "the reference data does not say how old it is";
        return note;
    }
    note.age_days = static_cast<int>(std::chrono::duration_cast<std::chrono::days>(now - intel.as_of).count());
    if (note.age_days > kIntelStaleDays)
        note.warning = fmt::format(
            "the reference data is {} days old: newer builds and vulnerabilities are missing; update Ascribe or give "
            "--intel",
            note.age_days);
    return note;
}

}  // namespace ascribe

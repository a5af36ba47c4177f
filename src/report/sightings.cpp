#include "report/sightings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <concepts>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "report/escape.hpp"

namespace ascribe {
namespace {

/// Hosts and fingerprints remembered; a table of more helps nobody.
constexpr std::size_t kHosts = 1'000, kFingerprints = 1'000'000;
// A behaviour detector gives its reasons in its sentence: some 500 characters.
constexpr std::size_t kTitle = 800;

std::string joined(const auto& list, std::string_view between) {
    std::string out;
    for (const auto& item : list) out += (out.empty() ? "" : std::string(between)) + std::string(item);
    return out;
}

std::string matched(const Sighting& sighting) {
    std::string out;
    for (const auto& [name, value] : sighting.fields)
        out += fmt::format("{}{}={}", out.empty() ? "" : " ", name, value);
    return out;
}

int rank(std::string_view level) {
    static constexpr std::string_view kLevels[] = {"informational", "low", "medium", "high", "critical"};
    return static_cast<int>(std::ranges::find(kLevels, level) - std::begin(kLevels));
}

std::uint64_t fingerprint(const Sighting& sighting) {
    auto text = fmt::format("{}\n{}\n{}\n{}\n{}", sighting.rule_id, sighting.host, sighting.record_id,
                            sighting.time.time_since_epoch().count(), matched(sighting));
    return std::hash<std::string>{}(text);
}

/// A JSON string. Most are plain; the others are left to the library.
void put_string(std::string& out, std::string_view text) {
    auto is_plain = [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; };
    if (std::ranges::all_of(text, is_plain))
        ((out += '"') += text) += '"';
    else
        out += nlohmann::ordered_json(text).dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace);
}

/// Begins a member of an object.
std::string& put_name(std::string& out, std::string_view name) {
    if (!out.ends_with('{')) out += ',';
    put_string(out, name);
    return out += ':';
}
void put_member(std::string& out, std::string_view name, std::string_view text) {
    put_string(put_name(out, name), text);
}
void put_member(std::string& out, std::string_view name, std::integral auto number) {
    put_name(out, name) += fmt::format_int(number).c_str();
}
void put_list(std::string& out, std::string_view name, const std::vector<std::string>& texts) {
    put_name(out, name) += '[';
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (i > 0) out += ',';
        put_string(out, texts[i]);
    }
    out += ']';
}

/// Of fields with one name, the first's place and the last's value.
void put_fields(std::string& out, const std::vector<std::pair<std::string, std::string>>& fields) {
    out += '{';
    for (auto field = fields.begin(); field != fields.end(); ++field) {
        auto is_same = [&](const auto& other) { return other.first == field->first; };
        if (std::any_of(fields.begin(), field, is_same)) continue;
        put_member(out, field->first, std::find_if(fields.rbegin(), fields.rend(), is_same)->second);
    }
    out += '}';
}

}  // namespace

std::string sighting_json(const Sighting& sighting) {
    std::string out = "{";
    out.reserve(512);
    put_member(out, "rule_id", sighting.rule_id);
    put_member(out, "title", sighting.title);
    put_member(out, "level", sighting.level);
    put_list(out, "tags", sighting.tags);
    if (sighting.time == kNoTime)
        put_name(out, "time") += "null";
    else
        put_member(out, "time", format_time(sighting.time));
    put_member(out, "host", sighting.host);
    put_member(out, "path", sighting.path);
    put_member(out, "offset", sighting.ref.offset);
    put_member(out, "size", sighting.ref.size);
    if (sighting.line > 0) put_member(out, "line", sighting.line);
    if (sighting.record_id >= 0) put_member(out, "record_id", sighting.record_id);
    if (sighting.scan) put_name(out, "scan") += "true";
    put_fields(put_name(out, "fields"), sighting.fields);
    if (!sighting.group.empty() || sighting.count > 1) {
        put_list(out, "group", sighting.group);
        put_member(out, "count", sighting.count);
    }
    return out + "}\n";
}

std::string sighting_csv_head() {
    return "time,level,rule_id,title,host,path,offset,size,line,record_id,matched,tags\r\n";
}

std::string sighting_csv(const Sighting& sighting) {
    return fmt::format("{},{},{},{},{},{},{},{},{},{},{},{}\r\n",
                       sighting.time == kNoTime ? "" : format_time(sighting.time), sighting.level,
                       escape_csv(sighting.rule_id), escape_csv(sighting.title), escape_csv(sighting.host),
                       escape_csv(sighting.path), sighting.ref.offset, sighting.ref.size,
                       sighting.line > 0 ? fmt::to_string(sighting.line) : "",
                       sighting.record_id >= 0 ? fmt::to_string(sighting.record_id) : "", escape_csv(matched(sighting)),
                       escape_csv(joined(sighting.tags, " ")));
}

void SightingTables::add(const Sighting& sighting) {
    Group& group =
        by_rule_[sighting.rule_id + '\n' + (sighting.rule_id.find('.') == std::string::npos ? "" : sighting.title)];
    bool copy = seen_.size() < kFingerprints && sighting.group.empty() && sighting.record_id >= 0 &&
                !seen_.insert(fingerprint(sighting)).second;
    if (group.count == 0) {
        group.title = sighting.title;
        group.level = sighting.level;
        group.scan = sighting.scan;
        group.where = sighting.line > 0 ? fmt::format("{} line {}", sighting.path, sighting.line)
                                        : fmt::format("{} at {}", sighting.path, sighting.ref.offset);
        group.example = sighting.group.empty() ? matched(sighting) : "group: " + joined(sighting.group, ", ");
    }
    if (copy) {
        ++group.folded;
        return;
    }
    ++group.count;
    if (!sighting.scan) ++alerts_;
    if (sighting.time != kNoTime) {
        if (group.first == kNoTime || sighting.time < group.first) group.first = sighting.time;
        group.last = std::max(group.last, sighting.time);
    }
    if (group.hosts.size() < kHosts) group.hosts.insert(sighting.host);
    if (by_host_.size() < kHosts || by_host_.contains(sighting.host)) ++by_host_[sighting.host];
    for (const auto& tag : sighting.tags) {
        auto name = lower(tag);
        bool technique = name.size() > 8 && name[7] == 't' && name[8] >= '0' && name[8] <= '9';
        if (name.starts_with("attack.") && !technique && name.size() > 7 && name[7] != 'g' && name[7] != 's')
            ++by_tactic_[name.substr(7)];
    }
}

std::string SightingTables::text() const {
    std::vector<const Group*> groups;
    for (const auto& [rule, group] : by_rule_) groups.push_back(&group);
    std::ranges::stable_sort(groups, [](const Group* a, const Group* b) {
        return std::tuple(a->scan, -rank(a->level), b->count) < std::tuple(b->scan, -rank(b->level), a->count);
    });
    std::string out;
    for (const Group* group : groups) {
        out += fmt::format("{:<13} {:>8}  {}\n", group->scan ? "scan note" : group->level, group->count,
                           visible(group->title, kTitle));
        auto span = group->first == kNoTime
                        ? std::string("no time")
                        : fmt::format("{} .. {}", format_time(group->first), format_time(group->last));
        auto hosts = group->hosts.size() == 1 ? visible(*group->hosts.begin(), 60)
                                              : fmt::format("{} hosts", group->hosts.size());
        out += fmt::format("                         {}{}{}\n", span, hosts.empty() ? "" : "  " + hosts,
                           group->folded > 0 ? fmt::format("  {} copies folded", group->folded) : "");
        if (!group->example.empty()) out += fmt::format("                         {}\n", visible(group->example, 160));
        out += fmt::format("                         {}\n", visible(group->where, 200));
    }
    auto list = [&](std::string_view head, const std::map<std::string, std::uint64_t>& counts) {
        std::vector<std::pair<std::uint64_t, std::string>> sorted;
        for (const auto& [name, count] : counts) sorted.emplace_back(count, name.empty() ? "(not named)" : name);
        std::ranges::sort(sorted, [](const auto& a, const auto& b) {
            return a.first != b.first ? a.first > b.first : a.second < b.second;
        });
        if (!sorted.empty()) out += fmt::format("\n{}\n", head);
        for (std::size_t i = 0; i < sorted.size() && i < 15; ++i)
            out += fmt::format("{:>13}  {}\n", sorted[i].first, visible(sorted[i].second, 80));
    };
    list("Hits by host", by_host_);
    list("Hits by tactic", by_tactic_);
    return out;
}

}  // namespace ascribe

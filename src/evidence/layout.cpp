// Each component of the name is asked once whether a layout begins there (layout_table.hpp); the first in the innermost
// archive wins, because collectors put archives into archives. Names are hostile: nothing is normalised, a component
// that climbs gives no Windows path at all, and a `!` that is part of a name stays in it.
#include "evidence/layout.hpp"

#include <algorithm>
#include <bitset>
#include <optional>
#include <span>
#include <vector>

#include "base/text.hpp"
#include "evidence/layout_table.hpp"

namespace ascribe {
namespace {

using namespace layout_table;

// Longer names are evidence of somebody playing; they keep their path and get no Windows path.
constexpr std::size_t kPathLimit = 4'096;

struct Part {
    std::string_view text;
    bool bang = false;  // a ! follows: what follows may be a member of it
};
using Parts = std::vector<Part>;

/// Splits at / \ and !, leaving out empty components and ".", which say nothing.
Parts components(std::string_view path) {
    Parts parts;
    while (!path.empty()) {
        auto end = std::min(path.find_first_of("/\\!"), path.size());
        bool bang = end < path.size() && path[end] == '!';
        if (end != 0 && path.substr(0, end) != ".") parts.push_back({path.substr(0, end), bang});
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return parts;
}

/// ".." and what Windows would make of it: dots and spaces only, two dots at least.
bool climbs(std::string_view part) {
    return part.starts_with("..") && part.find_first_not_of(". ") == std::string_view::npos;
}

bool matches(std::string_view name, std::string_view pattern) {
    bool begins = !name.empty() && !pattern.empty() && lower(name.front()) == lower(pattern.front());
    if (!begins && !pattern.empty() && pattern.front() != '*') return false;  // as most do, and there are many
    if (pattern.ends_with('*')) return starts_folded(name, pattern.substr(0, pattern.size() - 1));
    return equals_folded(name, pattern);
}

/// Whether a name may be an anchor's first, by its first two letters: hardly any of a tree is, and each is asked.
bool may_be_anchor(std::string_view name) {
    auto slot = [](std::string_view text) {
        return (static_cast<unsigned char>(text[0]) % 32u) * 32 + static_cast<unsigned char>(text[1]) % 32u;
    };
    static const auto known = [&] {
        std::bitset<1024> slots;
        for (const Anchor& anchor : kAnchors) slots.set(slot(anchor.first));  // which has no * there
        return slots;
    }();
    return name.size() >= 2 && known.test(slot(name));
}

bool ends_with_any(std::string_view name, std::span<const std::string_view> suffixes) {
    return std::ranges::any_of(suffixes, [&](std::string_view suffix) { return ends_folded(name, suffix); });
}

/// A stream and its only member are one file: "u_ex210314.log.gz!u_ex210314.log".
bool is_stream_of(std::string_view outer, std::string_view inner) {
    if (outer == inner) return true;  // a text in another encoding
    return outer.size() > inner.size() && outer.starts_with(inner) &&
           ends_with_any(outer.substr(inner.size()), kStreamSuffixes) &&
           outer.find('.', inner.size() + 1) == std::string_view::npos;
}

/// root\rest of the components from `from`.
std::string join(const Parts& parts, std::size_t from, std::string path) {
    char separator = '\\';
    for (std::size_t i = from; i < parts.size(); ++i) {
        if (parts[i].bang && i + 2 == parts.size() && is_stream_of(parts[i].text, parts[i + 1].text)) continue;
        if (!path.empty()) path += separator;
        path += parts[i].text;
        separator = parts[i].bang ? '!' : '\\';
    }
    return path;
}

/// "C:" for the folder that stands for a drive, "" for any other: C, C:, C$, C%3A. Single letters other than C count
/// only in upper case and from D on, as collectors write them.
std::string drive_of(std::string_view part) {
    if (part.empty()) return {};
    auto letter = part[0];
    if (lower(letter) < 'a' || lower(letter) > 'z') return {};
    auto rest = part.substr(1);
    bool bare = rest.empty() && (lower(letter) == 'c' || (letter >= 'D' && letter <= 'Z'));
    if (!bare && rest != ":" && rest != "$" && !equals_folded(rest, "%3A")) return {};
    return {static_cast<char>(lower(letter) - 'a' + 'A'), ':'};
}

/// A layout that begins at a component.
struct Match {
    std::string_view layout;
    std::size_t begin;  // the components before it may name the server
    std::string windows_path;
};

/// C:\... of the components that Velociraptor encoded; "" for devices without a drive letter, such as shadow copies.
std::string velociraptor_path(const Parts& parts, std::size_t from) {
    std::vector<std::string> decoded;
    for (std::size_t i = from; i < parts.size(); ++i) decoded.push_back(decode_percent(parts[i].text));
    Parts plain;
    for (std::size_t i = 0; i < decoded.size(); ++i) {
        if (decoded[i].find('\0') != std::string::npos) return {};
        auto inner = components(i == 0 && decoded[i].starts_with("\\\\.\\") ? std::string_view(decoded[i]).substr(4)
                                                                            : decoded[i]);
        if (!inner.empty()) inner.back().bang = parts[from + i].bang;
        plain.insert(plain.end(), inner.begin(), inner.end());
    }
    if (plain.empty() || plain[0].text.size() != 2 || drive_of(plain[0].text).empty()) return {};
    if (std::ranges::any_of(plain, [](const Part& part) { return climbs(part.text); })) return {};
    return join(plain, 1, drive_of(plain[0].text));
}

std::optional<Match> match_velociraptor(const Parts& parts, std::size_t i) {
    auto is = [&](std::string_view name) { return equals_folded(parts[i].text, name); };
    bool last = i + 1 == parts.size();
    if (is("uploads") && i + 2 < parts.size() &&
        std::ranges::find(kAccessors, lower(parts[i + 1].text)) != std::end(kAccessors))
        return Match{"velociraptor", i, velociraptor_path(parts, i + 2)};
    if (last && (is("uploads.json") || is("client_info.json") || is("collection_context.json")))
        return Match{"velociraptor", i, ""};
    bool archived = i > 0 && parts[i - 1].bang;
    if (archived && is("results") && i + 2 == parts.size()) return Match{"velociraptor", i, ""};
    return {};
}

std::optional<Match> match_collectors(const Parts& parts, std::size_t i) {
    if (i + 1 >= parts.size()) return {};
    auto name = parts[i].text;
    if (auto drive = drive_of(name); !drive.empty()) {
        bool archived = i > 0 && parts[i - 1].bang;
        return Match{name.size() > 1 ? "plain" : archived ? "cylr" : "kape", i, join(parts, i + 1, drive)};
    }
    for (const Renamed& renamed : kLogCollector)
        if (equals_folded(name, renamed.folder))
            return Match{"exchange_log_collector", i,
                         join(parts, i + 1, std::string(renamed.parent) + "\\" + std::string(renamed.windows))};
    if (starts_folded(name, "IIS_W3SVC") && ends_folded(name, "_Logs"))
        return Match{"exchange_log_collector", i,
                     join(parts, i + 1, std::string(kSites) + "\\" + std::string(name.substr(4, name.size() - 9)))};
    // Test-ProxyLogon copies logs of several folders into one, so their place is not known.
    if (equals_folded(name, "CollectedLogFiles")) return Match{"test_proxylogon", i, ""};
    if (name == "[root]") return Match{"uac", i, ""};
    return {};
}

std::optional<Match> match_copy(const Parts& parts, std::size_t i) {
    if (i + 1 >= parts.size() || !may_be_anchor(parts[i].text)) return {};
    for (const Anchor& anchor : kAnchors) {
        if (!matches(parts[i].text, anchor.first)) continue;
        if (!anchor.second.empty() && !matches(parts[i + 1].text, anchor.second)) continue;
        if (!anchor.file.empty() && !matches(parts.back().text, anchor.file)) continue;
        return Match{"plain", i, join(parts, i, std::string(anchor.root))};
    }
    return {};
}

/// Where Unix keeps logs and pages; such files have no Windows path.
std::optional<Match> match_unix(const Parts& parts, std::size_t i) {
    if (i + 2 >= parts.size()) return {};
    for (const auto& [first, second] : kUnix)
        if (parts[i].text == first && parts[i + 1].text == second) return Match{"plain", i, ""};
    return {};
}

std::optional<Match> match_at(const Parts& parts, std::size_t i) {
    if (auto match = match_velociraptor(parts, i)) return match;
    if (auto match = match_collectors(parts, i)) return match;
    if (auto match = match_unix(parts, i)) return match;
    return match_copy(parts, i);
}

/// The first component at which a layout begins. What lies in an archive that lay on the server is never given a place
/// of its own: the archive may be the intruder's, and its members then keep the archive's place before the !.
std::optional<Match> find_layout(const Parts& parts) {
    for (std::size_t i = 0; i < parts.size(); ++i)
        if (auto match = match_at(parts, i)) return match;
    return {};
}

/// 2021-03-14T014011, 20210314: letters of a time and nothing else.
bool is_stamp(std::string_view name) {
    return name.size() >= 6 && name.find_first_not_of("0123456789-_:.TZ") == std::string_view::npos;
}

/// The archive's or folder's own name without what collectors add: "Collection-HOST-2021-03-14T...", "HOST.zip".
std::string_view server_name(std::string_view name) {
    for (std::string_view suffix : kArchiveSuffixes)
        if (ends_folded(name, suffix)) {
            name.remove_suffix(suffix.size());
            break;
        }
    if (auto stamp = name.find('_'); stamp != std::string_view::npos && is_stamp(name.substr(0, stamp)))
        name.remove_prefix(stamp + 1);
    if (starts_folded(name, "Collection-")) {
        name.remove_prefix(11);
        for (auto at = name.find("-20"); at != std::string_view::npos; at = name.find("-20", at + 1))
            if (parse_number(name.substr(at + 1, 4))) return name.substr(0, at);
    }
    if (starts_folded(name, "DFIR-ORC_")) {  // DFIR-ORC_<type>_<host>_<configuration>
        auto fields = split(name, '_');
        return fields.size() > 2 ? fields[2] : name;
    }
    if (starts_folded(name, "uac-")) {  // uac-<host>-<system>-<time>
        name.remove_prefix(4);
        for (int cut = 0; cut < 2 && name.rfind('-') != std::string_view::npos; ++cut)
            name = name.substr(0, name.rfind('-'));
    }
    if (auto client = name.find("-C."); client != std::string_view::npos && client > 0) name = name.substr(0, client);
    return name;
}

/// Whether a name tells what is in a folder, not whose it is.
bool is_generic(std::string_view name) {
    bool shadow = starts_folded(name, "VSS") && name.find_first_not_of("0123456789", 3) == std::string_view::npos;
    if (name.empty() || shadow || is_stamp(name)) return true;
    return std::ranges::any_of(kGeneric, [&](auto word) { return equals_folded(name, word); }) ||
           std::ranges::any_of(kLogCollector,
                               [&](const Renamed& renamed) { return equals_folded(name, renamed.folder); }) ||
           (may_be_anchor(name) &&
            std::ranges::any_of(kAnchors, [&](const Anchor& anchor) { return matches(name, anchor.first); }));
}

/// access.log.gz of access.log.gz!access.log, which is no collection of a server.
bool holds_one_file(const Parts& parts, std::size_t place) {
    return parts[place].bang && place + 1 < parts.size() && is_stream_of(parts[place].text, parts[place + 1].text);
}

/// The server's folder: the nearest component before the layout begins that is a name of its own.
std::string group_before(const Parts& parts, std::size_t end) {
    for (std::size_t i = end; i-- > 0;) {
        auto name = server_name(parts[i].text);
        if (!is_generic(name) && !climbs(name) && !holds_one_file(parts, i)) return std::string(name);
    }
    return {};
}

/// Folders that may be a server's, outermost first, for a file that no layout knows; see Placed::group.
std::string groups_around(const Parts& parts) {
    constexpr std::size_t kFolders =
        4;  // case, collection, server and one more: collections nest no deeper above servers
    std::string groups;
    for (std::size_t i = 0, listed = 0; i + 1 < parts.size() && listed < kFolders; ++i) {
        auto name = server_name(parts[i].text);
        if (is_generic(name) || climbs(name) || holds_one_file(parts, i)) continue;
        groups += (listed++ == 0 ? "" : "/") + std::string(name);
    }
    return groups;
}

}  // namespace

Placed place(std::string_view path) {
    Placed placed{"", "plain", ""};
    if (path.size() > kPathLimit || path.find('\0') != std::string_view::npos) return placed;
    auto parts = components(path);
    if (std::ranges::any_of(parts, [](const Part& part) { return climbs(part.text); })) return placed;
    auto match = find_layout(parts);
    if (!match) {
        placed.group = groups_around(parts);
        return placed;
    }
    placed.layout = match->layout;
    placed.windows_path = std::move(match->windows_path);
    placed.group = match->layout == "test_proxylogon" ? std::string(parts[match->begin + 1].text)
                                                      : group_before(parts, match->begin);
    return placed;
}

}  // namespace ascribe

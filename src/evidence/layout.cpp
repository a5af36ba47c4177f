#include "evidence/layout.hpp"

#include <algorithm>
#include <vector>

#include "base/text.hpp"

namespace ascribe {
namespace {

// Longer names are evidence of somebody playing; they keep their path and get no Windows path.
constexpr std::size_t kPathLimit = 4'096;

using Components = std::vector<std::string_view>;

/// Splits at / \ and ! (which separates an archive from its members).
Components components(std::string_view path) {
    Components parts;
    while (!path.empty()) {
        auto end = path.find_first_of("/\\!");
        if (end != 0) parts.push_back(path.substr(0, end));
        if (end == std::string_view::npos) break;
        path.remove_prefix(end + 1);
    }
    return parts;
}

bool is_drive(std::string_view part) {
    auto letter = [](char c) { return lower(c) >= 'a' && lower(c) <= 'z'; };
    return (part.size() == 1 && letter(part[0])) || (part.size() == 2 && letter(part[0]) && part[1] == ':');
}

std::string join(const Components& parts, std::size_t from, std::string prefix) {
    for (std::size_t i = from; i < parts.size(); ++i) {
        if (!prefix.empty() && !prefix.ends_with('\\')) prefix += '\\';
        prefix += parts[i];
    }
    return prefix;
}

std::string drive_root(std::string_view part) { return std::string(1, static_cast<char>(lower(part[0]) - 32)) + ":\\"; }

/// Where a plain copy begins to look like the server: the folder names that are Windows' or Exchange's own, and the
/// place they have there. Default install folders, as in knowledge of KAPE's targets.
struct Anchor {
    std::string_view first, second;  // second "": any
    std::string_view root;           // what stands before `first` on the server
    std::string_view layout;
};
constexpr std::string_view kInstall = "C:\\Program Files\\Microsoft\\Exchange Server\\V15";
constexpr std::string_view kLogging = "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\Logging";
constexpr Anchor kAnchors[] = {
    {"inetpub", "", "C:", "plain"},
    {"Program Files", "", "C:", "plain"},
    {"Windows", "System32", "C:", "plain"},
    {"Windows", "Microsoft.NET", "C:", "plain"},
    {"Windows", "Temp", "C:", "plain"},
    {"ProgramData", "", "C:", "plain"},
    {"ExchangeSetupLogs", "", "C:", "plain"},
    {"Exchange Server", "V15", "C:\\Program Files\\Microsoft", "plain"},
    {"V15", "", "C:\\Program Files\\Microsoft\\Exchange Server", "plain"},
    {"FrontEnd", "HttpProxy", kInstall, "plain"},
    {"ClientAccess", "", kInstall, "plain"},
    {"TransportRoles", "", kInstall, "plain"},
    {"Logging", "", kInstall, "plain"},
    {"HttpProxy", "", kLogging, "plain"},
    {"ECP", "Server", kLogging, "plain"},
    {"ECP", "Activity", kLogging, "plain"},
    {"CmdletInfra", "", kLogging, "plain"},
    {"OABGeneratorLog", "", kLogging, "plain"},
    {"LogFiles", "W3SVC1", "C:\\inetpub\\logs", "plain"},
    {"LogFiles", "W3SVC2", "C:\\inetpub\\logs", "plain"},
    {"W3SVC1", "", "C:\\inetpub\\logs\\LogFiles", "plain"},
    {"W3SVC2", "", "C:\\inetpub\\logs\\LogFiles", "plain"},
    {"winevt", "Logs", "C:\\Windows\\System32", "plain"},
};

/// Folders of Microsoft's ExchangeLogCollector and where their contents came from.
struct Renamed {
    std::string_view folder, windows;
};
constexpr Renamed kLogCollector[] = {
    {"IIS_FE_Logs", "C:\\inetpub\\logs\\LogFiles\\W3SVC1"},
    {"IIS_BE_Logs", "C:\\inetpub\\logs\\LogFiles\\W3SVC2"},
    {"FE_IIS_Logs", "C:\\inetpub\\logs\\LogFiles\\W3SVC1"},
    {"BE_IIS_Logs", "C:\\inetpub\\logs\\LogFiles\\W3SVC2"},
    {"HttpProxy_Logs", "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\Logging\\HttpProxy"},
    {"ECP_Logs", "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\Logging\\ECP"},
    {"EWS_Logs", "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\Logging\\EWS"},
    {"OABGeneratorLog", "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\Logging\\OABGeneratorLog"},
    {"Windows_Event_Logs", "C:\\Windows\\System32\\winevt\\Logs"},
    {"Message_Tracking_Logs",
     "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\TransportRoles\\Logs\\MessageTracking"},
};

/// The archive's or folder's own name without what collectors add: "Collection-HOST-2021-03-14T…", "HOST.zip".
std::string group_of(std::string_view name) {
    for (std::string_view suffix : {".zip", ".7z", ".tar.gz", ".tgz", ".tar", ".gz"})
        if (ends_folded(name, suffix)) {
            name.remove_suffix(suffix.size());
            break;
        }
    if (starts_folded(name, "Collection-")) {
        name.remove_prefix(11);
        for (std::size_t at = name.find('-'); at != std::string_view::npos; at = name.find('-', at + 1))
            if (parse_number(name.substr(at + 1, 4)) && name.substr(at + 1, 2) == "20") {
                name = name.substr(0, at);
                break;
            }
    }
    return std::string(name);
}

/// Names that tell what a folder holds, not whose it is.
bool is_generic(std::string_view name) {
    static constexpr std::string_view generic[] = {"uploads",  "auto",       "ntfs",   "lazy_ntfs", "results",
                                                   "evidence", "collection", "triage", "kape",      "logs",
                                                   "data",     "[root]",     "tout"};
    return std::ranges::any_of(generic, [&](std::string_view word) { return equals_folded(name, word); }) ||
           starts_folded(name, "VSS") || starts_folded(name, "uac-");
}

/// The server's folder: the nearest component before the layout begins that is a name of its own.
std::string group_before(const Components& parts, std::size_t end) {
    for (std::size_t i = end; i-- > 0;)
        if (!is_generic(parts[i])) return group_of(parts[i]);
    return {};
}

}  // namespace

Placed place(std::string_view path) {
    Placed placed{"", "plain", ""};
    if (path.size() > kPathLimit || path.find('\0') != std::string_view::npos) return placed;
    auto parts = components(path);
    if (std::ranges::any_of(parts, [](std::string_view part) { return part == ".." || part == "."; })) return placed;

    std::vector<std::string> decoded;  // keeps Velociraptor's decoded names alive while `parts` points at them
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
        if (!equals_folded(parts[i], "uploads")) continue;
        auto accessor = lower(parts[i + 1]);
        if (accessor != "auto" && accessor != "ntfs" && accessor != "lazy_ntfs" && accessor != "file") continue;
        placed.layout = "velociraptor";
        placed.group = group_before(parts, i);
        std::string joined;
        for (std::size_t k = i + 2; k < parts.size(); ++k)
            joined += (joined.empty() ? "" : "\\") + decode_percent(parts[k]);
        if (joined.starts_with("\\\\.\\")) joined.erase(0, 4);
        if (joined.size() > 2 && joined[1] == ':' && joined.find("..") == std::string::npos)
            placed.windows_path = joined;
        return placed;
    }
    for (std::size_t i = 0; i < parts.size(); ++i)
        for (const Renamed& renamed : kLogCollector)
            if (i + 1 < parts.size() && equals_folded(parts[i], renamed.folder)) {
                placed.layout = "exchange_log_collector";
                placed.group = group_before(parts, i);
                placed.windows_path = join(parts, i + 1, std::string(renamed.windows));
                return placed;
            }
    for (std::size_t i = 0; i + 1 < parts.size(); ++i)
        if (is_drive(parts[i])) {
            bool archive = path.find('!') != std::string_view::npos;
            placed.layout = archive ? "cylr" : "kape";
            placed.group = group_before(parts, i);
            placed.windows_path = join(parts, i + 1, drive_root(parts[i]));
            return placed;
        }
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
        if (equals_folded(parts[i], "CollectedLogFiles")) {
            placed.layout = "test_proxylogon";
            placed.group = std::string(parts[i + 1]);
            return placed;
        }
        if (parts[i] == "[root]") {
            placed.layout = "uac";
            placed.group = group_before(parts, i);
            return placed;
        }
        for (const Anchor& anchor : kAnchors) {
            if (!equals_folded(parts[i], anchor.first) ||
                (!anchor.second.empty() && !equals_folded(parts[i + 1], anchor.second)))
                continue;
            placed.layout = anchor.layout;
            placed.group = group_before(parts, i);
            placed.windows_path = join(parts, i, std::string(anchor.root) + "\\");
            return placed;
        }
    }
    if (parts.size() > 1) placed.group = group_before(parts, 1);
    return placed;
}

}  // namespace ascribe

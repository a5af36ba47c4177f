#include "detect/facts/door.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "detect/exchange_paths.hpp"

namespace ascribe {
namespace {

// Protocol is the name of HttpProxy's log folder, which is that of the virtual directory but for OwaCalendar.
constexpr std::pair<std::string_view, Door> kApplications[] = {
    {"owa", Door::owa},
    {"owacalendar", Door::owa},
    {"ecp", Door::ecp},
    {"autodiscover", Door::autodiscover},
    {"ews", Door::ews},
    {"root", Door::site_root},
    {"powershell", Door::powershell},
};

Door door_named(std::string_view application) {
    for (const auto& [name, door] : kApplications)
        if (equals_folded(application, name)) return door;
    return Door::other;
}

std::string_view first_folder(std::string_view path) {
    auto begin = path.find_first_not_of("/\\");
    if (begin == std::string_view::npos) return {};
    path.remove_prefix(begin);
    return path.substr(0, path.find_first_of("/\\"));
}

}  // namespace

Door door_of_request(std::string_view protocol, std::string_view stem) {
    return door_named(protocol.empty() ? first_folder(stem) : protocol);
}

bool is_exchange_application(std::string_view stem) {
    // The virtual directories of the front end, as setup makes them.
    static constexpr std::string_view kNames[] = {
        "owa", "ecp", "autodiscover", "ews", "oab", "mapi", "rpc", "microsoft-server-activesync", "powershell"};
    auto folder = first_folder(stem);
    return std::ranges::any_of(kNames, [folder](auto name) { return equals_folded(folder, name); });
}

Door door_of_page(std::string_view path) {
    constexpr std::pair<std::string_view, Door> kFolders[] = {
        {"httpproxy/owa/auth/", Door::owa}, {"httpproxy/ecp/auth/", Door::ecp}, {"inetpub/wwwroot/", Door::site_root}};
    auto normal = normal_path(path);
    for (const auto& [folder, door] : kFolders)
        if (normal.find(folder) != std::string::npos) return door;
    return Door::other;
}

Door door_of_compiled(std::string_view path) {
    constexpr std::string_view kFolder = "temporary asp.net files/";
    auto normal = normal_path(path);
    auto at = normal.find(kFolder);
    return at == std::string::npos ? Door::other
                                   : door_named(first_folder(std::string_view(normal).substr(at + kFolder.size())));
}

}  // namespace ascribe

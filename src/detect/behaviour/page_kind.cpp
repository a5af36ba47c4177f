// Types that web servers run. IIS: as in exchange_paths.cpp. PHP, Java, CGI and the rest: the handlers that Debian's
// and Red Hat's packages of Apache, PHP, Tomcat and the usual documentation of nginx map by default, and those that
// intruders use because they are mapped as well (.phtml, .php5, .phar, .jspx).
#include "detect/behaviour/page_kind.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "detect/exchange_paths.hpp"

namespace ascribe::behaviour {
namespace {

constexpr std::array<std::string_view, 21> kScripts = {".cfc",  ".cfm",  ".cfml", ".cgi",  ".fcgi",  ".jsp",  ".jspf",
                                                       ".jspx", ".jsw",  ".lua",  ".phar", ".php",   ".php3", ".php4",
                                                       ".php5", ".php7", ".php8", ".pht",  ".phtml", ".pl",   ".py"};
static_assert(std::ranges::is_sorted(kScripts));
constexpr std::array<std::string_view, 7> kMoreStill = {".avif", ".mp3", ".mp4", ".pdf", ".ttc", ".webp", ".woff2"};
static_assert(std::ranges::is_sorted(kMoreStill));

template <std::size_t N>
bool has(const std::array<std::string_view, N>& types, std::string_view type) {
    return std::ranges::binary_search(types, type);
}

/// Exchange's own applications. Below them a stock name is enough; elsewhere on the server default.aspx is anybody's.
bool is_exchange_folder(std::string_view path) {
    static constexpr std::string_view kFolders[] = {"/owa/",       "/ecp/",  "/ews/",
                                                    "/oab/",       "/rpc/",  "/autodiscover/",
                                                    "/mapi/",      "/api/",  "/microsoft-server-activesync",
                                                    "/powershell", "/rest/", "/aspnet_client/"};
    return std::ranges::any_of(kFolders, [&](std::string_view folder) { return path.starts_with(folder); });
}

/// Handlers of Exchange that are no files, so that no list of files knows them (applicationHost.config of Exchange).
bool is_exchange_handler(std::string_view path) {
    static constexpr std::string_view kHandlers[] = {"/autodiscover/autodiscover.svc", "/ecp/ddi/ddiservice.svc",
                                                     "/ews/exchange.asmx", "/ews/mrsproxy.svc", "/owa/service.svc"};
    return std::ranges::find(kHandlers, path) != std::end(kHandlers) || path.ends_with("/inboxrules.svc");
}

/// Something stands behind the page's own path: /a/b.php/whoami of /a/b.php.
bool is_informed(std::string_view stem, std::string_view page) {
    return stem.size() > page.size() + 1 && stem[page.size()] == '/' && starts_folded(stem, page);
}

}  // namespace

PageName page_name(std::string_view stem, const Intel& intel) {
    auto path = normal_path(stem);
    if (auto at = path.find(';'); at != std::string::npos) path.resize(at);  // page.jsp;jsessionid=...
    for (std::size_t at = path.find('/', 1); at != std::string::npos; at = path.find('/', at + 1))
        if (has(kScripts, extension(std::string_view(path).substr(0, at)))) {
            path.resize(at);  // page.php/path/information
            break;
        }
    auto type = extension(path);
    if (type.empty()) return {};
    if (has(kScripts, type) || is_server_executable(path)) {
        if (is_exchange_handler(path) || (is_exchange_folder(path) && is_stock_page(path, intel))) return {};
        bool informed = is_informed(stem, path);
        return {PageKind::script, std::move(path), informed};
    }
    // Frameworks give their routes these names, and take forms there.
    if (type == ".htm" || type == ".html" || type == ".json") return {};
    // The front end hands these on to a back end whatever their names: a POST there is a chain's forged request.
    if (path.starts_with("/ecp/") || path.starts_with("/owa/")) return {};
    if (is_static_resource(path) || has(kMoreStill, type)) return {PageKind::still, std::move(path)};
    return {};
}

std::string_view folder_of(std::string_view path) { return path.substr(0, path.rfind('/') + 1); }

bool is_data_folder(std::string_view path) {
    static constexpr std::string_view kNames[] = {
        "image",    "img",    "css",           "style",    "js",      "script", "font",    "upload",
        "media",    "files",  "assets",        "theme",    "content", "cache",  "tmp",     "temp",
        "backup",   "static", "aspnet_client", "icons",    "pics",    "photos", "avatars", "attachments",
        "download", "docs",   "logs",          "resources"};
    auto folder = folder_of(path);
    for (std::string_view part : split(folder, '/'))
        for (std::string_view name : kNames)
            if (part.starts_with(name)) return true;
    return folder.ends_with("/owa/auth/") || folder.ends_with("/ecp/auth/");
}

}  // namespace ascribe::behaviour

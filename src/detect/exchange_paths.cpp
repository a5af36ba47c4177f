// Knowledge of Exchange's web folders. Folder names: artefact facts WS-01 (108 builds of baselines) and IIS defaults.
#include "detect/exchange_paths.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.hpp"

namespace ascribe {
namespace {

// Types that IIS hands to ASP.NET or classic ASP in a default installation with Exchange (applicationHost.config
// handlers), and php, which intruders ask for as well.
constexpr std::array<std::string_view, 15> kExecutable = {".asa",    ".asax", ".ascx", ".ashx", ".asmx",
                                                          ".asp",    ".aspx", ".cdx",  ".cer",  ".cshtm",
                                                          ".cshtml", ".php",  ".soap", ".svc",  ".vbhtml"};
static_assert(std::ranges::is_sorted(kExecutable));

// Types in Exchange's themes and scripts folders (baselines), the ones the SSRF of March 2021 posted to among them.
constexpr std::array<std::string_view, 20> kStatic = {".bmp", ".css",  ".eot", ".flt", ".gif",  ".htm", ".html",
                                                      ".ico", ".jpeg", ".jpg", ".js",  ".json", ".map", ".png",
                                                      ".svg", ".ttf",  ".txt", ".wav", ".woff", ".xap"};
static_assert(std::ranges::is_sorted(kStatic));

constexpr std::array<std::string_view, 15> kArchives = {".7z",  ".bak", ".bz2", ".cab", ".dmp", ".gz", ".mdmp", ".ost",
                                                        ".pst", ".rar", ".tar", ".tgz", ".wim", ".xz", ".zip"};
static_assert(std::ranges::is_sorted(kArchives));

/// The extension in lower case without allocating for long names: types are at most seven bytes.
template <std::size_t N>
bool has_type(const std::array<std::string_view, N>& types, std::string_view type) {
    std::array<char, 8> folded{};
    if (type.empty() || type.size() > folded.size()) return false;
    std::ranges::transform(type, folded.begin(), [](char c) { return lower(c); });
    return std::ranges::binary_search(types, std::string_view(folded.data(), type.size()));
}

/// What normal_path() would change beyond case and slashes: the common path has none of it.
bool is_plain(std::string_view path) {
    for (char c : {'%', '?', '#'})
        if (path.find(c) != std::string_view::npos) return false;
    return !path.ends_with('.') && !path.ends_with('/') && !path.ends_with('\\');
}

std::string_view last_type(std::string_view path, std::string& storage) {
    if (is_plain(path)) {
        auto type = extension(path);
        // "page.aspx/info": the page is not the last component. Rare: only then the long way.
        if (path.find(".as") == std::string_view::npos || !type.empty()) return type;
    }
    storage = normal_path(path);
    return extension(storage);
}

bool is_version(std::string_view part) {
    return part.size() >= 2 && part.starts_with("1") && part.find('.') != std::string_view::npos &&
           part.find_first_not_of("0123456789.") == std::string_view::npos;
}

/// The path below the web root: "owa/auth/logon.aspx" of a URL or of C:\...\FrontEnd\HttpProxy\owa\auth\logon.aspx,
/// without version-named folders and "current", which repeat the same pages.
std::string below_root(std::string_view path) {
    auto normal = normal_path(path);
    std::string_view rest = normal;
    for (std::string_view root : {"/httpproxy/", "/clientaccess/", "/inetpub/wwwroot/"})
        if (auto at = rest.find(root); at != std::string_view::npos) rest.remove_prefix(at + root.size());
    std::string below;
    for (std::string_view part : split(rest, '/')) {
        if (part.empty() || is_version(part) || part == "current") continue;
        if (!below.empty()) below += '/';
        below += part;
    }
    return below;
}

bool contains_any(std::string_view text, std::initializer_list<std::string_view> parts) {
    return std::ranges::any_of(parts, [&](std::string_view part) { return text.find(part) != std::string_view::npos; });
}

bool is_consonant(char c) {
    return c >= 'a' && c <= 'z' && std::string_view("aeiouy").find(c) == std::string_view::npos;
}

std::string make_normal(std::string_view path) {
    // A longer path than this is a flood or an overflow probe; IIS itself refuses URLs above 16 KiB.
    constexpr std::size_t kLongest = 16 << 10;
    path = path.substr(0, kLongest);
    bool is_encoded = path.find('%') != std::string_view::npos;
    std::string normal = is_encoded ? decode_percent(decode_percent(path)) : std::string(path);
    for (char end : {'?', '#'}) normal.resize(std::min(normal.find(end), normal.size()));
    for (char& c : normal) c = c == '\\' ? '/' : lower(c);
    auto doubled = [](char a, char b) { return a == '/' && b == '/'; };  // servers take // for /
    if (normal.find("//") != std::string::npos)
        normal.erase(std::unique(normal.begin(), normal.end(), doubled), normal.end());
    // Path information after a page: the page is what runs.
    for (std::size_t at = normal.find('/', 1); at != std::string::npos; at = normal.find('/', at + 1))
        if (has_type(kExecutable, extension(std::string_view(normal).substr(0, at)))) {
            auto page = std::string_view(normal).substr(0, at);
            // A service (.svc) is called with its method behind it, and DDIService.svc/GetList is one service.
            normal.resize(page.size());
            break;
        }
    while (normal.ends_with('.') || normal.ends_with(' ')) normal.pop_back();
    return normal;
}

}  // namespace

std::string normal_path(std::string_view path) {
    // Of a path that is new, one detector after the other asks.
    thread_local std::string last, normal;
    if (path != last) {
        normal = make_normal(path);
        last = path;
    }
    return normal;
}

bool is_server_executable(std::string_view path) {
    std::string storage;
    return has_type(kExecutable, last_type(path, storage));
}

bool is_static_resource(std::string_view path) {
    std::string storage;
    return has_type(kStatic, last_type(path, storage));
}

bool is_archive(std::string_view path) {
    std::string storage;
    return has_type(kArchives, last_type(path, storage));
}

namespace {

/// FrontEnd\HttpProxy holds pages, Logging\HttpProxy the logs of the same name.
bool is_below_http_proxy(std::string_view normal) {
    constexpr std::string_view kFolder = "/httpproxy/", kLogs = "/logging";
    for (auto at = normal.find(kFolder); at != std::string_view::npos; at = normal.find(kFolder, at + 1))
        if (!normal.substr(0, at).ends_with(kLogs)) return true;
    return false;
}

}  // namespace

bool is_web_folder(std::string_view path) {
    auto normal = normal_path(path);
    return contains_any(normal, {"owa/auth/", "ecp/auth/", "aspnet_client/", "inetpub/wwwroot/", "/clientaccess/"}) ||
           is_below_http_proxy(normal);
}

bool is_open_folder(std::string_view path) {
    auto normal = normal_path(path);
    std::string_view rest = normal;
    for (std::string_view root : {"/httpproxy/", "/inetpub/wwwroot/"})
        if (auto at = rest.find(root); at != std::string_view::npos) rest.remove_prefix(at + root.size() - 1);
    if (!rest.starts_with('/')) return false;
    if (rest.find('/', 1) == std::string_view::npos) return true;  // in the root itself
    for (std::string_view folder : {"/owa/auth/", "/ecp/auth/", "/aspnet_client/"})
        if (rest.starts_with(folder)) return true;
    return false;
}

bool is_compiled_trace(std::string_view path) {
    return contains_folded(path, "Temporary ASP.NET Files\\") || contains_folded(path, "Temporary ASP.NET Files/");
}

bool is_stock_page(std::string_view path, const Intel& intel) {
    auto below = below_root(path);
    if (intel.stock_pages.contains(below)) return true;
    // Pages behind sign-in are known by name: their folders differ between builds. In the open folders, where shells
    // are put, only the whole path counts: owa/auth/default.aspx is a shell although ecp/default.aspx is stock.
    for (std::string_view folder : {"owa/auth/", "ecp/auth/", "aspnet_client/"})
        if (below.starts_with(folder)) return false;
    if (below.find('/') == std::string::npos) return false;
    return intel.stock_names.contains(std::string(base_name(below)));
}

std::string look_alike(std::string_view path, const Intel& intel) {
    constexpr std::size_t kFarthest = 4;  // fact WS-09
    auto name = normal_path(base_name(path));
    auto stem = std::string_view(name).substr(0, name.rfind('.'));
    std::string nearest;
    std::size_t distance = kFarthest + 1;
    for (const std::string& stock : intel.stock_pages) {
        // Only the pages of the open folders are imitated; the many names of the control panel would match by chance.
        if (!stock.starts_with("owa/auth/") && !stock.starts_with("ecp/auth/")) continue;
        auto stock_name = base_name(stock);
        auto stock_stem = stock_name.substr(0, stock_name.rfind('.'));
        // Short names are near everything: at most a third of the letters may differ (errorEE of errorFE, not log of
        // logon).
        auto limit = std::min(kFarthest, stock_stem.size() / 3);
        auto found = edit_distance(stem, stock_stem, limit);
        if (found == 0 || found > limit) continue;
        if (found < distance || (found == distance && stock_name < nearest)) {
            nearest = stock_name;
            distance = found;
        }
    }
    return nearest;
}

bool is_random_name(std::string_view path) {
    auto name = base_name(path);
    auto stem = name.substr(0, name.rfind('.'));
    // Eight letters: shorter names are abbreviations as often as noise.
    if (stem.size() < 8 || stem.find_first_of("-_ .") != std::string_view::npos) return false;
    std::size_t digits = 0, turns = 0, run = 0, longest = 0;
    for (std::size_t i = 0; i < stem.size(); ++i) {
        auto kind = [](char c) { return c >= '0' && c <= '9' ? 0 : c >= 'A' && c <= 'Z' ? 1 : 2; };
        digits += kind(stem[i]) == 0;
        if (i > 0 && (kind(stem[i]) == 0) != (kind(stem[i - 1]) == 0)) ++turns;
        if (i > 0 && kind(stem[i - 1]) == 2 && kind(stem[i]) == 1 && i + 1 < stem.size() && kind(stem[i + 1]) != 2)
            ++turns;
        run = is_consonant(lower(stem[i])) ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    // Five consonants in a row do not occur in the 9 stock names nor in the names of people's pages we tried; a third
    // of digits or four changes between letters and digits neither.
    return longest >= 5 || digits * 3 >= stem.size() || turns >= 4;
}

bool is_loopback(std::string_view address) {
    return address == "::1" || address.starts_with("127.") || starts_folded(address, "::ffff:127.");
}

bool is_internal(std::string_view address) {
    if (starts_folded(address, "::ffff:")) address.remove_prefix(7);
    if (is_loopback(address) || address.starts_with("10.") || address.starts_with("192.168.") ||
        address.starts_with("169.254."))
        return true;
    if (address.starts_with("172.")) {
        auto second = parse_number(address.substr(4, address.find('.', 4) - std::min<std::size_t>(4, address.size())));
        return second && *second >= 16 && *second <= 31;
    }
    return address.find(':') != std::string_view::npos &&
           (starts_folded(address, "fe80:") || starts_folded(address, "fc") || starts_folded(address, "fd"));
}

bool is_health_account(std::string_view user) { return contains_folded(user, "HealthMailbox"); }

// Agents of Exchange's Managed Availability (guide to Exchange scale: most HttpProxy rows are these).
bool is_health_agent(std::string_view user_agent) {
    static constexpr std::string_view kAgents[] = {"AMProbe", "ActiveMonitoring", "MSExchangeMonitoring",
                                                   "Exchange BackEnd Probes", "Exchange+BackEnd+Probes"};
    return std::ranges::any_of(kAgents, [&](std::string_view part) { return contains_folded(user_agent, part); });
}

bool is_health_probe(std::string_view address, std::string_view user, std::string_view user_agent) {
    return is_internal(address) && (is_health_account(user) || is_health_agent(user_agent));
}

}  // namespace ascribe

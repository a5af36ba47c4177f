// What collectors and people's copies look like, as data: the folder names by which a layout is recognised, and what
// stood before them on the server. Roots are Exchange's and IIS's default folders; a server installed elsewhere keeps
// its drive folder in every collector's output and is then placed by that.
//
// Sources: KapeFiles targets (Exchange, WebServers, IISConfiguration) and CyLR CollectionPaths as of 2026-03;
// Microsoft's CSS-Exchange script ExchangeLogCollector for its folder names. Rows marked "unconfirmed" were not found
// there: a wrong one costs nothing but a Windows path for a folder nobody has.
#pragma once

#include <string_view>
#include <utility>

namespace ascribe::layout_table {

inline constexpr std::string_view kInstall = "C:\\Program Files\\Microsoft\\Exchange Server\\V15";
inline constexpr std::string_view kLogging = "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\Logging";
inline constexpr std::string_view kHttpProxy = "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\Logging\\HttpProxy";
inline constexpr std::string_view kTransport =
    "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\TransportRoles\\Logs";
inline constexpr std::string_view kSites = "C:\\inetpub\\logs\\LogFiles";
inline constexpr std::string_view kSystem = "C:\\Windows\\System32";

/// A folder name that is Windows' or Exchange's own, so that what follows has one place. A trailing * stands for
/// anything.
struct Anchor {
    std::string_view first, second;  // two components in a row; second "": any
    std::string_view file;           // what the file's own name begins with, "": any
    std::string_view root;           // what stands before `first` on the server
};

inline constexpr Anchor kAnchors[] = {
    {"inetpub", "", "", "C:"},
    {"Program Files", "", "", "C:"},
    {"Program Files (x86)", "", "", "C:"},
    {"ProgramData", "", "", "C:"},
    {"ExchangeSetupLogs", "", "", "C:"},
    {"Users", "Public", "", "C:"},
    {"Windows", "System32", "", "C:"},
    {"Windows", "SysWOW64", "", "C:"},
    {"Windows", "Microsoft.NET", "", "C:"},
    {"Windows", "Temp", "", "C:"},
    {"Windows", "Tasks", "", "C:"},
    {"Windows", "Prefetch", "", "C:"},
    {"Windows", "AppCompat", "", "C:"},
    {"Windows", "debug", "", "C:"},
    {"Temporary ASP.NET Files", "", "", "C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319"},
    {"winevt", "Logs", "", kSystem},
    {"inetsrv", "config", "", kSystem},
    {"HTTPERR", "", "httperr*", "C:\\Windows\\System32\\LogFiles"},
    {"LogFiles", "W3SVC*", "", "C:\\inetpub\\logs"},
    {"LogFiles", "HTTPERR", "", kSystem},
    {"W3SVC*", "", "", kSites},
    {"wwwroot", "aspnet_client", "", "C:\\inetpub"},
    {"aspnet_client", "", "", "C:\\inetpub\\wwwroot"},
    {"Microsoft", "Exchange Server", "", "C:\\Program Files"},
    {"Exchange Server", "V1*", "", "C:\\Program Files\\Microsoft"},
    {"V15", "", "", "C:\\Program Files\\Microsoft\\Exchange Server"},
    {"FrontEnd", "HttpProxy", "", kInstall},
    {"ClientAccess", "", "", kInstall},
    {"TransportRoles", "", "", kInstall},
    {"Logging", "HttpProxy", "", kInstall},
    {"Logging", "ECP", "", kInstall},
    {"Logging", "EWS", "", kInstall},
    {"Logging", "OWA", "", kInstall},
    {"Logging", "Autodiscover", "", kInstall},
    {"Logging", "CmdletInfra", "", kInstall},
    {"Logging", "OABGenerator*", "", kInstall},
    {"Logging", "MapiHttp", "", kInstall},
    {"Logging", "MAPI*", "", kInstall},
    {"Logging", "RPC*", "", kInstall},
    {"Logging", "ADDriver", "", kInstall},
    {"Logging", "Monitoring", "", kInstall},
    {"Logging", "MitigationService", "", kInstall},
    {"Logging", "Diagnostics", "", kInstall},
    {"HttpProxy", "", "HttpProxy_*",
     kLogging},  // logs; other files below a folder of this name are the pages themselves
    {"HttpProxy", "", "", "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\FrontEnd"},
    {"ECP", "Server", "", kLogging},
    {"ECP", "Activity", "", kLogging},
    {"CmdletInfra", "", "", kLogging},
    {"OABGeneratorLog", "", "", kLogging},
    {"MessageTracking", "", "", kTransport},
};

/// Folders of ExchangeLogCollector and where their contents came from.
struct Renamed {
    std::string_view folder, parent, windows;  // the Windows folder is parent\windows
};

inline constexpr Renamed kLogCollector[] = {
    {"IIS_FE_Logs", kSites, "W3SVC1"},
    {"FE_IIS_Logs", kSites, "W3SVC1"},  // unconfirmed
    {"IIS_BE_Logs", kSites, "W3SVC2"},
    {"BE_IIS_Logs", kSites, "W3SVC2"},  // unconfirmed
    {"HTTPERR_Logs", "C:\\Windows\\System32\\LogFiles", "HTTPERR"},
    {"Windows_Event_Logs", kSystem, "winevt\\Logs"},
    {"HttpProxy_Logs", kLogging, "HttpProxy"},  // unconfirmed
    {"EWS_Proxy_Logs", kHttpProxy, "Ews"},
    {"RCA_Proxy_Logs", kHttpProxy, "RpcHttp"},
    {"EAS_Proxy_Logs", kHttpProxy, "Eas"},
    {"AutoD_Proxy_Logs", kHttpProxy, "Autodiscover"},
    {"OWA_Proxy_Logs", kHttpProxy, "Owa"},
    {"OWA_Proxy_Calendar_Logs", kHttpProxy, "OwaCalendar"},
    {"MAPI_Proxy_Logs", kHttpProxy, "Mapi"},
    {"ECP_Proxy_Logs", kHttpProxy, "Ecp"},
    {"OAB_Proxy_Logs", kHttpProxy, "Oab"},
    {"PowerShell_Proxy_Logs", kHttpProxy, "PowerShell"},
    {"EWS_Logs", kLogging, "EWS"},  // unconfirmed
    {"EWS_BE_Logs", kLogging, "EWS"},
    {"RCA_Logs", kLogging, "RPC Client Access"},
    {"RPC_Http_Logs", kLogging, "RpcHttp"},
    {"AutoD_Logs", kLogging, "Autodiscover"},
    {"OWA_Logs", kLogging, "OWA"},
    {"AD_Driver_Logs", kLogging, "ADDriver"},
    {"ECP_Logs", kLogging, "ECP"},
    {"CmdletInfra_Logs", kLogging, "CmdletInfra"},
    {"OAB_Generation_Logs", kLogging, "OABGeneratorLog"},
    {"OAB_Generation_Simple_Logs", kLogging, "OABGeneratorSimpleLog"},
    {"MAPI_AddressBook_Service_Logs", kLogging, "MAPI AddressBook Service"},
    {"Mitigation_Service_Logs", kLogging, "MitigationService"},
    {"Mailbox_Assistants_Logs", kLogging, "MailboxAssistantsLog"},
    {"ManagedAvailabilityMonitoringLogs", kLogging, "Monitoring"},
    {"Message_Tracking_Logs", kTransport, "MessageTracking"},
};

/// Folders in which Velociraptor keeps the files it fetched, one for each way of reading them. auto
/// and ntfs are seen in collections; the others are its accessors' names, unconfirmed as folders.
inline constexpr std::string_view kAccessors[] = {"auto",      "ntfs",     "lazy_ntfs", "file",
                                                  "lazy_file", "raw_file", "ntfs_vss"};

/// Two folders with which a path on Unix begins (Filesystem Hierarchy Standard 3.0).
inline constexpr std::pair<std::string_view, std::string_view> kUnix[] = {
    {"var", "log"}, {"var", "www"},   {"var", "lib"},   {"var", "spool"},   {"srv", "www"},   {"srv", "http"},
    {"usr", "lib"}, {"usr", "share"}, {"usr", "local"}, {"etc", "apache2"}, {"etc", "httpd"}, {"etc", "nginx"}};

/// Names that tell what a folder holds, not whose it is.
inline constexpr std::string_view kGeneric[] = {
    "uploads", "auto", "ntfs", "lazy_ntfs", "results", "evidence", "collection", "collections", "triage", "kape",
    "logs", "data", "[root]", "tout", "cylr", "velociraptor", "zip", "exports", "test", "case", "server", "exchange",
    "files", "output",
    // where web servers on Unix keep logs and pages
    "var", "log", "nginx", "apache2", "httpd", "caddy", "traefik", "www", "html", "srv", "usr", "opt", "home", "etc"};

/// What archive names end in.
inline constexpr std::string_view kArchiveSuffixes[] = {".zip",     ".7z",      ".rar", ".tar.gz", ".tar.xz",
                                                        ".tar.zst", ".tar.bz2", ".tgz", ".tar",    ".gz",
                                                        ".xz",      ".zst",     ".bz2", ".lz4"};
inline constexpr std::string_view kStreamSuffixes[] = {".gz", ".xz", ".zst", ".bz2", ".lz4"};

}  // namespace ascribe::layout_table

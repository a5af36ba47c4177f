// exchange.process_tree: what the web server started. IIS worker processes serve requests; they do not start shells. A
// command below w3wp.exe is a web shell at work, or an exploit's own payload. Health Manager and monitoring agents run
// netsh, cscript and powershell too, but from parents of their own, so only the parent decides. (Facts WS-04, WS-05,
// WS-06, CR-01, CR-02, EX-01, EX-02.)
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "detect/events/join.hpp"
#include "detect/events/processes.hpp"
#include "detect/hits.hpp"

namespace ascribe {
namespace {

// Programs that an intruder starts through a web shell and IIS does not (Sigma and Red Canary rules on w3wp.exe
// children, the tools named in the March 2021 reports, and what comes with Windows for looking around).
constexpr std::string_view kShellPrograms[] = {
    "7z.exe",         "adfind.exe",   "arp.exe",        "at.exe",      "attrib.exe",   "bitsadmin.exe", "certutil.exe",
    "cmd.exe",        "cscript.exe",  "csvde.exe",      "curl.exe",    "dsquery.exe",  "ftp.exe",       "hostname.exe",
    "icacls.exe",     "ipconfig.exe", "ldifde.exe",     "makecab.exe", "mshta.exe",    "msiexec.exe",   "net.exe",
    "net1.exe",       "netsh.exe",    "netstat.exe",    "nltest.exe",  "nslookup.exe", "ntdsutil.exe",  "ping.exe",
    "powershell.exe", "procdump.exe", "procdump64.exe", "psexec.exe",  "pwsh.exe",     "python.exe",    "qprocess.exe",
    "query.exe",      "quser.exe",    "rar.exe",        "reg.exe",     "regsvr32.exe", "route.exe",     "rundll32.exe",
    "sc.exe",         "schtasks.exe", "systeminfo.exe", "tar.exe",     "taskkill.exe", "tasklist.exe",  "vssadmin.exe",
    "wevtutil.exe",   "whoami.exe",   "wmic.exe",       "wscript.exe",
};
static_assert(std::ranges::is_sorted(kShellPrograms));

// What IIS and ASP.NET do start: the compilers, the console of any console program, the crash reporters.
constexpr std::string_view kOrdinaryChildren[] = {"aspnet_compiler.exe", "conhost.exe", "csc.exe",
                                                  "cvtres.exe",          "vbc.exe",     "vbcscompiler.exe",
                                                  "werfault.exe",        "wermgr.exe"};
static_assert(std::ranges::is_sorted(kOrdinaryChildren));

bool among(std::span<const std::string_view> names, std::string_view name) {
    return std::ranges::binary_search(names, lower(name));
}

/// True for a path where Windows or Exchange keeps its programs.
bool is_installed_program(std::string_view image) {
    return contains_folded(image, "\\Exchange Server\\") || contains_folded(image, "\\Windows\\System32\\inetsrv\\") ||
           contains_folded(image, "\\Windows\\Microsoft.NET\\") || contains_folded(image, "\\Windows\\System32\\") ||
           contains_folded(image, "\\Windows\\SysWOW64\\") || image.find('\\') == std::string_view::npos;
}

std::string shown(const Process& process) {
    return std::string(process.command_line.empty() ? process.image : process.command_line);
}

Finding used(std::string statement, double probability, std::vector<std::string> techniques) {
    Finding finding;
    finding.level = Level::success;
    finding.severity = Severity::critical;
    finding.question = Question::used;
    finding.probability = probability;
    finding.statement = std::move(statement);
    finding.techniques = std::move(techniques);
    return finding;
}

/// What a command line says by itself, whoever started it.
std::optional<Finding> judge_command_line(const Process& process) {
    auto has = [&](std::string_view part) { return contains_folded(process.command_line, part); };
    auto command = process.command_line;
    // The China Chopper client brackets every answer so that it can cut it out (Red Canary; signature-base).
    if (has("echo [S]") && has("echo [E]"))
        return used(fmt::format("The command {} ran, framed as the China Chopper client frames its commands.", command),
                    0.98, {"T1059.003", "T1505.003"});
    // comsvcs.dll exports MiniDump, also by ordinal 24; procdump needs lsass named. No administrator dumps LSASS this
    // way in normal work, support cases aside.
    if ((has("comsvcs") && (has("minidump") || has("#24") || has("#+24"))) || (has("lsass") && has("procdump")) ||
        (has("lsass") && has("-ma ")))
        return used(fmt::format("The command {} dumped the memory of LSASS.", command), 0.9, {"T1003.001"});
    if (has("ntdsutil") && (has("ifm") || has("create full")))
        return used(fmt::format("The command {} copied the directory database.", command), 0.8, {"T1003.003"});
    // Impacket's remote execution writes its output to this name (Sigma).
    if (has("vssadmin") && has("\\Temp\\__output"))
        return used(fmt::format("The command {} listed shadow copies through Impacket.", command), 0.95, {"T1003.003"});
    if (has("reg") && has(" save ") && (has("hklm\\sam") || has("hklm\\security")))
        return used(fmt::format("The command {} saved registry hives that hold credentials.", command), 0.85,
                    {"T1003.002"});
    if (has("makecab") && has("compressionmemory"))
        return used(fmt::format("The command {} packed files into a cabinet.", command), 0.8, {"T1560.001"});
    return {};
}

/// Page names in a clean-up command: the page is hidden or deleted again.
std::optional<Finding> judge_clean_up(const Process& process) {
    auto has = [&](std::string_view part) { return contains_folded(process.command_line, part); };
    if (!has(".aspx") && !has(".ashx") && !has(".asmx")) return {};
    bool deletes = has("del ") || has("erase "), hides = has("attrib ") && (has("+h") || has("+s") || has("+r"));
    if (!deletes && !hides) return {};
    Finding finding = used(fmt::format("The command {} {} a page.", process.command_line, deletes ? "deleted" : "hid"),
                           0.85, {deletes ? "T1070.004" : "T1564.001"});
    finding.question = Question::hiding;
    finding.severity = Severity::high;
    return finding;
}

/// Commands and archives that only tell something below a web server.
std::vector<std::string> techniques_of(const Process& process) {
    auto has = [&](std::string_view part) { return contains_folded(process.command_line, part); };
    std::vector<std::string> techniques{"T1505.003"};
    auto name = lower(process.name());
    if (name == "cmd.exe") techniques.emplace_back("T1059.003");
    if (name == "powershell.exe" || name == "pwsh.exe") techniques.emplace_back("T1059.001");
    if (has("whoami")) techniques.emplace_back("T1033");
    if (name == "rar.exe" || name == "7z.exe" || name == "makecab.exe" || name == "tar.exe")
        techniques.emplace_back("T1560.001");
    if (has("Add-PSSnapin Microsoft.Exchange")) techniques.emplace_back("T1114.002");
    if (name == "certutil.exe" || name == "bitsadmin.exe" || name == "curl.exe") techniques.emplace_back("T1105");
    return techniques;
}

std::optional<Finding> judge_child_of_web_server(const Process& process) {
    if (!equals_folded(process.parent_name(), "w3wp.exe") || among(kOrdinaryChildren, process.name())) return {};
    bool shell_program = among(kShellPrograms, process.name());
    // Exchange's own helpers live in its folder and in Windows; a program elsewhere was brought here.
    if (!shell_program && is_installed_program(process.image)) return {};
    auto pool = application_pool(process.parent_command_line);
    // 0.95: w3wp.exe with one of these children is the most cited sign of a web shell; a third-party web application on
    // the same server is the benign rest. 0.8 for programs not on the list, which we know less about.
    return used(fmt::format("The IIS worker process{} started {}.", pool.empty() ? "" : fmt::format(" of {}", pool),
                            shown(process)),
                shell_program ? 0.95 : 0.8, techniques_of(process));
}

/// A grandchild: whoami below the cmd that w3wp.exe started still stands in the worker's directory.
std::optional<Finding> judge_grandchild(const Process& process) {
    if (!among(kShellPrograms, process.name()) || !ends_folded(process.directory, "\\inetsrv\\")) return {};
    if (!equals_folded(process.parent_name(), "cmd.exe") && !equals_folded(process.parent_name(), "powershell.exe"))
        return {};
    // An administrator who works in that folder does so under a name of their own.
    if (!ends_folded(process.user, "\\SYSTEM") && !ends_folded(process.user, "\\NETWORK SERVICE") &&
        !starts_folded(process.user, "IIS APPPOOL\\"))
        return {};
    return used(
        fmt::format("The command {} ran as {} in the directory of the IIS worker process, below {}.", shown(process),
                    process.user, process.parent_command_line.empty() ? process.parent : process.parent_command_line),
        0.85, techniques_of(process));
}

std::optional<Hit> judge(const RecordBatch&, const Row& row, const Intel&) {
    auto process = created_process(row);
    if (!process) return {};
    auto finding = judge_command_line(*process);
    if (!finding) finding = judge_clean_up(*process);
    if (!finding) finding = judge_child_of_web_server(*process);
    if (!finding) finding = judge_grandchild(*process);
    if (!finding) return {};
    finding->account = process->user;
    // Security 4688 and Sysmon 1 tell of the same process: the command joins them.
    return Hit{told_by(row.text(WindowsEvent::channel), shown(*process)), std::move(*finding)};
}

constexpr RecordKind kReads[] = {RecordKind::windows_event};

}  // namespace

extern const Detector kExchangeProcessTree = hit_detector<"exchange.process_tree", judge, conclude_joined>(
    "Programs started by the web server, and commands that only intruders use", kReads);

}  // namespace ascribe

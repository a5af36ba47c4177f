// persistence.*: what survives the patch. Accounts, tasks, services, event subscriptions, IIS modules, hidden virtual
// directories. Administrators do most of these things too; so a deed counts as success only where its content gives it
// away (an encoded command, a program in a folder for data, a page folder below ProgramData) or where the server itself
// did it, and is a note otherwise. (Facts PE-01, PE-02, PS-08, IM-01, IM-02, IM-04, MK-01.)
#include <fmt/format.h>

#include "base/text.hpp"
#include "detect/events/fields.hpp"
#include "detect/hits.hpp"

namespace ascribe {
namespace {

Finding persistence(Level level, Severity severity, double probability, std::string technique, std::string statement) {
    Finding finding;
    finding.level = level;
    finding.severity = severity;
    finding.question = Question::persistence;
    finding.probability = probability;
    finding.techniques = {std::move(technique)};
    finding.statement = std::move(statement);
    return finding;
}

/// A command that hides what it does or fetches it from elsewhere (Sigma and Red Canary on the tasks of March 2021).
bool is_telltale_command(std::string_view command) {
    for (std::string_view part :
         {"-encodedcommand", " -enc ", " -ec ", " -e JAB", "downloadstring", "downloadfile", "frombase64string", "iex(",
          "iex (", "invoke-expression", "| iex", "mshta http", "regsvr32 /s /u /i:http"})
        if (contains_folded(command, part)) return true;
    return false;
}

/// Folders that hold data, not programs, and that anyone or the web server may write.
bool is_data_folder(std::string_view path) {
    for (std::string_view folder : {"\\Users\\Public\\", "\\Windows\\Temp\\", "\\inetpub\\", "\\PerfLogs\\",
                                    "\\AppData\\", "\\$Recycle.Bin\\", "\\HttpProxy\\"})
        if (contains_folded(path, folder)) return true;
    // Products keep services below ProgramData in folders of their own; in its root nothing runs.
    auto at = lower(path).find("\\programdata\\");
    return at != std::string::npos && path.find('\\', at + 13) == std::string_view::npos;
}

// Task names of Exchange intrusions in 2021 (Red Canary: Winnet; Sigma: VSPerfMon).
bool is_known_task(std::string_view name) {
    return equals_folded(base_name(name), "Winnet") || equals_folded(base_name(name), "VSPerfMon");
}

bool by_server(const Row& row) {
    return datum(row, "SubjectUserName").ends_with('$') || datum(row, "SubjectUserSid") == "S-1-5-18";
}

bool is_right_over_exchange(std::string_view group) {
    for (std::string_view name :
         {"Organization Management", "Exchange Organization Administrators", "Exchange Windows Permissions",
          "Exchange Trusted Subsystem", "Domain Admins", "Enterprise Admins", "Administrators"})
        if (equals_folded(group, name)) return true;
    return false;
}

std::optional<Hit> judge_account(const Row& row) {
    if (!is_security(row)) return {};
    auto id = event_id(row);
    auto by = datum(row, "SubjectUserName"), target = datum(row, "TargetUserName");
    // 0.85 where SYSTEM or the computer account did it: commands of a web shell on Exchange run as SYSTEM,
    // administrators do not. 0.3 for the deeds of a named administrator: mostly ordinary work.
    bool own = by_server(row);
    auto level = own ? Level::success : Level::scan;
    auto severity = own ? Severity::high : Severity::low;
    double probability = own ? 0.85 : 0.3;
    if (id == 4720) {
        auto finding = persistence(level, severity, probability, "T1136",
                                   fmt::format("The account {} was created by {}.", target, by));
        finding.account = target;
        return Hit{lower(fmt::format("4720 {} {}", by, target)), std::move(finding)};
    }
    if ((id == 4728 || id == 4732 || id == 4756) && is_right_over_exchange(target)) {
        auto member = datum(row, "MemberName");
        if (member.empty()) member = datum(row, "MemberSid");
        auto finding = persistence(level, own ? Severity::high : Severity::medium, probability, "T1098",
                                   fmt::format("{} was added to the group {} by {}.", member, target, by));
        finding.account = member;
        return Hit{lower(fmt::format("group {} {} {}", by, target, member)), std::move(finding)};
    }
    return {};
}

std::optional<Hit> judge_task(const Row& row) {
    auto id = event_id(row);
    bool audited = is_security(row) && (id == 4698 || id == 4702);
    bool logged = equals_folded(row.text(WindowsEvent::channel), "Microsoft-Windows-TaskScheduler/Operational") &&
                  (id == 106 || id == 140);
    if (!audited && !logged) return {};
    auto name = datum(row, "TaskName"), content = datum(row, id == 4702 ? "TaskContentNew" : "TaskContent");
    if (!is_known_task(name) && !is_telltale_command(content)) return {};
    // 0.9: encoded or downloading tasks on a server; some deployment tools write such tasks as well.
    auto finding = persistence(Level::success, Severity::high, 0.9, "T1053.005",
                               fmt::format("The scheduled task {} was registered.", name));
    finding.account = datum(row, audited ? "SubjectUserName" : "UserContext");
    return Hit{lower(fmt::format("task {}", name)), std::move(finding)};
}

std::optional<Hit> judge_service(const Row& row) {
    auto id = event_id(row);
    bool audited = is_security(row) && id == 4697;
    if (!audited && !is_event(row, "Service Control Manager", 7045)) return {};
    auto name = datum(row, "ServiceName"), image = datum(row, audited ? "ServiceFileName" : "ImagePath");
    bool shell = contains_folded(image, "%COMSPEC%") || contains_folded(image, "cmd.exe /c") ||
                 contains_folded(image, "cmd /c") || contains_folded(image, "powershell");
    if (!shell && !is_telltale_command(image) && !is_data_folder(image)) return {};
    // 0.85: services that are a command line or live in a data folder are how remote execution tools work; installers
    // of a few products do the same for a moment.
    return Hit{lower(fmt::format("service {} {}", name, image)),
               persistence(Level::success, Severity::high, 0.85, "T1543.003",
                           fmt::format("The service {} was installed to run {}.", name, image))};
}

std::optional<Hit> judge_subscription(const Row& row) {
    if (!is_sysmon(row) || event_id(row) != 20) return {};  // 19 filter, 21 binding: only the consumer acts
    auto type = datum(row, "Type"), name = datum(row, "Name");
    if (!equals_folded(type, "Command Line") && !equals_folded(type, "Script")) return {};
    // 0.8: Windows ships log-writing consumers only; some inventory products register commands.
    return Hit{lower(fmt::format("wmi {} {}", name, datum(row, "Destination"))),
               persistence(Level::success, Severity::high, 0.8, "T1546.003",
                           fmt::format("The WMI event consumer {} was registered to run {}.", name,
                                       datum(row, "Destination")))};
}

std::optional<Hit> judge_iis_change(const Row& row) {
    if (!equals_folded(row.text(WindowsEvent::channel), "Microsoft-IIS-Configuration/Operational") ||
        event_id(row) != 29)
        return {};
    auto what = datum(row, "Configuration");
    auto text = what.empty() ? row.text(WindowsEvent::message) : what;
    if (contains_folded(text, "@dontLog") && !contains_folded(row.text(WindowsEvent::message), "false")) {
        auto finding = persistence(Level::attempt, Severity::medium, 0.6, "T1562.002",
                                   fmt::format("IIS logging was changed at {}.", text.substr(0, 300)));
        finding.question = Question::hiding;
        return Hit{lower(text.substr(0, 300)), std::move(finding)};
    }
    if (!contains_folded(text, "/modules") && !contains_folded(text, "globalModules")) return {};
    // 0.5: modules are added by antivirus and load balancers too.
    return Hit{lower(text.substr(0, 300)),
               persistence(Level::scan, Severity::medium, 0.5, "T1505.004",
                           fmt::format("An IIS module was changed at {}.", text.substr(0, 300)))};
}

/// What a line of configuration loads into every request, in words; "" for other lines.
std::string_view served_program(std::string_view category) {
    static constexpr std::pair<std::string_view, std::string_view> kPrograms[] = {
        {"module", "IIS module"},         {"global_module", "native IIS module"}, {"handler", "IIS handler"},
        {"isapi_filter", "ISAPI filter"}, {"transport_agent", "transport agent"},
    };
    for (const auto& [known, words] : kPrograms)
        if (category == known) return words;
    return {};
}

std::optional<Hit> judge_setting(const Row& row) {
    auto category = row.text(Setting::category), name = row.text(Setting::name), value = row.text(Setting::value);
    auto key = lower(fmt::format("{} {} {}", category, name, value));
    if (category == "virtual_directory" &&
        (contains_folded(value, ":\\ProgramData\\") || contains_folded(value, ":\\Users\\"))) {
        // 0.95: fact PS-08; web applications are not installed there.
        auto finding = persistence(Level::success, Severity::critical, 0.95, "T1505.003",
                                   fmt::format("The virtual directory {} pointed to {}.", name, value));
        finding.page = value;
        return Hit{key, std::move(finding)};
    }
    if (auto program = served_program(category); !program.empty()) {
        if (!is_data_folder(value)) return {};
        // 0.9: programs that serve every request are installed below Windows or Program Files.
        return Hit{key, persistence(Level::success, Severity::critical, 0.9,
                                    category == "transport_agent" ? "T1505.002" : "T1505.004",
                                    fmt::format("The {} {} was loaded from {}.", program, name, value))};
    }
    if (category == "machine_key" && equals_folded(value, "explicit"))
        // 0.3: fact MK-01; web farms share explicit keys. Whoever read the key can forge page state after the patch.
        return Hit{key, persistence(Level::scan, Severity::low, 0.3, "T1505",
                                    fmt::format("An explicit machine key was set in {}.", row.text(Setting::path)))};
    return {};
}

std::optional<Hit> judge(const RecordBatch& batch, const Row& row, const Intel&) {
    if (batch.kind() == RecordKind::setting) return judge_setting(row);
    auto hit = judge_account(row);
    if (!hit) hit = judge_task(row);
    if (!hit) hit = judge_service(row);
    if (!hit) hit = judge_subscription(row);
    if (!hit) hit = judge_iis_change(row);
    return hit;
}

constexpr RecordKind kReads[] = {RecordKind::windows_event, RecordKind::setting};

}  // namespace

extern const Detector kPersistence = hit_detector<"persistence.foothold", judge>(
    "Accounts, tasks, services, subscriptions, modules and folders that outlast the patch", kReads);

}  // namespace ascribe

// Management commands that exploits and intruders use. (Facts PL-08 to PL-10, PS-04, IM-04.)
#include "detect/commands.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "detect/exchange_paths.hpp"

namespace ascribe {
namespace {

struct Command {
    std::string_view name, parameters, user;
    std::string decoded;  // parameters with %xx decoded, lower case

    bool is(std::string_view other) const { return equals_folded(name, other); }
    bool has(std::string_view part) const { return decoded.find(part) != std::string::npos; }
    template <class... Parts>
    bool has_any(Parts... parts) const {
        return (has(parts) || ...);
    }
    std::string_view by() const { return user.empty() ? "an account the log does not name" : user; }
};

Finding finding_of(Level level, Severity severity, Question question, double probability, std::string technique,
                   std::string statement) {
    Finding finding;
    finding.level = level;
    finding.severity = severity;
    finding.question = question;
    finding.probability = probability;
    finding.techniques = {std::move(technique)};
    finding.statement = std::move(statement);
    return finding;
}

/// Words of a server page in a place for an address (PL-08, and server-block forms that the published check misses).
bool holds_script(const Command& command) {
    return command.has_any("<script", "runat=", "<%", "page_load", "eval(", "jscript", "language=\"c#\"",
                           "request.item[", "request[", "&lt;script", "&lt;%", "frombase64string", "process.start");
}

/// The value of a file parameter such as -FilePath "\\127.0.0.1\C$\...\x.aspx", as far as a name goes on.
std::string_view file_of(const Command& command, std::string_view parameter) {
    std::string_view text = command.decoded;
    auto at = text.find(parameter);
    if (at == std::string_view::npos) return {};
    text.remove_prefix(at + parameter.size());
    auto begin = text.find_first_not_of(" :='\"");
    if (begin == std::string_view::npos) return {};
    bool quoted = text.substr(0, begin).find_first_of("'\"") != std::string_view::npos;
    text.remove_prefix(begin);
    text = text.substr(0, text.find_first_of(quoted ? "'\"" : "'\",;"));
    return quoted ? text : trim(text.substr(0, text.find(" -")));  // the next parameter: a path may hold spaces
}

bool is_page_path(std::string_view path) {
    return is_server_executable(path) || (!path.empty() && is_open_folder(path));
}

std::optional<Finding> judge_virtual_directory(const Command& command) {
    if (!starts_folded(command.name, "Set-") || !ends_folded(command.name, "VirtualDirectory")) return {};
    bool script = holds_script(command);
    // http://f/ is the host of the public exploit; no network has one-letter mail hosts (PL-08).
    bool placeholder = command.has_any("http://f/", "https://f/");
    if (!script && !placeholder) return {};
    auto finding =
        finding_of(Level::success, Severity::critical, Question::exploited, script ? 0.98 : 0.85, "T1190",
                   fmt::format("{} put {} into the address of a virtual directory, by {}.", command.name,
                               script ? "a server page's script" : "an exploit's placeholder host", command.by()));
    finding.techniques.emplace_back("T1505.003");
    finding.cves = {"CVE-2021-27065"};
    return finding;
}

std::optional<Finding> judge_export(const Command& command) {
    if (command.is("New-MailboxExportRequest")) {
        auto path = file_of(command, "filepath");
        if (is_page_path(path) || command.has_any(".aspx", ".ashx", ".asmx")) {
            // PS-04: exports go to .pst on a share; to a page or a web folder never.
            auto finding = finding_of(Level::success, Severity::critical, Question::shell, 0.98, "T1505.003",
                                      fmt::format("A mailbox was exported to the page {}, by {}.", path, command.by()));
            finding.cves = {"CVE-2021-31207"};
            finding.page = path;
            return finding;
        }
        // Exporting to the server's own disk over its loopback share is what the exploit does; backups go elsewhere.
        bool own = command.has_any("\\\\127.0.0.1\\", "\\\\localhost\\");
        return finding_of(
            own ? Level::attempt : Level::scan, own ? Severity::high : Severity::low, Question::used, own ? 0.7 : 0.2,
            "T1114.002",
            fmt::format("A mailbox was exported to {}, by {}.", path.empty() ? "a file" : path, command.by()));
    }
    if (command.is("New-ExchangeCertificate")) {
        auto path = file_of(command, "requestfile");
        if (!is_page_path(path)) return {};
        auto finding =
            finding_of(Level::success, Severity::critical, Question::shell, 0.97, "T1505.003",  // PS-04
                       fmt::format("A certificate request was written to the page {}, by {}.", path, command.by()));
        finding.page = path;
        return finding;
    }
    return {};
}

/// What completes words at a prompt, asked to complete one with a module's path in it: the module is loaded and run
/// outside of what Exchange allows (TabShell).
std::optional<Finding> judge_completion(const Command& command) {
    if (!command.is("TabExpansion") || !command.has_any("../", "..\\")) return {};
    return finding_of(Level::success, Severity::critical, Question::exploited, 0.9, "T1059.001",
                      fmt::format("TabExpansion was given the path of a module, by {}.", command.by()));
}

/// Deeds that administrators do as well: told for the analyst, raising nothing, unless the server itself did them, as
/// an exploit's commands run under SYSTEM or a machine account and an administrator's do not.
std::optional<Finding> judge_foothold(const Command& command) {
    struct Deed {
        std::string_view name, part, technique, words;
        Severity severity;
    };
    static constexpr Deed kDeeds[] = {
        {"New-ManagementRoleAssignment", "mailbox import export", "T1098", "The right to export mailboxes was given",
         Severity::medium},
        {"New-ManagementRoleAssignment", "applicationimpersonation", "T1098.002",
         "The right to act as any mailbox was given", Severity::medium},
        {"Add-MailboxPermission", "fullaccess", "T1098.002", "Full access to a mailbox was given", Severity::low},
        {"Set-Mailbox", "forwardingsmtpaddress", "T1114.003", "Mail of a mailbox was forwarded", Severity::low},
        {"Set-Mailbox", "forwardingaddress", "T1114.003", "Mail of a mailbox was forwarded", Severity::low},
        {"New-InboxRule", "forward", "T1114.003", "A mailbox rule that forwards mail was made", Severity::low},
        {"New-InboxRule", "redirectto", "T1114.003", "A mailbox rule that redirects mail was made", Severity::low},
        {"Set-InboxRule", "forward", "T1114.003", "A mailbox rule that forwards mail was changed", Severity::low},
        {"Set-InboxRule", "redirectto", "T1114.003", "A mailbox rule that redirects mail was changed", Severity::low},
        {"New-TransportRule", "blindcopyto", "T1114.003", "A transport rule that copies mail was made",
         Severity::medium},
        {"New-TransportRule", "redirectmessageto", "T1114.003", "A transport rule that redirects mail was made",
         Severity::medium},
        {"New-JournalRule", "", "T1114.003", "A journal rule was made", Severity::low},
        {"Install-TransportAgent", "", "T1505.002", "A transport agent was installed", Severity::medium},
        {"Enable-TransportAgent", "", "T1505.002", "A transport agent was enabled", Severity::low},
        {"Add-RoleGroupMember", "", "T1098", "A member was added to a role group", Severity::low},
        {"Remove-MailboxExportRequest", "", "T1070", "The record of a mailbox export was removed", Severity::low},
    };
    auto deed = std::ranges::find_if(kDeeds, [&](const Deed& d) { return command.is(d.name) && command.has(d.part); });
    if (deed == std::end(kDeeds)) return {};
    bool own = command.user.ends_with('$') || ends_folded(command.user, "\\SYSTEM") || command.user == "S-1-5-18";
    // 0.7: Exchange's own maintenance runs as the server too, though not with these; 0.3: mostly ordinary
    // administration.
    auto finding = finding_of(own ? Level::attempt : Level::scan, own ? Severity::high : deed->severity,
                              command.is("Remove-MailboxExportRequest") ? Question::hiding : Question::persistence,
                              own ? 0.7 : 0.3, std::string(deed->technique),
                              fmt::format("{}, with {} by {}.", deed->words, command.name, command.by()));
    return finding;
}

}  // namespace

std::optional<Finding> judge_command(std::string_view command, std::string_view parameters, std::string_view user) {
    // Payloads run to tens of KiB; what gives a command away stands at its front.
    constexpr std::size_t kRead = 64 << 10;
    Command judged{trim(command), parameters, user, {}};
    auto of_interest = [&](std::string_view prefix) { return starts_folded(judged.name, prefix); };
    if (!of_interest("Set-") && !of_interest("New-") && !of_interest("Add-") && !of_interest("Remove-MailboxExport") &&
        !of_interest("Install-") && !of_interest("TabExpansion") && !of_interest("Enable-TransportAgent"))
        return {};
    judged.decoded = lower(decode_percent(parameters.substr(0, kRead)));
    auto finding = judge_virtual_directory(judged);
    if (!finding) finding = judge_export(judged);
    if (!finding) finding = judge_completion(judged);
    if (!finding) finding = judge_foothold(judged);
    if (finding) finding->account = user;
    return finding;
}

bool is_directory_reset(std::string_view command) {
    command = trim(command);
    return (starts_folded(command, "Remove-") || starts_folded(command, "New-")) &&
           ends_folded(command, "VirtualDirectory");
}

}  // namespace ascribe

// The demo server's Windows events, as a log shipper writes them: one JSON object a line.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "cli/demo/story.hpp"

namespace ascribe::demo {
namespace {

using std::chrono::hours;

std::string json_text(std::string_view text) {
    std::string out = "\"";
    for (char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        if (c == '\n')
            out += "\\n";
        else
            out += c;
    }
    return out + '"';
}

using Data = std::vector<std::pair<std::string_view, std::string>>;

struct Event {
    Time time;
    std::string_view channel, provider;
    int id;
    Data data;
};

std::string line(const Event& event) {
    auto out = fmt::format(R"({{"@timestamp":"{}","Hostname":"{}.{}","Channel":"{}","SourceName":"{}","EventID":{})",
                           format_time(event.time), kServer, kDomain, event.channel, event.provider, event.id);
    for (const auto& [name, value] : event.data) out += fmt::format(",{}:{}", json_text(name), json_text(value));
    return out + "}\n";
}

constexpr std::string_view kSecurity = "Microsoft-Windows-Security-Auditing";
constexpr std::string_view kSysmonChannel = "Microsoft-Windows-Sysmon/Operational";
constexpr std::string_view kSysmon = "Microsoft-Windows-Sysmon";
constexpr std::string_view kWorker = "C:\\Windows\\System32\\inetsrv\\w3wp.exe";

/// One unremarkable event every `step` hours, so that the log has no gap.
std::vector<Event> routine(hours step, const Event& pattern) {
    std::vector<Event> events;
    for (Time time = begins(); time < ends(); time += step) {
        events.push_back(pattern);
        events.back().time = time;
    }
    return events;
}

File write(std::string_view name, std::vector<Event> events) {
    std::ranges::stable_sort(events, {}, &Event::time);
    std::string text;
    for (const Event& event : events) text += line(event);
    return {fmt::format("MAIL01/C/Windows/System32/winevt/Logs/{}.jsonl", name), text};
}

std::string page_path() {
    return fmt::format("Program Files\\Microsoft\\Exchange Server\\V15\\FrontEnd\\HttpProxy\\owa\\auth\\{}", kPage);
}

std::string utc(Time time) {  // Sysmon's own notation
    auto text = format_time(time);
    text[10] = ' ';
    text.pop_back();
    return text;
}

std::vector<Event> security(Story story) {
    auto events =
        routine(hours(1), {{},
                           "Security",
                           kSecurity,
                           4624,
                           {{"SubjectUserName", "MAIL01$"}, {"LogonType", "3"}, {"IpAddress", "192.0.2.30"}}});
    if (story == Story::intrusion)
        events.push_back({at(12),
                          "Security",
                          kSecurity,
                          5145,
                          {{"SubjectUserName", "MAIL01$"},
                           {"SubjectUserSid", "S-1-5-18"},
                           {"IpAddress", "127.0.0.1"},
                           {"ShareName", "\\\\*\\C$"},
                           {"RelativeTargetName", page_path()},
                           {"AccessMask", "0x2"}}});
    return events;
}

std::vector<Event> sysmon(Story story) {
    auto events = routine(
        hours(1), {{},
                   kSysmonChannel,
                   kSysmon,
                   3,
                   {{"Image", "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\Bin\\MSExchangeHMWorker.exe"},
                    {"DestinationPort", "443"}}});
    for (Event& event : events) event.data.emplace_back("UtcTime", utc(event.time));
    if (story == Story::intrusion) {
        events.push_back({at(12),
                          kSysmonChannel,
                          kSysmon,
                          11,
                          {{"UtcTime", utc(at(12))}, {"Image", "System"}, {"TargetFilename", "C:\\" + page_path()}}});
        events.push_back(
            {at(14),
             kSysmonChannel,
             kSysmon,
             11,
             {{"UtcTime", utc(at(14))},
              {"Image", std::string(kWorker)},
              {"TargetFilename", fmt::format("C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\Temporary ASP.NET "
                                             "Files\\owa\\8e05b027\\e164d61b\\{}.0f1e2d3c.compiled",
                                             kPage)}}});
    }
    return events;
}

std::vector<Event> processes(Story story) {
    auto events = routine(hours(1), {{},
                                     "Security",
                                     kSecurity,
                                     4688,
                                     {{"SubjectUserName", "MAIL01$"},
                                      {"NewProcessName", "C:\\Windows\\System32\\svchost.exe"},
                                      {"ParentProcessName", "C:\\Windows\\System32\\services.exe"},
                                      {"CommandLine", "svchost.exe -k netsvcs"}}});
    if (story == Story::intrusion) {
        auto pool = fmt::format("{} -ap \"MSExchangeOWAAppPool\" -v \"v4.0\"", kWorker);
        events.push_back({at(13),
                          kSysmonChannel,
                          kSysmon,
                          1,
                          {{"UtcTime", utc(at(13))},
                           {"Image", "C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\cvtres.exe"},
                           {"CommandLine", "cvtres.exe"},
                           {"ParentImage", std::string(kWorker)},
                           {"ParentCommandLine", pool},
                           {"User", "NT AUTHORITY\\SYSTEM"}}});
        for (const auto& [second, command] : {std::pair{29'599, "\"cmd.exe\" /c whoami"},
                                              {58'599, "\"cmd.exe\" /c net group \"Domain Admins\" /domain"}}) {
            events.push_back({at(second),
                              kSysmonChannel,
                              kSysmon,
                              1,
                              {{"UtcTime", utc(at(second))},
                               {"Image", "C:\\Windows\\System32\\cmd.exe"},
                               {"CommandLine", command},
                               {"ParentImage", std::string(kWorker)},
                               {"ParentCommandLine", pool},
                               {"User", "NT AUTHORITY\\SYSTEM"}}});
            events.push_back({at(second),
                              "Security",
                              kSecurity,
                              4688,
                              {{"SubjectUserName", "MAIL01$"},
                               {"NewProcessName", "C:\\Windows\\System32\\cmd.exe"},
                               {"ParentProcessName", std::string(kWorker)},
                               {"CommandLine", command}}});
        }
    }
    return events;
}

std::vector<Event> application(Story story) {
    auto events =
        routine(hours(2), {{}, "Application", "MSExchangeTransport", 1004, {{"Message", "The service is healthy."}}});
    if (story == Story::intrusion)
        events.push_back({at(7),
                          "Application",
                          "MSExchange Control Panel",
                          4,
                          {{"Message", fmt::format("Current user: 'demo.example/Users/administrator'\nRequest for URL "
                                                   "'https://mail01.{0}:444/ecp/about.aspx?a=]:444/ecp/y.js(https://"
                                                   "localhost/ecp/y.js)' failed with the "
                                                   "following error:\nSystem.Web.HttpUnhandledException",
                                                   kDomain)}}});
    return events;
}

std::vector<Event> management(Story story) {
    constexpr std::string_view channel = "MSExchange Management", provider = "MSExchange CmdletLogs";
    auto cmdlet = [&](Time time, std::string_view name, std::string_view parameters) {
        return Event{time,
                     channel,
                     provider,
                     1,
                     {{"Message", fmt::format("Cmdlet suceeded. Cmdlet {}, parameters {}.", name, parameters)}}};
    };
    auto events = routine(hours(4), cmdlet({}, "Get-MailboxStatistics", "-Server \"MAIL01\""));
    if (story == Story::intrusion) {
        auto value = fmt::format("http://f/<{0} language=JScript runat=server>removed</{0}>", "script");
        events.push_back(cmdlet(at(9), "Set-OabVirtualDirectory",
                                fmt::format("-ExternalUrl \"{}\" -Identity \"OAB (Default Web Site)\"", value)));
        events.push_back(
            cmdlet(at(10), "Remove-OabVirtualDirectory", "-Force \"True\" -Identity \"OAB (Default Web Site)\""));
        events.push_back(
            cmdlet(at(12), "New-OabVirtualDirectory", "-WebSiteName \"Default Web Site\" -Server \"MAIL01\""));
    }
    return events;
}

}  // namespace

std::vector<File> event_logs(Story story) {
    return {write("Security", security(story)),
            write("Sysmon", sysmon(story)),
            write("Processes", processes(story)),
            write("Application", application(story)),
            write("MSExchange Management", management(story)),
            write("PowerShell", routine(hours(6), {{},
                                                   "Windows PowerShell",
                                                   "PowerShell",
                                                   400,
                                                   {{"Message", "Engine state is changed from None to Available."}}}))};
}

}  // namespace ascribe::demo

// The demo server's text logs: HttpProxy, ECP, IIS, PowerShell and message tracking, as Exchange writes them.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/text.hpp"
#include "cli/demo/story.hpp"

namespace ascribe::demo {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::string_view kHttpProxyFields =
    "DateTime,RequestId,MajorVersion,MinorVersion,BuildVersion,RevisionVersion,Protocol,UrlHost,UrlStem,"
    "AuthenticationType,"
    "IsAuthenticated,AuthenticatedUser,AnchorMailbox,UserAgent,ClientIpAddress,ServerHostName,HttpStatus,BackEndStatus,"
    "ErrorCode,Method,TargetServer,RoutingHint,BackEndCookie,UrlQuery,GenericInfo,GenericErrors";
constexpr std::string_view kIisFields =
    "date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status "
    "sc-substatus sc-win32-status time-taken";
constexpr std::string_view kBrowser =
    "Mozilla/5.0+(Windows+NT+10.0;+Win64;+x64)+AppleWebKit/537.36+Chrome/88.0.4324.190+Safari/537.36";
constexpr std::string_view kTool = "python-requests/2.25.1";

std::string day_name(Time time) {  // 210303
    auto day = format_day(time);
    return day.substr(2, 2) + day.substr(5, 2) + day.substr(8, 2);
}

std::string comma_build(Time time) {
    auto build = build_at(time);
    std::ranges::replace(build, '.', ',');
    return build;
}

struct Request {
    Time time;
    std::string protocol, method, stem, query, user, anchor, agent, client, hint;
    int status;
};

std::string http_proxy_row(const Request& r) {
    return fmt::format(
        "{},{:08x}-0000-4000-8000-000000000000,{},{},mail.{},{},FBA,{},{},{},{},{},{},{},{},,{},mail01.{},{},,{},,\r\n",
        format_time(r.time), static_cast<std::uint32_t>(r.time.time_since_epoch().count() / 10'000),
        comma_build(r.time), r.protocol, kDomain, r.stem, r.user.empty() ? "False" : "True", r.user, r.anchor, r.agent,
        r.client, kServer, r.status, r.status, r.method, kDomain, r.hint, r.query);
}

/// The chain as HttpProxy recorded it on servers that were hit: artefacts PL-01 to PL-03 of the fact tables.
std::vector<Request> chain() {
    auto step = [](int second, std::string target, int status) {
        return Request{at(second),
                       "Ecp",
                       "POST",
                       "/ecp/y.js",
                       "",
                       "",
                       fmt::format("ServerInfo~a]@mail01.{}:444/{}", kDomain, target),
                       std::string(kTool),
                       std::string(kIntruder),
                       "X-BEResource-Cookie",
                       status};
    };
    return {step(0, "autodiscover/autodiscover.xml?#", 200),
            step(2, "mapi/emsmdb/?#", 200),
            step(4, "ecp/proxyLogon.ecp?#", 241),
            step(6, "ecp/DDI/DDIService.svc/GetObject?schema=OABVirtualDirectory#", 200),
            step(8, "ecp/DDI/DDIService.svc/SetObject?schema=OABVirtualDirectory#", 200),
            step(10, "ecp/DDI/DDIService.svc/SetObject?schema=ResetOABVirtualDirectory#", 200),
            step(40, "ecp/DDI/DDIService.svc/SetObject?schema=OABVirtualDirectory#", 200)};
}

std::string tracking_row(Time time, int number) {
    return fmt::format(
        "{0},192.0.2.20,client1,192.0.2.10,{1},,Default {1},STOREDRIVER,DELIVER,{2},<{2}@{3}>,{2},user{4}@{3},,{5},1,,,"
        "Weekly figures,user{6}@{3},user{6}@{3},,Incoming,,,,,,{2},15.01.2106.002\r\n",
        format_time(time), kServer, number, kDomain, number % 40, 9'000 + number % 5'000, number % 37);
}

std::string exchange_head(std::string_view type, Time time, std::string_view fields) {
    return fmt::format(
        "#Software: Microsoft Exchange Server\r\n#Version: {}\r\n#Log-type: {}\r\n#Date: {}\r\n#Fields: {}\r\n",
        "15.01.2106.002", type, format_time(time), fields);
}

std::string iis_row(Time time, std::string_view method, std::string_view stem, std::string_view query, int port,
                    std::string_view user, std::string_view client, std::string_view agent, int status, int taken) {
    auto text = format_time(time);
    return fmt::format("{} {} 192.0.2.10 {} {} {} {} {} {} {} - {} 0 0 {}\r\n", text.substr(0, 10), text.substr(11, 8),
                       method, stem, query, port, user, client, agent, status, taken);
}

std::string iis_front_day(Time day, Story story) {
    std::string log = fmt::format(
        "#Software: Microsoft Internet Information Services 10.0\r\n#Version: 1.0\r\n#Date: {} 00:00:00\r\n#Fields: "
        "{}\r\n",
        format_day(day), kIisFields);
    std::vector<std::pair<Time, std::string>> rows;
    auto add = [&](Time time, std::string row) { rows.emplace_back(time, std::move(row)); };
    for (int quarter = 0; quarter < 96; ++quarter) {
        auto time = day + minutes(15 * quarter) + seconds(quarter % 50);
        add(time, iis_row(time, "POST", "/mapi/emsmdb/", "MailboxId=1@demo.example", 443,
                          fmt::format("DEMO\\user{}", quarter % 40), fmt::format("198.51.100.{}", 30 + quarter % 40),
                          "Microsoft+Office/16.0", 200, 31));
        add(time + seconds(3), iis_row(time + seconds(3), "GET", "/owa/", "-", 443, "HealthMailbox0@demo.example",
                                       "127.0.0.1", "AMProbe/Local/ClientAccess", 200, 5));
        if (quarter % 9 == 0)
            add(time + seconds(5), iis_row(time + seconds(5), "GET", "/owa/auth/logon.aspx", "replaceCurrent=1", 443,
                                           "-", fmt::format("198.51.100.{}", 30 + quarter % 40), kBrowser, 200, 12));
    }
    if (story == Story::intrusion) {
        auto page = fmt::format("/owa/auth/{}", kPage);
        for (const Request& r : chain())
            if (r.time >= day && r.time < day + days(1))
                add(r.time, iis_row(r.time, "POST", r.stem, "-", 443, "-", r.client, r.agent, r.status, 140));
        for (int i = 0; i < 12; ++i) {  // first run two seconds after the write, then commands over four days
            auto time = i == 0 ? at(14) : at(600 + i * 29'000);
            if (time >= day && time < day + days(1))
                add(time, iis_row(time, "POST", page, "-", 443, "-", kIntruder, kBrowser, 200, 400 + i * 90));
        }
        auto check = at(500'000);  // somebody else looks whether the page is there, after it was removed
        if (check >= day && check < day + days(1))
            add(check, iis_row(check, "GET", page, "-", 443, "-", "198.51.100.200", kTool, 404, 3));
    }
    std::ranges::stable_sort(rows, {}, &std::pair<Time, std::string>::first);
    for (auto& [time, row] : rows) log += row;
    return log;
}

std::string iis_back_day(Time day, Story story) {
    std::string log = fmt::format(
        "#Software: Microsoft Internet Information Services 10.0\r\n#Version: 1.0\r\n#Date: {} 00:00:00\r\n#Fields: "
        "{}\r\n",
        format_day(day), kIisFields);
    for (int hour = 0; hour < 24; ++hour) {
        auto time = day + hours(hour) + minutes(7);
        log += iis_row(time, "POST", "/mapi/emsmdb/", "MailboxId=1@demo.example", 444,
                       fmt::format("DEMO\\user{}", hour), "192.0.2.10", "Microsoft+Office/16.0", 200, 20);
        if (story == Story::intrusion && strikes() >= time && strikes() < time + hours(1))
            log += iis_row(at(4), "POST", "/ecp/proxyLogon.ecp", "-", 444, "-", "192.0.2.10", kTool, 241, 60) +
                   iis_row(at(10), "POST", "/ecp/DDI/DDIService.svc/SetObject", "schema=ResetOABVirtualDirectory", 444,
                           "DEMO\\MAIL01$", "192.0.2.10", kTool, 200, 900);
    }
    return log;
}

template <class Make>
std::vector<File> daily(Make make) {
    std::vector<File> files;
    for (Time day = begins(); day < ends(); day += days(1)) files.push_back(make(day));
    return files;
}

}  // namespace

std::vector<File> http_proxy_logs(Story story) {
    auto head = [](Time time) {
        return fmt::format("{}\r\n", kHttpProxyFields) + exchange_head("HttpProxy Logs", time, kHttpProxyFields);
    };
    auto path = [](std::string_view protocol, std::string_view name) {
        return fmt::format("{}Logging/HttpProxy/{}/HttpProxy_{}-1.LOG", kExchange, protocol, name);
    };
    auto files = daily([&](Time day) {
        std::string log = head(day);
        for (int half = 0; half < 48; ++half) {
            auto time = day + minutes(30 * half) + seconds(half % 23);
            log += http_proxy_row({time, "Mapi", "POST", "/mapi/emsmdb/", "", fmt::format("DEMO\\user{}", half % 40),
                                   fmt::format("Smtp~user{}@{}", half % 40, kDomain), "Microsoft Office/16.0",
                                   fmt::format("198.51.100.{}", 30 + half % 40), "MailboxGuid", 200});
        }
        return File{path("Mapi", "20" + day_name(day) + "00"), log};
    });
    // Exchange asks every protocol whether it is well, all day; that is what shows that its log was being kept.
    struct Probed {
        std::string_view protocol, stem;
    };
    for (auto [protocol, stem] :
         {Probed{"Owa", "/owa/"}, Probed{"Ecp", "/ecp/"}, Probed{"Ews", "/ews/exchange.asmx"},
          Probed{"Autodiscover", "/autodiscover/autodiscover.xml"}, Probed{"PowerShell", "/powershell"}})
        std::ranges::move(
            daily([&](Time day) {
                std::string log = head(day);
                for (int hour = 0; hour < 24; ++hour)
                    log += http_proxy_row({day + hours(hour) + minutes(20), std::string(protocol), "GET",
                                           std::string(stem), "", fmt::format("HealthMailbox0@{}", kDomain), "",
                                           "AMProbe/Local/ClientAccess", "127.0.0.1", "MailboxGuid", 200});
                return File{path(protocol, "20" + day_name(day) + "00"), log};
            }),
            std::back_inserter(files));
    if (story == Story::intrusion) {
        std::string log = head(strikes());
        for (const Request& request : chain()) log += http_proxy_row(request);
        files.push_back({path("Ecp", "2021030304"), log});
    }
    return files;
}

std::vector<File> ecp_logs(Story story) {
    auto log = [](Time day) { return exchange_head("ECP Server Log", day, "TimeStamp,ServerName,EventId,EventData"); };
    auto files = daily([&](Time day) {
        auto text = log(day);
        for (int hour = 0; hour < 24; hour += 2)
            text += fmt::format(
                "{},{},Request,S:CMD=Get-Mailbox.ResultSize=20;S:SID=S-1-5-21-1-2-3-1105;S:URL=/ecp/"
                "default.aspx;S:BLD={}\r\n",
                format_time(day + hours(hour)), kServer, build_at(day));
        return File{fmt::format("{}Logging/ECP/Server/ECPServer20{}-1.LOG", kExchange, day_name(day)), text};
    });
    if (story == Story::intrusion) {
        // The value that made the page, with the code removed: only the shape that a defender looks for is left.
        auto value = fmt::format("http://f/<{} language=JScript runat=server>removed</{}>", "script", "script");
        auto text = log(strikes()) +
                    fmt::format(
                        "{},{},Request,S:CMD=Set-OabVirtualDirectory.ExternalUrl='{}';S:SID=S-1-5-21-1-2-3-500;S:URL=/"
                        "ecp/DDI/DDIService.svc/SetObject;S:BLD=15.1.2106.2\r\n",
                        format_time(at(8)), kServer, value) +
                    fmt::format(
                        "{},{},Request,S:CMD=Remove-OabVirtualDirectory.Force=True;S:SID=S-1-5-21-1-2-3-500;S:URL=/ecp/"
                        "DDI/DDIService.svc/SetObject;S:BLD=15.1.2106.2\r\n",
                        format_time(at(10)), kServer) +
                    fmt::format(
                        "{},{},Request,S:CMD=New-OabVirtualDirectory.Path='';S:SID=S-1-5-21-1-2-3-500;S:URL=/ecp/DDI/"
                        "DDIService.svc/SetObject;S:BLD=15.1.2106.2\r\n",
                        format_time(at(11)), kServer);
        files.push_back({fmt::format("{}Logging/ECP/Server/ECPServer20210303-2.LOG", kExchange), text});
    }
    return files;
}

std::vector<File> iis_logs(Story story) {
    auto front = daily([&](Time day) {
        return File{fmt::format("MAIL01/C/inetpub/logs/LogFiles/W3SVC1/u_ex{}.log", day_name(day)),
                    iis_front_day(day, story)};
    });
    auto back = daily([&](Time day) {
        return File{fmt::format("MAIL01/C/inetpub/logs/LogFiles/W3SVC2/u_ex{}.log", day_name(day)),
                    iis_back_day(day, story)};
    });
    std::ranges::move(back, std::back_inserter(front));
    return front;
}

std::vector<File> command_logs(Story) {
    constexpr std::string_view fields =
        "DateTime,StartTime,RequestId,MajorVersion,MinorVersion,BuildVersion,RevisionVersion,ServerHostName,ProcessId,"
        "ProcessName,ThreadId,AuthenticatedUser,Cmdlet,Parameters,GenericErrors";
    return daily([&](Time day) {
        auto text = exchange_head("Rps Cmdlet Logs", day, fields);
        for (int hour = 1; hour < 24; hour += 4) {
            auto time = format_time(day + hours(hour));
            text +=
                fmt::format("{0},{0},{1},{2},{3},4312,w3wp,17,{4}/Users/admin1,Get-MailboxStatistics,-Server {3},\r\n",
                            time, hour, comma_build(day), kServer, kDomain);
        }
        return File{fmt::format("{}Logging/CmdletInfra/LocalPowerShell/Cmdlet/Rps_Cmdlet_20{}00-1.LOG", kExchange,
                                day_name(day)),
                    text};
    });
}

std::vector<File> tracking_logs() {
    constexpr std::string_view fields =
        "date-time,client-ip,client-hostname,server-ip,server-hostname,source-context,connector-id,source,event-id,"
        "internal-message-id,message-id,"
        "network-message-id,recipient-address,recipient-status,total-bytes,recipient-count,related-recipient-address,"
        "reference,message-subject,"
        "sender-address,return-path,message-info,directionality,tenant-id,original-client-ip,original-server-ip,custom-"
        "data,transport-traffic-type,log-id,schema-version";
    return daily([&](Time day) {
        auto text = exchange_head("Message Tracking Log", day, fields);
        for (int hour = 0; hour < 24; ++hour)
            text += tracking_row(day + hours(hour) + minutes(11), static_cast<int>((day - begins()) / hours(1)) + hour);
        return File{fmt::format("{}TransportRoles/Logs/MessageTracking/MSGTRK20{}-1.LOG", kExchange, day_name(day)),
                    text};
    });
}

}  // namespace ascribe::demo

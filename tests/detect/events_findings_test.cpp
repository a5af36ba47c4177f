// Detectors on Windows events: what must be found, what must not, and the laws of folds. The shapes of the rows are
// those of the public lab trace of 14 March 2021; names, addresses and commands are ours.
#include "detect/all.hpp"
#include "detect/events_batch.hpp"

namespace ascribe {
namespace {

using namespace test;

const std::string kOwaAuth = "Program Files\\Microsoft\\Exchange Server\\V15\\FrontEnd\\HttpProxy\\owa\\auth\\";
const std::string kTemporary =
    "C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\Temporary ASP.NET Files\\owa\\8e05b027\\e164d61b\\";
const std::string kWorker = "C:\\Windows\\System32\\inetsrv\\w3wp.exe";

Line panel_error(std::string url) {
    return event("2021-03-14T01:40:11.940Z", "Application", "MSExchange Control Panel", 4,
                 {{"message", "Current user: 'lab.local/Users/ann'\r\nRequest for URL '" + url +
                                  "' failed with the following error:\r\n"}});
}

Line share_access(std::string account, std::string address, std::string file, std::string mask) {
    return security("2021-03-14T01:40:13.660Z", 5145,
                    {{"SubjectUserName", account},
                     {"IpAddress", address},
                     {"ShareName", "\\\\*\\C$"},
                     {"RelativeTargetName", kOwaAuth + file},
                     {"AccessMask", mask}});
}

Line file_created(std::string image, std::string path) {
    return sysmon("2021-03-14T01:40:13.661Z", 11, {{"Image", image}, {"TargetFilename", path}});
}

Line process(std::string parent, std::string image, std::string command, std::string directory = "C:\\",
             std::string user = "NT AUTHORITY\\SYSTEM", std::string parent_command = "") {
    return sysmon("2021-03-14T01:40:15.342Z", 1,
                  {{"ParentImage", parent},
                   {"Image", image},
                   {"CommandLine", command},
                   {"CurrentDirectory", directory},
                   {"User", user},
                   {"ParentCommandLine", parent_command}});
}

std::vector<Finding> found(std::string_view name, const std::vector<Line>& lines, const Intel& intel = {}) {
    return conclude(detector(detectors(), name), lines, intel).findings;
}

void expect_fold(std::string_view name, const std::vector<Line>& lines, const Intel& intel = {}) {
    expect_fold_laws(detector(detectors(), name), lines, intel);
}

// exchange.ssrf_target

TEST(EventsSsrf, TheForgedRequestIsNamed) {
    auto findings =
        found("exchange.ssrf_target",
              {panel_error("https://mx1:444/ecp/about.aspx?a=]:444/ecp/abc.js(https://localhost/ecp/abc.js)")});
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_EQ(findings[0].level, Level::success);
    EXPECT_EQ(findings[0].question, Question::exploited);
    EXPECT_EQ(findings[0].page, "/ecp/abc.js");
    EXPECT_EQ(findings[0].account, "lab.local/Users/ann");
    EXPECT_EQ(findings[0].cves, std::vector<std::string>{"CVE-2021-26855"});
    EXPECT_NE(findings[0].statement.find("https://mx1:444/ecp/about.aspx"), std::string::npos);
    EXPECT_EQ(format_time(*findings[0].raw_time), "2021-03-14T01:40:11.940Z");
}

TEST(EventsSsrf, UnrenderedEventsKeepTheUrlInTheirData) {
    auto findings = found("exchange.ssrf_target",
                          {event("2021-03-14T01:40:11Z", "Application", "MSExchange Control Panel", 4,
                                 {{"param1", "ann"}, {"param2", "https://mx1:444/ecp/x?a=]:444/ecp/y.js"}})});
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_EQ(findings[0].account, "ann");
}

TEST(EventsSsrf, OrdinaryErrorsOfThePanelSayNothing) {
    EXPECT_TRUE(
        found("exchange.ssrf_target", {panel_error("https://mx1:444/ecp/default.aspx?p=1"),
                                       panel_error("https://mail.example/ecp/x.svc(https://mail.example/ecp/)")})
            .empty());
}

TEST(EventsSsrf, IsAFold) {
    expect_fold("exchange.ssrf_target", {panel_error("https://mx1:444/ecp/a?a=]:444/ecp/b.js(https://h/ecp/b.js)"),
                                         panel_error("https://mx1:444/ecp/c?a=]:444/ecp/d.js")});
}

// exchange.management_command

Line cmdlet(std::string time, int id, std::string command, std::string parameters) {
    return event(std::move(time), "MSExchange Management", "MSExchange CmdletLogs", id,
                 {{"message", "Cmdlet suceeded. Cmdlet " + command + ", parameters " + parameters + "."}});
}

// A script tag alone, in two pieces so that no scanner takes this file for one.
const std::string kAddress =
    "-ExternalUrl \"http://f/#<scr"
    "ipt runat=server>\" -Identity \"OAB (Default Web Site)\"";

const std::vector<Line> kCommands = {
    cmdlet("2021-03-14T01:40:12.987Z", 1, "Set-OabVirtualDirectory", kAddress),
    cmdlet("2021-03-14T01:40:14.768Z", 1, "Remove-OabVirtualDirectory", "-Force \"True\""),
    cmdlet("2021-03-14T01:40:17.518Z", 1, "New-OabVirtualDirectory", "-Server \"MX1\""),
    cmdlet("2021-03-14T09:00:00Z", 1, "New-OabVirtualDirectory", "-Server \"MX1\""),
};

TEST(EventsManagement, TheChangeAndTheResetBehindIt) {
    auto findings = found("exchange.management_command", kCommands);
    ASSERT_EQ(findings.size(), 2u);
    EXPECT_EQ(findings[0].question, Question::exploited);
    EXPECT_EQ(findings[0].cves, std::vector<std::string>{"CVE-2021-27065"});
    EXPECT_EQ(findings[1].question, Question::shell);
    EXPECT_EQ(findings[1].evidence.size(), 3u);  // not the one of the next morning
    EXPECT_EQ(format_time(*findings[1].raw_time), "2021-03-14T01:40:14.768Z");
}

TEST(EventsManagement, UnrenderedEventsKeepTheCommandInTheirData) {
    auto findings =
        found("exchange.management_command",
              {event("2021-03-14T01:40:12Z", "MSExchange Management", "MSExchange CmdletLogs", 1,
                     {{"Data[0]", "Set-OabVirtualDirectory"}, {"Data[1]", kAddress}, {"Data[2]", "LAB\\ann"}})});
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_EQ(findings[0].account, "LAB\\ann");
}

TEST(EventsManagement, WhatFailedWasTriedOnly) {
    auto findings =
        found("exchange.management_command", {cmdlet("2021-03-14T01:40:12Z", 6, "Set-OabVirtualDirectory", kAddress)});
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_EQ(findings[0].level, Level::attempt);
    EXPECT_EQ(findings[0].question, Question::attempted);
}

TEST(EventsManagement, MaintenanceIsOrdinary) {
    EXPECT_TRUE(found("exchange.management_command",
                      {cmdlet("2021-03-14T01:40:12Z", 1, "Set-OabVirtualDirectory",
                              "-ExternalUrl \"https://mail.example/OAB\""),
                       cmdlet("2021-03-14T01:40:14Z", 1, "Remove-OabVirtualDirectory", "-Force"),
                       cmdlet("2021-03-14T01:40:15Z", 1, "New-OabVirtualDirectory", "-Server MX1"),
                       cmdlet("2021-03-14T01:40:16Z", 1, "Get-Mailbox", "-Identity ann")})
                    .empty());
}

TEST(EventsManagement, IsAFold) { expect_fold("exchange.management_command", kCommands); }

// exchange.page_written_by_server

const std::vector<Line> kWritten = {
    share_access("MX1$", "127.0.0.1", "page.aspx", "0x12019f"),
    share_access("MX1$", "127.0.0.1", "page.aspx", "0x2"),
    file_created("System", "C:\\" + kOwaAuth + "page.aspx"),
    file_created("C:\\Exchange\\Bin\\MSExchangeMailboxReplication.exe",
                 "C:\\inetpub\\wwwroot\\aspnet_client\\other.aspx"),
};

TEST(EventsPageWritten, BothTellingsOfOneWriteAreOneFinding) {
    auto findings = found("exchange.page_written_by_server", kWritten);
    ASSERT_EQ(findings.size(), 2u);
    EXPECT_EQ(findings[1].page, "C:\\" + kOwaAuth + "page.aspx");
    EXPECT_EQ(findings[1].evidence_total, 3u);
    EXPECT_EQ(findings[1].evidence.size(), 3u);
    EXPECT_EQ(findings[1].question, Question::shell);
    EXPECT_EQ(findings[1].account, "MX1$");
    EXPECT_EQ(findings[0].cves, std::vector<std::string>{"CVE-2021-31207"});
}

TEST(EventsPageWritten, ReadingOtherAccountsOtherHostsAndOtherFilesAreNoWrite) {
    EXPECT_TRUE(
        found("exchange.page_written_by_server",
              {share_access("MX1$", "127.0.0.1", "page.aspx", "0x80"),
               share_access("ann", "127.0.0.1", "page.aspx", "0x2"),
               share_access("MX1$", "192.0.2.7", "page.aspx", "0x2"),
               share_access("MX1$", "127.0.0.1", "page.png", "0x2"), share_access("MX1$", "127.0.0.1", "", "0x12019f"),
               file_created("C:\\Windows\\System32\\msiexec.exe", "C:\\" + kOwaAuth + "logon.aspx"),
               file_created("System", "C:\\Users\\ann\\page.aspx")})
            .empty());
}

TEST(EventsPageWritten, IsAFold) { expect_fold("exchange.page_written_by_server", kWritten); }

// exchange.page_first_run

Intel stock() {
    Intel intel;
    intel.stock_pages = {"owa/auth/logon.aspx", "owa/auth/errorfe.aspx"};
    intel.stock_names = {"logon.aspx", "errorfe.aspx"};
    intel.stock_digests["logon.aspx"] = {std::string(64, 'a')};
    return intel;
}

const std::vector<Line> kFirstRun = {
    file_created(kWorker, kTemporary + "page.aspx.f5dba9b9.compiled"),
    file_created(kWorker, kTemporary + "App_Web_llfrjg0v.0.js"),
    file_created(kWorker, kTemporary + "App_Web_llfrjg0v.1.js"),
    process(kWorker, "C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\cvtres.exe", "cvtres.exe /OUT:RES1.tmp"),
    row(RecordKind::file_entry,
        {{"path", kTemporary + "more.aspx.0123abcd.compiled"}, {"created", "16156872000000000"}}),
    row(RecordKind::setting,
        {{"category", "compiled_page"}, {"name", "/owa/auth/third.aspx"}, {"path", "third.compiled"}}),
};

TEST(EventsFirstRun, CompiledTracesOfForeignPages) {
    auto findings = found("exchange.page_first_run", kFirstRun, stock());
    ASSERT_EQ(findings.size(), 5u);
    for (const Finding& finding : findings) EXPECT_EQ(finding.question, Question::used);
    auto page = std::ranges::find(findings, "page.aspx", &Finding::page);
    ASSERT_NE(page, findings.end());
    EXPECT_NE(page->statement.find("page.aspx of the application owa"), std::string::npos);
    auto listed = std::ranges::find(findings, "more.aspx", &Finding::page);
    ASSERT_NE(listed, findings.end());
    EXPECT_EQ(listed->clock, Clock::file_system);
    EXPECT_EQ(format_day(*listed->raw_time), "2021-03-14");
    EXPECT_NE(std::ranges::find(findings, "/owa/auth/third.aspx", &Finding::page), findings.end());
}

TEST(EventsFirstRun, StockPagesControlsAndCompilersAreOrdinary) {
    EXPECT_TRUE(found("exchange.page_first_run",
                      {file_created(kWorker, kTemporary + "logon.aspx.f5dba9b9.compiled"),
                       file_created(kWorker, kTemporary + "global.asax.f5dba9b9.compiled"),
                       file_created(kWorker, kTemporary + "App_global.asax.compiled"),
                       file_created(kWorker, kTemporary + "llfrjg0v.out"),
                       file_created("C:\\Windows\\explorer.exe", kTemporary + "page.aspx.f5dba9b9.compiled"),
                       process("C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\csc.exe", "C:\\x\\cvtres.exe",
                               "cvtres.exe"),
                       process(kWorker, "C:\\x\\csc.exe", "csc.exe /noconfig")},
                      stock())
                    .empty());
}

TEST(EventsFirstRun, IsAFold) { expect_fold("exchange.page_first_run", kFirstRun, stock()); }

// exchange.process_tree

const std::vector<Line> kTree = {
    process(kWorker, "C:\\Windows\\System32\\cmd.exe", "cmd /c whoami", "C:\\Windows\\System32\\inetsrv\\",
            "NT AUTHORITY\\SYSTEM", "w3wp.exe -ap \"MSExchangeOWAAppPool\" -v \"v4.0\""),
    security("2021-03-14T01:40:15.338Z", 4688,
             {{"NewProcessName", "C:\\Windows\\System32\\cmd.exe"},
              {"ParentProcessName", kWorker},
              {"CommandLine", "cmd /c whoami"},
              {"SubjectUserName", "MX1$"}}),
    process("C:\\Windows\\System32\\cmd.exe", "C:\\Windows\\System32\\whoami.exe", "whoami",
            "c:\\windows\\system32\\inetsrv\\", "NT AUTHORITY\\SYSTEM", "cmd /c whoami"),
};

TEST(EventsProcessTree, ACommandBelowTheWorkerAndBelowThat) {
    auto findings = found("exchange.process_tree", kTree);
    ASSERT_EQ(findings.size(), 2u);
    EXPECT_EQ(findings[0].evidence_total, 2u);
    EXPECT_NE(findings[0].statement.find("MSExchangeOWAAppPool started cmd /c whoami"), std::string::npos)
        << findings[0].statement;
    EXPECT_EQ(findings[0].question, Question::used);
    EXPECT_EQ(findings[1].evidence_total, 1u);
}

TEST(EventsProcessTree, CommandsThatSpeakForThemselves) {
    for (std::string command :
         {"cmd /c cd /d \"C:/x\"&dir&echo ["
          "S]&cd&echo ["
          "E]",
          "rundll32 comsvcs"
          ".dll, Mini"
          "Dump 600 x.dmp full",
          "procdump64 -ma lsass.exe x.dmp", "vssadmin list shadows > C:\\Windows\\Temp\\__output 2>&1",
          "attrib +h +s +r C:\\inetpub\\wwwroot\\aspnet_client\\page.aspx"})
        EXPECT_EQ(found("exchange.process_tree", {process("C:\\x\\cmd.exe", "C:\\y\\z.exe", command)}).size(), 1u)
            << command;
}

TEST(EventsProcessTree, AgentsCompilersAndCrashReportersAreOrdinary) {
    EXPECT_TRUE(found("exchange.process_tree",
                      {process("C:\\Program Files\\Microsoft\\Exchange Server\\V15\\Bin\\MSExchangeHMWorker.exe",
                               "C:\\Windows\\System32\\netsh.exe", "\"netsh\" interface tcp show global"),
                       process("C:\\Program Files\\Agent\\MonitoringHost.exe", "C:\\Windows\\System32\\cscript.exe",
                               "cscript /nologo x.vbs"),
                       process(kWorker, "C:\\x\\csc.exe", "csc.exe"),
                       process(kWorker, "C:\\Windows\\System32\\WerFault.exe", "WerFault -u"),
                       process(kWorker, "C:\\Windows\\System32\\conhost.exe", "conhost 0xffffffff"),
                       process("C:\\Windows\\explorer.exe", "C:\\Windows\\System32\\cmd.exe", "cmd"),
                       process("C:\\Windows\\System32\\cmd.exe", "C:\\x\\whoami.exe", "whoami",
                               "C:\\Windows\\System32\\inetsrv\\", "LAB\\ann")})
                    .empty());
}

TEST(EventsProcessTree, IsAFold) { expect_fold("exchange.process_tree", kTree); }

// exchange.unified_messaging

const std::vector<Line> kUnified = {
    event("2021-03-04T00:00:00Z", "Application", "MSExchange Unified Messaging", 1238,
          {{"level", "2"}, {"message", "System.InvalidCastException: Unable to cast object"}}),
    process("C:\\Exchange\\Bin\\UMWorkerProcess.exe", "C:\\Windows\\System32\\cmd.exe", "cmd /c dir"),
    file_created("C:\\Exchange\\Bin\\UMWorkerProcess.exe", "C:\\inetpub\\wwwroot\\aspnet_client\\page.aspx"),
};

TEST(EventsUnifiedMessaging, TriedAndWorkedAreApart) {
    auto findings = found("exchange.unified_messaging", kUnified);
    ASSERT_EQ(findings.size(), 3u);
    EXPECT_EQ(std::ranges::count(findings, Level::success, &Finding::level), 2);
    EXPECT_EQ(std::ranges::count(findings, Level::attempt, &Finding::level), 1);
}

TEST(EventsUnifiedMessaging, CrashReportersAndRecordingsAreOrdinary) {
    EXPECT_TRUE(found("exchange.unified_messaging",
                      {process("C:\\Exchange\\Bin\\UMWorkerProcess.exe", "C:\\Windows\\System32\\wermgr.exe", "wermgr"),
                       file_created("C:\\Exchange\\Bin\\UMWorkerProcess.exe", "C:\\x\\greeting.wav"),
                       event("2021-03-04T00:00:00Z", "Application", "MSExchange Unified Messaging", 1,
                             {{"message", "started"}})})
                    .empty());
}

TEST(EventsUnifiedMessaging, IsAFold) { expect_fold("exchange.unified_messaging", kUnified); }

// persistence.foothold

const std::vector<Line> kFootholds = {
    security("2021-03-15T00:00:00Z", 4720, {{"SubjectUserName", "MX1$"}, {"TargetUserName", "helper"}}),
    security("2021-03-15T00:00:01Z", 4732,
             {{"SubjectUserName", "MX1$"}, {"TargetUserName", "Administrators"}, {"MemberSid", "S-1-5-21-1"}}),
    security("2021-03-15T00:00:02Z", 4698,
             {{"TaskName", "\\Update"}, {"TaskContent", "<Arguments>-EncodedCommand AAAA</Arguments>"}}),
    event("2021-03-15T00:00:03Z", "System", "Service Control Manager", 7045,
          {{"ServiceName", "upd"}, {"ImagePath", "%COMSPEC% /c echo"}}),
    sysmon("2021-03-15T00:00:04Z", 20, {{"Type", "Command Line"}, {"Name", "c"}, {"Destination", "x.exe"}}),
    row(RecordKind::setting, {{"category", "virtual_directory"}, {"name", "/who"}, {"value", "C:\\ProgramData\\WHO"}}),
    row(RecordKind::setting, {{"category", "module"}, {"name", "m"}, {"value", "C:\\inetpub\\m.dll"}}),
};

TEST(EventsPersistence, EachKindOfFoothold) {
    auto findings = found("persistence.foothold", kFootholds);
    ASSERT_EQ(findings.size(), kFootholds.size());
    for (const Finding& finding : findings) {
        EXPECT_EQ(finding.level, Level::success) << finding.statement;
        EXPECT_EQ(finding.question, Question::persistence);
    }
}

TEST(EventsPersistence, AdministrationIsANoteAndInstalledProgramsAreNothing) {
    auto notes =
        found("persistence.foothold",
              {security("2021-03-15T00:00:00Z", 4720, {{"SubjectUserName", "ann"}, {"TargetUserName", "bob"}})});
    ASSERT_EQ(notes.size(), 1u);
    EXPECT_EQ(notes[0].level, Level::scan);
    EXPECT_TRUE(found("persistence.foothold",
                      {event("2021-03-15T00:00:00Z", "System", "Service Control Manager", 7045,
                             {{"ServiceName", "WinDefend"},
                              {"ImagePath", "C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\MsMpEng.exe"}}),
                       event("2021-03-15T00:00:00Z", "System", "Service Control Manager", 7036, {{"param1", "WMI"}}),
                       security("2021-03-15T00:00:00Z", 4698,
                                {{"TaskName", "\\Backup"}, {"TaskContent", "<Command>backup.exe</Command>"}}),
                       row(RecordKind::setting,
                           {{"category", "module"}, {"name", "m"}, {"value", "%windir%\\System32\\inetsrv\\m.dll"}}),
                       row(RecordKind::setting,
                           {{"category", "virtual_directory"}, {"name", "/owa"}, {"value", "C:\\" + kOwaAuth}})})
                    .empty());
}

TEST(EventsPersistence, IsAFold) { expect_fold("persistence.foothold", kFootholds); }

// hiding.log_tampering

const std::vector<Line> kHidden = {
    event("2021-03-15T00:00:00Z", "Security", "Microsoft-Windows-Eventlog", 1102, {{"SubjectUserName", "ann"}}),
    event("2021-03-15T00:00:01Z", "System", "Microsoft-Windows-Eventlog", 104,
          {{"SubjectUserName", "ann"}, {"Channel", "Application"}}),
    security("2021-03-15T00:00:02Z", 4616,
             {{"PreviousTime", "2021-03-15T10:00:00Z"}, {"NewTime", "2021-03-15T09:00:00Z"}}),
    sysmon("2021-03-15T00:00:03Z", 23,
           {{"Image", "C:\\x\\cmd.exe"}, {"TargetFilename", "C:\\inetpub\\logs\\LogFiles\\W3SVC1\\u_ex210314.log"}}),
    sysmon("2021-03-15T00:00:04Z", 23,
           {{"Image", "C:\\x\\cmd.exe"}, {"TargetFilename", "C:\\" + kOwaAuth + "page.aspx"}}),
    row(RecordKind::exchange_trace,
        {{"log", "Antivirus"}, {"message", "Threat found and removed: C:\\" + kOwaAuth + "page.aspx (action ok)"}},
        "2021-03-15T00:00:05Z"),
};

TEST(EventsHiding, EachWayToHide) {
    auto findings = found("hiding.log_tampering", kHidden);
    ASSERT_EQ(findings.size(), kHidden.size());
    auto removed = std::ranges::find(findings, Question::shell, &Finding::question);
    ASSERT_NE(removed, findings.end());
    EXPECT_EQ(removed->page, "C:\\" + kOwaAuth + "page.aspx");
    EXPECT_EQ(removed->level, Level::success);
}

TEST(EventsHiding, OwnHouseKeepingIsOrdinary) {
    EXPECT_TRUE(
        found("hiding.log_tampering",
              {sysmon("2021-03-15T00:00:00Z", 23,
                      {{"Image", "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\Bin\\x.exe"},
                       {"TargetFilename",
                        "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\Logging\\HttpProxy\\a.LOG"}}),
               security("2021-03-15T00:00:02Z", 4616,
                        {{"PreviousTime", "2021-03-15T10:00:00Z"}, {"NewTime", "2021-03-15T09:59:59Z"}}),
               sysmon("2021-03-15T00:00:03Z", 23,
                      {{"Image", "C:\\x\\w3wp.exe"}, {"TargetFilename", "C:\\Windows\\Temp\\RES37C9.tmp"}}),
               row(RecordKind::exchange_trace, {{"log", "Antivirus"}, {"message", "Scanned C:\\inetpub, no threats"}}),
               row(RecordKind::exchange_trace,
                   {{"log", "OabGenerator"}, {"message", "removed C:\\" + kOwaAuth + "page.aspx"}})})
            .empty());
}

TEST(EventsHiding, IsAFold) { expect_fold("hiding.log_tampering", kHidden); }

// hiding.record_gap

std::vector<Line> numbered(const std::vector<int>& missing) {
    std::vector<Line> lines;
    for (int id = 1; id <= 2000; ++id)
        if (std::ranges::find(missing, id) == missing.end())
            lines.push_back(security("2021-03-15T00:00:00Z", 4624, {{"record_id", std::to_string(id)}}));
    return lines;
}

TEST(EventsRecordGaps, AFewNumbersMissingBetweenMany) {
    auto findings = found("hiding.record_gap", numbered({700, 701, 1500}));
    ASSERT_EQ(findings.size(), 2u);
    EXPECT_EQ(findings[0].statement, "The records 700 to 701 were missing from the event log Security.");
    EXPECT_EQ(findings[0].level, Level::scan);
    EXPECT_EQ(findings[0].evidence.size(), 2u);
}

TEST(EventsRecordGaps, WholeLogsAndFilteredExportsSayNothing) {
    EXPECT_TRUE(found("hiding.record_gap", numbered({})).empty());
    std::vector<int> odd;
    for (int id = 1; id < 2000; id += 2) odd.push_back(id);
    EXPECT_TRUE(found("hiding.record_gap", numbered(odd)).empty());
}

TEST(EventsRecordGaps, IsAFold) {
    std::vector<int> missing{60};
    for (int id = 121; id <= 2000; ++id) missing.push_back(id);
    expect_fold("hiding.record_gap", numbered(missing));
}

}  // namespace
}  // namespace ascribe

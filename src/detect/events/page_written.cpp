// exchange.page_written_by_server: the server wrote a page into its own web folders. ProxyLogon's second half resets a
// virtual directory with the path \\127.0.0.1\C$\...\page.aspx, so the write comes in over the loopback share: Security
// 5145 by SERVER$ from 127.0.0.1, and Sysmon 11 by Image = System. The common rule "w3wp.exe writes .aspx" misses it.
// ProxyShell exports mailboxes (MSExchangeMailboxReplication), Unified Messaging and IIS workers write pages directly.
// (Facts PL-13, PL-14, PL-19, PS-06.)
#include <fmt/format.h>

#include "base/text.hpp"
#include "detect/events/fields.hpp"
#include "detect/events/join.hpp"
#include "detect/exchange_paths.hpp"
#include "detect/hits.hpp"

namespace ascribe {
namespace {

constexpr std::uint64_t kWriteData = 0x2, kAppendData = 0x4;  // file access rights, winnt.h

/// The Windows path that a share access names: \\*\C$ and a relative path make C:\...
std::string path_of_share(std::string_view share, std::string_view relative) {
    auto name = base_name(share);
    if (name.size() != 2 || name[1] != '$') return {};
    return fmt::format("{}:\\{}", name[0], relative);
}

Finding written(std::string_view path, std::string how, double probability) {
    Finding finding;
    finding.level = Level::success;
    finding.severity = Severity::critical;
    finding.question = Question::shell;
    finding.probability = probability;
    finding.techniques = {"T1505.003"};
    finding.page = path;
    finding.statement = fmt::format("The page {} was written {}.", path, how);
    return finding;
}

std::optional<Finding> judge_share_access(const Row& row) {
    if (!is_security(row) || event_id(row) != 5145) return {};
    auto account = datum(row, "SubjectUserName");
    if (!account.ends_with('$') || !is_loopback(datum(row, "IpAddress"))) return {};
    auto mask = numeric_datum(row, "AccessMask");
    if (!mask || (*mask & (kWriteData | kAppendData)) == 0) return {};
    auto path = path_of_share(datum(row, "ShareName"), datum(row, "RelativeTargetName"));
    if (!is_server_executable(path) || !is_web_folder(path)) return {};
    // 0.97: backup agents and updates do not write pages through the loopback share (fact PL-13).
    auto finding =
        written(path, fmt::format("by the server to itself as {} over {}", account, datum(row, "IpAddress")), 0.97);
    finding.account = account;
    finding.cves = {"CVE-2021-27065"};
    return finding;
}

std::optional<Finding> judge_file_created(const Row& row) {
    if (!is_sysmon(row) || event_id(row) != 11) return {};
    auto path = datum(row, "TargetFilename");
    if (!is_server_executable(path) || !is_web_folder(path)) return {};
    auto image = datum(row, "Image");
    auto name = base_name(image);
    if (equals_folded(name, "System")) {
        // Writes over the loopback share appear as the kernel's. 0.95: a file copied in from another host looks alike.
        auto finding = written(path, "by the process System, as writes over a file share are", 0.95);
        finding.cves = {"CVE-2021-27065"};
        return finding;
    }
    if (equals_folded(name, "MSExchangeMailboxReplication.exe")) {
        auto finding =
            written(path, "by MSExchangeMailboxReplication.exe, as mailbox exports are", 0.97);  // fact PS-06
        finding.cves = {"CVE-2021-31207"};
        return finding;
    }
    if (equals_folded(name, "UMWorkerProcess.exe")) {
        auto finding = written(path, "by UMWorkerProcess.exe", 0.97);  // fact PL-19
        finding.cves = {"CVE-2021-26857"};
        return finding;
    }
    // 0.9: web applications that write pages of their own exist; Exchange is not one (Sigma, webshell drop by
    // Exchange).
    if (equals_folded(name, "w3wp.exe")) return written(path, "by the IIS worker process", 0.9);
    return {};
}

std::optional<Hit> judge(const RecordBatch&, const Row& row, const Intel&) {
    auto finding = judge_share_access(row);
    if (!finding) finding = judge_file_created(row);
    if (!finding) return {};
    auto key = told_by(row.text(WindowsEvent::channel), finding->page);
    return Hit{std::move(key), std::move(*finding)};
}

constexpr RecordKind kReads[] = {RecordKind::windows_event};

}  // namespace

extern const Detector kExchangePageWritten = hit_detector<"exchange.page_written_by_server", judge, conclude_joined>(
    "A page that the server wrote into its own web folders", kReads);

}  // namespace ascribe

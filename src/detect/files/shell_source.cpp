// files.shell_source: pages whose text gives them away without any analysis. The virtual-directory settings that
// ProxyLogon wrote out as a page, exported mailboxes and certificate requests that are pages at the same time, and the
// one-line shape in which a request's value goes straight into an evaluator. A full analyser of scripts is a matter of
// its own. (Facts PL-15, PS-07.)
#include <fmt/format.h>

#include <array>

#include "base/text.hpp"
#include "detect/events/fields.hpp"
#include "detect/exchange_paths.hpp"
#include "detect/hits.hpp"

namespace ascribe {
namespace {

constexpr std::size_t kCertificateRequestLimit = 10 << 10;  // signature-base: request shells are below 10 KB
constexpr std::size_t kReach = 200;  // how far behind an evaluator its argument may begin: one-liners, not programs

bool has_script_block(std::string_view text) {
    return contains_folded(text, "<script") || contains_folded(text, "<%") || contains_folded(text, "runat=");
}

bool is_directory_dump(std::string_view text) {
    return contains_folded(text, "ExternalUrl") && contains_folded(text, "InternalAuthenticationMethods") &&
           contains_folded(text, "ExtendedProtectionTokenChecking") && has_script_block(text);
}

bool is_exported_mailbox(std::string_view text) {
    return text.starts_with("!BDN") && contains_folded(text, "Page Language=");
}

bool is_certificate_request(std::string_view text) {
    // DER: SEQUENCE with a two-byte length. The second byte may have been decoded from Windows-1252.
    bool der = text.starts_with("0\x82") || text.starts_with("0\xE2\x80\x9A");
    return der && text.size() < kCertificateRequestLimit && contains_folded(text, "Page Language");
}

/// True when a value of the request stands within reach behind one of the words that run text.
bool evaluates_request(std::string_view text) {
    auto folded = lower(text);
    for (std::string_view evaluator : {"eval(", "execute(", "executeglobal(", "process.start(", "assembly.load("})
        for (auto at = folded.find(evaluator); at != std::string::npos; at = folded.find(evaluator, at + 1)) {
            auto argument = std::string_view(folded).substr(at + evaluator.size(), kReach);
            for (std::string_view request : {"request[", "request(", "request.item", "request.form",
                                             "request.querystring", "request.binaryread", "request.headers"})
                if (argument.find(request) != std::string_view::npos) return true;
        }
    return false;
}

/// "3/14/2021 6:40:12 AM" after a label, as the shell of an English Exchange prints dates: month first, and AM or PM
/// says so.
std::optional<Time> embedded_time(std::string_view text, std::string_view label) {
    auto line = between(text, label, "\n");
    auto colon = line.find(':');
    if (colon == std::string_view::npos) return {};
    line = trim(line.substr(colon + 1, 40));
    bool morning = ends_folded(line, "AM");
    if (!morning && !ends_folded(line, "PM")) return {};
    std::array<int, 6> part{};
    std::size_t at = 0;
    for (auto& value : part) {
        auto end = std::min(line.find_first_not_of("0123456789", at), line.size());
        auto number = parse_number(line.substr(at, end - at));
        if (!number || *number > 9999) return {};
        value = static_cast<int>(*number);
        at = std::min(end + 1, line.size());
    }
    if (part[3] < 1 || part[3] > 12) return {};
    return make_time(part[2], part[0], part[1], part[3] % 12 + (morning ? 0 : 12), part[4], part[5]);
}

Finding shell(std::string_view path, std::string_view what, double probability, std::vector<std::string> cves) {
    Finding finding;
    finding.level = Level::success;
    finding.severity = Severity::critical;
    finding.question = Question::shell;
    finding.probability = probability;
    finding.techniques = {"T1505.003"};
    finding.cves = std::move(cves);
    finding.page = path;
    finding.clock = Clock::file_system;
    finding.statement = fmt::format("The file {} was {}.", path, what);
    return finding;
}

std::optional<Hit> judge(const RecordBatch&, const Row& row, const Intel&) {
    auto path = row.text(ScriptSource::path), text = row.text(ScriptSource::text);
    auto key = lower(path);
    if (is_directory_dump(text)) {
        // 0.99: settings of a virtual directory never hold a script (MSTIC, CISA AR21-084A).
        auto finding =
            shell(path, "a dump of virtual-directory settings with a script in a URL", 0.99, {"CVE-2021-27065"});
        if (auto time = embedded_time(text, "WhenChangedUTC")) {
            finding.raw_time = time;
            finding.clock = Clock::embedded;
        }
        return Hit{key, std::move(finding)};
    }
    if (is_exported_mailbox(text))
        return Hit{key, shell(path, "an exported mailbox that is a page too", 0.99, {"CVE-2021-31207"})};
    if (is_certificate_request(text))
        return Hit{key, shell(path, "a certificate request that is a page too", 0.98, {"CVE-2021-31207"})};
    // 0.95: stock Exchange pages never hand a request to an evaluator; sample pages of other products might.
    if (is_server_executable(path) && evaluates_request(text))
        return Hit{key, shell(path, "a page that evaluated what a request sent", 0.95, {})};
    return {};
}

constexpr RecordKind kReads[] = {RecordKind::script_source};

}  // namespace

extern const Detector kFilesShellSource =
    hit_detector<"files.shell_source", judge>("Pages whose text gives them away as web shells", kReads);

}  // namespace ascribe

// exchange.oab_generator: CVE-2021-26858 makes the offline address book service write files where it should not. Its
// own log says so when the "temporary file" that it failed to download lies outside ClientAccess\OAB; the same line
// with a path below that folder is ordinary. (Fact PL-16.)
#include <fmt/format.h>

#include "base/text.hpp"
#include "detect/exchange_paths.hpp"
#include "detect/hits.hpp"

namespace ascribe {
namespace {

std::optional<Hit> judge(const RecordBatch&, const Row& row, const Intel&) {
    auto message = row.text(ExchangeTrace::message);
    if (!contains_folded(message, "Download failed and temporary file") ||
        !contains_folded(message, "needs to be removed"))
        return {};
    auto begin = lower(message).find("temporary file") + std::string_view("temporary file").size();
    auto rest = trim(message.substr(begin));
    auto path = rest.substr(0, std::min(rest.size(), lower(rest).find("needs to be removed")));
    while (!path.empty() && (path.front() == '\'' || path.front() == '"')) path.remove_prefix(1);
    while (!path.empty() && (path.back() == '\'' || path.back() == '"' || path.back() == ' ')) path.remove_suffix(1);
    if (path.empty() || normal_path(path).find("/clientaccess/oab/") != std::string::npos) return {};

    Finding finding;
    finding.level = Level::success;
    finding.severity = Severity::critical;
    bool page = is_server_executable(path);
    finding.question = page ? Question::shell : Question::exploited;
    // PL-16: high. A page is past doubt; another file outside the folder may be a moved installation's.
    finding.probability = page ? 0.97 : 0.8;
    finding.techniques = {"T1190"};
    if (page) finding.techniques.emplace_back("T1505.003");
    finding.cves = {"CVE-2021-26858"};
    finding.page = path;
    finding.statement = fmt::format("The offline address book service wrote {}, outside its own folder.", path);
    return Hit{lower(path), std::move(finding)};
}

constexpr RecordKind kReads[] = {RecordKind::exchange_trace};

}  // namespace

extern const Detector kExchangeOabGenerator = hit_detector<"exchange.oab_generator", judge>(
    "Files that the offline address book service wrote outside its folder (CVE-2021-26858)", kReads);

}  // namespace ascribe

// files.unknown_page and files.stock_mismatch: server-executable files in Exchange's web folders that Exchange does not
// ship, that carry a stock page's name where none belongs, that are named almost like one, or whose bytes are of no
// known build. Only types that the server executes are compared: hashing everything else gave others tens of thousands
// of false results from localised scripts and old version folders. (Facts WS-01, WS-07, WS-09.)
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "detect/events/fields.hpp"
#include "detect/exchange_paths.hpp"
#include "detect/hits.hpp"

namespace ascribe {
namespace {

Finding page_finding(std::string_view path, const Row& row, std::string statement, double probability) {
    Finding finding;
    finding.level = Level::success;
    finding.severity = Severity::high;
    finding.question = Question::shell;
    finding.probability = probability;
    finding.techniques = {"T1505.003"};
    finding.page = path;
    finding.statement = std::move(statement);
    finding.clock = Clock::file_system;
    finding.raw_time = file_time(row);
    return finding;
}

std::optional<Hit> judge_unknown(const RecordBatch&, const Row& row, const Intel& intel) {
    auto path = row.text(FileEntry::path);
    if (!is_server_executable(path) || !is_web_folder(path) || is_compiled_trace(path) || is_stock_page(path, intel))
        return {};
    auto key = lower(path);
    if (auto alike = look_alike(path, intel); !alike.empty()) {
        // 0.9: names one to four letters off a stock page were the intruders' choice in 2021 (fact WS-09).
        auto finding = page_finding(
            path, row,
            fmt::format("The page {} was present; Exchange ships none of that name there, only {}.", path, alike), 0.9);
        finding.techniques.emplace_back("T1036.005");
        finding.severity = Severity::critical;
        return Hit{key, std::move(finding)};
    }
    return Hit{
        key, page_finding(path, row,
                          fmt::format("The page {} was present; Exchange ships none of that name there.", path), 0.8)};
}

std::optional<Hit> judge_digest(const RecordBatch&, const Row& row, const Intel& intel) {
    auto path = row.text(FileEntry::path), digest = row.text(FileEntry::sha256);
    if (digest.empty() || !is_server_executable(path) || !is_web_folder(path)) return {};
    auto known = intel.stock_digests.find(lower(base_name(path)));
    if (known == intel.stock_digests.end() || known->second.empty() || !is_stock_page(path, intel)) return {};
    if (std::ranges::find(known->second, lower(digest)) != known->second.end()) return {};
    // 0.6, and no claim of success: branding, and builds newer than the reference data, differ too (fact WS-07).
    auto finding =
        page_finding(path, row, fmt::format("The page {} had contents of no known Exchange build.", path), 0.6);
    finding.level = Level::attempt;
    finding.severity = Severity::medium;
    return Hit{lower(path), std::move(finding)};
}

constexpr RecordKind kReads[] = {RecordKind::file_entry};

}  // namespace

extern const Detector kFilesUnknownPage =
    hit_detector<"files.unknown_page", judge_unknown>("Pages in web folders that Exchange does not ship", kReads);
extern const Detector kFilesStockMismatch =
    hit_detector<"files.stock_mismatch", judge_digest>("Stock pages with contents of no known build", kReads);

}  // namespace ascribe

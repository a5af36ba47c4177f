// files.staged: what data leaves in. A dump of LSASS by its usual name, and archives with a name of a few letters in
// the root of ProgramData, where the intruders of March 2021 put theirs. Antivirus keeps archives below ProgramData
// too, in folders of its own, so only the root counts. (Facts CR-01, EX-01.)
#include <fmt/format.h>

#include "base/text.hpp"
#include "detect/events/fields.hpp"
#include "detect/hits.hpp"

namespace ascribe {
namespace {

constexpr std::size_t kShortName = 6;  // signature-base: names of 1 to 6 characters

bool is_lsass_dump(std::string_view path) {
    auto name = base_name(path);
    return starts_folded(name, "lsass") && (ends_folded(name, ".dmp") || ends_folded(name, ".dmp.zip")) &&
           !contains_folded(path, "\\WER\\");  // Windows' own crash reports
}

bool is_staged_archive(std::string_view path) {
    auto name = base_name(path);
    auto type = extension(path);
    bool archive = equals_folded(type, ".zip") || equals_folded(type, ".7z") || equals_folded(type, ".rar");
    auto stem = name.substr(0, name.size() - type.size());
    return archive && !stem.empty() && stem.size() <= kShortName &&
           path.size() == std::string_view("C:\\ProgramData\\").size() + name.size() &&
           contains_folded(path, ":\\ProgramData\\");
}

std::optional<Finding> judge_path(std::string_view path) {
    Finding finding;
    finding.question = Question::used;
    finding.page = path;
    if (is_lsass_dump(path)) {
        finding.level = Level::success;
        finding.severity = Severity::critical;
        finding.probability = 0.8;  // support cases make such dumps too
        finding.techniques = {"T1003.001"};
        finding.statement = fmt::format("The file {} was present, named as a memory dump of LSASS.", path);
        return finding;
    }
    if (is_staged_archive(path)) {
        finding.level = Level::attempt;
        finding.severity = Severity::medium;
        finding.probability = 0.5;  // fact EX-01 rates it medium
        finding.techniques = {"T1560.001"};
        finding.statement = fmt::format("The archive {} was present in the root of ProgramData.", path);
        return finding;
    }
    return {};
}

std::optional<Hit> judge(const RecordBatch& batch, const Row& row, const Intel&) {
    if (batch.kind() == RecordKind::file_entry) {
        auto path = row.text(FileEntry::path);
        auto finding = judge_path(path);
        if (!finding) return {};
        finding->clock = Clock::file_system;
        finding->raw_time = file_time(row);
        return Hit{lower(path), std::move(*finding)};
    }
    if (!is_sysmon(row) || event_id(row) != 11) return {};
    auto path = datum(row, "TargetFilename");
    auto finding = judge_path(path);
    if (!finding) return {};
    return Hit{lower(path), std::move(*finding)};
}

constexpr RecordKind kReads[] = {RecordKind::file_entry, RecordKind::windows_event};

}  // namespace

extern const Detector kFilesStaged =
    hit_detector<"files.staged", judge>("Memory dumps and archives left where data is carried off from", kReads);

}  // namespace ascribe

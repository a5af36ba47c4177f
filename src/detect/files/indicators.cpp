// intel.indicator: files and programs that published reports name by hash, path or page name. An indicator is as good
// as its source: low confidence stays a note and never raises a verdict alone; names count for pages in web folders
// only, because names such as config.ini are everywhere.
#include <fmt/format.h>

#include <array>

#include "base/text.hpp"
#include "detect/events/fields.hpp"
#include "detect/exchange_paths.hpp"
#include "detect/hits.hpp"

namespace ascribe {
namespace {

struct Match {
    const Indicator* indicator;
    std::string_view subject;  // the file
};

std::optional<Match> match_file(const Row& row, const Intel& intel) {
    auto path = row.text(FileEntry::path), digest = row.text(FileEntry::sha256);
    if (!digest.empty())
        if (auto* found = intel.find("sha256", digest)) return Match{found, path};
    if (auto* found = intel.find("filepath", path)) return Match{found, path};
    if (is_server_executable(path) && is_web_folder(path) && !is_stock_page(path, intel))
        if (auto* found = intel.find("filename", base_name(path))) return Match{found, path};
    return {};
}

std::optional<Match> match_event(const Row& row, const Intel& intel) {
    if (!is_sysmon(row)) return {};
    auto subject = datum(row, "TargetFilename");
    if (subject.empty()) subject = datum(row, "ImageLoaded");
    if (subject.empty()) subject = datum(row, "Image");
    if (auto hashes = datum(row, "Hashes"); !hashes.empty())
        for (std::string_view algorithm : {"SHA256", "SHA1", "MD5"})
            if (auto digest = hash_of(hashes, algorithm); !digest.empty())
                if (auto* found = intel.find(lower(algorithm), digest)) return Match{found, subject};
    if (event_id(row) == 11 && !subject.empty())
        if (auto* found = intel.find("filepath", subject)) return Match{found, subject};
    return {};
}

Finding finding_of(const Match& match) {
    const Indicator& indicator = *match.indicator;
    Finding finding;
    finding.indicator = lower(fmt::format("{}:{}", indicator.type, indicator.value));
    finding.question = Question::shell;
    finding.page = match.subject;
    // The probabilities are those of the indicator's confidence, which intel takes from its source: high means a hash
    // or path published by those who saw the intrusion, low means a generic name.
    switch (indicator.confidence) {
        case Confidence::high:
            finding.level = Level::success, finding.severity = Severity::critical, finding.probability = 0.9;
            break;
        case Confidence::medium:
            finding.level = Level::attempt, finding.severity = Severity::medium, finding.probability = 0.6;
            break;
        case Confidence::low:
            finding.level = Level::scan, finding.severity = Severity::note, finding.probability = 0.2;
            break;
    }
    finding.statement = fmt::format("The file {} matched an indicator ({} {}) of {}, published by {}.", match.subject,
                                    indicator.type, indicator.value, actor_words(indicator), indicator.source);
    return finding;
}

std::optional<Hit> judge(const RecordBatch& batch, const Row& row, const Intel& intel) {
    auto match = batch.kind() == RecordKind::file_entry ? match_file(row, intel) : match_event(row, intel);
    if (!match) return {};
    return Hit{lower(fmt::format("{} {} {}", match->indicator->type, match->indicator->value, match->subject)),
               finding_of(*match)};
}

constexpr RecordKind kReads[] = {RecordKind::file_entry, RecordKind::windows_event};

}  // namespace

extern const Detector kIntelIndicator =
    hit_detector<"intel.indicator", judge>("Files and programs that published reports name", kReads);

}  // namespace ascribe

// web.staged_archive: an archive or a memory dump fetched from a folder that anyone may read. Exchange keeps none there
// (its baselines of 108 builds hold no archive below owa/auth, ecp/auth or aspnet_client), so somebody put it there to
// take it away: the way mailboxes and LSASS dumps left in March 2021. (Fact EX-03.)
#include <fmt/format.h>

#include "base/text.hpp"
#include "detect/exchange_paths.hpp"
#include "detect/hits.hpp"
#include "detect/web/request.hpp"

namespace ascribe {
namespace {

std::optional<Hit> judge(const RecordBatch& batch, const Row& row, const Intel&) {
    auto request = request_of(batch.kind(), row);
    if (request.back_end || !is_archive(request.stem) || !is_open_folder(request.stem)) return {};
    if (!request.succeeded() || equals_folded(request.method, "HEAD") || equals_folded(request.method, "OPTIONS"))
        return {};
    auto path = normal_path(request.stem);
    bool root = path.find('/', 1) == std::string::npos;  // downloads in the web root are often the owner's
    bool outside = !is_internal(request.address);

    Finding finding;
    finding.level = root ? Level::scan : outside ? Level::success : Level::attempt;
    finding.severity = root ? Severity::low : outside ? Severity::critical : Severity::medium;
    finding.question = root ? Question::attempted : Question::used;
    // EX-03 is rated medium for any file; the folders narrow it, an inside address widens it again.
    finding.probability = root ? 0.2 : outside ? 0.8 : 0.5;
    finding.techniques = {"T1567.002", "T1560.001"};
    finding.address = request.address;
    finding.account = request.user;
    finding.page = request.stem;
    finding.statement =
        fmt::format("{} fetched {}, and the server sent it.", address_words(request.address), request.stem);
    return Hit{fmt::format("{}\n{}", path, lower(request.address)), std::move(finding)};
}

bool may_be_taken(std::string_view stem, const Intel&) { return is_archive(stem) && is_open_folder(stem); }

constexpr RecordKind kReads[] = {RecordKind::http_request, RecordKind::exchange_request};

constexpr Interest kWants[] = {
    {RecordKind::http_request, HttpRequest::stem, may_be_taken},
    {RecordKind::exchange_request, ExchangeRequest::stem, may_be_taken},
};

}  // namespace

extern const Detector kWebStagedArchive =
    hit_detector<"web.staged_archive", judge>("Archives and dumps fetched from folders open to anyone", kReads, kWants);

}  // namespace ascribe

// web.scan_note: what every server on the internet gets: probes by bots for other products' files, or by scanners that
// say their name. Noted, because an intruder's first look may be among them, and kept apart from attempts, because none
// of it tells of one. One note an address, the busiest first.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "detect/hits.hpp"
#include "detect/web/request.hpp"

namespace ascribe {
namespace {

// Addresses listed one by one; a server sees thousands a day, and a list of them helps nobody.
constexpr std::size_t kScanNotes = 25;

/// Paths of other products that bots ask every server for (seen in the logs of any public server; Sigma's web rules).
bool is_foreign_path(std::string_view stem) {
    static constexpr std::string_view kPaths[] = {
        "/.env",           "/.git/",      "/wp-login", "/wp-admin", "/wp-content",   "/xmlrpc.php",
        "phpunit",         "/phpmyadmin", "/cgi-bin/", "/boaform",  "/remote/login", "/dana-na/",
        "/Telerik.Web.UI", "/solr/",      "/actuator", "/HNAP1",    "/vendor/",      "/manager/html",
        "/eval-stdin",     "/.aws/",      "/struts",   "/console/", "/jenkins"};
    return std::ranges::any_of(kPaths, [&](std::string_view part) { return contains_folded(stem, part); });
}

std::optional<Hit> judge(const RecordBatch& batch, const Row& row, const Intel&) {
    auto request = request_of(batch.kind(), row);
    // A signed-in script is somebody's job, and Exchange's own requests to itself have no agent either.
    if (!request.user.empty() || request.back_end) return {};
    bool foreign = is_foreign_path(request.stem);
    // A script that posts, or that names a mailbox in an address, is another detector's business.
    bool named = !request.agent.empty() && is_scripted_agent(request.agent) && !request.is_post() &&
                 request.query.find('@') == std::string_view::npos;
    if (!foreign && !named) return {};
    Finding finding;
    finding.level = Level::scan;
    finding.severity = Severity::note;
    finding.question = Question::attempted;
    finding.probability = 0.9;  // a health check of the owner's with a script is the rest
    finding.techniques = {"T1595"};
    finding.address = request.address;
    finding.page = request.stem;
    return Hit{lower(request.address), std::move(finding)};
}

Conclusion conclude(const Hits& hits, const Intel&) {
    std::vector<const Group*> groups;
    for (const auto& [key, group] : hits.groups()) groups.push_back(&group);
    std::ranges::stable_sort(groups, std::greater{}, [](const Group* group) { return group->rows; });
    Conclusion conclusion;
    for (std::size_t i = 0; i < std::min(groups.size(), kScanNotes); ++i) {
        auto finding = finding_of(*groups[i]);
        finding.statement = fmt::format("{} sent {} random probe{}, such as {}.", address_words(finding.address),
                                        finding.evidence_total, finding.evidence_total == 1 ? "" : "s", finding.page);
        conclusion.findings.push_back(std::move(finding));
    }
    if (groups.size() <= kScanNotes) return conclusion;
    auto rest = finding_of(*groups[kScanNotes]);
    for (std::size_t i = kScanNotes + 1; i < groups.size(); ++i) {
        auto listed = rest.evidence.size();
        add_evidence(rest, *groups[i]);
        if (listed >= kEvidenceListed) rest.evidence.resize(listed);
    }
    settle(rest);
    rest.statement =
        fmt::format("{} more addresses sent {} random probes.", groups.size() - kScanNotes, rest.evidence_total);
    rest.address.clear();
    rest.page.clear();
    conclusion.findings.push_back(std::move(rest));
    return conclusion;
}

bool may_be_probe(std::string_view stem, const Intel&) { return is_foreign_path(stem); }
bool may_be_script(std::string_view agent, const Intel&) { return is_scripted_agent(agent); }

constexpr RecordKind kReads[] = {RecordKind::http_request};

constexpr Interest kWants[] = {
    {RecordKind::http_request, HttpRequest::stem, may_be_probe},
    {RecordKind::http_request, HttpRequest::user_agent, may_be_script},
};

}  // namespace

extern const Detector kWebScanNote =
    hit_detector<"web.scan_note", judge, conclude>("Random probes by bots, by address", kReads, kWants);

}  // namespace ascribe

// web.unknown_page: requests to pages that the server would run and Exchange does not ship, in folders open to anyone.
// The page matters more than the flaw it came by. A POST that succeeds is use of it; a GET that succeeds shows that it
// is there and may be anyone's check; 404 and 302 show that it is not (WS-03, guide 1.16: third parties test shell
// names within days). One finding a page for use, one for checks; one note an address for pages that were not there.
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/saturating.hpp"
#include "base/text.hpp"
#include "base/text_memo.hpp"
#include "detect/exchange_paths.hpp"
#include "detect/hits.hpp"
#include "detect/web/request.hpp"
#include "model/web_log.hpp"

namespace ascribe {
namespace {

constexpr std::string_view kUsed = "used", kChecked = "checked", kAbsent = "absent";
// Notes of addresses that asked for absent pages; the rest are summed up in one.
constexpr std::size_t kAbsentListed = 50;
// Addresses named in a sentence.
constexpr std::size_t kNamed = 3;
constexpr std::size_t kPublic = 32;  // as behaviour::kUsers
// More addresses than this speak for a page of the owner's: intruders' pages had one to three (victims' logs, WS-03).
constexpr std::size_t kManyVisitors = 20;

/// How likely the page is a foreign one, given that somebody used it. Starting points and steps are our judgement, in
/// the order of the facts they rest on: WS-01 (Exchange's folders hold no other pages), WS-09 (look-alikes), names of
/// the published shells (generated, or listed as indicators).
double page_probability(std::string_view path, const Intel& intel) {
    bool exchange_folder = path.find('/', 1) != std::string_view::npos;
    double probability = exchange_folder ? 0.8 : 0.35;  // the root of the web site may hold the owner's own pages
    if (!look_alike(path, intel).empty()) probability += 0.12;
    if (is_random_name(path)) probability += 0.12;
    if (auto* known = intel.find("filename", base_name(path)); known && known->confidence != Confidence::low)
        probability += 0.1;
    return std::min(probability, 0.97);
}

/// The same, remembered: whoever finds a page asks for it again and again.
double known_page_probability(const std::string& path, const Intel& intel) {
    thread_local TextMemo<double> known(1 << 8);
    thread_local const Intel* of = nullptr;
    if (std::exchange(of, &intel) != &intel) known = TextMemo<double>(1 << 8);
    auto [probability, is_new] = known.find(path);
    if (probability == nullptr) return page_probability(path, intel);
    if (is_new) *probability = page_probability(path, intel);
    return *probability;
}

/// Where shells were put: the open folders, and three applications that hold services (.asmx, .svc) but no pages
/// (WS-01).
bool is_page_folder(std::string_view stem) {
    if (is_open_folder(stem)) return true;
    if (!contains_folded(stem, ".aspx") && !contains_folded(stem, ".ashx")) return false;
    return starts_folded(stem, "/oab/") || starts_folded(stem, "/ews/") || starts_folded(stem, "/autodiscover/");
}

bool is_foreign_page(std::string_view stem, const Intel& intel) {
    // Cheap refusals first: nearly every request ends here.
    return stem.find('.') != std::string_view::npos && is_server_executable(stem) && is_page_folder(stem) &&
           !is_stock_page(stem, intel);
}

/// Logged by Apache, nginx and the like (docs/formats/access-log.md), which Exchange does not run on.
bool is_other_server(RecordKind kind, const Row& row) {
    return kind == RecordKind::http_request && is_of_other_server(row.text(HttpRequest::log));
}

std::optional<Hit> judge(const RecordBatch& batch, const Row& row, const Intel& intel) {
    auto request = request_of(batch.kind(), row);
    if (request.back_end || !is_foreign_page(request.stem, intel) || is_health_probe(request)) return {};

    auto path = normal_path(request.stem);
    // Before Exchange may stand another server, whose log shows Exchange's folders; its own root is its own.
    if (is_other_server(batch.kind(), row) && path.find('/', 1) == std::string::npos) return {};
    bool there = request.succeeded() || request.status == 500;  // a page that failed was there
    bool used = request.is_post() && request.succeeded();
    Finding finding;
    finding.address = request.address;
    finding.account = request.user;
    finding.page = request.stem;
    if (!there) {
        if (path.find('/', 1) == std::string::npos)
            return {};  // bots ask every server's root for pages: see web.scan_note
        return Hit{fmt::format("{}\n{}", kAbsent, lower(request.address)), std::move(finding)};
    }
    finding.probability = known_page_probability(path, intel);
    // A page in the root may be the owner's. Without a telling name it stays a note.
    finding.level = finding.probability < 0.4             ? Level::scan
                    : used && finding.probability >= 0.75 ? Level::success
                                                          : Level::attempt;
    return Hit{fmt::format("{}\n{}\n{}", used ? kUsed : kChecked, path, lower(request.address)), std::move(finding)};
}

/// Everything one page was asked in one way.
struct Visits {
    std::vector<const Group*> groups;  // one an address and level
    std::uint64_t rows = 0;
};

bool in_root(std::string_view page) { return normal_path(page).find('/', 1) == std::string::npos; }

std::string names_of(const std::vector<const Group*>& groups) {
    std::set<std::string_view> addresses;
    for (const Group* group : groups) addresses.insert(address_words(group->finding.address));
    std::string names;
    std::size_t count = 0;
    for (std::string_view address : addresses) {
        if (count++ == kNamed) break;
        if (!names.empty()) names += ", ";
        names += address;
    }
    if (addresses.size() > kNamed) names += fmt::format(" and {} more addresses", addresses.size() - kNamed);
    return names;
}

Finding told(std::string_view how, const Visits& visits, const Intel& intel) {
    // The busiest visitor speaks for all; a tie goes to the first address, whatever the order of rows.
    auto busiest = *std::ranges::max_element(visits.groups, {}, [](const Group* group) { return group->rows; });
    Finding finding = finding_of(*busiest);
    for (const Group* group : visits.groups)
        if (group != busiest) add_evidence(finding, *group);
    settle(finding);
    bool used = how == kUsed;
    auto alike = look_alike(finding.page, intel);
    // As pages: what is fetched by more addresses than any shell was (behaviour.page) is the public's own.
    bool own = in_root(finding.page) && !used && visits.groups.size() > kPublic;
    if (own) finding.level = Level::scan;
    if (visits.groups.size() > kManyVisitors) finding.probability *= 0.8;
    finding.techniques = {"T1505.003"};
    if (!alike.empty()) finding.techniques.emplace_back("T1036.005");
    finding.question = used && finding.level == Level::success ? Question::used : Question::attempted;
    finding.severity = finding.level == Level::success   ? Severity::critical
                       : finding.level == Level::attempt ? Severity::high
                                                         : Severity::low;
    finding.statement = fmt::format("{} {} {}, a page that Exchange does not ship{}; the server answered.",
                                    names_of(visits.groups), used ? "posted to" : "fetched", finding.page,
                                    alike.empty() ? "" : fmt::format(" and that is named almost as {}", alike));
    return finding;
}

void tell_absent(std::vector<const Group*> groups, Conclusion& conclusion) {
    std::ranges::stable_sort(groups, std::greater{}, [](const Group* group) { return group->rows; });
    for (std::size_t i = 0; i < groups.size(); ++i) {
        bool summed = i >= kAbsentListed;
        if (summed && i > kAbsentListed) {
            add_evidence(conclusion.findings.back(), *groups[i]);
            continue;
        }
        Finding finding = finding_of(*groups[i]);
        finding.level = Level::scan;
        finding.severity = Severity::note;
        finding.question = Question::attempted;
        finding.probability = 0.9;
        finding.techniques = {"T1595.003"};
        finding.statement = summed ? fmt::format("{} more addresses asked for pages that were not there.",
                                                 groups.size() - kAbsentListed)
                                   : fmt::format("{} sent {} request{} for pages that were not there, such as {}.",
                                                 address_words(finding.address), finding.evidence_total,
                                                 finding.evidence_total == 1 ? "" : "s", finding.page);
        if (summed) finding.address.clear();
        conclusion.findings.push_back(std::move(finding));
    }
    if (groups.size() > kAbsentListed) settle(conclusion.findings.back());
}

Conclusion conclude(const Hits& hits, const Intel& intel) {
    std::map<std::pair<std::string_view, std::string_view>, Visits> pages;  // (how, page and its level)
    std::vector<const Group*> absent;
    for (const auto& [key, group] : hits.groups()) {
        auto text = std::string_view(key.key);
        auto first = std::min(text.find('\n'), text.size()), last = std::min(text.rfind('\n'), text.size());
        auto how = text.substr(0, first);
        if (how == kAbsent) {
            absent.push_back(&group);
        } else if (how == kUsed || how == kChecked) {
            auto& visits = pages[{how, text.substr(first, last - first)}];
            visits.groups.push_back(&group);
            add_up(visits.rows, group.rows);
        }
    }
    Conclusion conclusion;
    for (const auto& [page, visits] : pages) conclusion.findings.push_back(told(page.first, visits, intel));
    tell_absent(std::move(absent), conclusion);
    return conclusion;
}

constexpr RecordKind kReads[] = {RecordKind::http_request, RecordKind::exchange_request};

constexpr Interest kWants[] = {
    {RecordKind::http_request, HttpRequest::stem, is_foreign_page},
    {RecordKind::exchange_request, ExchangeRequest::stem, is_foreign_page},
};

}  // namespace

extern const Detector kWebUnknownPage = hit_detector<"web.unknown_page", judge, conclude>(
    "Use of pages that Exchange does not ship, and who looked for them", kReads, kWants);

}  // namespace ascribe

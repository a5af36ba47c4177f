// behaviour.page: pages that are used as web shells are, whatever their name and bytes: new in the log, rarely used,
// only posted to, by few addresses that came from no other page. It reads web logs alone, so it tells of a page that
// was deleted before anybody looked, on IIS and on any other server.
//
// The probability is a sum of features with fitted weights (features.def, docs/behaviour.md), and the statement names
// those that moved it most. It was fitted on synthetic servers: kMost is what such a sum may say at most, so that it
// never decides a verdict without a second witness.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.hpp"
#include "detect/behaviour/features.hpp"
#include "detect/web/request.hpp"

namespace ascribe {
namespace {

using namespace behaviour;

constexpr double kTold = 0.5;              // below it the page is more likely not a shell
constexpr double kMost = 0.74;             // below the 0.75 from which an answer is "yes" (docs/verdict.md)
constexpr std::size_t kPagesTold = 100;    // the likeliest; a server that shows more of them needs other means
constexpr std::size_t kFeaturesNamed = 6;  // enough to follow the reason
constexpr std::size_t kNamed = 3;          // addresses in a sentence

struct User {
    std::string_view address;
    const Visits* visits;
};

/// The page's users, busiest first.
std::vector<User> users_of(const Doings& doings) {
    std::vector<User> users;
    for (const auto* entry : doings.addresses.kept()) users.push_back({entry->key, &entry->value});
    std::ranges::sort(users, [](const User& a, const User& b) {
        return a.visits->rows != b.visits->rows ? a.visits->rows > b.visits->rows : a.address < b.address;
    });
    return users;
}

std::string plural(std::uint64_t count, std::string_view one) {
    return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s");
}

std::string who_used(const std::vector<User>& users) {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < std::min(users.size(), kNamed); ++i)
        parts.push_back(fmt::format("{} ({})", address_words(users[i].address), users[i].visits->rows));
    auto text = fmt::format("{}", fmt::join(parts, ", "));
    return users.size() <= kNamed ? text : text + fmt::format(" and {}", plural(users.size() - kNamed, "more address"));
}

/// Who asked for the page without using it: the ones who found it, not the ones who had it.
std::string who_checked(const JudgedPage& judged) {
    std::vector<std::string_view> addresses;
    auto add = [&](const auto& sample) {
        for (const auto* entry : sample.kept())
            if (judged.doings->addresses.find(entry->key) == nullptr && entry->value.last > judged.doings->all.first)
                addresses.push_back(entry->key);
    };
    add(judged.page->looks.addresses);
    if (judged.misses != nullptr) add(judged.misses->askers);
    std::ranges::sort(addresses);
    addresses.erase(std::ranges::unique(addresses).begin(), addresses.end());
    if (addresses.empty()) return {};
    auto named = std::min(addresses.size(), kNamed);
    auto text = fmt::format("; {}", fmt::join(std::span(addresses).first(named), ", "));
    if (addresses.size() > named) text += fmt::format(" and {} more", addresses.size() - named);
    return text + " asked for it later without using it";
}

/// "only posted to (+2.1), one address used it (+1.3), ...": the heaviest first.
std::string reasons(const JudgedPage& judged) {
    std::vector<std::pair<double, std::string_view>> moved;
    for (std::size_t i = 0; i < kFeatures; ++i)
        if (auto weight = weight_of(i, judged.by); judged.seen[i] && weight != 0)
            moved.emplace_back(weight, feature_texts()[i].words);
    std::ranges::stable_sort(moved, std::greater{}, [](const auto& reason) { return std::abs(reason.first); });
    if (moved.size() > kFeaturesNamed) moved.resize(kFeaturesNamed);
    std::vector<std::string> parts;
    for (const auto& [weight, words] : moved) parts.push_back(fmt::format("{} ({:+.1f})", words, weight));
    return fmt::format("{}", fmt::join(parts, ", "));
}

std::string presence(const JudgedPage& judged) {
    if (judged.misses == nullptr || judged.misses->absent.rows == 0) return {};
    const Visits& absent = judged.misses->absent;
    if (absent.last > judged.page->all().last)
        return fmt::format("; by {} it was gone", format_time_prose(std::max(absent.first, judged.page->all().last)));
    return {};
}

/// "5 commands", "3 queries", or what a page that was never used got.
std::string doings_words(const JudgedPage& judged) {
    auto rows = judged.doings->all.rows;
    if (judged.by != By::used) return plural(rows, "request") + " without query or body";
    return judged.page->posts > 0 ? plural(rows, "command") : fmt::format("{} quer{}", rows, rows == 1 ? "y" : "ies");
}

Finding tell(const JudgedPage& judged) {
    const Doings& done = *judged.doings;
    auto users = users_of(done);
    Finding finding;
    finding.detector = "behaviour.page";
    finding.level = Level::success;  // the server did what it was asked
    finding.severity = Severity::high;
    finding.question = Question::used;
    finding.probability = std::min(judged.probability, kMost);
    finding.raw_time = finding.time = done.all.first;
    finding.last = done.all.last;
    finding.techniques = {"T1505.003"};
    finding.address = users.empty() ? "" : std::string(users.front().address);
    finding.page = judged.path;
    finding.statement = fmt::format(
        "{} was used like a web shell: {} between {} and {} by {}{}{}. What speaks for it and against, in log-odds: "
        "{}; together a probability of {:.2f}.",
        done.name.empty() ? judged.path : done.name, doings_words(judged), format_time_prose(done.all.first),
        format_time_prose(done.all.last), who_used(users), presence(judged), who_checked(judged), reasons(judged),
        judged.probability);
    for (const Use& use : done.earliest) {
        finding.evidence.push_back(use.mark.ref);
        finding.moments.push_back(use.mark.time);
    }
    bool is_cited = judged.by == By::used;  // looks are many
    if (is_cited && (done.earliest.empty() || done.earliest.back().mark < done.latest)) {
        finding.evidence.push_back(done.latest.ref);
        finding.moments.push_back(done.latest.time);
    }
    finding.evidence_total = done.all.rows;
    return finding;
}

class PageBehaviour {
public:
    void observe(const RecordBatch& batch, const Intel& intel) { pages_.observe(batch, intel); }
    void merge(const PageBehaviour& other) { pages_.merge(other.pages_); }

    Conclusion conclude(const Intel&) const {
        Pages settled = pages_;
        settled.settle();
        auto judged = judge_pages(settled);
        std::erase_if(judged, [](const JudgedPage& page) { return page.probability < kTold; });
        std::ranges::stable_sort(judged, std::greater{}, &JudgedPage::probability);
        if (judged.size() > kPagesTold) judged.resize(kPagesTold);
        Conclusion conclusion;
        for (const JudgedPage& page : judged) conclusion.findings.push_back(tell(page));
        return conclusion;
    }

    void save(Writer& out) const { pages_.save(out); }
    static Result<PageBehaviour> load(Reader& in) {
        PageBehaviour behaviour;
        behaviour.pages_ = TRY(Pages::load(in));
        return behaviour;
    }

private:
    Pages pages_;
};

constexpr RecordKind kReads[] = {RecordKind::http_request};

}  // namespace

extern const Detector kBehaviourPage =
    fold_of<PageBehaviour>("behaviour.page", "Pages that are used as web shells are, whatever their name", kReads);

}  // namespace ascribe

#include "detect/behaviour/features.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/text.hpp"
#include "detect/exchange_paths.hpp"

namespace ascribe::behaviour {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

// Where a feature begins. All of them are our choice, made before the weights were fitted, which then say what each is
// worth; a shell has few users and rare uses, a page of the site many of both (fact WS-03).
constexpr double kMostUses = 0.5;                        // of a page's uses
constexpr std::uint64_t kPostsPerOther = 2;              // POSTs for each other request: mostly posted to
constexpr std::uint64_t kFew = 3, kMany = 8;             // addresses
constexpr double kLogged = 0.05;                         // a column filled on so few rows tells nothing when empty
constexpr Ticks kNewAfter = days{2};                     // and a tenth of the log: a page rarely used comes late anyway
constexpr double kFewDays = 0.2, kMostDays = 0.5;        // share of the days since the first use
constexpr std::int64_t kHabitDays = 4;                   // days since the first use that show a habit
constexpr Ticks kBurst = minutes{10};                    // most uses follow one another within it
constexpr std::uint64_t kHammer = 20;                    // uses of one address: passwords are guessed so
constexpr Ticks kHammerGap = std::chrono::seconds{15};   // between them, on average; people read the answers
constexpr double kEven = 0.35;                           // deviation of the gaps over their mean
constexpr std::size_t kRhythmUses = 6, kGrowthUses = 5;  // fewer rows show no rhythm and no growth
constexpr Ticks kTogether = hours{12};                   // pages of one deployment are first used within it
constexpr double kProxied = 0.4;                         // of all rows, from one address
constexpr double kRare = 0.001;                          // of all rows
constexpr double kNothingElse = 0.8, kBrowsing = 0.3;    // share of a user's rows
constexpr std::uint64_t kScanMisses = 10;                // and as many as kScanShare of the user's rows
constexpr double kScanShare = 0.33;
constexpr std::uint64_t kSettled = 3;   // requests for a page that counts as one of its folder
constexpr std::size_t kFamily = 3;      // such pages beside it
constexpr std::size_t kDeployment = 4;  // pages first shown together
constexpr std::size_t kVaried = 3;      // sizes that differ, of as many uses
constexpr std::uint64_t kManyUses = 5;  // that answers of one size are no chance
constexpr double kGrowth = 0.4;         // Kendall's tau of body size and time
constexpr std::size_t kUnlikeUses = 4;  // of which hardly two answers in a row were alike
constexpr double kUnlike = 0.75;        // of the answers
constexpr double kReturns = 4;          // uses of each address: it came back for more
constexpr std::uint64_t kFetches = 4;   // of a page that nobody used: fewer show neither rhythm nor sizes

bool share(std::uint64_t part, double of, std::uint64_t whole) {
    return static_cast<double>(part) >= of * static_cast<double>(whole);
}

/// What pages tell of one another.
struct Neighbours {
    std::map<std::string_view, std::uint64_t> in_folder;  // script pages asked for kSettled times or more
    std::vector<Time> first_shown;                        // of pages that several addresses fetched, ascending
    bool proxied = false;                                 // one address speaks for most: addresses tell nothing

    explicit Neighbours(const Pages& pages) {
        for (const auto* entry : pages.pages.kept()) {
            const Page& page = entry->value;
            if (page.still) continue;
            auto addresses = page.uses.addresses.distinct() + page.looks.addresses.distinct();
            if (page.all().rows >= kSettled) ++in_folder[folder_of(entry->key)];
            if (addresses >= kFew) first_shown.push_back(page.all().first);
        }
        std::ranges::sort(first_shown);
        for (const auto* entry : pages.visitors.kept())
            proxied = proxied || share(entry->value.rows, kProxied, pages.totals.rows);
    }

    std::size_t shown_around(Time time) const {
        auto from = std::ranges::lower_bound(first_shown, time - kTogether);
        auto until = std::ranges::upper_bound(first_shown, time + kTogether);
        return static_cast<std::size_t>(until - from);
    }
};

/// Gaps between the earliest uses.
std::vector<double> gaps_of(const Doings& page) {
    std::vector<double> gaps;
    for (std::size_t i = 1; i < page.earliest.size(); ++i)
        gaps.push_back(static_cast<double>((page.earliest[i].mark.time - page.earliest[i - 1].mark.time).count()));
    return gaps;
}

bool is_even(const std::vector<double>& gaps) {
    if (gaps.size() + 1 < kRhythmUses) return false;
    double sum = 0, squares = 0;
    for (double gap : gaps) sum += gap, squares += gap * gap;
    auto mean = sum / static_cast<double>(gaps.size());
    auto variance = squares / static_cast<double>(gaps.size()) - mean * mean;
    return mean > 0 && std::sqrt(std::max(variance, 0.0)) < kEven * mean;
}

bool is_burst(std::vector<double> gaps) {
    if (gaps.size() < 2) return false;
    std::ranges::sort(gaps);
    return gaps[gaps.size() / 2] <= static_cast<double>(kBurst.count());
}

/// More pairs in which the later body is larger than the other way round: Kendall's tau above kGrowth.
bool grows(const Doings& page) {
    std::int64_t up = 0, down = 0;
    if (page.earliest.size() < kGrowthUses) return false;
    for (std::size_t i = 0; i < page.earliest.size(); ++i)
        for (std::size_t j = i + 1; j < page.earliest.size(); ++j) {
            up += page.earliest[j].received > page.earliest[i].received ? 1 : 0;
            down += page.earliest[j].received < page.earliest[i].received ? 1 : 0;
        }
    auto pairs = static_cast<double>(page.earliest.size() * (page.earliest.size() - 1) / 2);
    return static_cast<double>(up - down) > kGrowth * pairs;
}

/// Hardly two answers in a row were alike in size: what each shows, another command asked for.
bool are_unlike(const std::vector<Use>& uses) {
    if (uses.size() < kUnlikeUses) return false;
    std::size_t unlike = 0;
    for (std::size_t i = 1; i < uses.size(); ++i)
        unlike += size_bin(uses[i].sent) != size_bin(uses[i - 1].sent) ? 1 : 0;
    return share(unlike, kUnlike, uses.size() - 1);
}

/// What the page's users did besides, over those of them that are in the sample of visitors.
struct Others {
    std::uint64_t rows = 0, here = 0, pages = 0, stills = 0, misses = 0;
    bool known = true, inside = true;

    Others(const Doings& doings, const Pages& all) {
        for (const auto* user : doings.addresses.kept()) {
            inside = inside && is_internal(user->key);
            const Visitor* visitor = all.visitors.find(user->key);
            if (visitor == nullptr) {
                known = false;
                continue;
            }
            here += user->value.rows;
            rows += visitor->rows;
            pages += visitor->scripts;
            stills += visitor->stills;
            misses += visitor->misses;
        }
    }
};

/// A digit before the last letter of a name of one word: 0tdyldga.php, not page2.php.
bool has_digits_inside(std::string_view path) {
    auto name = base_name(path);
    name = name.substr(0, name.find('.'));
    auto letter = name.find_last_of("abcdefghijklmnopqrstuvwxyz"), digit = name.find_first_of("0123456789");
    return digit != std::string_view::npos && letter != std::string_view::npos && digit < letter &&
           name.find_first_of("-_ ") == std::string_view::npos;
}

class Look {
public:
    Look(const Pages& pages, const Neighbours& neighbours, const JudgedPage& judged)
        : pages_(pages),
          neighbours_(neighbours),
          path_(judged.key),
          page_(*judged.page),
          done_(*judged.doings),
          misses_(judged.misses),
          fetched_(judged.by != By::used) {}

    Features features() {
        methods();
        addresses();
        referrers();
        presence();
        answers();
        rhythm();
        place();
        together();
        return seen_;
    }

private:
    void note(Feature feature, bool seen) { seen_[static_cast<std::size_t>(feature)] = seen; }
    std::uint64_t uses() const { return done_.all.rows; }

    void methods() {
        if (fetched_) return;
        auto others = page_.looks.all.rows + page_.queried();
        note(Feature::still_name, page_.still);
        note(Feature::only_posted, !page_.still && page_.posts > 0 && others == 0);  // looks at files are not kept
        note(Feature::mostly_posted, others > 0 && page_.posts > kPostsPerOther * others);
        note(Feature::queried, page_.posts == 0);
    }

    void addresses() {
        note(Feature::signed_in, share(done_.signed_in, kMostUses, uses()));
        note(Feature::scripted, share(done_.scripted, kMostUses, uses()));
        if (neighbours_.proxied) return;
        auto users = done_.addresses.distinct();
        std::uint64_t lookers = 0;
        for (const auto* looker : page_.looks.addresses.kept())
            lookers += done_.addresses.find(looker->key) == nullptr ? 1 : 0;
        note(Feature::one_user, users == 1);
        note(Feature::few_users, users > 1 && users <= kFew);
        note(Feature::many_users, users >= kMany);
        note(Feature::many_lookers, lookers >= kMany);
        note(Feature::returning, share(uses(), kReturns, users));
        Others others(done_, pages_);
        note(Feature::inside_users, others.inside);
        if (!others.known || others.rows == 0) return;
        note(Feature::nothing_else, share(others.here, kNothingElse, others.rows));
        auto elsewhere = others.pages + others.stills - std::min(others.here, others.pages + others.stills);
        note(Feature::browsing_users, share(elsewhere, kBrowsing, others.rows));
        note(Feature::scanning_users, others.misses >= kScanMisses && share(others.misses, kScanShare, others.rows));
    }

    void referrers() {
        if (!share(pages_.totals.referred, kLogged, pages_.totals.rows)) return;
        note(Feature::no_way_in, page_.uses.linked + page_.looks.linked == 0);
        note(Feature::no_referrer, done_.linked + done_.itself == 0);
        note(Feature::linked, share(done_.linked, kMostUses, uses()));
        note(Feature::itself, done_.linked == 0 && done_.itself > 0);
    }

    void presence() {
        auto begin = pages_.totals.first;
        auto length = pages_.totals.last - begin;
        bool fresh = page_.all().first - begin > std::max<Ticks>(kNewAfter, length / 10);
        note(Feature::new_page, fresh);
        note(Feature::deployed, fresh && neighbours_.shown_around(page_.all().first) >= kDeployment);
        if (misses_ == nullptr) return;
        note(Feature::missing_before, misses_->absent.rows > 0 && misses_->absent.first < page_.all().first);
        note(Feature::gone_later, misses_->absent.rows > 0 && misses_->absent.last > page_.all().last);
        bool checked = false;
        for (const auto* asker : misses_->askers.kept())
            checked = checked || (asker->value.last > page_.all().last && done_.addresses.find(asker->key) == nullptr);
        note(Feature::checked_later, checked);
    }

    void answers() {
        bool refused = misses_ != nullptr && misses_->refused.rows + misses_->failed.rows > 0;
        bool moved = misses_ != nullptr && misses_->moved.rows > 0 && misses_->moved.first < done_.all.last;
        note(Feature::steady, !refused && !moved && uses() >= 2);
        note(Feature::redirects, moved);
        auto bins = done_.sent.count();
        if (uses() >= kVaried) note(Feature::varied_answers, bins >= kVaried);
        if (uses() >= kManyUses) note(Feature::constant_answers, bins == 1);
        if (uses() >= kVaried) note(Feature::varied_bodies, done_.received.count() >= kVaried);
        note(Feature::growing_bodies, grows(done_));
        note(Feature::unlike_answers, are_unlike(done_.earliest));
    }

    void rhythm() {
        auto since = std::chrono::duration_cast<days>(pages_.totals.last - done_.all.first).count() + 1;
        auto active = done_.days.size();
        note(Feature::few_days, active <= 1 || static_cast<double>(active) <= kFewDays * static_cast<double>(since));
        note(Feature::most_days,
             since >= kHabitDays && static_cast<double>(active) >= kMostDays * static_cast<double>(since));
        auto gaps = gaps_of(done_);
        note(Feature::bursts, is_burst(gaps));
        note(Feature::even_rhythm, is_even(gaps));
        note(Feature::hammered, std::ranges::any_of(done_.addresses.kept(), [](const auto* user) {
                 const Visits& visits = user->value;
                 return visits.rows >= kHammer &&
                        static_cast<double>((visits.last - visits.first).count()) <=
                            static_cast<double>(kHammerGap.count()) * static_cast<double>(visits.rows);
             }));
        note(Feature::rare, static_cast<double>(uses()) <= kRare * static_cast<double>(pages_.totals.rows));
    }

    void place() {
        auto folder = neighbours_.in_folder.find(folder_of(path_));
        auto siblings = folder == neighbours_.in_folder.end() ? 0 : folder->second;
        siblings -= std::min<std::uint64_t>(siblings, !page_.still && page_.all().rows >= kSettled ? 1 : 0);
        note(Feature::alone, siblings == 0);
        note(Feature::family, siblings >= kFamily);
        note(Feature::data_folder, is_data_folder(path_));
        note(Feature::random_name, is_random_name(path_) || has_digits_inside(path_));
    }

    bool seen(Feature feature) const { return seen_[static_cast<std::size_t>(feature)]; }

    /// What a sum of single features cannot say.
    void together() {
        bool few = seen(Feature::one_user) || seen(Feature::few_users);
        note(Feature::unlinked, few && seen(Feature::no_referrer) && seen(Feature::nothing_else));
        note(Feature::operated, few && seen(Feature::no_way_in) && seen(Feature::bursts));
        note(Feature::brief, seen(Feature::new_page) && seen(Feature::few_days) && seen(Feature::bursts));
    }

    const Pages& pages_;
    const Neighbours& neighbours_;
    std::string_view path_;
    const Page& page_;
    const Doings& done_;
    const Misses* misses_;
    bool fetched_;
    Features seen_;
};

}  // namespace

std::span<const FeatureText> feature_texts() {
    static constexpr FeatureText kTexts[] = {
#define ASCRIBE_TEXT(name, way, used, fetched, unsized, words) {#name, {used, fetched, unsized}, words},
        ASCRIBE_FEATURES(ASCRIBE_TEXT)
#undef ASCRIBE_TEXT
    };
    return kTexts;
}

double weight_of(std::size_t feature, By by) { return feature_texts()[feature].weights[static_cast<std::size_t>(by)]; }

double probability_of(const Features& seen, By by) {
    constexpr std::array kLogOdds = {ASCRIBE_USED_LOG_ODDS, ASCRIBE_FETCHED_LOG_ODDS, ASCRIBE_UNSIZED_LOG_ODDS};
    double odds = kLogOdds[static_cast<std::size_t>(by)];
    for (std::size_t i = 0; i < kFeatures; ++i)
        if (seen[i]) odds += weight_of(i, by);
    return 1 / (1 + std::exp(-odds));
}

std::vector<JudgedPage> judge_pages(const Pages& pages) {
    Neighbours neighbours(pages);
    std::vector<JudgedPage> all;
    const bool sized = share(pages.totals.answered, kLogged, pages.totals.rows);
    for (const auto* entry : pages.pages.kept()) {
        const Page& page = entry->value;
        bool fetched = page.uses.all.rows == 0;
        if (fetched && (page.still || page.looks.all.rows < kFetches)) continue;
        JudgedPage judged;
        judged.key = entry->key;
        judged.path = judged.key.substr(std::min(judged.key.find('/'), judged.key.size()));
        judged.page = &page;
        judged.doings = fetched ? &page.looks : &page.uses;
        judged.misses = pages.misses.find(entry->key);
        judged.by = !fetched ? By::used : sized ? By::fetched : By::unsized;
        if (judged.doings->crowded()) continue;
        judged.seen = Look(pages, neighbours, judged).features();
        judged.probability = probability_of(judged.seen, judged.by);
        all.push_back(judged);
    }
    std::ranges::sort(all, {}, &JudgedPage::key);
    return all;
}

}  // namespace ascribe::behaviour

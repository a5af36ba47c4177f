// behaviour.mailbox_volume: an account that asked for far more by EWS or MAPI on one day than on its own other days, as
// when a mailbox is read out with a stolen sign-in. Each account is compared with nobody but itself.
//
// Counts a day are compared on a logarithmic scale: the account's median, and its spread as the median deviation times
// 1.4826 (Rousseeuw and Croux, 1993), at least a factor of 1.6. How rarely a day of that account reaches such a count
// is taken from Student's t with eight degrees of freedom, whose tails are heavy as those of people's habits are.
// Against it stands the prior of kPrior that an account's day is one of theft (reasoned: with a thousand accounts and
// thirty days, a third of a finding a month by chance). As a volume has ordinary reasons too (a new device copies
// the whole mailbox), the probability is at most kMost: it calls for an explanation and decides nothing alone.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/saturating.hpp"
#include "base/text.hpp"
#include "detect/behaviour/sample.hpp"
#include "detect/exchange_paths.hpp"
#include "detect/facts/fold.hpp"
#include "detect/web/request.hpp"

namespace ascribe {
namespace {

using behaviour::Sample;

constexpr std::size_t kAccounts = 8'192;      // series kept: an account in one log; beyond, an even sample of them
constexpr std::size_t kDays = 400;            // days kept of a series, the first ones
constexpr std::uint64_t kLeast = 1'000;       // requests: fewer do not empty a mailbox (one message is one request)
constexpr std::size_t kPast = 5;              // other days needed to know an account's habit
constexpr double kLeastSpread = 0.47;         // a factor of 1.6
constexpr double kPrior = 1e-5, kMost = 0.7;  // see above

struct Day {
    std::uint64_t rows = 0;
    Mark first;
};

struct Series {
    std::vector<std::pair<std::int32_t, Day>> days;  // ascending

    /// New days have no rows. Call trim() when the row is in.
    Day& day(std::int32_t number) {
        if (!days.empty() && days.back().first == number) return days.back().second;
        auto at = std::ranges::lower_bound(days, number, {}, &std::pair<std::int32_t, Day>::first);
        if (at == days.end() || at->first != number) at = days.insert(at, {number, Day()});
        return at->second;
    }
    /// Has the day that most rows fall on brought near.
    void expect() const {
        if (!days.empty()) __builtin_prefetch(&days.back());
    }
    void trim() {
        if (days.size() > kDays) days.pop_back();
    }
    void add(std::int32_t number, std::uint64_t rows, const Mark& first) {
        Day& to = day(number);
        if (to.rows == 0 || first < to.first) to.first = first;
        add_up(to.rows, rows);
        trim();
    }
    void merge(const Series& other) {
        for (const auto& [number, seen] : other.days) add(number, seen.rows, seen.first);
    }
    void save(Writer& out) const {
        out.count(days.size());
        for (const auto& [day, seen] : days) {
            out.little(day);
            out.little(seen.rows);
            save_time(out, seen.first.time);
            save_ref(out, seen.first.ref);
        }
    }
    static Result<Series> load(Reader& in) {
        Series series;
        auto count = TRY(in.count("mailbox.days"));
        if (count > kDays) return std::unexpected(Error{Fault::too_large, "mailbox.days", in.offset(), count, kDays});
        for (std::uint32_t i = 0; i < count; ++i) {
            auto day = TRY(in.little<std::int32_t>("mailbox.day"));
            auto rows = TRY(in.little<std::uint64_t>("mailbox.rows"));
            Mark first;
            first.time = TRY(load_time(in));
            first.ref = TRY(load_ref(in));
            series.add(day, rows, first);
        }
        return series;
    }
};

/// The upper tail of Student's t with eight degrees of freedom, in closed form (Abramowitz and Stegun, 26.7.4).
double tail(double t) {
    double c = 8 / (8 + t * t), s = t / std::sqrt(8 + t * t);
    return (1 - s * (1 + c / 2 + 3 * c * c / 8 + 5 * c * c * c / 16)) / 2;
}

std::int32_t day_of(Time time) {
    return static_cast<std::int32_t>(std::chrono::floor<std::chrono::days>(time).time_since_epoch().count());
}

double median(std::vector<double> values) {
    auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

/// How likely a day of `rows` is one of theft, by the account's other days; 0 when they tell too little.
double probability(const Series& series, std::int32_t judged, std::uint64_t rows, double& usual) {
    std::vector<double> past, deviations;
    for (const auto& [day, seen] : series.days)
        if (day != judged) past.push_back(std::log1p(static_cast<double>(seen.rows)));
    if (past.size() < kPast) return 0;
    auto centre = median(past);
    for (double value : past) deviations.push_back(std::abs(value - centre));
    auto spread = std::max(kLeastSpread, 1.4826 * median(deviations));
    usual = std::expm1(centre);
    auto chance = tail((std::log1p(static_cast<double>(rows)) - centre) / spread);
    return kPrior / (kPrior + (1 - kPrior) * std::max(chance, 1e-12));
}

enum class Protocol : std::uint8_t { none, ews, mapi };
constexpr std::string_view kProtocols[] = {"", "EWS", "MAPI"};

Protocol protocol_of(std::string_view stem) {
    if (starts_folded(stem, "/ews/")) return Protocol::ews;
    if (starts_folded(stem, "/mapi/") || starts_folded(stem, "/rpc/")) return Protocol::mapi;
    return Protocol::none;
}

class MailboxVolume {
public:
    void observe(const RecordBatch& batch, const Intel&) {
        auto requests = numbered_requests(batch);
        bool iis = batch.kind() == RecordKind::http_request;
        choose(batch, requests);
        look_up(requests, iis);
        for (auto place : places_of_rows_) series_.at(place).expect();
        for (std::size_t k = 0; k < chosen_.size(); ++k) {
            auto i = chosen_[k];
            Series& series = series_.at(places_of_rows_[k]);
            Mark mark{batch.time(i), batch.ref(i)};
            auto& day = series.day(day_of(mark.time));
            if (day.rows == 0 || mark < day.first) {
                day.first = mark;
                batch.cite(batch[i]);
            }
            ++day.rows;
            series.trim();
        }
    }
    void merge(const MailboxVolume& other) { series_.merge(other.series_); }

    Conclusion conclude(const Intel&) const {
        Conclusion conclusion;
        for (const auto* entry : series_.kept())
            for (const auto& [day, seen] : entry->value.days) {
                if (seen.rows < kLeast) continue;
                double usual = 0, likely = probability(entry->value, day, seen.rows, usual);
                if (likely >= 0.5) conclusion.findings.push_back(tell(entry->key, seen, usual, likely));
            }
        std::ranges::sort(conclusion.findings, {}, &Finding::statement);
        return conclusion;
    }

    void save(Writer& out) const { series_.save(out); }
    static Result<MailboxVolume> load(Reader& in) {
        MailboxVolume volume;
        volume.series_ = TRY((Sample<Series, kAccounts>::load(in)));
        return volume;
    }

private:
    static Finding tell(std::string_view key, const Day& day, double usual, double likely) {
        auto parts = split(key, '\n');
        parts.resize(3);  // as place() writes it; a worker may have sent anything
        Finding finding;
        finding.detector = "behaviour.mailbox_volume";
        finding.level = Level::attempt;
        finding.severity = Severity::medium;
        finding.question = Question::used;
        finding.probability = std::min(likely, kMost);
        finding.raw_time = finding.time = day.first.time;
        finding.techniques = {"T1114.002"};
        finding.account = parts[2];
        finding.statement = fmt::format(
            "{} sent {} requests by {} on {}, as the log of {} tells; the median of its other days was {:.0f}.",
            finding.account, day.rows, parts[0], format_day(day.first.time), parts[1], usual);
        finding.evidence = {day.first.ref};
        finding.evidence_total = day.rows;
        return finding;
    }

    /// The rows that count, listed without a branch for each condition: hardly any of these can be foretold.
    void choose(const RecordBatch& batch, const NumberedRequests& requests) {
        chosen_.resize(requests.rows.size());
        std::size_t count = 0;
        for (std::uint32_t i = 0; i < chosen_.size(); ++i) {
            const NumberedRequest& request = requests.rows[i];
            auto protocol = protocols_.get(requests.stems, request.stem, protocol_of);
            bool counts = static_cast<int>(protocol != Protocol::none) & static_cast<int>(request.user != 0) &
                          static_cast<int>(!request.back_end) & static_cast<int>(request.succeeded()) &
                          static_cast<int>(!request.probe) & static_cast<int>(batch.time(i) != kNoTime);
            chosen_[count] = i;
            count += counts ? 1 : 0;
        }
        chosen_.resize(count);
    }

    using Place = Sample<Series, kAccounts>::Place;
    struct Places {  // of one account
        std::array<Place, std::size(kProtocols)> of{};
        std::array<bool, std::size(kProtocols)> known{};
    };

    /// The places of the chosen rows' series: all of them before any is read, so that the processor waits for memory
    /// once and not for each.
    void look_up(const NumberedRequests& requests, bool iis) {
        std::uint64_t dropped = 0;
        do {  // again where a new account pushed others out: then those are beyond, and no further one is
            dropped = series_.dropped();
            places_of_rows_.clear();
            for (auto i : chosen_) {
                const NumberedRequest& request = requests.rows[i];
                auto protocol = protocols_.get(requests.stems, request.stem, protocol_of);
                // A request stands in the logs of IIS, of the front end and of the service; each is its own series.
                auto log = iis ? std::string_view("IIS") : requests.logs.text(request.log);
                places_of_rows_.push_back(place(requests, request.user, protocol, log));
            }
        } while (dropped != series_.dropped());
    }
    Place place(const NumberedRequests& requests, std::uint32_t user, Protocol protocol, std::string_view log) {
        if (log != log_ || dropped_ != series_.dropped()) places_.forget();
        if (log != log_) log_ = log;
        dropped_ = series_.dropped();
        auto& places = places_.get(requests.users, user, [](std::string_view) { return Places(); });
        auto i = static_cast<std::size_t>(protocol);
        if (!places.known[i]) {  // accounts are written in any case
            places.of[i] =
                series_.place(fmt::format("{}\n{}\n{}", kProtocols[i], log, lower(requests.users.text(user))));
            places.known[i] = true;
        }
        return places.of[i];
    }

    Sample<Series, kAccounts> series_;
    ByNumber<Protocol> protocols_;
    std::vector<std::uint32_t> chosen_;
    std::vector<Place> places_of_rows_;
    ByNumber<Places> places_;  // of series in log_
    std::string log_;
    std::uint64_t dropped_ = 0;  // of the series, when places_ were looked up
};

constexpr RecordKind kReads[] = {RecordKind::http_request, RecordKind::exchange_request};

}  // namespace

extern const Detector kBehaviourMailboxVolume = fold_of<MailboxVolume>(
    "behaviour.mailbox_volume", "Accounts that asked for far more mail than on their own other days", kReads);

}  // namespace ascribe

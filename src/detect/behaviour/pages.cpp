#include "detect/behaviour/pages.hpp"

#include <algorithm>
#include <bit>

#include "base/saturating.hpp"
#include "base/text.hpp"
#include "detect/exchange_paths.hpp"

namespace ascribe::behaviour {
namespace {

constexpr std::size_t kNameSize = 512;  // of a page's name that is kept to be shown

// Days of logs that are kept: 2000 to 2099, as in facts.sources.
constexpr std::int32_t kFirstDay = 10'957, kLastDay = 47'481;
// Longest list of days of a server: all of them.
constexpr std::size_t kMostDays = kLastDay - kFirstDay + 1;

std::int32_t day_of(Time time) {
    auto day = std::chrono::floor<std::chrono::days>(time).time_since_epoch().count();
    return static_cast<std::int32_t>(std::clamp<std::int64_t>(day, 0, kLastDay + 1));
}

Time earlier(Time a, Time b) { return a == kNoTime ? b : b == kNoTime ? a : std::min(a, b); }

void add_day(std::vector<std::int32_t>& days, std::int32_t day) {
    if (!days.empty() && days.back() == day) return;
    auto at = std::ranges::lower_bound(days, day);
    if (at != days.end() && *at == day) return;
    days.insert(at, day);
    if (days.size() > kPageDays) days.pop_back();
}

/// Exchange appends its own request ids to every query; a query of nothing else is none.
bool is_query(std::string_view query) {
    return !query.empty() && !query.starts_with("&CorrelationID=") && !query.starts_with("CorrelationID=<empty>");
}

enum class Referrer { none, itself, linked };

Referrer referrer_of(std::string_view referrer, std::string_view stem) {
    if (referrer.empty()) return Referrer::none;
    // A client may send anything; a page's own address is what shells and forms without a page before them send.
    auto end = std::min(referrer.find_first_of("?#"), referrer.size());
    return ends_folded(referrer.substr(0, end), stem) ? Referrer::itself : Referrer::linked;
}

void save_marks(Writer& out, const Mark& mark) {
    save_time(out, mark.time);
    save_ref(out, mark.ref);
}

/// A time that is known exactly when `known`, so that differences of times stay in range.
Result<Time> load_time_if(Reader& in, bool known) {
    auto offset = in.offset();
    auto time = TRY(load_time(in));
    if ((time != kNoTime) != known) return std::unexpected(Error{Fault::bad_value, "pages.time", offset});
    return time;
}

Result<Mark> load_mark(Reader& in, bool known) {
    Mark mark;
    mark.time = TRY(load_time_if(in, known));
    mark.ref = TRY(load_ref(in));
    return mark;
}

template <std::size_t N>
void save_bits(Writer& out, const std::bitset<N>& bits) {
    for (std::size_t i = 0; i < N; i += 64) {
        std::uint64_t word = 0;
        for (std::size_t bit = 0; bit < 64; ++bit) word |= std::uint64_t{bits[i + bit]} << bit;
        out.little(word);
    }
}

Result<Sizes> load_bits(Reader& in) {
    Sizes bits;
    for (std::size_t i = 0; i < bits.size(); i += 64) {
        auto word = TRY(in.little<std::uint64_t>("pages.sizes"));
        for (std::size_t bit = 0; bit < 64; ++bit) bits[i + bit] = (word >> bit & 1) != 0;
    }
    return bits;
}

/// The numbers of a struct in one list, so that saving and loading cannot disagree.
Result<void> load_numbers(Reader& in, std::initializer_list<std::uint64_t*> numbers) {
    for (auto* number : numbers) *number = TRY(in.little<std::uint64_t>("pages.number"));
    return {};
}

void save_numbers(Writer& out, std::initializer_list<std::uint64_t> numbers) {
    for (auto number : numbers) out.little(number);
}

}  // namespace

std::size_t size_bin(std::uint64_t bytes) {
    if (bytes < 4) return bytes;
    auto width = static_cast<std::size_t>(std::bit_width(bytes));  // 3 or more
    return std::min<std::size_t>(127, (width - 2) * 4 + (bytes >> (width - 3) & 3));
}

void Visits::add(Time time) {
    ++rows;
    first = earlier(first, time);
    last = std::max(last, time);
}

void Visits::merge(const Visits& other) {
    add_up(rows, other.rows);
    first = earlier(first, other.first);
    last = std::max(last, other.last);
}

void Visits::save(Writer& out) const {
    out.little(rows);
    save_time(out, first);
    save_time(out, last);
}

Result<Visits> Visits::load(Reader& in) {
    Visits visits;
    visits.rows = TRY(in.little<std::uint64_t>("visits.rows"));
    visits.first = TRY(load_time_if(in, visits.rows > 0));
    visits.last = TRY(load_time_if(in, visits.rows > 0));
    return visits;
}

void Doings::merge(const Doings& other) {
    all.merge(other.all);
    add_up(linked, other.linked);
    addresses.merge(other.addresses);
    if (crowded()) return forget();
    for (auto count : {&Doings::itself, &Doings::signed_in, &Doings::scripted}) add_up(this->*count, other.*count);
    for (auto day : other.days) add_day(days, day);
    sent |= other.sent;
    received |= other.received;
    latest = std::max(latest, other.latest);
    if (!other.earliest.empty() && (earliest.empty() || other.earliest.front() < earliest.front())) name = other.name;
    std::vector<Use> both;
    std::ranges::set_union(earliest, other.earliest, std::back_inserter(both));
    if (both.size() > kUses) both.resize(kUses);
    earliest = std::move(both);
}

void Doings::forget() {
    if (days.empty()) return;  // before the first, and when it is done
    itself = signed_in = scripted = 0;
    days.clear();
    sent.reset();
    received.reset();
    earliest.clear();
    latest = {};
    name.clear();
}

void Doings::save(Writer& out) const {
    all.save(out);
    save_numbers(out, {linked, itself, signed_in, scripted});
    addresses.save(out);
    out.count(days.size());
    for (auto day : days) out.little(day);
    save_bits(out, sent);
    save_bits(out, received);
    out.count(earliest.size());
    for (const Use& use : earliest) {
        save_marks(out, use.mark);
        out.little(use.received);
        out.little(use.sent);
    }
    save_marks(out, latest);
    out.text(name);
}

Result<Doings> Doings::load(Reader& in) {
    Doings doings;
    doings.all = TRY(Visits::load(in));
    TRY(load_numbers(in, {&doings.linked, &doings.itself, &doings.signed_in, &doings.scripted}));
    doings.addresses = TRY((Sample<Visits, kUsers>::load(in)));
    auto days = TRY(in.count("page.days"));
    if (days > kPageDays) return std::unexpected(Error{Fault::too_large, "page.days", in.offset(), days, kPageDays});
    for (std::uint32_t i = 0; i < days; ++i) add_day(doings.days, TRY(in.little<std::int32_t>("page.day")));
    doings.sent = TRY(load_bits(in));
    doings.received = TRY(load_bits(in));
    auto uses = TRY(in.count("page.earliest"));
    if (uses > kUses) return std::unexpected(Error{Fault::too_large, "page.earliest", in.offset(), uses, kUses});
    for (std::uint32_t i = 0; i < uses; ++i) {
        Use use;
        use.mark = TRY(load_mark(in, true));
        use.received = TRY(in.little<std::uint32_t>("use.received"));
        use.sent = TRY(in.little<std::uint32_t>("use.sent"));
        if (!doings.earliest.empty() && !(doings.earliest.back() < use))
            return std::unexpected(Error{Fault::bad_value, "page.order", in.offset()});
        doings.earliest.push_back(use);
    }
    doings.latest = TRY(load_mark(in, !doings.earliest.empty()));
    doings.name = TRY(in.text("page.name")).substr(0, kNameSize);
    return doings;
}

std::uint64_t Page::queried() const { return uses.all.rows - std::min(posts, uses.all.rows); }

Visits Page::all() const {
    auto visits = uses.all;
    visits.merge(looks.all);
    return visits;
}

void Page::merge(const Page& other) {
    add_up(posts, other.posts);
    still = still || other.still;
    uses.merge(other.uses);
    looks.merge(other.looks);
}

void Page::save(Writer& out) const {
    save_numbers(out, {posts});
    out.little(static_cast<std::uint8_t>(still));
    uses.save(out);
    looks.save(out);
}

Result<Page> Page::load(Reader& in) {
    Page page;
    TRY(load_numbers(in, {&page.posts}));
    page.still = TRY(in.little<std::uint8_t>("page.still")) != 0;
    page.uses = TRY(Doings::load(in));
    page.looks = TRY(Doings::load(in));
    return page;
}

void Misses::merge(const Misses& other) {
    absent.merge(other.absent);
    moved.merge(other.moved);
    refused.merge(other.refused);
    failed.merge(other.failed);
    add_up(posts, other.posts);
    askers.merge(other.askers);
}

void Misses::save(Writer& out) const {
    for (const Visits* visits : {&absent, &moved, &refused, &failed}) visits->save(out);
    out.little(posts);
    askers.save(out);
}

Result<Misses> Misses::load(Reader& in) {
    Misses misses;
    for (Visits* visits : {&misses.absent, &misses.moved, &misses.refused, &misses.failed})
        *visits = TRY(Visits::load(in));
    misses.posts = TRY(in.little<std::uint64_t>("misses.posts"));
    misses.askers = TRY((Sample<Visits, kAskers>::load(in)));
    return misses;
}

void Visitor::merge(const Visitor& other) {
    for (auto count : {&Visitor::rows, &Visitor::scripts, &Visitor::stills, &Visitor::misses})
        add_up(this->*count, other.*count);
}

void Visitor::save(Writer& out) const { save_numbers(out, {rows, scripts, stills, misses}); }

Result<Visitor> Visitor::load(Reader& in) {
    Visitor visitor;
    TRY(load_numbers(in, {&visitor.rows, &visitor.scripts, &visitor.stills, &visitor.misses}));
    return visitor;
}

void Totals::merge(const Totals& other) {
    for (auto count : {&Totals::rows, &Totals::probes, &Totals::referred, &Totals::sized, &Totals::answered})
        add_up(this->*count, other.*count);
    first = earlier(first, other.first);
    last = std::max(last, other.last);
    for (auto [day, count] : other.days) add_up(days[day], count);
}

void Totals::save(Writer& out) const {
    save_numbers(out, {rows, probes, referred, sized, answered});
    save_time(out, first);
    save_time(out, last);
    out.count(days.size());
    for (auto [day, count] : days) {
        out.little(day);
        out.little(count);
    }
}

Result<Totals> Totals::load(Reader& in) {
    Totals totals;
    TRY(load_numbers(in, {&totals.rows, &totals.probes, &totals.referred, &totals.sized, &totals.answered}));
    totals.first = TRY(load_time_if(in, totals.rows > 0));
    totals.last = TRY(load_time_if(in, totals.rows > 0));
    auto count = TRY(in.count("totals.days"));
    if (count > kMostDays)
        return std::unexpected(Error{Fault::too_large, "totals.days", in.offset(), count, kMostDays});
    for (std::uint32_t i = 0; i < count; ++i) {
        auto day = TRY(in.little<std::int32_t>("totals.day"));
        if (day < kFirstDay || day > kLastDay)
            return std::unexpected(Error{Fault::bad_value, "totals.day", in.offset()});
        totals.days[day] += TRY(in.little<std::uint64_t>("totals.rows"));
    }
    return totals;
}

namespace {

/// Counts rows by their day; rows of a log mostly follow one another.
class DayCount {
public:
    explicit DayCount(std::map<std::int32_t, std::uint64_t>& days) : days_(days) {}
    ~DayCount() { book(); }
    DayCount(const DayCount&) = delete;
    DayCount& operator=(const DayCount&) = delete;

    void add(Time time) {
        if (time < begin_ || time >= begin_ + std::chrono::days(1)) {
            book();
            begin_ = std::chrono::floor<std::chrono::days>(time);
        }
        ++rows_;
    }

private:
    void book() {
        auto day = day_of(begin_);
        if (rows_ > 0 && day >= kFirstDay && day <= kLastDay) days_[day] += rows_;
        rows_ = 0;
    }
    std::map<std::int32_t, std::uint64_t>& days_;
    Time begin_{};
    std::uint64_t rows_ = 0;
};

}  // namespace

Visitor& Pages::visitor(const NumberedRequests& requests, const NumberedRequest& request) {
    auto look_up = [&](std::string_view address) { return visitors.place(address); };
    auto place = places_.get(requests.addresses, request.address, look_up);
    if (dropped_ != visitors.dropped()) {  // looking up one may drop others
        places_.forget();
        dropped_ = visitors.dropped();
        place = places_.get(requests.addresses, request.address, look_up);
    }
    return visitors.at(place);
}

void Pages::observe(const RecordBatch& batch, const Intel& intel) {
    LatestRows latest;  // one row to cite, not every row
    DayCount days(totals.days);
    auto requests = numbered_requests(batch);
    const Numbers &received = numbers_of(batch, HttpRequest::received_bytes),
                  &sent = numbers_of(batch, HttpRequest::sent_bytes);
    for (std::size_t i = 0; i < batch.size(); ++i) {
        const NumberedRequest& request = requests.rows[i];
        auto time = batch.time(i);
        // A row of the back end tells the same request once more; HTTPERR tells of requests that reached no page.
        if (time == kNoTime || request.back_end || request.status == 0) continue;
        if (request.log != 0 && requests.logs.text(request.log) == "HTTPERR") continue;
        if (request.probe) {
            ++totals.probes;
            continue;
        }
        ++totals.rows;
        totals.referred += request.referrer != 0 ? 1 : 0;
        totals.sized += received[i] != 0 ? 1 : 0;
        totals.answered += sent[i] != 0 ? 1 : 0;
        totals.first = earlier(totals.first, time);
        totals.last = std::max(totals.last, time);
        days.add(time);
        const auto& name =
            names_.get(requests.stems, request.stem, [&](std::string_view stem) { return page_name(stem, intel); });
        bool still = name.kind == PageKind::still;
        Visitor& visitor = this->visitor(requests, request);
        ++visitor.rows;
        if (request.status >= 400) ++visitor.misses;
        if (name.kind == PageKind::none) continue;
        if (request.succeeded()) ++(still ? visitor.stills : visitor.scripts);
        if (!still || request.post)
            observe(batch, i, name, scripted_.get(requests.agents, request.agent, is_scripted_agent), latest);
    }
    for (const auto& [key, row] : latest) batch.cite(batch[row]);
}

namespace {

/// Adds one request to `doings`. True when it is the last so far of what is not the public's.
bool note(Doings& doings, const RecordBatch& batch, const Row& row, const Request& request, bool scripted) {
    auto referrer = referrer_of(row.text(HttpRequest::referrer), request.stem);
    doings.all.add(row.time);
    doings.linked += referrer == Referrer::linked ? 1 : 0;
    doings.addresses[request.address].add(row.time);
    if (doings.crowded()) {
        doings.forget();
        return false;
    }
    add_day(doings.days, day_of(row.time));
    doings.signed_in += request.user.empty() ? 0 : 1;
    doings.scripted += scripted ? 1 : 0;
    doings.itself += referrer == Referrer::itself ? 1 : 0;
    auto size = [&](HttpRequest::Column column) {
        return static_cast<std::uint32_t>(std::clamp<std::int64_t>(row.number(column).value_or(0), 0, UINT32_MAX));
    };
    Use use{{row.time, row.ref}, size(HttpRequest::received_bytes), size(HttpRequest::sent_bytes)};
    if (use.sent > 0) doings.sent.set(size_bin(use.sent));
    if (use.received > 0) doings.received.set(size_bin(use.received));
    bool is_latest = doings.latest < use.mark;
    if (is_latest) doings.latest = use.mark;
    // Citing copies a row's bytes: only the rows that a finding could list.
    if (doings.earliest.size() == kUses && !(use < doings.earliest.back())) return is_latest;
    auto at = std::ranges::lower_bound(doings.earliest, use);
    if (at != doings.earliest.end() && *at == use) return is_latest;
    if (at == doings.earliest.begin()) doings.name = request.stem.substr(0, kNameSize);
    doings.earliest.insert(at, use);
    if (doings.earliest.size() > kUses) doings.earliest.pop_back();
    batch.cite(row);
    return is_latest;
}

}  // namespace

void Pages::observe(const RecordBatch& batch, std::size_t index, const PageName& name, bool scripted,
                    LatestRows& latest) {
    Row row = batch[index];
    auto request = request_of(batch.kind(), row);
    bool post = request.is_post();
    bool still = name.kind == PageKind::still;
    auto site = row.text(HttpRequest::site);
    std::string key;
    if (!site.empty()) key = std::string(site) + " ";
    key += name.path;
    if (!request.succeeded()) {
        if (still && request.status < 500) return;  // anybody may try to post anywhere
        Misses& missed = misses[key];
        missed.posts += post ? 1 : 0;
        bool absent = request.status == 404 || request.status == 410, moved = request.status < 400;
        (absent                 ? missed.absent
         : moved                ? missed.moved
         : request.status < 500 ? missed.refused
                                : missed.failed)
            .add(row.time);
        if (absent || moved) missed.askers[request.address].add(row.time);
        return;
    }
    Page& page = pages[key];
    page.still = still;
    bool queried = !post && request.is_get() && (name.informed || is_query(request.query));
    page.posts += post ? 1 : 0;
    bool used = post || queried;
    bool is_latest = note(used ? page.uses : page.looks, batch, row, request, scripted);
    if (used && is_latest) latest[key] = index;
}

void Pages::merge(const Pages& other) {
    totals.merge(other.totals);
    pages.merge(other.pages);
    misses.merge(other.misses);
    visitors.merge(other.visitors);
}

void Pages::settle() {
    pages.settle();
    misses.settle();
    visitors.settle();
}

void Pages::save(Writer& out) const {
    totals.save(out);
    pages.save(out);
    misses.save(out);
    visitors.save(out);
}

Result<Pages> Pages::load(Reader& in) {
    Pages loaded;
    loaded.totals = TRY(Totals::load(in));
    loaded.pages = TRY((Sample<Page, kPages>::load(in)));
    loaded.misses = TRY((Sample<Misses, kPages>::load(in)));
    loaded.visitors = TRY((Sample<Visitor, kVisitors>::load(in)));
    return loaded;
}

}  // namespace ascribe::behaviour

// What the web logs of one server tell of each page and each visitor, as a fold: counts, first and last times, who used
// it, who only looked, what a use weighed. Tables are Samples (sample.hpp): bounded, and the same for any order of rows
// and merges.
//
// A use is a POST that was answered with 2xx, or a GET with a query or path information that was; a look is any other
// request that was answered; a miss is a request that the server refused or moved on.
#pragma once

#include <array>
#include <bitset>
#include <map>
#include <vector>

#include "detect/behaviour/page_kind.hpp"
#include "detect/behaviour/sample.hpp"
#include "detect/facts/fold.hpp"
#include "detect/numbers.hpp"
#include "detect/web/request.hpp"
#include "model/stage.hpp"

namespace ascribe::behaviour {

/// Pages and absent pages kept of one server: a large PHP application has some hundreds in use. A page takes up to 12
/// KB, so that a state stays below 100 MB whatever a log holds.
inline constexpr std::size_t kPages = 4'096;
/// Addresses kept of one server, for what else a page's users did.
inline constexpr std::size_t kVisitors = 16'384;
/// Addresses that use a page, or look at one that is never used. More of them, and the page is the public's and is not
/// judged: in victims' logs a shell had one to three (guide to Exchange, 1.16; fact WS-03).
inline constexpr std::size_t kUsers = 32;
/// Addresses that miss a page.
inline constexpr std::size_t kAskers = 16;
/// Earliest uses kept row by row, and earliest looks: enough for the rhythm of a session; the rest is counted.
inline constexpr std::size_t kUses = 12;
/// Days kept of a page.
inline constexpr std::size_t kPageDays = 400;

/// How often and when, of one address.
struct Visits {
    std::uint64_t rows = 0;
    Time first = kNoTime, last = kNoTime;
    void add(Time time);
    void merge(const Visits& other);
    void save(Writer& out) const;
    static Result<Visits> load(Reader& in);
};

/// One use: when, where its row stands, and how much came and went (0: not logged).
struct Use {
    Mark mark;
    std::uint32_t received = 0, sent = 0;
    friend auto operator<=>(const Use&, const Use&) = default;
};

/// Sizes seen, a bit for each quarter of a power of two: how varied, not how often.
using Sizes = std::bitset<128>;
std::size_t size_bin(std::uint64_t bytes);

/// What was done with a page: all of its uses, or all of its looks. Of the public's only what stands before `itself` is
/// kept: nothing else is asked of it.
struct Doings {
    Visits all;
    std::uint64_t linked = 0;  // of all, those that came from another page
    Sample<Visits, kUsers> addresses;
    std::uint64_t itself = 0, signed_in = 0, scripted = 0;  // of all: their referrer, user and agent
    std::vector<std::int32_t> days;                         // ascending, the first kPageDays
    Sizes sent, received;
    std::vector<Use> earliest;  // ascending
    Mark latest;                // of uses its row is cited
    std::string name;           // as the earliest wrote it: on many servers the case of letters tells files apart

    /// The public's.
    bool crowded() const { return addresses.cut(); }
    void forget();
    void merge(const Doings& other);
    void save(Writer& out) const;
    static Result<Doings> load(Reader& in);
};

struct Page {
    std::uint64_t posts = 0;  // of the uses
    bool still = false;
    Doings uses, looks;

    /// Uses that are GETs which asked for something of it.
    std::uint64_t queried() const;
    /// Uses and looks.
    Visits all() const;

    void merge(const Page& other);
    void save(Writer& out) const;
    static Result<Page> load(Reader& in);
};

/// Requests for a page that were not answered with 2xx.
struct Misses {
    Visits absent, moved, refused, failed;  // 404 and 410; 3xx; 401, 403 and the rest of 4xx; 5xx
    std::uint64_t posts = 0;                // of all
    Sample<Visits, kAskers> askers;         // who got absent or moved
    void merge(const Misses& other);
    void save(Writer& out) const;
    static Result<Misses> load(Reader& in);
};

struct Visitor {
    std::uint64_t rows = 0, scripts = 0, stills = 0, misses = 0;  // all; answered pages, static files; 4xx
    void merge(const Visitor& other);
    void save(Writer& out) const;
    static Result<Visitor> load(Reader& in);
};

/// Counts over all rows, probes of the server's own monitoring left out.
struct Totals {
    std::uint64_t rows = 0, probes = 0, referred = 0, sized = 0, answered = 0;
    Time first = kNoTime, last = kNoTime;
    std::map<std::int32_t, std::uint64_t> days;  // rows a day, of days a log can be of
    void merge(const Totals& other);
    void save(Writer& out) const;
    static Result<Totals> load(Reader& in);
};

class Pages {
public:
    void observe(const RecordBatch& batch, const Intel& intel);
    void merge(const Pages& other);
    void save(Writer& out) const;
    static Result<Pages> load(Reader& in);
    /// Drops what is beyond the limits; before anything is looked up.
    void settle();

    Totals totals;
    Sample<Page, kPages> pages;
    Sample<Misses, kPages> misses;
    Sample<Visitor, kVisitors> visitors;

private:
    using LatestRows = std::map<std::string, std::size_t>;  // by page: the row of its last use in a batch

    /// One request for a page; `scripted`: of a script's agent.
    void observe(const RecordBatch& batch, std::size_t index, const PageName& name, bool scripted, LatestRows& latest);
    Visitor& visitor(const NumberedRequests& requests, const NumberedRequest& request);

    ByNumber<PageName> names_;
    ByNumber<bool> scripted_;
    ByNumber<Sample<Visitor, kVisitors>::Place> places_;
    std::uint64_t dropped_ = 0;  // of the visitors, when places_ were looked up
};

}  // namespace ascribe::behaviour

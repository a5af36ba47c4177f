// behaviour.session: everything one client did that belongs to an attack, in one sentence: looked round, tried stages
// of known chains, passed them, used pages of its own. The rows come from IIS in front, from HttpProxy and from IIS
// behind it, and are joined by the client's address (behind load balancers, by X-Forwarded-For) and, where the back end
// knows only the front end as its client, by the request id that Exchange hands on.
//
// It proves nothing that the detectors of the stages do not prove, so it never counts towards an answer
// (correlate/verdict.cpp): it is there to be read.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <tuple>

#include "base/saturating.hpp"
#include "base/text.hpp"
#include "detect/behaviour/page_kind.hpp"
#include "detect/behaviour/sample.hpp"
#include "detect/exchange_paths.hpp"
#include "detect/facts/fold.hpp"
#include "detect/web/request.hpp"

namespace ascribe {
namespace {

using behaviour::PageKind;
using behaviour::Sample;

constexpr std::size_t kSessions = 8'192;      // clients that did more than look; beyond, an even sample of them
constexpr std::size_t kLookers = 16'384;      // clients whose requests failed
constexpr std::size_t kBackEndIds = 8'192;    // requests that reached a stage on the back end
constexpr std::size_t kIds = 64, kPages = 8;  // of one client: requests that two logs share, pages that it used
constexpr std::size_t kRows = 8;              // cited for each stage, the earliest
constexpr std::size_t kTold = 50;             // findings of one server

enum class Stage : std::uint8_t { none, looked, tried, passed, used };
constexpr std::size_t kKept = 3;  // tried, passed, used

/// What a path tells by itself: worked out once for each, because nearly all rows ask for the same few.
struct Path {
    bool ambiguous = false;   // autodiscover.json, which tells by what follows
    bool chain = false;       // asked for by a chain only
    bool posted = false;      // a static file below the control panel or Outlook's sign-in: chains post to those
    bool set_object = false;  // the control panel's service that writes virtual directories
    bool script = false, open = false;
    bool plain() const { return !ambiguous && !chain && !posted && !set_object && !script; }
};

Path path_of(std::string_view stem, const Intel& intel) {
    Path path;
    path.ambiguous = contains_folded(stem, "autodiscover.json");
    path.chain =
        contains_folded(stem, "proxylogon.ecp") || (starts_folded(stem, "/owa/") && ends_folded(stem, "/powershell"));
    path.posted = (starts_folded(stem, "/ecp/") || starts_folded(stem, "/owa/auth/")) && is_static_resource(stem);
    path.set_object = contains_folded(stem, "DDIService.svc/SetObject");
    path.script = behaviour::page_name(stem, intel).kind == PageKind::script;
    path.open = path.script && is_open_folder(stem);
    return path;
}

/// An address behind autodiscover.json that leads to another service.
bool leads_elsewhere(const Request& request) {
    auto whole = request.whole();
    for (std::string_view sign : {"x-rps-cat=", "protocol=powershell"})
        if (whole.find(sign) != std::string::npos) return true;
    auto at = whole.find('@');
    if (at == std::string::npos) return false;
    for (std::string_view service :
         {"/mapi/", "/powershell", "/ews/", "/owa/", "/ecp/", "/autodiscover/autodiscover.xml"})
        if (whole.find(service, at) != std::string::npos) return true;
    return false;
}

/// What the chains of 2021 and 2022 ask for and honest clients do not (facts PL-01 to PL-03, PS-01 to PS-03, PN-01,
/// PN-02). Coarse: it only gathers what other detectors judge.
bool is_chain(const Path& path, const Request& request, std::string_view anchor, std::string_view hint) {
    if (starts_folded(anchor, "ServerInfo~") && anchor.find('/') != std::string_view::npos) return true;
    if (contains_folded(hint, "X-BEResource-Cookie") && anchor.find(']') != std::string_view::npos) return true;
    return path.chain || (path.posted && request.is_post()) || (path.ambiguous && leads_elsewhere(request)) ||
           (path.set_object && contains_folded(request.query, "ResetOABVirtualDirectory"));
}

Stage stage_of(const Path& path, const RecordBatch& batch, const Row& row, const Request& request) {
    bool proxy = batch.kind() == RecordKind::exchange_request;
    if (!proxy && path.plain()) return Stage::none;
    auto anchor = proxy ? row.text(ExchangeRequest::anchor_mailbox) : std::string_view{};
    auto hint = proxy ? row.text(ExchangeRequest::routing_hint) : std::string_view{};
    if (is_chain(path, request, anchor, hint))
        return request.succeeded() || request.status == 302 ? Stage::passed : Stage::tried;
    if (!path.script) return Stage::none;
    if (request.status >= 400) return Stage::looked;
    return path.open && request.is_post() && request.succeeded() ? Stage::used : Stage::none;
}

std::string times(std::uint64_t count) { return count == 1 ? "once" : fmt::format("{} times", count); }

struct Nothing {
    void merge(const Nothing&) {}
    void save(Writer&) const {}
    static Result<Nothing> load(Reader&) { return Nothing{}; }
};

struct Some {
    std::uint64_t rows = 0;
    void merge(const Some& other) { add_up(rows, other.rows); }
    void save(Writer& out) const { out.little(rows); }
    static Result<Some> load(Reader& in) {
        Some some;
        some.rows = TRY(in.little<std::uint64_t>("session.rows"));
        return some;
    }
};

/// Which logs (bits as in Session::logs) have the request of an id, by stage: most stand in two.
struct Logged {
    std::array<std::uint8_t, kKept> logs{};
    void merge(const Logged& other) {
        for (std::size_t stage = 0; stage < kKept; ++stage) logs[stage] |= other.logs[stage];
    }
    void save(Writer& out) const {
        for (auto bits : logs) out.little(bits);
    }
    static Result<Logged> load(Reader& in) {
        Logged logged;
        for (auto& bits : logged.logs) bits = TRY(in.little<std::uint8_t>("session.logged")) & 3;
        return logged;
    }
};

struct Session {
    std::array<Some, kKept> counts;                 // rows
    std::array<std::vector<Mark>, kKept> earliest;  // ascending
    Time last = kNoTime;
    std::uint8_t logs = 0;  // 1: IIS, 2: HttpProxy and the others
    Sample<Logged, kIds> ids;
    Sample<Nothing, kPages> pages;

    /// Requests of a stage: a request that both IIS and the front end logged is one. Told by ids, exactly while all of
    /// them are kept, else by their share in the sample.
    std::uint64_t requests(std::size_t stage) const {
        auto kept = ids.kept();
        auto twice = std::ranges::count_if(kept, [&](const auto* id) { return id->value.logs[stage] == 3; });
        if (twice == 0) return counts[stage].rows;
        auto share = static_cast<double>(twice) / static_cast<double>(kept.size());
        auto repeated = ids.cut() ? static_cast<std::uint64_t>(share * static_cast<double>(ids.distinct()))
                                  : static_cast<std::uint64_t>(twice);
        return counts[stage].rows - std::min(repeated, counts[stage].rows / 2);
    }
    bool keep(std::size_t stage, const Mark& mark) {
        auto& list = earliest[stage];
        auto at = std::ranges::lower_bound(list, mark);
        if ((at != list.end() && *at == mark) || (at == list.end() && list.size() == kRows)) return false;
        list.insert(at, mark);
        if (list.size() > kRows) list.pop_back();
        return true;
    }
    void merge(const Session& other) {
        for (std::size_t stage = 0; stage < kKept; ++stage) {
            counts[stage].merge(other.counts[stage]);
            for (const Mark& mark : other.earliest[stage]) keep(stage, mark);
        }
        last = std::max(last, other.last);
        logs |= other.logs;
        ids.merge(other.ids);
        pages.merge(other.pages);
    }
    void save(Writer& out) const {
        for (std::size_t stage = 0; stage < kKept; ++stage) {
            counts[stage].save(out);
            out.count(earliest[stage].size());
            for (const Mark& mark : earliest[stage]) {
                save_time(out, mark.time);
                save_ref(out, mark.ref);
            }
        }
        save_time(out, last);
        out.little(logs);
        ids.save(out);
        pages.save(out);
    }
    static Result<Session> load(Reader& in) {
        Session session;
        for (std::size_t stage = 0; stage < kKept; ++stage) {
            session.counts[stage] = TRY(Some::load(in));
            auto count = TRY(in.count("session.earliest"));
            if (count > kRows)
                return std::unexpected(Error{Fault::too_large, "session.earliest", in.offset(), count, kRows});
            if ((count > 0) != (session.counts[stage].rows > 0))
                return std::unexpected(Error{Fault::bad_value, "session.earliest", in.offset()});
            for (std::uint32_t i = 0; i < count; ++i) {
                Mark mark;
                mark.time = TRY(load_time(in));
                mark.ref = TRY(load_ref(in));
                session.keep(stage, mark);
            }
        }
        session.last = TRY(load_time(in));
        session.logs = TRY(in.little<std::uint8_t>("session.logs")) & 3;
        session.ids = TRY((Sample<Logged, kIds>::load(in)));
        session.pages = TRY((Sample<Nothing, kPages>::load(in)));
        return session;
    }
};

/// The request's id: a column of HttpProxy, the end of IIS's query.
std::string id_of(const RecordBatch& batch, const Row& row) {
    if (batch.kind() == RecordKind::exchange_request) return lower(row.text(ExchangeRequest::request_id));
    auto query = row.text(HttpRequest::query);
    constexpr std::string_view kName = "cafeReqId=";
    auto at = query.rfind(kName);
    return at == std::string_view::npos ? std::string() : lower(query.substr(at + kName.size(), 36));
}

class Sessions {
public:
    void observe(const RecordBatch& batch, const Intel& intel) {
        std::vector<std::uint32_t> all(batch.size());
        std::iota(all.begin(), all.end(), 0U);
        observe(batch, all, intel);
    }
    void observe(const RecordBatch& batch, std::span<const std::uint32_t> rows, const Intel& intel) {
        const Numbers& stems =
            numbers_of(batch, batch.kind() == RecordKind::http_request ? std::size_t{HttpRequest::stem}
                                                                       : std::size_t{ExchangeRequest::stem});
        for (auto i : rows) {
            Row row = batch[i];
            auto request = request_of(batch.kind(), row);
            if (row.time == kNoTime) continue;
            const Path& path =
                paths_.get(stems.texts(), stems[i], [&](std::string_view stem) { return path_of(stem, intel); });
            auto stage = stage_of(path, batch, row, request);
            if (stage == Stage::none || is_health_probe(request)) continue;
            if (stage == Stage::looked) {
                if (!request.back_end) ++lookers_[request.address].rows;
                continue;
            }
            auto id = id_of(batch, row);
            if (request.back_end) {  // its client is the front end
                if (!id.empty()) back_end_[id];
                continue;
            }
            Session& session = sessions_[request.address];
            auto place = static_cast<std::size_t>(stage) - static_cast<std::size_t>(Stage::tried);
            ++session.counts[place].rows;
            session.last = std::max(session.last, row.time);
            std::uint8_t log = request.from_iis ? 1 : 2;
            session.logs |= log;
            if (!id.empty()) session.ids[id].logs[place] |= log;
            if (stage == Stage::used) session.pages[lower(request.stem)];
            if (session.keep(place, {row.time, row.ref})) batch.cite(row);
        }
    }
    void merge(const Sessions& other) {
        sessions_.merge(other.sessions_);
        lookers_.merge(other.lookers_);
        back_end_.merge(other.back_end_);
    }

    Conclusion conclude(const Intel&) const {
        Conclusion conclusion;
        auto kept = sessions_.kept();
        std::ranges::sort(kept, [](const auto* a, const auto* b) {  // who came furthest is told first
            auto far = [](const auto* entry) {
                const auto& counts = entry->value.counts;
                return std::tuple(counts[2].rows > 0, counts[1].rows, counts[2].rows);
            };
            return far(a) != far(b) ? far(a) > far(b) : a->key < b->key;
        });
        for (const auto* entry : kept) {
            auto finding = tell(entry->key, entry->value);
            if (finding.evidence.empty()) continue;
            conclusion.findings.push_back(std::move(finding));
            if (conclusion.findings.size() == kTold) break;
        }
        return conclusion;
    }

    void save(Writer& out) const {
        sessions_.save(out);
        lookers_.save(out);
        back_end_.save(out);
    }
    static Result<Sessions> load(Reader& in) {
        Sessions sessions;
        sessions.sessions_ = TRY((Sample<Session, kSessions>::load(in)));
        sessions.lookers_ = TRY((Sample<Some, kLookers>::load(in)));
        sessions.back_end_ = TRY((Sample<Nothing, kBackEndIds>::load(in)));
        return sessions;
    }

private:
    /// Without evidence where there was one stage only: then the detector of that stage says all there is.
    Finding tell(const std::string& address, const Session& session) const {
        Finding finding;
        const Some* looked = lookers_.find(address);
        const auto& [tried, passed, used] = session.counts;
        auto stages = (looked != nullptr) + (tried.rows > 0) + (passed.rows > 0) + (used.rows > 0);
        if (stages < 2 || passed.rows + used.rows == 0) return finding;
        std::vector<std::string> parts;
        if (looked != nullptr) parts.push_back(fmt::format("asked in vain for pages {}", times(looked->rows)));
        if (tried.rows > 0)
            parts.push_back(fmt::format("was refused stages of known chains {}", times(session.requests(0))));
        if (passed.rows > 0)
            parts.push_back(fmt::format("passed stages of known chains {}", times(session.requests(1))));
        if (used.rows > 0) {
            std::vector<std::string_view> pages;
            for (const auto* page : session.pages.kept()) pages.push_back(page->key);
            std::ranges::sort(pages);
            parts.push_back(fmt::format("posted {} to {}", times(session.requests(2)), fmt::join(pages, ", ")));
        }
        std::uint64_t handed_on = 0;
        for (const auto* id : session.ids.kept()) handed_on += back_end_.find(id->key) != nullptr ? 1 : 0;
        for (const auto& list : session.earliest)
            for (const Mark& mark : list) {
                finding.evidence.push_back(mark.ref);
                finding.moments.push_back(mark.time);
            }
        finding.detector = "behaviour.session";
        finding.level = Level::attempt;
        finding.severity = Severity::low;
        finding.question = Question::attempted;
        finding.probability = 0.9;  // an address may be shared by more than one client
        finding.raw_time = finding.time = std::ranges::min(finding.moments);
        finding.last = session.last;
        finding.techniques = {"T1190"};
        finding.address = address;
        finding.statement = fmt::format(
            "{} {} between {} and {}, by {}{}.", address_words(address), fmt::join(parts, ", "),
            format_time_prose(*finding.time), format_time_prose(session.last),
            session.logs == 3   ? "the logs of IIS and of Exchange's front end"
            : session.logs == 2 ? "the logs of Exchange's front end"
                                : "the logs of the web server",
            handed_on == 0 ? "" : fmt::format("; the back end's log has {} of its requests by their id", handed_on));
        finding.evidence_total = tried.rows;
        for (const auto* more : {&passed, &used}) add_up(finding.evidence_total, more->rows);
        return finding;
    }

    ByNumber<Path> paths_;
    Sample<Session, kSessions> sessions_;
    Sample<Some, kLookers> lookers_;
    Sample<Nothing, kBackEndIds> back_end_;
};

/// Without any of these, stage_of() tells nothing.
bool is_telling_path(std::string_view stem, const Intel& intel) { return !path_of(stem, intel).plain(); }
bool is_telling_anchor(std::string_view anchor, const Intel&) {
    return (starts_folded(anchor, "ServerInfo~") && anchor.find('/') != std::string_view::npos) ||
           anchor.find(']') != std::string_view::npos;
}

constexpr RecordKind kReads[] = {RecordKind::http_request, RecordKind::exchange_request};

constexpr Interest kWants[] = {
    {RecordKind::http_request, HttpRequest::stem, is_telling_path},
    {RecordKind::exchange_request, ExchangeRequest::stem, is_telling_path},
    {RecordKind::exchange_request, ExchangeRequest::anchor_mailbox, is_telling_anchor},
};

}  // namespace

extern const Detector kBehaviourSession =
    fold_of<Sessions>("behaviour.session", "What one client did of an attack, from first look to use", kReads, kWants);

}  // namespace ascribe

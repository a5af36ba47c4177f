// facts.request_clocks: the same request in two logs. Exchange's front end gives every request an id, writes it into
// its HttpProxy log as RequestId and hands it to IIS, which logs it in the query as cafeReqId. Both lines are written
// when the request ends, IIS's cut to the second; so their times should agree within a second or two. Where they do
// not, one clock or one shipper is off, and the same difference on every request tells by how much.
//
// Requests are compared on an even sample of ids, the same for any order of rows.
#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "detect/behaviour/sample.hpp"
#include "detect/facts/fold.hpp"

namespace ascribe {
namespace {

using behaviour::Sample;

// Ids compared. A month's logs of one server then give about 20 for an hour, and a day's file the 20 that the judgement
// of a clock asks for (correlate/clocks.cpp).
constexpr std::size_t kIds = 16'384;
// One id in this many has its line cited, so that a claim about a clock can show two.
constexpr std::uint64_t kCited = 16;
// Slow clients and retries disorder a few lines: the least and the most are those of the middle nine tenths.
constexpr std::size_t kOutliers = 20;

struct Pair {
    Mark iis, back, proxy;  // of the front end, the back end and HttpProxy; without a time: not seen

    static void keep(Mark& mine, const Mark& other) {
        if (other.time == kNoTime) return;
        if (mine.time == kNoTime || other.ref < mine.ref) mine = other;
    }
    void merge(const Pair& other) {
        keep(iis, other.iis);
        keep(back, other.back);
        keep(proxy, other.proxy);
    }
    void save(Writer& out) const {
        for (const Mark& mark : {iis, back, proxy}) {
            save_time(out, mark.time);
            save_ref(out, mark.ref);
        }
    }
    static Result<Pair> load(Reader& in) {
        Pair pair;
        for (Mark* mark : {&pair.iis, &pair.back, &pair.proxy}) {
            mark->time = TRY(load_time(in));
            mark->ref = TRY(load_ref(in));
        }
        return pair;
    }
};

/// The id at the end of an IIS query: "...&cafeReqId=5f0c...;".
std::string_view id_in(std::string_view query) {
    constexpr std::string_view kName = "cafeReqId=";
    constexpr std::size_t kId = 36;
    auto at = query.rfind(kName);
    if (at == std::string_view::npos || query.size() < at + kName.size() + kId) return {};
    return query.substr(at + kName.size(), kId);
}

class RequestClocks {
public:
    void observe(const RecordBatch& batch, const Intel&) {
        bool iis = batch.kind() == RecordKind::http_request;
        for (std::size_t i = 0; i < batch.size(); ++i) {
            Row row = batch[i];
            if (row.time == kNoTime) continue;
            if (!iis && row.text(ExchangeRequest::log) != "HttpProxy") continue;
            bool back = iis && (row.number(HttpRequest::port) == 444 || row.text(HttpRequest::site) == "W3SVC2");
            auto id = iis ? id_in(row.text(HttpRequest::query)) : row.text(ExchangeRequest::request_id);
            if (id.empty()) continue;
            Pair seen;
            (back ? seen.back : iis ? seen.iis : seen.proxy) = {row.time, row.ref};
            key_.assign(id);
            for (char& c : key_) c = lower(c);
            pairs_[key_].merge(seen);
            if (iis && behaviour::spread(key_) % kCited == 0 && pairs_.find(key_) != nullptr) batch.cite(row);
        }
    }
    void merge(const RequestClocks& other) { pairs_.merge(other.pairs_); }

    Conclusion conclude(const Intel&) const {
        std::map<ArtefactId, Compared> logs;
        for (const auto* entry : pairs_.kept()) {
            const Pair& pair = entry->second.value;
            if (pair.proxy.time == kNoTime) continue;
            bool cited = entry->second.hash % kCited == 0;
            for (const Mark* mark : {&pair.iis, &pair.back})
                if (mark->time != kNoTime) logs[mark->ref.artefact].add(*mark, pair.proxy.time, cited);
        }
        Conclusion conclusion;
        for (auto& [artefact, log] : logs) {
            std::ranges::sort(log.differences);
            auto cut = log.differences.size() / kOutliers;
            conclusion.facts.clocks.push_back({artefact, "the IIS log", "HttpProxy", log.differences[cut],
                                               log.differences[log.differences.size() - 1 - cut],
                                               log.differences.size(), log.sample.ref, log.sample.time,
                                               log.proxy_time});
        }
        return conclusion;
    }

    void save(Writer& out) const { pairs_.save(out); }
    static Result<RequestClocks> load(Reader& in) {
        RequestClocks clocks;
        clocks.pairs_ = TRY((Sample<Pair, kIds>::load(in)));
        return clocks;
    }

private:
    struct Compared {
        std::vector<Ticks> differences;
        Mark sample;
        Time proxy_time = kNoTime;
        bool cited = false;

        /// The first line by place stands for all, one that is cited before others.
        void add(const Mark& mark, Time proxy, bool is_cited) {
            differences.push_back(proxy - mark.time);
            bool better = sample.time == kNoTime || is_cited > cited || (is_cited == cited && mark.ref < sample.ref);
            if (!better) return;
            sample = mark;
            proxy_time = proxy;
            cited = is_cited;
        }
    };

    Sample<Pair, kIds> pairs_;
    std::string key_;  // of the row at hand
};

constexpr RecordKind kReads[] = {RecordKind::http_request, RecordKind::exchange_request};

}  // namespace

extern const Detector kFactsRequestClocks = fold_of<RequestClocks>(
    "facts.request_clocks", "The time of the same request in the logs of IIS and of Exchange's front end", kReads);

}  // namespace ascribe

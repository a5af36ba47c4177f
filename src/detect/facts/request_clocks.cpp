// facts.request_clocks: the same request in two logs. Exchange's front end gives every request an id, writes it into
// its HttpProxy log as RequestId and hands it to IIS, which logs it in the query as cafeReqId. Both lines are written
// when the request ends, IIS's cut to the second; so their times should agree within a second or two. Where they do
// not, one clock or one shipper is off, and the same difference on every request tells by how much.
//
// Requests are compared on an even sample of ids, the same for any order of rows.
#include <algorithm>
#include <array>
#include <cstring>
#include <map>

#include "base/text.hpp"
#include "detect/behaviour/sample.hpp"
#include "detect/facts/fold.hpp"
#include "detect/web/request.hpp"

namespace ascribe {
namespace {

using behaviour::Sample;

// Ids compared. A month's logs of one server then give about 130 for a day's file, and half a year's the 20 that the
// judgement of a clock asks for (correlate/clocks.cpp). The sample travels after every part, so it is no larger.
constexpr std::size_t kIds = 4'096;
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
        for (const Mark* mark : {&iis, &back, &proxy}) {
            save_time(out, mark->time);
            if (mark->time != kNoTime) save_ref(out, mark->ref);
        }
    }
    static Result<Pair> load(Reader& in) {
        Pair pair;
        for (Mark* mark : {&pair.iis, &pair.back, &pair.proxy}) {
            mark->time = TRY(load_time(in));
            if (mark->time != kNoTime) mark->ref = TRY(load_ref(in));
        }
        return pair;
    }
};

constexpr std::size_t kIdSize = 36;  // a GUID with its dashes, which is what Exchange makes

/// An id in lower case.
class RequestId {
public:
    /// By its first and last digits, which are random, in either case: nearly all ids are not looked at further.
    static std::uint64_t spread(std::string_view text) {
        constexpr std::size_t kWord = sizeof(std::uint64_t);
        if (text.size() != kIdSize) return behaviour::spread(text);
        std::array<char, 2 * kWord> ends;
        put_lower<std::uint64_t>(text.data(), ends.data());
        put_lower<std::uint64_t>(text.data() + kIdSize - kWord, ends.data() + kWord);
        return behaviour::spread({ends.data(), ends.size()});
    }

    explicit RequestId(std::string_view text) {
        if (text.size() == kIdSize) {
            for (std::size_t i = 0; i + 8 <= kIdSize; i += 8) put_lower<std::uint64_t>(&text[i], &text_[i]);
            put_lower<std::uint32_t>(&text[kIdSize - 4], &text_[kIdSize - 4]);
        } else {
            for (std::size_t i = 0; i < kIdSize; ++i) text_[i] = i < text.size() ? lower(text[i]) : '\0';
        }
    }
    operator std::string_view() const { return {text_.data(), text_.size()}; }
    friend bool operator==(const RequestId& id, std::string_view text) { return std::string_view(id) == text; }

private:
    /// Some characters at once: capitals, which are those whose sums with these numbers differ in the highest bit, get
    /// the bit of small letters.
    template <class Word>
    static void put_lower(const char* from, char* to) {
        constexpr Word kOnes = static_cast<Word>(~Word{0}) / 0xFF, kHigh = kOnes * 0x80, kRest = kOnes * 0x7F;
        Word word;
        std::memcpy(&word, from, sizeof word);
        Word from_a = (word & kRest) + kOnes * (0x80 - 'A'), behind_z = (word & kRest) + kOnes * (0x7F - 'Z');
        word |= ((from_a ^ behind_z) & ~word & kHigh) >> 2;
        std::memcpy(to, &word, sizeof word);
    }
    std::array<char, kIdSize> text_;
};

/// The id at the end of an IIS query: "...&cafeReqId=5f0c...;".
std::string_view id_in(std::string_view query) {
    constexpr std::string_view kName = "cafeReqId=", kEnd = ";";
    constexpr auto kUsual = kName.size() + kIdSize + kEnd.size();
    // Where it always stands, before it is looked for.
    if (query.size() >= kUsual && query.substr(query.size() - kUsual, kName.size()) == kName)
        return query.substr(query.size() - kEnd.size() - kIdSize, kIdSize);
    auto at = query.rfind(kName);
    if (at == std::string_view::npos || query.size() < at + kName.size() + kIdSize) return {};
    return query.substr(at + kName.size(), kIdSize);
}

class RequestClocks {
public:
    void observe(const RecordBatch& batch, const Intel&) {
        auto requests = numbered_requests(batch);
        bool iis = batch.kind() == RecordKind::http_request;
        batch.texts(iis ? std::size_t{HttpRequest::query} : std::size_t{ExchangeRequest::request_id}, texts_);
        texts_.resize(batch.size());
        for (std::size_t i = 0; i < batch.size(); ++i) {
            const NumberedRequest& request = requests.rows[i];
            auto text = iis ? id_in(texts_[i]) : texts_[i];
            auto time = batch.time(i);
            if (text.size() != kIdSize || time == kNoTime) continue;
            if (!iis && requests.logs.text(request.log) != "HttpProxy") continue;
            auto hash = RequestId::spread(text);
            if (!pairs_.may_keep(hash)) continue;
            auto place = pairs_.place(hash, RequestId(text));
            if (place == Ids::kBeyond) continue;
            Pair& pair = pairs_.at(place);
            Pair::keep(iis ? request.back_end ? pair.back : pair.iis : pair.proxy, {time, batch.ref(i)});
            if (iis && hash % kCited == 0) batch.cite(batch[i]);
        }
    }
    void merge(const RequestClocks& other) { pairs_.merge(other.pairs_); }

    Conclusion conclude(const Intel&) const {
        std::map<ArtefactId, Compared> logs;
        for (const auto* entry : pairs_.kept()) {
            const Pair& pair = entry->value;
            if (pair.proxy.time == kNoTime) continue;
            bool cited = entry->hash % kCited == 0;
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
        clocks.pairs_ = TRY(Ids::load(in));
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

    using Ids = Sample<Pair, kIds, RequestId>;
    Ids pairs_;
    std::vector<std::string_view> texts_;  // of a batch
};

constexpr RecordKind kReads[] = {RecordKind::http_request, RecordKind::exchange_request};

}  // namespace

extern const Detector kFactsRequestClocks = fold_of<RequestClocks>(
    "facts.request_clocks", "The time of the same request in the logs of IIS and of Exchange's front end", kReads);

}  // namespace ascribe

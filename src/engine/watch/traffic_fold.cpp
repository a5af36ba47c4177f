#include "engine/watch/traffic_fold.hpp"

#include <algorithm>

#include "base/saturating.hpp"
#include "base/text.hpp"
#include "detect/facts/fold.hpp"
#include "detect/web/request.hpp"

namespace ascribe {
namespace {

using Names = std::unordered_map<std::string, Visits>;

void extend(Time& first, Time& last, Time from, Time until) {
    if (from != kNoTime && (first == kNoTime || from < first)) first = from;
    if (until != kNoTime) last = std::max(last, until);
}

void add(Visits& to, const Visits& more) {
    add_up(to.requests, more.requests);
    add_up(to.posts, more.posts);
    add_up(to.errors, more.errors);
    to.was_there = to.was_there || more.was_there;
    extend(to.first, to.last, more.first, more.last);
}

/// The visits of a name, or those of all others where there is no room for one more.
Visits& visits_of(Names& names, Visits& others, std::string&& name) {
    auto at = names.find(name);
    if (at == names.end() && names.size() >= Traffic::kNames) return others;
    return at != names.end() ? at->second : names[std::move(name)];
}

void count_minute(Traffic& traffic, std::int64_t minute, std::uint64_t requests) {
    traffic.minutes[minute] += requests;
    while (traffic.minutes.size() > Traffic::kMinutes) traffic.minutes.erase(traffic.minutes.begin());
}

void save_visits(Writer& out, const Visits& visits) {
    for (auto value : {visits.requests, visits.posts, visits.errors}) out.little(value);
    save_time(out, visits.first);
    save_time(out, visits.last);
    out.little(static_cast<std::uint8_t>(visits.was_there));
}

Result<Visits> load_visits(Reader& in) {
    Visits visits;
    for (auto* value : {&visits.requests, &visits.posts, &visits.errors})
        *value = TRY(in.little<std::uint64_t>("traffic.visits"));
    visits.first = TRY(load_time(in));
    visits.last = TRY(load_time(in));
    visits.was_there = TRY(in.little<std::uint8_t>("traffic.there")) != 0;
    return visits;
}

class TrafficFold {
public:
    Traffic traffic;

    void observe(const RecordBatch& batch, const Intel&) {
        for (std::size_t i = 0; i < batch.size(); ++i) {
            Row row = batch[i];
            auto request = request_of(batch.kind(), row);
            if (request.back_end) continue;  // counted at the front end
            if (is_health_probe(request)) {
                ++traffic.probes;
                continue;
            }
            count(request, row.time);
        }
    }

    void merge(const TrafficFold& other) {
        const Traffic& more = other.traffic;
        add_up(traffic.requests, more.requests);
        add_up(traffic.probes, more.probes);
        for (std::size_t i = 0; i < traffic.status.size(); ++i) add_up(traffic.status[i], more.status[i]);
        for (const auto& [name, visits] : more.pages)
            add(visits_of(traffic.pages, traffic.other_pages, std::string(name)), visits);
        for (const auto& [name, visits] : more.clients)
            add(visits_of(traffic.clients, traffic.other_clients, std::string(name)), visits);
        add(traffic.other_pages, more.other_pages);
        add(traffic.other_clients, more.other_clients);
        for (auto [minute, requests] : more.minutes) count_minute(traffic, minute, requests);
        extend(traffic.first, traffic.last, more.first, more.last);
    }

    Conclusion conclude(const Intel&) const { return {}; }

    void save(Writer& out) const {
        out.little(traffic.requests);
        out.little(traffic.probes);
        for (auto value : traffic.status) out.little(value);
        for (const Names* names : {&traffic.pages, &traffic.clients}) {
            out.count(names->size());
            for (const auto& [name, visits] : *names) out.text(name), save_visits(out, visits);
        }
        save_visits(out, traffic.other_pages);
        save_visits(out, traffic.other_clients);
        out.count(traffic.minutes.size());
        for (auto [minute, requests] : traffic.minutes) out.little(minute), out.little(requests);
        save_time(out, traffic.first);
        save_time(out, traffic.last);
    }

    static Result<TrafficFold> load(Reader& in) {
        TrafficFold fold;
        Traffic& traffic = fold.traffic;
        traffic.requests = TRY(in.little<std::uint64_t>("traffic.requests"));
        traffic.probes = TRY(in.little<std::uint64_t>("traffic.probes"));
        for (auto& value : traffic.status) value = TRY(in.little<std::uint64_t>("traffic.status"));
        for (Names* names : {&traffic.pages, &traffic.clients}) {
            auto count = TRY(in.count("traffic.names"));
            if (count > Traffic::kNames) return std::unexpected(Error{Fault::too_large, "traffic.names", in.offset()});
            for (std::uint32_t i = 0; i < count; ++i) {
                auto name = TRY(in.text("traffic.name"));
                if (name.size() > Traffic::kNameBytes)
                    return std::unexpected(Error{Fault::too_large, "traffic.name", in.offset()});
                (*names)[std::string(name)] = TRY(load_visits(in));
            }
        }
        traffic.other_pages = TRY(load_visits(in));
        traffic.other_clients = TRY(load_visits(in));
        auto minutes = TRY(in.count("traffic.minutes"));
        if (minutes > Traffic::kMinutes)
            return std::unexpected(Error{Fault::too_large, "traffic.minutes", in.offset()});
        for (std::uint32_t i = 0; i < minutes; ++i) {
            auto minute = TRY(in.little<std::int64_t>("traffic.minute"));
            traffic.minutes[minute] = TRY(in.little<std::uint64_t>("traffic.minute"));
        }
        traffic.first = TRY(load_time(in));
        traffic.last = TRY(load_time(in));
        return fold;
    }

private:
    void count(const Request& request, Time time) {
        ++traffic.requests;
        auto hundred = request.status / 100;
        ++traffic.status[hundred >= 1 && hundred <= 5 ? static_cast<std::size_t>(hundred) : 0];
        Visits one{1,
                   request.is_post() ? 1u : 0u,
                   request.status >= 400 ? 1u : 0u,
                   time,
                   time,
                   request.status > 0 && request.status < 400};
        auto page = lower(request.stem.substr(0, Traffic::kNameBytes));
        add(visits_of(traffic.pages, traffic.other_pages, std::move(page)), one);
        auto client = std::string(request.address.substr(0, Traffic::kNameBytes));
        add(visits_of(traffic.clients, traffic.other_clients, std::move(client)), one);
        extend(traffic.first, traffic.last, time, time);
        if (time != kNoTime)
            count_minute(traffic, std::chrono::floor<std::chrono::minutes>(time).time_since_epoch().count(), 1);
    }
};

constexpr RecordKind kReads[] = {RecordKind::http_request, RecordKind::exchange_request};

}  // namespace

Detector traffic_fold() {
    return fold_of<TrafficFold>(kTrafficName, "Requests, pages and clients of web logs", kReads);
}

const Traffic& traffic_of(const std::any& state) { return std::any_cast<const TrafficFold&>(state).traffic; }

}  // namespace ascribe

#include "engine/hunter.hpp"

#include <algorithm>

namespace ascribe {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;
/// Fields of one hit; rules ask for some dozens at most.
constexpr std::uint32_t kFields = 4'096;

void save(const RuleHit& hit, Writer& out) {
    out.little(hit.rule);
    out.little(static_cast<std::uint8_t>(hit.scan | hit.counted << 1));
    out.little(hit.time.time_since_epoch().count());
    out.little(hit.offset);
    out.little(hit.size);
    out.little(hit.line);
    out.little(hit.record_id);
    out.text(hit.host);
    for (const Pairs* list : {&hit.fields, &hit.correlated}) {
        out.count(list->size());
        for (const auto& [name, value] : *list) out.text(name), out.text(value);
    }
}

Result<Pairs> load_pairs(Reader& in) {
    auto count = TRY(in.count("hit.fields"));
    if (count > kFields) return std::unexpected(Error{Fault::too_large, "hit.fields", in.offset(), count, kFields});
    Pairs pairs;
    for (std::uint32_t i = 0; i < count; ++i) {
        auto name = TRY(in.text("hit.name"));
        auto value = TRY(in.text("hit.value"));
        pairs.emplace_back(name, value);
    }
    return pairs;
}

Result<RuleHit> load(Reader& in, std::size_t rules) {
    RuleHit hit;
    hit.rule = TRY(in.little<std::uint32_t>("hit.rule"));
    if (hit.rule >= rules) return std::unexpected(Error{Fault::bad_value, "hit.rule", in.offset()});
    auto flags = TRY(in.little<std::uint8_t>("hit.flags"));
    hit.scan = (flags & 1) != 0;
    hit.counted = (flags & 2) != 0;
    hit.time = Time(Ticks(TRY(in.little<std::int64_t>("hit.time"))));
    hit.offset = TRY(in.little<std::uint64_t>("hit.offset"));
    hit.size = TRY(in.little<std::uint32_t>("hit.size"));
    hit.line = TRY(in.little<std::uint32_t>("hit.line"));
    hit.record_id = TRY(in.little<std::int64_t>("hit.record_id"));
    hit.host = TRY(in.text("hit.host"));
    hit.fields = TRY(load_pairs(in));
    hit.correlated = TRY(load_pairs(in));
    return hit;
}

}  // namespace

void Hunter::observe(const RecordBatch& batch, Reply& reply) {
    matcher_.enter(batch);
    auto rows = sieve_.rows(batch, matcher_);
    bool events = batch.kind() == RecordKind::windows_event;
    if (!events && sieve_.reads(batch.kind())) reply.read_by_rules += batch.size();
    for (const auto& choice : rows) {
        Row row = batch[choice.row];
        auto hits = sieve_.match(row, choice, matcher_);
        if (events) reply.read_by_rules += matcher_.relevant() ? 1 : 0;
        for (const sigma::Hit& found : hits) {
            bool counted = correlator_.counts(found.rule);
            if (rules_.rules()[found.rule].silent && !counted) continue;
            if (reply.hits.size() >= kHitBytes) {
                ++reply.hits_not_listed;
                continue;
            }
            RuleHit hit{.rule = found.rule,
                        .scan = found.scan,
                        .counted = counted,
                        .time = row.time,
                        .offset = row.ref.offset,
                        .size = row.ref.size,
                        .line = row.line,
                        .record_id = -1,
                        .host = batch.host,
                        .fields = {},
                        .correlated = {}};
            if (batch.kind() == RecordKind::windows_event)
                hit.record_id = row.number(WindowsEvent::record_id).value_or(-1);
            for (auto [name, value] : matcher_.matched_fields(found))
                hit.fields.emplace_back(name, value.substr(0, kHitValue));
            if (counted)
                for (const std::string& name : correlator_.fields_of(found.rule))
                    if (auto value = matcher_.field(found, name))
                        hit.correlated.emplace_back(name, value->substr(0, kHitValue));
            Writer out;
            save(hit, out);
            reply.hits += out.bytes();
        }
    }
}

void Hunter::settle(Reply& reply) {
    for (const auto& cost : matcher_.take_costs()) reply.judged.push_back({cost.rule, cost.judged, cost.held});
}

bool next_hit(Reader& in, std::size_t rules, RuleHit& hit) {
    if (in.left() == 0) return false;
    auto read = load(in, rules);
    if (read) hit = std::move(*read);
    return read.has_value();
}

}  // namespace ascribe

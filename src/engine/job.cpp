#include "engine/job.hpp"

namespace ascribe {
namespace {

void save(Writer& out, const Ref& ref) {
    out.little(ref.artefact.value);
    out.little(ref.size);
    out.little(ref.offset);
}

Result<Ref> load_ref(Reader& in) {
    Ref ref;
    ref.artefact.value = TRY(in.little<std::uint32_t>("reply.ref.artefact"));
    ref.size = TRY(in.little<std::uint32_t>("reply.ref.size"));
    ref.offset = TRY(in.little<std::uint64_t>("reply.ref.offset"));
    return ref;
}

void save(Writer& out, const Damage& damage) {
    out.little(damage.artefact.value);
    out.little(static_cast<std::uint8_t>(damage.fault));
    out.text(damage.what);
    out.little(damage.offset);
    out.little(damage.need);
    out.little(damage.have);
}

Result<Damage> load_damage(Reader& in) {
    Damage damage;
    damage.artefact.value = TRY(in.little<std::uint32_t>("reply.damage.artefact"));
    auto fault = TRY(in.little<std::uint8_t>("reply.damage.fault"));
    if (fault > static_cast<std::uint8_t>(Fault::repeated))
        return std::unexpected(Error{Fault::bad_value, "reply.damage.fault", in.offset()});
    damage.fault = static_cast<Fault>(fault);
    damage.what = TRY(in.text("reply.damage.what"));
    damage.offset = TRY(in.little<std::uint64_t>("reply.damage.offset"));
    damage.need = TRY(in.little<std::uint64_t>("reply.damage.need"));
    damage.have = TRY(in.little<std::uint64_t>("reply.damage.have"));
    return damage;
}

}  // namespace

void Job::save(Writer& out) const {
    out.little(static_cast<std::uint8_t>(task));
    out.little(artefact.value);
    out.text(path);
    out.text(shown);
    for (std::uint64_t value : {size, base, begin, end}) out.little(value);
    out.little(parser);
    out.text(header);
    out.little(static_cast<std::uint8_t>(streamed));
    out.little(static_cast<std::uint8_t>(hash));
    out.little(static_cast<std::uint8_t>(window));
    out.little(static_cast<std::uint8_t>(reuse));
}

Result<Job> Job::load(Reader& in) {
    Job job;
    job.task = static_cast<Task>(TRY(in.little<std::uint8_t>("job.task")));
    job.artefact.value = TRY(in.little<std::uint32_t>("job.artefact"));
    job.path = TRY(in.text("job.path"));
    job.shown = TRY(in.text("job.shown"));
    for (std::uint64_t* value : {&job.size, &job.base, &job.begin, &job.end})
        *value = TRY(in.little<std::uint64_t>("job.range"));
    job.parser = TRY(in.little<std::uint32_t>("job.parser"));
    job.header = TRY(in.text("job.header"));
    job.streamed = TRY(in.little<std::uint8_t>("job.streamed")) != 0;
    job.hash = TRY(in.little<std::uint8_t>("job.hash")) != 0;
    job.window = TRY(in.little<std::uint8_t>("job.window")) != 0;
    job.reuse = TRY(in.little<std::uint8_t>("job.reuse")) != 0;
    return job;
}

void Reply::save(Writer& out) const {
    out.little(opener);
    out.little(parser);
    out.text(unreadable);
    out.text(head);
    out.little(parsed_until);
    out.text(header);
    out.little(static_cast<std::uint8_t>(hashed));
    out.text(as_text(digest));
    for (std::uint64_t value : {records, recovered, bad, directives, lines, scanned}) out.little(value);
    out.count(damage.size());
    for (const Damage& item : damage) ascribe::save(out, item);
    out.count(citations.size());
    for (const auto& [ref, citation] : citations) {
        ascribe::save(out, ref);
        out.little(citation.line);
        out.text(citation.bytes);
        out.little(citation.time.time_since_epoch().count());
    }
    out.count(states.size());
    for (const auto& [host, detectors] : states) {
        out.text(host);
        out.count(detectors.size());
        for (const auto& [detector, state] : detectors) {
            out.little(detector);
            out.text(state);
        }
    }
    out.text(hits);
    out.little(read_by_rules);
    out.little(hits_not_listed);
    out.count(judged.size());
    for (const RuleCost& cost : judged) {
        out.little(cost.rule);
        out.little(cost.judged);
        out.little(cost.held);
    }
    out.text(examined);
    for (std::uint64_t value : {lines_bytes, rows_of_kind, rows_dumped, rows_not_dumped, conditions_named})
        out.little(value);
}

Result<Reply> Reply::load(Reader& in) {
    Reply reply;
    reply.opener = TRY(in.little<std::uint32_t>("reply.opener"));
    reply.parser = TRY(in.little<std::uint32_t>("reply.parser"));
    reply.unreadable = TRY(in.text("reply.unreadable"));
    reply.head = TRY(in.text("reply.head"));
    reply.parsed_until = TRY(in.little<std::uint64_t>("reply.parsed_until"));
    reply.header = TRY(in.text("reply.header"));
    reply.hashed = TRY(in.little<std::uint8_t>("reply.hashed")) != 0;
    auto digest = TRY(in.text("reply.digest"));
    if (digest.size() != reply.digest.size() || reply.head.size() > kQuotedHead)
        return std::unexpected(Error{Fault::bad_value, "reply.digest", in.offset()});
    std::memcpy(reply.digest.data(), digest.data(), digest.size());
    for (std::uint64_t* value :
         {&reply.records, &reply.recovered, &reply.bad, &reply.directives, &reply.lines, &reply.scanned})
        *value = TRY(in.little<std::uint64_t>("reply.count"));
    auto damages = TRY(in.count("reply.damage"));
    if (damages > kDamageListed)
        return std::unexpected(Error{Fault::too_large, "reply.damage", in.offset(), kDamageListed, damages});
    for (std::uint32_t i = 0; i < damages; ++i) {
        auto damage = TRY(load_damage(in));
        reply.damage.push_back(std::move(damage));
    }
    auto citations = TRY(in.count("reply.citations"));
    for (std::uint32_t i = 0; i < citations; ++i) {
        auto ref = TRY(load_ref(in));
        Citation citation;
        citation.line = TRY(in.little<std::uint32_t>("reply.citation.line"));
        citation.bytes = TRY(in.text("reply.citation.bytes"));
        citation.time = Time(Ticks(TRY(in.little<std::int64_t>("reply.citation.time"))));
        reply.citations.emplace_hint(reply.citations.end(), ref, std::move(citation));
    }
    auto hosts = TRY(in.count("reply.hosts"));
    for (std::uint32_t i = 0; i < hosts; ++i) {
        auto host = TRY(in.text("reply.host"));
        auto& detectors = reply.states[std::string(host)];
        auto count = TRY(in.count("reply.states"));
        for (std::uint32_t k = 0; k < count; ++k) {
            auto detector = TRY(in.little<std::uint32_t>("reply.detector"));
            detectors[detector] = TRY(in.text("reply.state"));
        }
    }
    reply.hits = TRY(in.text("reply.hits"));
    reply.read_by_rules = TRY(in.little<std::uint64_t>("reply.read_by_rules"));
    reply.hits_not_listed = TRY(in.little<std::uint64_t>("reply.hits_not_listed"));
    auto costs = TRY(in.count("reply.judged"));
    for (std::uint32_t i = 0; i < costs; ++i) {
        RuleCost cost;
        cost.rule = TRY(in.little<std::uint32_t>("reply.judged.rule"));
        cost.judged = TRY(in.little<std::uint64_t>("reply.judged.count"));
        cost.held = TRY(in.little<std::uint64_t>("reply.judged.held"));
        reply.judged.push_back(cost);
    }
    reply.examined = TRY(in.text("reply.examined"));
    for (std::uint64_t* value :
         {&reply.lines_bytes, &reply.rows_of_kind, &reply.rows_dumped, &reply.rows_not_dumped, &reply.conditions_named})
        *value = TRY(in.little<std::uint64_t>("reply.rows"));
    return reply;
}

}  // namespace ascribe

#include "engine/worker.hpp"

#include <unistd.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "engine/hunter.hpp"
#include "evidence/opener.hpp"
#include "evidence/unreadable.hpp"

namespace ascribe {
namespace {

/// This process's hunter: its automata's scratch space outlives the parts.
Hunter* hunter_of(const sigma::RuleSet* rules) {
    static std::unique_ptr<Hunter> hunter;
    static const sigma::RuleSet* own = nullptr;
    if (rules != own) {
        hunter = rules != nullptr ? std::make_unique<Hunter>(*rules) : nullptr;
        own = rules;
    }
    return hunter.get();
}

/// Folds batches into detector states, by server, as they come from the parser.
class Fold : public Sink {
public:
    Fold(const Stages& stages, const Job& job, Reply& reply)
        : stages_(stages), artefact_(job.artefact), reply_(reply), hunter_(hunter_of(stages.rules)) {
        if (stages.dump != nullptr) dumper_.emplace(*stages.dump, job.shown);
    }

    void batch(RecordBatch batch) override {
        reply_.records += batch.size();
        batch.cite_into(citations_);
        if (hunter_ != nullptr) hunter_->observe(batch, reply_);
        if (dumper_) dumper_->observe(batch, reply_);
        auto& states = states_of(batch.host);
        for (std::size_t i = 0; i < stages_.detectors.size(); ++i) {
            const Detector& detector = stages_.detectors[i];
            if (std::ranges::find(detector.reads, batch.kind()) == detector.reads.end()) continue;
            if (!states[i].has_value()) states[i] = detector.begin();
            detector.observe(states[i], batch, stages_.intel);
        }
    }
    void bad(const Error& error) override {
        ++reply_.bad;
        list(error);
    }
    void damage(const Error& error) override { list(error); }
    void directives(std::uint64_t lines) override { reply_.directives += lines; }
    void lines(std::uint64_t lines) override { reply_.lines += lines; }

    void finish() {
        if (hunter_ != nullptr) hunter_->settle(reply_);
        if (dumper_) dumper_->finish(reply_);
        for (auto& [host, states] : states_)
            for (std::size_t i = 0; i < states.size(); ++i) {
                if (!states[i].has_value()) continue;
                Writer out;
                stages_.detectors[i].save(states[i], out);
                reply_.states[host][static_cast<std::uint32_t>(i)] = out.take();
            }
        reply_.citations = std::move(*citations_);
    }

private:
    std::vector<std::any>& states_of(const std::string& host) {
        auto at = states_.find(host);
        if (at == states_.end())
            at = states_.try_emplace(states_.size() < kHostsPerPart ? host : std::string(), stages_.detectors.size())
                     .first;
        return at->second;
    }
    void list(const Error& error) {
        if (reply_.damage.size() < kDamageListed)
            reply_.damage.push_back(
                {artefact_, error.fault, std::string(error.what), error.offset, error.need, error.have});
    }

    const Stages& stages_;
    ArtefactId artefact_;
    Reply& reply_;
    Hunter* hunter_;
    std::optional<Dumper> dumper_;
    std::map<std::string, std::vector<std::any>> states_;
    std::shared_ptr<Citations> citations_ = std::make_shared<Citations>();
};

struct Claim {
    std::uint32_t index = UINT32_MAX;
    int sureness = 0;
};

/// The surest claim; the earlier entry wins a tie.
template <class Table>
Claim claim(const Table& table, std::string_view path, std::span<const std::byte> head) {
    Claim best;
    for (std::uint32_t i = 0; i < table.size(); ++i)
        if (int sureness = table[i].claim(path, head); sureness > best.sureness) best = {i, sureness};
    return best;
}

/// Decides what the artefact is; true when a parser is to read it.
bool recognise(const Job& job, const Bytes& bytes, const Stages& stages, Reply& reply) {
    auto head = bytes.view().first(std::min(bytes.size(), kHeadBytes));
    reply.head = as_text(head.first(std::min(head.size(), kQuotedHead)));
    auto opener = claim(openers(), job.path, head);
    auto parser = claim(stages.parsers, job.path, head);
    if (opener.sureness > parser.sureness && job.base == 0) {
        reply.opener = opener.index;
        return false;
    }
    reply.parser = parser.index;
    if (parser.sureness == 0) reply.unreadable = known_unreadable(job.path, head);
    return parser.sureness > 0;
}

}  // namespace

Reply run_job(const Job& job, int descriptor, const Stages& stages) {
    Reply reply;
    auto mapped = Bytes::map(descriptor, job.size);
    if (!mapped) {
        reply.damage.push_back({job.artefact, mapped.error().fault, std::string(mapped.error().what), 0, job.size, 0});
        return reply;
    }
    const Bytes& bytes = *mapped;
    if (job.task == Task::hash) {
        reply.digest = sha256(bytes.view());
        reply.hashed = true;
        return reply;
    }
    auto parser = job.parser;
    auto begin = job.begin, end = job.end;
    if (job.task == Task::inspect) {
        bool wanted = recognise(job, bytes, stages, reply);
        parser = reply.parser;
        if (wanted) {
            auto unit = stages.parsers[parser].unit;
            auto all = job.base + job.size;
            end = unit == 0 ? all : std::min(all, begin - begin % unit + stages.parsers[parser].origin + unit);
        }
    }
    if (parser < stages.parsers.size()) {
        Fold fold(stages, job, reply);
        stages.parsers[parser].parse({.artefact = job.artefact,
                                      .path = job.path,
                                      .whole = bytes,
                                      .base = job.base,
                                      .begin = begin,
                                      .end = end,
                                      .header = job.header},
                                     fold);
        fold.finish();
        reply.scanned = end - begin;
        if (job.streamed && stages.parsers[parser].header && job.begin == job.base)
            reply.header = stages.parsers[parser].header(bytes.text(), job.header);
    }
    if (stages.scan != nullptr && reply.opener >= openers().size()) {
        examine_script(job, bytes, *stages.scan, stages.intel, reply);
        reply.unreadable.clear();  // it was read, as bytes that may hold a script
    }
    reply.parsed_until = end;
    bool whole = job.task == Task::inspect && !job.streamed && (parser >= stages.parsers.size() || end == job.size);
    if (whole && job.hash) {
        reply.digest = sha256(bytes.view());
        reply.hashed = true;
    }
    return reply;
}

void live_as_worker(Channel parent, const Stages& stages, Isolation isolation, const Limits& limits) {
    parent.send(confine(isolation, limits));
    while (auto frame = parent.wait()) {
        Descriptor descriptor = parent.take_descriptor();
        Reader in(as_bytes(*frame));
        auto job = Job::load(in);
        if (!job) _exit(2);
        Writer out;
        auto reply = run_job(*job, descriptor.number(), stages);
        reply.save(out);
        if (!parent.send(out.bytes(), reply.lines_file ? reply.lines_file->number() : -1)) break;
    }
    _exit(0);
}

}  // namespace ascribe

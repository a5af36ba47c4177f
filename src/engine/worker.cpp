#include "engine/worker.hpp"

#include <unistd.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "detect/screen.hpp"
#include "engine/hunter.hpp"
#include "evidence/opener.hpp"
#include "evidence/unreadable.hpp"
#include "parse/lines.hpp"

namespace ascribe {
namespace {

/// What is read of a text log of several parts before the other parts are handed out.
constexpr std::uint64_t kFirstTextPart = 4 << 20;

/// Bytes of replies to jobs that came together, which go back together: each message wakes the other side.
constexpr std::size_t kRepliesTogether = 64 << 10;

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

/// This process's screen, which remembers the texts it met.
Screen& screen_of(const Stages& stages) {
    static std::unique_ptr<Screen> screen;
    static std::pair<const Detector*, const Intel*> own;
    if (std::pair(stages.detectors.data(), &stages.intel) != own || !screen) {
        screen = std::make_unique<Screen>(stages.detectors, stages.intel);
        own = {stages.detectors.data(), &stages.intel};
    }
    return *screen;
}

/// What this process's dumps are written into.
MemoryFile& lines_file() {
    static MemoryFile file;
    return file;
}

/// The header line in force where this process stopped reading an artefact. Its next part mostly begins there, or a few
/// parts further on, so that nobody searches a log backwards to its start for every part of it. Only a short cut: what
/// is found is what the search would find.
class KnownHeader {
public:
    /// Fills in which header is in force at the part's begin.
    void look_up(const Parser& parser, Part& part) {
        if (part.begin == 0) return;
        if (parser_ == &parser && artefact_ == part.artefact && at_ <= part.begin) {
            part.header = header_;
            part.header_at = at_;
        }
        if (part.header_at == part.begin) return;
        part.header = parser.header(part);
        part.header_at = part.begin;
    }
    /// Notes what is in force at its end.
    void keep(const Parser& parser, Part part, bool has_directives) {
        bool changes = part.begin == 0 || has_directives;
        part.begin = part.end;
        header_ = changes ? parser.header(part) : std::move(part.header);
        parser_ = &parser;
        artefact_ = part.artefact;
        at_ = part.end;
    }

private:
    const Parser* parser_ = nullptr;
    ArtefactId artefact_;
    std::uint64_t at_ = 0;
    std::string header_;
};

KnownHeader& known_headers() {
    static KnownHeader known;
    return known;
}

/// Folds batches into detector states, by server, as they come from the parser.
class Fold : public Sink {
public:
    Fold(const Stages& stages, const Job& job, Reply& reply)
        : stages_(stages),
          artefact_(job.artefact),
          reply_(reply),
          hunter_(hunter_of(stages.rules)),
          screen_(screen_of(stages)) {
        if (stages.dump == nullptr) return;
        lines_file().begin_again(job.reuse && lines_file().size() <= kReused);
        dumper_.emplace(*stages.dump, job.shown, lines_file());
    }

    void batch(RecordBatch batch) override {
        (batch.kind() == RecordKind::recovered_event ? reply_.recovered : reply_.records) += batch.size();
        batch.cite_into(citations_);
        if (hunter_ != nullptr) hunter_->observe(batch, reply_);
        if (dumper_) dumper_->observe(batch, reply_);
        auto& states = states_of(batch.host);
        screen_.look(batch);
        for (std::size_t i = 0; i < stages_.detectors.size(); ++i) {
            const Detector& detector = stages_.detectors[i];
            if (std::ranges::find(detector.reads, batch.kind()) == detector.reads.end()) continue;
            auto rows = screen_.rows(i);
            if (rows && rows->empty()) continue;
            if (!states[i].has_value()) states[i] = detector.begin();
            if (rows)
                detector.observe_rows(states[i], batch, *rows, stages_.intel);
            else
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
    Screen& screen_;
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

/// Which bytes of the artefact are read, and by which parser.
struct Reach {
    std::uint32_t parser;  // none at or above the number of parsers
    std::uint64_t begin, end;
};

/// As the job says; of an artefact that nobody has looked at yet, as it turns out to be.
Reach reach_of(const Job& job, const Bytes& bytes, const Stages& stages, Reply& reply) {
    Reach reach{job.parser, job.begin, job.end};
    if (job.task != Task::inspect) return reach;
    bool is_wanted = recognise(job, bytes, stages, reply);
    reach.parser = reply.parser;
    if (!is_wanted) return reach;
    const Parser& parser = stages.parsers[reach.parser];
    auto all = job.base + job.size;
    reach.end =
        parser.unit == 0 ? all : std::min(all, reach.begin - reach.begin % parser.unit + parser.origin + parser.unit);
    // Others wait until it is known what a long log is, so it is told after a little of it.
    if (reach.end < all && parser.unit == kTextUnit) reach.end = std::min(reach.end, reach.begin + kFirstTextPart);
    return reach;
}

/// Records to states: the part is parsed, its rows folded.
void parse_part(const Job& job, const Bytes& bytes, const Reach& reach, const Stages& stages, Reply& reply) {
    const Parser& parser = stages.parsers[reach.parser];
    Part part{.artefact = job.artefact,
              .path = job.path,
              .whole = bytes,
              .base = job.base,
              .begin = reach.begin,
              .end = reach.end,
              .header = job.header,
              .header_at = job.base};
    bool is_cut = parser.unit > 0 && parser.header != nullptr && !job.streamed && job.base == 0;
    if (is_cut) known_headers().look_up(parser, part);
    bytes.expect(reach.begin - job.base, reach.end - job.base);
    Fold fold(stages, job, reply);
    parser.parse(part, fold);
    fold.finish();
    reply.scanned = reach.end - reach.begin;
    if (is_cut) known_headers().keep(parser, part, reply.directives > 0);
    if (job.streamed && parser.header != nullptr && job.begin == job.base) {  // for the segments that follow
        part.base = part.header_at = 0;
        part.begin = part.end = bytes.size();
        reply.header = parser.header(part);
    }
}

void take_digest(const Bytes& bytes, Reply& reply) {
    reply.digest = sha256(bytes.view());
    reply.hashed = true;
}

}  // namespace

Reply run_job(const Job& job, int descriptor, const Stages& stages) {
    Reply reply;
    auto bytes = job.window ? Bytes::read(descriptor, job.size) : Bytes::map(descriptor, job.size);
    if (!bytes) {
        reply.damage.push_back({job.artefact, bytes.error().fault, std::string(bytes.error().what), 0, job.size, 0});
        return reply;
    }
    if (job.task == Task::hash) {
        take_digest(*bytes, reply);
        return reply;
    }
    auto reach = reach_of(job, *bytes, stages, reply);
    bool has_parser = reach.parser < stages.parsers.size();
    if (has_parser) parse_part(job, *bytes, reach, stages, reply);
    if (stages.scan != nullptr && reply.opener >= openers().size()) {
        examine_script(job, *bytes, *stages.scan, stages.intel, reply);
        reply.unreadable.clear();  // it was read, as bytes that may hold a script
    }
    reply.parsed_until = reach.end;
    bool is_whole = job.task == Task::inspect && !job.streamed && (!has_parser || reach.end == job.size);
    if (is_whole && job.hash) take_digest(*bytes, reply);
    return reply;
}

void live_as_worker(Channel parent, const Stages& stages, Isolation isolation, const Limits& limits) {
    parent.send(confine(isolation, limits));
    Frames replies;
    while (auto frame = parent.wait()) {
        Descriptor descriptor = parent.take_descriptor();
        Reader in(as_bytes(*frame));
        auto job = Job::load(in);
        if (!job) _exit(2);
        Writer out;
        run_job(*job, descriptor.number(), stages).save(out);
        int lines = lines_file().hand_over();
        bool waits = parent.has_next() && lines < 0 && replies.bytes().size() + out.bytes().size() < kRepliesTogether;
        if (!waits && replies.count() == 0) {
            if (!parent.send(out.bytes(), lines)) break;
            continue;
        }
        replies.add(out.bytes(), lines);
        if (waits && replies.count() < Frames::kMost) continue;
        if (!parent.send(replies)) break;
        replies.clear();
    }
    _exit(0);
}

}  // namespace ascribe

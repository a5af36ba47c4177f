#include "engine/watch/watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>

#include "base/text.hpp"
#include "detect/sigma/rule_set.hpp"
#include "engine/watch/messenger.hpp"
#include "engine/watch/state_file.hpp"
#include "engine/watch/told.hpp"
#include "engine/watch/window.hpp"
#include "report/notices.hpp"

namespace ascribe {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

const std::atomic<bool> kNeverStop = false;

/// How long one look at everything may wait for something to happen. Half of it is what a line waits on average where
/// inotify is silent.
constexpr auto kBeat = 50ms;
/// A log that is written to without a pause is looked at no more often than this.
constexpr auto kPace = 10ms;
/// Under a flood of findings concluding takes at most one part in kConclusionCost of the time, and waits no longer.
constexpr int kConclusionCost = 3;
constexpr auto kLatestConclusion = 1s;
/// The state is saved at most so often, and takes at most one part in kSaveCost of the time.
constexpr auto kSave = 1s;
constexpr int kSaveCost = 20;
/// At the end outlets get so long for what waits; the rest stays in the state.
constexpr auto kLastWords = 5s;
/// Limits of a worker on a range of a few megabytes; others wait meanwhile.
constexpr Limits kRangeLimits{.data_bytes = 1ull << 30, .cpu_seconds = 20, .wall_seconds = 30};
/// The probability from which findings count, as docs/adding.md has it.
constexpr double kCounts = 0.5;
/// Vanished files whose paths are remembered, for findings that rest on their rows.
constexpr std::size_t kPaths = 100'000;
/// Rows whose bytes are at hand until the next conclusion; notices quote them.
constexpr std::size_t kFresh = 100'000;

std::string digest_of_rules(const Intel& intel) {
    Sha256 digest;
    if (intel.rules)
        for (const sigma::Rule& rule : intel.rules->rules())
            for (std::string_view part :
                 {std::string_view(rule.id), std::string_view(rule.title), std::string_view("\n")})
                digest.update(as_bytes(part));
    return to_hex(digest.finish());
}

/// A sentence where a file of our own lies in what is watched: it would be read as evidence, and grow by that.
std::string refuse_inside(const std::string& path, const std::vector<std::string>& roots) {
    std::error_code fault;
    auto own = std::filesystem::weakly_canonical(path, fault);
    for (const std::string& root : roots) {
        auto from = std::filesystem::weakly_canonical(root, fault);
        auto [end, rest] = std::mismatch(from.begin(), from.end(), own.begin(), own.end());
        if (end == from.end()) return fmt::format("{}: lies in {}, which is watched; give a place outside", path, root);
    }
    return {};
}

class Watch {
public:
    Watch(const WatchOptions& options, const Intel& intel, const std::function<void(const Notice&)>& told,
          const std::function<void(const std::string&)>& note, Folders folders, std::optional<StateFile> state)
        : options_(options),
          stages_{options.parsers, alarms(), intel},
          told_(told),
          note_(note),
          folders_(std::move(folders)),
          state_(std::move(state)),
          window_(stages_),
          rules_(digest_of_rules(intel)) {
        // Forked before a byte of what is watched is open.
        for (const auto& [outlet, destination] : options_.outlets)
            messengers_.push_back(std::make_unique<Messenger>(*outlet, destination, note_));
        pool_.emplace(std::max(options_.workers, 1), stages_, options_.isolation, kRangeLimits,
                      options_.stop != nullptr ? *options_.stop : kNeverStop);
        follower_.emplace(
            folders_, *pool_, options_.parsers, options_.from,
            [this](const NewPart& part, Reply&& reply) { book(part, std::move(reply)); }, note_);
        resume();
    }

    WatchSummary run() {
        while (!pool_->stopped()) {
            follower_->step();
            pool_->pump(kBeat, folders_.descriptor());
            pool_->pump(kPace);
            if (is_time_to_conclude()) {
                conclude();
                if (!options_.once && steady_clock::now() >= next_save_)
                    save();  // never between reading and concluding
            }
            for (auto& messenger : messengers_) messenger->pump();
            if (options_.once && follower_->idle() && quiet_beats_++ > kQuietBeats) break;
            if (!follower_->idle()) quiet_beats_ = 0;
        }
        conclude();
        auto until = steady_clock::now() + kLastWords;
        while (waiting() > 0 && steady_clock::now() < until) {
            for (auto& messenger : messengers_) messenger->pump();
            pool_->pump(kPace);
        }
        is_dirty_ = true;
        save();
        summary_.undelivered = waiting();
        summary_.bytes = follower_->bytes();
        summary_.files = follower_->files();
        summary_.logs = follower_->logs();
        summary_.archives = follower_->archives();
        summary_.isolation = pool_->isolation();
        return summary_;
    }

private:
    /// Beats without anything to read after which everything there was read.
    static constexpr int kQuietBeats = 3;

    std::size_t waiting() const {
        std::size_t all = 0;
        for (const auto& messenger : messengers_) all += messenger->waiting();
        return all;
    }

    void book(const NewPart& part, Reply&& reply) {
        is_dirty_ = true;
        summary_.records += reply.records;
        summary_.bad += reply.bad;
        auto artefact = part.position.artefact;
        paths_[artefact] = part.position.path;
        if (paths_.size() > kPaths) paths_.erase(paths_.begin());
        for (auto& [ref, citation] : reply.citations) {
            if (ref.artefact != artefact) continue;  // a worker may cite only what it was given
            if (citation.line > 0 && part.position.counted)
                citation.line += static_cast<std::uint32_t>(part.position.lines);
            else
                citation.line = 0;
            if (fresh_.size() < kFresh) fresh_.insert_or_assign(ref, std::move(citation));
        }
        window_.add(part.server, reply.states);
        if (!part.windows_path.empty() && reply.hashed) observe_file(part, reply);
    }

    /// A file whose place on the server is known is a record itself, for detectors that judge files.
    void observe_file(const NewPart& part, const Reply& reply) {
        RecordBatch batch(RecordKind::file_entry, part.position.artefact, Bytes::copy(reply.head));
        auto digest = to_hex(reply.digest);
        Time modified{std::chrono::duration_cast<Ticks>(std::chrono::nanoseconds(part.position.modified))};
        auto cells = batch.append(modified, 0, static_cast<std::uint32_t>(reply.head.size()));
        cells[FileEntry::path] = std::string_view(part.windows_path);
        cells[FileEntry::origin] = std::string_view("evidence");
        cells[FileEntry::size] = static_cast<std::int64_t>(part.position.size);
        cells[FileEntry::modified] = modified.time_since_epoch().count();
        cells[FileEntry::sha256] = std::string_view(digest);
        window_.observe(part.server, batch);
        for (const auto& [ref, citation] : batch.citations()) fresh_.insert_or_assign(ref, citation);
    }

    /// Once, all there is concludes together: the same findings in the same order for any number of workers.
    bool is_time_to_conclude() {
        if (options_.once) return window_.is_over(std::chrono::system_clock::now());
        return steady_clock::now() >= next_conclusion_;
    }

    void conclude() {
        auto began = steady_clock::now();
        for (auto& [server, finding] : window_.conclude()) tell(server, std::move(finding));
        fresh_.clear();
        if (window_.is_over(std::chrono::system_clock::now())) {
            window_.turn();
            is_dirty_ = true;
        }
        auto now = steady_clock::now();
        next_conclusion_ = now + std::min<steady_clock::duration>(kConclusionCost * (now - began), kLatestConclusion);
    }

    /// What is less likely than not is told with the scan notes, but for the user's own rules, which asked for it.
    bool is_to_be_told(const Finding& finding) const {
        bool counts = finding.probability >= kCounts || finding.detector.starts_with("sigma.");
        return !finding.evidence.empty() && finding.level >= options_.least &&
               (counts || options_.least == Level::scan);
    }

    void tell(const std::string& server, Finding finding) {
        if (!is_to_be_told(finding)) return;
        const Known& known = options_.known;
        if (known.addresses.contains(lower(finding.address)) || known.pages.contains(lower(finding.page))) return;
        auto telling = what_was_told_.tell(server, finding);
        if (!telling || known.findings.contains(telling->id)) return;
        finding.id = telling->id;
        ++summary_.told;
        summary_.alerts += finding.level > Level::scan ? 1 : 0;
        auto rows = rows_of(finding);
        Notice notice{telling->id, server, std::move(finding), telling->was, std::move(rows)};
        told_(notice);
        Message message{notice.id, static_cast<std::uint8_t>(notice.finding.level),
                        static_cast<std::uint8_t>(notice.finding.severity), notice_json(notice)};
        for (auto& messenger : messengers_) messenger->add(message);
        is_dirty_ = true;
    }

    /// The rows that came just now, else the first ones.
    std::vector<NoticeRow> rows_of(const Finding& finding) const {
        std::vector<NoticeRow> rows;
        auto add = [&](const Ref& ref, const Citation* citation) {
            auto path = paths_.find(ref.artefact);
            NoticeRow row{
                path == paths_.end() ? std::string("a file that is gone") : path->second, ref.offset, ref.size, 0, {}};
            if (citation != nullptr) {
                row.line = citation->line;
                row.bytes = citation->bytes.substr(0, kNoticeBytes);
            }
            rows.push_back(std::move(row));
        };
        for (const Ref& ref : finding.evidence)
            if (auto at = fresh_.find(ref); at != fresh_.end() && rows.size() < kNoticeRows) add(ref, &at->second);
        if (rows.empty()) add(finding.evidence.front(), nullptr);
        return rows;
    }

    // --- state -------------------------------------------------------------------------------------------------------

    void save() {
        if (!state_ || !is_dirty_) return;
        auto began = steady_clock::now();
        Writer out;
        auto positions = follower_->positions();
        out.count(positions.size());
        for (const Position& position : positions) position.save(out);
        out.little(follower_->next_artefact());
        out.count(paths_.size());
        for (const auto& [artefact, path] : paths_) out.little(artefact.value), out.text(path);
        out.text(rules_);
        Writer window;
        window_.save(window);
        out.text(window.bytes());
        what_was_told_.save(out);
        out.count(messengers_.size());
        for (const auto& messenger : messengers_) {
            Writer queue;
            messenger->save(queue);
            out.text(messenger->name());
            out.text(queue.bytes());
        }
        if (auto written = state_->write(out.bytes()); !written) {
            if (!could_not_save_) note_(written.error());
            could_not_save_ = true;
        } else {
            could_not_save_ = is_dirty_ = false;
        }
        auto now = steady_clock::now();
        next_save_ = now + std::max<steady_clock::duration>(kSave, kSaveCost * (now - began));
    }

    void resume() {
        if (!state_) return;
        auto [bytes, note] = state_->read();
        if (!note.empty()) note_(note);
        if (bytes.empty()) {
            if (!note.empty()) follower_->resume({}, 0);  // damaged: read from the start, never from now
            return;
        }
        if (auto loaded = load(bytes); !loaded) {
            note_(fmt::format("{}: is of another version ({}); everything is read from its start", options_.state,
                              loaded.error().what));
            // What was taken up speaks of files by numbers that are given anew.
            window_.clear();
            paths_.clear();
            what_was_told_ = {};
            follower_->resume({}, 0);
        }
    }

    Result<void> load(std::string_view bytes) {
        Reader in(as_bytes(bytes));
        std::vector<Position> positions;
        auto count = TRY(in.count("state.positions"));
        for (std::uint32_t i = 0; i < count; ++i) {
            auto position = TRY(Position::load(in));
            positions.push_back(std::move(position));
        }
        auto next = TRY(in.little<std::uint32_t>("state.next"));
        count = TRY(in.count("state.paths"));
        for (std::uint32_t i = 0; i < count; ++i) {
            auto artefact = TRY(in.little<std::uint32_t>("state.artefact"));
            paths_[ArtefactId{artefact}] = TRY(in.text("state.path"));
        }
        auto rules = TRY(in.text("state.rules"));
        auto window = TRY(in.text("state.window"));
        Reader inner(as_bytes(window));
        if (!Window::is_of_this_version(window)) {
            note_(
                "the state is of another version of Ascribe: reading goes on where it stood and nothing is told twice, "
                "but what pages, visitors and mailboxes did before is not joined with what comes");
        } else if (rules == rules_) {  // states of other rules count hits by other numbers
            auto left_out = TRY(window_.load(inner));
            if (left_out > 0) note_(fmt::format("{} states of detectors could not be taken up", left_out));
        } else {
            note_("the Sigma rules are others than before: what was seen before is not joined with what comes");
        }
        TRY(what_was_told_.load(in));
        count = TRY(in.count("state.messengers"));
        for (std::uint32_t i = 0; i < count; ++i) {
            auto name = TRY(in.text("state.messenger"));
            auto queue = TRY(in.text("state.queue"));
            Reader waiting(as_bytes(queue));
            for (auto& messenger : messengers_)
                if (messenger->name() == name) TRY(messenger->load(waiting));
        }
        follower_->resume(std::move(positions), next);
        summary_.resumed = true;
        return {};
    }

    const WatchOptions& options_;
    const Stages stages_;
    const std::function<void(const Notice&)>& told_;
    const std::function<void(const std::string&)> note_;
    Folders folders_;
    std::optional<StateFile> state_;
    Window window_;
    Told what_was_told_;
    std::vector<std::unique_ptr<Messenger>> messengers_;
    std::optional<Pool> pool_;
    std::optional<Follower> follower_;
    std::map<ArtefactId, std::string> paths_;
    Citations fresh_;  // rows cited since the last conclusion
    std::string rules_;
    WatchSummary summary_;
    steady_clock::time_point next_save_{}, next_conclusion_{};
    int quiet_beats_ = 0;
    bool is_dirty_ = true, could_not_save_ = false;
};

}  // namespace

std::span<const Detector> alarms() {
    static const std::vector<Detector> all = [] {
        std::vector<Detector> chosen;
        std::ranges::copy_if(detectors(), std::back_inserter(chosen), [](const Detector& detector) {
            return !detector.name.starts_with("facts.") && detector.name != "behaviour.session";
        });
        return chosen;
    }();
    return all;
}

std::expected<WatchSummary, std::string> watch(const WatchOptions& options, const Intel& intel,
                                               const std::function<void(const Notice&)>& told,
                                               const std::function<void(const std::string&)>& note) {
    for (const auto& [outlet, destination] : options.outlets)
        for (auto fault : {outlet->refuse(destination),
                           outlet->name == "file" ? refuse_inside(destination.target, options.roots) : std::string()})
            if (!fault.empty()) return std::unexpected(fault);
    if (auto fault = refuse_inside(options.state, options.roots); !options.state.empty() && !fault.empty())
        return std::unexpected(fault);
    auto folders = TRY(Folders::open(options.roots));
    std::optional<StateFile> state;
    if (!options.state.empty()) state = TRY(StateFile::take(options.state));
    return Watch(options, intel, told, note, std::move(folders), std::move(state)).run();
}

}  // namespace ascribe

// The reading half: jobs of what is new, and what their replies say.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/memory_file.hpp"
#include "engine/watch/follower.hpp"
#include "evidence/layout.hpp"
#include "evidence/wide_text.hpp"
#include "parse/lines.hpp"

namespace ascribe {
namespace {

using namespace std::chrono_literals;

/// Read of a log at once: a third of a second of 50,000 lines a second, and little for a worker.
constexpr std::size_t kRange = 4 << 20;
/// A file is read again after this time: many small writes make one job, and two seconds are far.
constexpr auto kBreath = 50ms;
/// A page is judged once it was left alone so long, or at the latest so long after it changed.
constexpr auto kQuiet = 200ms, kPatience = 1000ms;
/// Larger files that are no logs are not judged: no page is.
constexpr std::uint64_t kWholeLimit = 32 << 20;
/// So much is read to know what a file is; a page is all in it and needs no second job.
constexpr std::uint64_t kFirstLook = 1 << 20;

Descriptor sealed(std::string_view bytes) {
    MemoryFile file;
    return file.write(bytes) ? file.seal() : Descriptor();
}

/// Two halves at a line's end near the middle; nothing of a single line.
std::optional<std::pair<std::string, std::string>> halved(std::string_view lines) {
    auto end = lines.find('\n', lines.size() / 2);
    if (end == std::string_view::npos || end + 1 >= lines.size()) {
        if (lines.size() < 2) return {};
        end = lines.rfind('\n', lines.size() - 2);
    }
    if (end == std::string_view::npos) return {};
    return std::pair(std::string(lines.substr(0, end + 1)), std::string(lines.substr(end + 1)));
}

}  // namespace

const Parser* Follower::parser_of(const Followed& file) const {
    auto at = std::ranges::find(parsers_, std::string_view(file.at.parser), &Parser::name);
    return at == parsers_.end() ? nullptr : &*at;
}

Job Follower::job_for(const Followed& file) const {
    auto placed = place(folders_.below_root(file.folder) + '/' + file.name);
    return {.artefact = file.at.artefact,
            .path = placed.windows_path.empty() ? file.at.path : placed.windows_path,
            .shown = file.at.path,
            .header = "",
            .hash = false};
}

void Follower::submit(Followed& file, Job job, Descriptor bytes, std::function<void(Followed&, Reply&&)> done,
                      std::function<void(Followed&, const Damage&)> failed) {
    file.is_busy = true;
    ++busy_;
    auto number = file.at.artefact.value;
    pool_.enqueue(std::move(job), std::make_shared<Descriptor>(std::move(bytes)),
                  [this, number, done = std::move(done), failed = std::move(failed)](
                      const Job&, std::expected<Reply, Damage> reply) {
                      --busy_;
                      Followed& read = files_.at(number);  // busy files are not forgotten
                      read.is_busy = false;
                      pending_.insert(number);
                      if (reply)
                          done(read, std::move(*reply));
                      else
                          failed(read, reply.error());
                  });
}

/// What is new of a log, up to its last whole line. False when nothing is.
bool Follower::read_log(Followed& file) {
    auto now = Steady::now();
    if (now - file.last_read < kBreath) return true;
    auto bytes = read_range(file.open.number(), file.at.offset, kRange);
    // Asked after reading: had the file been truncated before, what was read would be of another log.
    auto state = file_state(file.open.number());
    if (!bytes || state.size < file.at.offset || !stands(file)) {
        restart(file);
        return false;
    }
    auto end = bytes->rfind('\n');
    // A line without end waits for it, unless nobody can write it any more or it is longer than any line.
    bool is_over = state.is_deleted || bytes->size() == kRange;
    auto whole = end != std::string::npos ? end + 1 : is_over ? bytes->size() : 0;
    if (whole == 0) return false;
    bytes->resize(whole);
    if (file.at.header.empty() && file.at.offset > 0) {
        auto* parser = parser_of(file);
        if (parser != nullptr && parser->header != nullptr && !file.at.counted) {
            find_header(file);
            return true;
        }
    }
    file.last_read = now;
    file.pieces.push_back(std::move(*bytes));
    submit_piece(file);
    return true;
}

void Follower::submit_piece(Followed& file) {
    std::string_view piece = file.pieces.front();
    auto parser = parser_of(file);
    auto memory = sealed(piece);
    if (parser == nullptr || !memory) return;  // no memory now: tried again at the next step
    auto job = job_for(file);
    job.task = Task::parse;
    job.size = piece.size();
    job.base = job.begin = file.at.offset;
    job.end = file.at.offset + piece.size();
    job.parser = static_cast<std::uint32_t>(parser - parsers_.data());
    job.header = file.at.header;
    job.streamed = true;
    auto pass = [this](Followed& read) {  // behind the piece
        const std::string& done = read.pieces.front();
        read.at.offset += done.size();
        read.ends.add(done);
        read.at.print = print_of(read.ends);
        bytes_ += done.size();
        read.pieces.pop_front();
    };
    submit(
        file, std::move(job), std::move(memory),
        [this, pass](Followed& read, Reply&& reply) {
            auto lines = reply.lines;
            if (!reply.header.empty()) read.at.header = reply.header;
            booked_({read.at, folders_.roots()[folders_.root(read.folder)], ""}, std::move(reply));
            read.at.lines += lines;
            pass(read);
        },
        [this, pass](Followed& read, const Damage& damage) {
            if (auto halves = halved(read.pieces.front())) {
                read.pieces.front() = std::move(halves->second);
                read.pieces.push_front(std::move(halves->first));
                return;
            }
            note_(fmt::format("{}: the line at offset {} cannot be read ({}): passed over", read.at.path,
                              read.at.offset, damage.what));
            ++read.at.lines;
            pass(read);
        });
}

/// The header line in force where reading begins, of a log that was there before us.
void Follower::find_header(Followed& file) {
    auto parser = parser_of(file);
    auto job = job_for(file);
    job.task = Task::parse;
    job.size = file.at.offset;
    job.parser = static_cast<std::uint32_t>(parser - parsers_.data());
    job.streamed = true;
    // None found is a header too: a blank one, so that it is not looked for again.
    auto found = [](Followed& read, std::string header) { read.at.header = header.empty() ? "\n" : std::move(header); };
    submit(
        file, std::move(job), folders_.open(file.folder, file.name),
        [found](Followed& read, Reply&& reply) { found(read, std::move(reply.header)); },
        [found](Followed& read, const Damage&) { found(read, ""); });
}

/// A file that is no log, as far as is known: all of it, once it was left alone. False when it is as it was judged.
bool Follower::judge(Followed& file) {
    auto now = Steady::now();
    auto state = file_state(file.open.number());
    if (file.at.size == state.size && file.at.modified == state.modified) return false;
    if (file.is_missing) return false;
    if (now - file.changed < kQuiet && now - file.first_change < kPatience) return true;
    if (state.size == 0) return false;
    file.first_change = now;
    auto most = state.size <= kWholeLimit ? state.size : kHeadBytes;
    bool is_all = most == state.size && (most <= kFirstLook || file.is_no_log);
    if (!is_all) most = std::min<std::uint64_t>(most, kHeadBytes);
    auto bytes = read_range(file.open.number(), 0, static_cast<std::size_t>(most));
    if (!bytes || bytes->empty()) return false;
    auto memory = sealed(*bytes);
    if (!memory) return true;
    auto job = job_for(file);
    job.task = Task::inspect;
    job.size = job.end = bytes->size();
    job.hash = is_all;
    submit(
        file, std::move(job), std::move(memory),
        [this, state, is_all](Followed& read, Reply&& reply) {
            const Parser* parser = reply.parser < parsers_.size() ? &parsers_[reply.parser] : nullptr;
            if (parser != nullptr && parser->unit == kTextUnit) {
                read.at.parser = parser->name;
                return;
            }
            say_unread(read, reply);
            // A large one is read once more, whole. One that comes in parts (an event log) is not followed.
            bool is_judged = is_all && (parser == nullptr || parser->unit == 0);
            bool again = !is_all && !read.is_no_log && state.size <= kWholeLimit;
            read.is_no_log = true;
            if (again) return;
            read.at.size = state.size;
            read.at.modified = state.modified;
            if (is_judged) book_whole(read, std::move(reply));
        },
        [this, state](Followed& read, const Damage& damage) {
            read.at.size = state.size;
            read.at.modified = state.modified;
            note_(fmt::format("{}: cannot be read ({})", read.at.path, damage.what));
        });
    return true;
}

/// Silence about a log must not mean that it is quiet.
void Follower::say_unread(Followed& file, const Reply& reply) {
    auto said = reply.unreadable;
    if (reply.opener < openers().size()) {
        // Logs that were rotated and packed are archives, and were read before: those are counted only.
        if (openers()[reply.opener].name != kWideTextOpener.name) {
            if (!std::exchange(file.is_unread_said, true)) ++archives_;
            return;
        }
        said = "a text in UTF-16: investigate and hunt read it";
    }
    for (const Damage& damage : reply.damage)
        if (damage.fault == Fault::unsupported) said = damage.what;
    if (!said.empty() && !std::exchange(file.is_unread_said, true))
        note_(fmt::format("{}: not followed: {}", file.at.path, said));
}

void Follower::book_whole(Followed& file, Reply&& reply) {
    file.at.offset = file.at.lines = 0;
    bytes_ += file.at.size;
    auto placed = place(folders_.below_root(file.folder) + '/' + file.name);
    booked_({file.at, folders_.roots()[folders_.root(file.folder)], placed.windows_path}, std::move(reply));
}

}  // namespace ascribe

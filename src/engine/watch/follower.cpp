#include "engine/watch/follower.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/text.hpp"
#include "engine/memory_file.hpp"
#include "evidence/layout.hpp"
#include "parse/lines.hpp"

namespace ascribe {
namespace {

using namespace std::chrono_literals;

/// Read of a log at once: a fifth of a second of 50,000 lines a second, and little for a worker.
constexpr std::size_t kRange = 4 << 20;
/// A file is read again after this time: many small writes make one job, and two seconds are far.
constexpr auto kBreath = 50ms;
/// A page is judged once it was left alone so long, or at the latest so long after it changed.
constexpr auto kQuiet = 200ms, kPatience = 1000ms;
/// Larger files that are no logs are not judged: no page is.
constexpr std::uint64_t kWholeLimit = 32 << 20;
/// So much is read to know what a file is; a page is all in it and needs no second job.
constexpr std::uint64_t kFirstLook = 1 << 20;
/// A file that vanished or was truncated is remembered so long: its copy may appear late.
constexpr auto kRemembered = 10min;
/// Logs kept open, and how long after their last line.
constexpr std::size_t kOpen = 512;
constexpr auto kKeptOpen = 10min;
constexpr auto kSweep = 10s;
/// Fewer equal bytes say nothing about two files.
constexpr std::uint32_t kTellingHead = 64;
/// Files at once with their readers; the rest waits for its turn.
constexpr std::size_t kBusyEach = 4;

/// Bytes [offset, offset + most) of a file, fewer at its end; nothing when they cannot be read.
std::optional<std::string> read_at(int descriptor, std::uint64_t offset, std::size_t most) {
    std::string bytes(most, '\0');
    std::size_t done = 0;
    while (done < most) {
        auto got = pread(descriptor, bytes.data() + done, most - done, static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return {};
        if (got == 0) break;
        done += static_cast<std::size_t>(got);
    }
    bytes.resize(done);
    return bytes;
}

/// What a file's bytes and times were when they were last looked at.
struct State {
    std::uint64_t size = 0;
    std::int64_t modified = 0;
    bool is_deleted = false;
};

State state_of(int descriptor) {
    struct stat status {};
    if (fstat(descriptor, &status) != 0) return {};
    return {static_cast<std::uint64_t>(status.st_size), status.st_mtim.tv_sec * 1'000'000'000L + status.st_mtim.tv_nsec,
            status.st_nlink == 0};
}

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

Follower::Follower(Folders& folders, Pool& pool, std::span<const Parser> parsers, From from, Booked booked, Note note)
    : folders_(folders),
      pool_(pool),
      parsers_(parsers),
      from_(from),
      booked_(std::move(booked)),
      note_(std::move(note)) {}

void Follower::resume(std::vector<Position> positions, std::uint32_t next_artefact) {
    was_resumed_ = true;
    next_artefact_ = next_artefact;
    for (Position& position : positions) {
        auto number = position.artefact.value;
        next_artefact_ = std::max(next_artefact_, number + 1);
        by_file_[position.file] = number;
        Followed& file = files_[number];
        file.at = std::move(position);
        file.is_fresh = false;
        file.is_missing = file.was_saved = true;
        file.changed = Steady::now();
    }
}

std::vector<Position> Follower::positions() const {
    std::vector<Position> all;
    for (const auto& [number, file] : files_)
        if (!file.is_fresh) all.push_back(file.at);
    return all;
}

std::size_t Follower::logs() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        files_, [](const auto& each) { return each.second.is_log() && !each.second.is_missing; }));
}

void Follower::step() {
    auto look = folders_.look();
    for (const std::string& sentence : folders_.take_notes()) note_(sentence);
    for (const Seen& seen : look.files) meet(seen);
    lose(look);
    if (is_first_look_)
        for (auto& [number, file] : files_)
            if (file.was_saved && file.is_log() && by_file_.at(file.at.file) == number)
                note_(fmt::format("{}: not found again; what was written to it since it was last read may be missing",
                                  file.at.path));
    is_first_look_ = false;
    auto most = kBusyEach * pool_.workers();
    std::vector<Number> waiting(pending_.begin(), pending_.end());
    for (Number number : waiting) {
        if (busy_ >= most) break;
        auto at = files_.find(number);
        if (at == files_.end() || (!at->second.is_busy && !advance(at->second))) pending_.erase(number);
    }
    forget();
}

void Follower::meet(const Seen& seen) {
    auto known = by_file_.find(seen.file);
    Followed& file = known == by_file_.end() ? start(seen) : files_.at(known->second);
    file.folder = seen.folder;
    file.name = seen.name;
    file.at.path = folders_.path(seen.folder) + '/' + seen.name;
    file.is_missing = file.was_saved = false;
    if (file.seen_size == seen.size && file.seen_modified == seen.modified) return;
    file.seen_size = seen.size;
    file.seen_modified = seen.modified;
    file.changed = Steady::now();
    if (!pending_.contains(file.at.artefact.value)) file.first_change = file.changed;
    pending_.insert(file.at.artefact.value);
}

Follower::Followed& Follower::start(const Seen& seen) {
    auto number = next_artefact_++;
    Followed& file = files_[number];
    file.at.file = seen.file;
    file.at.artefact = ArtefactId{number};
    file.folder = seen.folder;
    file.name = seen.name;
    by_file_[seen.file] = number;
    if (!is_first_look_ || was_resumed_ || from_ == From::start) return file;
    file.seen_size = file.at.size = seen.size;
    file.seen_modified = file.at.modified = seen.modified;
    begin_at_end(file);
    return file;
}

/// The file counts as read, up to the line that is being written.
void Follower::begin_at_end(Followed& file) {
    file.is_fresh = false;
    file.at.counted = false;
    auto descriptor = folders_.open(file.folder, file.name);
    if (!descriptor) return;
    auto size = file.at.size, from = size - std::min<std::uint64_t>(size, kHeadBytes);
    auto tail = read_at(descriptor.number(), from, static_cast<std::size_t>(size - from));
    auto end = tail ? tail->rfind('\n') : std::string::npos;
    file.at.offset = end == std::string::npos ? size : from + end + 1;
    file.at.print = print_of(descriptor.number(), file.at.offset);
}

/// Files that are no longer where they were, unless they were seen elsewhere.
void Follower::lose(const Look& look) {
    if (look.listed.empty()) return;
    std::set<std::uint32_t> listed(look.listed.begin(), look.listed.end());
    std::set<FileId> seen;
    for (const Seen& each : look.files) seen.insert(each.file);
    for (auto& [number, file] : files_) {
        if (file.is_missing || !listed.contains(file.folder) || seen.contains(file.at.file)) continue;
        file.is_missing = true;
        file.changed = Steady::now();
        pending_.insert(number);
    }
}

/// Takes vanished files out of the books once nothing more can come of them, and closes logs that were left alone.
void Follower::forget() {
    auto now = Steady::now();
    if (now < next_sweep_) return;
    next_sweep_ = now + kSweep;
    for (auto at = files_.begin(); at != files_.end();) {
        Followed& file = at->second;
        if (file.open && !file.is_busy && now - file.last_read > kKeptOpen) {
            file.open = {};
            --open_;
        }
        if (file.is_missing && file.open) pending_.insert(at->first);  // a server may write on to what was renamed
        bool over = file.is_missing && !file.is_busy && file.pieces.empty() && now - file.changed > kRemembered;
        if (!over) {
            ++at;
            continue;
        }
        if (auto place = by_file_.find(file.at.file); place != by_file_.end() && place->second == at->first)
            by_file_.erase(place);
        open_ -= file.open ? 1 : 0;
        pending_.erase(at->first);
        at = files_.erase(at);
    }
}

bool Follower::open(Followed& file) {
    if (file.open) return true;
    if (file.is_missing) return false;
    file.open = folders_.open(file.folder, file.name);
    struct stat status {};
    if (!file.open || fstat(file.open.number(), &status) != 0 ||
        file.at.file !=
            FileId{status.st_dev, status.st_ino}) {  // another file has the name by now: the next look tells
        file.open = {};
        return false;
    }
    ++open_;
    return true;
}

bool Follower::advance(Followed& file) {
    if (!file.pieces.empty()) {
        submit_piece(file);
        return true;
    }
    if (!open(file)) return false;
    auto close_again = [&](bool again) {
        bool grows = file.is_log() && file.last_read != Steady::time_point{} && open_ <= kOpen && !file.is_missing;
        if (!again && !grows && !file.is_busy && file.open) {
            file.open = {};
            --open_;
        }
        return again;
    };
    if (file.is_fresh)
        if (auto origin = settle_origin(file); origin != Origin::settled) return close_again(origin == Origin::later);
    return close_again(file.is_log() ? read_log(file) : judge(file));
}

// --- copies and truncation -------------------------------------------------------------------------------------------

/// Whether what was read is still what the file begins with.
bool Follower::stands(Followed& file) {
    return open(file) && print_of(file.open.number(), file.at.offset) == file.at.print;
}

/// The file was truncated or replaced: what it was is over, and what it is now is another artefact. The old position
/// is remembered, for a copy may have the lines that were not read.
void Follower::restart(Followed& file) {
    auto number = next_artefact_++;
    Followed& next = files_[number];
    next.at.file = file.at.file;
    next.at.path = file.at.path;
    next.at.artefact = ArtefactId{number};
    next.folder = file.folder;
    next.name = file.name;
    next.seen_size = file.seen_size;
    next.seen_modified = file.seen_modified;
    next.open = std::move(file.open);
    by_file_[file.at.file] = number;
    pending_.insert(number);
    file.is_missing = true;
    file.changed = Steady::now();
    // Copies waited for this.
    for (auto& [each, other] : files_)
        if (other.copy_of == file.at.artefact) {
            other.copy_of = {};
            other.is_fresh = true;
            pending_.insert(each);
        }
}

/// `file` has the bytes that `from` was followed by: it is read on from there.
bool Follower::take_over(Followed& file, Followed& from) {
    if (print_of(file.open.number(), from.at.offset) != from.at.print) return false;
    auto own = file.at;
    file.at = from.at;
    file.at.file = own.file;
    file.at.path = own.path;
    file.at.artefact = own.artefact;
    return true;
}

/// Decides whether a file that was never seen is new, or a copy of one that is followed. A copy waits, for it is the
/// same as the other so far; should that one be truncated or vanish, it is read on in this one.
Follower::Origin Follower::settle_origin(Followed& file) {
    auto size = state_of(file.open.number()).size;
    if (size == 0) return Origin::copy;  // of nothing: asked again when it grows
    for (auto& [number, other] : files_) {
        if (&other == &file || !other.is_log() || other.is_fresh) continue;
        auto telling = other.at.print.head_size >= kTellingHead && other.at.print.head_size <= size;
        if (!telling || !begins_as(file.open.number(), other.at.print)) continue;
        if (other.is_busy) return Origin::later;
        if (!other.is_missing) {
            if (stands(other)) {
                auto shared = std::min(size, state_of(other.open.number()).size);
                if (!same_before(file.open.number(), other.open.number(), shared)) continue;
                file.copy_of = other.at.artefact;
                return Origin::copy;
            }
            restart(other);
        }
        if (take_over(file, other)) break;
    }
    file.is_fresh = false;
    return Origin::settled;
}

// --- reading ---------------------------------------------------------------------------------------------------------

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
                      const Job&, const std::expected<Reply, Damage>& reply) {
                      --busy_;
                      Followed& read = files_.at(number);  // busy files are not forgotten
                      read.is_busy = false;
                      pending_.insert(number);
                      if (reply)
                          done(read, Reply(*reply));
                      else
                          failed(read, reply.error());
                  });
}

/// What is new of a log, up to its last whole line. False when nothing is.
bool Follower::read_log(Followed& file) {
    auto now = Steady::now();
    if (!file.is_missing && now - file.last_read < kBreath) return true;
    auto bytes = read_at(file.open.number(), file.at.offset, kRange);
    // Asked after reading: had the file been truncated before, what was read would be of another log.
    auto state = state_of(file.open.number());
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
        read.at.offset += read.pieces.front().size();
        bytes_ += read.pieces.front().size();
        read.pieces.pop_front();
        if (open(read)) read.at.print = print_of(read.open.number(), read.at.offset);
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
    auto state = state_of(file.open.number());
    if (file.at.size == state.size && file.at.modified == state.modified) return false;
    if (file.is_missing) return false;
    if (now - file.changed < kQuiet && now - file.first_change < kPatience) return true;
    if (state.size == 0) return false;
    file.first_change = now;
    auto most = state.size <= kWholeLimit ? state.size : kHeadBytes;
    bool is_all = most == state.size && (most <= kFirstLook || file.is_no_log);
    if (!is_all) most = std::min<std::uint64_t>(most, kHeadBytes);
    auto bytes = read_at(file.open.number(), 0, static_cast<std::size_t>(most));
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
            // A large one is read once more, whole.
            bool again = !is_all && !read.is_no_log && state.size <= kWholeLimit;
            read.is_no_log = true;
            if (!again) book_whole(read, state.size, state.modified, std::move(reply));
        },
        [this, state](Followed& read, const Damage& damage) {
            read.at.size = state.size;
            read.at.modified = state.modified;
            note_(fmt::format("{}: cannot be read ({})", read.at.path, damage.what));
        });
    return true;
}

void Follower::book_whole(Followed& file, std::uint64_t size, std::int64_t modified, Reply&& reply) {
    file.at.size = size;
    file.at.modified = modified;
    file.at.offset = file.at.lines = 0;
    bytes_ += size;
    auto placed = place(folders_.below_root(file.folder) + '/' + file.name);
    booked_({file.at, folders_.roots()[folders_.root(file.folder)], placed.windows_path}, std::move(reply));
}

}  // namespace ascribe

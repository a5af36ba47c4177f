// The finding half: which files there are, which are copies of others, and when their time to be read has come.
#include "engine/watch/follower.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace ascribe {
namespace {

using namespace std::chrono_literals;

/// A file that vanished or was truncated is remembered so long: its copy may appear late.
constexpr auto kRemembered = 10min;
/// Logs kept open, and how long after their last line.
constexpr std::size_t kOpen = 512;
constexpr auto kKeptOpen = 10min;
constexpr auto kSweep = 10s;
/// Fewer equal bytes say nothing about two files.
constexpr std::uint32_t kTellingHead = 64;
/// Logs that begin alike and are looked at for whose copy a new one is. Whoever writes into a watched folder could make
/// each new file be compared with all others.
constexpr std::size_t kAlike = 64;
/// One step takes no longer, however many files are new; the others wait for the next.
constexpr auto kStep = 100ms;
/// Files at once with their readers; the rest waits for its turn.
constexpr std::size_t kBusyEach = 4;

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
    const auto enough = Steady::now() + kStep;
    for (Number number : waiting) {
        if (busy_ >= most || Steady::now() > enough) break;
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
    errno = 0;
    auto descriptor = folders_.open(file.folder, file.name);
    if (!descriptor) return tell_unread(file, errno);
    auto size = file.at.size, from = size - std::min<std::uint64_t>(size, kHeadBytes);
    auto tail = read_range(descriptor.number(), from, static_cast<std::size_t>(size - from));
    auto end = tail ? tail->rfind('\n') : std::string::npos;
    file.at.offset = end == std::string::npos ? size : from + end + 1;
    file.at.print = print_of(ends_of(descriptor.number(), file.at.offset));
}

/// Files that are no longer where they were, unless they were seen elsewhere.
void Follower::lose(const Look& look) {
    if (look.listed.empty()) return;
    std::set<std::uint32_t> listed(look.listed.begin(), look.listed.end());
    std::set<FileId> seen;
    for (const Seen& each : look.files) seen.insert(each.file);
    std::set<ArtefactId> lost;
    for (auto& [number, file] : files_) {
        if (file.is_missing || !listed.contains(file.folder) || seen.contains(file.at.file)) continue;
        file.is_missing = true;
        file.changed = Steady::now();
        pending_.insert(number);
        lost.insert(file.at.artefact);
    }
    release_copies(lost);
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

/// Once for each file; not of one that vanished meanwhile.
void Follower::tell_unread(Followed& file, int fault) {
    if (fault == 0 || fault == ENOENT || std::exchange(file.is_unread_said, true)) return;
    note_(fmt::format("{}/{}: cannot be opened ({})", folders_.path(file.folder), file.name, std::strerror(fault)));
}

bool Follower::open(Followed& file) {
    if (file.open) return true;
    if (file.is_missing) return false;
    errno = 0;
    file.open = folders_.open(file.folder, file.name);
    if (!file.open) tell_unread(file, errno);
    struct stat status {};
    bool is_it =
        file.open && fstat(file.open.number(), &status) == 0 && file.at.file == FileId{status.st_dev, status.st_ino};
    if (is_it)
        ++open_;
    else
        file.open = {};  // another file has the name by now: the next look tells
    return is_it;
}

bool Follower::advance(Followed& file) {
    if (!file.pieces.empty()) {
        submit_piece(file);
        return true;
    }
    if (!open(file)) return false;
    auto close_again = [&](bool again) {
        bool grows = file.is_log() && file.last_read != Steady::time_point{} && open_ <= kOpen;
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
    if (!open(file)) return false;
    file.ends = ends_of(file.open.number(), file.at.offset);
    return print_of(file.ends) == file.at.print;
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
    release_copies({file.at.artefact});
}

/// Copies of logs that are over waited for that.
void Follower::release_copies(const std::set<ArtefactId>& over) {
    if (over.empty()) return;
    for (auto& [number, other] : files_)
        if (over.contains(other.copy_of)) {
            other.copy_of = {};
            pending_.insert(number);
        }
}

/// `file` has the bytes that `from` was followed by: it is read on from there.
bool Follower::take_over(Followed& file, Followed& from) {
    if (print_of(ends_of(file.open.number(), from.at.offset)) != from.at.print) return false;
    auto own = file.at;
    file.at = from.at;
    file.at.file = own.file;
    file.at.path = own.path;
    file.at.artefact = own.artefact;
    // Nothing more is read of the old one, and no second copy takes it over.
    from.at.parser.clear();
    open_ -= from.open ? 1 : 0;
    from.open = {};
    return true;
}

/// Decides whether a file that was never seen is new, or a copy of one that is followed. A copy waits, for it is the
/// same as the other so far; should that one be truncated or vanish, it is read on in this one.
Follower::Origin Follower::settle_origin(Followed& file) {
    auto size = file_state(file.open.number()).size;
    if (size == 0) return Origin::copy;  // of nothing: asked again when it grows
    Beginning beginning(file.open.number());
    std::size_t alike = 0;
    for (auto& [number, other] : files_) {
        if (&other == &file || !other.is_log() || other.is_fresh) continue;
        auto telling = other.at.print.head_size >= kTellingHead && other.at.print.head_size <= size;
        if (!telling || !beginning.is_of(other.at.print)) continue;
        if (++alike > kAlike) break;  // taken for a new one: what is in it is read twice at worst
        if (other.is_busy || !other.pieces.empty()) return Origin::later;
        if (!other.is_missing) {
            if (!open(other)) return Origin::later;  // it was just renamed: the next look tells
            if (stands(other)) {
                auto shared = std::min(size, file_state(other.open.number()).size);
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

}  // namespace ascribe

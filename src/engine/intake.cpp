#include "engine/intake.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <tuple>

#include "base/text.hpp"
#include "evidence/folder.hpp"
#include "evidence/layout.hpp"
#include "parse/lines.hpp"

namespace ascribe {
namespace {

constexpr std::size_t kHeaderTold = 64 << 10;  // bytes of a header that go to a decoder, which may not listen
constexpr std::size_t kJobsAhead = 64;  // for each worker: enough to keep it busy, few enough to hold descriptors for

Artefact describe(const std::string& shown, const std::string& relative, std::uint64_t size) {
    auto placed = place(relative);
    Artefact artefact;
    artefact.path = shown;
    artefact.windows_path = placed.windows_path;
    artefact.layout = placed.layout;
    artefact.group = placed.group;
    artefact.size = size;
    return artefact;
}

std::string joined(const std::string& root, const std::string& relative) {
    return relative.empty() ? root : root + "/" + relative;
}

/// A temporary file that never has a name, in $TMPDIR or /tmp.
Descriptor unnamed_file() {
    const char* folder = std::getenv("TMPDIR");
    return Descriptor(open(folder ? folder : "/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
}

bool write_all(int descriptor, const char* bytes, std::size_t size) {
    while (size > 0) {
        auto wrote = write(descriptor, bytes, size);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) return false;
        bytes += wrote;
        size -= static_cast<std::size_t>(wrote);
    }
    return true;
}

/// Copies `size` bytes from the start of one file to the end of another.
bool append_to(int to, int from, std::uint64_t size) {
    std::vector<char> piece(1 << 20);
    for (std::uint64_t done = 0; done < size;) {
        auto got = pread(from, piece.data(), piece.size(), static_cast<off_t>(done));
        if (got <= 0 || !write_all(to, piece.data(), static_cast<std::size_t>(got))) return false;
        done += static_cast<std::uint64_t>(got);
    }
    return true;
}

/// The last name of a path, be it a file's or an archive member's.
std::string_view own_name(std::string_view path) {
    auto mark = path.rfind('!');
    return base_name(path.substr(mark == std::string_view::npos ? 0 : mark + 1));
}

/// The size of the parts that so many bytes are read in. Text is cut anywhere: into parts of one size, so that no
/// worker is left with a long one when the others are done.
std::uint64_t part_size(const Parser& parser, std::uint64_t bytes) {
    if (parser.unit != kTextUnit || bytes == 0) return parser.unit;
    auto parts = (bytes + parser.unit - 1) / parser.unit;
    return (bytes + parts - 1) / parts;
}

std::optional<Digest> digest_of(int descriptor, std::uint64_t size) {
    Sha256 hash;
    std::vector<std::byte> piece(1 << 20);
    for (std::uint64_t done = 0; done < size;) {
        auto got = pread(descriptor, piece.data(), piece.size(), static_cast<off_t>(done));
        if (got <= 0) return {};
        hash.update(std::span(piece).first(static_cast<std::size_t>(got)));
        done += static_cast<std::uint64_t>(got);
    }
    return hash.finish();
}

}  // namespace

void Intake::report(const std::string& now) {
    if (!options_.progress) return;
    if (!now.empty()) progress_.now = now;
    options_.progress(progress_);
}

void Intake::record_entry(const Artefact& artefact, const Entry& entry) {
    auto id = ledger_.add(artefact);
    if (entry.kind == EntryKind::link) ledger_.damage({id, Fault::unsupported, "evidence.link_not_followed", 0, 0, 0});
    if (entry.kind == EntryKind::device)
        ledger_.damage({id, Fault::unsupported, "evidence.device_not_opened", 0, 0, 0});
    if (options_.observer != nullptr) options_.observer->closed(id);
}

void Intake::book(const Job& done, std::uint64_t end, Reply reply) {
    if (options_.observer != nullptr) options_.observer->part(done.artefact, done.begin, end, reply);
    ledger_.book(done.artefact, done.begin, std::move(reply));
}

// Evidence is given twice, or lies beside the archive it came from: the same name, the same bytes, and nothing that
// says it is another place or another server.
bool Intake::set_aside(ArtefactId id, std::uint64_t size, const std::function<std::optional<Digest>()>& digest) {
    if (!options_.hash || size == 0) return false;
    auto [at, first] = by_size_.try_emplace(size);
    Alike& alike = at->second;
    auto own = first ? std::nullopt : digest();
    for (ArtefactId other : alike.unsettled) {
        while (own && pending_.contains(other) && !pool_.stopped()) pool_.pump(std::chrono::milliseconds(100));
        if (const auto& sha256 = ledger_.artefact(other).sha256) alike.by_digest.try_emplace(*sha256, other);
    }
    alike.unsettled.clear();
    auto twin = own ? alike.by_digest.find(*own) : alike.by_digest.end();
    if (twin == alike.by_digest.end()) {
        alike.unsettled.push_back(id);
        return false;
    }
    const Artefact &copy = ledger_.artefact(id), &read = ledger_.artefact(twin->second);
    bool is_placed = !copy.windows_path.empty() && !read.windows_path.empty();
    bool is_elsewhere = is_placed && (copy.windows_path != read.windows_path || copy.group != read.group);
    if (is_elsewhere || !equals_folded(own_name(copy.path), own_name(read.path))) return false;
    ledger_.set_aside(id, twin->second, *own);
    if (options_.observer != nullptr) options_.observer->closed(id);
    return true;
}

void Intake::one_less(ArtefactId artefact) {
    auto at = pending_.find(artefact);
    if (at == pending_.end() || --at->second > 0) return;
    pending_.erase(at);
    if (options_.observer != nullptr) options_.observer->closed(artefact);
}

std::expected<void, std::string> Intake::take(const std::string& argument) {
    arguments_.push_back(argument);
    if (argument == "-") return take_stream(argument);
    struct stat status {};
    bool folder = stat(argument.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
    return walk(
        argument,
        [&](const Entry& entry, int number) {
            auto descriptor = std::make_shared<Descriptor>(number);
            if (pool_.stopped() || entry.kind == EntryKind::directory) return;
            // A folder's files are placed by their path below it; a single file by the path the analyst gave.
            auto shown = folder ? joined(argument, entry.path) : argument;
            auto artefact = describe(shown, folder ? entry.path : argument, entry.size);
            if (!folder) artefact.group.clear();
            if (artefact.layout == "kape") artefact.modified = entry.modified;  // KAPE restores the original times
            if (entry.kind != EntryKind::file) return record_entry(artefact, entry);
            input_ += entry.size;
            auto id = ledger_.add(std::move(artefact));
            if (!set_aside(id, entry.size, [&] { return digest_of(number, entry.size); }))
                submit_whole(id, descriptor, entry.size, 0, Streamed::no);
        },
        [&](const Entry& entry, int error) {
            auto id = ledger_.add(describe(joined(argument, entry.path), entry.path, entry.size));
            ledger_.damage({id, Fault::io, fmt::format("evidence.open: {}", std::strerror(error)), 0, 0, 0});
            if (options_.observer != nullptr) options_.observer->closed(id);
        });
}

// Where the analyst keeps the evidence says nothing of the server: only names below the argument do, its own with them
// where it is an archive.
std::string Intake::below_argument(std::string_view path) const {
    std::string_view best;
    for (std::string_view argument : arguments_) {
        while (argument.size() > 1 && argument.ends_with('/')) argument.remove_suffix(1);
        auto rest = path.starts_with(argument) ? path.substr(argument.size()) : std::string_view{};
        if (argument.size() > best.size() && (rest.starts_with('/') || rest.starts_with('!'))) best = argument;
    }
    auto rest = path.substr(best.size());
    return rest.starts_with('!') ? std::string(base_name(best)) + std::string(rest) : std::string(rest);
}

std::expected<void, std::string> Intake::take_stream(const std::string& argument) {
    auto spool = std::make_shared<Descriptor>(unnamed_file());
    auto refuse = [](std::string_view why, std::string_view what_to_do) {
        return std::unexpected(fmt::format("standard input: {}; {}", why, what_to_do));
    };
    if (!*spool) return refuse(std::strerror(errno), "set TMPDIR to a folder that can be written");
    std::vector<char> piece(1 << 20);
    std::uint64_t size = 0;
    // Asked before each read whether anything waits: a read of a silent pipe would not see that the user interrupts.
    constexpr int kLookAround = 200;  // milliseconds
    pollfd waiting{STDIN_FILENO, POLLIN, 0};
    while (!pool_.stopped()) {
        if (poll(&waiting, 1, kLookAround) <= 0) continue;
        auto got = read(STDIN_FILENO, piece.data(), piece.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return refuse(std::strerror(errno), "give a file or a folder instead of -");
        if (got == 0) break;
        size += static_cast<std::uint64_t>(got);
        if (size > kSpoolLimit)
            return refuse(fmt::format("more than {} GiB", kSpoolLimit >> 30), "save it to a file and give that");
        if (!write_all(spool->number(), piece.data(), static_cast<std::size_t>(got)))
            return refuse(std::strerror(errno), "set TMPDIR to a disk with room");
    }
    input_ += size;
    submit_whole(ledger_.add(describe(argument, "", size)), spool, size, 0, Streamed::no);
    return {};
}

void Intake::submit_whole(ArtefactId id, const Pool::SharedDescriptor& descriptor, std::uint64_t size, int depth,
                          Streamed streamed) {
    const Artefact& artefact = ledger_.artefact(id);
    ++progress_.artefacts;
    progress_.bytes_known += size;
    report(artefact.path);
    Job job{.task = Task::inspect,
            .artefact = id,
            .path = artefact.windows_path.empty() ? artefact.path : artefact.windows_path,
            .shown = artefact.path,
            .size = size,
            .end = size,
            .header = "",
            .streamed = streamed == Streamed::yes,
            .hash = options_.hash};
    pending_[id] += streamed == Streamed::yes ? 2 : 1;
    pool_.enqueue(job, descriptor, [this, descriptor, depth](const Job& done, std::expected<Reply, Damage> reply) {
        if (awaited_ == done.artefact) awaited_.reset();
        if (!reply) {
            ledger_.damage(reply.error());
            return one_less(done.artefact);
        }
        if (reply->opener < openers().size())
            containers_.push_back({done.artefact, reply->opener, descriptor, done.size, depth});
        progress_.bytes_done += std::max(reply->parsed_until, reply->hashed ? done.size : 0);
        submit_rest(done, *reply, descriptor);
        book(done, reply->parsed_until, std::move(*reply));
        one_less(done.artefact);
        report("");
    });
    pool_.work_until_below(kJobsAhead * pool_.workers());
}

void Intake::submit_rest(const Job& first, const Reply& reply, const Pool::SharedDescriptor& descriptor) {
    auto booked = [this](const Job& done, std::expected<Reply, Damage> part) {
        if (!part) {
            ledger_.damage(part.error());
            return one_less(done.artefact);
        }
        if (done.task == Task::parse) progress_.bytes_done += done.end - done.begin;
        book(done, done.task == Task::parse ? done.end : done.begin, std::move(*part));
        one_less(done.artefact);
        report("");
    };
    Job job = first;
    job.parser = reply.parser;
    auto all = first.base + first.size;
    auto parsers = ledger_.parsers();
    if (reply.parser < parsers.size() && parsers[reply.parser].unit > 0) {
        job.task = Task::parse;
        auto size = part_size(parsers[reply.parser], all - std::min(all, reply.parsed_until));
        for (auto begin = reply.parsed_until; begin < all; begin = job.end) {
            job.begin = begin;
            job.end = std::min(all, begin + size);
            ++pending_[job.artefact];
            pool_.enqueue(job, descriptor, booked);
        }
    }
    if (options_.hash && !reply.hashed && !first.streamed && first.base == 0 &&
        !ledger_.artefact(first.artefact).sha256) {
        job.task = Task::hash;
        job.begin = 0;
        job.end = first.size;
        ++pending_[job.artefact];
        pool_.enqueue(job, descriptor, booked);
    }
}

/// One member of an archive while it arrives.
struct Intake::Member {
    ArtefactId artefact;
    bool open = false;
    std::uint32_t parser = UINT32_MAX;  // of a member in several segments, known after the first
    bool told = false;                  // ... to the decoder, which says which header is in force in each window
    std::uint32_t opener = UINT32_MAX;  // an archive within the archive, too long for one segment ...
    Pool::SharedDescriptor spool;       // ... is gathered in a temporary file without a name
};

void Intake::wait_for_memory() {
    while (in_memory_ > kMembersInMemory && !pool_.stopped()) {
        auto waiting = in_memory_;
        pool_.pump(std::chrono::milliseconds(100));
        if (in_memory_ < waiting) continue;
        pool_.work_until_below(1);
        return;  // what is left is held by archives found, which are opened later
    }
}

/// What the member is whose first segment was handed out; further ones need to know.
void Intake::find_out(Member& member) {
    while (awaited_ && !pool_.stopped()) pool_.pump(std::chrono::milliseconds(100));
    auto found = std::ranges::find(ledger_.parsers(), ledger_.artefact(member.artefact).parser, &Parser::name);
    if (found != ledger_.parsers().end()) member.parser = static_cast<std::uint32_t>(found - ledger_.parsers().begin());
    auto container = std::ranges::find(containers_, member.artefact, &Container::artefact);
    if (container == containers_.end()) return;
    member.opener = container->opener;
    containers_.erase(container);
    member.spool = std::make_shared<Descriptor>(unnamed_file());
}

/// Has a further segment parsed. Which header is in force where it begins came with a window, as a rule; else it is
/// known when the segment before was read.
void Intake::read_on(const Member& member, const Segment& segment, const Pool::SharedDescriptor& bytes) {
    bool told = segment.window && member.told;
    const Artefact& artefact = ledger_.artefact(member.artefact);
    if (!told) pool_.work_until_below(1);
    Job first{.task = Task::parse,
              .artefact = member.artefact,
              .path = artefact.windows_path.empty() ? artefact.path : artefact.windows_path,
              .shown = artefact.path,
              .size = segment.size,
              .base = segment.base,
              .begin = segment.base,
              .parser = member.parser,
              .header = told ? segment.header : ledger_.header(member.artefact),
              .streamed = !told && !segment.last,
              .window = segment.window != nullptr};
    Reply so_far;
    so_far.parser = member.parser;
    so_far.parsed_until = segment.base;
    progress_.bytes_known += segment.size;
    submit_rest(first, so_far, bytes);
}

Continuation Intake::take_segment(Member& member, const Container& outer, Segment segment) {
    Artefact& artefact = ledger_.artefact(member.artefact);
    auto [size, base, last] = std::tuple(segment.size, segment.base, segment.last);
    artefact.size = base + size;
    if (last && options_.hash) artefact.sha256 = segment.digest;
    in_memory_ += size;
    // The bytes leave memory, or the window is free, when the last job that holds the descriptor is done.
    Pool::SharedDescriptor held(new Descriptor(std::move(segment.bytes)),
                                [this, size, window = segment.window](Descriptor* memory) mutable {
                                    in_memory_ -= size;
                                    delete memory;
                                    window.reset();
                                });
    if (base == 0 && last && set_aside(member.artefact, size, [&] { return std::optional(segment.digest); })) return {};
    if (base == 0) {
        if (!last) awaited_ = member.artefact;
        submit_whole(member.artefact, held, size, outer.depth + 1, last ? Streamed::no : Streamed::yes);
        if (last) return {};
        find_out(member);
    }
    if (member.opener != UINT32_MAX) {
        if (!append_to(member.spool->number(), held->number(), size)) {
            ledger_.damage({member.artefact, Fault::io, "archive.spool", base, size, 0});
            member.open = false;
        } else if (last) {
            containers_.push_back({member.artefact, member.opener, member.spool, base + size, outer.depth + 1});
        }
    } else if (member.parser != UINT32_MAX && base > 0) {
        read_on(member, segment, held);
    }
    if (last) one_less(member.artefact);
    auto header = ledger_.header(member.artefact);
    if (base == 0) member.told = header.size() <= kHeaderTold;
    return member.told ? Continuation{member.parser, header} : Continuation{};
}

void Intake::open_container(const Container& container) {
    const Artefact outer = ledger_.artefact(container.artefact);
    auto damage_outer = [&](Damage damage) {
        damage.artefact = container.artefact;
        ledger_.damage(std::move(damage));
    };
    if (container.depth >= kNestingDepth)
        return damage_outer(
            {{}, Fault::too_deep, "archive.depth", 0, kNestingDepth, static_cast<std::uint64_t>(container.depth) + 1});
    auto limit = options_.max_output > 0 ? options_.max_output : std::max(kOutputFloor, kOutputFactor * input_);
    Quota quota{limit - std::min(limit, output_), kEntryLimit - std::min(kEntryLimit, entries_),
                kNamesLimit - std::min(kNamesLimit, names_)};
    const Quota before = quota;
    Member member;
    MemberEvents events;
    events.begin = [&](const Entry& entry) {
        auto path = outer.path + "!" + entry.path;
        auto artefact = describe(path, below_argument(path), entry.size);
        if (artefact.group.empty()) artefact.group = outer.group;
        member = {};
        if (entry.kind == EntryKind::link || entry.kind == EntryKind::device) return record_entry(artefact, entry);
        if (entry.kind == EntryKind::file) {
            member.artefact = ledger_.add(std::move(artefact));
            member.open = true;
        }
    };
    events.segment = [&](Segment segment) {
        auto continuation = member.open ? take_segment(member, container, std::move(segment)) : Continuation{};
        wait_for_memory();
        return continuation;
    };
    events.damage = [&](const Damage& damage, const std::string& entry) {
        Damage noted = damage;
        if (member.open && !entry.empty()) {
            noted.artefact = member.artefact;
            return ledger_.damage(std::move(noted));
        }
        if (!entry.empty()) noted.what += ": " + entry;
        damage_outer(std::move(noted));
    };
    decoder_.decode(container.opener, container.descriptor->number(), outer.path, container.size, quota, pool_, events);
    output_ += before.output_left - quota.output_left;
    entries_ += before.entries_left - quota.entries_left;
    names_ += before.names_left - quota.names_left;
}

void Intake::finish() {
    pool_.work_until_below(1);
    // Containers in the order of their ids, each to its end, so that the ids of members never depend on timing.
    while (!containers_.empty() && !pool_.stopped()) {
        auto next = std::ranges::min_element(containers_, {}, [](const Container& c) { return c.artefact; });
        Container container = std::move(*next);
        containers_.erase(next);
        open_container(container);
        pool_.work_until_below(1);
    }
}

}  // namespace ascribe

// Windows event logs, read record by record. The file is a row of 64 KiB slots behind a 4 KiB header; each chunk stands
// alone, so a part is a range of slots and what is broken costs itself only. Checksums are checked and told of, never
// believed over what can be read: an intruder who cut a log, or a copy of a log in use, must still give up every record
// that is left. [MS-EVEN6];
// https://github.com/libyal/libevtx/blob/main/documentation/Windows%20XML%20Event%20Log%20(EVTX).asciidoc
#include <cstring>

#include "base/text.hpp"
#include "parse/evtx/crc32.hpp"
#include "parse/evtx/record.hpp"

namespace ascribe {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kFileHeader = 4096, kChunk = 64 << 10, kChunkHeader = 512;
constexpr std::uint64_t kUnit = 64 * kChunk;  // 4 MiB: large enough to pay for a job
constexpr std::size_t kRecordHeader = 24;     // magic, size, id, time written
constexpr std::size_t kRecordLeast = kRecordHeader + 4;
constexpr auto kFileMagic = "ElfFile\0"sv, kChunkMagic = "ElfChnk\0"sv, kRecordMagic = "\x2a\x2a\0\0"sv;

template <class T>
T at(std::span<const std::byte> bytes, std::size_t offset) {
    Reader reader(bytes);
    if (!reader.seek(offset, "evtx.field")) return 0;
    return reader.little<T>("evtx.field").value_or(0);
}

/// What one chunk's header says; taken with salt, for it may be stale or broken.
struct ChunkHeader {
    std::uint64_t first_id = 0, last_id = 0;
    std::size_t free_space = 0;  // 0: not known
};

struct RecordHead {
    std::size_t size = 0;
    std::uint64_t id = 0, written = 0;
};

/// The record at `pos` if its frame holds: magic, a size within the chunk, and the same size again at its end.
std::optional<RecordHead> record_at(std::span<const std::byte> chunk, std::size_t pos) {
    if (pos > chunk.size() || chunk.size() - pos < kRecordLeast ||
        !as_text(chunk.subspan(pos)).starts_with(kRecordMagic))
        return {};
    auto size = at<std::uint32_t>(chunk, pos + 4);
    if (size < kRecordLeast || size > chunk.size() - pos || at<std::uint32_t>(chunk, pos + size - 4) != size) return {};
    return RecordHead{size, at<std::uint64_t>(chunk, pos + 8), at<std::uint64_t>(chunk, pos + 16)};
}

class ChunkReading {
public:
    /// `rest` begins with the chunk.
    ChunkReading(std::span<const std::byte> rest, std::uint64_t start, evtx::RecordReader& records,
                 evtx::RecordReader& recovered, Sink& sink)
        : chunk_(rest.first(std::min(rest.size(), kChunk))),
          next_(rest.subspan(chunk_.size())),
          start_(start),
          records_(records),
          recovered_(recovered),
          sink_(sink) {
        records_.enter(chunk_, start);
    }

    /// False when the records' checksum does not hold.
    bool header() {
        if (chunk_.size() < kChunk) sink_.damage({Fault::truncated, "evtx.chunk", start_, kChunk, chunk_.size()});
        if (chunk_.size() < kChunkHeader) return false;
        header_ = {at<std::uint64_t>(chunk_, 24), at<std::uint64_t>(chunk_, 32), at<std::uint32_t>(chunk_, 48)};
        auto sum = crc32(chunk_.subspan(128, kChunkHeader - 128), crc32(chunk_.first(120)));
        if (sum != at<std::uint32_t>(chunk_, 124))
            sink_.damage({Fault::checksum, "evtx.chunk.header", start_, at<std::uint32_t>(chunk_, 124), sum});
        if (header_.free_space < kChunkHeader || header_.free_space > chunk_.size()) {
            sink_.damage({Fault::bad_value, "evtx.chunk.free_space", start_ + 48, header_.free_space, chunk_.size()});
            header_.free_space = 0;
            return false;
        }
        sum = crc32(chunk_.subspan(kChunkHeader, header_.free_space - kChunkHeader));
        if (sum == at<std::uint32_t>(chunk_, 52)) return true;
        sink_.damage({Fault::checksum, "evtx.chunk.records", start_, at<std::uint32_t>(chunk_, 52), sum});
        return false;
    }

    /// Reads records from the chunk's first 512 bytes on. Behind the free space's begin lie records not yet in the
    /// header (a log copied while in use), which go on counting, and remains of older ones, which do not.
    void records() {
        std::size_t pos = kChunkHeader;
        while (pos < chunk_.size()) {
            auto head = record_at(chunk_, pos);
            bool beyond = header_.free_space != 0 && pos >= header_.free_space;
            if (beyond && (!head || head->id != last_id_ + 1)) return slack(pos);
            if (!head) {
                auto next = next_record(pos);
                if (unframed_record(pos, next)) {
                    pos = next;
                    continue;
                }
                if (header_.free_space == 0 && next == chunk_.size() && is_blank(pos)) break;
                sink_.bad({Fault::bad_value, "evtx.record.frame", start_ + pos, 0, next - pos});
                pos = next;
                continue;
            }
            fetch_next(pos, head->size);
            record(pos, *head);
            last_id_ = head->id;
            pos += head->size;
        }
    }

private:
    /// Asks memory for the bytes of the next chunk that lie where [pos, pos + size) of this one does, so that they have
    /// come when its checksums are taken.
    void fetch_next(std::size_t pos, std::size_t size) const {
        constexpr std::size_t kCacheLine = 64;
        for (auto end = std::min(pos + size, next_.size()); pos < end; pos += kCacheLine)
            __builtin_prefetch(next_.data() + pos, 0, 2);
    }

    bool is_blank(std::size_t pos) const {
        return as_text(chunk_.subspan(pos)).find_first_not_of('\0') == std::string_view::npos;
    }

    /// Where records go on after bytes that are none; at most the begin of the free space or the chunk's end.
    std::size_t next_record(std::size_t pos) const {
        auto end = header_.free_space > pos ? header_.free_space : chunk_.size();
        auto text = as_text(chunk_.first(end));
        for (auto next = text.find(kRecordMagic, pos + 1); next != std::string_view::npos;
             next = text.find(kRecordMagic, next + 1))
            if (record_at(chunk_, next)) return next;
        return end;
    }

    /// A record whose size is broken, all of it still there: the binary XML knows its own end. Taken only where the ids
    /// go on counting, so that remains of older records are not mistaken for it.
    bool unframed_record(std::size_t pos, std::size_t next) {
        if (next - pos < kRecordLeast || !as_text(chunk_.subspan(pos)).starts_with(kRecordMagic)) return false;
        RecordHead head{next - pos, at<std::uint64_t>(chunk_, pos + 8), at<std::uint64_t>(chunk_, pos + 16)};
        if (head.id != last_id_ + 1 || !read(pos, head, next)) return false;
        sink_.damage(
            {Fault::bad_value, "evtx.record.size", start_ + pos, at<std::uint32_t>(chunk_, pos + 4), head.size});
        last_id_ = head.id;
        return true;
    }

    Result<void> read(std::size_t pos, const RecordHead& head, std::size_t end) {
        return records_.read(pos + kRecordHeader, end, place(pos, head));
    }

    EventPlace place(std::size_t pos, const RecordHead& head) const {
        return {start_ + pos, static_cast<std::uint32_t>(head.size), 0, from_filetime(head.written).value_or(kNoTime)};
    }

    /// Remains of older records from `pos` on. Names and templates that they point to may have been overwritten, so
    /// what can still be read is told apart from what the log says, and what cannot is one note for the chunk: where
    /// the first is, how many remains there are, and how many of them were read.
    void slack(std::size_t pos) {
        if (is_blank(pos)) return;
        recovered_.enter(chunk_, start_);
        auto text = as_text(chunk_);
        std::size_t found = 0, readable = 0;
        std::optional<std::size_t> first_unread;
        for (pos = text.find(kRecordMagic, pos); pos != std::string_view::npos; pos = text.find(kRecordMagic, pos)) {
            auto head = record_at(chunk_, pos);
            if (!head) {
                ++pos;
                continue;
            }
            ++found;
            if (recovered_.read(pos + kRecordHeader, pos + head->size - 4, place(pos, *head)))
                ++readable;
            else if (!first_unread)
                first_unread = pos;
            pos += head->size;
        }
        if (first_unread) sink_.damage({Fault::bad_value, "evtx.slack", start_ + *first_unread, found, readable});
    }

    void record(std::size_t pos, const RecordHead& head) {
        auto done = read(pos, head, pos + head.size - 4);
        if (done) return;
        // listed at the record, for that is what is lost; the reason is the token's
        const Error& error = done.error();
        sink_.bad({error.fault, error.what, start_ + pos, error.offset, head.size});
    }

    std::span<const std::byte> chunk_, next_;
    std::uint64_t start_;
    ChunkHeader header_;
    std::uint64_t last_id_ = 0;
    evtx::RecordReader& records_;
    evtx::RecordReader& recovered_;
    Sink& sink_;
};

class Reading {
public:
    Reading(const Part& part, Sink& sink)
        : part_(part),
          sink_(sink),
          batcher_(part, sink),
          recovered_batcher_(part, sink),
          records_(batcher_),
          recovered_(recovered_batcher_, RecordKind::recovered_event),
          bytes_(part.whole.view()) {}

    void all() {
        if (part_.begin == 0) file_header();
        auto begin = std::max<std::uint64_t>(part_.begin, kFileHeader);
        for (auto slot = begin; slot < part_.end && slot - part_.base < bytes_.size(); slot += kChunk) read_slot(slot);
    }

private:
    void file_header() {
        auto head = bytes_.first(std::min(bytes_.size(), kFileHeader));
        if (head.size() < kFileHeader) sink_.damage({Fault::truncated, "evtx.file", 0, kFileHeader, head.size()});
        if (!as_text(head).starts_with(kFileMagic))
            sink_.damage({Fault::bad_magic, "evtx.file", 0});
        else if (head.size() >= 128 && crc32(head.first(120)) != at<std::uint32_t>(head, 124))
            sink_.damage(
                {Fault::checksum, "evtx.file.header", 0, at<std::uint32_t>(head, 124), crc32(head.first(120))});
        // Chunks without a file header: carved ones, or a file whose beginning was lost.
        if (auto found = as_text(head).find(kChunkMagic); found != std::string_view::npos) read_chunk(found);
    }

    /// Where a chunk begins in a slot depends on the slot's bytes alone, so that parts and the whole agree.
    void read_slot(std::uint64_t slot) {
        auto bytes =
            bytes_.subspan(slot - part_.base).first(std::min<std::size_t>(kChunk, bytes_.size() - (slot - part_.base)));
        auto text = as_text(bytes);
        if (text.starts_with(kChunkMagic)) return read_chunk(slot);
        if (text.find_first_not_of('\0') == std::string_view::npos) return;  // room for chunks to come
        if (record_at(bytes, kChunkHeader)) {
            sink_.damage({Fault::bad_magic, "evtx.chunk", slot});
            return read_chunk(slot);
        }
        auto found = text.find(kChunkMagic);
        sink_.damage({Fault::bad_magic, found == std::string_view::npos ? "evtx.chunk" : "evtx.chunk.place", slot});
        if (found != std::string_view::npos) read_chunk(slot + found);
    }

    void read_chunk(std::uint64_t start) {
        auto rest = bytes_.subspan(start - part_.base);
        ChunkReading chunk(rest, start, records_, recovered_, sink_);
        chunk.header();
        chunk.records();
    }

    const Part& part_;
    Sink& sink_;
    Batcher batcher_, recovered_batcher_;
    evtx::RecordReader records_, recovered_;
    std::span<const std::byte> bytes_;
};

int claim(std::string_view path, std::span<const std::byte> head) {
    auto text = as_text(head);
    if (text.starts_with(kFileMagic)) return 100;
    if (text.starts_with(kChunkMagic) ||
        (text.size() > kFileHeader && text.substr(kFileHeader).starts_with(kChunkMagic)))
        return 95;
    return ends_folded(path, ".evtx") ? 40 : 0;
}

void parse(const Part& part, Sink& sink) { Reading(part, sink).all(); }

}  // namespace

extern const Parser kEvtxParser;
const Parser kEvtxParser{"evtx",
                         "Windows event logs (EVTX)",
                         "https://learn.microsoft.com/openspecs/windows_protocols/ms-even6",
                         claim,
                         parse,
                         kUnit,
                         kFileHeader};

}  // namespace ascribe

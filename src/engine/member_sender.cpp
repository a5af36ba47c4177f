#include "engine/member_sender.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/reader.hpp"
#include "base/writer.hpp"
#include "parse/all.hpp"
#include "parse/lines.hpp"

namespace ascribe {
namespace {

constexpr std::uint64_t kEvtxHeader = 4'096;  // EVTX: chunks of 64 KiB follow a header of 4 KiB
constexpr std::uint64_t kEvtxChunk = 64 << 10;
constexpr std::uint64_t kLineSearch = 16 << 20;  // as far as a segment looks back for a line end
constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;

void save(Writer& out, const std::optional<Time>& time) {
    out.little((time ? *time : kNoTime).time_since_epoch().count());
}

/// Maps a window for good: what is written into the file later is seen in it.
Bytes map_window(int file) {
    void* address = mmap(nullptr, kTextSegmentSize, PROT_READ, MAP_SHARED, file, 0);
    if (address == MAP_FAILED) return {};
    std::shared_ptr<const void> owner(address, [](const void* p) { munmap(const_cast<void*>(p), kTextSegmentSize); });
    return {{static_cast<const std::byte*>(address), kTextSegmentSize}, std::move(owner)};
}

}  // namespace

bool MemberSender::begin(const Entry& entry) {
    if (entries_++ >= quota_.entries_left) return refuse("archive.entries", quota_.entries_left, entries_);
    auto name = std::string_view(entry.path).substr(0, kNameLimit);
    Writer out;
    out.little(static_cast<std::uint8_t>(MemberMessage::begin));
    out.text(name);
    out.little(static_cast<std::uint8_t>(entry.kind));
    out.little(entry.size);
    save(out, entry.modified);
    save(out, entry.created);
    out.text(std::string_view(entry.link_target).substr(0, kNameLimit));
    out.little(static_cast<std::uint8_t>(entry.encrypted));
    entry_ = name;
    head_.clear();
    hash_ = Sha256();
    is_text_ = is_evtx_ = false;
    file_ = {};
    if (window_ != kNoWindow) windows_[window_].is_free = true;  // of a member that broke off
    window_ = kNoWindow;
    base_ = size_ = line_end_ = full_ = 0;
    bool told = parent_.send(out.bytes());
    if (entry.path.size() > kNameLimit)
        damage({Fault::too_large, "archive.name", 0, kNameLimit, entry.path.size()}, entry_);
    return told;
}

bool MemberSender::write(std::span<const std::byte> bytes) {
    produced_ += bytes.size();
    if (produced_ > quota_.output_left) return refuse("archive.output", quota_.output_left, produced_);
    if (produced_ > kRatioAlarmAfter && produced_ / kRatioAlarm > input_)
        return refuse("archive.ratio", kRatioAlarm, produced_ / std::max<std::uint64_t>(input_, 1));
    if (hashes_) hash_.update(bytes);
    while (!bytes.empty()) {
        auto most = full_ == 0 ? kHeadBytes : is_text_ ? kTextSegmentSize : kSegmentSize;
        auto piece = bytes.first(std::min<std::size_t>(bytes.size(), most - size_));
        bytes = bytes.subspan(piece.size());
        if (!append(piece)) return refuse("archive.memory", size_ + piece.size(), size_);
        if (full_ == 0) recognise();
        bool is_full = full_ > 0 && size_ >= full_ && (line_end_ > 0 || size_ >= most);
        if (is_full && !flush(false)) return false;
    }
    return true;
}

bool MemberSender::end() { return flush(true); }

void MemberSender::damage(const Error& error, std::string_view entry) {
    Writer out;
    out.little(static_cast<std::uint8_t>(MemberMessage::damage));
    out.little(static_cast<std::uint8_t>(error.fault));
    out.text(error.what);
    out.text(entry.substr(0, kNameLimit));
    for (std::uint64_t value : {error.offset, error.need, error.have}) out.little(value);
    parent_.send(out.bytes());
}

bool MemberSender::refuse(std::string_view limit, std::uint64_t allowed, std::uint64_t reached) {
    damage({Fault::too_large, limit, 0, allowed, reached}, entry_);
    return false;
}

/// Once there is enough to tell by: how long the first segment is to be.
void MemberSender::recognise() {
    if (head_.size() < kHeadBytes) return;
    const Parser* surest = nullptr;
    int most = 0;
    for (const Parser& parser : parsers())
        if (int sureness = parser.claim(entry_, as_bytes(head_)); sureness > most) {
            most = sureness;
            surest = &parser;
        }
    is_evtx_ = head_.starts_with("ElfFile");
    is_text_ = surest != nullptr && surest->unit == kTextUnit;
    full_ = !is_text_ ? kSegmentSize : whole_ ? kTextSegmentSize : kTextBeginning;
}

/// A file for the segment that begins: a free window where there may be one, else a new file.
bool MemberSender::open_file() {
    if (!is_text_ || base_ == 0) {
        file_ = Descriptor(memfd_create("member", MFD_CLOEXEC | MFD_ALLOW_SEALING));
        return static_cast<bool>(file_);
    }
    auto free = std::ranges::find(windows_, true, &Window::is_free);
    for (; free == windows_.end(); free = std::ranges::find(windows_, true, &Window::is_free))
        if (!wait_for_answer()) return false;
    if (!free->file) {
        free->file = Descriptor(memfd_create("window", MFD_CLOEXEC));
        if (!free->file) return false;
        free->map = map_window(free->file.number());
    }
    free->is_free = false;
    window_ = static_cast<std::uint32_t>(free - windows_.begin());
    return free->map.size() > 0;
}

bool MemberSender::append(std::span<const std::byte> bytes) {
    if (!file_ && window_ == kNoWindow && !open_file()) return false;
    int file = window_ == kNoWindow ? file_.number() : windows_[window_].file.number();
    for (std::size_t done = 0; done < bytes.size();) {
        auto wrote = pwrite(file, bytes.data() + done, bytes.size() - done, static_cast<off_t>(size_ + done));
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) return false;
        done += static_cast<std::size_t>(wrote);
    }
    auto text = as_text(bytes);
    if (auto* at = static_cast<const char*>(memrchr(text.data(), '\n', text.size())); at != nullptr)
        line_end_ = size_ + static_cast<std::uint64_t>(at - text.data()) + 1;
    if (full_ == 0) head_ += text;
    size_ += bytes.size();
    return true;
}

/// Where this segment ends so that the next begins with a whole line or chunk.
std::uint64_t MemberSender::cut() const {
    if (is_evtx_) return (base_ + size_ - kEvtxHeader) / kEvtxChunk * kEvtxChunk + kEvtxHeader - base_;
    return line_end_ == 0 || size_ - line_end_ > kLineSearch ? size_ : line_end_;
}

bool MemberSender::flush(bool last) {
    if (!file_ && window_ == kNoWindow && !open_file()) return refuse("archive.memory", 0, 0);
    auto size = last ? size_ : cut();
    std::vector<std::byte> rest(static_cast<std::size_t>(size_ - size));
    int file = window_ == kNoWindow ? file_.number() : windows_[window_].file.number();
    for (std::size_t done = 0; done < rest.size();) {
        auto got = pread(file, rest.data() + done, rest.size() - done, static_cast<off_t>(size + done));
        if (got <= 0) return refuse("archive.memory", rest.size(), done);
        done += static_cast<std::size_t>(got);
    }
    if (!send(size, last)) return false;
    base_ += size;
    size_ = line_end_ = 0;
    file_ = {};
    window_ = kNoWindow;
    if (is_text_) full_ = kWindowSize;
    return rest.empty() || append(rest);
}

bool MemberSender::send(std::uint64_t size, bool last) {
    bool sealed = window_ == kNoWindow;
    if (!wait_until_taken()) return false;
    bool good = !sealed || size == size_ || ftruncate(file_.number(), static_cast<off_t>(size)) == 0;
    if (!good || (sealed && fcntl(file_.number(), F_ADD_SEALS, kSeals) != 0)) return refuse("archive.memory", size, 0);
    Writer out;
    out.little(static_cast<std::uint8_t>(MemberMessage::segment));
    out.little(base_);
    out.little(size);
    out.little(window_);
    out.little(static_cast<std::uint8_t>(last));
    out.text(as_text(last && hashes_ ? hash_.finish() : Digest{}));
    out.text(sealed ? std::string_view() : header_);
    if (!parent_.send(out.bytes(), sealed ? file_.number() : windows_[window_].file.number())) return false;
    if (!sealed) {
        if (!last) note_header(size);
        return true;
    }
    ++unanswered_;
    // Of a long text the next segment is decoded while it is found out what the first one is.
    if (is_text_ && !last) return true;
    return wait_until_taken();
}

/// Which header is in force at the end of the window just sent, which nobody writes into before it is free.
void MemberSender::note_header(std::uint64_t size) {
    if (reader_ >= parsers().size() || parsers()[reader_].header == nullptr) return;
    const Window& window = windows_[window_];
    Part part{.artefact = {},
              .path = entry_,
              .whole = {window.map.view().first(static_cast<std::size_t>(size)), nullptr},
              .begin = size,
              .end = size,
              .header = std::move(header_)};
    header_ = parsers()[reader_].header(part);
}

bool MemberSender::wait_until_taken() {
    while (unanswered_ > 0)
        if (!wait_for_answer()) return false;
    return true;
}

bool MemberSender::wait_for_answer() {
    auto frame = parent_.wait();
    if (!frame) return false;
    Reader in(as_bytes(*frame));
    auto kind = in.little<std::uint8_t>("answer");
    auto number = in.little<std::uint32_t>("answer.number");
    auto header = in.text("answer.header");
    if (!kind || !number || !header) return false;
    if (static_cast<Receipt>(*kind) == Receipt::window_free) {
        if (*number < windows_.size()) windows_[*number].is_free = true;
        return true;
    }
    if (unanswered_ > 0) --unanswered_;
    reader_ = *number;
    header_ = *header;
    return true;
}

}  // namespace ascribe

// How ISA-L is held: it is given more input whenever it has none, and a stream is over when it says so. It may come
// back with neither bytes nor an error on input that makes no sense, so a call that moves nothing ends the stream; and
// it may count its input below nothing, so what it says of that is checked.
// Specifications: RFC 1951, RFC 1952.
#include "evidence/gzip.hpp"

#include <isa-l/igzip_lib.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/bytes.hpp"
#include "base/reader.hpp"

namespace ascribe {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kMagic = "\x1F\x8B\x08"sv;
constexpr std::uint64_t kTrailer = 8;  // checksum and length: RFC 1952 section 2.3.1
/// Measured: less is slower, more leaves the second-level cache.
constexpr std::size_t kPacked = 128 << 10, kBytes = 256 << 10;
constexpr std::size_t kMisfits = 64;

std::size_t read_at(int descriptor, std::uint64_t offset, std::span<std::byte> into) {
    std::size_t have = 0;
    while (have < into.size()) {
        auto got = pread(descriptor, into.data() + have, into.size() - have, static_cast<off_t>(offset + have));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        have += static_cast<std::size_t>(got);
    }
    return have;
}

}  // namespace

bool is_gzip(std::span<const std::byte> head) { return as_text(head).starts_with(kMagic); }

GzipStream::GzipStream(int descriptor)
    : descriptor_(descriptor), state_(std::make_unique<inflate_state>()), packed_(kPacked), bytes_(kBytes) {
    isal_inflate_init(state_.get());
    state_->avail_in = 0;
}

GzipStream::~GzipStream() = default;

/// Where the next byte that was not used stands in the file.
std::uint64_t GzipStream::position() const { return read_ - state_->avail_in; }

/// Reads on when the buffer is used up; false at the file's end.
bool GzipStream::fill() {
    if (state_->avail_in > 0) return true;
    auto got = read_at(descriptor_, read_, packed_);
    read_ += got;
    state_->next_in = reinterpret_cast<std::uint8_t*>(packed_.data());
    state_->avail_in = static_cast<std::uint32_t>(got);
    return got > 0;
}

/// Whether another member follows.
bool GzipStream::begin_member() {
    std::array<std::byte, 3> magic{};
    auto at = position();
    if (read_at(descriptor_, at, magic) < magic.size() || !is_gzip(magic)) return false;
    isal_inflate_reset(state_.get());
    state_->crc_flag = ISAL_GZIP;  // header and trailer are ISA-L's business
    return in_member_ = true;
}

/// A trailer that does not fit was read; what it says stands before this place.
void GzipStream::tell_misfit() {
    in_member_ = false;
    auto at = position() - kTrailer;
    std::array<std::byte, kTrailer> trailer{};
    if (misfits_.size() >= kMisfits || read_at(descriptor_, at, trailer) < kTrailer) return;
    Reader in(trailer);
    auto crc = *in.little<std::uint32_t>("gzip.crc"), size = *in.little<std::uint32_t>("gzip.size");
    if (crc != state_->crc)
        misfits_.push_back({Fault::checksum, "gzip.crc", at, crc, state_->crc});
    else
        misfits_.push_back({Fault::checksum, "gzip.size", at + 4, size, state_->total_out});
}

/// ISA-L takes a few bytes ahead of what it uses. Where a stream makes no sense it may have used more than there were,
/// and what it gives back may stand in the buffer before this one.
void GzipStream::settle() {
    auto left = static_cast<std::int32_t>(state_->avail_in);
    if (left < 0) {
        fault_ = {Fault::truncated, "archive", read_};
        state_->avail_in = 0;
    } else if (state_->next_in < reinterpret_cast<std::uint8_t*>(packed_.data())) {
        read_ -= static_cast<std::uint64_t>(left);
        state_->avail_in = 0;
    }
}

void GzipStream::check(int status) {
    if (status == ISAL_INCORRECT_CHECKSUM)
        tell_misfit();
    else if (status < 0 || status > ISAL_OUT_OVERFLOW)
        fault_ = {Fault::bad_value, "archive", position()};
    else if (state_->block_state == ISAL_BLOCK_FINISH)
        in_member_ = false;
}

std::span<const std::byte> GzipStream::next() {
    while (!fault_) {
        if (!in_member_ && !begin_member()) {
            if (position() == 0) fault_ = {Fault::truncated, "archive", read_};
            return {};
        }
        bool more = fill();
        auto before = state_->avail_in;
        state_->next_out = reinterpret_cast<std::uint8_t*>(bytes_.data());
        state_->avail_out = static_cast<std::uint32_t>(bytes_.size());
        auto status = isal_inflate(state_.get());
        settle();
        check(status);
        auto given = bytes_.size() - state_->avail_out;
        if (in_member_ && !fault_ && given == 0 && state_->avail_in == before)
            fault_ = {more ? Fault::bad_value : Fault::truncated, "archive", position()};
        if (given > 0) return std::span(bytes_).first(given);
    }
    return {};
}

}  // namespace ascribe

// What a decoder does with the members it decodes: it gathers their bytes in memory files and passes them on. Small
// members, and whatever has to be seen whole, go as sealed files of their own, which workers map. Of a long text log
// only the beginning does; the rest goes through windows, a few memory files that serve again and again. A worker
// copies a window before it reads it, so that nobody can change what it reads. See docs/adr/0015.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/hash.hpp"
#include "engine/channel.hpp"
#include "evidence/opener.hpp"
#include "model/stage.hpp"

namespace ascribe {

/// A member larger than this is handed over in segments, each cut at a line end (or where an EVTX chunk ends), so that
/// a 100 GiB log inside an archive needs no more memory than this.
inline constexpr std::uint64_t kSegmentSize = 256ull << 20;
/// The same for logs read line by line where they are to be seen whole: members that are hashed are set aside before
/// anything of them is read when the same bytes were there already. No segment of such a log is larger.
inline constexpr std::uint64_t kTextSegmentSize = 32ull << 20;
/// ... and where they need not: the first segment tells what the log is, so it is short: no more than one job reads.
inline constexpr std::uint64_t kTextBeginning = 3ull << 20;
/// What follows of it. A part costs some 12 ms, for the states of detectors that travel after it: with 8 MiB a hunt of
/// 268 MB took 1.3 s of the processor's time, with 16 MiB 1.1 s and with 32 MiB no less; and little spreads better.
inline constexpr std::uint64_t kWindowSize = 16ull << 20;
/// Windows of one decoder: one for each worker, one that waits and one that is written; more than a decoder can fill
/// are of no use.
inline constexpr std::size_t kWindowLimit = 8;

struct Quota {
    std::uint64_t output_left = 0;  // bytes all archives of the run may still produce
    std::uint64_t entries_left = kEntryLimit;
    std::uint64_t names_left = kNamesLimit;  // bytes; counted by the parent alone
};

/// From the decoder to its parent.
enum class MemberMessage : std::uint8_t { begin, segment, damage, done };
/// From the parent to the decoder: a sealed segment was taken, and with the first of several what reads the member and
/// the header in force at the segment's end; a window is free again.
enum class Receipt : std::uint8_t { taken, window_free };
inline constexpr std::uint32_t kNoWindow = UINT32_MAX;

class MemberSender : public MemberSink {
public:
    /// `input`: the container's size; `windows`: how many there are to be.
    MemberSender(Channel& parent, std::uint64_t input, const Quota& quota, const OpenOptions& options,
                 std::size_t windows)
        : parent_(parent),
          input_(input),
          quota_(quota),
          hashes_(options.hash),
          whole_(options.whole),
          windows_(windows) {}

    bool begin(const Entry& entry) override;
    bool write(std::span<const std::byte> bytes) override;
    bool end() override;
    void damage(const Error& error, std::string_view entry) override;
    /// Waits for what the parent still has to say, before anything else is asked of this process.
    bool settle() { return wait_until_taken(); }

private:
    struct Window {
        Descriptor file;
        Bytes map;  // of the file, as long as a segment may be
        bool is_free = true;
    };

    bool refuse(std::string_view limit, std::uint64_t allowed, std::uint64_t reached);
    void recognise();
    bool open_file();
    bool append(std::span<const std::byte> bytes);
    std::uint64_t cut() const;
    bool flush(bool last);
    bool send(std::uint64_t size, bool last);
    bool wait_until_taken();
    bool wait_for_answer();
    void note_header(std::uint64_t size);

    Channel& parent_;
    std::uint64_t input_, produced_ = 0, entries_ = 0;
    Quota quota_;
    bool hashes_, whole_;
    std::vector<Window> windows_;

    // The member at hand.
    std::string entry_, head_;  // its name, its first bytes
    Sha256 hash_;
    bool is_text_ = false, is_evtx_ = false;
    std::uint32_t reader_ = UINT32_MAX;  // the parser that reads it, as the parent says
    std::string header_;                 // in force where the segment at hand begins

    // The segment at hand.
    Descriptor file_;  // where it is no window
    std::uint32_t window_ = kNoWindow;
    std::uint64_t base_ = 0, size_ = 0, line_end_ = 0, full_ = 0;  // full_: 0 where not known yet
    std::size_t unanswered_ = 0;                                   // sealed segments
};

}  // namespace ascribe

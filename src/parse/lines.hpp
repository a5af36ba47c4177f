// Lines of a part: every line that begins in it, ends found with memchr, damage named. All text parsers stand on this.
#pragma once

#include <algorithm>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

#include "model/stage.hpp"

namespace ascribe {

/// A longer line is refused as damage. The longest honest line we have seen is a 32 KiB Exchange error; 16 MiB is
/// generous and keeps a file without line ends from being one record.
inline constexpr std::size_t kLineLimit = 16 << 20;
/// A longer header line is refused too: it travels with every part behind it. Exchange's longest has 2 KiB.
inline constexpr std::size_t kDirectiveLimit = 1 << 20;
/// Parts of text logs: large enough to pay for a job and for the states of detectors, which travel after every part (a
/// few megabytes where a log is busy), small enough to spread a day's log over workers.
inline constexpr std::uint64_t kTextUnit = 64 << 20;

struct Line {
    std::string_view text;     // without its line end and without a byte order mark
    std::uint64_t offset = 0;  // artefact offset of text[0]
    std::uint32_t number = 0;  // 1-based within the part
};

inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Where the first line that begins in the part does so; the part's end when none does. A line belongs to the part it
/// begins in, so its tail in later parts is passed over.
inline std::uint64_t first_line(const Part& part) {
    auto text = part.whole.text();
    auto at = part.begin - part.base;
    auto end = std::min<std::uint64_t>(part.end - part.base, text.size());
    if (at == 0 || at >= end || text[at - 1] == '\n') return part.begin;
    auto line_end = text.substr(0, end).find('\n', at);  // not beyond the part: its neighbours look for themselves
    return line_end == std::string_view::npos ? part.end : part.base + line_end + 1;
}

/// A run of NULs in the middle of a line that is long enough to be what a crash left (whole sectors) and not part of
/// the text.
inline constexpr std::size_t kNulRun = 16;

/// Walks the lines that begin in a part. Those with content go to `take`; empty ones are directives. A run of NULs,
/// which is what a crash leaves of a log, is one bad span; what stands before and after it on the same line is taken as
/// lines of their own.
template <class Take>
class LineWalk {
public:
    LineWalk(const Part& part, Sink& sink, Take take)
        : text_(part.whole.text()),
          base_(part.base),
          at_(first_line(part) - part.base),
          end_(std::min<std::uint64_t>(part.end - part.base, text_.size())),
          sink_(sink),
          take_(std::move(take)) {}

    bool done() const { return at_ >= end_; }
    /// Where the line at hand begins, in the part's bytes.
    std::size_t at() const { return at_; }
    /// The number it will have.
    std::uint32_t next_number() const { return number_ + 1; }

    /// Takes the line at hand.
    void step() {
        auto* end = static_cast<const char*>(std::memchr(text_.data() + at_, '\n', text_.size() - at_));
        auto size = end != nullptr ? static_cast<std::size_t>(end - (text_.data() + at_)) : text_.size() - at_;
        Line line{text_.substr(at_, size), base_ + at_, ++number_};
        at_ += size + 1;
        if (line.offset == 0 && line.text.starts_with(kByteOrderMark)) {
            line.text.remove_prefix(kByteOrderMark.size());
            line.offset += kByteOrderMark.size();
        }
        if (line.text.ends_with('\r')) line.text.remove_suffix(1);

        bool whole = true;
        for (std::size_t from = 0; !line.text.empty();) {
            auto nul = line.text.find('\0', from);
            if (nul == std::string_view::npos) break;
            auto after = std::min(line.text.find_first_not_of('\0', nul), line.text.size());
            from = after;
            if (nul > 0 && after - nul < kNulRun) continue;
            if (nul > 0) take_piece({line.text.substr(0, nul), line.offset, line.number}, false);
            sink_.bad({Fault::bad_value, "line.nul_bytes", line.offset + nul, 0, after - nul});
            line.text.remove_prefix(after);
            line.offset += after;
            from = 0;
            whole = false;
        }
        take_piece(line, whole);
    }

    /// Passes over the line at hand, which ends at `end`: somebody else took it.
    void pass(std::size_t end) {
        ++number_;
        at_ = end + 1;
    }

    /// Once, when all is done.
    void finish() {
        sink_.directives(blank_);
        sink_.lines(number_);
    }

private:
    void take_line(const Line& line, bool whole) {
        if (line.text.find_first_not_of(" \t") == std::string_view::npos) {
            if (whole) ++blank_;
        } else if (auto limit = line.text.starts_with('#') ? kDirectiveLimit : kLineLimit; line.text.size() > limit) {
            sink_.bad({Fault::too_large, "line.limit", line.offset, limit, line.text.size()});
        } else {
            take_(line);
        }
    }
    // No header line has a carriage return in it: where a file was copied with these as its line ends, a '#' behind one
    // begins a header line, and from there on all of them are line ends.
    void take_piece(Line line, bool whole) {
        for (auto end = carriage_return(line.text); end != std::string_view::npos; end = carriage_return(line.text)) {
            take_line({line.text.substr(0, end), line.offset, line.number}, whole);
            line.text.remove_prefix(end + 1);
            line.offset += end + 1;
            line.number = ++number_;
            in_header_ = true;
        }
        in_header_ = false;
        take_line(line, whole);
    }
    /// The one that ends what stands at the beginning.
    std::size_t carriage_return(std::string_view text) const {
        return in_header_ || text.starts_with('#') ? text.find('\r') : text.find("\r#");
    }

    std::string_view text_;
    std::uint64_t base_;
    std::size_t at_;
    std::uint64_t end_;
    Sink& sink_;
    Take take_;
    std::uint32_t number_ = 0;
    std::uint64_t blank_ = 0;
    bool in_header_ = false;
};

/// Calls `take` for every line of the part with content.
template <class Take>
void for_each_line(const Part& part, Sink& sink, Take take) {
    LineWalk walk(part, sink, std::move(take));
    while (!walk.done()) walk.step();
    walk.finish();
}

/// Whether for_each_line would begin a piece at the '#' at `at`: a line, or what follows NULs that begin a line or are
/// a run.
inline bool begins_piece(std::string_view text, std::size_t at) {
    auto before = text.substr(0, at);
    auto last = before.find_last_not_of('\0');
    auto nuls = at - (last == std::string_view::npos ? 0 : last + 1);
    before.remove_suffix(nuls);
    if (nuls == 0 && before.ends_with('\r')) return true;  // asked of a '#': see LineWalk
    return nuls >= kNulRun || before.empty() || before.ends_with('\n') || before == kByteOrderMark;
}

/// The piece of for_each_line that begins at `at`, or all of it that fits. No byte behind its end is looked at: pieces
/// may stand close together in one long line, and each is asked for.
inline std::string_view piece_at(std::string_view text, std::size_t at) {
    auto line = text.substr(at);
    const bool is_directive = line.starts_with('#');
    std::size_t end = 0;
    while (end < line.size() && line[end] != '\n') {
        if (line[end] == '\r' && (is_directive || line.substr(end + 1).starts_with('#'))) break;
        auto after = end + 1;
        if (line[end] == '\0') {
            while (after < line.size() && line[after] == '\0') ++after;
            if (end == 0 || after - end >= kNulRun) return line.substr(0, end);
        }
        end = after;
    }
    line = line.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

/// Calls `take` with the pieces before the part that begin with '#', last first, until it returns true. They are looked
/// for from the back, so that a part in the middle of a log finds the header in force without reading the log from its
/// start; and no further than where somebody knows what was in force.
template <class Take>
void directives_before(const Part& part, Take take) {
    auto text = part.whole.text();
    // The line that a part begins in is its neighbour's, with what directives follow NULs in it.
    auto size = static_cast<std::size_t>(std::min<std::uint64_t>(first_line(part) - part.base, text.size()));
    auto least = static_cast<std::size_t>(std::max(part.header_at, part.base) - part.base);
    while (size > least) {
        auto* mark = static_cast<const char*>(::memrchr(text.data() + least, '#', size - least));
        if (mark == nullptr) return;
        size = static_cast<std::size_t>(mark - text.data());
        if (!begins_piece(text, size)) continue;
        auto piece = piece_at(text, size);
        if (piece.size() <= kDirectiveLimit && take(piece)) return;
    }
}

/// What follows `mark` in the last line before the part that begins with it; nothing when there is none.
inline std::optional<std::string_view> directive_before(const Part& part, std::string_view mark) {
    std::optional<std::string_view> found;
    directives_before(part, [&](std::string_view line) {
        if (line.starts_with(mark)) found = line.substr(mark.size());
        return found.has_value();
    });
    return found;
}

/// The first lines of a head, at most `limit`, without byte order mark, NUL runs and line ends: what `claim` looks at.
inline std::vector<std::string_view> head_lines(std::span<const std::byte> head, std::size_t limit) {
    auto text = as_text(head);
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    std::vector<std::string_view> lines;
    while (!text.empty() && lines.size() < limit) {
        auto end = text.find_first_of(text.starts_with('#') ? "\r\n" : "\n");
        auto line = text.substr(0, end);
        line.remove_prefix(std::min(line.find_first_not_of('\0'), line.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (!line.empty()) lines.push_back(line);
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    return lines;
}

/// Gathers rows into batches of a kind and host and passes full ones on.
class Batcher {
public:
    Batcher(const Part& part, Sink& sink) : part_(part), sink_(sink) {}
    ~Batcher() { flush(); }
    Batcher(const Batcher&) = delete;
    Batcher& operator=(const Batcher&) = delete;

    /// The batch to append a row of `kind` about `host` to.
    RecordBatch& batch(RecordKind kind, std::string_view host) {
        if (batch_ && (batch_->kind() != kind || batch_->host != host || is_full())) flush();
        if (!batch_) {
            batch_.emplace(kind, part_.artefact, part_.whole, part_.base);
            batch_->host = host;
        }
        return *batch_;
    }
    /// The batch of `kind` at hand, whichever host it is about: for a row whose host is known once it was read.
    RecordBatch& batch(RecordKind kind) {
        auto host = batch_ ? batch_->host : std::string();
        return batch(kind, host);
    }
    void flush() {
        if (batch_ && batch_->size() > 0) sink_.batch(std::move(*batch_));
        batch_.reset();
    }

private:
    /// Text that rows make of their lines may be much, and that of rows taken back stays: a batch of such is no larger.
    static constexpr std::size_t kTextBytes = 16 << 20;

    /// The text is looked at now and then: a row is asked for in a few nanoseconds.
    bool is_full() {
        constexpr std::size_t kNow = 16;
        if (batch_->size() >= RecordBatch::kRows) return true;
        if (++asked_ % kNow != 0) return false;
        std::size_t text = 0;
        batch_->arena().each_block([&text](std::string_view block) { text += block.size(); });
        return text >= kTextBytes;
    }

    const Part& part_;
    Sink& sink_;
    std::optional<RecordBatch> batch_;
    std::size_t asked_ = 0;
};

}  // namespace ascribe

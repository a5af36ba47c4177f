// Lines of a part: every line that begins in it, ends found with memchr, damage named. All text parsers stand on this.
#pragma once

#include <cstring>
#include <string_view>

#include "model/stage.hpp"

namespace ascribe {

/// A longer line is refused as damage. The longest honest line we have seen is a 32 KiB Exchange error; 16 MiB is generous
/// and keeps a file without line ends from being one record.
inline constexpr std::size_t kLineLimit = 16 << 20;
/// Parts of text logs: large enough to pay for a job, small enough to spread a log over workers.
inline constexpr std::uint64_t kTextUnit = 16 << 20;

struct Line {
    std::string_view text;      // without its line end and without a byte order mark
    std::uint64_t offset = 0;   // artefact offset of text[0]
    std::uint32_t number = 0;   // 1-based within the part
};

/// Where the first line of the part begins: the part's own begin, or after the line end that its first bytes belong to.
inline std::uint64_t first_line(const Part& part) {
    auto text = part.whole.text();
    auto at = part.begin - part.base;
    if (part.begin == 0 || at == 0 || at > text.size() || text[at - 1] == '\n') return part.begin;
    auto end = text.find('\n', at);
    return end == std::string_view::npos ? part.base + text.size() : part.base + end + 1;
}

/// Calls `take` for every line with content. Empty lines are directives; a line that begins with NUL bytes (what a crash
/// leaves of a log) is one bad span, and what follows the NULs on that line is a line again.
template <class Take> void for_each_line(const Part& part, Sink& sink, Take take) {
    auto text = part.whole.text();
    auto at = first_line(part) - part.base;
    auto end_of_part = part.end - part.base;
    std::uint32_t number = 0;
    std::uint64_t blank = 0;
    while (at < end_of_part && at < text.size()) {
        auto* end = static_cast<const char*>(std::memchr(text.data() + at, '\n', text.size() - at));
        auto size = end != nullptr ? static_cast<std::size_t>(end - (text.data() + at)) : text.size() - at;
        Line line{text.substr(at, size), part.base + at, ++number};
        at += size + 1;
        if (line.offset == 0 && line.text.starts_with("\xEF\xBB\xBF")) {
            line.text.remove_prefix(3);
            line.offset += 3;
        }
        if (line.text.ends_with('\r')) line.text.remove_suffix(1);
        if (line.text.starts_with('\0')) {
            auto nuls = std::min(line.text.find_first_not_of('\0'), line.text.size());
            sink.bad({Fault::bad_value, "line.nul_bytes", line.offset, 0, nuls});
            line.text.remove_prefix(nuls);
            line.offset += nuls;
            if (line.text.empty()) continue;
        }
        if (line.text.find_first_not_of(" \t") == std::string_view::npos)
            ++blank;
        else if (line.text.size() > kLineLimit)
            sink.bad({Fault::too_large, "line.limit", line.offset, kLineLimit, line.text.size()});
        else
            take(line);
    }
    sink.directives(blank);
    sink.lines(number);
}

/// The last line before `part.begin` that begins with `mark`, searched backwards; "" when there is none.
inline std::string_view line_before(const Part& part, std::string_view mark) {
    auto text = part.whole.text().substr(0, part.begin - part.base);
    while (true) {
        auto at = text.rfind(mark);
        if (at == std::string_view::npos) return {};
        bool first = at == 0 || text[at - 1] == '\n' || (at == 3 && text.starts_with("\xEF\xBB\xBF"));
        if (first) {
            auto line = part.whole.text().substr(at);
            line = line.substr(0, line.find('\n'));
            if (line.ends_with('\r')) line.remove_suffix(1);
            return line;
        }
        text = text.substr(0, at);
    }
}

/// The first lines of a head, at most `limit`, without byte order mark, NUL runs and line ends: what `claim` looks at.
inline std::vector<std::string_view> head_lines(std::span<const std::byte> head, std::size_t limit) {
    auto text = as_text(head);
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    std::vector<std::string_view> lines;
    while (!text.empty() && lines.size() < limit) {
        auto end = text.find('\n');
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
        if (batch_ && (batch_->kind() != kind || batch_->host != host || batch_->size() >= RecordBatch::kRows)) flush();
        if (!batch_) {
            batch_.emplace(kind, part_.artefact, part_.whole, part_.base);
            batch_->host = host;
        }
        return *batch_;
    }
    void flush() {
        if (batch_ && batch_->size() > 0) sink_.batch(std::move(*batch_));
        batch_.reset();
    }

private:
    const Part& part_;
    Sink& sink_;
    std::optional<RecordBatch> batch_;
};

}  // namespace ascribe

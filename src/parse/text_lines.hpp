// Lines of texts that Windows tools write in UTF-16LE as often as in bytes: antivirus logs, listings redirected by
// PowerShell. Refs stay exact: offset and size are those of the encoded bytes. Such texts are small, so they are read
// in one part.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "parse/lines.hpp"

namespace ascribe {

inline constexpr std::string_view kUtf16Mark = "\xFF\xFE";

struct TextLine {
    std::string_view text;  // without its line end; where `decoded`, valid only until the next line
    std::uint64_t offset = 0;
    std::uint32_t size = 0;    // bytes in the artefact
    std::uint32_t number = 0;  // 1-based
    bool decoded = false;

    /// `part` of this line's text, to be put into a row of the batch.
    std::string_view in(RecordBatch& batch, std::string_view part) const { return decoded ? batch.keep(part) : part; }
};

/// Calls `take` for every line with content, as for_each_line does.
template <class Take>
void for_each_text_line(const Part& part, Sink& sink, Take take) {
    auto raw = part.whole.text();
    if (part.base != 0 || !raw.starts_with(kUtf16Mark)) {
        for_each_line(part, sink, [&](const Line& line) {
            take(TextLine{line.text, line.offset, static_cast<std::uint32_t>(line.text.size()), line.number, false});
        });
        return;
    }
    std::uint32_t number = 0;
    std::uint64_t blank = 0;
    for (std::size_t at = kUtf16Mark.size(); at < raw.size();) {
        auto end = at;
        while (end + 1 < raw.size() && !(raw[end] == '\n' && raw[end + 1] == '\0')) end += 2;
        bool cut = end + 1 >= raw.size() && end < raw.size();  // half a character at the end of the file
        auto bytes = raw.substr(at, (cut ? raw.size() : end) - at);
        if (bytes.ends_with(std::string_view("\r\0", 2))) bytes.remove_suffix(2);
        TextLine line{
            {}, at, static_cast<std::uint32_t>(std::min<std::size_t>(bytes.size(), UINT32_MAX)), ++number, true};
        at = end + 2;
        if (bytes.size() > kLineLimit) {
            sink.bad({Fault::too_large, "line.limit", line.offset, kLineLimit, bytes.size()});
            continue;
        }
        if (cut) sink.damage({Fault::truncated, "line.utf16", raw.size(), 2, 1});
        auto text = from_utf16(bytes);
        line.text = text;
        if (trim(text).empty())
            ++blank;
        else
            take(line);
    }
    sink.directives(blank);
    sink.lines(number);
}

/// The start of a text as UTF-8, for `claim`.
inline std::string head_text(std::span<const std::byte> head) {
    auto raw = as_text(head);
    return raw.starts_with(kUtf16Mark) ? from_utf16(raw.substr(kUtf16Mark.size())) : std::string(raw);
}

}  // namespace ascribe

// A block of lines cut at their separators in one pass, for formats whose rows are mostly plain: those are taken as
// they lie, whatever else there is goes the careful way of LineWalk, one line at a time.
#pragma once

#include "parse/lines.hpp"
#include "parse/separators.hpp"

namespace ascribe {

struct CutLine {
    std::string_view text;  // without its line end
    std::uint32_t number;   // 1-based within the part
    std::size_t first;      // place of its first cell's end in the block's ends
    std::size_t cells;
};

class CutBlock {
public:
    /// The block that begins at `at` of the text.
    CutBlock(std::string_view text, std::size_t at, char separator)
        : text_(text),
          origin_(text.data() + at),
          found_(find_separators(text.substr(at, kSeparatorBlock), separator)),
          ends_(found_.ends.get()) {}

    bool has_lines() const { return found_.line_count > 0; }
    /// What ends count from.
    const char* origin() const { return origin_; }
    /// The ends, which may have been taken over.
    const std::uint32_t* ends() const { return ends_; }
    std::unique_ptr<std::uint32_t[]> take_ends() { return std::move(found_.ends); }

    std::string_view cell(const CutLine& line, std::size_t place) const {
        const char* begin = place == 0 ? line.text.data() : origin_ + ends_[line.first + place - 1] + 1;
        const char* end =
            place + 1 == line.cells ? line.text.data() + line.text.size() : origin_ + ends_[line.first + place];
        return {begin, static_cast<std::size_t>(end - begin)};
    }

    /// Offers every line with content that has no NUL and is no directive to `take`; those that it returns false for,
    /// and all others, are stepped. Ends early when `holds` no longer does: then the rest is to be cut another way.
    template <class Walk, class Take, class Holds>
    void walk(Walk& walk, Take take, Holds holds) const {
        std::size_t first = 0;
        for (std::size_t i = 0; i < found_.line_count && !walk.done() && holds(); ++i) {
            std::size_t last = found_.lines[i];
            auto end = static_cast<std::size_t>(origin_ - text_.data()) + ends_[last];
            auto line = text_.substr(walk.at(), end - walk.at());
            // The first bytes of an artefact may be a byte order mark.
            bool plain =
                !found_.has_nul && walk.at() > 0 && !line.empty() && line[0] != '#' && line.size() <= kLineLimit;
            if (line.ends_with('\r')) line.remove_suffix(1);
            // One that does not end the line is stray.
            plain = plain && (!found_.has_stray_return || line.find('\r') == std::string_view::npos);
            if (plain && take(CutLine{line, walk.next_number(), first, last - first + 1}))
                walk.pass(end);
            else
                walk.step();
            first = last + 1;
        }
    }

private:
    std::string_view text_;
    const char* origin_;
    Separators found_;
    const std::uint32_t* ends_;
};

}  // namespace ascribe

// A cursor over the words and quoted texts of an access log's line.
#pragma once

#include <algorithm>
#include <optional>
#include <string_view>

namespace ascribe {

class Rest {
public:
    Rest(std::string_view line, std::size_t at) : line_(line), at_(at) {}
    bool done() const { return at_ >= line_.size(); }
    bool is_quote() const { return !done() && line_[at_] == '"'; }
    std::size_t at() const { return at_; }
    std::string_view left() const { return line_.substr(std::min(at_, line_.size())); }
    void skip_space() {
        while (!done() && line_[at_] == ' ') ++at_;
    }
    std::string_view word() {
        skip_space();
        auto begin = std::min(at_, line_.size());
        at_ = std::min(line_.find(' ', begin), line_.size());
        return line_.substr(begin, at_ - begin);
    }
    /// The text between quotes; nothing when there is none or it never ends, and the cursor stays.
    std::optional<std::string_view> quoted() {
        return quoted_before([](std::string_view) { return true; });
    }
    /// The same, up to the first quote behind which a word stands that `fits`.
    template <class Fits>
    std::optional<std::string_view> quoted_before(Fits fits) {
        skip_space();
        if (done() || line_[at_] != '"') return {};
        for (auto end = line_.find('"', at_ + 1); end != std::string_view::npos; end = line_.find('"', end + 1)) {
            std::size_t slashes = 0;
            while (line_[end - 1 - slashes] == '\\') ++slashes;
            if (slashes % 2 == 1 || (end + 1 < line_.size() && line_[end + 1] != ' ')) continue;
            if (!fits(Rest(line_, end + 1).word())) continue;
            auto text = line_.substr(at_ + 1, end - at_ - 1);
            at_ = end + 1;
            return text;
        }
        return {};
    }

private:
    std::string_view line_;
    std::size_t at_;
};

}  // namespace ascribe

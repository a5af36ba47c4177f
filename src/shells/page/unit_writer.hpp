// Collects the code of a page by language. A unit is a copy of the page in which everything that is not its code is
// blank, so that whatever a front end says about offsets holds for the page.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "shells/page/islands.hpp"

namespace ascribe::shells {

class UnitWriter {
public:
    explicit UnitWriter(std::string_view page) : page_(page) {}

    /// Code of the page in [begin, end); the sign behind it, if any, becomes the end mark.
    void code(Language language, std::size_t begin, std::size_t end) {
        put(language, begin, page_.substr(begin, end - begin), end);
    }
    /// An expression whose value the page shows; `begin` must have a sign of the page before it for the mark.
    void echo(Language language, std::size_t begin, std::size_t end) {
        code(language, begin, end);
        if (begin > 0) mark_echo(language, begin - 1);
    }
    void mark_echo(Language language, std::size_t at) { unit(language)[at] = kEchoMark; }
    /// `text` instead of what stands in [begin, end); it must not be longer.
    void instead(Language language, std::size_t begin, std::size_t end, std::string_view text) {
        put(language, begin, text.substr(0, end - begin), end);
    }
    /// The page as a whole.
    void whole(Language language) { code(language, 0, page_.size()); }

    /// The units in the order in which their languages first appeared.
    std::vector<Unit> take() {
        std::vector<Unit> units;
        for (auto language : order_) {
            auto& [text, first, last] = slots_[static_cast<std::size_t>(language)];
            Span where{static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(last - first)};
            units.push_back({language, std::move(text), "", where});
        }
        return units;
    }
    std::vector<Span> islands;

private:
    struct Slot {
        std::string text;
        std::size_t first = 0, last = 0;
    };

    std::string& unit(Language language) {
        auto& slot = slots_[static_cast<std::size_t>(language)];
        if (slot.text.empty()) {
            slot.text.assign(page_.size(), ' ');
            slot.first = page_.size();
            order_.push_back(language);
        }
        return slot.text;
    }
    void put(Language language, std::size_t begin, std::string_view text, std::size_t end) {
        if (begin >= page_.size()) return;
        auto& unit_text = unit(language);
        std::ranges::transform(text, unit_text.begin() + static_cast<std::ptrdiff_t>(begin),
                               [](char c) { return c == kEchoMark || c == kEndMark || c == '\0' ? ' ' : c; });
        if (end < page_.size()) unit_text[end] = kEndMark;
        auto& slot = slots_[static_cast<std::size_t>(language)];
        slot.first = std::min(slot.first, begin);
        slot.last = std::max(slot.last, end);
        islands.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end - begin)});
    }

    std::string_view page_;
    std::array<Slot, static_cast<std::size_t>(Language::none)> slots_;
    std::vector<Language> order_;
};

/// Razor (.cshtml): code behind '@' between markup. https://learn.microsoft.com/aspnet/core/mvc/views/razor
void read_razor(std::string_view page, UnitWriter& units);

}  // namespace ascribe::shells

#include "detect/screen.hpp"

#include <algorithm>
#include <bit>

namespace ascribe {

Screen::Screen(std::span<const Detector> detectors, const Intel& intel) : intel_(intel) {
    int bits = 0;
    for (const Detector& detector : detectors) {
        bit_.push_back(detector.wants.empty() || bits == 64 ? -1 : bits++);
        if (bit_.back() < 0) continue;
        for (const Interest& interest : detector.wants) {
            auto& columns = columns_[interest.kind];
            auto at = std::ranges::find(columns, interest.column, &Column::column);
            if (at == columns.end()) at = columns.emplace(columns.end(), interest.column);
            at->wants.push_back({Wanted{1} << bit_.back(), interest.may});
        }
    }
}

Screen::Wanted Screen::judge(const Column& column, std::string_view text) const {
    Wanted wanted = 0;
    if (text.empty()) return wanted;
    for (const Want& want : column.wants)
        if ((wanted & want.detector) == 0 && want.may(text, intel_)) wanted |= want.detector;
    return wanted;
}

void Screen::look(const RecordBatch& batch) {
    for (auto& rows : rows_) rows.clear();
    auto columns = columns_.find(batch.kind());
    if (columns == columns_.end()) return;
    wanted_.assign(batch.size(), 0);
    for (Column& column : columns->second) {
        const Numbers& numbers = numbers_of(batch, column.column);
        auto judged = [&](std::string_view text) { return judge(column, text); };
        for (std::size_t i = 0; i < batch.size(); ++i)
            wanted_[i] |= column.known.get(numbers.texts(), numbers[i], judged);
    }
    for (std::uint32_t i = 0; i < batch.size(); ++i)
        for (auto all = wanted_[i]; all != 0; all &= all - 1)
            rows_[static_cast<std::size_t>(std::countr_zero(all))].push_back(i);
}

std::optional<std::span<const std::uint32_t>> Screen::rows(std::size_t detector) const {
    if (bit_[detector] < 0) return {};
    return rows_[static_cast<std::size_t>(bit_[detector])];
}

}  // namespace ascribe

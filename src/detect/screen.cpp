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
            Kind& kind = kinds_[interest.kind];
            auto at = std::ranges::find(kind.columns, interest.column) - kind.columns.begin();
            auto index = static_cast<std::size_t>(at);
            if (index == kind.columns.size()) {
                kind.columns.push_back(interest.column);
                kind.wants.emplace_back();
            }
            kind.wants[index].push_back({Wanted{1} << bit_.back(), interest.may});
        }
    }
}

Screen::Wanted Screen::judge(const Kind& kind, const Run& run, std::uint32_t number) const {
    Wanted wanted = 0;
    for (auto column : run.columns()) {
        auto at = std::ranges::find(kind.columns, column);
        auto text = run.text(number, column);
        if (at == kind.columns.end() || text.empty()) continue;
        for (const Want& want : kind.wants[static_cast<std::size_t>(at - kind.columns.begin())])
            if ((wanted & want.detector) == 0 && want.may(text, intel_)) wanted |= want.detector;
    }
    return wanted;
}

void Screen::look(const RecordBatch& batch) {
    for (auto& rows : rows_) rows.clear();
    auto found = kinds_.find(batch.kind());
    if (found == kinds_.end()) return;
    Kind& kind = found->second;
    wanted_.assign(batch.size(), 0);
    runs_of(batch, kind.columns, runs_);
    for (const Run* run : runs_)
        kind.known.each(
            *run, [&](std::size_t row) { return judge(kind, *run, (*run)[row]); },
            [to = wanted_.data()](std::size_t row, Wanted wanted) { to[row] |= wanted; });
    for (std::uint32_t i = 0; i < batch.size(); ++i)
        for (auto all = wanted_[i]; all != 0; all &= all - 1)
            rows_[static_cast<std::size_t>(std::countr_zero(all))].push_back(i);
}

std::optional<std::span<const std::uint32_t>> Screen::rows(std::size_t detector) const {
    if (bit_[detector] < 0) return {};
    return rows_[static_cast<std::size_t>(bit_[detector])];
}

}  // namespace ascribe

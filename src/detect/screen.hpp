// Which rows are worth a detector's look. A detector that judges row by row may say what a row must show before it can
// tell anything (Detector::wants). That is worked out once for each run of columns (numbers.hpp); a row that no text
// speaks for costs a read of an array a run and no judgement.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "detect/numbers.hpp"
#include "model/stage.hpp"

namespace ascribe {

class Screen {
public:
    /// Of the first 64 detectors that want something. Holds memory of texts: one serves one worker.
    Screen(std::span<const Detector> detectors, const Intel& intel);

    /// Looks through a batch.
    void look(const RecordBatch& batch);
    /// The rows of the last batch that the detector wants, ascending; nothing where it wants all of them.
    std::optional<std::span<const std::uint32_t>> rows(std::size_t detector) const;

private:
    using Wanted = std::uint64_t;  // a bit each detector
    struct Want {
        Wanted detector;
        bool (*may)(std::string_view text, const Intel&);
    };
    struct Kind {
        std::vector<std::size_t> columns;
        std::vector<std::vector<Want>> wants;  // by column in `columns`
        ByRun<Wanted> known;
    };

    Wanted judge(const Kind& kind, const Run& run, std::uint32_t number) const;

    const Intel& intel_;
    std::vector<int> bit_;  // by detector; -1: wants all
    std::map<RecordKind, Kind> kinds_;
    std::vector<const Run*> runs_;
    std::vector<Wanted> wanted_;  // by row
    std::array<std::vector<std::uint32_t>, 64> rows_;
};

}  // namespace ascribe

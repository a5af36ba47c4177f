// Which rows are worth a detector's look. A detector that judges row by row may say what a row must show before it can
// tell anything (Detector::wants). Texts of logs repeat, so that is worked out once for each text of a column and
// remembered; a row that no remembered text speaks for costs a few look-ups and no judgement.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "base/text_memo.hpp"
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
    struct Column {
        explicit Column(std::size_t of) : column(of) {}
        std::size_t column;
        std::vector<Want> wants;
        TextMemo<Wanted> known{kKnownTexts};
    };
    static constexpr std::size_t kKnownTexts = 1 << 13;  // a busy server's pages and agents; some hundred bytes each

    Wanted wanted(Column& column, std::string_view text);

    const Intel& intel_;
    std::vector<int> bit_;  // by detector; -1: wants all
    std::map<RecordKind, std::vector<Column>> columns_;
    std::array<std::vector<std::uint32_t>, 64> rows_;
};

}  // namespace ascribe

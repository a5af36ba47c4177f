// A request told by names: of a JSON object's values, of a CSV file's columns.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/result.hpp"
#include "model/record.hpp"
#include "parse/access_log/request_names.hpp"

namespace ascribe {

/// What was seen of one request: the first value of each use that says something.
struct NamedRequest {
    std::array<std::string_view, kRequestUses> texts;
    std::string_view at(RequestUse use) const { return texts[static_cast<std::size_t>(use)]; }
    bool take(RequestUse use, std::string_view text) {
        auto& place = texts[static_cast<std::size_t>(use)];
        if (!place.empty()) return place == text;
        place = text;
        return true;
    }
};

/// Puts what was seen into the cells of the batch's last row and returns the request's time. `log` is how it was told.
Result<Time> fill_request(const NamedRequest& seen, std::string_view log, RecordBatch& batch, std::span<Cell> row);

}  // namespace ascribe

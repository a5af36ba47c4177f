// Comma-separated lines as Exchange and PowerShell write them: quoted cells, doubled quotes inside.
#pragma once

#include <memory_resource>
#include <string_view>
#include <vector>

namespace ascribe {

inline constexpr std::size_t kCsvColumnLimit = 512;  // HttpProxy has 81; a line of commas alone must not eat memory

/// Splits one line. Cells point into `line`; only a cell with doubled quotes is copied, into `keep`. Returns the number of
/// cells there were, which may exceed kCsvColumnLimit (then `cells` holds the first ones).
template <class Keep> std::size_t split_csv(std::string_view line, std::vector<std::string_view>& cells, Keep keep) {
    cells.clear();
    std::size_t count = 0, at = 0;
    while (true) {
        std::string_view cell;
        if (at < line.size() && line[at] == '"') {
            std::size_t end = at + 1;
            bool doubled = false;
            while (end < line.size() && (line[end] != '"' || (end + 1 < line.size() && line[end + 1] == '"'))) {
                doubled = doubled || line[end] == '"';
                end += line[end] == '"' ? 2 : 1;
            }
            cell = line.substr(at + 1, std::min(end, line.size()) - at - 1);
            if (doubled) {
                std::string plain;
                for (std::size_t i = 0; i < cell.size(); ++i) {
                    plain += cell[i];
                    if (cell[i] == '"') ++i;
                }
                cell = keep(plain);
            }
            auto comma = line.find(',', std::min(end + 1, line.size()));
            at = comma == std::string_view::npos ? line.size() + 1 : comma + 1;
        } else {
            auto comma = line.find(',', std::min(at, line.size()));
            auto end = comma == std::string_view::npos ? line.size() : comma;
            cell = line.substr(std::min(at, line.size()), end - std::min(at, end));
            at = comma == std::string_view::npos ? line.size() + 1 : comma + 1;
        }
        if (count++ < kCsvColumnLimit) cells.push_back(cell);
        if (at > line.size()) return count;
    }
}

}  // namespace ascribe

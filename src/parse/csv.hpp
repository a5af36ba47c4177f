// Lines of cells as Exchange and PowerShell write them: quoted cells, doubled quotes inside, commas between them, or
// semicolons where an export followed the customs of a country that has commas in numbers (Export-Csv -UseCulture).
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace ascribe {

inline constexpr std::size_t kCsvColumnLimit = 512;  // HttpProxy has 81; a line of commas alone must not eat memory

/// The cells of one line. They point into it; only quotes doubled inside a quoted cell make a copy necessary.
struct CsvCells {
    std::vector<std::string_view> cells;
    std::vector<std::size_t> doubled;  // those with doubled quotes inside, still doubled
    std::size_t count = 0;             // all there were; `cells` holds at most kCsvColumnLimit
};

/// What stands between the names of a line of names.
inline char csv_separator(std::string_view names) {
    return names.find(',') == std::string_view::npos && names.find(';') != std::string_view::npos ? ';' : ',';
}

inline void split_csv(std::string_view line, CsvCells& out, char separator = ',') {
    out.cells.clear();
    out.doubled.clear();
    out.count = 0;
    for (std::size_t at = 0;;) {
        std::string_view cell;
        bool doubled = false;
        std::size_t comma = std::string_view::npos;
        if (at < line.size() && line[at] == '"') {
            auto end = at + 1;
            while ((end = std::min(line.find('"', end), line.size())) + 1 < line.size() && line[end + 1] == '"') {
                doubled = true;
                end += 2;
            }
            cell = line.substr(at + 1, end - at - 1);
            comma = line.find(separator, end);
        } else {
            comma = line.find(separator, at);
            cell = line.substr(at, comma == std::string_view::npos ? comma : comma - at);
        }
        if (out.count++ < kCsvColumnLimit) {
            if (doubled) out.doubled.push_back(out.cells.size());
            out.cells.push_back(cell);
        }
        if (comma == std::string_view::npos) return;
        at = comma + 1;
    }
}

/// A quoted cell's text with its doubled quotes made single.
inline std::string undoubled(std::string_view cell) {
    std::string text;
    for (std::size_t i = 0; i < cell.size(); ++i) {
        text += cell[i];
        if (cell[i] == '"' && i + 1 < cell.size() && cell[i + 1] == '"') ++i;
    }
    return text;
}

}  // namespace ascribe

// The header of the log is not there, so the shape of the row decides, as where a log was pasted without its header.
#include "parse/iis/lone_row.hpp"

#include <array>

#include "base/text.hpp"
#include "model/web_log.hpp"
#include "parse/iis/fields.hpp"

namespace ascribe {
namespace {

constexpr std::string_view kShape = "0000-00-00 00:00:00 ";  // any digits
constexpr std::size_t kTimesTried = 2;                       // the shipper's own may stand before the row's

bool is_time_at(std::string_view line, std::size_t at) {
    for (std::size_t i = 0; i < kShape.size(); ++i) {
        bool digit = line[at + i] >= '0' && line[at + i] <= '9';
        if (kShape[i] == '0' ? !digit : line[at + i] != kShape[i]) return false;
    }
    return true;
}

void fill(const W3cFields& fields, std::span<const std::string_view> cells, RecordBatch& batch, std::span<Cell> row) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const auto& [name, use, column] = fields.fields[i];
        if (cells[i].empty() || cells[i] == "-") continue;
        if (use == W3cField::Use::text) row[column] = cells[i];
        if (use == W3cField::Use::named) batch.add_field(name, cells[i]);
        if (use != W3cField::Use::number) continue;
        if (auto number = parse_number(cells[i])) row[column] = *number;
    }
}

}  // namespace

std::optional<Time> read_lone_iis_row(std::string_view line, RecordBatch& batch, std::span<Cell> row) {
    std::size_t tried = 0;
    for (std::size_t at = 0; at + kShape.size() <= line.size() && tried < kTimesTried; ++at) {
        if (line[at + 4] != '-' || !is_time_at(line, at)) continue;
        ++tried;
        auto text = line.substr(at);
        auto names = guess_w3c_row(text);
        auto time = parse_log_time(text.substr(0, kShape.size() - 1));
        if (!names || !time) continue;
        auto fields = read_w3c_fields(*names);
        std::array<std::string_view, kW3cColumnLimit> cells;
        auto count = split_w3c(text, cells.data(), cells.size());
        fill(fields, std::span(cells).first(count), batch, row);
        row[HttpRequest::log] = kIisExport;
        if (auto prefix = trim(line.substr(0, at)); !prefix.empty()) batch.add_field("prefix", prefix);
        return time;
    }
    return {};
}

}  // namespace ascribe

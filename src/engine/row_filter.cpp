#include "engine/row_filter.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace ascribe {
namespace {

bool says(const Condition& condition, const Cell& cell) {
    bool contains = condition.test == Condition::Test::contains;
    if (auto* text = std::get_if<std::string_view>(&cell))
        return contains ? contains_folded(*text, condition.value) : equals_folded(*text, condition.value);
    auto* number = std::get_if<std::int64_t>(&cell);
    if (number == nullptr) return !contains && condition.value.empty();
    return contains ? fmt::to_string(*number).find(condition.value) != std::string::npos : condition.number == *number;
}

bool any_says(const Condition& condition, const Row& row) {
    if (condition.column && says(condition, row.cells[*condition.column])) return true;
    return std::ranges::any_of(row.fields, [&](const Field& field) {
        return equals_folded(field.name, condition.field) && says(condition, field.value);
    });
}

/// A column is named without case and low lines.
bool names(std::string_view text, std::string_view column) {
    std::string plain(text), of_column(column);
    std::erase(plain, '_');
    std::erase(of_column, '_');
    return equals_folded(plain, of_column);
}

}  // namespace

bool Condition::is_named_in(const Row& row) const {
    return column || std::ranges::any_of(row.fields, [&](const Field& of) { return equals_folded(of.name, field); });
}

bool Condition::holds(const Row& row) const { return any_says(*this, row) != (test == Test::unequal); }

std::expected<Condition, std::string> read_condition(std::string_view text, RecordKind kind) {
    auto at = text.find_first_of("=~!");
    bool negated = at != std::string_view::npos && text[at] == '!';
    auto refuse = [&](std::string_view why) {
        return std::unexpected(
            fmt::format("--where '{}': {}; write FIELD=VALUE, FIELD!=VALUE or FIELD~PART", text, why));
    };
    if (at == std::string_view::npos) return refuse("there is no = or ~ in it");
    if (at == 0) return refuse("it names no field");
    if (negated && text.substr(at, 2) != "!=") return refuse("a ! without = behind it");
    Condition condition;
    condition.test = negated           ? Condition::Test::unequal
                     : text[at] == '~' ? Condition::Test::contains
                                       : Condition::Test::equal;
    condition.field = trim(text.substr(0, at));
    condition.value = text.substr(at + (negated ? 2 : 1));
    condition.number = parse_number(condition.value);
    auto columns = record_schemas()[static_cast<std::size_t>(kind)].columns;
    auto column =
        std::ranges::find_if(columns, [&](const ColumnSchema& of) { return names(condition.field, of.name); });
    if (column == columns.end()) return condition;
    condition.column = static_cast<std::size_t>(column - columns.begin());
    bool compared = condition.test != Condition::Test::contains && condition.field == column->name;
    if (compared && column->type == ColumnType::number && !condition.number && !condition.value.empty())
        return refuse(fmt::format("{} is a number", column->name));
    return condition;
}

bool RowFilter::wants(const Row& row) const {
    if ((from || until) && row.time == kNoTime) return false;
    if ((from && row.time < *from) || (until && row.time >= *until)) return false;
    return std::ranges::all_of(conditions, [&](const Condition& condition) { return condition.holds(row); });
}

}  // namespace ascribe

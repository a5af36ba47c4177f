// Which rows a user wants: --where FIELD=VALUE, --from, --to.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/record.hpp"

namespace ascribe {

/// One comparison. Text is compared without case, as Windows compares names; the field is a column of the kind (EventID
/// is event_id) or the name of a datum. Of several so named it is enough when one of the values is as asked.
struct Condition {
    enum class Test : std::uint8_t { equal, unequal, contains };
    Test test = Test::equal;
    std::string field, value;
    std::optional<std::size_t> column;
    std::optional<std::int64_t> number;  // the value, where it is one

    bool holds(const Row& row) const;
    /// Whether the row may have such a field at all: a column, or a datum it has.
    bool is_named_in(const Row& row) const;
};

/// "event_id=4624", "TargetUserName!=MAIL01$", "CommandLine~whoami". The error says what is wrong with it.
std::expected<Condition, std::string> read_condition(std::string_view text, RecordKind kind);

struct RowFilter {
    std::vector<Condition> conditions;  // all must hold
    std::optional<Time> from, until;    // from <= time < until; a row without a time is in no span
    bool wants(const Row& row) const;
};

}  // namespace ascribe

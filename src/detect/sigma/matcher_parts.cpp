// What parts of a row tell of the programs that may hold for it, asked before the row is read whole: see Sieve.
#include <algorithm>

#include "detect/sigma/matcher.hpp"

namespace ascribe::sigma {

std::span<const std::uint32_t> Matcher::may_hold(const Row& row, const Bucket& bucket,
                                                 std::span<const std::uint32_t> fields,
                                                 std::span<const std::size_t> columns, bool unanchored) {
    begin(row);
    candidates_.clear();
    if (unanchored) candidates_ = bucket.always;
    needed_ = &bucket.telling;
    remembers_ = columns.size() > 1;  // of one column, the answer is kept by its number
    for (const Bucket::Field& field : bucket.fields) {
        if (field.field == kKeyword)
            for (auto column : columns) look_in(bucket, field, add_value(text_of(row.cells[column])));
        else if (std::ranges::find(fields, field.field) != fields.end())
            for (auto value = first_value(field.field); value != kNone; value = values_[value].next)
                look_in(bucket, field, value);
    }
    needed_ = nullptr;
    // A rule that reads nothing else is judged at once; of others, only that they may hold is known.
    auto reads_more = [&](const Program& program) {
        return std::ranges::any_of(program.steps, [&](const Program::Step& step) {
            if (step.op != Program::Op::test) return false;
            const Atom& atom = rules_.atoms()[step.argument];
            return !atom.references.empty() || std::ranges::find(fields, atom.field) == fields.end();
        });
    };
    std::erase_if(candidates_, [&](auto candidate) {
        const Program& program = rules_.programs()[bucket.programs[candidate]];
        return !reads_more(program) && !run(program);
    });
    remembers_ = true;
    return candidates_;
}

std::span<const std::uint32_t> Matcher::may_hold(const Row& row, const Bucket& bucket, const Field& field) {
    begin(row);
    candidates_.clear();
    needed_ = &bucket.telling;
    remembers_ = false;
    auto name = name_of(field.name);
    auto value = add_value(text_of(field.value));
    for (const Bucket::Field& each : bucket.fields)
        if (each.field == kKeyword || each.field == name) look_in(bucket, each, value);
    needed_ = nullptr;
    remembers_ = true;
    return candidates_;
}

}  // namespace ascribe::sigma

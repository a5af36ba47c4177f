// What is one of a few constants, and what a condition says of data: that it is one of them. A list in a script that
// limits what a visitor may name is followed as a value: who is let through names one of the list, and no more.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "shells/machine/value.hpp"

namespace ascribe::shells {

/// Type of a text that is one of the constants in the List beside it.
inline constexpr std::string_view kOneOf = "#one_of";
/// Type of a condition that says so of data: with the Choice beside it.
inline constexpr std::string_view kChoice = "#choice";

/// Type of a name that begins with a constant, the Value beside it, and ends as data says.
inline constexpr std::string_view kBeginning = "#beginning";

struct Choice {
    std::string place;              // where the data lay when it was looked at
    const Trail* trail = nullptr;   // of that data
    std::shared_ptr<List> yes, no;  // the constants that it is one of when the condition holds, and when not; or null
};

/// Constants that a list holds, of a number that can be walked; null where it holds anything else.
std::shared_ptr<List> options_in(const Value& list);
/// Its keys, as texts.
std::shared_ptr<List> keys_in(const Value& list);
Value one_of(std::shared_ptr<List> options);
/// The constants that a value is one of; null when it is none of that kind.
const List* options_of(const Value& value);
/// What all of a few constants end in, those that are "" left out.
std::uint16_t ending_of_all(const List& options);
/// What may be either, where one is one of a few constants.
Value either(const Value& a, const Value& b);
/// Each of the one before each of the other; nothing where they are no constants, or too many.
std::optional<Value> options_concatenated(const Value& left, const Value& right);

/// How a name begins that data ends; "" where that is not known.
std::string_view beginning_of(const Value& name);
/// The same of a constant before data, where that may be a name; dotted: with dots, as names of types have them.
void begin_name(Value& name, const Value& left, bool dotted);

/// The choice of a condition; null when it is none.
const Choice* choice_of(const Value& condition);
void make_choice(Value& condition, Choice choice);
/// The opposite of what a condition says, or what two say together (`all`: when both hold).
void negate_choice(Value& condition, const Value& of);
void combine_choices(Value& condition, const Value& a, const Value& b, bool all);

/// Whether that is the data that was looked at, not what was stored in its place since.
bool is_same_data(const Trail* looked_at, const Value& value);

}  // namespace ascribe::shells

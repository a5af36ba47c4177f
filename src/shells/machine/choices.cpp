#include "shells/machine/choices.hpp"

#include <algorithm>
#include <cctype>

namespace ascribe::shells {
namespace {

constexpr std::size_t kMostOptions = 64, kLongestOption = 256;

bool is_constant(const Value& value) {
    bool scalar = value.kind == Kind::text || value.kind == Kind::number;
    return scalar && !value.tainted() && value.view.size() <= kLongestOption;
}

/// A constant, or one of a few, as a list; null when it is neither.
std::shared_ptr<List> as_options(const Value& value) {
    if (value.type() == kOneOf) return std::static_pointer_cast<List>(value.owner);
    if (!is_constant(value)) return nullptr;
    auto list = std::make_shared<List>();
    list->append(value);
    return list;
}

std::shared_ptr<List> united(const std::shared_ptr<List>& a, const std::shared_ptr<List>& b) {
    if (a == nullptr || b == nullptr || a->items.size() + b->items.size() > kMostOptions) return nullptr;
    auto all = std::make_shared<List>();
    for (const auto* list : {a.get(), b.get()})
        for (const auto& item : list->items) all->append(behind(item.value));
    return all;
}

}  // namespace

std::shared_ptr<List> options_in(const Value& list) {
    if (list.kind != Kind::list || list.list().rest.kind != Kind::nothing) return nullptr;
    const auto& items = list.list().items;
    auto fits = [](const Item& item) { return is_constant(behind(item.value)); };
    if (items.empty() || items.size() > kMostOptions || !std::ranges::all_of(items, fits)) return nullptr;
    return std::static_pointer_cast<List>(list.owner);
}

std::shared_ptr<List> keys_in(const Value& list) {
    if (list.kind != Kind::list || list.list().rest.kind != Kind::nothing) return nullptr;
    const auto& items = list.list().items;
    auto fits = [](const Item& item) { return is_constant(item.key); };
    if (items.empty() || items.size() > kMostOptions || !std::ranges::all_of(items, fits)) return nullptr;
    auto keys = std::make_shared<List>();
    for (const auto& item : items) keys->append(item.key);
    return keys;
}

Value one_of(std::shared_ptr<List> options) {
    auto value = Value::of_type(kOneOf);
    value.owner = std::move(options);
    return value;
}

const List* options_of(const Value& value) {
    return value.type() == kOneOf ? static_cast<const List*>(value.owner.get()) : nullptr;
}

std::uint16_t ending_of_all(const List& options) {
    auto all = flag::ending;
    for (const auto& option : options.items)
        if (option.value.kind == Kind::text && !option.value.view.empty()) all &= ending_of(option.value.view);
    return static_cast<std::uint16_t>(all == flag::ending ? 0 : all);
}

Value either(const Value& a, const Value& b) {
    if (auto all = united(as_options(a), as_options(b))) return one_of(std::move(all));
    if (b.kind == Kind::nothing) return a;
    if (a.kind == Kind::nothing) return b;
    auto other = a.type() == kOneOf ? b : a;
    if (other.type() == kOneOf || is_constant(other)) return Value::unknown();  // too many
    other.flags &= static_cast<std::uint16_t>(~flag::undefined);
    return other;
}

std::optional<Value> options_concatenated(const Value& left, const Value& right) {
    if (left.type() != kOneOf && right.type() != kOneOf) return std::nullopt;
    auto begins = as_options(left), ends = as_options(right);
    if (begins == nullptr || ends == nullptr || begins->items.size() * ends->items.size() > kMostOptions)
        return std::nullopt;
    auto all = std::make_shared<List>();
    for (const auto& begin : begins->items)
        for (const auto& end : ends->items) {
            auto first = text_of(behind(begin.value)), second = text_of(behind(end.value));
            if (!first || !second || first->size() + second->size() > kLongestOption) return std::nullopt;
            auto text = Value::text(*first + *second);
            taint(text, behind(begin.value));
            taint(text, behind(end.value));
            all->append(std::move(text));
        }
    return one_of(std::move(all));
}

std::string_view beginning_of(const Value& name) {
    return name.type() == kBeginning ? static_cast<const Value*>(name.owner.get())->view : std::string_view{};
}

void begin_name(Value& name, const Value& left, bool dotted) {
    if (!name.tainted() || name.kind != Kind::unknown || !name.view.empty()) return;
    if (left.type() == kBeginning) {
        name.view = kBeginning;
        name.owner = left.owner;
        return;
    }
    bool begins =
        left.kind == Kind::text && !left.tainted() && !left.view.empty() && left.view.size() <= kLongestOption;
    auto in_name = [dotted](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (dotted && c == '.');
    };
    if (!begins || !std::ranges::all_of(left.view, in_name)) return;
    name.view = kBeginning;
    name.owner = std::make_shared<Value>(left);
}

const Choice* choice_of(const Value& condition) {
    return condition.type() == kChoice ? static_cast<const Choice*>(condition.owner.get()) : nullptr;
}

void make_choice(Value& condition, Choice choice) {
    if (condition.kind != Kind::unknown || (choice.yes == nullptr && choice.no == nullptr)) return;
    condition.view = kChoice;
    condition.owner = std::make_shared<Choice>(std::move(choice));
}

void negate_choice(Value& condition, const Value& of) {
    if (const auto* choice = choice_of(of))
        make_choice(condition, {choice->place, choice->trail, choice->no, choice->yes});
}

void combine_choices(Value& condition, const Value& a, const Value& b, bool all) {
    const auto *first = choice_of(a), *second = choice_of(b);
    if (first == nullptr) std::swap(first, second);
    if (first == nullptr) return;
    bool same = second != nullptr && second->place == first->place;
    // Where both hold, so does each; where one of two does not, it is in one of two lists.
    auto each = [&](auto which) {
        if (first->*which != nullptr || !same) return first->*which;
        return second->*which;
    };
    auto any = [&](auto which) { return same ? united(first->*which, second->*which) : nullptr; };
    Choice choice{first->place, first->trail, nullptr, nullptr};
    choice.yes = all ? each(&Choice::yes) : any(&Choice::yes);
    choice.no = all ? any(&Choice::no) : each(&Choice::no);
    if (condition.type() == kChoice) condition.view = {};
    make_choice(condition, std::move(choice));
}

bool is_same_data(const Trail* looked_at, const Value& value) {
    if (value.trail == looked_at) return true;
    if (looked_at == nullptr || value.trail == nullptr) return false;
    bool read_anew = looked_at->before == nullptr && value.trail->before == nullptr;
    return read_anew && looked_at->what == value.trail->what;
}

}  // namespace ascribe::shells

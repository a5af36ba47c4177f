// PHP's functions on arrays, computed when their arguments are constants, and those that call back.
// https://www.php.net/manual/en/ref.array.php
#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "shells/library/php.hpp"
#include "shells/machine/call.hpp"

namespace ascribe::shells {
namespace {

constexpr std::size_t kMostItems = 200000;

std::shared_ptr<List> copy(const List& list) { return std::make_shared<List>(list); }

/// A list of which all items are known; else nothing.
const List* whole(Call& call, std::size_t i) {
    const auto* list = call.list(i);
    if (list == nullptr || list->rest.kind != Kind::nothing || !call.machine.charge(1 + list->items.size() / 4))
        return nullptr;
    return list;
}

bool array_map(Call& call) {
    if (call.size() < 2) return false;
    const auto* list = whole(call, 1);
    if (list == nullptr) {  // of numbers that were read out of data nothing but these
        auto any = summary(call.arguments[1]);
        if (!any.tainted() || call.size() > 2) return false;
        auto each = call.machine.call_back(call.arguments[0], {any}, call.span);
        return each.type() == kNumber && call.give(std::move(each));
    }
    if (list->items.size() > 20000) return false;
    if (call.arguments[0].kind == Kind::nothing) return false;
    auto out = std::make_shared<List>();
    for (std::size_t i = 0; i < list->items.size(); ++i) {
        std::vector<Value> given{behind(list->items[i].value)};
        for (std::size_t more = 2; more < call.size(); ++more) {
            const auto* other = call.list(more);
            given.push_back(other != nullptr && i < other->items.size() ? behind(other->items[i].value) : Value());
        }
        auto result = call.machine.call_back(call.arguments[0], std::move(given), call.span);
        if (call.machine.over()) return false;
        if (list->items[i].key.kind == Kind::text)
            out->at(list->items[i].key) = std::move(result);
        else
            out->append(std::move(result));
    }
    return call.give(std::move(out));
}

bool array_walk(Call& call) {
    if (call.size() < 2) return false;
    const auto* list = whole(call, 0);
    if (list == nullptr || list->items.size() > 20000) {
        auto any = summary(call.arguments[0]);
        if (!any.tainted()) return false;
        call.machine.call_back(call.arguments[1], {any, any}, call.span);  // value and key
        return call.give_truth(true);
    }
    auto items = copy(*list);
    for (const auto& item : items->items) {
        std::vector<Value> given{behind(item.value), item.key};
        if (call.size() > 2) given.push_back(call.arguments[2]);
        call.machine.call_back(call.arguments[1], std::move(given), call.span);
        if (call.machine.over()) return false;
    }
    return call.give_truth(true);
}

/// What a filter that lets `data` through says of it: that it is one of a few constants, or nothing more.
Value let_through(const Value& data, const Value& keep) {
    const auto* choice = choice_of(keep);
    bool told = choice != nullptr && choice->yes != nullptr && is_same_data(choice->trail, data);
    return told ? one_of(choice->yes) : data;
}

bool array_filter(Call& call) {
    auto mode = call.number(2, 0);
    const auto* list = whole(call, 0);
    if (list == nullptr || list->items.size() > 20000) {
        auto any = summary(call.arguments[0]);
        if (!any.tainted() || call.size() < 2 || mode != 0) return false;
        auto kept = let_through(any, call.machine.call_back(call.arguments[1], {any}, call.span));
        if (options_of(kept) == nullptr) {
            call.machine.note(kept, call.name, call.span);
            return call.give(std::move(kept));
        }
        auto out = std::make_shared<List>();
        out->rest = std::move(kept);
        return call.give(std::move(out));
    }
    auto out = std::make_shared<List>();
    for (const auto& item : list->items) {
        auto keep = behind(item.value);
        if (call.size() > 1) {
            std::vector<Value> given;
            if (mode == 2)
                given = {item.key};
            else if (mode == 1)
                given = {behind(item.value), item.key};
            else
                given = {behind(item.value)};
            keep = call.machine.call_back(call.arguments[1], std::move(given), call.span);
        }
        if (truth_of(keep).value_or(true))
            out->at(item.key) = mode == 0 ? let_through(behind(item.value), keep) : item.value;
    }
    return call.give(std::move(out));
}

bool array_reduce(Call& call) {
    const auto* list = whole(call, 0);
    if (list == nullptr || call.size() < 2 || list->items.size() > 20000) return false;
    auto result = call.size() > 2 ? call.arguments[2] : Value();
    auto items = copy(*list);
    for (const auto& item : items->items)
        result = call.machine.call_back(call.arguments[1], {result, behind(item.value)}, call.span);
    return call.give(std::move(result));
}

/// usort and the like: the callback sees the first two items, once each way round.
bool sort_by(Call& call) {
    // usort(...$_GET): the function that compares is an item of it too.
    if (call.size() == 1 && summary(call.arguments[0]).tainted())
        call.machine.flow(Capability::code, summary(call.arguments[0]), call.name, call.span);
    if (call.size() < 2) return false;
    const auto* list = call.list(0);
    auto a = list != nullptr && !list->items.empty() ? behind(list->items[0].value) : summary(call.arguments[0]);
    auto b = list != nullptr && list->items.size() > 1 ? behind(list->items[1].value) : a;
    if (call.name == "uksort" && list != nullptr && list->items.size() > 1) {
        a = list->items[0].key;
        b = list->items[1].key;
    }
    call.machine.call_back(call.arguments[1], {a, b}, call.span);
    return call.give_truth(true);
}

bool call_user_func(Call& call) {
    if (call.size() == 0) return false;
    std::vector<Value> given(call.arguments.begin() + 1, call.arguments.end());
    return call.give(call.machine.call_back(call.arguments[0], std::move(given), call.span));
}
bool call_user_func_array(Call& call) {
    if (call.size() < 2) return false;
    std::vector<Value> given;
    if (const auto* list = call.list(1)) {
        for (std::size_t i = 0; i < std::min<std::size_t>(list->items.size(), 256); ++i)
            given.push_back(behind(list->items[i].value));
    } else {
        given.push_back(call.arguments[1]);
    }
    return call.give(call.machine.call_back(call.arguments[0], std::move(given), call.span));
}

/// Under its name, or, where it has a number only, behind the others: as PHP renumbers.
void put(List& to, const auto& item) {
    if (item.key.kind == Kind::text)
        to.at(item.key) = item.value;
    else
        to.append(item.value);
}

bool array_merge(Call& call) {
    auto out = std::make_shared<List>();
    for (std::size_t i = 0; i < call.size(); ++i) {
        const auto* list = whole(call, i);
        if (list == nullptr || out->items.size() + list->items.size() > kMostItems) return false;
        if (out->items.empty()) {
            out = copy(*list);
            if (!out->dense) out->renumber(true);
            continue;
        }
        for (const auto& item : list->items) put(*out, item);
    }
    return call.give(std::move(out));
}

bool array_keys(Call& call) {
    const auto* list = whole(call, 0);
    if (list == nullptr || call.size() > 1) return false;
    auto out = std::make_shared<List>();
    for (const auto& item : list->items) out->append(item.key);
    return call.give(std::move(out));
}
bool array_values(Call& call) {
    const auto* list = whole(call, 0);
    if (list == nullptr) return false;
    auto out = std::make_shared<List>();
    for (const auto& item : list->items) out->append(item.value);
    return call.give(std::move(out));
}
bool array_flip(Call& call) {
    const auto* list = whole(call, 0);
    if (list == nullptr) return false;
    auto out = std::make_shared<List>();
    for (const auto& item : list->items) out->at(key_of(behind(item.value))) = item.key;
    return call.give(std::move(out));
}
bool array_reverse(Call& call) {
    const auto* list = whole(call, 0);
    if (list == nullptr) return false;
    bool keep = call.size() > 1 && truth_of(call.arguments[1]).value_or(false);
    auto out = std::make_shared<List>();
    for (auto item = list->items.rbegin(); item != list->items.rend(); ++item) {
        if (keep || item->key.kind == Kind::text)
            out->at(item->key) = item->value;
        else
            out->append(item->value);
    }
    return call.give(std::move(out));
}
bool array_combine(Call& call) {
    const auto *keys = whole(call, 0), *values = whole(call, 1);
    if (keys == nullptr || values == nullptr || keys->items.size() != values->items.size()) return false;
    auto out = std::make_shared<List>();
    for (std::size_t i = 0; i < keys->items.size(); ++i)
        out->at(key_of(behind(keys->items[i].value))) = values->items[i].value;
    return call.give(std::move(out));
}
bool array_slice(Call& call) {
    const auto* list = whole(call, 0);
    auto start = call.number(1);
    if (list == nullptr || !start) return false;
    auto size = static_cast<double>(list->items.size());
    double from = *start < 0 ? std::max(0.0, size + *start) : std::min(*start, size);
    double count = call.number(2).value_or(size);
    if (call.size() > 2 && call.arguments[2].kind == Kind::nothing) count = size;
    if (count < 0) count = std::max(0.0, size - from + count);
    auto out = std::make_shared<List>();
    for (auto i = static_cast<std::size_t>(from); i < list->items.size() && static_cast<double>(i) < from + count;
         ++i) {
        put(*out, list->items[i]);
    }
    return call.give(std::move(out));
}
bool range_call(Call& call) {
    auto first = call.text(0), last = call.text(1);
    if (!first || !last) return false;
    auto out = std::make_shared<List>();
    auto digits = [](std::string_view text) {
        return !text.empty() && text.find_first_not_of("-.0123456789") == std::string_view::npos;
    };
    if (first->size() == 1 && last->size() == 1 && !(digits(*first) && digits(*last))) {
        auto a = static_cast<unsigned char>((*first)[0]), b = static_cast<unsigned char>((*last)[0]);
        for (int c = a; a <= b ? c <= b : c >= b; c += a <= b ? 1 : -1)
            out->append(Value::text(std::string(1, static_cast<char>(c))));
        return call.give(std::move(out));
    }
    double a = leading_number(*first), b = leading_number(*last), by = std::abs(call.number(2, 1));
    if (by == 0 || !(std::abs(b - a) / by <= static_cast<double>(kMostItems))) return false;
    // Counted, since a large number and one more than it may be the same.
    auto count = static_cast<std::size_t>(std::abs(b - a) / by) + 1;
    for (std::size_t i = 0; i < count; ++i)
        out->append(Value::of_number(a + (a <= b ? by : -by) * static_cast<double>(i)));
    return call.give(std::move(out));
}
bool array_fill(Call& call) {
    auto first = call.number(0), count = call.number(1);
    if (!first || !count || *count < 0 || *count > 100000 || call.size() < 3) return false;
    auto out = std::make_shared<List>();
    for (int i = 0; i < static_cast<int>(*count); ++i) out->at(Value::of_number(*first + i)) = call.arguments[2];
    return call.give(std::move(out));
}
bool count_call(Call& call) {
    const auto* list = whole(call, 0);
    return list != nullptr && call.give(static_cast<double>(list->items.size()));
}
/// iterator_apply(iterator, function, [arguments])
bool iterator_apply(Call& call) {
    const auto* list = call.list(2);
    if (list == nullptr) return false;
    std::vector<Value> given;
    for (const auto& item : list->items) given.push_back(item.value);
    call.machine.call_back(call.arguments[1], std::move(given), call.span);
    return call.give(1.0);
}
template <bool first>
bool end_of(Call& call) {  // current, reset; end
    const auto* list = whole(call, 0);
    if (list == nullptr) return false;
    if (list->items.empty()) return call.give_truth(false);
    return call.give(behind((first ? list->items.front() : list->items.back()).value));
}
bool last_key(Call& call) {
    const auto* list = whole(call, 0);
    if (list == nullptr || list->items.empty()) return false;
    return call.give(list->items.back().key);
}
bool key_call(Call& call) {
    const auto* list = whole(call, 0);
    if (list == nullptr || list->items.empty()) return false;
    return call.give(list->items.front().key);
}
template <bool first>
bool take_off(Call& call) {  // array_shift, array_pop
    const auto* list = whole(call, 0);
    if (list == nullptr) return false;
    if (list->items.empty()) return call.give(Value());
    if (!call.machine.charge(list->items.size())) return false;
    auto rest = copy(*list);
    auto value = behind((first ? rest->items.front() : rest->items.back()).value);
    if (first)
        rest->items.erase(rest->items.begin());
    else
        rest->items.pop_back();
    rest->renumber(true);
    call.set(0, Value::of_list(std::move(rest)));
    return call.give(std::move(value));
}
bool array_push(Call& call) {
    const auto* list = whole(call, 0);
    if (list == nullptr || !call.machine.charge(list->items.size() / 4)) return false;
    auto all = copy(*list);
    for (std::size_t i = 1; i < call.size(); ++i) all->append(call.arguments[i]);
    auto size = static_cast<double>(all->items.size());
    call.set(0, Value::of_list(std::move(all)));
    return call.give(size);
}
bool array_unshift(Call& call) {
    const auto* list = whole(call, 0);
    if (list == nullptr || !call.machine.charge(list->items.size())) return false;
    auto all = std::make_shared<List>();
    for (std::size_t i = 1; i < call.size(); ++i) all->append(call.arguments[i]);
    for (const auto& item : list->items) {
        if (item.key.kind == Kind::text)
            all->at(item.key) = item.value;
        else
            all->append(item.value);
    }
    auto size = static_cast<double>(all->items.size());
    call.set(0, Value::of_list(std::move(all)));
    return call.give(size);
}
template <int mode>  // 1: by value, 2: by key; 4: downwards
bool sorted(Call& call) {
    const auto* list = whole(call, 0);
    if (list == nullptr || list->items.size() > 20000 || !call.machine.charge(list->items.size() * 2)) return false;
    auto all = copy(*list);
    auto text = [](const Item& item) {
        return (mode & 2) != 0 ? key_text(item.key) : text_of(behind(item.value)).value_or("");
    };
    auto number = [](const Item& item) { return (mode & 2) != 0 ? item.key : behind(item.value); };
    std::stable_sort(all->items.begin(), all->items.end(), [&](const Item& a, const Item& b) {
        const Item& x = (mode & 4) != 0 ? b : a;
        const Item& y = (mode & 4) != 0 ? a : b;
        if (number(x).kind == Kind::number && number(y).kind == Kind::number)
            return number(x).number < number(y).number;
        return text(x) < text(y);
    });
    auto out = std::make_shared<List>();
    for (const auto& item : all->items) {
        if ((mode & 2) != 0)
            out->at(item.key) = item.value;
        else
            out->append(item.value);
    }
    all = std::move(out);
    call.set(0, Value::of_list(std::move(all)));
    return call.give_truth(true);
}
bool compact(Call& call) {
    auto out = std::make_shared<List>();
    for (std::size_t i = 0; i < call.size(); ++i) {
        auto name = call.text(i);
        if (!name) return false;
        if (auto* slot = call.machine.variable(*name)) out->at(call.arguments[i]) = behind(*slot);
    }
    return call.give(std::move(out));
}
bool number_one(Call& call, double (*compute)(double)) {
    auto number = call.number(0);
    return number && !call.arguments[0].tainted() && call.give(compute(*number));
}
bool floor_call(Call& call) {
    return number_one(call, [](double n) { return std::floor(n); });
}
bool ceil_call(Call& call) {
    return number_one(call, [](double n) { return std::ceil(n); });
}
bool round_call(Call& call) {
    return number_one(call, [](double n) { return std::round(n); });
}
bool abs_call(Call& call) {
    return number_one(call, [](double n) { return std::abs(n); });
}
bool sqrt_call(Call& call) {
    return number_one(call, [](double n) { return n < 0 ? 0 : std::sqrt(n); });
}
bool int_call(Call& call) {
    auto number = call.number(0);
    if (!number || call.arguments[0].tainted()) return false;
    if (call.size() > 1) {
        auto text = call.text(0);
        auto base = call.number(1);
        if (!text || !base || *base < 2 || *base > 36) return false;
        double value = 0;
        for (char c : *text) {
            int digit = c >= '0' && c <= '9' ? c - '0' : lower(c) >= 'a' && lower(c) <= 'z' ? lower(c) - 'a' + 10 : 99;
            if (digit >= *base) continue;
            value = value * *base + digit;
        }
        return call.give(value);
    }
    return call.give(std::trunc(*number));
}
bool intdiv_call(Call& call) {
    auto a = call.number(0), b = call.number(1);
    return a && b && std::trunc(*b) != 0 && call.give(std::trunc(*a / *b));
}
bool pow_call(Call& call) {
    auto a = call.number(0), b = call.number(1);
    if (!a || !b) return false;
    auto power = std::pow(*a, *b);
    return std::isfinite(power) && call.give(power);
}
template <bool least>
bool extreme(Call& call) {
    const auto* list = whole(call, 0);
    std::optional<double> best;
    auto look = [&](const Value& value) {
        auto number = value.is_scalar() && !value.tainted() ? number_of(value) : std::nullopt;
        if (!number) return false;
        if (!best || (least ? *number < *best : *number > *best)) best = number;
        return true;
    };
    if (list != nullptr) {
        for (const auto& item : list->items)
            if (!look(behind(item.value))) return false;
    } else {
        for (const auto& argument : call.arguments)
            if (!look(argument)) return false;
    }
    return best && call.give(*best);
}

constexpr Entry kTable[] = {
    {.name = "array_map", .calls = kFirst, .evaluate = array_map},
    {.name = "array_walk", .calls = kSecond, .evaluate = array_walk},
    {.name = "array_walk_recursive", .calls = kSecond, .evaluate = array_walk},
    {.name = "array_filter", .calls = kSecond, .evaluate = array_filter},
    {.name = "array_reduce", .calls = kSecond, .evaluate = array_reduce},
    {.name = "usort", .calls = kSecond, .evaluate = sort_by},
    {.name = "uasort", .calls = kSecond, .evaluate = sort_by},
    {.name = "uksort", .calls = kSecond, .evaluate = sort_by},
    {.name = "array_udiff", .calls = kThird},
    {.name = "array_udiff_assoc", .calls = kThird},
    {.name = "array_udiff_uassoc", .calls = kThird | kFourth},
    {.name = "array_uintersect", .calls = kThird},
    {.name = "array_uintersect_assoc", .calls = kThird},
    {.name = "array_uintersect_uassoc", .calls = kThird | kFourth},
    {.name = "array_diff_ukey", .calls = kThird},
    {.name = "array_diff_uassoc", .calls = kThird},
    {.name = "array_intersect_ukey", .calls = kThird},
    {.name = "array_intersect_uassoc", .calls = kThird},
    {.name = "call_user_func", .evaluate = call_user_func, .glances = true},
    {.name = "call_user_method", .evaluate = call_user_func, .glances = true},
    {.name = "forward_static_call", .evaluate = call_user_func, .glances = true},
    {.name = "call_user_func_array", .evaluate = call_user_func_array, .glances = true},
    {.name = "forward_static_call_array", .evaluate = call_user_func_array, .glances = true},
    {.name = "register_shutdown_function", .evaluate = call_user_func, .glances = true},
    {.name = "register_tick_function", .evaluate = call_user_func, .glances = true},
    {.name = "iterator_apply", .calls = kSecond, .evaluate = iterator_apply, .glances = true},
    {.name = "array_merge", .evaluate = array_merge},
    {.name = "array_keys", .evaluate = array_keys},
    {.name = "array_values", .evaluate = array_values},
    {.name = "array_flip", .evaluate = array_flip},
    {.name = "array_reverse", .evaluate = array_reverse},
    {.name = "array_combine", .evaluate = array_combine},
    {.name = "array_slice", .evaluate = array_slice},
    {.name = "range", .result = Result::cleans, .evaluate = range_call},
    {.name = "array_fill", .evaluate = array_fill},
    {.name = "count", .result = Result::cleans, .evaluate = count_call, .glances = true},
    {.name = "sizeof", .result = Result::cleans, .evaluate = count_call, .glances = true},
    {.name = "current", .evaluate = end_of<true>, .glances = true},
    {.name = "pos", .evaluate = end_of<true>, .glances = true},
    {.name = "reset", .evaluate = end_of<true>, .glances = true},
    {.name = "end", .evaluate = end_of<false>, .glances = true},
    {.name = "next"},
    {.name = "each"},
    {.name = "key", .evaluate = key_call, .glances = true},
    {.name = "array_key_first", .evaluate = key_call, .glances = true},
    {.name = "array_key_last", .evaluate = last_key, .glances = true},
    {.name = "array_shift", .evaluate = take_off<true>, .glances = true},
    {.name = "array_pop", .evaluate = take_off<false>, .glances = true},
    {.name = "array_push", .fills = kFirst, .evaluate = array_push, .glances = true},
    {.name = "array_unshift", .fills = kFirst, .evaluate = array_unshift, .glances = true},
    {.name = "sort", .evaluate = sorted<1>},
    {.name = "rsort", .evaluate = sorted<5>},
    {.name = "ksort", .evaluate = sorted<2>},
    {.name = "krsort", .evaluate = sorted<6>},
    {.name = "compact", .evaluate = compact},
    {.name = "floor", .result = Result::cleans, .evaluate = floor_call},
    {.name = "ceil", .result = Result::cleans, .evaluate = ceil_call},
    {.name = "round", .result = Result::cleans, .evaluate = round_call},
    {.name = "abs", .result = Result::cleans, .evaluate = abs_call},
    {.name = "sqrt", .result = Result::cleans, .evaluate = sqrt_call},
    {.name = "gettype", .result = Result::cleans},
    {.name = "intval", .result = Result::numbers, .evaluate = int_call},
    {.name = "floatval", .result = Result::cleans, .evaluate = int_call},
    {.name = "intdiv", .result = Result::cleans, .evaluate = intdiv_call},
    {.name = "pow", .result = Result::cleans, .evaluate = pow_call},
    {.name = "min", .result = Result::cleans, .evaluate = extreme<true>},
    {.name = "max", .result = Result::cleans, .evaluate = extreme<false>},
    {.name = "array_sum", .result = Result::cleans},
    {.name = "rand", .result = Result::cleans},
    {.name = "mt_rand", .result = Result::cleans},
    {.name = "time", .result = Result::cleans},
    {.name = "microtime", .result = Result::cleans},
    {.name = "uniqid", .result = Result::cleans},
};

}  // namespace

const std::span<const Entry> kPhpArrays = kTable;

}  // namespace ascribe::shells

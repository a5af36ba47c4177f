// PHP's generators, collections and kept output: values that come one by one.
// https://www.php.net/manual/en/language.generators.php https://www.php.net/manual/en/spl.datastructures.php
// https://www.php.net/manual/en/book.outcontrol.php
#include "shells/library/php.hpp"
#include "shells/machine/call.hpp"

namespace ascribe::shells {
namespace {

bool same(Call& call) { return call.size() > 0 && call.give(call.arguments[0]); }

/// A new collection is a list: of what it is made of, or an empty one.
bool collection(Call& call) {
    if (call.size() > 0 && call.arguments[0].kind == Kind::list) return same(call);
    return call.give(std::make_shared<List>());
}

/// The list that a method is called on, when all of it is known.
List* whole(Call& call) {
    if (call.object == nullptr || call.object->kind != Kind::list) return nullptr;
    auto& list = call.object->list();
    if (list.rest.kind != Kind::nothing || !call.machine.charge(1 + list.items.size() / 4)) return nullptr;
    return &list;
}

template <bool first>
bool look_at(Call& call) {
    const auto* list = whole(call);
    if (list == nullptr || list->items.empty()) return false;
    return call.give(behind((first ? list->items.front() : list->items.back()).value));
}
bool first_key(Call& call) {
    const auto* list = whole(call);
    return list != nullptr && !list->items.empty() && call.give(list->items.front().key);
}
template <bool first>
bool take(Call& call) {
    const auto* list = whole(call);
    if (list == nullptr || list->items.empty()) return false;
    auto rest = std::make_shared<List>(*list);
    auto value = behind((first ? rest->items.front() : rest->items.back()).value);
    if (first)
        rest->items.erase(rest->items.begin());
    else
        rest->items.pop_back();
    rest->renumber(true);
    call.set_object(Value::of_list(std::move(rest)));
    return call.give(std::move(value));
}
bool put(Call& call) {
    const auto* list = whole(call);
    if (list == nullptr || call.size() == 0) return false;
    auto more = std::make_shared<List>(*list);
    if (!call.machine.charge_bytes(more->items.size() * sizeof(Item))) return false;
    more->append(call.arguments[0]);
    call.set_object(Value::of_list(std::move(more)));
    return call.give_truth(true);
}
bool element(Call& call) {
    auto* list = whole(call);
    const auto* found = list == nullptr || call.size() == 0 || call.arguments[0].tainted()
                            ? nullptr
                            : list->find(key_of(call.arguments[0]));
    return found != nullptr && call.give(behind(*found));
}
bool itself(Call& call) { return call.object != nullptr && call.object->kind == Kind::list && call.give(*call.object); }

bool yield(Call& call) {
    if (call.size() == 0) return false;
    call.machine.yield(call.arguments[0]);
    return call.give(Value::unknown());  // what the caller sends
}
bool yield_pair(Call& call) {  // yield key => value
    if (call.size() < 2) return false;
    call.machine.yield(call.arguments[1], call.arguments[0]);
    return call.give(Value::unknown());
}
bool yield_from(Call& call) {
    if (call.size() == 0) return false;
    call.machine.yield_all(call.arguments[0]);
    return call.give(Value::unknown());
}

/// [object, "method"]
bool callable(Call& call) {
    auto pair = std::make_shared<List>();
    for (const auto& part : call.arguments) pair->append(part);
    return call.give(std::move(pair));
}

/// value |> function. https://www.php.net/manual/en/language.operators.functional.php
bool pipe(Call& call) {
    return call.size() == 2 && call.give(call.machine.call_back(call.arguments[1], {call.arguments[0]}, call.span));
}

bool print(Call& call) {
    if (call.size() > 0) call.machine.echo(call.arguments[0], call.span);
    return call.give(1.0);
}
template <bool ends>
bool kept(Call& call) {
    return call.give(call.machine.kept_output(ends));
}
bool end_output(Call& call) {
    call.machine.kept_output(true);
    return call.give_truth(true);
}

/// MultipleIterator.attachIterator(iterator, name): the rows of all of them, side by side.
bool attach(Call& call) {
    const auto* rows = whole(call);
    const auto* column = call.list(0);
    if (rows == nullptr || column == nullptr || column->rest.kind != Kind::nothing) return false;
    if (!call.machine.charge(1 + rows->items.size() + column->items.size())) return false;
    if (!call.machine.charge_bytes(column->items.size() * (sizeof(List) + sizeof(Item)))) return false;
    auto made = std::make_shared<List>();
    for (std::size_t i = 0; i < column->items.size(); ++i) {
        auto row = std::make_shared<List>();
        const auto* had = i < rows->items.size() ? &behind(rows->items[i].value) : nullptr;
        if (had != nullptr && had->kind == Kind::list) row = std::make_shared<List>(had->list());
        if (call.size() > 1 && call.arguments[1].kind == Kind::text)
            row->at(call.arguments[1]) = behind(column->items[i].value);
        else
            row->append(behind(column->items[i].value));
        made->append(Value::of_list(std::move(row)));
    }
    call.set_object(Value::of_list(std::move(made)));
    return call.give_truth(true);
}
bool empty(Call& call) { return call.give(std::make_shared<List>()); }

constexpr Entry kTable[] = {
    {.name = "#yield", .evaluate = yield, .glances = true},
    {.name = "#yield_pair", .evaluate = yield_pair, .glances = true},
    {.name = "#yield_from", .evaluate = yield_from, .glances = true},
    {.name = "#callable", .evaluate = callable, .glances = true},
    {.name = "#pipe", .evaluate = pipe, .glances = true},
    {.name = "print", .result = Result::cleans, .evaluate = print, .glances = true},
    {.name = "ob_get_clean", .evaluate = kept<true>},
    {.name = "ob_get_flush", .evaluate = kept<true>},
    {.name = "ob_get_contents", .evaluate = kept<false>},
    {.name = "ob_end_clean", .result = Result::cleans, .evaluate = end_output},
    {.name = "ob_end_flush", .result = Result::cleans, .evaluate = end_output},
    {.name = "iterator_to_array", .evaluate = same},
    {.name = "arrayiterator", .evaluate = same},
    {.name = "new ArrayIterator", .evaluate = same},
    {.name = "new ArrayObject", .evaluate = same},
    {.name = "new SplStack", .evaluate = collection},
    {.name = "new SplQueue", .evaluate = collection},
    {.name = "new SplDoublyLinkedList", .evaluate = collection},
    {.name = "new SplFixedArray", .evaluate = collection},
    {.name = "SplFixedArray.fromArray", .evaluate = same},
    {.name = "new MultipleIterator", .evaluate = empty},
    {.name = "Array.attachIterator", .evaluate = attach, .glances = true},
    {.name = "Array.current", .evaluate = look_at<true>, .glances = true},
    {.name = "Array.bottom", .evaluate = look_at<true>, .glances = true},
    {.name = "Array.top", .evaluate = look_at<false>, .glances = true},
    {.name = "Array.key", .evaluate = first_key, .glances = true},
    {.name = "Array.pop", .evaluate = take<false>, .glances = true},
    {.name = "Array.shift", .evaluate = take<true>, .glances = true},
    {.name = "Array.dequeue", .evaluate = take<true>, .glances = true},
    {.name = "Array.push", .evaluate = put, .glances = true},
    {.name = "Array.enqueue", .evaluate = put, .glances = true},
    {.name = "Array.append", .evaluate = put, .glances = true},
    {.name = "Array.offsetGet", .evaluate = element, .glances = true},
    {.name = "Array.getArrayCopy", .evaluate = itself, .glances = true},
    {.name = "Array.toArray", .evaluate = itself, .glances = true},
    {.name = "Array.getIterator", .evaluate = itself, .glances = true},
};

}  // namespace

const std::span<const Entry> kPhpIterators = kTable;

}  // namespace ascribe::shells

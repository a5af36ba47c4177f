// What a function of the library does with what it is given: its entry says so.
#include <algorithm>

#include "shells/library/encodings.hpp"
#include "shells/machine/call.hpp"
#include "shells/machine/machine.hpp"

namespace ascribe::shells {

/// Whether a function of PHP that does nothing but compute was given constants alone, or what was made of such.
bool Machine::is_computed(const Entry& entry, const std::vector<Value>& arguments, const Slot* object) const {
    if (language() != Language::php || entry.sink || entry.code != Language::none || entry.calls != 0) return false;
    auto constant = [](const Value& value) {
        if (value.tainted() || value.has(flag::undefined | flag::maybe)) return false;
        return value.kind == Kind::text || value.kind == Kind::number || value.kind == Kind::truth ||
               value.kind == Kind::list || value.type() == kComputed;
    };
    auto telling = [](const Value& value) {  // else nothing is hidden in it
        return value.kind == Kind::text || value.kind == Kind::list || value.type() == kComputed;
    };
    if (object != nullptr && !constant(object->value)) return false;
    bool all = std::ranges::all_of(arguments, constant);
    return all && (object != nullptr || std::ranges::any_of(arguments, telling));
}

/// Bytes of constants that a function is given, each item of a list with them.
std::size_t Machine::looked_at(const std::vector<Slot>& arguments, const Slot* object) {
    auto size_of = [](const Value& value) {
        if (value.kind == Kind::text) return value.view.size();
        if (value.kind != Kind::list) return std::size_t{0};
        constexpr std::size_t kItem = 16;
        std::size_t size = 0;
        for (const auto& item : value.list().items)
            size += kItem + (item.value.kind == Kind::text ? item.value.view.size() : 0);
        return size;
    };
    std::size_t all = object != nullptr ? size_of(object->value) : 0;
    for (const auto& argument : arguments) all += size_of(argument.value);
    return all;
}

void Machine::apply(const Entry& entry, std::string_view shown, std::vector<Slot>& arguments, Slot* object,
                    const Step& step, bool assembled) {
    auto span = step.span;
    if (!entry.glances && (entry.evaluate != nullptr || entry.sink))
        charge(looked_at(arguments, object) / kLookedAtOnce);
    if (!entry.signal.empty() && !is_own_file(entry, arguments, object)) signal(entry.signal, span);
    if (assembled && (entry.sink || entry.code != Language::none)) signal("conceal.sink_name", span);
    if (entry.sink) sink(entry, shown, arguments, object, span, assembled);

    std::vector<Value> values;
    std::vector<std::int32_t> where;
    values.reserve(arguments.size());
    where.reserve(arguments.size());
    for (auto& argument : arguments) {
        values.push_back(std::move(argument.value));
        where.push_back(argument.path);
    }
    auto all = Value::unknown();
    for (const auto& value : values) {
        charge_items(value);
        taint(all, summary(value));
    }
    if (object != nullptr) taint(all, summary(object->value));
    if (entry.result == Result::letters || entry.result == Result::decodes)
        for (const auto& value : values) taint(all, letters_of_numbers(value));
    all.flags &= static_cast<std::uint16_t>(~(flag::verifies | flag::authenticates));

    if (entry.evaluate != nullptr && !over_) {
        Call call{*this, entry, shown, values, where, object == nullptr ? nullptr : &object->value, span};
        call.object_path = object == nullptr ? -1 : object->path;
        call.bare = step.detail != 0;
        if (entry.evaluate(call)) {
            auto& result = call.result;
            bool is_cut = entry.result == Result::decodes && result.kind == Kind::text;
            if (is_cut && result.view.size() >= kMostInflated) limit("decoded bytes");
            if (result.kind == Kind::text || result.kind == Kind::list) {
                if (entry.result == Result::passes || entry.result == Result::letters ||
                    entry.result == Result::decodes) {
                    for (const auto& value : values)
                        if (value.kind == Kind::text) taint(result, value);
                    if (object != nullptr && object->value.kind == Kind::text) taint(result, object->value);
                }
                if (entry.result == Result::decodes) {
                    result.flags |= flag::decoded;
                    note(result, entry.name, span);
                }
            }
            push(std::move(result));
            return;
        }
    }
    Value result = Value::unknown();
    if (entry.code != Language::none) {
        for (std::size_t i = 0; i < values.size(); ++i)
            if (is_among(entry.takes, i)) result = evaluate(values[i], entry.code, entry.name, span);
    }
    if (entry.calls != 0) {
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (!is_among(entry.calls, i)) continue;
            const auto& callee = values[i];
            if (callee.kind == Kind::nothing || callee.kind == Kind::truth || callee.kind == Kind::number) continue;
            std::vector<Value> given;
            for (std::size_t j = 0; j < values.size(); ++j) {
                if (is_among(entry.calls, j)) continue;
                if (values[j].kind == Kind::list && !values[j].list().items.empty()) {
                    const auto& first = values[j].list().items.front().value;
                    auto each = first.kind == Kind::reference ? first.cell->value : first;
                    if (each.kind != Kind::text || values[j].list().items.size() > 1) taint(each, summary(values[j]));
                    given.push_back(std::move(each));
                } else {
                    given.push_back(values[j]);
                }
            }
            result = call_back(callee, std::move(given), span);
        }
    }
    switch (entry.result) {
        case Result::passes:
        case Result::letters:
        case Result::decodes:
            if (entry.code == Language::none)  // else it was run: what it did is told
                for (const auto& value : values) lost(value, span);
            if (result.kind == Kind::unknown) {
                taint(result, all);
                if (result.tainted()) note(result, entry.name, span);
            }
            if (entry.result == Result::decodes) result.flags |= flag::decoded;
            if (result.kind == Kind::unknown && values.size() == 1 && values[0].kind == Kind::text)
                result.flags |= ending_of(values[0].view);
            if (result.kind == Kind::unknown && result.view.empty() && is_computed(entry, values, object))
                result.view = kComputed;
            break;
        case Result::cleans:
            if (entry.calls == 0) result = Value::unknown();
            break;
        case Result::numbers: result = number_of_data(all); break;
        case Result::verifies:
            result = Value::unknown();
            if (all.tainted() || values.empty()) result.flags |= flag::verifies;
            if (language() != Language::php) result.trail = all.trail;  // PHP's pages check one thing for another
            if (all.has(flag::login | flag::hashed)) result.flags |= flag::authenticates;
            break;
        case Result::authenticates:
            result = Value::unknown();
            result.flags |= flag::authenticates;
            break;
        case Result::source: {
            bool named = language() != Language::php && entry.origin <= Origin::header && !values.empty() &&
                         values[0].kind == Kind::text && !values[0].tainted();
            if (!named) {
                result = source(entry.origin, shown, span);
                break;
            }
            auto name = values[0].view.substr(0, 64);
            result = source(entry.origin, intern(std::string(shown).append("['").append(name).append("']")), span);
            if (names_login(name)) result.flags |= flag::login;
            break;
        }
    }
    bool visitors = all.tainted() && strongest(all.origins) < Origin::session;
    if (entry.result == Result::source && entry.origin == Origin::network && visitors) result.flags |= flag::fetched;
    if (!entry.makes.empty() && result.kind == Kind::unknown) result.view = entry.makes;
    bool opens = entry.sink == Capability::file_write || entry.sink == Capability::file_read;
    if (opens && result.kind == Kind::unknown && !values.empty() && values[0].kind == Kind::text)
        result.flags |= ending_of(values[0].view);
    if (entry.makes == kUploadName) result.flags |= flag::upload_name;
    if (entry.fills != 0) {
        auto filled = entry.result == Result::source ? result : all;
        for (std::size_t i = 0; i < where.size(); ++i)
            if (is_among(entry.fills, i) && where[i] >= 0) assign(where[i], filled, uncertain());
        // An object that keeps what it is given: writer.Write(x), list.Add(x).
        if ((entry.fills & kObject) != 0 && object != nullptr && object->path >= 0 && all.tainted())
            if (auto* slot = resolve(object->path, false))
                taint(slot->kind == Kind::reference ? slot->cell->value : *slot, all);
    }
    // What adds to its object and gives it back: builder.append(a).append(b).
    bool itself = (entry.fills & kObject) != 0 && object != nullptr &&
                  (entry.result == Result::passes || entry.result == Result::letters);
    push(std::move(result), itself ? object->path : -1);
}

}  // namespace ascribe::shells

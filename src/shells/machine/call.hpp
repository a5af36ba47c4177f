// What a function of the library sees of a call to it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "shells/machine/machine.hpp"

namespace ascribe::shells {

/// A function of the library reads `arguments`, gives a result and returns true; or returns false, and the table's
/// entry says what is known of the result. A result made of constants has their origins and flags by itself.
struct Call {
    Machine& machine;
    const Entry& entry;
    std::string_view name;  // as called
    std::span<Value> arguments;
    std::span<const std::int32_t> paths;  // of the arguments, for set()
    const Value* object = nullptr;
    Span span;
    Value result = {};
    std::int32_t object_path = -1;  // for set_object()
    bool bare = false;              // PHP's constants: written as a bare word

    std::size_t size() const { return arguments.size(); }
    /// Constant text of an argument; nothing when it is missing or not constant.
    std::optional<std::string_view> text(std::size_t i) {
        if (i >= arguments.size()) return std::nullopt;
        auto& value = arguments[i];
        if (value.kind == Kind::text) return value.view;
        auto text = text_of(value);
        if (!text || value.kind == Kind::list) return std::nullopt;
        auto flags = value.flags;
        auto origins = value.origins;
        auto trail = value.trail;
        value = Value::text(std::move(*text));
        value.flags = flags;
        value.origins = origins;
        value.trail = trail;
        return value.view;
    }
    std::optional<double> number(std::size_t i) const {
        return i < arguments.size() && arguments[i].is_scalar() ? number_of(arguments[i]) : std::nullopt;
    }
    double number(std::size_t i, double otherwise) const { return number(i).value_or(otherwise); }
    const List* list(std::size_t i) const {
        return i < arguments.size() && arguments[i].kind == Kind::list ? &arguments[i].list() : nullptr;
    }
    bool give(std::string text) {
        if (!machine.charge(1 + text.size() / 16) || !machine.charge_bytes(text.size())) return false;
        result = Value::text(std::move(text));
        result.flags |= flag::assembled;
        return true;
    }
    bool give(double number) {
        result = Value::of_number(number);
        return true;
    }
    bool give_truth(bool is) {
        result = Value::truth(is);
        return true;
    }
    bool give(std::shared_ptr<List> list) {
        if (!machine.charge(1 + list->items.size() / 4) || !machine.charge_bytes(list->items.size() * sizeof(Item)))
            return false;
        result = Value::of_list(std::move(list));
        return true;
    }
    /// `b` behind `a`, as one text.
    Value concatenated(const Value& a, const Value& b) { return machine.operate(Operator::concat, a, b, span); }
    /// What `a == b` is, with what the comparison says about who asks.
    Value compared(const Value& a, const Value& b) { return machine.operate(Operator::equal, a, b, span); }
    /// An object of the library that keeps what is stored in its members.
    bool give_object(std::string_view type) {
        auto* made = machine.instance(type, span);
        if (made == nullptr) return give(Value::of_type(type));
        result = {};
        result.kind = Kind::object;
        result.object = made;
        return true;
    }
    bool give(Value value) {
        result = std::move(value);
        return true;
    }
    /// Writes to the place an argument came from (by reference).
    void set(std::size_t i, Value value) {
        if (i < paths.size() && paths[i] >= 0) machine.assign(paths[i], std::move(value), false);
    }
    /// Keeps a value under a key in the list that a method is called on.
    void put(Value key, Value value) {
        if (object_path < 0) return;
        auto to = machine.path({PathNode::Kind::element, object_path, {}, std::move(key)});
        machine.assign(to, std::move(value), machine.uncertain());
    }
    void set_object(Value value) { machine.assign(object_path, std::move(value), machine.uncertain()); }
};

}  // namespace ascribe::shells

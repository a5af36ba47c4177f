// PHP's ways to a function, a method or an object by its name: reflection, closures, unserialize.
// https://www.php.net/manual/en/book.reflection.php
#include <charconv>

#include "base/text.hpp"
#include "shells/library/php.hpp"
#include "shells/machine/call.hpp"

namespace ascribe::shells {
namespace {

constexpr std::size_t kMostMembers = 256;

/// What stands for something by its name stands for itself: new ReflectionFunction(name), fromCallable(name).
bool same(Call& call) { return call.size() > 0 && call.give(call.arguments[0]); }
/// Suit::from("H"): a case of an enumeration is its value; where the enumeration is the script's own, an object with
/// its methods. A query builder's from() is no static method.
bool enumerated(Call& call) {
    if (call.object == nullptr || !call.object->has(flag::name) || call.size() == 0) return false;
    auto type = call.machine.intern(lower(call.object->view.substr(0, kLongestName)));
    auto made = call.machine.type_exists(type) ? call.machine.create(type, {}, call.span) : Value();
    if (made.kind != Kind::object) return same(call);
    made.object->members["value"] = call.arguments[0];
    return call.give(std::move(made));
}

std::vector<Value> items_of(const List& list) {
    std::vector<Value> items;
    for (const auto& item : list.items) items.push_back(item.value);
    return items;
}

/// new ReflectionMethod(class, name), new ReflectionMethod("class::name")
bool method_of(Call& call) {
    if (call.size() < 2) return same(call);
    auto pair = std::make_shared<List>();
    pair->append(call.arguments[0]);
    pair->append(call.arguments[1]);
    return call.give(std::move(pair));
}

/// ReflectionClass.getMethod(name)
bool get_method(Call& call) {
    if (call.object == nullptr || call.size() == 0) return false;
    auto pair = std::make_shared<List>();
    pair->append(*call.object);
    pair->append(call.arguments[0]);
    return call.give(std::move(pair));
}

/// A method is called on the object that is its first argument.
Value called(Call& call, std::vector<Value> given) {
    auto callee = *call.object;
    if (callee.kind == Kind::list && !given.empty()) {
        if (given.front().kind == Kind::object) {
            auto pair = std::make_shared<List>(callee.list());
            if (!pair->items.empty()) pair->items[0].value = given.front();
            callee = Value::of_list(std::move(pair));
        }
        given.erase(given.begin());
    }
    return call.machine.call_back(callee, std::move(given), call.span);
}

bool invoke(Call& call) {  // ->invoke(arguments)
    if (call.object == nullptr) return false;
    return call.give(called(call, {call.arguments.begin(), call.arguments.end()}));
}

bool invoke_with(Call& call) {  // ->invokeArgs([arguments]), of a method: (object, [arguments])
    if (call.object == nullptr) return false;
    std::vector<Value> given;
    for (std::size_t i = 0; i < call.size(); ++i) {
        if (const auto* list = call.list(i)) {
            for (auto& item : items_of(*list)) given.push_back(std::move(item));
        } else {
            given.push_back(call.arguments[i]);
        }
    }
    return call.give(called(call, std::move(given)));
}

/// ->getClosure(): what is called later. Of a method: its object is the argument.
bool closure_of(Call& call) {
    if (call.object == nullptr) return false;
    auto callee = *call.object;
    if (callee.kind == Kind::list && call.size() > 0 && call.arguments[0].kind == Kind::object) {
        auto pair = std::make_shared<List>(callee.list());
        if (!pair->items.empty()) pair->items[0].value = call.arguments[0];
        callee = Value::of_list(std::move(pair));
    }
    return call.give(std::move(callee));
}

/// ReflectionClass.getConstant(name)
bool get_constant(Call& call) {
    auto name = call.text(0);
    if (!name || call.object == nullptr || call.object->kind != Kind::text || call.object->tainted()) return false;
    auto value = call.machine.type_member(call.machine.intern(lower(call.object->view.substr(0, 256))), *name);
    if (value.kind == Kind::text) value.flags |= flag::assembled;
    return call.give(std::move(value));
}

/// ReflectionProperty.setValue(object, value), getValue(object)
bool set_value(Call& call) {
    const auto* pair = call.object != nullptr && call.object->kind == Kind::list ? &call.object->list() : nullptr;
    if (pair == nullptr || pair->items.size() != 2 || call.size() < 2) return false;
    const auto& name = pair->items[1].value;
    if (name.kind != Kind::text || name.tainted() || call.arguments[0].kind != Kind::object) return false;
    call.arguments[0].object->members[call.machine.intern(name.view.substr(0, 256))] = call.arguments[1];
    return call.give(Value());
}

bool get_value(Call& call) {
    const auto* pair = call.object != nullptr && call.object->kind == Kind::list ? &call.object->list() : nullptr;
    if (pair == nullptr || pair->items.size() != 2) return false;
    const auto &of = pair->items[0].value, &name = pair->items[1].value;
    if (name.kind != Kind::text || name.tainted()) return false;
    auto member = call.machine.intern(name.view.substr(0, kLongestName));
    if (call.size() > 0 && call.arguments[0].kind == Kind::object) {
        auto& members = call.arguments[0].object->members;
        auto found = members.find(member);
        return found != members.end() && call.give(behind(found->second));
    }
    bool type = of.kind == Kind::text && !of.tainted();
    return type && call.give(call.machine.type_member(call.machine.intern(lower(of.view.substr(0, 256))), member));
}

/// Closure::bind(function, object), function.bindTo(object): the function, as a method of that object.
bool bound(Call& call) {
    if (call.size() < 2 || call.arguments[0].kind != Kind::closure) return false;
    return call.give(call.machine.bound(call.arguments[0], call.arguments[1]));
}

template <bool from_list, bool constructs = true>
bool new_instance(Call& call) {
    if (constructs && call.object != nullptr && call.object->tainted() && !call.object->relayed() &&
        !call.object->has(flag::part | flag::checked))
        call.machine.flow(Capability::code, *call.object, "newInstance", call.span);
    if (call.object == nullptr || call.object->kind != Kind::text || call.object->tainted()) return false;
    std::vector<Value> given;
    if (const auto* list = from_list ? call.list(0) : nullptr)
        given = items_of(*list);
    else
        given.assign(call.arguments.begin(), call.arguments.end());
    auto type = call.machine.intern(lower(call.object->view.substr(0, 256)));
    return call.give(call.machine.create(type, std::move(given), call.span));
}

/// Reads PHP's serialised form as far as it is flat: an object whose members are plain.
class Serialised {
public:
    explicit Serialised(std::string_view text) : rest_(text) {}

    bool accept(std::string_view sign) {
        if (!rest_.starts_with(sign)) return false;
        rest_.remove_prefix(sign.size());
        return true;
    }
    std::optional<std::size_t> number() {
        std::size_t value = 0;
        auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
        if (error != std::errc()) return std::nullopt;
        rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
        return value;
    }
    /// s:5:"abcde"; behind the s.
    std::optional<std::string_view> text() {
        auto size = accept(":") ? number() : std::nullopt;
        if (!size || !accept(":\"") || *size > rest_.size()) return std::nullopt;
        auto found = rest_.substr(0, *size);
        rest_.remove_prefix(*size);
        return accept("\"") ? std::optional(found) : std::nullopt;
    }
    std::optional<Value> scalar() {
        if (accept("s")) {
            auto found = text();
            return found && accept(";") ? std::optional(Value::text(std::string(*found))) : std::nullopt;
        }
        auto end = rest_.find(';');
        if (end == std::string_view::npos || rest_.empty()) return std::nullopt;
        char kind = rest_[0];
        auto raw = rest_.substr(std::min<std::size_t>(2, end), end - std::min<std::size_t>(2, end));
        rest_.remove_prefix(end + 1);
        if (kind == 'N') return Value();
        if (kind == 'i' || kind == 'd') return Value::of_number(leading_number(raw));
        if (kind == 'b') return Value::truth(raw == "1");
        return std::nullopt;
    }

private:
    std::string_view rest_;
};

/// unserialize($x, ['allowed_classes' => false])
bool makes_no_objects(Call& call) {
    const auto* options = call.list(1);
    auto* allowed = options == nullptr ? nullptr : const_cast<List*>(options)->find(Value::constant("allowed_classes"));
    return allowed != nullptr && behind(*allowed).kind == Kind::truth && behind(*allowed).number == 0;
}

/// A constant that is an object of the script's own: it wakes up, and is destroyed at the end like any other.
bool unserialise(Call& call) {
    if (call.size() == 0) return false;
    if (summary(call.arguments[0]).tainted()) {
        if (makes_no_objects(call)) return false;
        call.machine.signal("unserialize.data", call.span);
        call.machine.revive_any(summary(call.arguments[0]), call.span);
        return false;
    }
    auto raw = call.text(0);
    if (!raw) return false;
    Serialised from(*raw);
    auto type = from.accept("O") ? from.text() : std::nullopt;
    if (!type || !from.accept(":")) return false;
    auto count = from.number();
    if (!count || !from.accept(":{")) return false;
    std::vector<std::pair<std::string_view, Value>> members;
    for (std::size_t i = 0; i < std::min(*count, kMostMembers); ++i) {
        auto name = from.accept("s") ? from.text() : std::nullopt;
        auto value = name && from.accept(";") ? from.scalar() : std::nullopt;
        if (!value) break;
        auto visible = name->substr(name->rfind('\0') + 1);  // private and protected ones name their class before it
        members.emplace_back(call.machine.intern(visible), std::move(*value));
    }
    return call.give(call.machine.revive(call.machine.intern(lower(*type)), std::move(members), call.span));
}

/// debug_backtrace()[0]["args"]
bool backtrace(Call& call) {
    auto given = std::make_shared<List>();
    for (const auto& argument : call.machine.arguments()) given->append(argument);
    auto frame = std::make_shared<List>();
    frame->at(Value::constant("args")) = Value::of_list(std::move(given));
    frame->rest = Value::unknown();
    auto frames = std::make_shared<List>();
    frames->append(Value::of_list(std::move(frame)));
    frames->rest = Value::unknown();
    return call.give(std::move(frames));
}

/// What is thrown stands for its message; an object of the script's own keeps it.
constexpr std::string_view kMessage = "message";
bool message(Call& call) {
    if (call.object == nullptr) return false;
    if (call.object->kind != Kind::object) return call.give(*call.object);
    auto found = call.object->object->members.find(kMessage);
    return found != call.object->object->members.end() && call.give(behind(found->second));
}

/// parent::__construct(message)
bool construct_parent(Call& call) {
    const auto& self = call.machine.self();
    bool parent = call.object != nullptr && call.object->has(flag::name) && self.kind == Kind::object;
    if (!parent || call.size() == 0) return false;
    for (std::string_view thrown : {"exception", "error"})
        if (ends_folded(call.object->view, thrown) || ends_folded(call.machine.library_type(self.object->type), thrown))
            self.object->members[kMessage] = call.arguments[0];
    return call.give(Value());
}

/// What passes through a filter of the script's own is what the stream holds that it was put on.
constexpr std::string_view kFiltered = "#filtered";
bool put_filter(Call& call) {
    if (call.size() > 0 && summary(call.arguments[0]).tainted())
        call.machine.define(kFiltered, summary(call.arguments[0]));
    return false;
}
bool take_bucket(Call& call) {
    const auto* stream = call.machine.defined(kFiltered);
    return stream != nullptr && call.give(*stream);
}

constexpr Entry kTable[] = {
    {.name = "debug_backtrace", .evaluate = backtrace},
    {.name = "new Exception", .evaluate = same},
    {.name = "new RuntimeException", .evaluate = same},
    {.name = "new LogicException", .evaluate = same},
    {.name = "new InvalidArgumentException", .evaluate = same},
    {.name = "new ErrorException", .evaluate = same},
    {.name = "new Error", .evaluate = same},
    {.name = "new TypeError", .evaluate = same},
    {.name = ".getMessage", .evaluate = message},
    {.name = ".__construct", .evaluate = construct_parent},
    {.name = "stream_filter_append", .result = Result::cleans, .evaluate = put_filter},
    {.name = "stream_filter_prepend", .result = Result::cleans, .evaluate = put_filter},
    {.name = "stream_bucket_make_writeable", .result = Result::cleans, .evaluate = take_bucket},
    {.name = "new ReflectionFunction", .evaluate = same},
    {.name = "new ReflectionClass", .evaluate = same},
    {.name = "new ReflectionObject", .evaluate = same},
    {.name = "new ReflectionMethod", .evaluate = method_of},
    {.name = "new ReflectionProperty", .evaluate = method_of},
    {.name = ".setValue", .evaluate = set_value},
    {.name = "Array.getValue", .evaluate = get_value},
    {.name = "Closure.fromCallable", .evaluate = same},
    {.name = "Closure.bind", .evaluate = bound},
    {.name = ".getMethod", .evaluate = get_method},
    {.name = ".getConstant", .evaluate = get_constant},
    {.name = ".getStaticPropertyValue", .evaluate = get_constant},
    {.name = ".from", .evaluate = enumerated},
    {.name = ".tryFrom", .evaluate = enumerated},
    {.name = ".getClosure", .evaluate = closure_of},
    {.name = ".invoke", .evaluate = invoke},
    {.name = ".__invoke", .evaluate = invoke},
    {.name = ".invokeArgs", .evaluate = invoke_with},
    {.name = ".newInstance", .evaluate = new_instance<false>},
    {.name = ".newInstanceArgs", .evaluate = new_instance<true>},
    {.name = ".newInstanceWithoutConstructor", .evaluate = new_instance<false, false>},
    {.name = "unserialize", .evaluate = unserialise},
};

}  // namespace

const std::span<const Entry> kPhpObjects = kTable;

}  // namespace ascribe::shells

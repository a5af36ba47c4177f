// Calls: which function a name or a value stands for.
#include <algorithm>

#include "base/text.hpp"
#include "shells/machine/call.hpp"
#include "shells/machine/machine.hpp"

namespace ascribe::shells {

void Machine::call(std::string_view name, std::vector<Slot> arguments, const Step& step, bool assembled) {
    auto found = functions_.find(name);
    if (found == functions_.end() && name.find('.') != std::string_view::npos) found = functions_.find(last_part(name));
    bool php = language() == Language::php;
    if (found != functions_.end()) {
        // A function of that name can only be of another namespace, and this one may see PHP's own.
        if (const auto* entry = php ? look(name) : nullptr; entry != nullptr && entry->sink)
            sink(*entry, entry->name, arguments, nullptr, step.span, assembled);
        return enter(found->second, std::move(arguments), step, {}, {}, nullptr, After::push, {});
    }
    if (language() == Language::python && types_.contains(name))
        return create_step(name, std::move(arguments), step, assembled);
    if (!php) {
        if (!frame().type.empty()) {
            auto type =
                frame().self.kind == Kind::object ? frame().self.object->type : frame().type;  // may override it
            auto method = find_method(type, name);
            if (!method.is()) method = find_method(type = frame().type, name);
            if (method.is())
                return enter(method, std::move(arguments), step, frame().self, type, nullptr, After::push, {});
        }
        const auto* slot = variable(name);
        if (slot == nullptr) slot = held_outside(name).value;
        if (slot != nullptr) {
            const auto& value = slot->kind == Kind::reference ? slot->cell->value : *slot;
            if (value.kind == Kind::closure && value.closure->function.is())
                return call_value({value, -1, {}}, std::move(arguments), step);
            if (value.kind == Kind::closure) {  // by another name: followed once, since `list = list` names itself
                name = value.closure->name;
                assembled = assembled || value.closure->assembled;
                if (auto known = functions_.find(name); known != functions_.end())
                    return enter(known->second, std::move(arguments), step, {}, {}, nullptr, After::push, {});
            }
            if (auto named = value.names_function(); !named.empty()) {
                auto known = functions_.find(named);
                if (known != functions_.end())
                    return enter(known->second, std::move(arguments), step, {}, {}, nullptr, After::push, {});
                if (auto method = find_method(frame().type, named); method.is())
                    return enter(method, std::move(arguments), step, frame().self, frame().type, nullptr, After::push,
                                 {});
            }
            bool data = value.kind == Kind::unknown && value.tainted() && !value.has(flag::name);
            if ((value.kind == Kind::list || data) && !arguments.empty()) {
                auto to = path({PathNode::Kind::variable, -1, intern(name), {}});
                return push_element(step, {value, to, {}}, std::move(arguments.front()));
            }
        }
    }
    if (!within_.empty() && call_surrounding(name, arguments, step)) return;
    const auto* entry = look(name);
    if (entry == nullptr && name.find('.') != std::string_view::npos) entry = look(last_part(name));
    if (entry != nullptr) return apply(*entry, entry->name, arguments, nullptr, step, assembled);
    if (!php) {
        if (const auto* source_entry = look_variable(name);
            source_entry != nullptr && source_entry->result == Result::source) {
            auto container = source(source_entry->origin, intern(name), step.span);
            container.view = source_entry->makes.empty() ? intern(name) : source_entry->makes;
            if (arguments.empty()) return push(std::move(container));
            return push(read_element(container, arguments.front().value, step.span));
        }
        // A type within a type calls the methods around it by their bare names.
        auto outer = only_methods_.find(name);
        if (!frame().type.empty() && outer != only_methods_.end() && outer->second.is()) {
            auto type = outer->second.get().type;
            Value self;
            if (auto* last = types_[type].last; last != nullptr) {
                self.kind = Kind::object;
                self.object = last;
            }
            return enter(outer->second, std::move(arguments), step, self, type, nullptr, After::push, {});
        }
    }
    pass_unknown(name, arguments, nullptr, step);
}

/// Notes a function that code elsewhere is given: the name of one, a closure, or an object and the name of its method.
void Machine::hand_over(const Value& callee) {
    FunctionRef handed;
    if (callee.kind == Kind::closure) {
        handed = callee.closure->function;
    } else if (callee.kind == Kind::text && callee.view.size() < 128) {
        if (auto found = functions_.find(folded(callee.view)); found != functions_.end()) handed = found->second;
    } else if (callee.kind == Kind::list && callee.list().items.size() == 2) {
        auto value_of = [&](std::size_t i) -> const Value& {
            const auto& value = callee.list().items[i].value;
            return value.kind == Kind::reference ? value.cell->value : value;
        };
        const auto &of = value_of(0), &named = value_of(1);
        if (named.kind != Kind::text) return;
        auto type = of.kind == Kind::object ? of.object->type : of.kind == Kind::text ? folded(of.view) : of.type();
        handed = find_method(type, folded(named.view));
    }
    if (handed.is()) handed_.insert(&handed.get());
}

void Machine::pass_unknown(std::string_view name, std::vector<Slot>& arguments, const Value* object, const Step& step) {
    static_cast<void>(step);
    auto value = Value::unknown();
    for (const auto& argument : arguments) {
        charge_items(argument.value);
        taint(value, summary(argument.value));
        if (language() == Language::php) hand_over(argument.value);
    }
    if (object != nullptr) {
        auto whole = summary(*object);
        taint(value, whole);
        if (!whole.tainted() && value.tainted()) value.flags |= flag::checked;
    } else if (value.tainted()) {
        value.flags |= flag::checked;  // code that is not here may have done anything to it
    }
    value.flags &= static_cast<std::uint16_t>(~(flag::verifies | flag::authenticates | flag::undefined));
    if (value.tainted() && !name.empty() && !name.starts_with('#')) note(value, intern(name), step.span);
    push(std::move(value));
}

/// The functions of the script that a list holds, where it is not known which of them is called: the visitor says.
std::vector<Value> Machine::choices_of(const Slot& callee) {
    constexpr std::size_t kMostChoices = 8;
    std::vector<Value> choices;
    if (callee.path < 0) return choices;
    const auto& node = paths_[static_cast<std::size_t>(callee.path)];
    bool open = node.kind == PathNode::Kind::element && (node.key.kind == Kind::unknown || node.key.tainted());
    auto* held = open && node.before >= 0 ? resolve(node.before, false) : nullptr;
    if (held == nullptr || behind(*held).kind != Kind::list) return choices;
    for (const auto& item : behind(*held).list().items) {
        const auto& value = behind(item.value);
        bool named = value.has(flag::name) &&
                     (functions_.contains(value.type()) || find_method(frame().type, value.type()).is());
        bool own = value.kind == Kind::closure ? value.closure->function.is() : named;
        if (own && choices.size() < kMostChoices) choices.push_back(value);
    }
    return choices;
}

/// 'show_' . $x, where PHP has no function of such a name that does anything: one of the script's own, each is walked.
bool Machine::call_each_beginning(std::string_view beginning, const std::vector<Slot>& arguments, const Step& step) {
    constexpr std::size_t kMostCalled = 16;
    auto begins = folded(beginning);
    auto acts = [&](const Entry& entry) {
        return entry.name.starts_with(begins) && (entry.sink || entry.evaluate != nullptr || entry.calls != 0);
    };
    for (auto table : library(language())) {
        charge(table.size() / kLookedAtOnce);
        if (std::ranges::any_of(table, acts)) return false;
    }
    std::vector<FunctionRef> own;
    for (const auto& module : modules_) {  // the first ones as they are declared
        charge(1 + module->program.functions.size() / kLookedAtOnce);
        for (std::uint32_t i = 0; i < module->program.functions.size() && own.size() < kMostCalled; ++i) {
            const auto& function = module->program.functions[i];
            if (function.type.empty() && function.name.starts_with(begins)) own.push_back({module.get(), i});
        }
    }
    auto result = Value::unknown();
    std::vector<Value> given;
    for (const auto& argument : arguments) given.push_back(argument.value);
    for (auto function : own) result = shells::join(result, invoke(function, {}, given, step.span));
    push(std::move(result));
    return true;
}

void Machine::call_value(Slot callee, std::vector<Slot> arguments, const Step& step) {
    if (call_member(callee, arguments, step)) return;
    auto& value = callee.value;
    if (const auto* options = options_of(value)) {  // each, the last one below
        auto known = std::static_pointer_cast<List>(value.owner);
        std::vector<Value> given;
        for (const auto& argument : arguments) given.push_back(argument.value);
        for (std::size_t i = 0; i + 1 < options->items.size(); ++i)
            call_back(behind(options->items[i].value), given, step.span);
        value = Value(behind(options->items.back().value));
    }
    switch (value.kind) {
        case Kind::closure: {
            auto* closure = value.closure;
            if (closure->function.is())
                return enter(closure->function, std::move(arguments), step, closure->self, {}, closure, After::push,
                             {});
            return call(closure->name, std::move(arguments), step, closure->assembled);
        }
        case Kind::text: {
            if (value.tainted()) break;
            bool assembled = value.has(flag::assembled | flag::decoded);
            signal(assembled ? "conceal.name_assembled" : "call.by_name", step.span);
            if (auto colons = value.view.substr(0, kLongestName).find("::"); colons != std::string_view::npos) {
                auto type = Value::of_type(folded(intern(value.view.substr(0, colons))));
                type.flags |= flag::name;
                return method({std::move(type), -1, {}}, folded(intern(value.view.substr(colons + 2, kLongestName))),
                              std::move(arguments), step, assembled);
            }
            return call(folded(intern(value.view.substr(0, kLongestName))), std::move(arguments), step, assembled);
        }
        case Kind::list: {
            const auto& items = value.list().items;
            if (items.size() != 2 || items[1].value.kind != Kind::text || items[1].value.tainted()) break;
            auto name = items[1].value;
            auto object = items[0].value.kind == Kind::reference ? items[0].value.cell->value : items[0].value;
            return method({object, -1, {}}, folded(intern(name.view.substr(0, kLongestName))), std::move(arguments),
                          step, name.has(flag::assembled | flag::decoded));
        }
        case Kind::object: {
            auto invoked = find_method(value.object->type, language() == Language::php ? "__invoke" : "__call__");
            if (invoked.is())
                return enter(invoked, std::move(arguments), step, value, value.object->type, nullptr, After::push, {});
            break;
        }
        default: break;
    }
    if (auto beginning = beginning_of(value); !beginning.empty())
        if (call_each_beginning(beginning, arguments, step)) return;
    if (value.kind == Kind::unknown && value.has(flag::name) && !value.view.empty() && !value.tainted())
        return call(last_part(value.view), std::move(arguments), step, false);
    auto whole = summary(value);
    // A field of a request is read by a call: Request.Form("a")(1).
    bool field = language() == Language::jscript && whole.trail != nullptr && whole.trail->source;
    if (field) return push(std::move(whole));
    auto visitors = std::ranges::find_if(arguments, [](const Slot& a) { return summary(a.value).tainted(); });
    // A text is no function of Python's: what is called was made by whoever sent it, or has a name that is data.
    bool callable = language() != Language::python || value.type() == kAttribute;
    // A method of an object, or a function that is given nothing of his: how frameworks go where their routes say.
    bool routed = value.kind == Kind::list || visitors == arguments.end();
    if (whole.relayed() && routed) whole.flags |= flag::checked;
    if (whole.tainted() && !whole.has(flag::hashed) && callable) {
        flow(Capability::code, whole, "call of a value", step.span);
    } else {
        bool visitor = visitors != arguments.end();
        signal(visitor ? "call.unknown_value_of_visitor" : "call.unknown_value", step.span);
        // Nobody computes the name of a function from constants, and hands it what a visitor sends, but to hide it.
        if (visitor && value.type() == kComputed) {
            signal("conceal.name_assembled", step.span);
            flow(Capability::code, summary(visitors->value), "call of a computed name", step.span, true);
        }
    }
    pass_unknown("#value", arguments, &value, step);
}

}  // namespace ascribe::shells

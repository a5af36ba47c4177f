// Calls: of the script's own functions, of the library's, and of values that turn out to be one or the other.
#include <algorithm>
#include <functional>

#include "base/text.hpp"
#include "shells/languages/front_end.hpp"
#include "shells/library/encodings.hpp"
#include "shells/machine/call.hpp"
#include "shells/machine/machine.hpp"

namespace ascribe::shells {
namespace {

std::uint64_t mix(std::uint64_t a, std::uint64_t b) { return (a ^ b) * 0x9e3779b97f4a7c15ull + (a << 7); }

}  // namespace

// ---------------------------------------------------------------------------------------------- the script's own
// functions

// What a call looks like to the function: two calls that look alike need not both be walked.
std::uint64_t Machine::shape_of(FunctionRef function, const std::vector<Slot>& arguments, const Value& self) const {
    auto shape = mix(function.module->number + 1, function.number + 1);
    if (self.kind == Kind::object) shape = mix(shape, std::hash<std::string_view>()(self.object->type));
    for (const auto& argument : arguments) {
        const auto& value = argument.value;
        shape = mix(shape, static_cast<std::uint64_t>(value.kind) << 32 |
                               static_cast<std::uint64_t>(value.origins) << 16 | value.flags);
        if (value.kind == Kind::text)
            shape = mix(shape, std::hash<std::string_view>()(value.view.substr(0, 4096)) + value.view.size());
        else if (value.kind == Kind::number || value.kind == Kind::truth)
            shape = mix(shape, std::hash<double>()(value.number));
        else if (value.kind == Kind::list)
            shape = mix(shape, value.list().items.size());
        else if (value.kind == Kind::closure)
            shape = mix(shape, reinterpret_cast<std::uintptr_t>(value.closure));
    }
    return shape == 0 ? 1 : shape;
}

/// Whether a function that calls itself tells nothing more: with the very arguments of two calls under way, or with
/// unknown ones in its fourth. Else each call in it would double the work with every call.
bool Machine::recurs(FunctionRef function, std::uint64_t shape, bool concrete) const {
    constexpr std::size_t kSame = 2, kUnknown = 3;
    std::size_t same = 0, nested = 0;
    for (const Frame& at : frames_) {
        if (at.function != function) continue;
        ++nested;
        same += at.memo == shape ? 1 : 0;
    }
    return same >= kSame || (!concrete && nested >= kUnknown);
}

void Machine::enter(FunctionRef ref, std::vector<Slot> arguments, const Step& step, Value self, std::string_view type,
                    const Closure* closure, After after, Value made) {
    auto instead = [&](Value result) {
        if (after == After::push)
            push(std::move(result));
        else if (after == After::object)
            push(std::move(made));
    };
    auto mixed = [&] {
        Value value = Value::unknown();
        for (const auto& argument : arguments) {
            charge_items(argument.value);
            taint(value, summary(argument.value));
        }
        return value;
    };
    if (over_) return instead(mixed());
    if (frames_.size() >= budget_.frames) {
        limit("calls");
        return instead(mixed());
    }
    const auto& function = ref.get();
    bool concrete = true;
    for (const auto& argument : arguments)
        concrete = concrete && argument.value.kind != Kind::unknown && argument.value.kind != Kind::object &&
                   !argument.value.tainted();
    auto shape = shape_of(ref, arguments, self);
    auto& memo = memos_[shape];
    std::uint32_t most = concrete ? (arguments.empty() ? 64 : 20000) : 2;
    if (is_late()) most = std::min(most, 4u);
    if (memo.count >= most || recurs(ref, shape, concrete)) {
        auto result = memo.result;
        if (result.kind != Kind::text) taint(result, mixed());
        return instead(std::move(result));
    }
    ++memo.count;

    auto scope = std::make_shared<Scope>();
    if (closure != nullptr && closure->outside != nullptr) scope->variables = closure->outside->variables;
    constexpr std::size_t kFew = 64;  // parameters; what these take goes with the call
    auto stored = scope->variables.size(), own = function.parameters.size();
    if (closure != nullptr) own += closure->captured.size();
    charge(1 + (stored + own) / 4);
    if (own > kFew) stored += own;
    if (!charge_bytes(256 + stored * (sizeof(Value) + 48))) return instead({});
    for (std::size_t i = 0; i < function.parameters.size(); ++i) {
        const auto& parameter = function.parameters[i];
        auto& slot = scope->variables[parameter.name];
        if (parameter.rest) {
            auto rest = std::make_shared<List>();
            for (auto j = i; j < arguments.size(); ++j) rest->append(arguments[j].value);
            slot = Value::of_list(std::move(rest));
            break;
        }
        if (i >= arguments.size()) continue;
        auto& argument = arguments[i];
        if (parameter.by_reference && argument.path >= 0) {
            if (auto* from = resolve(argument.path, true)) {
                auto* shared = cell(*from);
                slot = {};
                slot.kind = Kind::reference;
                slot.cell = shared;
                continue;
            }
        }
        slot = argument.value;
        if (slot.kind == Kind::unknown && slot.view.empty())
            slot.view = type_as_declared(language(), {}, parameter.type);
        slot.flags &= static_cast<std::uint16_t>(~flag::name);
    }
    if (closure != nullptr)
        for (const auto& [name, value] : closure->captured) scope->variables[name] = value;
    auto& module = *modules_[ref.module->number];
    begin_frame(module, function.begin, function.end, std::move(scope));
    auto& at = frame();
    at.function = ref;
    at.type = type.empty() ? function.type : (function.type.empty() ? type : function.type);
    at.self = closure != nullptr && closure->self.kind == Kind::object ? closure->self : std::move(self);
    if (at.self.kind == Kind::object && at.type.empty()) at.type = at.self.object->type;
    at.after = after;
    at.made = std::move(made);
    at.memo = shape;
    at.arguments.reserve(arguments.size());
    for (auto& argument : arguments) at.arguments.push_back(std::move(argument.value));
    static_cast<void>(step);
}

Value Machine::invoke(FunctionRef method, const Value& self, std::vector<Value> arguments, Span span) {
    std::vector<Slot> slots;
    for (auto& argument : arguments) slots.push_back({std::move(argument), -1, {}});
    auto depth = frames_.size();
    Step step{.span = span};
    enter(method, std::move(slots), step, self, self.kind == Kind::object ? self.object->type : std::string_view{},
          nullptr, After::push, {});
    run_to(depth);
    if (depth == 0) {
        if (stack_.empty()) return {};
        auto value = std::move(stack_.back().value);
        stack_.pop_back();
        return value;
    }
    return pop().value;
}

// Code of ours calls code of theirs: the loop runs once more, on top of the frames that are there. How deep that may go
// is Budget::frames.
Value Machine::call_back(const Value& callee, std::vector<Value> arguments, Span span) {
    if (frames_.size() >= budget_.frames || over_) {
        limit("calls");
        return Value::unknown();
    }
    charge(2);  // a call of nothing known takes no step
    std::vector<Slot> slots;
    for (auto& argument : arguments) slots.push_back({std::move(argument), -1, {}});
    auto depth = frames_.size();
    Step step{.span = span};
    call_value({callee, -1, {}}, std::move(slots), step);
    run_to(depth);
    return pop().value;
}

// ---------------------------------------------------------------------------------------------- calls

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
    if (!php) {
        if (!frame().type.empty())
            if (auto method = find_method(frame().type, name); method.is())
                return enter(method, std::move(arguments), step, frame().self, frame().type, nullptr, After::push, {});
        auto* slot = variable(name);
        if (slot == nullptr)
            if (auto global = globals_->variables.find(name); global != globals_->variables.end())
                slot = &global->second;
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
            bool data = value.kind == Kind::unknown && value.tainted() && !value.has(flag::name);
            if ((value.kind == Kind::list || data) && !arguments.empty()) {
                auto to = path({PathNode::Kind::variable, -1, intern(name), {}});
                return push_element(step, {value, to, {}}, std::move(arguments.front()));
            }
        }
    }
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

void Machine::call_value(Slot callee, std::vector<Slot> arguments, const Step& step) {
    auto& value = callee.value;
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
    if (value.kind == Kind::unknown && value.has(flag::name) && !value.view.empty() && !value.tainted())
        return call(last_part(value.view), std::move(arguments), step, false);
    auto whole = summary(value);
    auto visitors = std::ranges::find_if(arguments, [](const Slot& a) { return summary(a.value).tainted(); });
    // A text is no function of Python's: what is called was made by whoever sent it, or has a name that is data.
    bool callable = language() != Language::python || value.type() == kAttribute;
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

void Machine::method(Slot object, std::string_view name, std::vector<Slot> arguments, const Step& step,
                     bool assembled) {
    auto& value = object.value;
    bool php = language() == Language::php;
    auto type = std::string_view{};
    switch (value.kind) {
        case Kind::object: {
            type = value.object->type;
            auto found = find_method(type, name);
            if (found.is()) return enter(found, std::move(arguments), step, value, type, nullptr, After::push, {});
            if (auto run = name == "start" ? find_method(type, "run") : FunctionRef{}; run.is())  // a Thread of Java
                return enter(run, {}, step, value, type, nullptr, After::push, {});
            auto& members = value.object->members;
            if (auto member = members.find(name); member != members.end() && !php)
                return call_value({member->second, -1, {}}, std::move(arguments), step);
            if (auto any = php ? find_method(type, "__call") : FunctionRef{}; any.is()) {
                auto list = std::make_shared<List>();
                for (auto& argument : arguments) list->append(std::move(argument.value));
                std::vector<Slot> two;
                two.push_back({Value::constant(name), -1, {}});
                two.push_back({Value::of_list(std::move(list)), -1, {}});
                return enter(any, std::move(two), step, value, type, nullptr, After::push, {});
            }
            // A type of the script that extends one of the library.
            for (int up = 0; up < 16; ++up) {
                auto info = types_.find(type);
                if (info == types_.end() || info->second.parent.empty()) break;
                type = info->second.parent;
            }
            break;
        }
        case Kind::closure:
            if (name == "__invoke" || name == "invoke" || (name == "apply" && language() != Language::jscript))
                return call_value(std::move(object), std::move(arguments), step);
            if (name == "call") {
                if (php && !arguments.empty()) value = bound(value, arguments.front().value);
                if (!arguments.empty()) arguments.erase(arguments.begin());
                return call_value(std::move(object), std::move(arguments), step);
            }
            if (name == "apply" && language() == Language::jscript) {  // (this, [arguments])
                std::vector<Slot> given;
                if (arguments.size() > 1 && arguments[1].value.kind == Kind::list)
                    for (const auto& item : arguments[1].value.list().items) given.push_back({item.value, -1, {}});
                else if (arguments.size() > 1)
                    given.push_back(std::move(arguments[1]));
                return call_value(std::move(object), std::move(given), step);
            }
            if (php && name == "bindto" && !arguments.empty()) return push(bound(value, arguments.front().value));
            if (name == "bindto" || name == "bind") return push(std::move(value));
            type = "closure";
            break;
        case Kind::text:
            if (!php) {
                type = "String";
                break;
            }
            [[fallthrough]];
        case Kind::unknown: {
            if (value.kind == Kind::text && value.tainted()) break;
            type = value.kind == Kind::text ? folded(intern(value.view.substr(0, kLongestName))) : value.view;
            if (!value.has(flag::name) && value.kind != Kind::text) {
                // A cast or a declaration says of which type of the script it is: the object made last stands for all.
                auto declared = find_method(type, name);
                if (php || !declared.is()) break;
                Value self;
                self.kind = Kind::object;
                auto& info = types_[type];
                self.object = info.last != nullptr ? info.last : instance(type, step.span);
                if (self.object == nullptr) break;
                return enter(declared, std::move(arguments), step, self, type, nullptr, After::push, {});
            }
            type = resolve_type(type);
            auto found = find_method(type, name);
            if (found.is()) {
                // parent::f(), self::f(): the object stays.
                auto self = frame().self;
                if (self.kind != Kind::object || (php && !find_method(self.object->type, name).is())) self = {};
                return enter(found, std::move(arguments), step, self, type, nullptr, After::push, {});
            }
            if (auto any = php ? find_method(type, "__callstatic") : FunctionRef{}; any.is()) {
                auto list = std::make_shared<List>();
                for (auto& argument : arguments) list->append(std::move(argument.value));
                std::vector<Slot> two;
                two.push_back({Value::constant(name), -1, {}});
                two.push_back({Value::of_list(std::move(list)), -1, {}});
                return enter(any, std::move(two), step, {}, type, nullptr, After::push, {});
            }
            break;
        }
        case Kind::list: {  // {run: eval}.run(x): an object of JScript
            auto* item = php ? nullptr : value.list().find(Value::constant(name));
            if (item != nullptr)
                return call_value({item->kind == Kind::reference ? item->cell->value : *item, -1, {}},
                                  std::move(arguments), step);
            type = "Array";
            break;
        }
        case Kind::number: type = "Number"; break;
        default: break;
    }
    if (value.kind == Kind::unknown && type.empty()) type = value.view;
    if (const auto* entry = look_member(type, name)) {
        auto shown = entry->name.starts_with('.') && !type.empty()
                         ? intern(std::string(last_part(type)) + std::string(entry->name))
                         : entry->name;
        return apply(*entry, shown, arguments, &object, step, assembled);
    }
    // Request.Form("x"): a member that is a source, called.
    if (!php && !arguments.empty()) {
        auto member = read_member(value, name, step.span);
        if (member.tainted() && !value.tainted()) return push(read_element(member, arguments.front().value, step.span));
        if (!value.has(flag::name) && member.kind == Kind::list)
            return push(read_element(member, arguments.front().value, step.span));
    }
    pass_unknown(intern("." + std::string(name)), arguments, &value, step);
    // A path of names goes on: System.Web.HttpContext.Get() is of a type of that name at best.
    if (stack_.back().value.view.empty()) stack_.back().value.view = intern(name);
}

void Machine::create_step(std::string_view type, std::vector<Slot> arguments, const Step& step, bool assembled) {
    type = resolve_type(type);
    auto found = types_.find(type);
    if (found == types_.end()) found = types_.find(last_part(type));
    if (found != types_.end() && !found->second.name.empty()) {
        auto* object = instance(found->second.name, step.span);
        if (object == nullptr) return push(Value::of_type(found->second.name));
        Value made;
        made.kind = Kind::object;
        made.object = object;
        for (auto name : {std::string_view("__construct"), found->second.name, std::string_view("new"),
                          std::string_view("__init__"), std::string_view("constructor")}) {
            auto constructor = find_method(found->second.name, name);
            if (!constructor.is()) continue;
            return enter(constructor, std::move(arguments), step, made, found->second.name, nullptr, After::object,
                         made);
        }
        // Python and JScript hand on what a type of the library is made of.
        return push(std::move(made));
    }
    if (auto function = functions_.find(type); function != functions_.end() && language() != Language::php) {
        auto* object = instance(type, step.span);  // new F() of JScript
        if (object == nullptr) return push(Value::unknown());
        Value made;
        made.kind = Kind::object;
        made.object = object;
        return enter(function->second, std::move(arguments), step, made, type, nullptr, After::object, made);
    }
    std::string key = "new ";
    key += last_part(type);
    if (const auto* entry = look(key)) {
        apply(*entry, entry->name, arguments, nullptr, step, assembled);
        auto& value = stack_.back().value;
        if (value.kind == Kind::unknown && value.view.empty()) value.view = last_part(type);
        return;
    }
    // new Handler(Run): a delegate is the function that it is made of.
    bool delegate = arguments.size() == 1 && arguments[0].value.kind == Kind::closure;
    if (delegate && (language() == Language::csharp || language() == Language::vbnet))
        return push(std::move(arguments[0].value));
    Value value = Value::of_type(last_part(type));
    for (const auto& argument : arguments) taint(value, summary(argument.value));
    push(std::move(value));
}

// ---------------------------------------------------------------------------------------------- the library's
// functions

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
    all.flags &= static_cast<std::uint16_t>(~(flag::verifies | flag::authenticates));

    auto depth = frames_.size();
    if (entry.evaluate != nullptr && !over_) {
        Call call{*this, entry, shown, values, where, object == nullptr ? nullptr : &object->value, span};
        call.object_path = object == nullptr ? -1 : object->path;
        call.bare = step.detail != 0;
        if (entry.evaluate(call)) {
            auto& result = call.result;
            bool is_cut = entry.result == Result::decodes && result.kind == Kind::text;
            if (is_cut && result.view.size() >= kMostInflated) limit("decoded bytes");
            if (result.kind == Kind::text || result.kind == Kind::list) {
                if (entry.result == Result::passes || entry.result == Result::decodes) {
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
    static_cast<void>(depth);

    Value result = Value::unknown();
    if (entry.code != Language::none) {
        for (std::size_t i = 0; i < values.size() && i < 15; ++i)
            if ((entry.takes >> i & 1) != 0) result = evaluate(values[i], entry.code, entry.name, span);
    }
    if (entry.calls != 0) {
        for (std::size_t i = 0; i < values.size() && i < 15; ++i) {
            if ((entry.calls >> i & 1) == 0) continue;
            const auto& callee = values[i];
            if (callee.kind == Kind::nothing || callee.kind == Kind::truth || callee.kind == Kind::number) continue;
            std::vector<Value> given;
            for (std::size_t j = 0; j < values.size(); ++j) {
                if ((entry.calls >> j & 1) != 0) continue;
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
        case Result::decodes:
            if (entry.code == Language::none)  // else it was run: what it did is told
                for (const auto& value : values) lost(value, span);
            if (result.kind == Kind::unknown) {
                taint(result, all);
                if (result.tainted()) note(result, entry.name, span);
            }
            if (entry.result == Result::decodes) result.flags |= flag::decoded;
            if (result.kind == Kind::unknown && result.view.empty() && is_computed(entry, values, object))
                result.view = kComputed;
            break;
        case Result::cleans:
            if (entry.calls == 0) result = Value::unknown();
            break;
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
    if (!entry.makes.empty() && result.kind == Kind::unknown) result.view = entry.makes;
    if (entry.makes == kUploadName) result.flags |= flag::upload_name;
    if (entry.fills != 0) {
        auto filled = entry.result == Result::source ? result : all;
        for (std::size_t i = 0; i < where.size() && i < 15; ++i)
            if ((entry.fills >> i & 1) != 0 && where[i] >= 0) assign(where[i], filled, uncertain());
        // An object that keeps what it is given: writer.Write(x), list.Add(x).
        if ((entry.fills & kObject) != 0 && object != nullptr && object->path >= 0 && all.tainted())
            if (auto* slot = resolve(object->path, false))
                taint(slot->kind == Kind::reference ? slot->cell->value : *slot, all);
    }
    // What adds to its object and gives it back: builder.append(a).append(b).
    bool itself = (entry.fills & kObject) != 0 && object != nullptr && entry.result == Result::passes;
    push(std::move(result), itself ? object->path : -1);
}

}  // namespace ascribe::shells

// Methods: what a name means of an object, a function, a type or data, and how objects are made.
#include <algorithm>

#include "base/text.hpp"
#include "shells/machine/call.hpp"
#include "shells/machine/machine.hpp"

namespace ascribe::shells {

/// o["exec"](x) of JScript is o.exec(x). False where it is something else.
bool Machine::call_member(const Slot& callee, std::vector<Slot>& arguments, const Step& step) {
    if (language() != Language::jscript || callee.path < 0 || callee.value.kind != Kind::unknown) return false;
    const auto& node = paths_[static_cast<std::size_t>(callee.path)];
    bool named = node.kind == PathNode::Kind::element && node.key.kind == Kind::text && !node.key.tainted();
    auto* held = named && node.before >= 0 ? resolve(node.before, false) : nullptr;
    if (held == nullptr || behind(*held).kind != Kind::unknown || behind(*held).type().empty()) return false;
    bool assembled = node.key.has(flag::assembled | flag::decoded);
    auto name = intern(node.key.view.substr(0, kLongestName));
    method({behind(*held), node.before, {}}, name, std::move(arguments), step, assembled);
    return true;
}

std::optional<Value> Machine::call_each_method(const Value& object, std::vector<Value> arguments, Span span) {
    constexpr std::size_t kMostMethods = 16;
    auto type = object.kind == Kind::object ? types_.find(object.object->type) : types_.end();
    if (type == types_.end() || type->second.methods.size() == 0) return std::nullopt;
    std::vector<FunctionRef> methods;
    for (const auto& [called, method] : type->second.methods)
        if (!called.starts_with("__") && methods.size() < kMostMethods) methods.push_back(method);
    auto result = Value::unknown();
    for (auto method : methods) result = shells::join(result, invoke(method, object, arguments, span));
    return result;
}

/// A method of a constant of an enumeration, where nobody knows of which: each is walked.
std::optional<Value> Machine::call_each_constant(std::string_view type, std::string_view name,
                                                 const std::vector<Slot>& arguments, Span span) {
    auto constants = constants_of(type);
    if (constants.empty()) return std::nullopt;
    std::vector<Value> given;
    for (const auto& argument : arguments) given.push_back(argument.value);
    auto result = Value::unknown();
    for (const auto& constant : constants) {
        auto method = find_method(constant.object->type, name);
        if (method.is()) result = shells::join(result, invoke(method, constant, given, span));
    }
    return result;
}

/// $object->$name(...), where a visitor says which of the methods of a type of the script's own: each is walked.
bool Machine::call_any_method(const Value& object, const Value& name, const std::vector<Slot>& arguments,
                              const Step& step) {
    if (object.kind != Kind::object || !name.tainted() || find_method(object.object->type, "__call").is()) return false;
    std::vector<Value> given;
    for (const auto& argument : arguments) given.push_back(argument.value);
    auto result = call_each_method(object, std::move(given), step.span);
    if (result) push(*std::move(result));
    return result.has_value();
}

/// A function of one of Perl's packages in the script, as a method: it gets the object, or the package's name, first.
bool Machine::call_packaged(std::string_view type, Slot& object, std::string_view name, std::vector<Slot>& arguments,
                            const Step& step) {
    auto found = functions_.find(name);
    if (found == functions_.end()) return false;
    auto& value = object.value;
    if (value.has(flag::name)) {
        auto text = own_text();
        if (!charge(1 + text.size() / kLookedAtOnce)) return false;
        if (!text.contains("package " + std::string(type)) && type != "__PACKAGE__") return false;
        value = Value::constant(type);
    } else if (const auto* entry = value.kind == Kind::unknown ? look_member(type, name) : nullptr; entry != nullptr) {
        return false;
    }
    arguments.insert(arguments.begin(), std::move(object));
    enter(found->second, std::move(arguments), step, {}, {}, nullptr, After::push, {});
    return true;
}

/// What stands for a name that a type lacks: __call($name, $arguments).
std::vector<Slot> Machine::named_arguments(std::string_view name, std::vector<Slot>& arguments) {
    auto list = std::make_shared<List>();
    for (auto& argument : arguments) list->append(std::move(argument.value));
    std::vector<Slot> two;
    two.push_back({Value::constant(name), -1, {}});
    two.push_back({Value::of_list(std::move(list)), -1, {}});
    return two;
}

/// Of an object that the script made. False where its type has no such method.
bool Machine::call_of_object(Slot& object, std::string_view name, std::vector<Slot>& arguments, const Step& step) {
    auto& value = object.value;
    bool php = language() == Language::php;
    auto type = value.object->type;
    auto run = [&](FunctionRef found, std::vector<Slot> given) {
        enter(found, std::move(given), step, value, type, nullptr, After::push, {});
        return true;
    };
    if (auto found = find_method(type, name); found.is()) return run(found, std::move(arguments));
    if (auto found = name == "start" ? find_method(type, "run") : FunctionRef{}; found.is())  // a Thread of Java
        return run(found, {});
    auto& members = value.object->members;
    if (auto member = members.find(name); member != members.end() && !php) {
        call_value({member->second, -1, {}}, std::move(arguments), step);
        return true;
    }
    if (call_prototype(type, object, name, arguments, step)) return true;
    auto any = php ? find_method(type, "__call") : FunctionRef{};
    return any.is() && run(any, named_arguments(name, arguments));
}

/// Of a function: f.call(this, x), f.Invoke(x), f.bind(this).
bool Machine::call_of_function(Slot& object, std::string_view name, std::vector<Slot>& arguments, const Step& step) {
    auto& value = object.value;
    bool php = language() == Language::php, script = language() == Language::jscript;
    if (php && name == "bindto" && !arguments.empty()) {
        push(bound(value, arguments.front().value));
        return true;
    }
    if (name == "bindto" || name == "bind") {
        push(std::move(value));
        return true;
    }
    std::vector<Slot> given;
    if (name == "__invoke" || name == "invoke" || (name == "apply" && !script)) {
        given = std::move(arguments);
    } else if (name == "call") {
        if (php && !arguments.empty()) value = bound(value, arguments.front().value);
        if (!arguments.empty()) arguments.erase(arguments.begin());
        given = std::move(arguments);
    } else if (name == "apply") {  // (this, [arguments])
        if (arguments.size() > 1 && arguments[1].value.kind == Kind::list)
            for (const auto& item : arguments[1].value.list().items) given.push_back({item.value, -1, {}});
        else if (arguments.size() > 1)
            given.push_back(std::move(arguments[1]));
    } else {
        return false;
    }
    call_value(std::move(object), std::move(given), step);
    return true;
}

/// Of a type that a cast or a declaration names: the object made last stands for all.
bool Machine::call_of_declared(std::string_view type, std::string_view name, std::vector<Slot>& arguments,
                               const Step& step) {
    auto declared = find_method(type, name);
    if (language() == Language::php || !declared.is()) return false;
    if (auto all = call_each_constant(type, name, arguments, step.span)) {
        push(*std::move(all));
        return true;
    }
    Value self;
    self.kind = Kind::object;
    auto& info = types_[type];
    self.object = info.last != nullptr ? info.last : instance(type, step.span);
    if (self.object == nullptr) return false;
    enter(declared, std::move(arguments), step, self, type, nullptr, After::push, {});
    return true;
}

/// Of a type itself, by its name: T::f(), T.f(), and parent::f().
bool Machine::call_of_type(std::string_view type, const Value& value, std::string_view name,
                           std::vector<Slot>& arguments, const Step& step) {
    bool php = language() == Language::php;
    auto run = [&](FunctionRef found, std::vector<Slot> given, const Value& self, std::string_view of) {
        enter(found, std::move(given), step, self, of, nullptr, After::push, {});
        return true;
    };
    if (auto found = find_method(type, name); found.is()) {
        auto self = frame().self;  // parent::f(), self::f(): the object stays
        if (self.kind != Kind::object || (php && !find_method(self.object->type, name).is())) self = {};
        return run(found, std::move(arguments), self, type);
    }
    if (choose_constant(type, name, arguments)) return true;
    auto only = only_methods_.find(name);
    bool text = value.kind == Kind::text && !value.has(flag::name);
    if (text && only != only_methods_.end() && only->second.is())  // a case of an enumeration stands for its value
        return run(only->second, std::move(arguments), value, only->second.get().type);
    auto any = php ? find_method(type, "__callstatic") : FunctionRef{};
    return any.is() && run(any, named_arguments(name, arguments), {}, type);
}

void Machine::method(Slot object, std::string_view name, std::vector<Slot> arguments, const Step& step,
                     bool assembled) {
    auto& value = object.value;
    bool php = language() == Language::php;
    auto type = std::string_view{};
    switch (value.kind) {
        case Kind::object:
            if (call_of_object(object, name, arguments, step)) return;
            type = library_type(value.object->type);
            break;
        case Kind::closure:
            if (call_of_function(object, name, arguments, step)) return;
            type = value.closure->name.empty() ? "closure" : value.closure->name;  // bytes.fromhex(x) of Python
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
            bool named = value.has(flag::name) || value.kind == Kind::text;
            if (named) type = resolve_type(type);
            if (named ? call_of_type(type, value, name, arguments, step)
                      : call_of_declared(type, name, arguments, step))
                return;
            break;
        }
        case Kind::list: {                                        // {run: eval}.run(x): an object of JScript
            bool members = !php && language() != Language::perl;  // there, a name in a hash is no method
            auto* item = members ? value.list().find(Value::constant(name)) : nullptr;
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
    if (language() == Language::perl && call_packaged(type, object, name, arguments, step)) return;
    if (call_prototype(type, object, name, arguments, step)) return;
    // ColdFusion's createObject("java", "T").init(x), Java's Class.forName("T").newInstance(), Perl's T->new(x)
    bool constructs = language() == Language::cfml && equals_folded(name, "init") && value.has(flag::name);
    constructs |= language() == Language::java && name == "newInstance" && value.has(flag::name);
    constructs |= language() == Language::perl && name == "new" && value.kind == Kind::unknown && !value.tainted();
    const auto* entry = look_member(type, name);
    if (constructs && (entry == nullptr || entry->name.starts_with('.')))
        return create_step(type, std::move(arguments), step, assembled);
    if (entry != nullptr) {
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
        // context.Request("x") of Visual Basic is context.Request["x"].
        const auto* own = member.tainted() ? nullptr : look_variable(name);
        if (own != nullptr && own->result == Result::source && equals_folded(member.type(), name))
            return push(read_element(member, arguments.front().value, step.span));
    }
    // A function stands for an object that has it as its only method: a delegate, an interface of Java's.
    bool only = language() == Language::java || language() == Language::csharp || language() == Language::vbnet;
    if (value.kind == Kind::closure && only) return call_value(std::move(object), std::move(arguments), step);
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
        for (auto name :
             {std::string_view("__construct"), found->second.name, std::string_view("new"),
              std::string_view("__init__"), std::string_view("constructor"), std::string_view("class_initialize")}) {
            auto constructor = find_method(found->second.name, name);
            if (!constructor.is()) continue;
            return enter(constructor, std::move(arguments), step, made, found->second.name, nullptr, After::object,
                         made);
        }
        auto thrown = library_type(found->second.name);
        if (!arguments.empty() && (ends_folded(thrown, "exception") || ends_folded(thrown, "error")))
            object->members["message"] = std::move(arguments.front().value);
        return push(std::move(made));
    }
    auto* held = language() == Language::jscript ? variable(type) : nullptr;
    if (held != nullptr && held->kind == Kind::closure && held->closure->function.is()) {  // var F = function() {...}
        if (auto* object = instance(type, step.span); object != nullptr) {
            Value made;
            made.kind = Kind::object;
            made.object = object;
            return enter(held->closure->function, std::move(arguments), step, made, type, held->closure, After::object,
                         made);
        }
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
    bool delegate = arguments.size() == 1 && (language() == Language::csharp || language() == Language::vbnet);
    if (delegate && arguments[0].value.kind == Kind::closure) return push(std::move(arguments[0].value));
    if (auto named = delegate ? arguments[0].value.names_function() : std::string_view{}; !named.empty()) {
        auto known = functions_.find(named);
        auto function = known != functions_.end() ? known->second : find_method(frame().type, named);
        if (function.is()) return push(as_value(function, frame().self));
    }
    Value value = Value::of_type(last_part(type));
    for (const auto& argument : arguments) taint(value, summary(argument.value));
    push(std::move(value));
}

}  // namespace ascribe::shells

// Calls: which function a name or a value stands for.
#include <algorithm>

#include "base/text.hpp"
#include "shells/machine/call.hpp"
#include "shells/machine/machine.hpp"

namespace ascribe::shells {

namespace {

/// The name of a function, as a value: AddressOf f, \&f; "" when it is none.
std::string_view named_by(const Value& value) {
    if (value.tainted()) return {};
    return value.kind == Kind::unknown && value.has(flag::name) ? value.type() : std::string_view{};
}

}  // namespace

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
            if (auto named = named_by(value); !named.empty()) {
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
            if (call_prototype(type, object, name, arguments, step)) return;
            if (auto any = php ? find_method(type, "__call") : FunctionRef{}; any.is()) {
                auto list = std::make_shared<List>();
                for (auto& argument : arguments) list->append(std::move(argument.value));
                std::vector<Slot> two;
                two.push_back({Value::constant(name), -1, {}});
                two.push_back({Value::of_list(std::move(list)), -1, {}});
                return enter(any, std::move(two), step, value, type, nullptr, After::push, {});
            }
            type = library_type(type);
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
            if (!value.has(flag::name) && value.kind != Kind::text) {
                // A cast or a declaration says of which type of the script it is: the object made last stands for all.
                auto declared = find_method(type, name);
                if (php || !declared.is()) break;
                if (auto all = call_each_constant(type, name, arguments, step.span)) return push(*std::move(all));
                Value self;
                self.kind = Kind::object;
                auto& info = types_[type];
                self.object = info.last != nullptr ? info.last : instance(type, step.span);
                if (self.object == nullptr) break;
                return enter(declared, std::move(arguments), step, self, type, nullptr, After::push, {});
            }
            type = resolve_type(type);
            auto found = find_method(type, name);
            if (!found.is() && choose_constant(type, name, arguments)) return;
            if (auto only = only_methods_.find(name); !found.is() && value.kind == Kind::text &&
                                                      !value.has(flag::name) && only != only_methods_.end() &&
                                                      only->second.is())
                // A case of an enumeration stands for its value.
                return enter(only->second, std::move(arguments), step, value, only->second.get().type, nullptr,
                             After::push, {});
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
    if (auto named = delegate ? named_by(arguments[0].value) : std::string_view{}; !named.empty()) {
        auto known = functions_.find(named);
        auto function = known != functions_.end() ? known->second : find_method(frame().type, named);
        if (function.is()) return push(as_value(function, frame().self));
    }
    Value value = Value::of_type(last_part(type));
    for (const auto& argument : arguments) taint(value, summary(argument.value));
    push(std::move(value));
}

}  // namespace ascribe::shells

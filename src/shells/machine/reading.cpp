// Reading of variables, elements and members; what is read remembers its place.
#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "shells/machine/call.hpp"
#include "shells/machine/machine.hpp"

namespace ascribe::shells {
namespace {

constexpr std::size_t kMostPaths = 1 << 16;

/// Whether the name of a function of the library, where it is not called, is the function: f = eval, {"r": os.system}.
bool is_value(Language language, const Entry& entry) {
    if (language == Language::jscript) return entry.code != Language::none;
    if (language == Language::csharp) return entry.sink.has_value();
    bool computes = entry.evaluate != nullptr && entry.result != Result::source;
    bool does = entry.sink || entry.code != Language::none || computes;
    return does && language == Language::python;
}

/// The function of the library among what a list holds, or the name of one of PHP's that runs what it is given; nothing
/// when there is none.
std::optional<Value> function_in(const List& list, Language language) {
    constexpr std::size_t kLooked = 64;
    for (std::size_t i = 0; i < std::min(list.items.size(), kLooked); ++i) {
        const auto& value = behind(list.items[i].value);
        if (value.kind == Kind::closure && !value.closure->function.is()) return value;
        if (language != Language::php || !names_runner(value)) continue;
        auto named = value;
        named.flags |= flag::maybe;
        return named;
    }
    return std::nullopt;
}

}  // namespace

bool names_login(std::string_view name) {
    name = name.substr(0, 256);
    for (std::string_view word : {"pass", "pwd", "passwd", "login", "auth", "token", "secret", "psw", "passwort", "mdp",
                                  "parola", "sifre", "senha", "mima"})
        if (contains_folded(name, word)) return true;
    return false;
}

std::int32_t Machine::path(PathNode node) {
    if (paths_.size() > kMostPaths) return -1;
    paths_.push_back(std::move(node));
    return static_cast<std::int32_t>(paths_.size() - 1);
}

std::int32_t Machine::path_of_variable(std::string_view name) {
    if (paths_.size() > kMostPaths) return -1;
    auto& node = paths_.emplace_back();
    node.kind = PathNode::Kind::variable;
    node.name = name;
    return static_cast<std::int32_t>(paths_.size() - 1);
}

Value* Machine::variable(std::string_view name) {
    auto& scope = name.starts_with("#static") ? *globals_ : *frames_.back().scope;
    auto found = scope.variables.find(name);
    return found == scope.variables.end() ? nullptr : &found->second;
}

Value& Machine::set_variable(std::string_view name, Value value) {
    auto& scope = name.starts_with("#static") ? *globals_ : *frames_.back().scope;
    auto [slot, fresh] = scope.variables.try_emplace(name);
    if (fresh) charge_bytes(sizeof(Value) + 64);
    behind(slot->second) = std::move(value);
    return slot->second;
}

/// What a bare name holds that is no variable of the function under way: a member of its object or its type, or a
/// variable of the page; where there is none, no value.
Machine::Held Machine::held_outside(std::string_view name) {
    const auto& at = frame();
    if (at.self.kind == Kind::object)
        if (auto member = at.self.object->members.find(name); member != at.self.object->members.end())
            return {&member->second, {PathNode::Kind::member, -1, name, at.self}};
    if (auto* holder = at.type.empty() ? nullptr : find_static(at.type, name); holder != nullptr)
        if (auto member = holder->statics.find(name); member != holder->statics.end())
            return {&member->second, {PathNode::Kind::type_member, -1, name, Value::constant(holder->name)}};
    auto global = globals_->variables.find(name);
    if (global == globals_->variables.end()) return {};
    return {&global->second, {PathNode::Kind::variable, -1, name, Value::of_number(1)}};
}

void Machine::push_variable(const Step& step, std::string_view name) {
    bool php = language() == Language::php;
    if (name == "this") {
        auto self = frame().self;
        if (self.kind == Kind::nothing) self = Value::of_type(frame().type.empty() ? name : frame().type);
        return push(std::move(self));
    }
    if (php && name == "GLOBALS")
        return push(Value::of_type("GLOBALS"), path({PathNode::Kind::variable, -1, name, {}}));
    auto to = path_of_variable(name);
    if (auto* slot = variable(name)) return push(narrowed(behind(*slot), to), to);
    if (name == kThrown) return push(Value::unknown(), to);
    if (!php) {
        if (auto held = held_outside(name); held.value != nullptr)
            return push(behind(*held.value), path(std::move(held.place)));
        bool result = frame().function.is() && frame().function.get().name == name;  // of the getter itself
        auto read = result ? std::nullopt : read_property(frame().type, frame().self, name, step.span);
        if (read) return push(*std::move(read), to);
    }
    if (const auto* entry = look_variable(name)) {
        Value value = Value::of_type(entry->makes.empty() ? name : entry->makes);
        if (entry->result == Result::source) {
            if (auto known = ask(*entry, step.span)) return push(*std::move(known), to);
            value = source(entry->origin, php ? intern("$" + std::string(name)) : name, step.span);
            value.view = entry->makes.empty() ? name : entry->makes;
        }
        return push(std::move(value), to);
    }
    if (frame().scope->rest.kind != Kind::nothing) {
        auto value = frame().scope->rest;
        note(value, php ? intern("$" + std::string(name)) : name, step.span);
        if (names_login(name)) value.flags |= flag::login;
        return push(std::move(value), to);
    }
    if (php && &scope() == globals_.get() && is_field(name)) return push(registered(name, step.span), to);
    if (php) return push(Value::undefined(), to);
    // CFML looks a name up in the scopes of form and address too.
    if (language() == Language::cfml && is_field(name)) return push(registered(name, step.span), to);
    if (!within_.empty() && push_surrounding(step, name)) return;
    if (const auto* entry = look(name); entry != nullptr && is_value(language(), *entry))
        return push(function_named(name), to);
    auto value = Value::of_type(name);
    value.flags |= flag::name;
    push(std::move(value), to);
}

Value Machine::bound(const Value& function, const Value& self) {
    if (self.kind != Kind::object || closures_.size() > kMostClosures) return function;
    auto& closure = closures_.emplace_back(*function.closure);
    closure.self = self;
    auto value = function;
    value.closure = &closure;
    return value;
}

/// What a source is that a script does not always have: nothing where it is one.
std::optional<Value> Machine::ask(const Entry& entry, Span span) {
    if (entry.evaluate == nullptr) return std::nullopt;
    Call call{*this, entry, entry.name, {}, {}, nullptr, span};
    return entry.evaluate(call) ? std::optional(std::move(call.result)) : std::nullopt;
}

Value Machine::function_named(std::string_view name) {
    if (closures_.size() > kMostClosures) return Value::unknown();
    auto& closure = closures_.emplace_back();
    closure.name = folded(intern(name));
    Value value;
    value.kind = Kind::closure;
    value.closure = &closure;
    return value;
}

Value Machine::read_element(const Value& container, const Value& key, Span span) {
    switch (container.kind) {
        case Kind::text: {
            if (container.tainted()) break;
            auto number = key.kind == Kind::unknown ? std::nullopt : number_of(key);
            if (!number) break;
            auto size = static_cast<double>(container.view.size());
            auto at = *number < 0 ? size + *number : std::floor(*number);
            Value value = at >= 0 && at < size
                              ? Value::text(std::string(1, container.view[static_cast<std::size_t>(at)]))
                              : Value::constant("");
            taint(value, container);
            value.flags |= flag::assembled;
            return value;
        }
        case Kind::list: {
            const auto& list = container.list();
            if (key.kind == Kind::unknown || key.tainted()) {
                auto function = function_in(list, language());  // whichever it is, it may be this one
                if (function) return *std::move(function);
                if (list.items.empty() && options_of(list.rest) != nullptr) return list.rest;
                auto options = language() == Language::php ? options_in(container) : nullptr;
                return options != nullptr ? one_of(std::move(options)) : summary(container);
            }
            if (auto* found = container.list().find(key_of(key))) return behind(*found);
            if (list.rest.kind != Kind::nothing) {
                bool whole = list.rest.trail != nullptr && list.rest.trail->source;
                return whole ? read_element(list.rest, key, span) : list.rest;
            }
            return Value::undefined();
        }
        case Kind::object: {
            if (key.kind == Kind::text) return read_member(container, key.view, span);
            return summary(container);
        }
        case Kind::nothing: return Value::undefined();
        default: break;
    }
    if (container.kind != Kind::unknown) {
        auto value = Value::unknown();
        taint(value, container);
        return value;
    }
    auto type = container.type();
    bool module = language() == Language::python && container.has(flag::name);  // vars(os)["system"]
    if (module && key.kind == Kind::text && !key.tainted()) return read_member(container, intern(key.view), span);
    if (module && key.tainted()) {
        auto any = Value::of_type(kAttribute);
        taint(any, key);
        return any;
    }
    if (!type.empty() && key.kind == Kind::text && !key.tainted()) {
        const auto* entry = look_member(type, key.view);
        // An element is not a method of that name: $x{vars} is nothing of CGI's Vars.
        bool only_data = language() == Language::perl || language() == Language::python || language() == Language::php;
        if (entry != nullptr && only_data && entry->name.starts_with('.')) entry = nullptr;
        if (entry == nullptr && key.view.starts_with("HTTP_")) entry = look_member(type, "HTTP_*");
        if (entry != nullptr) {
            auto text = std::string(type == "_SERVER" ? "$" : "") + std::string(type) + "['" +
                        std::string(key.view.substr(0, 64)) + "']";
            Value value =
                entry->result == Result::source ? source(entry->origin, intern(text), span) : Value::unknown();
            if (entry->result == Result::passes) taint(value, container);
            return value;
        }
    }
    // Whoever goes through all that the server tells goes through the headers.
    if (type == "_SERVER" && (key.kind == Kind::unknown || key.tainted()))
        return source(Origin::header, "$_SERVER[...]", span);
    Value value = type == kComputed ? Value::of_type(kComputed) : Value::unknown();
    if (!container.tainted() && !type.empty()) {
        if (const auto* entry = look_variable(last_part(type)); entry != nullptr && entry->result == Result::source)
            value = source(entry->origin, intern(type), span);
    }
    taint(value, container);
    if (value.trail != nullptr && value.trail->source) {
        auto text = std::string(value.trail->what);
        auto name = key.kind == Kind::text     ? std::optional(std::string(key.view.substr(0, 256)))
                    : key.kind == Kind::number ? text_of(key)
                                               : std::nullopt;
        text += name ? "['" + name->substr(0, 64) + "']" : std::string("[...]");
        if (trails_.size() < 100000) {
            trails_.push_back({nullptr, place(span), intern(text), 1, false});
            value.trail = &trails_.back();
        }
        if (name && names_login(*name)) value.flags |= flag::login;
        if (name && (value.origins & bit(Origin::upload)) != 0 && *name != "name") value.view = "#file";
    } else if ((container.origins & bit(Origin::upload)) != 0 && key.kind == Kind::text) {
        if (key.view == "name") value.flags |= flag::upload_name;
        // Its size and number of errors are no data of the visitor's that could do harm.
        if (key.view == "size" || key.view == "error") return Value::unknown();
    }
    return value;
}

/// isset($object[$key]), unset($object->name). https://www.php.net/manual/en/class.arrayaccess.php
Value Machine::ask_about(std::int32_t at, std::string_view of_element, std::string_view of_member, Span span) {
    if (at < 0 || language() != Language::php) return Value::unknown();
    auto node = paths_[static_cast<std::size_t>(at)];
    auto object = Value::unknown();
    if (node.kind == PathNode::Kind::member && node.key.kind == Kind::object) {
        object = node.key;
        if (!object.object->members.contains(node.name)) node.key = Value::constant(node.name);
    } else if (node.kind == PathNode::Kind::element && node.before >= 0) {
        if (const auto* holder = resolve(node.before, false)) object = behind(*holder);
    }
    if (object.kind != Kind::object || node.key.kind == Kind::object) return Value::unknown();
    auto method = find_method(object.object->type, node.kind == PathNode::Kind::member ? of_member : of_element);
    if (!method.is() || is_asked(method, object, node.name)) return Value::unknown();
    return invoke(method, object, {node.key}, span);
}

void Machine::push_element(const Step& step, Slot container, Slot key) {
    if (key.value.kind == Kind::text) charge(key.value.view.size() / kLookedAtOnce);
    if (key.value.kind == Kind::unknown) charge_items(container.value);
    if (container.value.kind == Kind::unknown && container.value.view == "GLOBALS" && language() == Language::php) {
        auto text = key.value.kind == Kind::unknown ? std::nullopt : text_of(key.value);
        if (text) {
            auto name = intern(*text);
            if (key.value.has(flag::assembled | flag::decoded)) signal("conceal.globals", step.span);
            auto to = path({PathNode::Kind::variable, -1, name, Value::of_number(1)});
            auto found = globals_->variables.find(name);
            if (found != globals_->variables.end()) return push(behind(found->second), to);
            if (const auto* entry = look_variable(*text); entry != nullptr && entry->result == Result::source) {
                auto value = source(entry->origin, intern("$" + *text), step.span);
                value.view = entry->makes.empty() ? name : entry->makes;
                return push(std::move(value), to);
            }
            if (is_field(name)) return push(registered(name, step.span), to);
            return push(Value::undefined(), to);
        }
        return push(Value::unknown(), path({PathNode::Kind::variable, -1, "#any", Value::of_number(1)}));
    }
    bool global = language() == Language::jscript && container.value.type() == "this";
    if (global && key.value.kind == Kind::text && !key.value.tainted())  // this["eval"]
        return push_variable(step, intern(key.value.view));
    if (auto choices = language() == Language::vbnet ? choices_of(container) : std::vector<Value>{}; !choices.empty()) {
        for (auto& choice : choices) container = {call_back(choice, {key.value}, step.span), -1, {}};
        return push(std::move(container.value));
    }
    if (container.value.kind == Kind::closure) {  // VB's f(x)
        std::vector<Slot> given;
        given.push_back(std::move(key));
        return call_value(std::move(container), std::move(given), step);
    }
    if (container.value.kind == Kind::object) {
        const auto& type = container.value.object->type;
        auto name = language() == Language::python ? std::string_view("__getitem__") : kElementGetter;
        if (auto getter = find_method(type, name); getter.is() && !is_asked(getter, container.value, {})) {
            auto to =
                container.path < 0 ? -1 : path({PathNode::Kind::element, container.path, {}, key.value, key.path});
            std::vector<Slot> asked;
            asked.push_back(std::move(key));
            auto depth = frames_.size();
            enter(getter, std::move(asked), step, container.value, type, nullptr, After::push, {});
            if (frames_.size() > depth)
                frames_.back().place = to;
            else
                stack_.back().path = to;
            return;
        }
    }
    auto value = read_element(container.value, key.value, step.span);
    auto to =
        container.path < 0 ? -1 : path({PathNode::Kind::element, container.path, {}, std::move(key.value), key.path});
    push(narrowed(std::move(value), to), to);
}

/// Whether this object's __get is just answering what `name` is: inside, PHP does not ask it again, and the member is
/// undefined. Else a getter that reads what it lacks would double the work with every call; so would one that asks for
/// ever longer names, which is left after a few.
/// https://www.php.net/manual/en/language.oop5.overloading.php
bool Machine::is_asked(FunctionRef getter, const Value& object, std::string_view name) const {
    constexpr std::size_t kNested = 3;
    std::size_t nested = 0;
    for (const Frame& at : frames_) {
        if (at.function != getter || at.self.kind != Kind::object || at.self.object != object.object) continue;
        bool same = !at.arguments.empty() && at.arguments[0].kind == Kind::text && at.arguments[0].view == name;
        if (same || ++nested == kNested) return true;
    }
    return false;
}

/// What the getter of a property gives; nothing when that type has none of this name.
std::optional<Value> Machine::read_property(std::string_view type, const Value& object, std::string_view name,
                                            Span span) {
    FunctionRef getter;
    if (type.empty()) {  // a page's own
        if (auto found = functions_.find(name); found != functions_.end()) getter = found->second;
    } else if (types_.contains(type)) {
        getter = find_method(type, name);
    }
    if (!getter.is() || !getter.get().getter) return std::nullopt;
    Value self = object;
    if (self.kind != Kind::object) {  // the object made last stands for all
        self = {};
        if (auto known = types_.find(type); known != types_.end() && known->second.last != nullptr) {
            self.kind = Kind::object;
            self.object = known->second.last;
        }
    }
    return invoke(getter, self, {}, span);
}

Value Machine::read_member(const Value& object, std::string_view name, Span span) {
    if (object.kind == Kind::object) {
        auto& members = object.object->members;
        if (auto found = members.find(name); found != members.end()) return behind(found->second);
        if (object.object->rest.kind != Kind::nothing) return object.object->rest;
        auto getter = find_method(object.object->type, language() == Language::python ? "__getattr__" : "__get");
        if (getter.is() && !is_asked(getter, object, name))
            return invoke(getter, object, {Value::constant(name)}, span);
        if (types_.contains(object.object->type)) {
            // Unless a parent that is not here has it, as controllers of frameworks have the request.
            const auto* inherited = language() == Language::php ? look_member({}, name) : nullptr;
            if (language() == Language::php && (inherited == nullptr || inherited->makes != kRequestType))
                return Value::undefined();
        }
    }
    if (auto owner = object.kind == Kind::object ? object.object->type : object.type(); !owner.empty())
        if (auto read = read_property(owner, object, name, span)) return *std::move(read);
    if (language() != Language::php && (object.kind == Kind::text || object.kind == Kind::list)) {
        bool size = equals_folded(name, "length") || (object.kind == Kind::list && equals_folded(name, "count"));
        if (size && object.kind == Kind::text && !object.tainted())
            return Value::of_number(static_cast<double>(object.view.size()));
        bool open = object.kind == Kind::list && object.list().rest.kind != Kind::nothing;
        if (size && open) return Value::unknown();
        if (size && object.kind == Kind::list) return Value::of_number(static_cast<double>(object.list().items.size()));
        if (object.kind == Kind::list)
            if (auto* item = object.list().find(Value::constant(name))) return behind(*item);
    }
    // A case of an enumeration stands for its value.
    if (language() == Language::php && object.kind == Kind::text && name == "value") return object;
    auto type = object.kind == Kind::object ? library_type(object.object->type) : object.type();
    if (language() == Language::python && name == "__dict__") return object;
    if (language() == Language::perl && name == "new" && object.has(flag::name)) return Value::of_type(type);
    const auto* entry = look_member(type, name);
    bool function = entry != nullptr && object.has(flag::name) && !entry->name.starts_with('.');
    if (function && is_value(language(), *entry)) return function_named(entry->name);
    Value value = Value::of_type(type == kComputed ? kComputed : name);
    if (entry != nullptr) {
        if (entry->result == Result::source) {
            if (auto known = ask(*entry, span)) return *std::move(known);
            value = source(entry->origin, intern(std::string(type) + "." + std::string(name)), span);
            value.view = entry->makes.empty() ? name : entry->makes;
            if (entry->makes == kUploadName) value.flags |= flag::upload_name;
        } else if (!entry->makes.empty()) {
            value.view = entry->makes;
        }
        if (entry->result == Result::passes || entry->result == Result::decodes) taint(value, object);
        return value;
    }
    if (type == kRequestType && language() == Language::php) {  // any field, as a member
        value = source(Origin::request, intern("Request." + std::string(name)), span);
        value.origins |= kRelayed;
        return value;
    }
    taint(value, object);
    if (value.trail != nullptr && value.trail->source) value.view = name;
    value.flags |= object.flags & flag::name;
    return value;
}

void Machine::push_member(const Step& step, Slot object, std::string_view name) {
    auto& value = object.value;
    if (language() == Language::jscript && push_prototype(step, object, name)) return;
    if (value.kind == Kind::object) {
        auto to = path({PathNode::Kind::member, object.path, intern(name), value});
        return push(narrowed(read_member(value, intern(name), step.span), to), to);
    }
    if (value.kind == Kind::unknown && value.has(flag::name)) {
        auto type = resolve_type(value.view);
        for (int up = 0; up < 16; ++up) {
            auto found = types_.find(type);
            if (found == types_.end()) break;
            if (auto value_read = read_property(type, {}, name, step.span)) return push(*std::move(value_read));
            if (found->second.statics.contains(name)) break;
            type = found->second.parent;
        }
        if (auto* holder = find_static(resolve_type(value.view), name); holder != nullptr) {
            auto to = path({PathNode::Kind::type_member, -1, intern(name), Value::constant(holder->name)});
            auto member = holder->statics.find(name);
            return push(member == holder->statics.end() ? Value::undefined() : behind(member->second), to);
        }
    }
    auto read = read_member(value, name, step.span);
    // HttpContext.Current.Session is what pages call Session: what is kept there is found there.
    bool dotnet = language() == Language::csharp || language() == Language::vbnet;
    const auto* own = !dotnet || value.tainted() ? nullptr : look_variable(name);
    if (own != nullptr && own->result == Result::source && equals_folded(read.type(), name))
        return push_variable(step, name);
    // A control's name says what its text is: txtPassword.Text.
    bool named = object.path >= 0 && read.tainted() && !value.tainted() && language() != Language::php;
    if (named && names_login(paths_[static_cast<std::size_t>(object.path)].name)) read.flags |= flag::login;
    auto to = path({PathNode::Kind::member, object.path, intern(name), std::move(value)});
    push(std::move(read), to);
}

}  // namespace ascribe::shells

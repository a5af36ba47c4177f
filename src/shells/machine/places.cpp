// Reading and writing of variables, members and elements.
#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.hpp"
#include "shells/machine/call.hpp"
#include "shells/machine/machine.hpp"

namespace ascribe::shells {
namespace {

constexpr std::size_t kMostPaths = 1 << 16;
constexpr std::size_t kMostChain = 64;   // elements of elements of a variable
constexpr std::size_t kMostStored = 32;  // variables of one region

Value& behind(Value& value) { return value.kind == Kind::reference ? value.cell->value : value; }

/// Whether the name of a function of the library, where it is not called, is the function: f = eval, {"r": os.system}.
bool is_value(Language language, const Entry& entry) {
    if (language == Language::jscript) return entry.code != Language::none;
    if (language == Language::csharp) return entry.sink.has_value();
    bool computes = entry.evaluate != nullptr && entry.result != Result::source;
    bool does = entry.sink || entry.code != Language::none || computes;
    return does && language == Language::python;
}

/// The function of the library among what a list holds; null when there is none.
const Value* function_in(const List& list) {
    for (const auto& item : list.items)
        if (item.value.kind == Kind::closure && !item.value.closure->function.is()) return &item.value;
    return nullptr;
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
    if (auto* slot = variable(name)) return push(behind(*slot), to);
    if (!php) {
        if (frame().self.kind == Kind::object) {
            auto& members = frame().self.object->members;
            if (auto found = members.find(name); found != members.end())
                return push(behind(found->second), path({PathNode::Kind::member, -1, name, frame().self}));
        }
        if (auto found = globals_->variables.find(name); found != globals_->variables.end())
            return push(behind(found->second), path({PathNode::Kind::variable, -1, name, Value::of_number(1)}));
        if (auto read = read_property(frame().type, frame().self, name, step.span)) return push(*std::move(read));
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
                const auto* function = function_in(list);  // whichever it is, it may be this one
                return function != nullptr ? *function : summary(container);
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
    }
    bool global = language() == Language::jscript && container.value.type() == "this";
    if (global && key.value.kind == Kind::text && !key.value.tainted())  // this["eval"]
        return push_variable(step, intern(key.value.view));
    if (container.value.kind == Kind::closure) {  // VB's a(i) of a function
        return push(Value::unknown());
    }
    if (container.value.kind == Kind::object && language() == Language::php) {  // of ArrayAccess
        const auto& type = container.value.object->type;
        if (auto getter = find_method(type, "offsetget"); getter.is() && !is_asked(getter, container.value, {})) {
            std::vector<Slot> asked;
            asked.push_back(std::move(key));
            return enter(getter, std::move(asked), step, container.value, type, nullptr, After::push, {});
        }
    }
    auto value = read_element(container.value, key.value, step.span);
    auto to = container.path < 0 ? -1 : path({PathNode::Kind::element, container.path, {}, std::move(key.value)});
    push(std::move(value), to);
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
        auto getter = find_method(object.object->type, "__get");
        if (getter.is() && !is_asked(getter, object, name))
            return invoke(getter, object, {Value::constant(name)}, span);
        if (types_.contains(object.object->type)) {
            if (language() == Language::php) return Value::undefined();
        }
    }
    if (auto owner = object.kind == Kind::object ? object.object->type : object.type(); !owner.empty())
        if (auto read = read_property(owner, object, name, span)) return *std::move(read);
    if (language() != Language::php && (object.kind == Kind::text || object.kind == Kind::list)) {
        bool size = equals_folded(name, "length") || (object.kind == Kind::list && equals_folded(name, "count"));
        if (size && object.kind == Kind::text && !object.tainted())
            return Value::of_number(static_cast<double>(object.view.size()));
        if (size && object.kind == Kind::list) return Value::of_number(static_cast<double>(object.list().items.size()));
        if (object.kind == Kind::list)
            if (auto* item = object.list().find(Value::constant(name))) return behind(*item);
    }
    // A case of an enumeration stands for its value.
    if (language() == Language::php && object.kind == Kind::text && name == "value") return object;
    auto type = object.kind == Kind::object ? object.object->type : object.type();
    if (language() == Language::python && name == "__dict__") return object;
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
    taint(value, object);
    if (value.trail != nullptr && value.trail->source) value.view = name;
    value.flags |= object.flags & flag::name;
    return value;
}

void Machine::push_member(const Step& step, Slot object, std::string_view name) {
    auto& value = object.value;
    if (value.kind == Kind::object) {
        auto to = path({PathNode::Kind::member, object.path, intern(name), value});
        return push(read_member(value, intern(name), step.span), to);
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
    // A control's name says what its text is: txtPassword.Text.
    bool named = object.path >= 0 && read.tainted() && !value.tainted() && language() != Language::php;
    if (named && names_login(paths_[static_cast<std::size_t>(object.path)].name)) read.flags |= flag::login;
    auto to = path({PathNode::Kind::member, object.path, intern(name), std::move(value)});
    push(std::move(read), to);
}

// The storage of a place; made where it is missing, if asked for. Null when it lies in something that is not known.
Value* Machine::resolve(std::int32_t at, bool make) {
    std::array<std::int32_t, kMostChain> chain;
    std::size_t links = 0;
    for (auto i = at; i >= 0; i = paths_[static_cast<std::size_t>(i)].before) {
        if (links == kMostChain) return nullptr;
        chain[links++] = i;
        auto kind = paths_[static_cast<std::size_t>(i)].kind;
        if (kind == PathNode::Kind::member || kind == PathNode::Kind::type_member) break;
    }
    Value* slot = nullptr;
    while (links > 0) {
        const auto& node = paths_[static_cast<std::size_t>(chain[--links])];
        switch (node.kind) {
            case PathNode::Kind::variable: {
                bool global = node.key.kind == Kind::number || node.name.starts_with("#static");
                auto& scope = global ? *globals_ : *frames_.back().scope;
                if (node.name == "#any")
                    slot = &scope.rest;
                else if (make) {
                    auto [found, fresh] = scope.variables.try_emplace(node.name);
                    if (fresh) {
                        charge_bytes(sizeof(Value) + 64);
                        if (links > 0) found->second = beside_visitors(node.name);
                    }
                    slot = &found->second;
                } else {
                    auto found = scope.variables.find(node.name);
                    slot = found == scope.variables.end() ? nullptr : &found->second;
                }
                break;
            }
            case PathNode::Kind::member: {
                if (node.key.kind != Kind::object) return nullptr;
                auto& members = node.key.object->members;
                if (make)
                    slot = &members[node.name];
                else {
                    auto found = members.find(node.name);
                    slot = found == members.end() ? nullptr : &found->second;
                }
                break;
            }
            case PathNode::Kind::type_member: {
                auto found = types_.find(node.key.view);
                if (found == types_.end()) return nullptr;
                slot = &found->second.statics[node.name];
                break;
            }
            case PathNode::Kind::element:
            case PathNode::Kind::append: {
                if (slot == nullptr) return nullptr;
                slot = &behind(*slot);
                if (slot->kind == Kind::object && node.kind == PathNode::Kind::element && node.key.kind == Kind::text) {
                    slot = &slot->object->members[intern(node.key.view)];
                    break;
                }
                bool empty = slot->kind == Kind::nothing || (slot->kind == Kind::text && slot->view.empty());
                if (empty && make) {
                    auto fresh = Value::of_list(std::make_shared<List>());
                    taint(fresh, *slot);
                    *slot = std::move(fresh);
                }
                if (slot->kind != Kind::list) return nullptr;
                if (slot->owner.use_count() > 1) {
                    charge(slot->list().items.size() / 4);
                    charge_bytes(slot->list().items.size() * sizeof(Item));
                    slot->owner = std::make_shared<List>(slot->list());
                }
                auto& list = slot->list();
                charge_bytes(sizeof(Item));
                if (node.kind == PathNode::Kind::append) {
                    list.append({});
                    slot = &list.items.back().value;
                } else if (node.key.kind == Kind::unknown || node.key.tainted()) {
                    slot = &list.rest;
                } else {
                    auto key = key_of(node.key);
                    if (key.kind == Kind::text && key.owner == nullptr) key = Value::constant(key.view);
                    bool fresh = make && list.rest.tainted() && list.find(key) == nullptr;
                    slot = make ? &list.at(key) : list.find(key);
                    if (fresh) *slot = list.rest;  // what it may have been until now
                }
                break;
            }
            case PathNode::Kind::cell: return nullptr;
        }
        if (slot == nullptr) return nullptr;
    }
    return slot;
}

void Machine::write(Value& to, Value value, bool uncertain, Ledger& ledger, bool within) {
    auto& slot = behind(to);
    value.flags &= static_cast<std::uint16_t>(~flag::undefined);
    if (uncertain && (slot.kind != Kind::nothing || slot.tainted())) {
        value = shells::join(slot, value);
        value.flags &= static_cast<std::uint16_t>(~flag::undefined);
    }
    ledger.replace(slot, value, within);
    slot = std::move(value);
}

/// Where a change of this place is written down: what goes when the function under way ends is told apart.
Ledger& Machine::ledger_of(std::int32_t at) {
    while (paths_[static_cast<std::size_t>(at)].before >= 0) at = paths_[static_cast<std::size_t>(at)].before;
    const auto& root = paths_[static_cast<std::size_t>(at)];
    if (root.kind != PathNode::Kind::variable) return ledger_;
    const auto* slot = variable(root.name);
    return slot != nullptr && slot->kind == Kind::reference ? ledger_ : frame().ledger;
}

/// Whether a store runs a function of the script: object.Name = value, or Name = value within the type.
bool Machine::run_setter(const PathNode& node, const Value& value) {
    bool member = node.kind == PathNode::Kind::member && node.key.kind == Kind::object;
    bool own = node.kind == PathNode::Kind::variable && node.before < 0 && variable(node.name) == nullptr;
    if (!member && !own) return false;
    bool result = own && frame().function.is() && frame().function.get().name == node.name;  // of a getter
    if (result) return false;
    auto type = member ? node.key.object->type : frame().type;
    auto name = std::string(node.name).append(kSetter);
    FunctionRef setter;
    if (!type.empty())
        setter = find_method(type, name);
    else if (auto found = functions_.find(name); found != functions_.end())
        setter = found->second;
    if (!setter.is() || setter.get().parameters.size() != 1) return false;
    auto self = member ? node.key : frame().self;
    invoke(setter, self, {value}, {});
    return true;
}

void Machine::assign(std::int32_t at, Value value, bool uncertain) {
    if (at < 0) return;
    if (stores_ && run_setter(PathNode(paths_[static_cast<std::size_t>(at)]), value)) return;
    {
        const auto& node = paths_[static_cast<std::size_t>(at)];
        // A place under an unknown key or name keeps what it had.
        bool weak = uncertain ||
                    (node.kind == PathNode::Kind::element && (node.key.kind == Kind::unknown || node.key.tainted())) ||
                    node.name == "#any";
        if (uncertain && node.kind == PathNode::Kind::variable && !frame().regions.empty()) {
            auto& stored = frame().regions.back().stored;
            if (stored.size() < kMostStored && std::ranges::find(stored, node.name) == stored.end())
                stored.push_back(node.name);
        }
        // What foreach walks over and writes to keeps its items; a name made at run time is told elsewhere.
        bool within = node.before >= 0;
        if (auto* slot = resolve(at, true)) return write(*slot, std::move(value), weak, ledger_of(at), within);
    }
    auto node = paths_[static_cast<std::size_t>(at)];  // a copy: paths may grow below
    if (node.kind == PathNode::Kind::element && node.before >= 0) {
        auto* container = resolve(node.before, false);
        if (container == nullptr) return;
        auto& text = behind(*container);
        if (text.kind == Kind::text && !text.tainted() && value.kind == Kind::text && !value.view.empty() &&
            node.key.kind == Kind::number && node.key.number >= 0 && node.key.number < 1 << 20) {
            auto index = static_cast<std::size_t>(node.key.number);
            std::string bytes(text.view);
            if (!charge(1 + bytes.size() / 16)) return;
            if (index >= bytes.size()) bytes.resize(index + 1, ' ');
            bytes[index] = value.view[0];
            auto made = Value::text(std::move(bytes));
            made.flags |= text.flags | flag::assembled;
            ledger_of(at).replace(text, made, true);
            text = std::move(made);
            return;
        }
        auto into = summary(value);
        if (text.kind == Kind::text || text.kind == Kind::number) {
            if (into.tainted()) {
                text = Value::unknown();
                taint(text, into);
            }
        } else {
            taint(text, into);
        }
        return;
    }
    if (node.kind == PathNode::Kind::member) {
        // A member of something of the library: x.FileName = value. It carries the data from now on.
        auto type = node.key.kind == Kind::object ? node.key.object->type : node.key.type();
        auto whole = summary(value);
        if (const auto* entry = look_member(type, node.name, "=")) {
            std::vector<Slot> arguments;
            arguments.push_back({value, -1, {}});
            Slot object{node.key, -1, {}};
            Span span = frames_.back().at > 0 ? module().program.steps[frames_.back().at - 1].span : Span{};
            if (!entry->signal.empty()) signal(entry->signal, span);
            if (entry->sink)
                sink(*entry, intern(std::string(type) + "." + std::string(node.name)), arguments, &object, span, false);
            if (entry->evaluate != nullptr && !over_) {  // for what it tells: a store gives nothing
                Call told{*this, *entry, node.name, {&value, 1}, {}, &node.key, span};
                entry->evaluate(told);
            }
        }
        if (node.before >= 0 && whole.tainted())
            if (auto* holder = resolve(node.before, false)) taint(behind(*holder), whole);
    }
}

void Machine::destructure(const Slot& target, const Value& value, std::size_t depth) {
    constexpr std::size_t kDeepest = 8;
    for (const auto& [key, at, parts] : *target.parts) {
        if (depth > kDeepest) return;
        auto part = read_element(value, key, {});
        if (parts)
            destructure({Value::unknown(), -1, parts}, part, depth + 1);
        else if (at >= 0)
            assign(at, std::move(part), uncertain());
    }
}

void Machine::assign_step(const Step& step) {
    auto value = pop();
    auto target = pop();
    auto what = static_cast<Operator>(step.detail);
    if (target.parts && what == Operator::none) {
        destructure(target, value.value, 0);
        return push(std::move(value.value));
    }
    if (what == Operator::concat && target.path >= 0 && target.value.kind == Kind::text &&
        value.value.kind == Kind::text && !value.value.tainted()) {
        // Text that grows is made longer where it is, or loops that decode would cost its square.
        if (auto* slot = resolve(target.path, false)) {
            auto& text = behind(*slot);
            target.value = {};
            if (auto* own = text.own_text(); own != nullptr && text.owner.use_count() == 1 && !text.tainted()) {
                if (charge(1 + value.value.view.size() / 16) && charge_bytes(value.value.view.size())) {
                    auto& ledger = ledger_of(target.path);
                    ledger.remove(text);
                    own->append(value.value.view);
                    text.view = *own;
                    ledger.add(text);
                    text.flags |= flag::assembled | (value.value.flags & flag::decoded);
                    if (text.trail == nullptr) text.trail = value.value.trail;
                }
                return push(text, target.path);
            }
            target.value = text;
        }
    }
    if (what == Operator::coalesce)
        value.value = shells::join(target.value, value.value);
    else if (what != Operator::none)
        value.value = operate(what, target.value, value.value, step.span);
    if (value.value.kind == Kind::reference) value.value = Value(value.value.cell->value);
    if (target.path >= 0) assign(target.path, value.value, uncertain());
    push(std::move(value.value), target.path);
}

Cell* Machine::cell(Value& slot) {
    if (slot.kind == Kind::reference) return slot.cell;
    charge_bytes(sizeof(Cell));
    auto& cell = cells_.emplace_back();
    cell.value = std::move(slot);
    slot = {};
    slot.kind = Kind::reference;
    slot.cell = &cell;
    return &cell;
}

void Machine::reference_step() {
    auto value = pop();
    auto target = pop();
    auto* from = value.path >= 0 ? resolve(value.path, true) : nullptr;
    if (from == nullptr) {
        if (target.path >= 0) assign(target.path, value.value, uncertain());
        return push(std::move(value.value), target.path);
    }
    if (from->kind == Kind::nothing && value.value.kind != Kind::nothing) *from = value.value;  // $a = &$_POST
    auto* shared = cell(*from);
    if (auto* to = target.path >= 0 ? resolve(target.path, true) : nullptr) {
        *to = {};
        to->kind = Kind::reference;
        to->cell = shared;
    }
    push(shared->value, target.path);
}

}  // namespace ascribe::shells

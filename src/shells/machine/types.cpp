// What names stand for: entries of the library, methods, types; and the objects that are made of types.
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "shells/machine/machine.hpp"

namespace ascribe::shells {
namespace {

constexpr std::size_t kMostObjects = 20000;

}  // namespace

const Entry* Machine::look(std::string_view name) { return find_entry(language(), name); }

const Entry* Machine::look_variable(std::string_view name) { return find_entry(language(), "$", name); }

const Entry* Machine::look_member(std::string_view type, std::string_view name, std::string_view end) {
    if (type.size() + name.size() > 256) return nullptr;
    char member[256 + 8] = ".";
    std::copy(name.begin(), name.end(), member + 1);
    std::copy(end.begin(), end.end(), member + 1 + name.size());
    std::string_view key(member, 1 + name.size() + end.size());
    if (!type.empty())
        if (const auto* entry = find_entry(language(), last_part(type), key)) return entry;
    if (const auto* entry = look(key)) return entry;
    // What a method of .NET's does at once, one of its name and "Async" does later.
    bool dotnet = language() == Language::csharp || language() == Language::vbnet;
    constexpr std::string_view kLater = "async";
    if (!dotnet || !end.empty() || name.size() <= kLater.size() || !ends_folded(name, kLater)) return nullptr;
    key.remove_suffix(kLater.size());
    const auto* entry = type.empty() ? nullptr : find_entry(language(), last_part(type), key);
    return entry != nullptr ? entry : look(key);
}

FunctionRef Machine::find_method(std::string_view type, std::string_view name) const {
    constexpr std::size_t kMostTypes = 32;  // that one may be made of
    std::array<std::string_view, kMostTypes> open;
    std::size_t known = 0;
    auto add = [&](std::string_view more) {
        if (known < open.size()) open[known++] = more;
        return known < open.size();
    };
    add(type);
    for (std::size_t i = 0; i < known; ++i) {
        auto found = types_.find(open[i]);
        if (found == types_.end()) continue;
        if (auto method = found->second.methods.find(name); method != found->second.methods.end())
            return method->second;
        for (const auto& alias : found->second.aliases) {
            if (alias.name != name) continue;
            for (auto other : found->second.others) {
                auto trait = types_.find(alias.type.empty() ? other : alias.type);
                if (trait == types_.end()) continue;
                auto method = trait->second.methods.find(alias.method);
                if (method != trait->second.methods.end()) return method->second;
            }
        }
        // A trait's method goes before an inherited one.
        for (auto other : found->second.others)
            if (!add(other)) break;
        if (!found->second.parent.empty()) add(found->second.parent);
    }
    return {};
}

TypeInfo* Machine::find_static(std::string_view type, std::string_view name) {
    constexpr std::size_t kMostTypes = 32;
    std::vector<std::string_view> open{type};
    TypeInfo* own = nullptr;
    for (std::size_t i = 0; i < open.size() && open.size() < kMostTypes; ++i) {
        auto found = types_.find(open[i]);
        if (found == types_.end()) continue;
        initialise_type(found->second);
        if (found->second.statics.contains(name)) return &found->second;
        if (own == nullptr) own = &found->second;
        auto few = std::min(found->second.others.size(), kMostTypes);
        open.insert(open.end(), found->second.others.begin(),  // interfaces have constants
                    found->second.others.begin() + static_cast<std::ptrdiff_t>(few));
        if (!found->second.parent.empty()) open.push_back(found->second.parent);
    }
    return own;
}

/// The constants of an enumeration, in the order in which they are declared.
std::vector<Value> Machine::constants_of(std::string_view type) {
    constexpr std::size_t kMostConstants = 64;
    std::vector<Value> constants;
    auto found = types_.find(type);
    if (found == types_.end() || language() != Language::java) return constants;
    initialise_type(found->second);
    for (const auto& [name, member] : found->second.statics) {
        const auto& value = behind(member);
        if (value.kind != Kind::object || constants.size() >= kMostConstants) continue;
        auto made = types_.find(value.object->type);
        if (value.object->type == type || (made != types_.end() && made->second.parent == type))
            constants.push_back(value);
    }
    return constants;
}

/// Op.valueOf(name), Op.values()
bool Machine::choose_constant(std::string_view type, std::string_view name, const std::vector<Slot>& arguments) {
    bool one = name == "valueOf" && !arguments.empty();
    if (!one && name != "values") return false;
    auto constants = constants_of(type);
    if (constants.empty()) return false;
    auto known = one ? text_of(arguments.back().value) : std::nullopt;
    if (known && !arguments.back().value.tainted()) {
        push(type_member(type, *known));
    } else if (one) {
        push(Value::of_type(type));
    } else {
        auto all = std::make_shared<List>();
        for (auto& constant : constants) all->append(std::move(constant));
        push(Value::of_list(std::move(all)));
    }
    return true;
}

std::string_view Machine::library_type(std::string_view type) const {
    constexpr int kMostParents = 16;
    for (int up = 0; up < kMostParents; ++up) {
        auto info = types_.find(type);
        if (info == types_.end() || info->second.parent.empty()) break;
        type = info->second.parent;
    }
    return type;
}

std::string_view Machine::resolve_type(std::string_view type) const {
    if (language() != Language::php) return type;
    if (type == "static" || type == "self") {
        const auto& frame = frames_.back();
        if (type == "static" && frame.self.kind == Kind::object) return frame.self.object->type;
        return type == "static" && !frame.called.empty() ? frame.called : frame.type;
    }
    if (type == "parent") {
        auto found = types_.find(frames_.back().type);
        return found == types_.end() ? type : found->second.parent;
    }
    if (!types_.contains(type) && types_.contains(last_part(type))) return last_part(type);
    return type;
}

void Machine::initialise_type(TypeInfo& type) {
    if (type.initialised) return;
    type.initialised = true;
    auto functions = type.initialise_type;  // a copy: code that runs may add to it
    auto self = Value::of_type(type.name);
    self.flags |= flag::name;
    for (auto function : functions) {
        auto depth = frames_.size();
        Step step{.span = function.get().span};
        enter(function, {}, step, self, type.name, nullptr, After::discard, {});
        run_to(depth);
    }
}

void Machine::initialise_object(Object& object) {
    std::vector<const TypeInfo*> chain;
    for (auto type = object.type; chain.size() < 16;) {
        auto found = types_.find(type);
        if (found == types_.end()) break;
        chain.push_back(&found->second);
        for (auto other : found->second.others) {
            if (chain.size() >= 16) break;
            charge(1);
            if (auto trait = types_.find(other); trait != types_.end()) chain.push_back(&trait->second);
        }
        type = found->second.parent;
    }
    Value self;
    self.kind = Kind::object;
    self.object = &object;
    for (auto info = chain.rbegin(); info != chain.rend(); ++info) {
        auto functions = (*info)->initialise;  // a copy: code that runs may add to it
        for (auto function : functions) {
            auto depth = frames_.size();
            Step step{.span = function.get().span};
            enter(function, {}, step, self, (*info)->name, nullptr, After::discard, {});
            run_to(depth);
        }
    }
}

Object* Machine::instance(std::string_view type, Span) {
    if (objects_.size() >= kMostObjects || !charge_bytes(sizeof(Object) + 64)) {
        limit("objects");
        return nullptr;
    }
    auto& object = objects_.emplace_back();
    object.type = intern(type);
    if (auto found = types_.find(type); found != types_.end()) {
        initialise_type(found->second);
        initialise_object(object);
        found->second.last = &object;
    }
    return &object;
}

Value Machine::create(std::string_view type, std::vector<Value> arguments, Span span) {
    if (frames_.size() >= budget_.frames || over_) return Value::unknown();
    std::vector<Slot> slots;
    for (auto& argument : arguments) slots.push_back({std::move(argument), -1, {}});
    auto depth = frames_.size();
    Step step{.span = span};
    create_step(type, std::move(slots), step, true);
    run_to(depth);
    return pop().value;
}

void Machine::yield(const Value& value, const Value& key) {
    constexpr std::size_t kMostYielded = 4096;
    auto& list = frames_.back().yielded;
    if (list == nullptr) list = std::make_shared<List>();
    bool fits = list->items.size() < kMostYielded && charge_bytes(sizeof(Item));
    if (fits && key.kind == Kind::nothing) return list->append(value);
    if (fits && key.is_scalar() && !key.tainted()) {
        list->at(key_of(key)) = value;
        return;
    }
    list->rest = shells::join(list->rest, value);
    taint(list->rest, key);
}

void Machine::yield_all(const Value& values) {
    auto& list = frames_.back().yielded;
    if (list == nullptr && values.kind == Kind::list) {
        charge(1 + values.list().items.size() / 4);
        charge_bytes(values.list().items.size() * sizeof(Item));
        list = std::make_shared<List>(values.list());
        return;
    }
    if (list == nullptr) list = std::make_shared<List>();
    list->rest = shells::join(list->rest, summary(values));
}

Value Machine::type_member(std::string_view type, std::string_view name) {
    auto* holder = find_static(type, name);
    if (holder == nullptr) return Value::unknown();
    auto member = holder->statics.find(name);
    if (member == holder->statics.end()) return Value::unknown();
    return member->second.kind == Kind::reference ? member->second.cell->value : member->second;
}

Value Machine::revive(std::string_view type, std::vector<std::pair<std::string_view, Value>> members, Span span) {
    auto found = types_.find(type);
    if (found == types_.end()) return Value::unknown();
    auto* object = instance(found->second.name, span);
    if (object == nullptr) return Value::unknown();
    for (auto& [name, value] : members) object->members[intern(name)] = std::move(value);
    Value made;
    made.kind = Kind::object;
    made.object = object;
    for (std::string_view name : {"__wakeup", "__unserialize"})
        if (auto wakes = find_method(found->second.name, name); wakes.is()) invoke(wakes, made, {}, span);
    return made;
}

// What they hold, he says. Other methods are called on objects that the script made.
void Machine::revive_any(const Value& data, Span span) {
    constexpr std::size_t kMostRevived = 16;
    if (strongest(data.origins) > Origin::upload || data.relayed() || data.has(flag::hashed | flag::checked)) return;
    std::vector<std::string_view> revived;
    for (const auto& [name, info] : types_) {
        charge(1);
        auto has = [&](std::string_view method) { return find_method(name, method).is(); };
        if (revived.size() < kMostRevived && (has("__destruct") || has("__wakeup") || has("__unserialize")))
            revived.push_back(name);
    }
    std::ranges::sort(revived);
    for (auto name : revived) {
        auto* last = types_[name].last;
        auto* object = instance(name, span);
        types_[name].last = last;
        if (object == nullptr) return;
        object->members = {};
        object->rest = data;
        Value made;
        made.kind = Kind::object;
        made.object = object;
        for (std::string_view method : {"__wakeup", "__unserialize"})
            if (auto wakes = find_method(name, method); wakes.is()) invoke(wakes, made, {data}, span);
    }
}

}  // namespace ascribe::shells

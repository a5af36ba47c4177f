// Names that are members of something which the script does not say at that place: `with` and prototypes of JScript,
// `using static`, `import static`; and methods as values.
#include <algorithm>
#include <string>

#include "shells/machine/machine.hpp"

namespace ascribe::shells {
namespace {

constexpr int kMostParents = 8;  // prototypes of prototypes
constexpr std::size_t kMostMembers = 256;

}  // namespace

/// A function of the script, as a method of `self` where that is an object.
Value Machine::as_value(FunctionRef function, const Value& self) {
    if (closures_.size() > kMostClosures) return Value::unknown();
    auto& closure = closures_.emplace_back();
    closure.function = function;
    closure.self = self;
    Value value;
    value.kind = Kind::closure;
    value.closure = &closure;
    return value;
}

/// object::method, not called.
Value Machine::method_of(const Value& object, std::string_view name, Span span) {
    auto type = object.kind == Kind::object ? object.object->type : object.type();
    auto own = find_method(type, name);
    if (own.is()) return as_value(own, object.kind == Kind::object ? object : frame().self);
    if (!type.empty() && look_member(type, name) != nullptr)
        return function_named(std::string(last_part(type)).append(".").append(name));
    return read_member(object, name, span);
}

/// Reads a name that is a member of what the script is within; false when it is none.
bool Machine::push_surrounding(const Step& step, std::string_view name) {
    for (auto around = within_.rbegin(); around != within_.rend(); ++around) {
        const auto& object = *around;
        bool has = false;
        if (object.kind == Kind::object)
            has = object.object->members.contains(name) || prototype_member(object.object->type, name) != nullptr;
        else if (object.kind == Kind::list)
            has = object.list().find(Value::constant(name)) != nullptr;
        else if (object.kind == Kind::unknown && !object.type().empty())
            has = find_entry(language(), last_part(object.type()), std::string(".").append(name)) != nullptr;
        if (has) {
            Slot slot{object, -1, {}};
            push_member(step, std::move(slot), name);
            return true;
        }
        // Whatever it is called, a visitor sent it.
        if (object.kind != Kind::unknown || !object.tainted() || look(name) != nullptr) continue;
        push(read_element(object, Value::constant(name), step.span));
        return true;
    }
    return false;
}

bool Machine::call_surrounding(std::string_view name, std::vector<Slot>& arguments, const Step& step) {
    for (auto around = within_.rbegin(); around != within_.rend(); ++around) {
        const auto& object = *around;
        bool has = false;
        if (object.kind == Kind::object)
            has = object.object->members.contains(name) || find_method(object.object->type, name).is() ||
                  prototype_member(object.object->type, name) != nullptr;
        else if (object.kind == Kind::list)
            has = object.list().find(Value::constant(name)) != nullptr;
        else if (object.kind == Kind::unknown && !object.type().empty())
            has = find_entry(language(), last_part(object.type()), std::string(".").append(name)) != nullptr;
        if (!has) continue;
        method({object, -1, {}}, name, std::move(arguments), step, false);
        return true;
    }
    return false;
}

// ---------------------------------------------------------------------------------------------- prototypes

/// F.prototype: the object that all that is made by F share.
bool Machine::push_prototype(const Step& step, const Slot& object, std::string_view name) {
    if (name != "prototype") return false;
    auto type = object.value.has(flag::name) ? object.value.type() : std::string_view{};
    if (object.value.kind == Kind::closure && object.path >= 0)
        type = paths_[static_cast<std::size_t>(object.path)].name;
    if (type.empty()) return false;
    auto [known, fresh] = prototypes_.try_emplace(intern(type));
    if (fresh) known->second = instance("#prototype", step.span);
    if (known->second == nullptr) return false;
    Value value;
    value.kind = Kind::object;
    value.object = known->second;
    push(std::move(value), path({PathNode::Kind::member, -1, "prototype", Value::constant(known->first)}));
    return true;
}

/// F.prototype = {...}, or = new G().
bool Machine::assign_prototype(const PathNode& node, const Value& value) {
    if (node.name != "prototype" || node.key.kind != Kind::text) return false;
    auto known = prototypes_.find(node.key.view);
    if (known == prototypes_.end() || known->second == nullptr) return false;
    if (value.kind == Kind::object) {
        known->second = value.object;
    } else if (value.kind == Kind::list) {
        std::size_t looked = 0;
        for (const auto& item : value.list().items) {
            if (++looked > kMostMembers) break;
            if (item.key.kind == Kind::text) known->second->members[intern(item.key.view)] = behind(item.value);
        }
    }
    return true;
}

const Value* Machine::prototype_member(std::string_view type, std::string_view name) const {
    for (int up = 0; up < kMostParents; ++up) {
        auto known = prototypes_.find(type);
        if (known == prototypes_.end() || known->second == nullptr) return nullptr;
        auto member = known->second->members.find(name);
        if (member != known->second->members.end()) return &behind(member->second);
        type = known->second->type;
    }
    return nullptr;
}

/// Calls a method that the prototype of `type` has, or of anything, where the type is not known.
bool Machine::call_prototype(std::string_view type, Slot& object, std::string_view name, std::vector<Slot>& arguments,
                             const Step& step) {
    if (prototypes_.size() == 0) return false;
    const auto* member = prototype_member(type, name);
    if (member == nullptr && object.value.kind == Kind::unknown && !object.value.has(flag::name))
        for (const auto& [of, prototype] : prototypes_) {
            charge(1);
            if (member == nullptr) member = prototype_member(of, name);
        }
    if (member == nullptr || member->kind != Kind::closure || !member->closure->function.is()) return false;
    auto* closure = member->closure;
    enter(closure->function, std::move(arguments), step, object.value, type, closure, After::push, {});
    return true;
}

}  // namespace ascribe::shells

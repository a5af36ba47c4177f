// Storing in variables, elements and members.
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "shells/machine/call.hpp"
#include "shells/machine/machine.hpp"

namespace ascribe::shells {
namespace {

constexpr std::size_t kMostChain = 64;   // elements of elements of a variable
constexpr std::size_t kMostStored = 32;  // variables of one region

}  // namespace

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

/// The same of PHP: object.name = value, object[name] = value.
/// https://www.php.net/manual/en/language.oop5.overloading.php, https://www.php.net/manual/en/class.arrayaccess.php
bool Machine::run_store(const PathNode& node, const Value& value) {
    bool member = node.kind == PathNode::Kind::member, element = node.kind == PathNode::Kind::element;
    if ((!member && !element) || language() != Language::php) return false;
    auto object = node.key;
    auto name = Value::constant(node.name);
    if (element) {
        auto* holder = node.before < 0 ? nullptr : resolve(node.before, false);
        if (holder == nullptr) return false;
        object = behind(*holder);
        name = node.key;
    }
    if (object.kind != Kind::object) return false;
    if (name.kind == Kind::text && object.object->members.contains(name.view)) return false;
    auto store = find_method(object.object->type, kStore);
    if (auto of_element = element ? find_method(object.object->type, kStoreElement) : FunctionRef{}; of_element.is())
        store = of_element;
    if (!store.is() || is_asked(store, object, name.view)) return false;
    invoke(store, object, {name, value}, {});
    return true;
}

void Machine::assign(std::int32_t at, Value value, bool uncertain) {
    if (at < 0) return;
    if (stores_ && run_store(PathNode(paths_[static_cast<std::size_t>(at)]), value)) return;
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
        bool php = language() == Language::php;
        if (php && (!frame().facts.empty() || uncertain) && store_instead(at, value)) weak = false;
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
    if (node.kind == PathNode::Kind::member && assign_prototype(node, value)) return;
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

/// found = true, where data was found in a list: who asks for it later asks whether that was checked.
void Machine::remember_check(Value& truth) const {
    for (const auto& region : frames_.back().regions) {
        if (!region.verifies) continue;
        truth.flags |= flag::verifies;
        truth.trail = region.verified;
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
    if (value.value.kind == Kind::truth && language() != Language::php) remember_check(value.value);
    if (language() == Language::php && value.value.tainted()) note_copy(target.path, value.path);
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

#include "shells/machine/machine.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "shells/languages/front_end.hpp"

namespace ascribe::shells {
namespace {

constexpr std::size_t kMostStack = 1 << 16;
constexpr std::size_t kMostDestroyed = 256;
constexpr std::size_t kMostHandlers = 8;

}  // namespace

const Function& FunctionRef::get() const { return module->program.functions[number]; }

// ---------------------------------------------------------------------------------------------- programs

Module& Machine::load(Program program, std::uint32_t layer) {
    modules_.push_back(std::make_unique<Module>());
    auto& module = *modules_.back();
    module.number = static_cast<std::uint32_t>(modules_.size() - 1);
    module.layer = layer;
    module.program = std::move(program);
    module.visited.resize(module.program.steps.size() + 1);
    if (module.program.cut) limit("steps");
    for (const auto& type : module.program.types) {
        auto [at, fresh] = types_.try_emplace(type.name);
        if (!fresh) continue;
        at->second.name = type.name;
        at->second.parent = type.parent;
        at->second.others = type.others;
    }
    for (std::uint32_t i = 0; i < module.program.functions.size(); ++i) {
        const auto& function = module.program.functions[i];
        FunctionRef ref{&module, i};
        stores_ = stores_ || function.name.ends_with(kSetter);
        if (function.type.empty()) {
            if (!function.name.empty()) functions_.try_emplace(function.name, ref);
            continue;
        }
        auto& type = types_[function.type];
        type.name = function.type;
        if (function.name == kInitialise)
            type.initialise.push_back(ref);
        else if (function.name == kInitialiseType)
            type.initialise_type.push_back(ref);
        else if (!function.name.empty() && type.methods.try_emplace(function.name, ref).second) {
            auto [only, first] = only_methods_.try_emplace(function.name, ref);
            if (!first) only->second = {};
        }
    }
    return module;
}

/// What nothing calls gets an eighth of the loops' half each: dozens of them are in a library, and none is to take it
/// all.
template <class Chosen>
void Machine::walk_unvisited(std::size_t first_module, Chosen chosen) {
    constexpr std::size_t kShare = 8;
    auto end = loops_end_;
    for (std::size_t m = first_module; m < modules_.size(); ++m) {
        auto& module = *modules_[m];
        for (std::uint32_t i = 0; i < module.program.functions.size() && !over_; ++i) {
            const auto& function = module.program.functions[i];
            if (function.begin >= function.end || module.visited[function.begin]) continue;
            if (function.name == kInitialise || function.name == kInitialiseType) continue;
            if (!chosen(function)) continue;
            loops_end_ = std::min(end, work_ + end / kShare);
            walk_function(module, i);
        }
    }
    loops_end_ = end;
}

/// With parameters of which nothing is known but their types.
void Machine::walk_function(Module& module, std::uint32_t number) {
    const auto& function = module.program.functions[number];
    std::vector<Slot> arguments;
    auto language = module.program.language;
    for (const auto& parameter : function.parameters) {
        auto type = type_as_declared(language, {}, parameter.type);
        // Python's interfaces go by the names of parameters: application(environ, start_response).
        const auto* known = language == Language::python ? find_entry(language, "$", parameter.name) : nullptr;
        arguments.push_back({Value::of_type(known != nullptr ? known->makes : type), -1, {}});
    }
    Value self;
    if (!function.type.empty()) {
        auto& type = types_[function.type];
        self.kind = Kind::object;
        self.object = type.last != nullptr ? type.last : instance(function.type, function.span);
        if (self.object == nullptr) self = Value::unknown();
        // PHP begins anew with each request; elsewhere others may have come between, and changed what the object keeps.
        if (self.kind == Kind::object && module.program.language != Language::php) {
            charge(self.object->members.size() / 4);  // or many methods of many members would cost their product
            for (auto& [name, member] : self.object->members)
                if (member.is_scalar()) member.flags |= flag::maybe;
        }
    }
    Step step{.span = function.span};
    auto known = closure_of_.find(&function);
    auto depth = frames_.size();
    enter({&module, number}, std::move(arguments), step, self, function.type,
          known == closure_of_.end() ? nullptr : known->second, After::discard, {});
    if (frames_.size() == depth) {
        module.visited[function.begin] = true;
        stack_.clear();
    }
    run_to(depth);
}

void Machine::run(Program program, std::uint32_t layer) {
    auto first = modules_.size();
    auto& module = load(std::move(program), layer);
    begin_frame(module, 0, static_cast<std::uint32_t>(module.program.steps.size()), globals_);
    run_to(0);
    stack_.clear();
    destroy_objects();
    walk_unvisited(first, [this](const Function& function) { return handed_.contains(&function); });
    // Elsewhere the server itself calls what a page declares.
    bool asked = module.program.language == Language::php || module.program.language == Language::vbscript;
    bool acts = deeds_ != 0 || !asked;
    // Constructors first: what they store is there when the other methods are walked.
    walk_unvisited(first, [](const Function& function) {
        return function.name == "__construct" || function.name == function.type;
    });
    walk_unvisited(first, [](const Function&) { return true; });
    if (!acts && deeds_ != 0) signal("idle", {});
}

void Machine::begin_frame(Module& module, std::uint32_t begin, std::uint32_t end, std::shared_ptr<Scope> scope) {
    auto layer_depth = frames_.empty() ? std::uint16_t{0} : frames_.back().layer_depth;
    auto& frame = frames_.emplace_back();
    frame.module = &module;
    frame.at = begin;
    frame.end = end;
    frame.scope = std::move(scope);
    frame.base = stack_.size();
    frame.paths = paths_.size();
    frame.layer_depth = layer_depth;
}

void Machine::run_to(std::size_t depth) {
    while (frames_.size() > depth) {
        auto& frame = frames_.back();
        if (!frame.regions.empty()) end_regions();
        if (frame.at >= frame.end || over_) {
            if (!over_ && resume_pending()) continue;
            end_frame();
            continue;
        }
        auto& module = *frame.module;
        module.visited[frame.at] = true;
        const auto& next = module.program.steps[frame.at++];
        charge(1);
        step(next);
        if (stack_.size() > kMostStack) {
            limit("stack");
            over_ = true;
        }
    }
}

void Machine::end_frame() {
    auto& frame = frames_.back();
    stack_.resize(std::min(stack_.size(), frame.base));
    paths_.resize(std::min(paths_.size(), frame.paths));
    if (frame.yielded) frame.result = Value::of_list(std::move(frame.yielded));
    if (frame.memo != 0) memos_[frame.memo].result = frame.result;
    if (frame.after == After::push)
        push(std::move(frame.result));
    else if (frame.after == After::object)
        push(std::move(frame.made));
    frames_.pop_back();
}

// A goto out of a region goes somewhere that may not have been walked.
bool Machine::resume_pending() {
    auto& frame = frames_.back();
    while (!frame.pending.empty()) {
        auto at = frame.pending.back();
        frame.pending.pop_back();
        if (at >= frame.end || frame.module->visited[at]) continue;
        stack_.resize(std::min(stack_.size(), frame.base));
        frame.regions.clear();
        frame.iterations.clear();
        frame.regions.push_back({.begin = at, .end = frame.end, .height = frame.base});
        frame.at = at;
        return true;
    }
    return false;
}

void Machine::destroy_objects() {
    for (std::size_t i = 0; i < objects_.size() && i < kMostDestroyed && !over_; ++i) {
        auto& object = objects_[i];
        if (object.destroyed) continue;
        object.destroyed = true;
        auto method = find_method(object.type, folded("__destruct"));
        if (!method.is()) continue;
        Value self;
        self.kind = Kind::object;
        self.object = &object;
        Step step{.span = method.get().span};
        auto depth = frames_.size();
        enter(method, {}, step, self, object.type, nullptr, After::discard, {});
        run_to(depth);
    }
}

// ---------------------------------------------------------------------------------------------- output

void Machine::buffer_output(Value handler) {
    if (output_handlers_.size() < kMostHandlers) output_handlers_.push_back(std::move(handler));
}

void Machine::keep_output() {
    if (outputs_.size() < kMostHandlers) outputs_.push_back(Value::constant(""));
}

Value Machine::kept_output(bool ends) {
    if (outputs_.empty()) return Value::unknown();
    auto output = outputs_.back();
    if (ends) outputs_.pop_back();
    return output;
}

// What is printed is lost, unless the script keeps it, or a function of its choice gets to see it first.
void Machine::echo(const Value& value, Span span) {
    constexpr std::size_t kMostKept = 64 << 10;
    if (!outputs_.empty()) {
        charge_items(value);
        auto& output = outputs_.back();
        bool long_text = output.kind == Kind::text && output.view.size() > kMostKept;
        output = operate(Operator::concat, long_text ? Value::unknown() : output, summary(value), span);
        if (uncertain()) output.flags |= flag::maybe;
        output.flags &= static_cast<std::uint16_t>(~flag::undefined);
    }
    if (output_handlers_.empty() || !value.tainted()) return;
    auto handlers = std::exchange(output_handlers_, {});  // once each, and what they print themselves passes
    for (const auto& handler : handlers) call_back(handler, {value}, span);
}

// ---------------------------------------------------------------------------------------------- steps

std::vector<Machine::Slot> Machine::pop_many(std::size_t count) {
    auto base = frames_.empty() ? 0 : frames_.back().base;
    count = std::min(count, stack_.size() - std::min(base, stack_.size()));
    auto begin = stack_.end() - static_cast<std::ptrdiff_t>(count);
    std::vector<Slot> slots(std::make_move_iterator(begin), std::make_move_iterator(stack_.end()));
    stack_.erase(begin, stack_.end());
    return slots;
}

void Machine::step(const Step& step) {
    switch (step.op) {
        case Op::text: {
            auto value = Value::constant(step.text);
            if (step.detail != 0) {
                value.flags |= flag::assembled | flag::decoded;
                signal("conceal.escapes", step.span);
            }
            return push(std::move(value));
        }
        case Op::number: return push(Value::of_number(step.number));
        case Op::truth: return push(Value::truth(step.number != 0));
        case Op::nothing: return push({});
        case Op::unknown: return push(Value::unknown());
        case Op::type: {
            auto value = Value::of_type(step.text);
            value.flags |= flag::name;
            return push(std::move(value));
        }
        case Op::variable: return push_variable(step, step.text);
        case Op::dynamic: {
            auto name = pop();
            auto text = name.value.kind == Kind::unknown ? std::nullopt : text_of(name.value);
            if (text) {
                if (name.value.has(flag::assembled | flag::decoded)) signal("conceal.variable_variable", step.span);
                return push_variable(step, intern(*text));
            }
            auto value = Value::unknown();
            taint(value, name.value);
            if (name.value.tainted()) signal("variable.named_by_visitor", step.span);
            return push(std::move(value), path({PathNode::Kind::variable, -1, "#any", {}}));
        }
        case Op::member: {
            auto object = pop();
            return push_member(step, std::move(object), step.text);
        }
        case Op::element: {
            auto key = pop();
            auto container = pop();
            return push_element(step, std::move(container), std::move(key));
        }
        case Op::append: {
            auto container = pop();
            auto to = container.path < 0 ? -1 : path({PathNode::Kind::append, container.path, {}, {}});
            return push(Value::undefined(), to);
        }
        case Op::list: {
            auto slots = pop_many(std::size_t{2} * step.count);
            auto list = std::make_shared<List>();
            list->items.reserve(slots.size() / 2);
            Slot made;
            bool places = step.count <= 64;
            charge_bytes(slots.size() / 2 * sizeof(Item));
            for (std::size_t i = 0; i + 1 < slots.size(); i += 2) {
                auto& key = slots[i].value;
                auto& value = slots[i + 1].value;
                if (places && (slots[i + 1].path >= 0 || slots[i + 1].parts)) {
                    auto name = key.kind == Kind::nothing ? Value::of_number(static_cast<double>(i / 2)) : key;
                    if (!made.parts) made.parts = std::make_shared<Parts>();
                    made.parts->push_back({std::move(name), slots[i + 1].path, std::move(slots[i + 1].parts)});
                }
                value.flags &= static_cast<std::uint16_t>(~flag::undefined);
                if (key.kind == Kind::nothing)
                    list->append(std::move(value));
                else if (key.kind == Kind::unknown || key.tainted())
                    list->rest = shells::join(list->rest, value);
                else
                    list->at(key_of(key)) = std::move(value);
            }
            made.value = Value::of_list(std::move(list));
            stack_.push_back(std::move(made));
            return;
        }
        case Op::closure: {
            if (closures_.size() > kMostClosures) return push(Value::unknown());
            auto& closure = closures_.emplace_back();
            closure.function = {frame().module, step.target};
            const auto& function = closure.function.get();
            charge(function.captured.size() / 4);
            charge_bytes(function.captured.size() * sizeof(closure.captured.front()));
            closure.self = frame().self;
            if (function.sees_outside) closure.outside = frame().scope;
            for (const auto& captured : function.captured) {
                auto* slot = variable(captured.name);
                if (captured.by_reference) {
                    auto& to = slot != nullptr ? *slot : set_variable(captured.name, {});
                    Value shared;
                    shared.kind = Kind::reference;
                    shared.cell = cell(to);
                    closure.captured.emplace_back(captured.name, shared);
                } else if (slot != nullptr) {
                    closure.captured.emplace_back(captured.name,
                                                  slot->kind == Kind::reference ? slot->cell->value : *slot);
                }
            }
            closure_of_[&function] = &closure;
            Value value;
            value.kind = Kind::closure;
            value.closure = &closure;
            return push(std::move(value));
        }
        case Op::join: {
            auto pieces = pop_many(step.count);
            Value all = Value::constant("");
            for (auto& piece : pieces)
                all = all.kind == Kind::text && all.view.empty() && !all.tainted() && piece.value.kind == Kind::text
                          ? std::move(piece.value)
                          : operate(Operator::concat, all, piece.value, step.span);
            return push(std::move(all));
        }
        case Op::unary: return unary_step(step);
        case Op::binary: {
            auto right = pop(), left = pop();
            auto what = static_cast<Operator>(step.detail);
            return push(operate(what, left.value, right.value, step.span));
        }
        case Op::cast: {
            auto value = pop();
            return push(cast(step.text, std::move(value.value), step.span));
        }
        case Op::defined: {
            auto value = pop().value;
            if (value.kind == Kind::nothing) {
                if (value.has(flag::undefined)) {
                    auto result = Value::unknown();
                    result.flags = static_cast<std::uint16_t>(value.flags & (flag::login | flag::authenticates));
                    return push(std::move(result));
                }
                return push(Value::truth(false));
            }
            if (value.is_known() && !value.tainted()) return push(Value::truth(true));
            auto result = Value::unknown();
            taint(result, value);
            result.flags &= static_cast<std::uint16_t>(~(flag::hashed | flag::part | flag::decoded));
            if ((value.origins & bit(Origin::session)) != 0) result.flags |= flag::authenticates;
            return push(std::move(result));
        }
        case Op::call: {
            auto arguments = pop_many(step.count);
            return call(step.text, std::move(arguments), step, false);
        }
        case Op::call_value: {
            auto arguments = pop_many(step.count);
            auto callee = pop();
            return call_value(std::move(callee), std::move(arguments), step);
        }
        case Op::method: {
            auto arguments = pop_many(step.count);
            auto object = pop();
            return method(std::move(object), step.text, std::move(arguments), step, false);
        }
        case Op::method_value: {
            auto arguments = pop_many(step.count);
            auto name = pop(), object = pop();
            if (name.value.kind == Kind::text && !name.value.tainted())
                return method(std::move(object), folded(name.value.view.substr(0, kLongestName)), std::move(arguments),
                              step, name.value.has(flag::assembled | flag::decoded));
            // One of the methods that an object has, called with nothing of the visitor's: how applications dispatch.
            bool given = std::ranges::any_of(arguments, [](const Slot& slot) { return summary(slot.value).tainted(); });
            if (!given) name.value.flags |= flag::checked;
            return call_value(std::move(name), std::move(arguments), step);
        }
        case Op::create: {
            auto arguments = pop_many(step.count);
            return create_step(step.text, std::move(arguments), step, false);
        }
        case Op::create_value: {
            auto arguments = pop_many(step.count);
            auto type = pop();
            if (type.value.kind == Kind::text && !type.value.tainted())
                return create_step(folded(type.value.view.substr(0, kLongestName)), std::move(arguments), step,
                                   type.value.has(flag::assembled | flag::decoded));
            if (type.value.kind == Kind::object)
                return create_step(type.value.object->type, std::move(arguments), step, false);
            if (type.value.tainted() && !type.value.has(flag::part | flag::checked))
                flow(Capability::code, type.value, "new", step.span);
            return pass_unknown("new", arguments, nullptr, step);
        }
        case Op::assign: return assign_step(step);
        case Op::reference: return reference_step();
        case Op::echo: return echo(pop().value, step.span);
        case Op::markup:
            if (!outputs_.empty()) echo(Value::constant(step.text), step.span);
            return;
        case Op::include: {
            auto what = pop();
            std::vector<Slot> arguments;
            arguments.push_back(std::move(what));
            return call("#include", std::move(arguments), step, false);
        }
        case Op::shell: {
            auto what = pop();
            std::vector<Slot> arguments;
            arguments.push_back(std::move(what));
            return call("#shell", std::move(arguments), step, false);
        }
        case Op::drop: {
            pop();
            auto& at = frame();
            if (stack_.size() == at.base && at.iterations.empty()) paths_.resize(std::min(paths_.size(), at.paths));
            return;
        }
        case Op::copy: {
            if (stack_.size() <= frame().base) return push(Value::unknown());
            return stack_.push_back(stack_.back());
        }
        case Op::swap: {
            auto b = pop(), a = pop();
            stack_.push_back(std::move(b));
            stack_.push_back(std::move(a));
            return;
        }
        case Op::jump: return jump_to(step.target);
        case Op::jump_unless: return conditional(step, false);
        case Op::jump_if: return conditional(step, true);
        case Op::each_begin:
        case Op::each_next: return each(step);
        case Op::each_end:
            if (!frame().iterations.empty()) frame().iterations.pop_back();
            return;
        case Op::leave: return leave(pop().value);
        case Op::raise: {  // what is behind it is walked all the same, but only who passed the check gets there
            pop();
            auto& at = frame();
            if (at.regions.empty()) return;
            at.guarded = at.guarded || at.regions.back().guards;
            if (at.regions.back().verifies) {
                at.verified = at.verifies ? nullptr : at.regions.back().verified;
                at.verifies = true;
            }
            return;
        }
    }
}

// ---------------------------------------------------------------------------------------------- limits, names

void Machine::limit(std::string_view name) {
    if (name == "work" || name == "memory") over_ = true;
    auto& limits = analysis_.limits;
    if (std::find(limits.begin(), limits.end(), name) == limits.end()) limits.emplace_back(name);
}

bool Machine::charge_bytes(std::size_t bytes) {
    bytes_ += bytes;
    if (bytes_ > budget_.bytes && !over_) limit("memory");
    return !over_;
}

std::string_view Machine::intern(std::string_view text) {
    charge(text.size() / kLookedAtOnce);
    if (auto found = interned_.find(text); found != interned_.end()) return found->second;
    charge_bytes(text.size() + 96);
    auto& kept = interned_store_.emplace_back(text);
    interned_.try_emplace(kept, kept);
    return kept;
}

bool Machine::folds() const {
    const auto* end = front_end(language());
    return end != nullptr && end->folds_names;
}

// Functions, methods and types in lower case where the language does not tell them apart. PHP folds these though not
// its variables.
std::string_view Machine::folded(std::string_view name) {
    if (language() != Language::php && !folds()) return name;
    for (char c : name)
        if (c != lower(c) || c == '\\') {
            auto text = lower(name);
            if (language() == Language::php) {
                std::replace(text.begin(), text.end(), '\\', '.');
                if (text.starts_with('.')) text.erase(0, 1);
            }
            return intern(text);
        }
    return name;
}

const Value* Machine::defined(std::string_view name) const {
    auto found = constants_.find(name);
    return found == constants_.end() ? nullptr : &found->second;
}

bool Machine::function_exists(std::string_view name) const { return functions_.contains(name); }

std::string_view Machine::own_text() const {
    return analysis_.layers.empty() ? std::string_view{} : analysis_.layers[0].text;
}

}  // namespace ascribe::shells

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
// What nothing calls gets a share of the loops' half each: dozens of them are in a library, and none is to take it all.
constexpr std::size_t kShare = 8;
// Hundreds of functions are in a library of PHP, which no server calls by itself: most of what they loop over is data.
constexpr std::size_t kSmallShare = 32;

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
    module.entered.resize(module.program.functions.size());
    if (module.program.cut) limit("steps");
    for (const auto& type : module.program.types) {
        auto [at, fresh] = types_.try_emplace(type.name);
        if (!fresh) continue;
        at->second.name = type.name;
        at->second.parent = type.parent;
        at->second.others = type.others;
        at->second.aliases = type.aliases;
    }
    for (std::uint32_t i = 0; i < module.program.functions.size(); ++i) {
        const auto& function = module.program.functions[i];
        FunctionRef ref{&module, i};
        stores_ =
            stores_ || function.name.ends_with(kSetter) || function.name == kStore || function.name == kStoreElement;
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

template <class Chosen>
void Machine::walk_unvisited(std::size_t first_module, std::size_t share, Chosen chosen) {
    auto end = loops_end_;
    for (std::size_t m = first_module; m < modules_.size(); ++m) {
        auto& module = *modules_[m];
        for (std::uint32_t i = 0; i < module.program.functions.size() && !over_; ++i) {
            const auto& function = module.program.functions[i];
            if (function.begin >= function.end || module.visited[function.begin]) continue;
            if (function.name == kInitialise || function.name == kInitialiseType) continue;
            if (!chosen(function)) continue;
            loops_end_ = std::min(end, work_ + end / share);
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
        // And so do those of PHP's middlewares.
        if (language == Language::php && type.empty() && parameter.name == "request") type = kRequestType;
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
    walk_unvisited(first, kShare, [this](const Function& function) { return handed_.contains(&function); });
    // Elsewhere the server itself calls what a page declares.
    bool asked = module.program.language == Language::php || module.program.language == Language::vbscript;
    bool acts = deeds_ != 0 || !asked;
    // Constructors first: what they store is there when the other methods are walked.
    walk_unvisited(first, kShare, [](const Function& function) {
        return function.name == "__construct" || function.name == function.type;
    });
    auto share = module.program.language == Language::php ? kSmallShare : kShare;
    walk_unvisited(first, share, [](const Function&) { return true; });
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
        push(std::move(frame.result), frame.place);
    else if (frame.after == After::object)
        push(std::move(frame.made));
    auto passed = std::move(frame.passed);
    if (frame.memo != 0) memos_[frame.memo].passed = {passed.guard, passed.ends};
    frames_.pop_back();
    come_back(passed);
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
        frame.facts.clear();
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
    bool fetched = value.has(flag::fetched) && strongest(value.origins) == Origin::network;
    if (fetched && outputs_.empty() && language() == Language::php) signal("network.shown", span);
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

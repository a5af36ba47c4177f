// What happens when a function of the script is called: it is entered, unless that tells nothing new.
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

/// f(name: value): arguments in the order of the parameters, where one is given by its name.
void Machine::order_by_parameter(const Function& function, std::vector<Slot>& arguments) {
    auto name_of = [](const Slot& slot) {
        bool named = slot.parts && slot.parts->size() == 1 && slot.parts->front().path == kNamed;
        return named ? slot.parts->front().key.view : std::string_view{};
    };
    auto first = std::ranges::find_if(arguments, [&](const Slot& slot) { return !name_of(slot).empty(); });
    if (first == arguments.end()) return;
    std::vector<Slot> ordered(std::make_move_iterator(arguments.begin()), std::make_move_iterator(first));
    for (; first != arguments.end(); ++first) {
        charge(1 + function.parameters.size() / kLookedAtOnce);
        auto parameter = std::ranges::find(function.parameters, name_of(*first), &Parameter::name);
        auto at = static_cast<std::size_t>(parameter - function.parameters.begin());
        if (parameter == function.parameters.end()) at = std::max(at, ordered.size());
        if (ordered.size() <= at) ordered.resize(at + 1);
        ordered[at] = std::move(*first);
    }
    arguments = std::move(ordered);
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
    order_by_parameter(function, arguments);
    bool concrete = true;
    for (const auto& argument : arguments)
        concrete = concrete && argument.value.kind != Kind::unknown && argument.value.kind != Kind::object &&
                   !argument.value.tainted();
    auto shape = shape_of(ref, arguments, self);
    auto& memo = memos_[shape];
    std::uint32_t most = concrete ? (arguments.empty() ? 64 : 20000) : 2;
    // Once the loops' share is spent: with the same arguments, and with any.
    constexpr std::uint32_t kLate = 4, kLateAtAll = 16;
    if (is_late()) most = std::min(most, kLate);
    auto& module = *modules_[ref.module->number];
    auto& entered = module.entered[ref.number];
    bool worn = is_late() && entered >= kLateAtAll;
    if (worn || memo.count >= most || recurs(ref, shape, concrete)) {
        come_back(memo.passed);
        auto result = memo.result;
        if (result.kind != Kind::text) taint(result, mixed());
        return instead(std::move(result));
    }
    ++memo.count;
    ++entered;

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
            // An array that was spread has names of its own.
            bool spread = language() == Language::php && arguments.size() == i + 1 && rest->items[0].value.tainted();
            if (spread && rest->items[0].value.kind == Kind::unknown) rest->rest = rest->items[0].value;
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
    begin_frame(module, function.begin, function.end, std::move(scope));
    auto& at = frame();
    at.function = ref;
    at.type = type.empty() ? function.type : (function.type.empty() ? type : function.type);
    at.called = type;
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

}  // namespace ascribe::shells

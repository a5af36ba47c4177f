// What each step does.
#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "shells/machine/machine.hpp"

namespace ascribe::shells {

std::vector<Slot> Machine::pop_many(std::size_t count) {
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
            if (step.detail != 0) return push(method_of(object.value, step.text, step.span));
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
            auto result = operate(what, left.value, right.value, step.span);
            if (language() == Language::php) compare_choice(result, what, left, right);
            return push(std::move(result));
        }
        case Op::cast: {
            auto value = pop();
            return push(cast(step.text, std::move(value.value), step.span));
        }
        case Op::defined: {
            auto slot = pop();
            auto& value = slot.value;
            if (auto told = ask_about(slot.path, "offsetexists", "__isset", step.span); told.tainted()) {
                told.origins = 0;
                return push(std::move(told));
            }
            if (auto listed = choice_of_key(slot.path); choice_of(listed) != nullptr || listed.has(flag::verifies))
                return push(std::move(listed));
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
            result.origins = 0;  // whether something was sent is nothing that was
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
            if (auto choices = choices_of(callee); !choices.empty()) {
                for (std::size_t i = 0; i + 1 < choices.size(); ++i) {
                    std::vector<Value> given;
                    for (const auto& argument : arguments) given.push_back(argument.value);
                    call_back(choices[i], std::move(given), step.span);
                }
                callee = {choices.back(), -1, {}};
            }
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
            if (const auto* options = options_of(name.value)) {
                auto known = std::static_pointer_cast<List>(name.value.owner);
                std::vector<Value> given;
                for (auto& argument : arguments) given.push_back(std::move(argument.value));
                auto result = Value::unknown();
                for (const auto& item : options->items) {
                    auto pair = std::make_shared<List>();
                    pair->append(object.value);
                    pair->append(behind(item.value));
                    result = shells::join(result, call_back(Value::of_list(std::move(pair)), given, step.span));
                }
                return push(std::move(result));
            }
            if (language() == Language::jscript) {  // a function that an array or object holds, or a field of a request
                push_element(step, std::move(object), std::move(name));
                return call_value(pop(), std::move(arguments), step);
            }
            if (language() == Language::php && call_any_method(object.value, name.value, arguments, step)) return;
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
            if (type.value.tainted() && !type.value.relayed() && !type.value.has(flag::part | flag::checked))
                flow(Capability::code, type.value, "new", step.span);
            return pass_unknown("new", arguments, nullptr, step);
        }
        case Op::within: {
            constexpr std::size_t kMostWithin = 16;
            auto object = pop();
            if (within_.size() < kMostWithin) within_.push_back(std::move(object.value));
            return;
        }
        case Op::without:
            if (!within_.empty()) within_.pop_back();
            return;
        case Op::named:
            if (stack_.size() > frame().base)
                stack_.back().parts = std::make_shared<Parts>(Parts{{Value::constant(step.text), kNamed, {}}});
            return;
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
        case Op::leave:
            if (step.count > 0) end_page();
            return leave(pop().value);
        case Op::raise: {  // what is behind it is walked all the same, but only who passed the check gets there
            auto thrown = pop().value;
            if (const auto* handler = defined(kExceptionHandler)) call_back(Value(*handler), {thrown}, step.span);
            if (auto* before = variable(kThrown)) thrown = shells::join(*before, thrown);
            if (thrown.is_scalar()) thrown.flags |= flag::maybe;
            set_variable(kThrown, std::move(thrown));
            return turn_away();
        }
    }
}

}  // namespace ascribe::shells

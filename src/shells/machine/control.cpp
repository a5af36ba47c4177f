#include <algorithm>
#include <utility>

#include "shells/machine/machine.hpp"

// Which step comes next: branches whose condition is not known are walked as regions, loops for as long as rounds
// differ.

namespace ascribe::shells {
namespace {

constexpr std::uint32_t kMostRounds = 1 << 17;  // of one loop over constants in one call
constexpr std::uint32_t kMostQuiet = 1024;      // in a row that added to no text: they only count
constexpr std::uint32_t kMostOpen = 8;          // that an unknown condition may have ended
constexpr std::size_t kMostPending = 4096;
constexpr std::size_t kMostVerified = 64;  // of more, the later ones clear nothing

/// That a way may not be taken at all, as at the top of a page, is no condition of the script's.
Region* innermost_condition(Frame& frame) {
    auto found = std::ranges::find_if_not(frame.regions.rbegin(), frame.regions.rend(), &Region::assumed);
    return found == frame.regions.rend() ? nullptr : &*found;
}

}  // namespace

void Machine::end_regions() {
    auto& frame = frames_.back();
    while (!frame.regions.empty()) {
        auto& region = frame.regions.back();
        if (frame.at >= region.begin && frame.at < region.end) return;
        if (frame.at == region.end && region.kept) {
            if (stack_.size() > region.height) {
                auto& top = stack_.back();
                // A truth that only one of two ways gives is none: `isset($a) && $b == 1`.
                bool truth = top.value.kind == Kind::truth && !top.value.tainted();
                bool same = region.keep.kind == Kind::truth && region.keep.number == top.value.number;
                auto both = join(region.keep, top.value);
                bool verifies = top.value.has(flag::verifies);  // the one that checks says what it checks
                if (verifies != region.keep.has(flag::verifies))
                    both.trail = (verifies ? top.value : region.keep).trail;
                if (choice_of(region.keep) != nullptr || choice_of(top.value) != nullptr)
                    combine_choices(both, region.keep, top.value, !region.if_true);
                top.value = std::move(both);
                if (truth && !same) top.value.kind = Kind::unknown;
            } else {
                push(std::move(region.keep));
            }
        }
        close_region();
    }
}

// What was stored within may be there or not from here on.
void Machine::close_region() {
    auto stored = std::move(frame().regions.back().stored);
    auto both = fact_of_both();
    frame().regions.pop_back();
    close_facts();
    if (both) frame().facts.push_back(*std::move(both));
    for (auto name : stored)
        if (auto* slot = variable(name)) {
            auto& value = slot->kind == Kind::reference ? slot->cell->value : *slot;
            if (value.is_scalar()) value.flags |= flag::maybe;
        }
}

void Machine::conditional(const Step& step, bool if_true) {
    auto& frame = frames_.back();
    auto condition = pop();
    bool open = condition.value.tainted() || condition.value.has(flag::maybe);
    auto known = open ? std::nullopt : truth_of(condition.value);
    if (known) {
        auto before = frame.at >= 2 ? frame.module->program.steps[frame.at - 2].op : Op::nothing;
        if (before != Op::truth && before != Op::number) ++decided_;
        if (*known == if_true) jump_to(step.target);
        return;
    }
    if (step.target <= frame.at) return;  // backwards: once was enough
    auto end = std::min(step.target, frame.end);
    if (!frame.regions.empty() && end > frame.regions.back().end) {
        if (frame.pending.size() < kMostPending) frame.pending.push_back(end);
        end = frame.regions.back().end;
    }
    Region region;
    region.begin = frame.at;
    region.end = end;
    region.guards = condition.value.has(flag::authenticates);
    region.verifies = condition.value.has(flag::verifies);
    region.verified = condition.value.trail;
    region.assumed = frame.at >= 2 && frame.module->program.steps[frame.at - 2].op == Op::unknown;
    region.height = stack_.size();
    // a && b, a ?: b, a ?? b: the left side stays on the stack when the right one is jumped over.
    if (frame.at < frame.end && frame.module->program.steps[frame.at].op == Op::drop && stack_.size() > frame.base) {
        region.kept = true;
        region.keep = stack_.back().value;
        if (region.height > frame.base) --region.height;
    }
    region.if_true = if_true;
    frame.regions.push_back(std::move(region));
    open_choice(condition.value, !if_true);
}

/// Whether one more round of a loop would do what the last one did: nothing that is known was decided, or nothing that
/// is known changed. Nor is it known how often a loop runs that an unknown condition may leave: a few rounds show what
/// it does. A loop that only counts, for long, is left too, and said.
bool Machine::is_idle(Rounds& rounds) {
    auto now = ledger_ + frames_.back().ledger;
    bool late = is_late() && rounds.count > 0;
    bool same = rounds.count > 1 && (rounds.decided == decided_ || rounds.ledger.values == now.values);
    bool grown = rounds.count == 0 || now.bytes > rounds.ledger.bytes;
    rounds.quiet = grown ? 0 : rounds.quiet + 1;
    bool much = ++rounds.count > kMostRounds || rounds.quiet > kMostQuiet;
    if (late || much) limit("rounds");
    rounds.decided = decided_;
    rounds.ledger = {.values = now.values, .bytes = std::max(now.bytes, rounds.ledger.bytes)};
    return late || same || much || rounds.open > kMostOpen;
}

/// Notes that an unknown condition may have gone from here to `target`, for the loops around that this leaves. Loops
/// over lists have an end of their own.
void Machine::note_exit(std::uint32_t target) {
    auto& frame = frames_.back();
    for (auto at = frame.rounds.lower_bound(frame.at); at != frame.rounds.end() && at->first < target; ++at) {
        charge(1);
        auto& rounds = at->second;
        bool over_list = frame.module->program.steps[rounds.head].op == Op::each_next;
        if (rounds.head <= frame.at && !over_list) ++rounds.open;
    }
}

void Machine::jump_to(std::uint32_t target) {
    auto& frame = frames_.back();
    auto self = frame.at - 1;
    bool backwards = target <= self;
    bool leaves = !frame.regions.empty() && (target < frame.regions.back().begin || target > frame.regions.back().end);
    if (backwards && !leaves) forget_facts(target, self);
    bool next = backwards && leaves;                                                 // "continue"
    if (next && language() == Language::php) pass_choice(frame.regions.size() - 1);  // there any test is a check
    if (next && language() != Language::php) pass_check();
    if (backwards) {
        auto& rounds = frame.rounds[self];
        rounds.head = target;
        if (is_idle(rounds)) return;
    }
    if (frame.regions.empty()) {
        frame.at = target;
        return;
    }
    auto& region = frame.regions.back();
    if (!leaves) {
        frame.at = target;
        return;
    }
    if (frame.pending.size() < kMostPending) frame.pending.push_back(target);
    note_exit(target);
    // The end of "then", or of a case with a jump behind it: "else" may be walked too.
    bool ends =
        frame.at == region.end || (frame.at + 1 == region.end && frame.module->program.steps[frame.at].op == Op::jump);
    if (!backwards && ends) {
        auto outer = frame.regions.size() > 1 ? frame.regions[frame.regions.size() - 2].end : frame.end;
        region.begin = region.end;
        frame.at = region.begin;
        region.end = std::min(target, outer);
        turn_choice();
        if (stack_.size() > region.height) {
            region.keep = region.kept ? join(region.keep, stack_.back().value) : stack_.back().value;
            region.kept = true;
        }
    } else {
        frame.at = region.end;
    }
    if (stack_.size() > region.height) stack_.resize(region.height);
}

/// From here on only who passed the check of the innermost condition goes on.
void Machine::pass_check() {
    auto& frame = frames_.back();
    auto* region = innermost_condition(frame);
    if (region == nullptr) return;
    pass_choice(static_cast<std::size_t>(region - frame.regions.data()));
    frame.guarded = frame.guarded || region->guards;
    if (region->verifies && frame.verified.size() < kMostVerified) frame.verified.push_back(region->verified);
}

void Machine::end_page() {
    auto& frame = frames_.back();
    bool for_all = innermost_condition(frame) == nullptr && !frame.returned;
    frame.passed.ends = frame.passed.ends || for_all;
    turn_away();
}

/// Whom the innermost condition does not let pass does not come back from this function either.
void Machine::turn_away() {
    auto& frame = frames_.back();
    if (const auto* region = innermost_condition(frame)) {
        frame.passed.guard = frame.passed.guard || region->guards;
        if (region->verifies && frame.passed.checks.size() < kMostVerified)
            frame.passed.checks.push_back(region->verified);
    }
    pass_check();
}

/// Behind a call of a function that ends the page for others.
void Machine::come_back(const Passed& passed) {
    if (frames_.empty()) return;  // the analyser called it
    auto& frame = frames_.back();
    auto* region = innermost_condition(frame);
    bool everywhere = region == nullptr;  // else to the end of what the condition holds for
    if (passed.guard) {
        (everywhere ? frame.guarded : region->guards) = true;
        frame.passed.guard = frame.passed.guard || everywhere;
    }
    for (const auto* check : passed.checks) {
        if (frame.verified.size() >= kMostVerified) break;
        frame.verified.push_back(check);
        if (everywhere) frame.passed.checks.push_back(check);
    }
    if (passed.ends) end_page();
}

void Machine::leave(Value value) {
    auto& frame = frames_.back();
    frame.result = frame.returned ? join(frame.result, value) : std::move(value);
    frame.returned = true;
    if (frame.regions.empty()) {
        frame.at = frame.end;
        return;
    }
    note_exit(frame.end);
    pass_check();
    auto& region = frame.regions.back();
    frame.at = region.end;
    if (region.kept) region.height += 1;
    region.kept = false;
    if (stack_.size() > region.height) stack_.resize(region.height);
}

void Machine::each(const Step& step) {
    if (step.op == Op::each_begin) {
        auto container = pop();
        if (container.value.kind == Kind::object)  // of PHP's IteratorAggregate
            if (auto getter = find_method(container.value.object->type, "getiterator"); getter.is())
                container = {invoke(getter, container.value, {}, step.span), -1, {}};
        auto& frame = frames_.back();
        if (frame.iterations.size() >= kMostNesting) frame.iterations.clear();
        frame.iterations.push_back({frame.at, std::move(container.value), 0, false, container.path});
        return;
    }
    auto& frame = frames_.back();
    auto self = frame.at - 1;
    while (!frame.iterations.empty() && frame.iterations.back().begin != self) frame.iterations.pop_back();
    if (frame.iterations.empty()) return jump_to(step.target);
    auto& iteration = frame.iterations.back();
    if (iteration.container.kind == Kind::list) {
        auto& list = iteration.container.list();
        bool late = is_late() && iteration.at > 0;
        if (late && iteration.at < list.items.size()) limit("rounds");
        if (iteration.at < list.items.size() && !late) {
            ++decided_;
            auto item = list.items[iteration.at++];
            if (item.value.kind == Kind::reference) item.value = Value(item.value.cell->value);
            auto to = iteration.path < 0 ? -1 : path({PathNode::Kind::element, iteration.path, {}, item.key});
            push(std::move(item.key));
            push(std::move(item.value), to);
            return;
        }
        if (list.rest.kind == Kind::nothing) return jump_to(step.target);
    }
    if (iteration.abstract || iteration.container.kind == Kind::nothing) {
        if (!iteration.container.has(flag::undefined) || iteration.abstract) return jump_to(step.target);
    }
    iteration.abstract = true;
    auto key = Value::unknown();
    auto value = read_element(iteration.container, key, step.span);
    taint(key, iteration.container);
    if (iteration.container.kind == Kind::list) taint(key, iteration.container.list().rest);
    auto to = iteration.path < 0 ? -1 : path({PathNode::Kind::element, iteration.path, {}, key});
    push(std::move(key));
    push(std::move(value), to);
    auto end = std::min(step.target, frame.end);
    if (!frame.regions.empty()) end = std::min(end, frame.regions.back().end);
    if (end > frame.at) frame.regions.push_back({.begin = frame.at, .end = end, .height = stack_.size() - 2});
}

}  // namespace ascribe::shells

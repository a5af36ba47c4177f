#include "shells/languages/assembler.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace ascribe::shells {
namespace {

constexpr std::uint32_t kUnplaced = UINT32_MAX;

bool is_jump(Op op) { return op == Op::jump || op == Op::jump_if || op == Op::jump_unless || op == Op::each_next; }

}  // namespace

std::uint32_t Assembler::step(Op op, Span span, std::string_view text, std::uint32_t count) {
    auto& steps = program_.steps;
    if (steps.size() >= kMostSteps) {
        program_.cut = true;
        return static_cast<std::uint32_t>(steps.size() - 1);
    }
    steps.push_back({op, 0, count, 0, span, text, 0});
    return static_cast<std::uint32_t>(steps.size() - 1);
}

void Assembler::number(Span span, double value) {
    auto at = step(Op::number, span);
    if (program_.steps[at].op == Op::number) program_.steps[at].number = value;
}

void Assembler::truth(Span span, bool value) {
    auto at = step(Op::truth, span);
    if (program_.steps[at].op == Op::truth) program_.steps[at].number = value ? 1 : 0;
}

void Assembler::unary(Operator what, Span span, bool old_value) {
    auto at = step(Op::unary, span, {}, old_value ? 1 : 0);
    program_.steps[at].detail = static_cast<std::uint8_t>(what);
}

void Assembler::binary(Operator what, Span span) {
    auto at = step(Op::binary, span);
    program_.steps[at].detail = static_cast<std::uint8_t>(what);
}

void Assembler::assign(Span span, Operator what) {
    auto at = step(Op::assign, span);
    program_.steps[at].detail = static_cast<std::uint8_t>(what);
}

void Assembler::closure(std::uint32_t function, Span span) {
    auto at = step(Op::closure, span);
    program_.steps[at].target = function;
}

void Assembler::store(std::string_view name, Span span) {
    step(Op::variable, span, name);
    step(Op::swap, span);
    assign(span);
    step(Op::drop, span);
}

Assembler::Label Assembler::label() {
    labels_.push_back(kUnplaced);
    return {static_cast<std::uint32_t>(labels_.size() - 1)};
}

void Assembler::place(Label label) { labels_[label.number] = next(); }

void Assembler::jump(Op op, Label label, Span span) {
    auto at = step(op, span);
    if (!is_jump(program_.steps[at].op)) return;  // cut
    program_.steps[at].target = label.number;     // a step in finish()
}

void Assembler::maybe(Label label, Span span) {
    step(Op::unknown, span);
    jump(Op::jump_unless, label, span);
}

void Assembler::open_loop(Label leave, Label next, std::string_view name) { loops_.push_back({leave, next, name}); }

void Assembler::close_loop() {
    std::size_t outside = open_.empty() ? 0 : open_.back().loops;
    if (loops_.size() > outside) loops_.pop_back();
}

bool Assembler::break_loop(std::size_t depth, Span span) {
    std::size_t outside = open_.empty() ? 0 : open_.back().loops;
    if (depth == 0 || depth > loops_.size() - outside) return false;
    jump(Op::jump, loops_[loops_.size() - depth].leave, span);
    return true;
}

bool Assembler::continue_loop(std::size_t depth, Span span) {
    std::size_t outside = open_.empty() ? 0 : open_.back().loops;
    if (depth == 0 || depth > loops_.size() - outside) return false;
    jump(Op::jump, loops_[loops_.size() - depth].next, span);
    return true;
}

bool Assembler::break_loop(std::string_view name, Span span) {
    std::size_t outside = open_.empty() ? 0 : open_.back().loops;
    for (std::size_t depth = 1; depth <= loops_.size() - outside; ++depth)
        if (loops_[loops_.size() - depth].name == name) return break_loop(depth, span);
    return false;
}

bool Assembler::continue_loop(std::string_view name, Span span) {
    std::size_t outside = open_.empty() ? 0 : open_.back().loops;
    for (std::size_t depth = 1; depth <= loops_.size() - outside; ++depth)
        if (loops_[loops_.size() - depth].name == name) return continue_loop(depth, span);
    return false;
}

// A script of nothing but labels must not cost the square of its length, so names are kept in order.
Assembler::Label Assembler::named(std::string_view name) {
    auto begin = named_.begin() + static_cast<std::ptrdiff_t>(open_.empty() ? 0 : open_.back().named);
    auto at = std::lower_bound(begin, named_.end(), name, [](const Named& a, auto b) { return a.name < b; });
    if (at == named_.end() || at->name != name) at = named_.insert(at, {name, label()});
    return at->label;
}

void Assembler::go(std::string_view name, Span span) { jump(Op::jump, named(name), span); }
void Assembler::named_label(std::string_view name) { place(named(name)); }

std::uint32_t Assembler::open_function(std::string_view name, std::string_view type, Span span) {
    auto after = label();
    jump(Op::jump, after, span);
    auto number = static_cast<std::uint32_t>(program_.functions.size());
    program_.functions.push_back({name, type, {}, next(), next(), span});
    open_.push_back({number, after, loops_.size(), named_.size()});
    return number;
}

void Assembler::close_function() {
    if (open_.empty()) return;
    auto open = open_.back();
    open_.pop_back();
    program_.functions[open.function].end = next();
    loops_.resize(std::min(loops_.size(), open.loops));
    named_.resize(std::min(named_.size(), open.named));
    place(open.after);
}

std::string_view Assembler::fresh() {
    std::string name = "#" + std::to_string(++fresh_);
    return keep(name);
}

std::string_view Assembler::keep_lower(std::string_view text) {
    for (char c : text)
        if (c != lower(c)) return keep(lower(text));
    return text;
}

Program Assembler::finish() {
    while (!open_.empty()) close_function();
    auto end = next();
    for (auto& each : program_.steps) {
        if (!is_jump(each.op)) continue;
        // A label that was never placed is a goto into nothing: it falls through.
        auto at = labels_[each.target];
        auto self = static_cast<std::uint32_t>(&each - program_.steps.data());
        each.target = at == kUnplaced ? self + 1 : std::min(at, end);
    }
    return std::move(program_);
}

void Yard::push(Waiting waiting) { waiting_.push_back(waiting); }

void Yard::reduce(int binds, bool right) {
    while (waiting() && (waiting_.back().binds > binds || (waiting_.back().binds == binds && !right))) {
        auto done = waiting_.back();
        waiting_.pop_back();
        write(done);
    }
}

bool Yard::second_operand(std::string_view text, std::string_view instead) {
    auto behind = waiting_.begin() + static_cast<std::ptrdiff_t>(base_.back());
    auto step = std::find_if(behind, waiting_.end(), [&](const Waiting& waits) { return waits.text == text; });
    if (step == waiting_.end()) return false;
    reduce(step->binds, true);
    if (!waiting() || waiting_.back().text != text) return false;
    waiting_.back().text = instead;
    waiting_.back().count = 2;
    wants_operand_ = true;
    return true;
}

void Yard::write(const Waiting& waiting) {
    switch (waiting.kind) {
        case Waiting::Kind::unary: to_.unary(waiting.what, waiting.span); break;
        case Waiting::Kind::binary: to_.binary(waiting.what, waiting.span); break;
        case Waiting::Kind::assign: to_.assign(waiting.span, waiting.what); break;
        case Waiting::Kind::reference: to_.step(Op::reference, waiting.span); break;
        case Waiting::Kind::step: to_.step(waiting.op, waiting.span, waiting.text, waiting.count); break;
        case Waiting::Kind::circuit:
        case Waiting::Kind::colon: to_.place(waiting.label); break;
        case Waiting::Kind::question:  // its colon never came: the value is the second part, or nothing
            to_.place(waiting.label);
            break;
    }
}

void Yard::prefix(Operator what, int binds, Span span) {
    push({Waiting::Kind::unary, binds, what, {}, 0, {}, {}, span});
    wants_operand_ = true;
}

void Yard::prefix_step(Op op, int binds, Span span, std::string_view text, std::uint32_t count) {
    push({Waiting::Kind::step, binds, {}, op, count, {}, text, span});
    wants_operand_ = true;
}

void Yard::binary(Operator what, int binds, Span span, bool right) {
    reduce(binds, right);
    push({Waiting::Kind::binary, binds, what, {}, 0, {}, {}, span});
    wants_operand_ = true;
}

void Yard::binary_step(Op op, int binds, Span span, std::string_view text, std::uint32_t count) {
    reduce(binds, false);
    push({Waiting::Kind::step, binds, {}, op, count, {}, text, span});
    wants_operand_ = true;
}

// What stands left of an assignment is a place, however loosely the operator before it binds: !$a = f() is !($a = f()).
// So nothing is written before an assignment waits; what waits then closes after it.
void Yard::assign(Span span, Operator what) {
    reduce(binding::kPower + 1, true);
    push({Waiting::Kind::assign, binding::kAssign, what, {}, 0, {}, {}, span});
    wants_operand_ = true;
}

void Yard::reference(Span span) {
    push({Waiting::Kind::reference, binding::kAssign, {}, {}, 0, {}, {}, span});
    wants_operand_ = true;
}

void Yard::short_circuit(Operator what, int binds, Span span) {
    reduce(binds, what == Operator::coalesce);
    auto label = to_.label();
    to_.step(Op::copy, span);
    if (what == Operator::coalesce) to_.step(Op::defined, span);
    to_.jump(what == Operator::logical_and ? Op::jump_unless : Op::jump_if, label, span);
    to_.step(Op::drop, span);
    push({Waiting::Kind::circuit, binds, what, {}, 0, label, {}, span});
    wants_operand_ = true;
}

void Yard::question(Span span) {
    reduce(binding::kTernary, true);
    auto label = to_.label();
    to_.jump(Op::jump_unless, label, span);
    push({Waiting::Kind::question, binding::kTernary, {}, {}, 0, label, {}, span});
    wants_operand_ = true;
}

void Yard::elvis(Span span) {
    reduce(binding::kTernary, true);
    auto label = to_.label();
    to_.step(Op::copy, span);
    to_.jump(Op::jump_if, label, span);
    to_.step(Op::drop, span);
    push({Waiting::Kind::circuit, binding::kTernary, {}, {}, 0, label, {}, span});
    wants_operand_ = true;
}

bool Yard::colon(Span span) {
    // Everything above the question is complete now; a colon that is still waiting is an earlier, complete ternary.
    auto at = waiting_.size();
    while (at > base_.back() && waiting_[at - 1].kind != Waiting::Kind::question) --at;
    if (at == base_.back()) return false;
    while (waiting_.size() > at) {
        auto done = waiting_.back();
        waiting_.pop_back();
        write(done);
    }
    auto otherwise = waiting_.back().label;
    waiting_.pop_back();
    auto end = to_.label();
    to_.jump(Op::jump, end, span);
    to_.place(otherwise);
    push({Waiting::Kind::colon, binding::kTernary, {}, {}, 0, end, {}, span});
    wants_operand_ = true;
    return true;
}

bool Yard::open(int kind, Span span, std::string_view text) {
    if (brackets_.size() >= kMostNesting) {
        to_.cut();
        return false;
    }
    Bracket bracket;
    bracket.kind = kind;
    bracket.span = span;
    bracket.text = text;
    bracket.operand = wants_operand_;
    brackets_.push_back(bracket);
    base_.push_back(waiting_.size());
    wants_operand_ = true;
    return true;
}

void Yard::settle() { reduce(binding::kBracket, false); }

Yard::Bracket Yard::close() {
    settle();
    auto bracket = brackets_.back();
    brackets_.pop_back();
    base_.pop_back();
    return bracket;
}

namespace {

using Use = Symbol::Use;
// Longest first for each first character.
constexpr Symbol kSymbols[] = {
    {">>>=", Operator::shift_right, binding::kAssign, Use::assign},
    {"<<=", Operator::shift_left, binding::kAssign, Use::assign},
    {">>=", Operator::shift_right, binding::kAssign, Use::assign},
    {"**=", Operator::power, binding::kAssign, Use::assign},
    {"?\?=", Operator::coalesce, binding::kAssign, Use::assign},
    {"&&=", Operator::logical_and, binding::kAssign, Use::assign},
    {"||=", Operator::logical_or, binding::kAssign, Use::assign},
    {"===", Operator::equal, binding::kEqual, Use::binary},
    {"!==", Operator::not_equal, binding::kEqual, Use::binary},
    {">>>", Operator::shift_right, binding::kShift, Use::binary},
    {"+=", Operator::add, binding::kAssign, Use::assign},
    {"-=", Operator::subtract, binding::kAssign, Use::assign},
    {"*=", Operator::multiply, binding::kAssign, Use::assign},
    {"/=", Operator::divide, binding::kAssign, Use::assign},
    {"%=", Operator::remainder, binding::kAssign, Use::assign},
    {"&=", Operator::bit_and, binding::kAssign, Use::assign},
    {"|=", Operator::bit_or, binding::kAssign, Use::assign},
    {"^=", Operator::bit_xor, binding::kAssign, Use::assign},
    {"==", Operator::equal, binding::kEqual, Use::binary},
    {"!=", Operator::not_equal, binding::kEqual, Use::binary},
    {"<=", Operator::less_equal, binding::kLess, Use::binary},
    {">=", Operator::greater_equal, binding::kLess, Use::binary},
    {"&&", Operator::logical_and, binding::kAnd, Use::circuit},
    {"||", Operator::logical_or, binding::kOr, Use::circuit},
    {"??", Operator::coalesce, binding::kCoalesce, Use::circuit},
    {"<<", Operator::shift_left, binding::kShift, Use::binary},
    {">>", Operator::shift_right, binding::kShift, Use::binary},
    {"**", Operator::power, binding::kPower, Use::right},
    {"=", Operator::none, binding::kAssign, Use::assign},
    {"+", Operator::add, binding::kAdd, Use::binary},
    {"-", Operator::subtract, binding::kAdd, Use::binary},
    {"*", Operator::multiply, binding::kMultiply, Use::binary},
    {"/", Operator::divide, binding::kMultiply, Use::binary},
    {"%", Operator::remainder, binding::kMultiply, Use::binary},
    {"<", Operator::less, binding::kLess, Use::binary},
    {">", Operator::greater, binding::kLess, Use::binary},
    {"&", Operator::bit_and, binding::kBitAnd, Use::binary},
    {"|", Operator::bit_or, binding::kBitOr, Use::binary},
    {"^", Operator::bit_xor, binding::kBitXor, Use::binary},
};

}  // namespace

const Symbol* c_symbol(std::string_view text, std::size_t at) {
    text = text.substr(std::min(at, text.size()));
    if (text.empty()) return nullptr;
    for (const auto& symbol : kSymbols)
        if (symbol.text[0] == text[0] && text.starts_with(symbol.text)) return &symbol;
    return nullptr;
}

void take(Yard& yard, const Symbol& symbol, Span span) {
    switch (symbol.use) {
        case Use::binary: yard.binary(symbol.what, symbol.binds, span); break;
        case Use::right: yard.binary(symbol.what, symbol.binds, span, true); break;
        case Use::circuit: yard.short_circuit(symbol.what, symbol.binds, span); break;
        case Use::assign: yard.assign(span, symbol.what); break;
    }
}

}  // namespace ascribe::shells

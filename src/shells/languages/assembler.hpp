// What a front end writes steps with: names, labels, loops, functions, limits; and Yard, the stack on which expressions
// and statements of any language are put in order without recursion.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "shells/program.hpp"

namespace ascribe::shells {

class Assembler {
public:
    struct Label {
        std::uint32_t number = 0;
    };

    explicit Assembler(Language language) { program_.language = language; }

    /// One step; silently nothing beyond kMostSteps (then the program is `cut`). Returns the step's number.
    std::uint32_t step(Op op, Span span, std::string_view text = {}, std::uint32_t count = 0);
    void number(Span span, double value);
    void truth(Span span, bool value);
    void unary(Operator what, Span span, bool old_value = false);
    void binary(Operator what, Span span);
    void assign(Span span, Operator what = Operator::none);
    void closure(std::uint32_t function, Span span);
    /// Variable `name` = what is on the stack; nothing stays on the stack.
    void store(std::string_view name, Span span);

    Label label();
    /// The label stands for the next step.
    void place(Label label);
    /// Where another label is.
    void place_at(Label label, Label other) { labels_[label.number] = labels_[other.number]; }
    void jump(Op op, Label label, Span span);
    /// Both are walked: what follows, up to the label, and not.
    void maybe(Label label, Span span);

    /// The targets of break and continue; innermost last. `name`: Java's and JScript's labels.
    void open_loop(Label leave, Label next, std::string_view name = {});
    void close_loop();
    /// Jumps out of the `depth`-th loop (1: innermost); false when there is none.
    bool break_loop(std::size_t depth, Span span);
    bool continue_loop(std::size_t depth, Span span);
    bool break_loop(std::string_view name, Span span);
    bool continue_loop(std::string_view name, Span span);
    /// goto: a named label of the function at hand, placed before or after its use.
    void go(std::string_view name, Span span);
    void named_label(std::string_view name);

    /// Begins a function inside whatever is being written: its steps are jumped over. Returns its number in
    /// program().functions. Loops and named labels of the outside are out of sight until it ends.
    std::uint32_t open_function(std::string_view name, std::string_view type, Span span);
    void close_function();
    Function& function() { return program_.functions[open_.back().function]; }
    bool in_function() const { return !open_.empty(); }
    std::uint32_t function_number() const { return open_.back().function; }

    /// A name that no script has.
    std::string_view fresh();
    /// Text that lives as long as the program.
    std::string_view keep(std::string_view text) { return program_.arena.keep(text); }
    std::string_view keep_lower(std::string_view text);

    void unread() { ++program_.unread; }
    void cut() { program_.cut = true; }
    Program& program() { return program_; }
    std::uint32_t next() const { return static_cast<std::uint32_t>(program_.steps.size()); }
    Program finish();

private:
    struct Loop {
        Label leave, next;
        std::string_view name;
    };
    struct Named {
        std::string_view name;
        Label label;
    };
    struct Open {
        std::uint32_t function = 0;
        Label after;
        std::size_t loops = 0, named = 0;  // of the outside
    };
    Label named(std::string_view name);

    Program program_;
    std::vector<std::uint32_t> labels_;  // step numbers; kUnplaced
    std::vector<Loop> loops_;
    std::vector<Named> named_;
    std::vector<Open> open_;
    std::uint32_t fresh_ = 0;
};

/// How an operator binds in C-like languages, higher is tighter. Gaps leave room for a language's own.
namespace binding {
inline constexpr int kBracket = 0, kWordOr = 2, kWordXor = 3, kWordAnd = 4, kAssign = 6, kTernary = 8, kCoalesce = 10,
                     kOr = 12, kAnd = 14, kBitOr = 16, kBitXor = 18, kBitAnd = 20, kEqual = 22, kLess = 24,
                     kConcat = 26, kShift = 28, kAdd = 30, kMultiply = 32, kNot = 34, kPrefix = 36, kPower = 38;
}

/// The stack of what has been opened and not yet closed: operators that wait for their right side, brackets, and, if
/// the front end likes, its statements (a closure's body stands within an expression, so one stack serves both). What
/// an entry does when it closes is written then; operands are written at once, by the front end, followed by operand().
class Yard {
public:
    struct Bracket {
        int kind = 0;                        // the front end's; > 0
        std::uint32_t commas = 0;            // seen within
        std::uint32_t count = 0, other = 0;  // the front end's
        Assembler::Label first{}, second{}, third{};
        std::string_view text;
        Span span;
        bool flag = false;
        bool operand = false;  // was one expected before the bracket's content: see empty()
    };

    explicit Yard(Assembler& to) : to_(to) {}

    /// True where an operand or prefix operator may stand; false behind a complete operand.
    bool wants_operand() const { return wants_operand_; }
    /// The front end has written a step that pushes a value.
    void operand() { wants_operand_ = false; }
    /// An expression starts afresh.
    void restart() { wants_operand_ = true; }

    void prefix(Operator what, int binds, Span span);
    /// A prefix that closes with a step of its own, e.g. a cast: Op::cast with `text`.
    void prefix_step(Op op, int binds, Span span, std::string_view text = {}, std::uint32_t count = 0);
    void binary(Operator what, int binds, Span span, bool right = false);
    /// A binary that closes with a step of its own, e.g. `instanceof`: Op::call with `text` and count 2.
    void binary_step(Op op, int binds, Span span, std::string_view text = {}, std::uint32_t count = 0);
    void assign(Span span, Operator what = Operator::none);
    void reference(Span span);
    /// && and ||, ?? : the right side is jumped over.
    void short_circuit(Operator what, int binds, Span span);
    void question(Span span);
    /// a ?: b
    void elvis(Span span);
    /// False when no question waits for it within the innermost bracket.
    bool colon(Span span);
    /// The operand is complete; ++ behind it.
    void postfix(Operator what, Span span) { to_.unary(what, span, true); }

    /// False when too deep (the program is then `cut`): the front end passes over what would be inside.
    bool open(int kind, Span span, std::string_view text = {});
    /// Writes the operators that wait, down to the innermost bracket.
    void settle();
    /// settle(), then the bracket is taken off. Only with depth() > 0.
    Bracket close();
    Bracket& top() { return brackets_.back(); }
    Bracket& at(std::size_t from_top) { return brackets_[brackets_.size() - 1 - from_top]; }
    std::size_t depth() const { return brackets_.size(); }
    bool is(int kind) const { return !brackets_.empty() && brackets_.back().kind == kind; }
    /// One more operand for the step `text` that waits for its only one: it becomes `instead`, with two. False where no
    /// such step waits.
    bool second_operand(std::string_view text, std::string_view instead);
    /// Whether an operator waits within the innermost bracket.
    bool waiting() const { return !waiting_.empty() && waiting_.size() > base_.back(); }

private:
    struct Waiting {
        enum class Kind : std::uint8_t { unary, binary, assign, reference, step, circuit, question, colon } kind{};
        int binds = 0;
        Operator what{};
        Op op{};
        std::uint32_t count = 0;
        Assembler::Label label{};
        std::string_view text;
        Span span;
    };
    void reduce(int binds, bool right);
    void push(Waiting waiting);
    void write(const Waiting& waiting);

    Assembler& to_;
    std::vector<Waiting> waiting_;
    std::vector<Bracket> brackets_;
    std::vector<std::size_t> base_{0};  // waiting_.size() when each bracket was opened
    bool wants_operand_ = true;
};

/// Symbols of operators that C-like languages share. Longest first match; size 0 when none stands at `at`.
struct Symbol {
    std::string_view text;
    Operator what{};
    int binds = 0;
    enum class Use : std::uint8_t { binary, right, circuit, assign } use{};
};
const Symbol* c_symbol(std::string_view text, std::size_t at);
/// Writes the symbol to the yard as what it is.
void take(Yard& yard, const Symbol& symbol, Span span);

}  // namespace ascribe::shells
